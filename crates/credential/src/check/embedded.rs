//! Credentials inside other documents: in a presentation, or in a Comprehensive Learner Record.

use serde_json::{Map, Value, json};

use super::credential::{Presenter, examine};
use super::desk::Desk;
use super::input::{self, Document, Input};
use super::member::{several, types};
use super::{Check, Outcome, Report, Verdict};
use crate::document::ENVELOPED;
use crate::presentation::open_envelope;

/// A record may hold records; deeper than this nobody looks.
const MOST_LEVELS: usize = 3;

/// Reads a credential that stands in another document: whole, or in an envelope.
pub(super) fn read(entry: &Value) -> (Check, Option<Input>) {
    let failed = |code: &str, message: &str| (Check::new("format", Outcome::Failed, code, message), None);
    let Some(map) = entry.as_object() else {
        return failed("not_a_credential", "This is not a credential: it is not a JSON object.");
    };
    if !types(map).contains(&ENVELOPED) {
        let message = "The credential stands in the document.";
        let check = Check::new("format", Outcome::Passed, "readable", message);
        return (check.with(json!({"form": "json", "baked": null})), Some(Input::Json(map.clone())));
    }
    let Some(bytes) = open_envelope(map) else {
        return failed("envelope_malformed", "The credential's envelope is not a data: URL.");
    };
    match input::read(&bytes) {
        (
            _,
            Some(
                Document::Credential(Input::Json(_))
                | Document::Legacy(_)
                | Document::Claims(_)
                | Document::Foreign(_),
            ),
        ) => failed(
            "envelope_malformed",
            "What is in the credential's envelope is not a credential secured as a whole.",
        ),
        (check, Some(Document::Credential(input))) => (check, Some(input)),
        (check, None) => (check, None),
    }
}

/// A report on a credential that was [`read`].
pub(super) fn report(
    desk: &mut Desk<'_>,
    (format, input): (Check, Option<Input>),
    presenter: Option<Presenter<'_>>,
) -> Report {
    let Some(input) = input else { return Report::new(vec![format], None) };
    if let Some(refusal) = input.refusal() {
        return Report::new(vec![refusal], None);
    }
    if desk.level >= MOST_LEVELS || desk.left == 0 {
        let message = "The credential was not looked at: it is one of too many, or too deep inside.";
        return Report::new(
            vec![format, Check::new("proof", Outcome::Unknown, "too_many_inside", message)],
            None,
        );
    }
    desk.left -= 1;
    desk.level += 1;
    let (more, summary) = examine(desk, &input, presenter);
    desk.level -= 1;
    Report::new([vec![format], more].concat(), Some(summary))
}

/// Verifies the credentials a record holds (CLR 2.0, `ClrSubject`): the record is as good as the worst.
/// `None` if it is not a record.
pub(super) fn check_record(desk: &mut Desk<'_>, record: &Map<String, Value>) -> Option<Check> {
    if !types(record).contains(&"ClrCredential") {
        return None;
    }
    let entries = several(record.get("credentialSubject"))
        .iter()
        .flat_map(|subject| several(subject.get("verifiableCredential")));
    let reports: Vec<Report> = entries.map(|entry| report(desk, read(entry), None)).collect();
    Some(sum(&reports))
}

/// The name of the check of a record's credentials.
const NAME: &str = "credentials";

/// What the credentials in a record come to.
fn sum(reports: &[Report]) -> Check {
    let any = |verdict| reports.iter().any(|report| report.verdict == verdict);
    let (outcome, code, message) = if reports.is_empty() {
        (Outcome::Failed, "no_credentials", "The record holds no credential.")
    } else if any(Verdict::Failed) {
        (Outcome::Failed, "credential_failed", "A credential in the record does not hold.")
    } else if any(Verdict::Unknown) {
        (
            Outcome::Unknown,
            "credential_unknown",
            "A credential in the record could not be checked to the end.",
        )
    } else if any(Verdict::Warning) {
        (
            Outcome::Warning,
            "credential_warning",
            "Something is worth knowing about a credential in the record.",
        )
    } else {
        (Outcome::Passed, "credentials_hold", "Every credential in the record holds.")
    };
    let reports: Vec<Value> =
        reports.iter().map(|report| serde_json::to_value(report).unwrap_or(Value::Null)).collect();
    Check::new(NAME, outcome, code, message).with(json!({"credentials": reports}))
}

impl Report {
    /// The reports on the credentials inside, if it is on a record.
    pub fn inside(&self) -> Vec<Report> {
        let check = self.checks.iter().find(|check| check.check == NAME);
        let inside = check.and_then(|check| check.detail.as_ref()?.get(NAME));
        inside.and_then(|inside| serde_json::from_value(inside.clone()).ok()).unwrap_or_default()
    }

    /// Puts other reports in the place of those on the credentials inside; the verdict follows.
    pub fn revise_inside(&mut self, inside: &[Report]) {
        self.revise(|checks| {
            for check in checks.iter_mut().filter(|check| check.check == NAME) {
                *check = sum(inside);
            }
        });
    }
}
