//! Credentials as compact JWS (RFC 7515): the Open Badges 3.0 profile of VC-JWT (8.2.4) and the profile of
//! W3C VC-JOSE-COSE.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jiff::Timestamp;
use serde_json::{Map, Value, json};

use crate::document;
use crate::jiff_time::parse_date_time_stamp;
use crate::key::{KeyKind, KeyPair, PublicKey};

/// Why a JWS cannot be read, made or relied on.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum JoseError {
    /// Not three base64url parts with JSON objects in the first two.
    #[error("this is not a compact JWS of a JSON object")]
    NotCompact,
    /// An algorithm that is missing, forbidden or not known.
    #[error("the algorithm \"{0}\" is not accepted: use EdDSA, ES256, ES384 or RS256")]
    Algorithm(String),
    /// The algorithm is not that of the key.
    #[error("the algorithm of the signature is not one of its key")]
    WrongKey,
    /// The header asks for something that is not understood.
    #[error("the header member \"{0}\" is not understood, and may not be ignored")]
    Critical(&'static str),
    /// A `typ` that does not belong to a credential.
    #[error("the type \"{0}\" is not that of a credential: it is \"JWT\" or \"vc+jwt\"")]
    Type(String),
    /// The signature is not the key's over this content.
    #[error("the signature does not fit the content: it was changed, or signed with another key")]
    Signature,
    /// A registered claim says something else than the credential.
    #[error("the claim \"{0}\" does not say the same as the credential")]
    Claim(&'static str),
    /// A credential lacks what the profile needs.
    #[error("the credential cannot be issued in this profile: it lacks \"{0}\"")]
    Lacks(&'static str),
}

/// Which rules a JWS follows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Profile {
    /// Open Badges 3.0: `typ` "JWT" and the claims `iss`, `jti`, `sub`, `nbf`, `exp` repeat the credential.
    /// The subject needs an id.
    OpenBadges,
    /// W3C VC-JOSE-COSE: `typ` "vc+jwt", the payload is the credential and nothing else.
    Vc,
}

/// A compact JWS, taken apart. Nothing is verified yet.
#[derive(Debug, Clone, PartialEq)]
pub struct Jws {
    /// The protected header.
    pub header: Map<String, Value>,
    /// The payload, a JSON object.
    pub payload: Map<String, Value>,
    signature: Vec<u8>,
    signing_input: String,
}

impl Jws {
    /// Takes a compact JWS apart. Members said twice are refused.
    pub fn parse(compact: &str) -> Result<Self, JoseError> {
        let (signing_input, signature) = compact.rsplit_once('.').ok_or(JoseError::NotCompact)?;
        let (header, payload) = signing_input.split_once('.').ok_or(JoseError::NotCompact)?;
        let decode = |part: &str| URL_SAFE_NO_PAD.decode(part).map_err(|_| JoseError::NotCompact);
        let object = |part: &str| match document::parse(&decode(part)?) {
            Ok(Value::Object(map)) => Ok(map),
            _ => Err(JoseError::NotCompact),
        };
        Ok(Self {
            header: object(header)?,
            payload: object(payload)?,
            signature: decode(signature)?,
            signing_input: signing_input.to_owned(),
        })
    }

    fn text(&self, name: &str) -> Option<&str> {
        self.header.get(name).and_then(Value::as_str)
    }

    /// The `alg` of the header.
    pub fn algorithm(&self) -> &str {
        self.text("alg").unwrap_or("none")
    }

    /// The `kid` of the header: where the key is.
    pub fn key_id(&self) -> Option<&str> {
        self.text("kid")
    }

    /// Checks header and signature with a key that is known to be the right one.
    pub fn verify(&self, key: &PublicKey) -> Result<(), JoseError> {
        if !algorithms(key.kind()).contains(&self.algorithm()) {
            let known = ["EdDSA", "Ed25519", "ES256", "ES384", "RS256"].contains(&self.algorithm());
            return Err(if known {
                JoseError::WrongKey
            } else {
                JoseError::Algorithm(self.algorithm().to_owned())
            });
        }
        for name in ["crit", "b64"] {
            if self.header.contains_key(name) {
                return Err(JoseError::Critical(name));
            }
        }
        match self.header.get("typ") {
            None => {}
            Some(Value::String(kind)) if is_credential_type(kind) => {}
            Some(other) => return Err(JoseError::Type(other.as_str().unwrap_or("?").to_owned())),
        }
        let fits = key.verify(self.signing_input.as_bytes(), &self.signature);
        if fits { Ok(()) } else { Err(JoseError::Signature) }
    }

    /// The credential inside: the payload, or (VC 1.1) its `vc` claim.
    pub fn credential(&self) -> &Map<String, Value> {
        match self.payload.get("vc") {
            Some(Value::Object(credential)) => credential,
            _ => &self.payload,
        }
    }

    /// Checks that the registered claims that are there repeat the credential (OB 3.0, 8.2.4.1).
    pub fn check_claims(&self) -> Result<(), JoseError> {
        let credential = self.credential();
        let issuer = credential.get("issuer").map(|issuer| issuer.get("id").unwrap_or(issuer));
        let subject = credential.get("credentialSubject");
        let subject = match subject {
            Some(Value::Array(several)) => several.first(),
            one => one,
        };
        let subject = subject.and_then(|subject| subject.get("id"));
        for (name, said) in [("iss", issuer), ("jti", credential.get("id")), ("sub", subject)] {
            if self.payload.get(name).is_some_and(|claim| Some(claim) != said) {
                return Err(JoseError::Claim(name));
            }
        }
        let date = |names: [&str; 2]| names.iter().find_map(|name| credential.get(*name));
        for (name, said) in
            [("nbf", date(["validFrom", "issuanceDate"])), ("exp", date(["validUntil", "expirationDate"]))]
        {
            let said = said.and_then(Value::as_str).and_then(parse_date_time_stamp);
            let Some(claim) = self.payload.get(name) else { continue };
            if claim.as_f64().map(|seconds| seconds as i64) != said.map(Timestamp::as_second) {
                return Err(JoseError::Claim(name));
            }
        }
        Ok(())
    }
}

/// The algorithms of a kind of key (RFC 7518, RFC 8037).
fn algorithms(kind: KeyKind) -> &'static [&'static str] {
    match kind {
        KeyKind::Ed25519 => &["EdDSA", "Ed25519"],
        KeyKind::P256 => &["ES256"],
        KeyKind::P384 => &["ES384"],
        KeyKind::Rsa => &["RS256"],
    }
}

fn is_credential_type(kind: &str) -> bool {
    let kind = kind.to_ascii_lowercase();
    matches!(
        kind.trim_start_matches("application/"),
        "jwt" | "vc+jwt" | "vc+ld+jwt" | "vc-ld+jwt" | "vc+ld+json+jwt"
    )
}

/// Signs a credential as a compact JWS. `key_id`: the DID URL (or URL) where verifiers find the key. A
/// `proof` the document has is left out: the JWS is the proof.
pub fn issue(document: &Value, key: &KeyPair, key_id: &str, profile: Profile) -> Result<String, JoseError> {
    let mut payload = document.as_object().cloned().ok_or(JoseError::NotCompact)?;
    payload.shift_remove("proof");
    let algorithm = algorithms(key.kind())[0];
    let header = match profile {
        Profile::OpenBadges => {
            add_claims(&mut payload)?;
            json!({"alg": algorithm, "typ": "JWT", "kid": key_id})
        }
        Profile::Vc => json!({"alg": algorithm, "typ": "vc+jwt", "cty": "vc", "kid": key_id}),
    };
    let encode = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
    let signing_input = format!("{}.{}", encode(&header), encode(&Value::Object(payload)));
    let signature = key.sign(signing_input.as_bytes());
    Ok(format!("{signing_input}.{}", URL_SAFE_NO_PAD.encode(signature)))
}

fn add_claims(payload: &mut Map<String, Value>) -> Result<(), JoseError> {
    let text = |value: Option<&Value>| value.and_then(Value::as_str).map(str::to_owned);
    let issuer = payload.get("issuer").map(|issuer| issuer.get("id").unwrap_or(issuer));
    let issuer = text(issuer).ok_or(JoseError::Lacks("issuer.id"))?;
    let id = text(payload.get("id")).ok_or(JoseError::Lacks("id"))?;
    let subject = payload.get("credentialSubject").and_then(|subject| subject.get("id"));
    let subject = text(subject).ok_or(JoseError::Lacks("credentialSubject.id"))?;
    let date = |name| {
        text(payload.get(name)).and_then(|date| parse_date_time_stamp(&date)).map(Timestamp::as_second)
    };
    let from = date("validFrom").ok_or(JoseError::Lacks("validFrom"))?;
    let until = date("validUntil");
    payload.insert("iss".into(), issuer.into());
    payload.insert("jti".into(), id.into());
    payload.insert("sub".into(), subject.into());
    payload.insert("nbf".into(), from.into());
    if let Some(until) = until {
        payload.insert("exp".into(), until.into());
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn credential() -> Value {
        json!({
            "id": "urn:uuid:1",
            "issuer": {"id": "did:web:a.example"},
            "validFrom": "2026-01-01T00:00:00Z",
            "validUntil": "2027-01-01T00:00:00Z",
            "credentialSubject": {"id": "did:web:b.example"},
        })
    }

    #[test]
    fn what_is_issued_verifies() {
        for kind in [KeyKind::Ed25519, KeyKind::P256, KeyKind::P384] {
            let key =
                KeyPair::from_seed(kind, &vec![7; if kind == KeyKind::P384 { 48 } else { 32 }]).unwrap();
            for profile in [Profile::OpenBadges, Profile::Vc] {
                let compact = issue(&credential(), &key, "did:web:a.example#key-1", profile).unwrap();
                let jws = Jws::parse(&compact).unwrap();
                assert_eq!(jws.verify(&key.public()), Ok(()));
                assert_eq!(jws.check_claims(), Ok(()));
                assert_eq!(jws.payload.contains_key("iss"), profile == Profile::OpenBadges);
                let other = KeyPair::from_seed(KeyKind::Ed25519, &[8; 32]).unwrap().public();
                assert!(jws.verify(&other).is_err());
            }
        }
    }

    #[test]
    fn changes_are_refused() {
        let key = KeyPair::from_seed(KeyKind::Ed25519, &[7; 32]).unwrap();
        let compact = issue(&credential(), &key, "did:web:a.example#key-1", Profile::OpenBadges).unwrap();
        let parts: Vec<&str> = compact.split('.').collect();
        let with_header = |header: Value| {
            let input = format!("{}.{}", URL_SAFE_NO_PAD.encode(header.to_string()), parts[1]);
            let signature = URL_SAFE_NO_PAD.encode(key.sign(input.as_bytes()));
            Jws::parse(&format!("{input}.{signature}")).unwrap().verify(&key.public())
        };
        assert_eq!(with_header(json!({"alg": "EdDSA"})), Ok(()));
        assert_eq!(with_header(json!({"alg": "none"})), Err(JoseError::Algorithm("none".into())));
        assert_eq!(with_header(json!({"alg": "HS256"})), Err(JoseError::Algorithm("HS256".into())));
        assert_eq!(with_header(json!({"alg": "ES256"})), Err(JoseError::WrongKey));
        assert_eq!(with_header(json!({"alg": "EdDSA", "crit": ["x"]})), Err(JoseError::Critical("crit")));
        assert_eq!(
            with_header(json!({"alg": "EdDSA", "typ": "vp+jwt"})),
            Err(JoseError::Type("vp+jwt".into()))
        );
        let tampered = parts[1].replacen('I', "J", 1);
        let tampered = Jws::parse(&format!("{}.{tampered}.{}", parts[0], parts[2]));
        assert!(tampered.is_err() || tampered.unwrap().verify(&key.public()) == Err(JoseError::Signature));
        for nonsense in ["", ".", "..", "a.b.c", "e30.e30", "e30.e30.!"] {
            assert_eq!(Jws::parse(nonsense), Err(JoseError::NotCompact), "{nonsense}");
        }
    }

    #[test]
    fn claims_repeat_the_credential() {
        let key = KeyPair::from_seed(KeyKind::Ed25519, &[7; 32]).unwrap();
        for (name, value) in [
            ("iss", json!("did:web:evil.example")),
            ("jti", json!("urn:uuid:2")),
            ("sub", json!("did:web:c.example")),
            ("nbf", json!(1)),
            ("exp", json!(4_102_444_800_i64)),
        ] {
            let mut document = credential();
            document[name] = value;
            let compact = issue(&document, &key, "did:web:a.example#key-1", Profile::Vc).unwrap();
            assert_eq!(Jws::parse(&compact).unwrap().check_claims(), Err(JoseError::Claim(name)));
        }
        let mut nobody = credential();
        nobody["credentialSubject"] = json!({"identifier": []});
        let refused = issue(&nobody, &key, "did:web:a.example#key-1", Profile::OpenBadges);
        assert_eq!(refused, Err(JoseError::Lacks("credentialSubject.id")));
    }
}
