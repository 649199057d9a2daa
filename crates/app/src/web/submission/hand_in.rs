//! The page on which evidence is collected and handed in, as it is shown.

use crate::http::problem::Result;
use crate::http::{Errors, Fields, Ui, page_with};
use askama::Template;
use axum::response::Response;
use cairn_actions::App;
use cairn_actions::Error;
use cairn_actions::enrollment::{self, EnrollmentRow};
use cairn_actions::person::Actor;
use cairn_actions::published::PublishedVersion;
use cairn_actions::review::{self, Feedback};
use cairn_actions::submission::{self, Evidence, Revision, SubmissionRow};
use cairn_domain::enrollment::State as Standing;
use cairn_domain::requirement::Requirement;
use cairn_domain::rubric::Rubric;
use cairn_platform::db::Conn;
use cairn_platform::markdown::markdown;
use cairn_value::id::EnrollmentId;

/// One revision with what was in it and what was said about it.
struct Past {
    revision: Revision,
    evidence: Vec<Evidence>,
    said: Vec<Feedback>,
}

#[derive(Template)]
#[template(path = "submission/hand_in.html")]
struct HandInPage {
    ui: Ui,
    e: EnrollmentRow,
    title: String,
    leaf: String,
    name: String,
    brief: String,
    rubric: Rubric,
    submission: Option<SubmissionRow>,
    state: &'static str,
    open: bool,
    evidence: Vec<Evidence>,
    past: Vec<Past>,
    appeals: Vec<(String, i64)>,
    is_project: bool,
    /// A form of the page as it was sent, when it was refused.
    typed: Fields,
    errors: Errors,
}

impl HandInPage {
    fn error(&self, field: &str) -> &str {
        self.errors.of(field)
    }

    /// The message to the reviewer: as it was typed a moment ago, or as it was kept.
    fn message(&self) -> &str {
        let kept = self.submission.as_ref().map_or("", |s| s.message.as_str());
        if self.typed.sent("message") { self.typed.get("message") } else { kept }
    }

    fn shows_evidence(&self) -> bool {
        let kept = self.submission.as_ref().is_some_and(|s| s.show_evidence);
        if self.typed.sent("message") { self.typed.sent("show_evidence") } else { kept }
    }
}

/// A form of this page that was refused: what was typed, and what is wrong with it.
#[derive(Default)]
pub struct Refused {
    /// As it was sent.
    pub typed: Fields,
    /// In the order of the page.
    pub errors: Errors,
}

/// The page of a requirement that is judged by people.
pub async fn hand_in_page(
    conn: &mut Conn,
    ui: Ui,
    e: &EnrollmentRow,
    published: &PublishedVersion,
    requirement: &Requirement,
    refused: Refused,
) -> Result<Response> {
    let status = refused.errors.status();
    let submissions = submission::of_enrollment(conn, e.organization, e.id).await?;
    let found = submissions.into_iter().find(|s| s.requirement == requirement.id());
    let (mut evidence, mut past, mut appeals) = (vec![], vec![], vec![]);
    if let Some(s) = &found {
        let all = submission::evidence_of(conn, s).await?;
        let said = review::said_about(conn, s).await?;
        for revision in submission::revisions_of(conn, s).await? {
            past.push(Past {
                evidence: all.iter().filter(|e| e.belongs_to(revision.number)).cloned().collect(),
                said: said.iter().filter(|r| r.revision == revision.number).cloned().collect(),
                revision,
            });
        }
        evidence = all.into_iter().filter(|e| e.belongs_to(i64::from(s.inner.revision))).collect();
        appeals = submission::appeals_of(conn, s).await?;
    }
    let page_data = HandInPage {
        title: published.definition.in_language(ui.language).title.to_owned(),
        leaf: requirement.id().to_owned(),
        name: requirement.title().to_owned(),
        brief: markdown(requirement.brief()),
        rubric: requirement.rubric().unwrap_or_default(),
        state: found.as_ref().map_or("", |s| s.inner.state.name()),
        open: e.state == Standing::Active && found.as_ref().is_none_or(|s| s.inner.is_open()),
        is_project: matches!(requirement, Requirement::Project { .. }),
        submission: found,
        e: e.clone(),
        ui,
        evidence,
        past,
        appeals,
        typed: refused.typed,
        errors: refused.errors,
    };
    page_with(status, &page_data)
}

/// The page again with a form of it that was refused.
pub(super) async fn again(
    app: &App,
    ui: Ui,
    actor: &Actor,
    (enrollment, leaf): (EnrollmentId, &str),
    refused: Refused,
) -> Result<Response> {
    let mut conn = app.db.read().await?;
    let (e, published) = enrollment::find(&mut conn, actor, enrollment).await?;
    let requirement = published.definition.requirement.leaf(leaf).ok_or(Error::NotFound)?;
    hand_in_page(&mut conn, ui, &e, &published, requirement, refused).await
}
