//! The proof values: CBOR in Multibase (VC-DI-ECDSA, 3.5.2 to 3.5.9). Whoever writes one may be hostile,
//! so nothing is believed before it is counted.

use std::collections::HashSet;
use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::de::{DeserializeOwned, Error as _, MapAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

const BASE: [u8; 3] = [0xd9, 0x5d, 0x00];
const DERIVED: [u8; 3] = [0xd9, 0x5d, 0x01];
/// What every base proof value begins with: `u`, and the base64url of its three bytes.
const BASE_TEXT: &str = "u2V0A";

/// Statements that are signed one by one: each takes a signature to make and to check.
pub(super) const MOST_SIGNATURES: usize = 4096;
/// Far more than that many signatures need.
const MOST_CHARACTERS: usize = 1 << 20;
/// An array of arrays is as deep as it gets.
const DEEPEST: usize = 4;

/// A byte string of one length.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct FixedBytes<const N: usize>(pub [u8; N]);

pub(super) type Signature = FixedBytes<64>;
/// The multicodec prefix and the compressed point of a P-256 key.
pub(super) type Multikey = FixedBytes<35>;

/// A base proof's value: for the holder.
#[derive(Clone, PartialEq, Eq)]
pub(super) struct Base {
    pub signature: Signature,
    /// The key made for this proof alone.
    pub public_key: Multikey,
    pub hmac_key: [u8; 32],
    /// One for each statement that is not mandatory, in the statements' order.
    pub signatures: Vec<Signature>,
    /// JSON Pointers.
    pub mandatory: Vec<String>,
}

/// A derived proof's value: for verifiers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct DerivedValue {
    pub signature: Signature,
    pub public_key: Multikey,
    pub signatures: Vec<Signature>,
    /// At n: what the blank node with the canonical label `c14n<n>` was called when it was signed. No two
    /// are the same: otherwise one node of the signed document could be shown as two.
    pub labels: Vec<FixedBytes<32>>,
    /// Places among the disclosed statements, each once.
    pub mandatory: Vec<usize>,
}

/// True for what looks like a base proof's value.
pub(super) fn is_base(text: &str) -> bool {
    text.starts_with(BASE_TEXT)
}

impl Base {
    /// `None` for whatever is not a base proof's value.
    pub(super) fn decode(text: &str) -> Option<Self> {
        let (signature, public_key, hmac_key, signatures, mandatory) =
            decode::<(Signature, Multikey, FixedBytes<32>, Vec<Signature>, Vec<String>)>(BASE, text)?;
        let base = Self { signature, public_key, hmac_key: hmac_key.0, signatures, mandatory };
        (base.signatures.len() <= MOST_SIGNATURES).then_some(base)
    }

    pub(super) fn encode(&self) -> String {
        let hmac_key = FixedBytes(self.hmac_key);
        encode(BASE, &(self.signature, self.public_key, hmac_key, &self.signatures, &self.mandatory))
    }
}

impl DerivedValue {
    /// `None` for whatever is not a derived proof's value.
    pub(super) fn decode(text: &str) -> Option<Self> {
        let (signature, public_key, signatures, labels, mandatory) =
            decode::<(Signature, Multikey, Vec<Signature>, Labels, Vec<u32>)>(DERIVED, text)?;
        let mandatory: Vec<usize> = mandatory.into_iter().map(|place| place as usize).collect();
        let distinct: HashSet<usize> = mandatory.iter().copied().collect();
        let good = signatures.len() <= MOST_SIGNATURES && distinct.len() == mandatory.len();
        good.then_some(Self { signature, public_key, signatures, labels: labels.0, mandatory })
    }

    pub(super) fn encode(&self) -> String {
        let labels = Labels(self.labels.clone());
        encode(DERIVED, &(self.signature, self.public_key, &self.signatures, labels, &self.mandatory))
    }
}

fn decode<T: DeserializeOwned>(start: [u8; 3], text: &str) -> Option<T> {
    let encoded = text.strip_prefix('u').filter(|encoded| encoded.len() <= MOST_CHARACTERS)?;
    let bytes = URL_SAFE_NO_PAD.decode(encoded).ok()?;
    let mut rest = bytes.strip_prefix(&start)?;
    let value = ciborium::de::from_reader_with_recursion_limit(&mut rest, DEEPEST).ok()?;
    rest.is_empty().then_some(value)
}

fn encode(start: [u8; 3], value: &impl Serialize) -> String {
    let mut bytes = start.to_vec();
    ciborium::into_writer(value, &mut bytes).expect("writing plain values to memory does not fail");
    format!("u{}", URL_SAFE_NO_PAD.encode(bytes))
}

impl<const N: usize> Serialize for FixedBytes<N> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_bytes(&self.0)
    }
}

impl<'de, const N: usize> Deserialize<'de> for FixedBytes<N> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Bytes<const N: usize>;
        impl<const N: usize> Visitor<'_> for Bytes<N> {
            type Value = FixedBytes<N>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, "{N} bytes")
            }

            fn visit_bytes<E: serde::de::Error>(self, bytes: &[u8]) -> Result<Self::Value, E> {
                bytes.try_into().map(FixedBytes).map_err(|_| E::invalid_length(bytes.len(), &self))
            }
        }
        deserializer.deserialize_bytes(Bytes::<N>)
    }
}

/// A map from 0, 1, 2 … to distinct byte strings.
struct Labels(Vec<FixedBytes<32>>);

impl Serialize for Labels {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.0.iter().enumerate())
    }
}

impl<'de> Deserialize<'de> for Labels {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Pairs;
        impl<'de> Visitor<'de> for Pairs {
            type Value = Labels;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a map from 0, 1, 2 and so on to byte strings")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Labels, A::Error> {
                let mut pairs: Vec<(u32, FixedBytes<32>)> = Vec::new();
                while let Some(pair) = map.next_entry()? {
                    pairs.push(pair);
                }
                pairs.sort_unstable_by_key(|(number, _)| *number);
                let distinct: HashSet<_> = pairs.iter().map(|(_, label)| *label).collect();
                let dense = pairs.iter().enumerate().all(|(at, (number, _))| at == *number as usize);
                if !dense || distinct.len() != pairs.len() {
                    return Err(A::Error::custom("labels are missing or there twice"));
                }
                Ok(Labels(pairs.into_iter().map(|(_, label)| label).collect()))
            }
        }
        deserializer.deserialize_map(Pairs)
    }
}

#[cfg(test)]
mod tests {
    use ciborium::Value as Cbor;

    use super::*;

    fn text(start: [u8; 3], bytes: &[u8]) -> String {
        format!("u{}", URL_SAFE_NO_PAD.encode([&start, bytes].concat()))
    }

    fn cbor(start: [u8; 3], value: &[Cbor]) -> String {
        encode(start, &value)
    }

    fn bytes(length: usize, byte: u8) -> Cbor {
        Cbor::Bytes(vec![byte; length])
    }

    fn labels(pairs: &[(u8, u8)]) -> Cbor {
        Cbor::Map(pairs.iter().map(|(number, label)| (Cbor::from(*number), bytes(32, *label))).collect())
    }

    fn derived() -> Vec<Cbor> {
        let mandatory = Cbor::Array(vec![Cbor::from(2), Cbor::from(0)]);
        let signatures = Cbor::Array(vec![bytes(64, 5), bytes(64, 6)]);
        vec![bytes(64, 1), bytes(35, 2), signatures, labels(&[(1, 7), (0, 8)]), mandatory]
    }

    fn base() -> Vec<Cbor> {
        let mandatory = Cbor::Array(vec![Cbor::from("/issuer")]);
        vec![bytes(64, 1), bytes(35, 2), bytes(32, 3), Cbor::Array(vec![bytes(64, 5)]), mandatory]
    }

    #[test]
    fn values_survive_their_text_form() {
        let value = DerivedValue::decode(&cbor(DERIVED, &derived())).unwrap();
        assert_eq!(value.mandatory, [2, 0]);
        assert_eq!(value.labels, [FixedBytes([8; 32]), FixedBytes([7; 32])], "in the order of their numbers");
        assert_eq!(DerivedValue::decode(&value.encode()), Some(value));
        let value = Base::decode(&cbor(BASE, &base())).unwrap();
        assert!(is_base(&value.encode()));
        assert_eq!(value.mandatory, ["/issuer"]);
        assert!(Base::decode(&value.encode()) == Some(value));
        // As some write bytes (RFC 8746, tag 64).
        let mut tagged = derived();
        tagged[0] = Cbor::Tag(64, Box::new(bytes(64, 1)));
        assert!(DerivedValue::decode(&cbor(DERIVED, &tagged)).is_some());
    }

    #[test]
    fn other_shapes_are_refused() {
        let refused = |place: usize, with: Cbor| {
            let mut value = derived();
            value[place] = with;
            assert_eq!(DerivedValue::decode(&cbor(DERIVED, &value)), None, "{value:?}");
            let mut value = base();
            if place < 3 {
                value[place] = bytes(31, 0);
                assert!(Base::decode(&cbor(BASE, &value)).is_none());
            }
        };
        for place in 0..5 {
            for with in [Cbor::Null, Cbor::from(1), Cbor::from("text"), Cbor::Bool(true), Cbor::from(-1)] {
                refused(place, with);
            }
        }
        refused(0, bytes(63, 1));
        refused(1, bytes(33, 1));
        refused(2, Cbor::Array(vec![bytes(65, 1)]));
        refused(2, Cbor::Array(vec![Cbor::Array(vec![bytes(64, 1)])]));
        refused(2, Cbor::Array(vec![bytes(64, 1); MOST_SIGNATURES + 1]));
        refused(3, labels(&[(0, 1), (0, 2)]));
        refused(3, labels(&[(0, 1), (1, 1)]));
        refused(3, labels(&[(1, 1)]));
        refused(3, labels(&[(0, 1), (2, 2)]));
        refused(3, Cbor::Map(vec![(Cbor::from("c14n0"), bytes(32, 1))]));
        refused(3, Cbor::Map(vec![(Cbor::from(0), bytes(31, 1))]));
        refused(4, Cbor::Array(vec![Cbor::from(1), Cbor::from(1)]));
        refused(4, Cbor::Array(vec![Cbor::from(-1)]));
        refused(4, Cbor::Array(vec![Cbor::from(u64::from(u32::MAX) + 1)]));
        for length in 0..5 {
            assert_eq!(DerivedValue::decode(&cbor(DERIVED, &derived()[..length])), None);
        }
        let longer = [derived(), vec![Cbor::Null]].concat();
        assert_eq!(DerivedValue::decode(&cbor(DERIVED, &longer)), None);
        assert_eq!(DerivedValue::decode(&cbor(BASE, &derived())), None);
        assert!(Base::decode(&cbor(DERIVED, &base())).is_none());
        let good = cbor(DERIVED, &derived());
        for wrong in
            ["", "u", "z", &good[1..], &format!("z{}", &good[1..]), &format!("{good}AA"), "u2V0B=", "u2V0B"]
        {
            assert_eq!(DerivedValue::decode(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn hostile_bytes_are_refused_cheaply() {
        let nested = [vec![0x81; 100_000], vec![0x00]].concat();
        let hostile: [&[u8]; 7] = [
            // Arrays, bytes, texts and maps that claim to be huge.
            &[0x9b, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff],
            &[0x85, 0x5b, 0x7f, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff],
            &[0x85, 0x7b, 0x7f, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff],
            &[0x85, 0xbb, 0x7f, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff],
            // Arrays and bytes without an end.
            &[0x9f, 0x5f, 0x41, 0x00],
            &[0xd9, 0xd9, 0xf7, 0xd9, 0xd9, 0xf7],
            &nested,
        ];
        for bytes in hostile {
            assert_eq!(DerivedValue::decode(&text(DERIVED, bytes)), None);
            assert!(Base::decode(&text(BASE, bytes)).is_none());
        }
        let mut claims = Vec::new();
        ciborium::into_writer(&derived()[..2], &mut claims).unwrap();
        claims[0] = 0x85;
        for claim in [0x9b, 0xbb, 0x5b] {
            let bytes =
                [claims.as_slice(), &[claim, 0x00, 0x00, 0x7f, 0xff, 0xff, 0xff, 0xff, 0xff]].concat();
            assert_eq!(DerivedValue::decode(&text(DERIVED, &bytes)), None);
        }
        assert_eq!(DerivedValue::decode(&format!("u2V0B{}", "A".repeat(MOST_CHARACTERS))), None);
    }

    proptest::proptest! {
        #![proptest_config(proptest::test_runner::Config { failure_persistence: None, ..Default::default() })]

        #[test]
        fn any_bytes_are_read_or_refused(bytes in proptest::collection::vec(proptest::num::u8::ANY, 0..400)) {
            let _ = DerivedValue::decode(&text(DERIVED, &bytes));
            let _ = Base::decode(&text(BASE, &bytes));
        }

        #[test]
        fn altered_values_are_read_or_refused(at in 0usize..300, byte in proptest::num::u8::ANY) {
            let mut bytes = URL_SAFE_NO_PAD.decode(&cbor(DERIVED, &derived())[1..]).unwrap();
            let at = at % bytes.len();
            bytes[at] = byte;
            let altered = format!("u{}", URL_SAFE_NO_PAD.encode(&bytes));
            if let Some(value) = DerivedValue::decode(&altered) {
                proptest::prop_assert_eq!(DerivedValue::decode(&value.encode()), Some(value));
            }
        }
    }
}
