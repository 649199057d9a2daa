//! Has the issuer taken the credential back? (Bitstring Status List 1.0, 3.2)

use serde_json::{Map, Value, json};

use super::dates;
use super::desk::{Answer, Desk, ELSEWHERE};
use super::input::{self, Input};
use super::member::{issuer_id, several, text, types};
use super::report::weight;
use super::revocation_list;
use super::{Check, Outcome, Purpose, ShortLists, proofs};
use crate::status_list::{StatusError, StatusList};

/// More entries than any credential needs.
const MOST_ENTRIES: usize = 16;

pub(super) fn check(desk: &mut Desk<'_>, credential: &Map<String, Value>) -> Check {
    let entries = several(credential.get("credentialStatus"));
    if entries.len() > MOST_ENTRIES {
        return failed("MALFORMED_VALUE_ERROR", "The credential has too many status entries.");
    }
    let mut worst: Option<Check> = None;
    for entry in entries {
        let one = match entry.as_object() {
            Some(entry) => check_entry(desk, credential, entry),
            None => failed("MALFORMED_VALUE_ERROR", "The credential's status entry is not an object."),
        };
        if worst.as_ref().is_none_or(|worst| weight(one.outcome) > weight(worst.outcome)) {
            worst = Some(one);
        }
    }
    worst.unwrap_or_else(|| {
        let message = "The credential has no status that could change: it cannot be revoked.";
        Check::new("status", Outcome::Passed, "no_status", message)
    })
}

pub(super) fn failed(code: &str, message: impl Into<String>) -> Check {
    Check::new("status", Outcome::Failed, code, message)
}

pub(super) fn unknown(code: &str, message: impl Into<String>) -> Check {
    Check::new("status", Outcome::Unknown, code, message)
}

fn check_entry(desk: &mut Desk<'_>, credential: &Map<String, Value>, entry: &Map<String, Value>) -> Check {
    let kinds = types(entry);
    if kinds.contains(&"1EdTechRevocationList") {
        return revocation_list::check(desk, credential, entry);
    }
    let Some(form) = Form::of(&kinds) else {
        let message =
            format!("The credential's status is of the kind {kinds:?}, which cannot be checked here.");
        return unknown("status_kind_unknown", message);
    };
    let Some(place) = Place::of(entry) else {
        return failed("MALFORMED_VALUE_ERROR", "The credential's status entry is malformed.");
    };
    let url = place.list;
    let bytes = match desk.document(url, Purpose::StatusList) {
        Answer::Here(bytes) => bytes,
        Answer::Refused(reason) => {
            let message = format!("The status list at {url} could not be read: {reason}.");
            return unknown("STATUS_RETRIEVAL_ERROR", message);
        }
        Answer::NotYet => {
            return unknown(
                "status_not_fetched",
                format!("The status list at {url} has not been fetched yet."),
            );
        }
    };
    let Some(list) = input::read_fetched(bytes) else {
        return unknown("STATUS_RETRIEVAL_ERROR", format!("The document at {url} is not a status list."));
    };
    if let Err(check) = is_the_one(desk, url, list.credential()) {
        return *check;
    }
    let mut detail = json!({"list": url, "index": place.index, "purpose": place.purpose});
    match read(desk, &list, &place, form) {
        Err(check) => *check,
        Ok((bits, contexts)) => {
            if let Some(contexts) = contexts {
                detail["contexts"] = contexts;
            }
            judge(credential, entry, list.credential(), &place, bits)
        }
    }
    .with(detail)
}

/// A list may lie anywhere, for its proof binds it; which list it is says its id. One without an id is what
/// the host that was asked says it is.
fn is_the_one(desk: &Desk<'_>, url: &str, list: &Map<String, Value>) -> Result<(), Box<Check>> {
    match (list.get("id"), desk.moved(url)) {
        (Some(id), _) if id == url => Ok(()),
        (None, None) => Ok(()),
        (None, Some(message)) => Err(Box::new(unknown(ELSEWHERE, message))),
        (Some(id), _) => {
            let id = id.as_str().unwrap_or("no address");
            let message =
                format!("The list at {url} is another list than the one the credential names: {id}.");
            Err(Box::new(failed("STATUS_VERIFICATION_ERROR", message)))
        }
    }
}

/// The two forms of lists of bits.
#[derive(Debug, Clone, Copy)]
enum Form {
    /// W3C Bitstring Status List 1.0.
    Bitstring,
    /// Its predecessor of 2021, which differs in names.
    StatusList2021,
}

impl Form {
    fn of(kinds: &[&str]) -> Option<Self> {
        kinds.iter().find_map(|kind| match *kind {
            "BitstringStatusListEntry" => Some(Self::Bitstring),
            "StatusList2021Entry" => Some(Self::StatusList2021),
            _ => None,
        })
    }

    fn list_type(self) -> &'static str {
        match self {
            Self::Bitstring => "BitstringStatusListCredential",
            Self::StatusList2021 => "StatusList2021Credential",
        }
    }
}

/// Where the bit is.
struct Place<'a> {
    list: &'a str,
    index: usize,
    purpose: &'a str,
    bits: usize,
}

impl<'a> Place<'a> {
    fn of(entry: &'a Map<String, Value>) -> Option<Self> {
        let number = |value: &Value| match value {
            // The specification wants text; some issuers write a number.
            Value::String(text) if text.bytes().all(|b| b.is_ascii_digit()) => text.parse().ok(),
            Value::Number(number) => usize::try_from(number.as_u64()?).ok(),
            _ => None,
        };
        Some(Self {
            list: text(entry.get("statusListCredential"))?,
            index: number(entry.get("statusListIndex")?)?,
            purpose: text(entry.get("statusPurpose"))?,
            bits: entry.get("statusSize").map_or(Some(1), number)?,
        })
    }
}

/// Verifies the list and reads the entry's value. Also gives the contexts its proof needed that are not
/// bundled.
fn read(
    desk: &mut Desk<'_>,
    input: &Input,
    place: &Place<'_>,
    form: Form,
) -> Result<(Bits, Option<Value>), Box<Check>> {
    let list = input.credential();
    let not_a_list = |why: &str| {
        Box::new(failed("STATUS_VERIFICATION_ERROR", format!("The status list cannot be relied on: {why}.")))
    };
    if !types(list).contains(&form.list_type()) {
        return Err(not_a_list(&format!("it is not a {}", form.list_type())));
    }
    let (proof, controllers) = proofs::check(desk, input, "status");
    match proof.outcome {
        Outcome::Passed | Outcome::Warning => {}
        Outcome::Unknown => {
            let message = format!("The status list cannot be checked. {}", proof.message);
            return Err(Box::new(unknown(&proof.code, message)));
        }
        Outcome::Failed => {
            let message = format!("The status list is not genuine. {}", proof.message);
            return Err(Box::new(failed("STATUS_VERIFICATION_ERROR", message)));
        }
    }
    if controllers.revoked_since().is_some() {
        let message =
            "The status list is signed with a key that was revoked since: what it says now is not known.";
        return Err(Box::new(unknown("status_list_key_revoked", message)));
    }
    let issuer = issuer_id(list);
    if !issuer.is_some_and(|issuer| controllers.include(issuer)) {
        return Err(not_a_list("the key controller does not match issuer"));
    }
    let time = dates::check(list, desk.facts.now);
    if time.outcome != Outcome::Passed {
        let message = "The status list is not in force at this time.";
        return Err(Box::new(unknown("status_list_out_of_date", message)));
    }
    let subject = list.get("credentialSubject").and_then(Value::as_object);
    let subject = subject.ok_or_else(|| not_a_list("it has no subject"))?;
    if !several(subject.get("statusPurpose")).iter().any(|purpose| purpose.as_str() == Some(place.purpose)) {
        return Err(not_a_list("it is for another purpose"));
    }
    let encoded = text(subject.get("encodedList")).ok_or_else(|| not_a_list("it has no bits"))?;
    let contexts = proof.detail.and_then(|detail| detail.get("contexts").cloned());
    bits(encoded, place, desk.facts.short_lists)
        .map(|bits| (bits, contexts))
        .map_err(|error| Box::new(failed(error.code(), format!("The status cannot be told: {error}."))))
}

fn bits(encoded: &str, place: &Place<'_>, short: ShortLists) -> Result<Bits, StatusError> {
    let list = StatusList::from_encoded(encoded)?;
    let long_enough = list.long_enough(place.bits);
    if short == ShortLists::Refused {
        long_enough.clone()?;
    }
    Ok(Bits { value: list.value(place.index, place.bits)?, is_short: long_enough.is_err() })
}

/// What a list says at a place.
struct Bits {
    value: u64,
    /// The list has too few entries to hide anybody among.
    is_short: bool,
}

fn judge(
    credential: &Map<String, Value>,
    entry: &Map<String, Value>,
    list: &Map<String, Value>,
    place: &Place<'_>,
    Bits { value, is_short }: Bits,
) -> Check {
    if value == 0 {
        if issuer_id(list) != issuer_id(credential) {
            let message =
                "The credential has not been revoked, says a list kept by somebody other than its issuer.";
            return Check::new("status", Outcome::Warning, "status_other_issuer", message);
        }
        if is_short {
            let message = "The issuer has not taken the credential back. The status list is shorter than the \
                           standard asks for, so that whoever keeps it learns more about who is checked.";
            return Check::new("status", Outcome::Warning, "status_list_short", message);
        }
        let message = "The issuer has not taken the credential back.";
        return Check::new("status", Outcome::Passed, "in_force", message);
    }
    let subject = list.get("credentialSubject").and_then(Value::as_object);
    let serves = |purpose: &str| {
        subject.is_some_and(|s| several(s.get("statusPurpose")).iter().any(|p| p.as_str() == Some(purpose)))
    };
    match place.purpose {
        // one bit for both purposes: the list cannot say which of the two it is
        "revocation" if serves("suspension") => {
            failed("revoked_or_suspended", "The issuer has revoked or suspended the credential.")
        }
        "revocation" => failed("revoked", "The issuer has revoked the credential."),
        // some issuers leave the bit set for good when they revoke
        "suspension" => {
            failed("suspended", "The issuer has suspended the credential, for the time being or for good.")
        }
        "refresh" => {
            let message = "The issuer has a newer version of the credential.";
            Check::new("status", Outcome::Warning, "refresh_available", message)
        }
        "message" => {
            let said = message_of(entry, value).unwrap_or("a status without explanation");
            Check::new("status", Outcome::Warning, "status_message", format!("The issuer says: {said}."))
        }
        other => unknown(
            "status_purpose_unknown",
            format!("The credential has a status of the unknown purpose \"{other}\"."),
        ),
    }
}

/// What the entry says a value means.
fn message_of(entry: &Map<String, Value>, value: u64) -> Option<&str> {
    let is_value = |message: &&Value| {
        let number = text(message.get("status")).and_then(|text| text.strip_prefix("0x"));
        number.and_then(|digits| u64::from_str_radix(digits, 16).ok()) == Some(value)
    };
    text(several(entry.get("statusMessage")).iter().find(is_value)?.get("message"))
}
