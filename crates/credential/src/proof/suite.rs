//! The cryptosuites.

use serde_json::{Map, Value};

use crate::key::KeyKind;

/// How a suite turns a document into bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Canonicalization {
    /// As RDF: the meaning is signed, whatever the JSON looks like.
    Rdfc,
    /// As JSON (RFC 8785): the JSON is signed, whatever it means.
    Jcs,
}

/// A way to make and check proofs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Suite {
    /// `eddsa-rdfc-2022`: what Open Badges 3.0 asks for.
    EddsaRdfc2022,
    /// `eddsa-jcs-2022`.
    EddsaJcs2022,
    /// `ecdsa-rdfc-2019`, with P-256 or P-384.
    EcdsaRdfc2019,
    /// `ecdsa-jcs-2019`, with P-256 or P-384.
    EcdsaJcs2019,
    /// `ecdsa-sd-2023`, with P-256: the holder chooses what to disclose. Made with [`super::sd`].
    EcdsaSd2023,
    /// `Ed25519Signature2020`, from before Data Integrity; only to verify.
    Ed25519Signature2020,
}

impl Suite {
    /// The suite of a proof; `None` for those this crate does not know.
    pub fn of(proof: &Map<String, Value>) -> Option<Self> {
        match suite_name(proof).as_str() {
            "eddsa-rdfc-2022" => Some(Self::EddsaRdfc2022),
            "eddsa-jcs-2022" => Some(Self::EddsaJcs2022),
            "ecdsa-rdfc-2019" => Some(Self::EcdsaRdfc2019),
            "ecdsa-jcs-2019" => Some(Self::EcdsaJcs2019),
            "ecdsa-sd-2023" => Some(Self::EcdsaSd2023),
            "Ed25519Signature2020" => Some(Self::Ed25519Signature2020),
            _ => None,
        }
    }

    /// The suite's name.
    pub fn name(self) -> &'static str {
        match self {
            Self::EddsaRdfc2022 => "eddsa-rdfc-2022",
            Self::EddsaJcs2022 => "eddsa-jcs-2022",
            Self::EcdsaRdfc2019 => "ecdsa-rdfc-2019",
            Self::EcdsaJcs2019 => "ecdsa-jcs-2019",
            Self::EcdsaSd2023 => "ecdsa-sd-2023",
            Self::Ed25519Signature2020 => "Ed25519Signature2020",
        }
    }

    /// True if keys of this kind belong to the suite.
    pub fn takes(self, kind: KeyKind) -> bool {
        match self {
            Self::EddsaRdfc2022 | Self::EddsaJcs2022 | Self::Ed25519Signature2020 => kind == KeyKind::Ed25519,
            Self::EcdsaRdfc2019 | Self::EcdsaJcs2019 => matches!(kind, KeyKind::P256 | KeyKind::P384),
            Self::EcdsaSd2023 => kind == KeyKind::P256,
        }
    }

    /// True if what is signed is the graph a document stands for, and not its JSON.
    pub(crate) fn covers_graph(self) -> bool {
        self.canonicalization() == Canonicalization::Rdfc
    }

    pub(super) fn canonicalization(self) -> Canonicalization {
        match self {
            Self::EddsaRdfc2022 | Self::EcdsaRdfc2019 | Self::EcdsaSd2023 | Self::Ed25519Signature2020 => {
                Canonicalization::Rdfc
            }
            Self::EddsaJcs2022 | Self::EcdsaJcs2019 => Canonicalization::Jcs,
        }
    }
}

/// The name of a proof's suite, known or not: its `cryptosuite`, or its `type` if it is from before Data
/// Integrity.
pub fn suite_name(proof: &Map<String, Value>) -> String {
    let text = |name: &str| proof.get(name).and_then(Value::as_str);
    match (text("type"), text("cryptosuite")) {
        (Some("DataIntegrityProof"), Some(suite)) => suite.to_owned(),
        (Some("DataIntegrityProof"), None) => "DataIntegrityProof without cryptosuite".to_owned(),
        (Some(old), _) => old.to_owned(),
        (None, _) => "no type".to_owned(),
    }
}
