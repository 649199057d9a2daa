//! Registered claims of JWT (RFC 7519, 4.1) beside the members of a credential.

use jiff::Timestamp;
use serde_json::{Map, Value};

use super::JoseError;
use crate::jiff_time::parse_date_time_stamp;

type Members = Map<String, Value>;

/// The point in time a claim such as `exp` names: a number of seconds (RFC 7519, 2). `None` if it is not
/// one, or beyond the years that are known here.
pub(crate) fn numeric_date(claim: &Value) -> Option<Timestamp> {
    let seconds = claim.as_f64().filter(|seconds| seconds.is_finite())?;
    Timestamp::from_second(seconds as i64).ok()
}

/// Checks `nbf` and `exp` against the clock (RFC 7519, 4.1.4 and 4.1.5).
///
/// ```
/// use cairn_credential::jose::{JoseError, check_times};
///
/// let claims = serde_json::json!({"exp": 1_767_225_600});
/// let claims = claims.as_object().ok_or("not an object")?;
/// assert_eq!(check_times(claims, "2025-12-31T00:00:00Z".parse()?), Ok(()));
/// assert_eq!(check_times(claims, "2026-01-01T00:00:00Z".parse()?), Err(JoseError::OutOfTime("exp")));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn check_times(claims: &Map<String, Value>, now: Timestamp) -> Result<(), JoseError> {
    let time = |name: &'static str| match claims.get(name) {
        None => Ok(None),
        Some(claim) => numeric_date(claim).map(Some).ok_or(JoseError::Claim(name)),
    };
    if time("nbf")?.is_some_and(|from| from > now) {
        return Err(JoseError::OutOfTime("nbf"));
    }
    if time("exp")?.is_some_and(|until| until <= now) {
        return Err(JoseError::OutOfTime("exp"));
    }
    Ok(())
}

/// `iss`, `jti` and `sub` repeat issuer (or holder), id and subject, where they are. A presentation may leave
/// its own members out.
pub(crate) fn check_names(claims: &Members, content: &Members) -> Result<(), JoseError> {
    let issuer = content.get("issuer").or_else(|| content.get("holder"));
    let issuer = issuer.map(|issuer| issuer.get("id").unwrap_or(issuer));
    let subject = match content.get("credentialSubject") {
        Some(Value::Array(several)) => several.first(),
        one => one,
    };
    let subject = subject.and_then(|subject| subject.get("id"));
    for (name, said) in [("iss", issuer), ("jti", content.get("id")), ("sub", subject)] {
        let left_out = said.is_none() && !content.contains_key("credentialSubject");
        if !left_out && claims.get(name).is_some_and(|claim| Some(claim) != said) {
            return Err(JoseError::Claim(name));
        }
    }
    Ok(())
}

/// `nbf` and `exp` repeat the dates, where they are.
pub(super) fn check_dates(claims: &Members, credential: &Members) -> Result<(), JoseError> {
    let date = |names: [&str; 2]| names.iter().find_map(|name| credential.get(*name));
    for (name, said) in
        [("nbf", date(["validFrom", "issuanceDate"])), ("exp", date(["validUntil", "expirationDate"]))]
    {
        let said = said.and_then(Value::as_str).and_then(parse_date_time_stamp);
        let Some(claim) = claims.get(name) else { continue };
        if claim.as_f64().map(|seconds| seconds as i64) != said.map(Timestamp::as_second) {
            return Err(JoseError::Claim(name));
        }
    }
    Ok(())
}
