//! The arithmetic of the audit log: keyed hashes of lines, keyed digests of
//! the personal text that a line may have, and which members are personal.

use crate::event::Line;
use crate::id::{self, hex};
use crate::key_store::KeyStore;
use hmac::{Hmac, KeyInit as _, Mac as _};
use serde_json::{Map, Value};
use sha2::{Digest as _, Sha256};

type HmacSha256 = Hmac<Sha256>;

/// Members of an event's body that say nothing about a person beyond ids:
/// states, numbers, names of things. Every other member is taken for personal
/// and kept apart, so that a new one cannot be forgotten.
pub const PLAIN: &[&str] = &[
    "achievement",
    "after_line",
    "award",
    "awarded",
    "backup_at",
    "bad",
    "copy_of",
    "digest",
    "found",
    "fragment",
    "good",
    "heads",
    "key",
    "last_at",
    "lines",
    "number",
    "old_fault",
    "old_lines",
    "overridden",
    "passed",
    "percent",
    "public_key",
    "requirement",
    "restored_at",
    "revision",
    "role",
    "skipped",
    "slug",
    "total",
    "verdict",
    "version",
];

/// The key under which lines are hashed. Who can write into the database but
/// does not have the master key cannot write a line that holds.
pub struct ChainKey(HmacSha256);

impl ChainKey {
    /// Derived from the master key.
    pub fn of(keys: &KeyStore) -> Self {
        Self(keyed(&keys.derive("audit log")[..]))
    }

    /// The hash of a line of this chain.
    pub fn line(&self, chain: &str, line: &Line) -> String {
        let (seq, at) = (line.seq.to_string(), line.at.to_string());
        let mut mac = self.0.clone();
        add(&mut mac, &["line", chain, &seq, &at, &line.actor, &line.kind, &line.subject, &line.body]);
        add(&mut mac, &[&line.text_digest, &line.previous]);
        hex(&mac.finalize().into_bytes())
    }

    /// A digest over lines that were written before there was a key.
    pub fn before(&self, chain: &str) -> Before {
        let mut mac = self.0.clone();
        add(&mut mac, &["lines before the seal", chain]);
        Before(mac)
    }

    /// A name for the key, which does not give it away.
    pub fn name(&self) -> String {
        let mut mac = self.0.clone();
        add(&mut mac, &["name of the key"]);
        hex(&mac.finalize().into_bytes())[..16].to_owned()
    }
}

/// A digest in the making, line by line.
pub struct Before(HmacSha256);

impl Before {
    /// Adds the next line.
    pub fn add(&mut self, line: &Line) {
        let (seq, at) = (line.seq.to_string(), line.at.to_string());
        add(&mut self.0, &[&seq, &at, &line.actor, &line.kind, &line.subject, &line.body, &line.text_digest]);
    }

    /// Hexadecimal.
    pub fn finish(self) -> String {
        hex(&self.0.finalize().into_bytes())
    }
}

fn keyed(key: &[u8]) -> HmacSha256 {
    HmacSha256::new_from_slice(key).expect("HMAC takes keys of any length")
}

/// Each part with its length before it, so that no two lists have the same text.
fn add(mac: &mut HmacSha256, parts: &[&str]) {
    for part in parts {
        mac.update(&(part.len() as u64).to_be_bytes());
        mac.update(part.as_bytes());
    }
}

/// The hash of a line that was written before there was a key.
pub fn unkeyed(chain: &str, line: &Line) -> String {
    let mut hash = Sha256::new();
    let (seq, at) = (line.seq.to_string(), line.at.to_string());
    for part in [chain, &seq, &at, &line.actor, &line.kind, &line.subject, &line.body, &line.previous] {
        hash.update((part.len() as u64).to_be_bytes());
        hash.update(part.as_bytes());
    }
    hex(&hash.finalize())
}

/// A line's personal text with the key of its digest. With the key gone nobody
/// can try whether a guessed text was it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Text {
    /// 32 random bytes, hexadecimal.
    pub key: String,
    /// A JSON object.
    pub body: String,
}

impl Text {
    /// What the line's hash covers.
    pub fn digest(&self) -> String {
        let mut mac = keyed(self.key.as_bytes());
        add(&mut mac, &["text of a line", &self.body]);
        hex(&mac.finalize().into_bytes())
    }
}

/// Takes an event's body apart: what stays in the line, and what is kept apart.
pub fn split(body: Value) -> (String, Option<Text>) {
    let Value::Object(members) = body else { return (body.to_string(), None) };
    let is_plain = |name: &str, value: &Value| {
        PLAIN.contains(&name)
            || value.is_null()
            || value.is_boolean()
            || *value == Value::String(String::new())
    };
    let (plain, personal): (Map<_, _>, Map<_, _>) =
        members.into_iter().partition(|(name, value)| is_plain(name, value));
    let text = (!personal.is_empty())
        .then(|| Text { key: hex(&id::random::<32>()), body: Value::Object(personal).to_string() });
    (Value::Object(plain).to_string(), text)
}

/// The body as it was given: a line's members and those that are kept apart.
pub fn joined(body: &str, text: Option<&str>) -> String {
    let object = |text: &str| serde_json::from_str::<Map<String, Value>>(text).unwrap_or_default();
    let Some(text) = text else { return body.to_owned() };
    let mut members = object(body);
    members.extend(object(text));
    Value::Object(members).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn what_is_not_known_to_be_plain_is_kept_apart() {
        let (plain, text) = split(json!({ "version": "v", "reason": "Amy copied it", "unheard_of": "Amy" }));
        let text = text.unwrap();
        assert_eq!(plain, r#"{"version":"v"}"#);
        assert_eq!(text.body, r#"{"reason":"Amy copied it","unheard_of":"Amy"}"#);
        assert_eq!(
            joined(&plain, Some(&text.body)),
            r#"{"version":"v","reason":"Amy copied it","unheard_of":"Amy"}"#
        );
        assert_eq!(split(json!({ "role": "owner", "reason": "" })).1, None);
    }

    #[test]
    fn the_same_text_twice_has_two_digests() {
        let text = || split(json!({ "reason": "Amy copied it" })).1.unwrap().digest();
        assert_ne!(text(), text());
    }
}
