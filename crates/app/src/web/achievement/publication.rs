//! The page before publishing: what is missing, what changes, and the buttons
//! that publish, retire and bring back.

use super::difference::{Difference, differences, field_of, section_of};
use super::frame::{Frame, read};
use crate::http::Fields;
use crate::http::problem::Result;
use crate::http::{SignedIn, Ui, page, page_with, see_saying};
use askama::Template;
use axum::Form;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use cairn_actions::App;
use cairn_actions::Error;
use cairn_actions::achievement::publish::{discard, publish_seen, restore, retire};
use cairn_actions::confirmation;
use cairn_actions::person::Actor;
use cairn_domain::achievement::{BadValue, Element, NotPublishable, changes};

/// Why it cannot be published, and where to mend it.
struct Problem {
    words: String,
    href: String,
}

#[derive(Template)]
#[template(path = "achievement/publication.html")]
struct Publication {
    ui: Ui,
    frame: Frame,
    problems: Vec<Problem>,
    differences: Vec<Difference>,
    /// Somebody else saved since this page was opened.
    is_stale: bool,
}

type Place = Path<(String, String)>;

/// Shows what would be published.
pub async fn show(
    State(app): State<App>,
    SignedIn(actor): SignedIn,
    ui: Ui,
    Path((org, slug)): Place,
) -> Result<Response> {
    page(&prepared(&app, &actor, ui, &org, &slug).await?)
}

async fn prepared(app: &App, actor: &Actor, ui: Ui, org: &str, slug: &str) -> Result<Publication> {
    let editing = read(app, actor, org, slug).await?;
    let frame = Frame::of(&editing, "publication", &ui);
    let refusal = editing.definition.publishable(editing.published.as_deref()).err();
    let mut problems = refusal.map_or_else(Vec::new, |no| problems(&no, &frame.base, &ui));
    if editing.is_retired {
        problems.insert(0, Problem { words: ui.t("achievement-problem-retired"), href: frame.base.clone() });
    }
    let mut conn = app.db.read().await?;
    match confirmation::require_may_issue(&mut conn, app, editing.organization).await {
        Ok(()) => {}
        Err(Error::Refused(why)) => {
            let href = format!("/organizations/{org}/confirmation");
            problems.insert(0, Problem { words: ui.refusal(why), href });
        }
        Err(other) => return Err(other.into()),
    }
    let differences = editing
        .published
        .as_ref()
        .map_or_else(Vec::new, |published| differences(&changes(published, &editing.definition), &ui));
    Ok(Publication { ui, frame, problems, differences, is_stale: false })
}

fn problems(no: &NotPublishable, base: &str, ui: &Ui) -> Vec<Problem> {
    let missing = |element: &Element| {
        let word = ui.word("achievement-element", element.name());
        Problem {
            words: ui.t1("achievement-problem-missing", "element", word),
            href: format!("{base}/{}#{}", section_of(*element), field_of(*element)),
        }
    };
    match no {
        NotPublishable::Missing(elements) => elements.iter().map(missing).collect(),
        NotPublishable::Tree(bad) => {
            vec![Problem { words: ui.refusal(bad), href: format!("{base}/requirements") }]
        }
        NotPublishable::Value(bad) => {
            let section = match bad {
                BadValue::Price | BadValue::Validity => "price",
                BadValue::Summary => "basics",
                BadValue::Level | BadValue::Text => "elements",
            };
            vec![Problem { words: ui.refusal(bad), href: format!("{base}/{section}") }]
        }
        NotPublishable::Unchanged => {
            vec![Problem { words: ui.refusal(no), href: String::new() }]
        }
    }
}

/// Publishes what was seen.
pub async fn publish(
    State(app): State<App>,
    SignedIn(actor): SignedIn,
    ui: Ui,
    Path((org, slug)): Place,
    Form(form): Form<Fields>,
) -> Result<Response> {
    match publish_seen(&app, &actor, &org, &slug, Some(form.version())).await {
        Ok(_) => Ok(see_saying(&overview(&org, &slug), &ui.t("achievement-published"))),
        Err(Error::Refused(_)) => {
            let shown = prepared(&app, &actor, ui, &org, &slug).await?;
            page_with(StatusCode::UNPROCESSABLE_ENTITY, &shown)
        }
        Err(Error::Conflict(_)) => {
            let shown = prepared(&app, &actor, ui, &org, &slug).await?;
            page_with(StatusCode::CONFLICT, &Publication { is_stale: true, ..shown })
        }
        Err(other) => Err(other.into()),
    }
}

/// Drops the draft.
pub async fn drop_draft(
    State(app): State<App>,
    SignedIn(actor): SignedIn,
    ui: Ui,
    Path((org, slug)): Place,
    Form(form): Form<Fields>,
) -> Result<Response> {
    discard(&app, &actor, &org, &slug, form.version()).await?;
    Ok(see_saying(&overview(&org, &slug), &ui.t("achievement-discarded")))
}

/// Takes it out of the catalogue.
pub async fn end(
    State(app): State<App>,
    SignedIn(actor): SignedIn,
    ui: Ui,
    Path((org, slug)): Place,
) -> Result<Response> {
    retire(&app, &actor, &org, &slug).await?;
    Ok(see_saying(&overview(&org, &slug), &ui.t("achievement-retired")))
}

/// Puts it back.
pub async fn bring_back(
    State(app): State<App>,
    SignedIn(actor): SignedIn,
    ui: Ui,
    Path((org, slug)): Place,
) -> Result<Response> {
    restore(&app, &actor, &org, &slug).await?;
    Ok(see_saying(&overview(&org, &slug), &ui.t("achievement-restored")))
}

fn overview(org: &str, slug: &str) -> String {
    format!("/organizations/{org}/achievements/{slug}")
}

impl Publication {
    fn is_first(&self) -> bool {
        self.frame.number == 0
    }
}
