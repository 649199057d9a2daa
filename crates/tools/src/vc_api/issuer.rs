//! The issuers of this server: a fresh key for every cryptosuite, each under a
//! path of its own.

use crate::Machine;
use crate::key::{self, Kind, SigningKey};
use crate::sign::Suite;
use anyhow::Result;
use serde_json::{Map, Value, json};

/// What an issuer makes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// Data Integrity proofs.
    DataIntegrity(Suite),
    /// The same, and every credential gets a place on a status list.
    WithStatus(Suite),
}

/// One issuer.
#[derive(Debug)]
pub struct Issuer {
    /// First part of its addresses, such as `eddsa-rdfc`.
    pub path: &'static str,
    /// What it makes.
    pub form: Form,
    /// Its key; its DID is the key's `did:key`.
    pub key: SigningKey,
}

/// Path, kind of key, form. The first also answers without a path.
const ISSUERS: [(&str, Kind, Form); 8] = [
    ("eddsa-rdfc", Kind::Ed25519, Form::DataIntegrity(Suite::EddsaRdfc2022)),
    ("eddsa-jcs", Kind::Ed25519, Form::DataIntegrity(Suite::EddsaJcs2022)),
    ("ecdsa-rdfc", Kind::P256, Form::DataIntegrity(Suite::EcdsaRdfc2019)),
    ("ecdsa-rdfc384", Kind::P384, Form::DataIntegrity(Suite::EcdsaRdfc2019)),
    ("ecdsa-jcs", Kind::P256, Form::DataIntegrity(Suite::EcdsaJcs2019)),
    ("ecdsa-jcs384", Kind::P384, Form::DataIntegrity(Suite::EcdsaJcs2019)),
    ("ecdsa-sd", Kind::P256, Form::DataIntegrity(Suite::EcdsaSd2023)),
    ("status", Kind::Ed25519, Form::WithStatus(Suite::EddsaRdfc2022)),
];

/// Every issuer, with a new key.
pub fn fresh(machine: Machine) -> Result<Vec<Issuer>> {
    let make = |(path, kind, form): (&'static str, Kind, Form)| {
        Ok(Issuer { path, form, key: SigningKey::by_itself(key::fresh(kind, machine)?) })
    };
    ISSUERS.into_iter().map(make).collect()
}

impl Issuer {
    /// The suite of its proofs.
    pub fn suite(&self) -> Suite {
        match self.form {
            Form::DataIntegrity(suite) | Form::WithStatus(suite) => suite,
        }
    }

    /// Its DID.
    pub fn did(&self) -> &str {
        &self.key.controller
    }
}

/// What the server prints first: where it is, and who signs where.
pub fn directory(base: &str, issuers: &[Issuer]) -> Value {
    let mut all = Map::new();
    for issuer in issuers {
        let about = json!({
            "id": issuer.did(),
            "verificationMethod": issuer.key.method,
            "cryptosuite": issuer.suite().name(),
            "endpoint": format!("{base}/{}", issuer.path),
        });
        all.insert(issuer.path.to_owned(), about);
    }
    json!({ "url": base, "issuers": all })
}
