//! Reading JSON strictly: a member said twice is an error, because readers differ in which one counts.
//!
//! ```
//! use cairn_credential::document::parse;
//!
//! assert_eq!(parse(br#"{"id": "urn:x:1"}"#)?["id"], "urn:x:1");
//! assert!(parse(br#"{"id": "urn:x:1", "id": "urn:x:2"}"#).is_err());
//! # Ok::<(), cairn_credential::document::NotJson>(())
//! ```

use std::fmt;

use serde::Deserialize;
use serde::de::{DeserializeSeed, Deserializer, Error as _, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Number, Value};

/// The type of a credential that is secured as a whole, and stands in a presentation as a `data:` URL.
pub(crate) const ENVELOPED: &str = "EnvelopedVerifiableCredential";

/// Why a text is not acceptable JSON; the message says where.
#[derive(Debug, thiserror::Error)]
#[error("this is not the JSON it should be: {0}")]
pub struct NotJson(#[from] serde_json::Error);

/// Reads JSON, refusing members said twice and nesting deeper than 128 levels.
pub fn parse(bytes: &[u8]) -> Result<Value, NotJson> {
    Ok(serde_json::from_slice::<Strict>(bytes)?.0)
}

struct Strict(Value);

impl<'de> Deserialize<'de> for Strict {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Seed.deserialize(deserializer).map(Strict)
    }
}

struct Seed;

impl<'de> DeserializeSeed<'de> for Seed {
    type Value = Value;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Seed {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON")
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Value, E> {
        Ok(Value::Bool(value))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Value, E> {
        Ok(Value::Number(value.into()))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Value, E> {
        Ok(Value::Number(value.into()))
    }

    fn visit_f64<E: serde::de::Error>(self, value: f64) -> Result<Value, E> {
        Number::from_f64(value).map(Value::Number).ok_or_else(|| E::custom("a number is too large"))
    }

    fn visit_str<E>(self, value: &str) -> Result<Value, E> {
        Ok(Value::String(value.to_owned()))
    }

    fn visit_string<E>(self, value: String) -> Result<Value, E> {
        Ok(Value::String(value))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Value, A::Error> {
        let mut list = Vec::new();
        while let Some(item) = items.next_element_seed(Seed)? {
            list.push(item);
        }
        Ok(Value::Array(list))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Value, A::Error> {
        let mut map = Map::new();
        while let Some(name) = members.next_key::<String>()? {
            let value = members.next_value_seed(Seed)?;
            match map.entry(name) {
                serde_json::map::Entry::Vacant(vacant) => {
                    vacant.insert(value);
                }
                serde_json::map::Entry::Occupied(twice) => {
                    return Err(A::Error::custom(format!("the member \"{}\" is there twice", twice.key())));
                }
            }
        }
        Ok(Value::Object(map))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn members_said_twice_are_refused() {
        assert!(parse(br#"{"a":{"b":1,"c":[2.5,-3,null,true,"x"]}}"#).is_ok());
        assert!(parse(br#"{"a":1,"a":1}"#).unwrap_err().to_string().contains("\"a\" is there twice"));
        assert!(parse(br#"{"a":{"b":1,"\u0062":1}}"#).is_err());
        assert!(parse(&b"[".repeat(100_000)).is_err());
    }
}
