//! Presentations: made, challenged, verified.

use super::credential::{self, DecisiveChecks, answer, facts};
use super::problem::{self, Problem};
use super::{At, Verification};
use crate::sign;
use axum::Json;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use cairn_credential::check::{PresentationReport, VerifierRequest, check_presentation};
use cairn_credential::proof::ProofOptions;
use serde_json::{Value, json};

/// Challenges that are kept until they are used.
const MOST_CHALLENGES: usize = 10_000;

/// `POST /challenges`: a challenge to be used once.
pub async fn challenge(State((api, _)): State<At>) -> Response {
    let challenge = api.machine.secret();
    let mut store = api.store();
    if store.challenges.len() >= MOST_CHALLENGES {
        store.challenges.pop_front();
    }
    store.challenges.push_back(challenge.clone());
    Json(json!({ "challenge": challenge })).into_response()
}

/// `POST /presentations` and `/presentations/prove`: `{presentation, options:
/// {challenge, domain}}`.
pub async fn prove(State((api, issuer)): State<At>, body: Bytes) -> Result<Response, Problem> {
    let body = problem::read(&body)?;
    let mut document = problem::object(&body, "presentation")?.clone();
    let issuer = &api.issuers[issuer];
    let options = ProofOptions {
        purpose: "authentication",
        challenge: problem::option(&body, "challenge")?,
        domain: problem::option(&body, "domain")?,
        ..ProofOptions::new(&issuer.key.method, api.machine.now())
    };
    sign::sign(&mut document, issuer.suite(), &issuer.key, &options, &[], api.machine)
        .map_err(|e| Problem::unsignable(format!("{e:#}")))?;
    credential::single_proof(&mut document);
    Ok((StatusCode::CREATED, Json(json!({ "verifiablePresentation": document }))).into_response())
}

/// `POST /presentations/verify`: `{verifiablePresentation | presentation,
/// options?: {challenge?, domain?, checks?}}`. A presentation without a proof
/// is accepted as such, unless a challenge was set.
pub async fn verify(State((api, _)): State<At>, body: Bytes) -> Result<Response, Problem> {
    let body = problem::read(&body)?;
    let input = match body.get("verifiablePresentation").or_else(|| body.get("presentation")) {
        Some(object @ Value::Object(_)) => object.to_string(),
        Some(Value::String(token)) => problem::token(token)?,
        _ => return Err(Problem::bad("the body has no \"verifiablePresentation\"")),
    };
    let text = |name| problem::option(&body, name).map(|text| text.map(str::to_owned));
    let expected = VerifierRequest { challenge: text("challenge")?, domain: text("domain")? };
    let asked = problem::strings(&body, "checks")?;
    if let Some(challenge) = &expected.challenge {
        // one that we gave is used up now
        api.store().challenges.retain(|known| known != challenge);
    }
    let facts = facts(&api)?;
    let verification = (api.settle)(
        facts,
        Box::new(move |facts| {
            let checked = check_presentation(input.as_bytes(), facts, &expected);
            (of_presentation(&checked.report), checked.wanted)
        }),
    );
    let verification = verification.await.map_err(|e| Problem::ours(&e))?;
    Ok(answer(&verification, &DecisiveChecks::new(asked.as_deref(), false)))
}

/// The presentation's checks, and those of what is presented.
fn of_presentation(report: &PresentationReport) -> Verification {
    let mut checks = report.checks.clone();
    // the VC-API answers for the proof, whatever is presented with it
    checks.retain(|check| check.code != "nothing_presented");
    checks.extend(report.credentials.iter().flat_map(|credential| credential.checks.clone()));
    Verification { checks, is_badge: false, report: json!(report) }
}
