//! Verification of presentations: the holder's part first, then every credential in it.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};
use std::collections::BTreeSet;

use super::credential::Presenter;
use super::desk::Desk;
use super::embedded;
use super::input::Input;
use super::keys::Relationship;
use super::member::{several, text, types};
use super::presented::{self, PresentationInput};
use super::proofs::{self, Controllers};
use super::report::verdict;
use super::schema::{self, Problems};
use super::{Check, Facts, Outcome, Report, Verdict, WantedDocument};
use crate::document::ENVELOPED;
use crate::presentation::open_envelope;
use crate::proof::{Expectations, ProofError};
use crate::rdf::is_absolute_iri;

/// More credentials than anybody presents at once.
const MOST_CREDENTIALS: usize = 64;

/// What the verifier asked the holder for.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct VerifierRequest {
    /// The challenge it gave, once and to nobody else; `None` if it gave none.
    pub challenge: Option<String>,
    /// Its domain, as the proof must name it; `None` if that does not matter.
    pub domain: Option<String>,
}

/// What a presentation says about itself, verified or not.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct PresentationSummary {
    /// Its id.
    pub id: Option<String>,
    /// Who presents.
    pub holder: Option<String>,
    /// Its types.
    pub types: Vec<String>,
}

/// What was found out about a presentation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PresentationReport {
    /// What all checks come to, those of the credentials too.
    pub verdict: Verdict,
    /// The presentation's own checks, in the order they were made: `format`, `schema`, `proof`, `holder`,
    /// `domain`, `challenge` and `subjects`; the last three only if there is something to say.
    pub checks: Vec<Check>,
    /// What it says about itself; `None` if it could not be read.
    pub presentation: Option<PresentationSummary>,
    /// A report on each of its credentials, in their order.
    pub credentials: Vec<Report>,
}

impl PresentationReport {
    fn new(checks: Vec<Check>, presentation: Option<PresentationSummary>, credentials: Vec<Report>) -> Self {
        let all: Vec<Check> =
            checks.iter().chain(credentials.iter().flat_map(|report| &report.checks)).cloned().collect();
        Self { verdict: verdict(&all), checks, presentation, credentials }
    }

    /// Puts other reports in the place of those on its credentials; the verdict follows.
    pub fn revise(&mut self, credentials: Vec<Report>) {
        *self = Self::new(std::mem::take(&mut self.checks), self.presentation.take(), credentials);
    }
}

/// What [`check_presentation`] gives back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CheckedPresentation {
    /// The report as far as the facts go.
    pub report: PresentationReport,
    /// Documents to fetch before calling again; empty when the report is final.
    pub wanted: Vec<WantedDocument>,
}

/// True for what says of itself that it is a presentation, in any form: [`check_presentation`] is for it, not
/// [`super::check`].
pub fn is_presentation(input: &[u8]) -> bool {
    presented::read(input).is_ok_and(|handed| types(&handed.presentation).contains(&"VerifiablePresentation"))
}

/// Verifies a presentation and every credential in it. A presentation without proof is accepted with a
/// warning, unless a challenge or a domain is expected: then only a proof can answer.
pub fn check_presentation(input: &[u8], facts: &Facts, expected: &VerifierRequest) -> CheckedPresentation {
    let handed = match presented::read(input) {
        Ok(handed) => handed,
        Err((code, message)) => {
            let check = Check::new("format", Outcome::Failed, code, message);
            let report = PresentationReport::new(vec![check], None, Vec::new());
            return CheckedPresentation { report, wanted: Vec::new() };
        }
    };
    let presentation = &handed.presentation;
    let mut desk = Desk::new(facts);
    let message = "The presentation can be read.";
    let format = Check::new("format", Outcome::Passed, "readable", message);
    let mut checks = vec![format.with(json!({"form": handed.form()})), shape(presentation)];
    let (proof, mut controllers) = prove(&mut desk, &handed);
    let proven = proof.outcome;
    checks.push(proof);
    checks.extend(controllers.others.take());
    checks.extend(controllers.revoked_since());
    checks.push(holder(presentation, proven, &controllers));
    checks.push(domain(&handed, proven, expected));
    checks.push(challenge(&handed, proven, expected));
    let entries = several(presentation.get("verifiableCredential"));
    if entries.is_empty() {
        let message = "Nothing was presented: there is no credential in the presentation.";
        checks.push(Check::new("presented", Outcome::Unknown, "nothing_presented", message));
    }
    let read: Vec<(Check, Option<Input>)> =
        entries.iter().take(MOST_CREDENTIALS).map(embedded::read).collect();
    checks.push(subjects(presentation, &controllers, &read));
    keep_what_is_known(&mut checks, proven, entries.is_empty());
    // What is signed only as part of the presentation counts only if all of that is in order.
    let in_order = proven == Outcome::Passed && checks.iter().all(|check| check.outcome != Outcome::Failed);
    let holder = holder_id(presentation).filter(|_| in_order);
    let presenter = holder.map(|holder| Presenter { holder, controllers: &controllers });
    let credentials = read.into_iter().map(|read| embedded::report(&mut desk, read, presenter)).collect();
    let report = PresentationReport::new(checks, Some(summary(presentation)), credentials);
    CheckedPresentation { report, wanted: desk.wanted() }
}

/// Takes out what passed only because there was nothing to look at: that nobody was asked for a challenge, or that
/// nobody else is spoken of, says nothing while nobody has signed; and what presents nothing is in no kind of order.
fn keep_what_is_known(checks: &mut Vec<Check>, proven: Outcome, nothing: bool) {
    const OF_WHOEVER_SIGNED: [&str; 3] = ["domain", "challenge", "subjects"];
    if proven == Outcome::Passed {
        return;
    }
    checks.retain(|check| {
        check.outcome != Outcome::Passed || !nothing && !OF_WHOEVER_SIGNED.contains(&check.check.as_str())
    });
}

/// Structure only, as for credentials.
fn shape(presentation: &Map<String, Value>) -> Check {
    let mut problems = Problems::default();
    let contexts = several(presentation.get("@context"));
    let first = contexts.first().and_then(Value::as_str);
    if !matches!(first, Some(schema::V1 | schema::V2)) {
        problems.add("@context", &format!("does not begin with {}", schema::V2));
    }
    if contexts.iter().any(|value| !value.is_string() && !value.is_object()) {
        problems.add("@context", "holds something that is neither a URL nor an object");
    }
    if presentation.get("id").is_some_and(|id| !id.as_str().is_some_and(is_absolute_iri)) {
        problems.add("id", "is not a URL");
    }
    let kinds = several(presentation.get("type"));
    if !kinds.iter().any(|kind| kind == "VerifiablePresentation") || !kinds.iter().all(Value::is_string) {
        problems.add("type", "does not hold VerifiablePresentation");
    }
    if presentation.contains_key("holder") && !holder_id(presentation).is_some_and(is_absolute_iri) {
        problems.add("holder", "is not, and has no id that is, a URL");
    }
    for name in ["proof", "termsOfUse"] {
        for value in several(presentation.get(name)) {
            schema::typed(name, value, &mut problems);
        }
    }
    let entries = several(presentation.get("verifiableCredential"));
    if presentation.get("verifiableCredential").is_some_and(Value::is_null) {
        problems.add("verifiableCredential", "is null");
    }
    if entries.len() > MOST_CREDENTIALS {
        problems.add("verifiableCredential", &format!("holds more than {MOST_CREDENTIALS} credentials"));
    }
    for entry in entries.iter().take(MOST_CREDENTIALS) {
        check_entry(entry, &mut problems);
    }
    problems.into_check("presentation", first == Some(schema::V1))
}

fn check_entry(entry: &Value, problems: &mut Problems) {
    const PLACE: &str = "verifiableCredential";
    let Some(map) = entry.as_object() else {
        return problems.add(PLACE, "holds something that is no object");
    };
    let kinds = types(map);
    if kinds.contains(&ENVELOPED) {
        if !several(map.get("@context")).iter().any(|context| context == schema::V2) {
            problems.add(PLACE, "holds an envelope without the context");
        }
        if open_envelope(map).is_none() {
            problems.add(PLACE, "holds an envelope whose id is not a data: URL");
        }
    } else if !kinds.contains(&"VerifiableCredential") {
        problems.add(PLACE, "holds something that is no credential");
    }
}

/// The proofs; a presentation need not have one.
fn prove(desk: &mut Desk<'_>, handed: &PresentationInput) -> (Check, Controllers) {
    let presentation = &handed.presentation;
    if let Some(signed) = &handed.signed {
        return signed.prove(desk, presentation);
    }
    let (check, controllers) =
        proofs::check_document(desk, presentation, "proof", Relationship::Authentication);
    if check.code == "unsigned" {
        let message = "The presentation is not signed: nothing shows who presents these credentials.";
        return (Check::new("proof", Outcome::Warning, "unsigned", message), controllers);
    }
    (check, controllers)
}

/// The id of a holder, which may be text or an object.
fn holder_id(presentation: &Map<String, Value>) -> Option<&str> {
    let holder = presentation.get("holder")?;
    holder.as_str().or_else(|| text(holder.get("id")))
}

fn holder(presentation: &Map<String, Value>, proven: Outcome, controllers: &Controllers) -> Check {
    let holder = holder_id(presentation);
    let detail = json!({"holder": holder, "controllers": controllers.names()});
    let check =
        |outcome, code, message: &str| Check::new("holder", outcome, code, message).with(detail.clone());
    match (proven, holder) {
        (Outcome::Passed, Some(holder)) if controllers.include(holder) => {
            check(Outcome::Passed, "holder_proven", "The holder signed the presentation.")
        }
        (Outcome::Passed, Some(_)) => check(
            Outcome::Failed,
            "holder_mismatch",
            "The key controller does not match holder: somebody else signed in the holder's name.",
        ),
        (Outcome::Passed, None) => check(
            Outcome::Passed,
            "holder_unnamed",
            "The presentation names no holder; whoever signed it presents it.",
        ),
        (Outcome::Warning, _) => {
            check(Outcome::Warning, "holder_unproven", "Nothing shows who presents these credentials.")
        }
        (Outcome::Failed, _) => {
            check(Outcome::Failed, "holder_unproven", "Nothing shows that the holder made this presentation.")
        }
        (Outcome::Unknown, _) => check(
            Outcome::Unknown,
            "holder_unproven",
            "Whether the holder made this presentation could not be found out.",
        ),
    }
}

/// Compares every proof, or the claims of a signature, with what is expected.
fn compare(handed: &PresentationInput, expectations: &Expectations<'_>) -> Result<(), ProofError> {
    let presentation = &handed.presentation;
    if handed.signed.is_some() {
        return expectations.check(&presented::claims_as_proof(presentation));
    }
    several(presentation.get("proof")).iter().filter_map(Value::as_object).try_for_each(|proof| {
        match expectations.check(proof) {
            // the purpose is the proof check's to judge
            Err(ProofError::Purpose(_)) | Ok(()) => Ok(()),
            Err(error) => Err(error),
        }
    })
}

fn domain(handed: &PresentationInput, proven: Outcome, expected: &VerifierRequest) -> Check {
    let Some(domain) = &expected.domain else {
        let message = "The verifier did not say for which domain the presentation should be.";
        return Check::new("domain", Outcome::Passed, "domain_not_expected", message);
    };
    let expectations =
        Expectations { domain: Some(domain), ..Expectations::new(Relationship::Authentication.name()) };
    match (compare(handed, &expectations), proven) {
        (Ok(()), Outcome::Passed) => {
            Check::new("domain", Outcome::Passed, "domain_matches", "The presentation is for this verifier.")
        }
        (Ok(()), Outcome::Unknown) => {
            let message = "Whether the presentation is for this verifier could not be found out.";
            Check::new("domain", Outcome::Unknown, "domain_unproven", message)
        }
        (Ok(()), Outcome::Warning | Outcome::Failed) | (Err(_), _) => {
            let message = "The presentation was not signed for this verifier's domain.";
            Check::new("domain", Outcome::Failed, ProofError::Domain.code(), message)
        }
    }
}

fn challenge(handed: &PresentationInput, proven: Outcome, expected: &VerifierRequest) -> Check {
    let Some(challenge) = &expected.challenge else {
        let message = "The verifier gave no challenge; the presentation may be an old one.";
        return Check::new("challenge", Outcome::Passed, "challenge_not_expected", message);
    };
    let expectations =
        Expectations { challenge: Some(challenge), ..Expectations::new(Relationship::Authentication.name()) };
    match (compare(handed, &expectations), proven) {
        (Ok(()), Outcome::Passed) => {
            let message = "The presentation answers the verifier's challenge.";
            Check::new("challenge", Outcome::Passed, "challenge_answered", message)
        }
        (Ok(()), Outcome::Unknown) => {
            let message = "Whether the presentation answers the challenge could not be found out.";
            Check::new("challenge", Outcome::Unknown, "challenge_unproven", message)
        }
        (Ok(()), Outcome::Warning | Outcome::Failed) | (Err(_), _) => {
            let message = "The presentation does not answer the verifier's challenge: it may have been made for another.";
            Check::new("challenge", Outcome::Failed, ProofError::Challenge.code(), message)
        }
    }
}

/// Are the credentials about who presents them? Only where both are DIDs can that be told; somebody may
/// well present what is about another (a parent, a school), so it is a warning.
fn subjects(
    presentation: &Map<String, Value>,
    controllers: &Controllers,
    credentials: &[(Check, Option<Input>)],
) -> Check {
    let presents = |id: &str| match holder_id(presentation) {
        Some(holder) => holder == id,
        None => controllers.include(id),
    };
    let others: BTreeSet<&str> = credentials
        .iter()
        .filter_map(|(_, input)| input.as_ref())
        .flat_map(|input| several(input.credential().get("credentialSubject")))
        .filter_map(|subject| text(subject.get("id")))
        .filter(|id| id.starts_with("did:") && !presents(id))
        .collect();
    if others.is_empty() {
        let message = "No credential names another than the holder as the one it is about.";
        return Check::new("subjects", Outcome::Passed, "subjects_are_holder", message);
    }
    let message = "A credential is about somebody other than the holder who presents it.";
    Check::new("subjects", Outcome::Warning, "subject_not_holder", message).with(json!({"subjects": others}))
}

fn summary(presentation: &Map<String, Value>) -> PresentationSummary {
    PresentationSummary {
        id: text(presentation.get("id")).map(str::to_owned),
        holder: holder_id(presentation).map(str::to_owned),
        types: types(presentation).into_iter().map(str::to_owned).collect(),
    }
}
