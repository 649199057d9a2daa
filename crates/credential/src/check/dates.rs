//! Does the credential count at this time?

use jiff::Timestamp;
use serde_json::{Map, Value};

use super::{Check, Outcome};
use crate::jiff_time::parse_date_time_stamp;

/// A date under its name in either data model; an error names the member that is not a date.
fn date(
    credential: &Map<String, Value>,
    names: [&'static str; 2],
) -> Result<Option<Timestamp>, &'static str> {
    for name in names {
        if let Some(value) = credential.get(name) {
            return value.as_str().and_then(parse_date_time_stamp).map(Some).ok_or(name);
        }
    }
    Ok(None)
}

pub(super) fn check(credential: &Map<String, Value>, now: Timestamp) -> Check {
    let from = date(credential, ["validFrom", "issuanceDate"]);
    let until = date(credential, ["validUntil", "expirationDate"]);
    let (from, until) = match (from, until) {
        (Ok(from), Ok(until)) => (from, until),
        (Err(name), _) | (_, Err(name)) => {
            let message = format!("The credential's {name} is not a date with a time zone.");
            return Check::new("dates", Outcome::Failed, "date_malformed", message);
        }
    };
    if let Some(from) = from.filter(|from| *from > now) {
        let message = format!("The credential does not count yet: it begins on {from}.");
        return Check::new("dates", Outcome::Failed, "not_yet_valid", message);
    }
    if let Some(until) = until.filter(|until| *until <= now) {
        let message = format!("The credential has expired: it ended on {until}.");
        return Check::new("dates", Outcome::Failed, "expired", message);
    }
    let message = match until {
        Some(until) => format!("The credential is valid until {until}."),
        None => "The credential is valid and does not expire.".to_owned(),
    };
    Check::new("dates", Outcome::Passed, "in_force", message)
}
