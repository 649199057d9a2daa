//! Making a compact JWS.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jiff::Timestamp;
use serde_json::{Map, Value, json};

use super::{Content, JoseError, Profile, algorithm, check_data_model};
use crate::jiff_time::parse_date_time_stamp;
use crate::key::KeyPair;

/// Signs a credential as a compact JWS. `key_id`: the DID URL (or URL) where verifiers find the key. A
/// `proof` the document has is left out: the JWS is the proof.
pub fn issue(document: &Value, key: &KeyPair, key_id: &str, profile: Profile) -> Result<String, JoseError> {
    let mut payload = document.as_object().cloned().ok_or(JoseError::NotCompact)?;
    payload.shift_remove("proof");
    let algorithm = algorithm(key.kind());
    let header = match profile {
        Profile::OpenBadges => {
            add_claims(&mut payload)?;
            json!({"alg": algorithm, "typ": "JWT", "kid": key_id})
        }
        Profile::Vc => {
            check_data_model(&payload, Content::Credential)?;
            json!({"alg": algorithm, "typ": "vc+jwt", "cty": "vc", "kid": key_id})
        }
    };
    Ok(sign(&header, &payload, key))
}

/// Signs a presentation as a compact JWS with `typ` "vp+jwt" (VC-JOSE-COSE, 3.1.2). Registered claims such
/// as `nonce`, `aud`, `iat` and `exp` may stand among its members. A `proof` is left out.
pub fn issue_presentation(document: &Value, key: &KeyPair, key_id: &str) -> Result<String, JoseError> {
    let mut payload = document.as_object().cloned().ok_or(JoseError::NotCompact)?;
    payload.shift_remove("proof");
    check_data_model(&payload, Content::Presentation)?;
    let header = json!({"alg": algorithm(key.kind()), "typ": "vp+jwt", "cty": "vp", "kid": key_id});
    Ok(sign(&header, &payload, key))
}

/// The compact JWS of a header and a payload (RFC 7515, 7.1).
pub(crate) fn sign(header: &Value, payload: &Map<String, Value>, key: &KeyPair) -> String {
    let payload = serde_json::to_vec(payload).expect("the keys of a JSON object are text");
    let signing_input =
        format!("{}.{}", URL_SAFE_NO_PAD.encode(header.to_string()), URL_SAFE_NO_PAD.encode(payload));
    let signature = key.sign(signing_input.as_bytes());
    format!("{signing_input}.{}", URL_SAFE_NO_PAD.encode(signature))
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
    use crate::jose::Jws;
    use crate::key::KeyKind;

    fn credential() -> Value {
        json!({
            "@context": ["https://www.w3.org/ns/credentials/v2"],
            "id": "urn:uuid:0b9d3a2f-53f3-4c70-a0b8-0c8a94bb6d53",
            "type": ["VerifiableCredential"],
            "issuer": {"id": "did:web:a.example"},
            "validFrom": "2026-01-01T00:00:00Z",
            "validUntil": "2027-01-01T00:00:00Z",
            "credentialSubject": {"id": "did:web:b.example"},
        })
    }

    #[test]
    fn what_is_issued_verifies() {
        for (kind, length) in
            [(KeyKind::Ed25519, 32), (KeyKind::P256, 32), (KeyKind::P384, 48), (KeyKind::P521, 66)]
        {
            let mut seed = vec![0; length];
            seed[length - 1] = 7;
            let key = KeyPair::from_seed(kind, &seed).unwrap();
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
            let payload = document.as_object().unwrap();
            let check = |typ: &str| {
                let compact = sign(&json!({"alg": "EdDSA", "typ": typ}), payload, &key);
                Jws::parse(&compact).unwrap().check_claims()
            };
            assert_eq!(check("JWT"), Err(JoseError::Claim(name)));
            // by VC-JOSE-COSE the dates are those of the signature
            let differs = !matches!(name, "nbf" | "exp");
            assert_eq!(check("vc+jwt"), if differs { Err(JoseError::Claim(name)) } else { Ok(()) });
        }
        let mut nobody = credential();
        nobody["credentialSubject"] = json!({"identifier": []});
        let refused = issue(&nobody, &key, "did:web:a.example#key-1", Profile::OpenBadges);
        assert_eq!(refused, Err(JoseError::Lacks("credentialSubject.id")));
    }
}
