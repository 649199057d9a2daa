//! A credential: each of its checks in the order of the report, and what it says about itself.

use serde_json::{Map, Value};

use super::desk::Desk;
use super::input::Input;
use super::kept_back::Gaps;
use super::member::{issuer_id, name, several, text, types};
use super::proofs::{self, Controllers};
use super::report::{Check, Outcome, Summary, weight};
use super::schema::{self, Extent};
use super::{dates, embedded, endorsements, issuer, json_schema, related, status, subject, token_status};
use crate::proof::Suite;

/// Who proved to be presenting a credential. What they issued themselves needs no proof besides the
/// presentation's (VC Data Model 2.0, 4.13.2).
#[derive(Debug, Clone, Copy)]
pub(super) struct Presenter<'a> {
    pub holder: &'a str,
    pub controllers: &'a Controllers,
}

/// All checks of a credential but `format`.
pub(super) fn examine(
    desk: &mut Desk<'_>,
    input: &Input,
    presenter: Option<Presenter<'_>>,
) -> (Vec<Check>, Summary) {
    let credential = input.credential();
    let shown = shown(input);
    let mut checks = vec![schema::check(credential, shown)];
    checks.extend(json_schema::check(desk, credential));
    let (mut proof, mut controllers) = proofs::check(desk, input, "proof");
    if let (Some(presenter), Input::Json(document)) = (presenter, input)
        && several(document.get("proof")).is_empty()
        && issuer_id(credential) == Some(presenter.holder)
    {
        let message = "The holder says this of their own accord: it is signed as part of the presentation.";
        proof = Check::new("proof", Outcome::Warning, "self_asserted", message);
        controllers = presenter.controllers.clone();
    }
    let proven = proof.outcome;
    checks.push(proof);
    checks.extend(controllers.others.take());
    checks.extend(controllers.revoked_since());
    checks.push(issuer::check(desk, credential, proven, &controllers));
    let hidden = Gaps::of(input, shown);
    let mut status = status::check(desk, credential);
    // an SD-JWT VC may have its status in its own way, or in both
    if let Input::SdJwt(_) = input
        && let Some(token) = token_status::check(desk, credential)
        && (status.code == "no_status" || weight(token.outcome) > weight(status.outcome))
    {
        status = token;
    }
    let has_status = !several(credential.get("credentialStatus")).is_empty();
    checks.push(hidden.status(status, has_status));
    checks.push(hidden.dates(dates::check(credential, desk.facts.now), ends(credential)));
    let subject = subject::check(credential, shown);
    checks.push(match input {
        Input::SdJwt(disclosing) => {
            hidden.holder(subject, disclosing, presenter.map(|presenter| presenter.controllers))
        }
        Input::Json(_) | Input::Jws(_) | Input::Cose(_) => subject,
    });
    checks.extend(related::check(desk, credential));
    checks.extend(embedded::check_record(desk, credential));
    checks.extend(endorsements::check(desk, credential));
    let mut summary = summary(credential);
    if by_graph(input) {
        summary.types.retain(|kind| crate::rdf::is_read_type(kind));
    }
    (checks, summary)
}

/// True if a signature covers the graph: then names that a context of the holder's choice defines are not the
/// issuer's words, while those that are read mean what they must.
fn by_graph(input: &Input) -> bool {
    let Input::Json(map) = input else { return false };
    let suites = several(map.get("proof")).iter().filter_map(|proof| Suite::of(proof.as_object()?));
    suites.into_iter().any(Suite::covers_graph)
}

/// Whether a credential is shown as a whole.
fn shown(input: &Input) -> Extent {
    let of_chosen_parts = |proof: &Value| proof.as_object().and_then(Suite::of) == Some(Suite::EcdsaSd2023);
    match input {
        Input::SdJwt(_) => Extent::Part,
        Input::Json(map) if several(map.get("proof")).iter().any(of_chosen_parts) => Extent::Part,
        Input::Json(_) | Input::Jws(_) | Input::Cose(_) => Extent::All,
    }
}

fn ends(credential: &Map<String, Value>) -> bool {
    ["validUntil", "expirationDate"].iter().any(|name| credential.contains_key(*name))
}

/// What a credential says about itself, verified or not.
pub(super) fn summary(credential: &Map<String, Value>) -> Summary {
    let own = |member: &str| text(credential.get(member)).map(str::to_owned);
    let subject = several(credential.get("credentialSubject")).first();
    let achievement = subject.and_then(|subject| several(subject.get("achievement")).first());
    Summary {
        id: own("id"),
        name: name(credential.get("name")),
        issuer_id: issuer_id(credential).map(str::to_owned),
        issuer_name: credential.get("issuer").and_then(|issuer| name(issuer.get("name"))),
        achievement: achievement.and_then(|achievement| name(achievement.get("name"))),
        valid_from: own("validFrom").or_else(|| own("issuanceDate")),
        valid_until: own("validUntil").or_else(|| own("expirationDate")),
        types: types(credential).into_iter().map(str::to_owned).collect(),
    }
}
