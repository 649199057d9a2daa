//! Are the documents a credential refers to still those it was issued with? (VC Data Model 2.0, 5.3)

use serde_json::{Map, Value, json};

use super::desk::{Answer, Desk, fetchable};
use super::digest::{self, Fit};
use super::member::{several, text};
use super::report::weight;
use super::{Check, Outcome, Purpose};

/// More documents than are fetched for one credential.
const MOST_RESOURCES: usize = 16;
const NAME: &str = "related_resource";

/// Compares each document of `relatedResource` with its digests; `None` if there are none.
pub(super) fn check(desk: &mut Desk<'_>, credential: &Map<String, Value>) -> Option<Check> {
    let all = several(credential.get("relatedResource"));
    if all.is_empty() {
        return None;
    }
    // they are asked for only when the credential itself needs nothing more
    let first = std::mem::take(&mut desk.wanted);
    let looked_at = all.iter().take(MOST_RESOURCES).filter_map(Value::as_object);
    let mut checks: Vec<Check> = looked_at.filter_map(|one| check_one(desk, one)).collect();
    let later = std::mem::replace(&mut desk.wanted, first);
    desk.later.extend(later);
    if all.len() > MOST_RESOURCES {
        let message =
            format!("Only the first {MOST_RESOURCES} of {} related documents were checked.", all.len());
        checks.push(Check::new(NAME, Outcome::Warning, "too_many_resources", message));
    }
    checks.into_iter().reduce(
        |worst, check| {
            if weight(check.outcome) > weight(worst.outcome) { check } else { worst }
        },
    )
}

/// `None` for an entry that is malformed, which is for the check of the schema to say.
fn check_one(desk: &mut Desk<'_>, entry: &Map<String, Value>) -> Option<Check> {
    let url = text(entry.get("id"))?;
    let check = |outcome, code, message: String| {
        Some(Check::new(NAME, outcome, code, message).with(json!({"resource": url})))
    };
    let away = |why: &str| {
        let message = format!("Whether the document at {url} is unchanged could not be found out: {why}.");
        check(Outcome::Warning, "resource_unavailable", message)
    };
    if !fetchable(url, desk.facts.scheme) {
        return away("it is not at an address that can be asked");
    }
    let bytes = match desk.document(url, Purpose::RelatedResource) {
        Answer::Here(bytes) => bytes,
        Answer::Refused(why) => return away(why),
        Answer::NotYet => {
            let message = format!("The document at {url} has not been fetched yet.");
            return check(Outcome::Unknown, "resource_not_fetched", message);
        }
    };
    match fit(entry, bytes) {
        Fit::Same => {
            let message = "The documents the credential refers to are unchanged.".to_owned();
            check(Outcome::Passed, "resources_unchanged", message)
        }
        Fit::Differs => {
            let message = format!(
                "The document at {url} is not the one the credential was issued with: its digest differs."
            );
            check(Outcome::Failed, "resource_changed", message)
        }
        Fit::Unknown => {
            let message = format!("The digest of the document at {url} is of a kind that is not known here.");
            check(Outcome::Warning, "digest_unknown", message)
        }
    }
}

/// Every digest that can be read has to fit.
fn fit(entry: &Map<String, Value>, bytes: &[u8]) -> Fit {
    let sri = several(entry.get("digestSRI")).iter().filter_map(Value::as_str);
    let multibase = several(entry.get("digestMultibase")).iter().filter_map(Value::as_str);
    let fits: Vec<Fit> = sri
        .take(4)
        .map(|said| digest::sri(said, bytes))
        .chain(multibase.take(4).map(|said| digest::multibase(said, bytes)))
        .collect();
    [Fit::Differs, Fit::Same].into_iter().find(|fit| fits.contains(fit)).unwrap_or(Fit::Unknown)
}
