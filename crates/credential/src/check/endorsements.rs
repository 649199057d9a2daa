//! Endorsements: does anybody speak for this badge, and is it really them? (Open Badges 3.0, B.1.9)
//!
//! An endorsement that does not hold is a warning: anybody can attach a bad one to a good badge. It is
//! never shown as good. Endorsements of endorsers are not followed.

use serde_json::{Map, Value, json};
use std::collections::BTreeSet;

use super::desk::Desk;
use super::input::{self, Input};
use super::member::{issuer_id, name, several, text, types};
use super::report::weight;
use super::schema::{self, Problems};
use super::{Check, Outcome, dates, issuer, proofs, schema_ob, status};

/// More endorsements than anybody reads.
const MOST_ENDORSEMENTS: usize = 16;

/// Something that can be endorsed.
struct Endorsee<'a> {
    what: &'static str,
    thing: &'a Map<String, Value>,
}

/// Checks the endorsements of a credential, its achievement and its issuer; `None` if there are none.
pub(super) fn check(desk: &mut Desk<'_>, credential: &Map<String, Value>) -> Option<Check> {
    let mut all = Vec::new();
    for endorsed in endorsable(credential) {
        let id = text(endorsed.thing.get("id"));
        for member in ["endorsement", "endorsementJwt"] {
            let several = several(endorsed.thing.get(member)).iter();
            all.extend(several.map(|endorsement| (endorsed.what, id, endorsement)));
        }
    }
    if all.is_empty() {
        return None;
    }
    // What an endorsement needs is asked for only when the badge itself needs nothing more.
    let first = std::mem::take(&mut desk.wanted);
    let found: Vec<EndorsementFinding> = all
        .iter()
        .take(MOST_ENDORSEMENTS)
        .map(|(what, id, endorsement)| EndorsementFinding::of(desk, what, *id, endorsement))
        .collect();
    let later: BTreeSet<_> = std::mem::replace(&mut desk.wanted, first);
    desk.later.extend(later);
    Some(sum(&found, all.len()))
}

fn endorsable(credential: &Map<String, Value>) -> Vec<Endorsee<'_>> {
    let mut all = vec![Endorsee { what: "credential", thing: credential }];
    let subjects = several(credential.get("credentialSubject")).iter();
    let achievements = subjects.flat_map(|subject| several(subject.get("achievement")));
    let achievements = achievements.filter_map(Value::as_object);
    all.extend(achievements.map(|thing| Endorsee { what: "achievement", thing }));
    if let Some(Value::Object(thing)) = credential.get("issuer") {
        all.push(Endorsee { what: "issuer", thing });
    }
    all
}

/// How one endorsement came out.
struct EndorsementFinding {
    what: &'static str,
    endorser: Option<String>,
    endorser_name: Option<String>,
    comment: Option<String>,
    worst: Check,
}

impl EndorsementFinding {
    fn of(desk: &mut Desk<'_>, what: &'static str, id: Option<&str>, endorsement: &Value) -> Self {
        let input = match endorsement {
            Value::Object(map) => Some(Input::Json(map.clone())),
            Value::String(compact) => input::read_fetched(compact.as_bytes()),
            _ => None,
        };
        let Some(input) = input else {
            let message = "An endorsement is neither a credential nor a compact JWS of one.";
            let worst = Check::new("format", Outcome::Failed, "not_a_credential", message);
            return Self { what, endorser: None, endorser_name: None, comment: None, worst };
        };
        let credential = input.credential();
        let subject = several(credential.get("credentialSubject")).first();
        Self {
            what,
            endorser: issuer_id(credential).map(str::to_owned),
            endorser_name: credential.get("issuer").and_then(|issuer| name(issuer.get("name"))),
            comment: subject.and_then(|subject| text(subject.get("endorsementComment"))).map(str::to_owned),
            worst: examine(desk, &input, id),
        }
    }

    fn detail(&self) -> Value {
        json!({
            "endorses": self.what,
            "endorser": self.endorser,
            "name": self.endorser_name,
            "comment": self.comment,
            "outcome": self.worst.outcome,
            "code": self.worst.code,
            "message": self.worst.message,
        })
    }
}

/// The worst check of an endorsement of the thing with this id.
fn examine(desk: &mut Desk<'_>, input: &Input, id: Option<&str>) -> Check {
    if desk.left == 0 {
        let message = "The endorsement was not looked at: it is one of too many.";
        return Check::new("proof", Outcome::Unknown, "too_many_inside", message);
    }
    desk.left -= 1;
    let credential = input.credential();
    let shape = shape(credential);
    let names_it = several(credential.get("credentialSubject"))
        .iter()
        .any(|subject| id.is_some() && text(subject.get("id")) == id);
    if !names_it {
        let message = "The endorsement is for something else.";
        return Check::new("subject", Outcome::Failed, "endorses_something_else", message);
    }
    let (proof, controllers) = proofs::check(desk, input, "proof");
    let issuer = issuer::check(desk, credential, proof.outcome, &controllers);
    let checks =
        [shape, proof, issuer, status::check(desk, credential), dates::check(credential, desk.facts.now)];
    // of equally bad ones the first says why
    let worst = checks
        .into_iter()
        .chain(controllers.revoked_since())
        .reduce(|worst, check| if weight(check.outcome) > weight(worst.outcome) { check } else { worst });
    match worst {
        Some(worst) if worst.outcome != Outcome::Passed => worst,
        _ => Check::new("proof", Outcome::Passed, "endorsement_holds", "The endorsement holds."),
    }
}

fn shape(credential: &Map<String, Value>) -> Check {
    if types(credential).contains(&"EndorsementCredential") {
        return schema::check(credential, schema::Extent::All);
    }
    let mut problems = Problems::default();
    problems.add("type", "does not hold EndorsementCredential");
    schema_ob::endorsement_credential(credential, &mut problems);
    problems.into_check("endorsement", false)
}

fn sum(found: &[EndorsementFinding], number: usize) -> Check {
    let doubtful: Vec<&EndorsementFinding> =
        found.iter().filter(|one| one.worst.outcome != Outcome::Passed).collect();
    let detail = json!({
        "endorsements": found.iter().map(EndorsementFinding::detail).collect::<Vec<_>>(),
        "not_looked_at": number - found.len(),
    });
    let check =
        |outcome, code, message: String| Check::new("endorsements", outcome, code, message).with(detail);
    if let Some(first) = doubtful.first() {
        let code =
            if first.worst.code == "issuer_unknown" { "endorser_unknown" } else { "endorsement_doubtful" };
        let message = format!(
            "{} of {number} endorsements cannot be relied on. {}",
            doubtful.len() + number - found.len(),
            first.worst.message
        );
        return check(Outcome::Warning, code, message);
    }
    if number > found.len() {
        let message = format!("Only the first {MOST_ENDORSEMENTS} of {number} endorsements were looked at.");
        return check(Outcome::Warning, "too_many_endorsements", message);
    }
    let message = match number {
        1 => "The endorsement holds.".to_owned(),
        _ => format!("All {number} endorsements hold."),
    };
    check(Outcome::Passed, "endorsements_hold", message)
}
