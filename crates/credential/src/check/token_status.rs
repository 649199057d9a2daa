//! Has the issuer taken an SD-JWT VC back? (IETF Token Status List)

use std::io::Read as _;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use flate2::read::ZlibDecoder;
use serde_json::{Map, Value, json};

use super::desk::{Answer, Desk};
use super::keys::{self, Hint, Relationship};
use super::member::text;
use super::status::{failed, unknown};
use super::{Check, Outcome, Purpose};
use crate::jose::{self, Jws, TypeRule};

/// The most bytes a list may unpack to.
const MOST_BYTES: usize = 4 * 1024 * 1024;

/// The check by the claim `status`; `None` if there is none.
pub(super) fn check(desk: &mut Desk<'_>, claims: &Map<String, Value>) -> Option<Check> {
    let status = claims.get("status")?;
    let Some(reference) = status.get("status_list") else {
        let message = "The credential's status is of a kind that cannot be checked here.";
        return Some(unknown("status_kind_unknown", message));
    };
    let index = reference.get("idx").and_then(Value::as_u64).and_then(|index| usize::try_from(index).ok());
    let (Some(index), Some(url)) = (index, text(reference.get("uri"))) else {
        return Some(failed("MALFORMED_VALUE_ERROR", "The credential's status entry is malformed."));
    };
    let check = look_up(desk, claims, index, url).unwrap_or_else(|check| *check);
    Some(check.with(json!({"list": url, "index": index})))
}

fn look_up(
    desk: &mut Desk<'_>,
    claims: &Map<String, Value>,
    index: usize,
    url: &str,
) -> Result<Check, Box<Check>> {
    let unknown = |code: &str, message: String| Box::new(unknown(code, message));
    let bytes = match desk.document(url, Purpose::StatusList) {
        Answer::Here(bytes) => bytes,
        Answer::Refused(reason) => {
            let message = format!("The status list at {url} could not be read: {reason}.");
            return Err(unknown("STATUS_RETRIEVAL_ERROR", message));
        }
        Answer::NotYet => {
            let message = format!("The status list at {url} has not been fetched yet.");
            return Err(unknown("status_not_fetched", message));
        }
    };
    let list = std::str::from_utf8(bytes).ok().and_then(|text| Jws::parse(text.trim()).ok());
    let list = list.ok_or_else(|| {
        unknown("STATUS_RETRIEVAL_ERROR", format!("The document at {url} is not a status list."))
    })?;
    let own = is_genuine(desk, &list, claims, url)?;
    let value = value(&list, index).ok_or_else(|| {
        Box::new(failed("RANGE_ERROR", "The status list is malformed, or has no entry for the credential."))
    })?;
    Ok(judge(value, own))
}

/// Whether a list is the issuer's own.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Keeper {
    Issuer,
    SomebodyElse,
}

/// Checks that a list is signed, is the one that was asked for, and is in force.
fn is_genuine(
    desk: &mut Desk<'_>,
    list: &Jws,
    claims: &Map<String, Value>,
    url: &str,
) -> Result<Keeper, Box<Check>> {
    let refused = |why: String| {
        Box::new(failed("STATUS_VERIFICATION_ERROR", format!("The status list cannot be relied on: {why}.")))
    };
    let issuer = text(claims.get("iss"));
    let hint = Hint {
        relationship: Relationship::AssertionMethod,
        key_id: list.key_id(),
        // a key that comes along would let anybody keep the list
        jwk: None,
        issuer: text(list.payload.get("iss")).or(issuer),
        metadata: true,
    };
    let found = keys::find_signer(desk, hint).map_err(|missing| match missing {
        keys::Missing::Unavailable { code, message } => {
            Box::new(unknown(code, format!("The status list cannot be checked. {message}")))
        }
        keys::Missing::Wrong { message, .. } => refused(message),
    })?;
    list.verify_typed(&found.key, TypeRule::Exactly("statuslist+jwt"))
        .map_err(|error| refused(error.to_string()))?;
    if text(list.payload.get("sub")) != Some(url) {
        return Err(refused("it is another list than the one asked for".to_owned()));
    }
    if jose::check_times(&list.payload, desk.facts.now).is_err() {
        let message = "The status list is not in force at this time.";
        return Err(Box::new(unknown("status_list_out_of_date", message)));
    }
    let own = issuer.is_some_and(|issuer| found.controller.is(issuer));
    Ok(if own { Keeper::Issuer } else { Keeper::SomebodyElse })
}

/// The value of an entry: `bits` wide, the first in the lowest bits of its byte.
fn value(list: &Jws, index: usize) -> Option<u8> {
    let list = list.payload.get("status_list")?;
    let bits = list.get("bits")?.as_u64().filter(|bits| matches!(bits, 1 | 2 | 4 | 8))? as usize;
    let packed = URL_SAFE_NO_PAD.decode(text(list.get("lst"))?).ok()?;
    let mut bytes = Vec::new();
    ZlibDecoder::new(packed.as_slice()).take(MOST_BYTES as u64 + 1).read_to_end(&mut bytes).ok()?;
    if bytes.len() > MOST_BYTES {
        return None;
    }
    let per_byte = 8 / bits;
    let byte = bytes.get(index / per_byte)?;
    let mask = ((1_u16 << bits) - 1) as u8;
    Some(byte >> (index % per_byte * bits) & mask)
}

fn judge(value: u8, keeper: Keeper) -> Check {
    match (value, keeper) {
        (0, Keeper::Issuer) => {
            let message = "The issuer has not taken the credential back.";
            Check::new("status", Outcome::Passed, "in_force", message)
        }
        (0, Keeper::SomebodyElse) => {
            let message =
                "The credential has not been revoked, says a list kept by somebody other than its issuer.";
            Check::new("status", Outcome::Warning, "status_other_issuer", message)
        }
        (1, _) => failed("revoked", "The issuer has revoked the credential."),
        (2, _) => failed("suspended", "The issuer has suspended the credential for the time being."),
        (other, _) => {
            let message = format!("The credential has the status {other}, whose meaning is not known here.");
            unknown("status_purpose_unknown", message)
        }
    }
}
