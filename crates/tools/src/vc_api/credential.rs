//! Credentials: issued, kept, derived, verified.

use super::problem::{self, Problem, detail};
use super::{Api, At, Verification, issuer::Form, status};
use crate::sign;
use axum::Json;
use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use cairn_credential::check::{
    Check, Facts, FetchOutcome, Outcome, Report, ShortLists, VerifierRequest, check_expected,
};
use cairn_credential::did::Scheme;
use cairn_credential::proof::{ProofOptions, sd};
use serde_json::{Map, Value, json};

/// Credentials that are kept to be asked about.
const MOST_KEPT: usize = 10_000;
const V1: &str = "https://www.w3.org/2018/credentials/v1";
const DATA_INTEGRITY: &str = "https://w3id.org/security/data-integrity/v2";

/// `POST /credentials/issue`: `{credential, options?}`.
pub async fn issue(State((api, issuer)): State<At>, body: Bytes) -> Result<Response, Problem> {
    let body = problem::read(&body)?;
    let mut document = problem::object(&body, "credential")?.clone();
    let issuer = &api.issuers[issuer];
    let says = document.get("issuer").map(|issuer| issuer.get("id").unwrap_or(issuer));
    if says.is_some_and(|says| says.is_string() && says != issuer.did()) {
        return Err(Problem::bad(format!("the issuer of this address is {}", issuer.did())));
    }
    inject_context(&mut document);
    if matches!(issuer.form, Form::WithStatus(_)) {
        let purpose = body.get("options").and_then(|options| options.get("credentialStatus"));
        let purpose = purpose.and_then(|status| status["statusPurpose"].as_str()).unwrap_or("revocation");
        status::add_entry(&api, &mut document, purpose)?;
    }
    if let Some(id) = problem::option(&body, "credentialId")? {
        document.as_object_mut().map(|map| map.entry("id").or_insert_with(|| json!(id)));
    }
    let mandatory = problem::strings(&body, "mandatoryPointers")?.unwrap_or_default();
    let now = api.machine.now();
    if let Some(problems) = sign::shape_problems(&document, now) {
        return Err(Problem::bad(problems));
    }
    let options = ProofOptions::new(&issuer.key.method, now);
    sign::sign(&mut document, issuer.suite(), &issuer.key, &options, &mandatory, api.machine)
        .map_err(|e| Problem::unsignable(format!("{e:#}")))?;
    single_proof(&mut document);
    keep(&api, &document);
    Ok((StatusCode::CREATED, Json(json!({ "verifiableCredential": document }))).into_response())
}

/// Documents of VC 1.1 know no Data Integrity proofs by themselves.
fn inject_context(document: &mut Value) {
    let Some(contexts) = document.get_mut("@context").and_then(Value::as_array_mut) else { return };
    if contexts.first().is_some_and(|first| first == V1) && !contexts.iter().any(|one| one == DATA_INTEGRITY)
    {
        contexts.push(DATA_INTEGRITY.into());
    }
}

/// The routes of the VC-API give a lone proof as an object.
pub fn single_proof(document: &mut Value) {
    if let Some(Value::Array(proofs)) = document.get_mut("proof")
        && proofs.len() == 1
        && let Some(proof) = proofs.pop()
    {
        document["proof"] = proof;
    }
}

fn keep(api: &Api, document: &Value) {
    let Some(id) = document.get("id").and_then(Value::as_str) else { return };
    let mut store = api.store();
    if store.credentials.len() < MOST_KEPT || store.credentials.contains_key(id) {
        store.credentials.insert(id.to_owned(), document.clone());
    } else {
        tracing::warn!("{MOST_KEPT} credentials are kept already; {id} is not");
    }
}

/// `POST /credentials/derive`: `{verifiableCredential, options:
/// {selectivePointers}}`.
pub async fn derive(body: Bytes) -> Result<Response, Problem> {
    let body = problem::read(&body)?;
    let document = problem::object(&body, "verifiableCredential")?;
    let pointers = problem::strings(&body, "selectivePointers")?.unwrap_or_default();
    let mut derived = sd::derive(document, &pointers).map_err(|e| Problem::bad(e.to_string()))?;
    single_proof(&mut derived);
    Ok((StatusCode::CREATED, Json(json!({ "verifiableCredential": derived }))).into_response())
}

/// `POST /credentials/verify`: `{verifiableCredential, options?: {checks?, challenge?, domain?}}`.
/// 200 when it verifies, 400 when it does not.
pub async fn verify(State((api, _)): State<At>, body: Bytes) -> Result<Response, Problem> {
    let body = problem::read(&body)?;
    let input = match body.get("verifiableCredential") {
        Some(object @ Value::Object(_)) => object.to_string(),
        Some(Value::String(token)) => problem::token(token)?,
        _ => return Err(Problem::bad("the body has no \"verifiableCredential\"")),
    };
    let asked = problem::strings(&body, "checks")?;
    let text = |name| problem::option(&body, name).map(|text| text.map(str::to_owned));
    let expected = VerifierRequest { challenge: text("challenge")?, domain: text("domain")? };
    let facts = facts(&api)?;
    let verification = (api.settle)(
        facts,
        Box::new(move |facts| {
            let checked = check_expected(input.as_bytes(), facts, &expected);
            (of_credential(&checked.report), checked.wanted)
        }),
    );
    let verification = verification.await.map_err(|e| Problem::ours(&e))?;
    let decisive = DecisiveChecks::new(asked.as_deref(), verification.is_badge);
    Ok(answer(&verification, &decisive))
}

fn of_credential(report: &Report) -> Verification {
    let is_badge = report.credential.as_ref().is_some_and(|credential| {
        credential
            .types
            .iter()
            .any(|kind| matches!(kind.as_str(), "OpenBadgeCredential" | "AchievementCredential"))
    });
    Verification { is_badge, report: json!(report), checks: report.checks.clone() }
}

/// The facts from here: the time, and our own status lists.
pub fn facts(api: &Api) -> Result<Facts, Problem> {
    let mut facts = Facts {
        scheme: Scheme::HttpOnLoopback,
        short_lists: ShortLists::Refused,
        ..Facts::new(api.machine.now())
    };
    for (address, list) in status::all_signed(api)? {
        facts.documents.insert(address, FetchOutcome::here(list));
    }
    Ok(facts)
}

/// Which checks decide: all, or those that were asked for.
pub struct DecisiveChecks<'a> {
    checks: Option<&'a [&'a str]>,
    /// For badges the issuer must be the signer, whatever was asked for.
    issuer_binds: bool,
}

impl<'a> DecisiveChecks<'a> {
    /// `checks`: `proof`, `status` or `credentialStatus`; `None` for all, but for an issuer who is not the
    /// signer, which the VC-API has no word for.
    pub fn new(checks: Option<&'a [&'a str]>, issuer_binds: bool) -> Self {
        Self { checks, issuer_binds }
    }

    fn decides(&self, check: &Check) -> bool {
        let Some(asked) = self.checks else { return self.issuer_binds || check.check != "issuer" };
        let named = |names: &[&str]| asked.iter().any(|asked| names.contains(asked));
        match check.check.as_str() {
            // what cannot be read, or is no credential, has no proof either
            "format" | "schema" | "proof" | "challenge" | "domain" => true,
            "issuer" => self.issuer_binds || named(&["issuer"]),
            "status" => named(&["status", "credentialStatus"]),
            "dates" => named(&["dates", "validity"]),
            other => named(&[other]),
        }
    }
}

/// The answer to a verification.
pub fn answer(verification: &Verification, decisive: &DecisiveChecks<'_>) -> Response {
    let (mut errors, mut warnings, mut problems) = (vec![], vec![], vec![]);
    for check in &verification.checks {
        let stops = matches!(check.outcome, Outcome::Failed | Outcome::Unknown) && decisive.decides(check);
        if stops {
            errors.push(json!(check.message));
            problems.push(detail(code(check), &check.message));
        } else if check.outcome != Outcome::Passed {
            warnings.push(json!(check.message));
        }
    }
    let verified = errors.is_empty();
    let checks: Vec<&str> = verification.checks.iter().map(|check| check.check.as_str()).collect();
    let mut body = Map::new();
    body.insert("verified".into(), json!(verified));
    body.insert("checks".into(), json!(checks));
    body.insert("warnings".into(), json!(warnings));
    body.insert("errors".into(), json!(errors));
    body.insert("problemDetails".into(), json!(problems));
    body.insert("report".into(), verification.report.clone());
    let status = if verified { StatusCode::OK } else { StatusCode::BAD_REQUEST };
    (status, Json(Value::Object(body))).into_response()
}

/// The specifications' names of errors.
fn code(check: &Check) -> &str {
    match (check.check.as_str(), check.code.as_str()) {
        ("format", _) => "PARSING_ERROR",
        ("schema", _) => "MALFORMED_VALUE_ERROR",
        ("proof", "not_signable") => "DATA_LOSS_DETECTION_ERROR",
        ("proof", "context_unknown" | "json_ld_unsupported") => "PROOF_TRANSFORMATION_ERROR",
        ("proof" | "issuer", _) => "PROOF_VERIFICATION_ERROR",
        (_, own) => own,
    }
}

/// `GET /credentials/{id}`
pub async fn get(State((api, _)): State<At>, Path(id): Path<String>) -> Result<Response, Problem> {
    let found = api.store().credentials.get(&id).cloned();
    let found = found.ok_or_else(|| Problem::missing("no credential with this id is kept here"))?;
    Ok(Json(json!({ "verifiableCredential": found })).into_response())
}

/// `DELETE /credentials/{id}`
pub async fn delete(State((api, _)): State<At>, Path(id): Path<String>) -> Result<Response, Problem> {
    match api.store().credentials.remove(&id) {
        Some(_) => Ok(StatusCode::ACCEPTED.into_response()),
        None => Err(Problem::missing("no credential with this id is kept here")),
    }
}
