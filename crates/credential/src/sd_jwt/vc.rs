//! The claims of SD-JWT VC.

use serde_json::{Map, Value};

use super::SdJwtError;
use crate::jiff_time::parse_date_time_stamp;
use crate::jose;

/// Checks the shape of the claims SD-JWT VC defines (2.2.2): `vct` is there, and the others are what they
/// should be where they are. Times are not compared with the clock.
pub fn check_claims(claims: &Map<String, Value>) -> Result<(), SdJwtError> {
    let wrong = |name| Err(SdJwtError::Claim(name));
    if claims.get("vct").and_then(Value::as_str).is_none_or(str::is_empty) {
        return wrong("vct");
    }
    for name in ["iss", "sub", "vct#integrity"] {
        if claims.get(name).is_some_and(|claim| claim.as_str().is_none_or(str::is_empty)) {
            return wrong(name);
        }
    }
    for name in ["iat", "nbf", "exp"] {
        if claims.get(name).is_some_and(|claim| jose::numeric_date(claim).is_none()) {
            return wrong(name);
        }
    }
    for name in ["cnf", "status"] {
        if claims.get(name).is_some_and(|claim| !claim.is_object()) {
            return wrong(name);
        }
    }
    Ok(())
}

/// A credential in the W3C data model as the claims of an SD-JWT VC: with `vct`, and with `iss`, `nbf` and
/// `exp` that repeat its issuer and dates. A `proof` is left out.
///
/// ```
/// use cairn_credential::sd_jwt;
/// use serde_json::json;
///
/// let credential = json!({"issuer": {"id": "did:web:a.example"}, "validFrom": "2026-01-01T00:00:00Z"});
/// let claims = sd_jwt::with_type(&credential, "https://a.example/types/badge")?;
/// assert_eq!(claims["iss"], "did:web:a.example");
/// assert_eq!(claims["nbf"], 1_767_225_600);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn with_type(credential: &Value, vct: &str) -> Result<Value, SdJwtError> {
    let mut claims = credential.as_object().cloned().ok_or(SdJwtError::NotSdJwt)?;
    claims.shift_remove("proof");
    let issuer = claims.get("issuer").map(|issuer| issuer.get("id").unwrap_or(issuer));
    let issuer = issuer.and_then(Value::as_str).ok_or(SdJwtError::Claim("issuer"))?.to_owned();
    claims.insert("vct".into(), vct.into());
    claims.insert("iss".into(), issuer.into());
    for (member, claim) in [("validFrom", "nbf"), ("validUntil", "exp")] {
        let Some(date) = claims.get(member) else { continue };
        let date = date.as_str().and_then(parse_date_time_stamp).ok_or(SdJwtError::Claim(claim))?;
        claims.insert(claim.into(), date.as_second().into());
    }
    Ok(Value::Object(claims))
}
