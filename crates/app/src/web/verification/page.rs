//! The verifier for people.

use crate::http::Errors;
use crate::http::client::From;
use crate::http::form::{MOST_LINE, UploadForm};
use crate::http::limit::{self, Class, Who};
use crate::http::problem::Result;
use crate::http::{Ui, page, page_with};
use askama::Template;
use axum::extract::{Query, Request, State};
use axum::http::StatusCode;
use axum::response::Response;
use cairn_actions::App;
use cairn_actions::verification::{
    Finding, Input, MOST_BYTES, check_input, kind_of, outcome_name, too_large,
};
use cairn_credential::check::{Check, Findings, Outcome, Report, Verdict};
use serde::Deserialize;

#[derive(Template)]
#[template(path = "verification/form.html")]
struct Form {
    ui: Ui,
    link: String,
    text: String,
    errors: Errors,
    shown: Option<ReportView>,
}

/// A report as pages show it.
pub struct ReportView {
    /// The checks, and what they are of.
    pub part: Part,
    /// True for a presentation.
    pub presentation: bool,
    /// Who presents, if it is one and says so.
    pub holder: Option<String>,
    /// The credentials in the presentation or record.
    pub inside: Vec<Part>,
    /// The report as JSON, to take away.
    pub json: String,
}

/// Checks that belong together: of a badge, a presentation, or one credential inside.
pub struct Part {
    /// Stable name of the verdict.
    pub verdict: &'static str,
    /// Colour and icon.
    pub kind: &'static str,
    /// The name of the badge.
    pub name: Option<String>,
    /// The name its issuer goes by.
    pub issuer: Option<String>,
    /// True when something besides the name shows who the issuer is.
    pub issuer_proved: bool,
    checks: Vec<Check>,
}

/// One check as pages show it.
pub struct Row<'a> {
    /// Colour and icon.
    pub kind: &'static str,
    /// "proof"
    pub check: &'a str,
    /// Stable name of what was found.
    pub code: &'a str,
    /// "passed"
    pub outcome: &'static str,
    /// A sentence.
    pub message: &'a str,
}

impl ReportView {
    /// Prepares the report on a badge.
    pub fn new(report: Report) -> Self {
        Self::of(Finding::Badge(report))
    }

    /// Prepares whatever was found.
    pub fn of(finding: Finding) -> Self {
        let json = serde_json::to_string_pretty(&finding).unwrap_or_default();
        match finding {
            Finding::Badge(report) => {
                let mut inside = vec![];
                list_inside(&report, &mut inside);
                Self { part: Part::of(report), presentation: false, holder: None, inside, json }
            }
            Finding::Presentation(report) => {
                let mut inside = vec![];
                for credential in report.credentials {
                    let mut within = vec![];
                    list_inside(&credential, &mut within);
                    inside.push(Part::of(credential));
                    inside.append(&mut within);
                }
                let holder = report.presentation.and_then(|presentation| presentation.holder);
                let part = Part::new(report.verdict, report.checks);
                Self { part, presentation: true, holder, inside, json }
            }
        }
    }
}

/// Lists the credentials in a record, each followed by those inside itself.
fn list_inside(record: &Report, parts: &mut Vec<Part>) {
    for report in record.inside() {
        let mut within = vec![];
        list_inside(&report, &mut within);
        parts.push(Part::of(report));
        parts.append(&mut within);
    }
}

impl Part {
    fn new(verdict: Verdict, checks: Vec<Check>) -> Self {
        let (verdict, kind) = match verdict {
            Verdict::Verified => ("verified", "valid"),
            Verdict::Warning => ("warning", "attention"),
            Verdict::Failed => ("failed", "stopped"),
            Verdict::Unknown => ("unknown", "unknown"),
        };
        Self { verdict, kind, name: None, issuer: None, issuer_proved: false, checks }
    }

    fn of(report: Report) -> Self {
        let Findings { verdict, checks, credential } = report.into();
        let summary = credential.unwrap_or_default();
        let of_issuer = |c: &Check| c.check == "issuer" || c.check == "issuer_name";
        let mut said = checks.iter().filter(|c| of_issuer(c)).peekable();
        let issuer_proved = said.peek().is_some() && said.all(|c| c.outcome == Outcome::Passed);
        Self {
            issuer_proved,
            name: summary.name.or(summary.achievement),
            issuer: summary.issuer_name,
            ..Self::new(verdict, checks)
        }
    }

    /// The checks, in order.
    pub fn rows(&self) -> Vec<Row<'_>> {
        let row = |c| {
            let c: &Check = c;
            Row {
                kind: kind_of(c.outcome),
                check: &c.check,
                code: &c.code,
                outcome: outcome_name(c.outcome),
                message: &c.message,
            }
        };
        self.checks.iter().map(row).collect()
    }
}

#[derive(Deserialize)]
pub(super) struct Prefill {
    #[serde(default)]
    link: String,
}

pub(super) async fn form(
    State(app): State<App>,
    ui: Ui,
    From(client): From,
    Query(query): Query<Prefill>,
) -> Result<Response> {
    if query.link.is_empty() {
        return page(&Form {
            ui,
            link: String::new(),
            text: String::new(),
            errors: Errors::default(),
            shown: None,
        });
    }
    // a link that others put on their pages: it only reads, so GET may answer
    limit::enter(&app, Class::Verify, Who { client, ..Who::default() }).await?;
    answer(&app, ui, query.link.clone(), String::new(), Some(Input::Link(query.link))).await
}

pub(super) async fn verify(State(app): State<App>, ui: Ui, request: Request) -> Result<Response> {
    let mut form = UploadForm::of(request).await?;
    let (mut link, mut text, mut file) = (String::new(), String::new(), vec![]);
    while let Some(part) = form.next().await? {
        match part.name() {
            "link" => link = part.text(MOST_LINE).await?.trim().to_owned(),
            "text" => {
                let bytes = part.bytes(MOST_BYTES).await?.ok_or_else(too_large)?;
                text = String::from_utf8_lossy(&bytes).trim().to_owned();
            }
            "file" => file = part.bytes(MOST_BYTES).await?.ok_or_else(too_large)?,
            _ => drop(part.text(MOST_LINE).await?),
        }
    }
    let input = if !file.is_empty() {
        Some(Input::Bytes(file))
    } else if !text.is_empty() {
        Some(Input::Bytes(text.clone().into_bytes()))
    } else if !link.is_empty() {
        Some(Input::Link(link.clone()))
    } else {
        None
    };
    answer(&app, ui, link, text, input).await
}

async fn answer(app: &App, ui: Ui, link: String, text: String, input: Option<Input>) -> Result<Response> {
    let text = if text.len() > MOST_BYTES { String::new() } else { text };
    let Some(input) = input else {
        let errors = Errors::one("file", ui.t("verification-nothing"));
        return page_with(StatusCode::UNPROCESSABLE_ENTITY, &Form { ui, link, text, errors, shown: None });
    };
    match check_input(app, input).await {
        Ok(finding) => {
            page(&Form { ui, link, text, errors: Errors::default(), shown: Some(ReportView::of(finding)) })
        }
        Err(error) => {
            let errors = Errors::of_action(error, &ui)?;
            page_with(errors.status(), &Form { ui, link, text, errors, shown: None })
        }
    }
}
