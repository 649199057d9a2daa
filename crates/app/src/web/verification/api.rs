//! The verifier for programs.

use crate::http::form::UploadForm;
use crate::http::problem::Result;
use axum::Json;
use axum::body::to_bytes;
use axum::extract::{Request, State};
use axum::http::header;
use cairn_actions::App;
use cairn_actions::Error;
use cairn_actions::verification::{Finding, Input, MOST_BYTES, check_input, too_large};
use cairn_value::refusal::Refusal;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::OpenApi;

/// What this file adds to the description of the interface.
#[derive(OpenApi)]
#[openapi(paths(verify))]
pub struct Api;

/// What is to be checked: one of the two.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
pub struct Question {
    /// A credential or presentation as JSON, or a compact JWS as text.
    #[schema(value_type = Object)]
    credential: Option<Value>,
    /// A link to a badge.
    link: Option<String>,
}

/// The report: one verdict, and each check with its reason.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct Answer {
    /// `verified`, `warning`, `failed` or `unknown`.
    verdict: String,
    /// In the order they were made: check, outcome, code, message, detail.
    #[schema(value_type = Vec<Object>)]
    checks: Value,
    /// What the credential says of itself; `null` for a presentation.
    #[schema(value_type = Object)]
    credential: Value,
    /// Of a presentation: what it says of itself.
    #[schema(value_type = Option<Object>)]
    #[serde(skip_serializing_if = "Value::is_null")]
    presentation: Value,
    /// Of a presentation: a report like this one on each of its credentials. The credentials inside a record
    /// are in the detail of its check `credentials`.
    #[schema(value_type = Option<Vec<Object>>)]
    #[serde(skip_serializing_if = "Value::is_null")]
    credentials: Value,
}

impl Answer {
    /// The report as it is answered.
    pub fn new(finding: &Finding) -> Result<Self> {
        let value = serde_json::to_value(finding)?;
        Ok(Self {
            verdict: value["verdict"].as_str().unwrap_or("unknown").to_owned(),
            checks: value["checks"].clone(),
            credential: value["credential"].clone(),
            presentation: value["presentation"].clone(),
            credentials: value["credentials"].clone(),
        })
    }
}

/// Check a credential, record or presentation: JSON, compact JWS, or a file (JSON, JWS, PNG, SVG).
#[utoipa::path(post, path = "/api/v1/verifications", tag = "verification", request_body = Question,
    responses((status = 200, description = "The report", body = Answer), (status = 422, description = "Nothing to check")))]
pub async fn verify(State(app): State<App>, request: Request) -> Result<Json<Answer>> {
    let input = input(request).await?;
    Ok(Json(Answer::new(&check_input(&app, input).await?)?))
}

async fn input(request: Request) -> Result<Input> {
    let kind =
        request.headers().get(header::CONTENT_TYPE).and_then(|v| v.to_str().ok()).unwrap_or("").to_owned();
    let nothing = || Error::invalid("credential", "check-nothing");
    if kind.starts_with("multipart/form-data") {
        let mut form = UploadForm::of(request).await?;
        while let Some(part) = form.next().await? {
            let name = part.name().to_owned();
            let bytes = part.bytes(MOST_BYTES).await?.ok_or_else(too_large)?;
            match name.as_str() {
                "link" if !bytes.is_empty() => {
                    return Ok(Input::Link(String::from_utf8_lossy(&bytes).into_owned()));
                }
                "file" | "credential" if !bytes.is_empty() => return Ok(Input::Bytes(bytes)),
                _ => {}
            }
        }
        return Err(nothing().into());
    }
    let bytes = to_bytes(request.into_body(), MOST_BYTES).await.map_err(|_| too_large())?;
    if !kind.starts_with("application/json") {
        return if bytes.is_empty() { Err(nothing().into()) } else { Ok(Input::Bytes(bytes.to_vec())) };
    }
    let question: Question = serde_json::from_slice(&bytes)
        .map_err(|e| Error::invalid("body", Refusal::new("body-other-json").with("why", e.to_string())))?;
    match (question.credential, question.link) {
        (Some(Value::String(text)), _) => Ok(Input::Bytes(text.into_bytes())),
        (Some(credential), _) => Ok(Input::Bytes(credential.to_string().into_bytes())),
        (None, Some(link)) => Ok(Input::Link(link)),
        (None, None) => Err(nothing().into()),
    }
}
