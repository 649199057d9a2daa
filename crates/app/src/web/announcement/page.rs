//! An organisation's announcements: the form and what has been told.

use crate::http::fields::Fields;
use crate::http::problem::Result;
use crate::http::reader::Errors;
use crate::http::{SignedIn, Ui, page_with, see_saying};
use askama::Template;
use axum::Form;
use axum::extract::{Path, Query, State};
use axum::response::Response;
use cairn_actions::App;
use cairn_actions::announcement::{self, Announcement, Choice};
use cairn_actions::error::Error;
use cairn_actions::person::Actor;
use cairn_domain::announcement::{AnnouncementId, Audience, Draft};
use cairn_platform::markdown::markdown;
use cairn_value::time::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use serde::Deserialize;

/// How many a page shows.
const PAGE: i64 = 50;

/// One as the list shows it.
struct Row {
    told: Announcement,
    text: String,
    /// Of which micro-credential; empty for all.
    of: String,
    is_waiting: bool,
}

#[derive(Template)]
#[template(path = "announcement/list.html")]
struct Page {
    ui: Ui,
    slug: String,
    name: String,
    form: Fields,
    errors: Errors,
    audiences: &'static [Audience],
    choices: Vec<Choice>,
    rows: Vec<Row>,
    /// Address of what is older; empty at the end.
    next: String,
}

impl Page {
    /// What was chosen, the first when nothing was.
    fn audience(&self) -> &str {
        Audience::parse(self.form.get("audience")).unwrap_or(Audience::Everyone).name()
    }
}

async fn render(
    app: &App,
    ui: Ui,
    actor: &Actor,
    slug: &str,
    after: &str,
    (form, errors): (Fields, Errors),
) -> Result<Response> {
    let member = actor.member(slug)?;
    let now = app.clock.now().as_millisecond();
    let told = announcement::of_organization(app, actor, slug, after, PAGE).await?;
    let mut conn = app.db.read().await?;
    let choices = announcement::choices(&mut conn, member.organization, ui.words).await?;
    let row = |told: Announcement| Row {
        text: markdown(&told.body),
        of: choices.iter().find(|c| c.slug == told.achievement).map_or_else(String::new, |c| c.title.clone()),
        is_waiting: told.appears_at > now,
        told,
    };
    let next = match told.last() {
        Some(last) if told.len() as i64 == PAGE => {
            format!("/organizations/{slug}/announcements?after={}", last.id)
        }
        _ => String::new(),
    };
    let rows = told.into_iter().map(row).collect();
    let status = errors.status();
    page_with(
        status,
        &Page {
            slug: slug.to_owned(),
            name: member.name.clone(),
            form,
            errors,
            choices,
            rows,
            audiences: Audience::ALL,
            next,
            ui,
        },
    )
}

pub(super) async fn list(
    State(app): State<App>,
    ui: Ui,
    SignedIn(actor): SignedIn,
    Path(slug): Path<String>,
    Query(query): Query<After>,
) -> Result<Response> {
    render(&app, ui, &actor, &slug, &query.after, (Fields::default(), Errors::default())).await
}

#[derive(Deserialize)]
pub(super) struct After {
    #[serde(default)]
    after: String,
}

/// The instant of a field, in UTC; none when it is empty.
fn instant(text: &str) -> Result<Option<Timestamp>, Error> {
    if text.is_empty() {
        return Ok(None);
    }
    let read = text.parse::<DateTime>().ok().and_then(|at| at.to_zoned(TimeZone::UTC).ok());
    read.map(|at| Some(at.timestamp())).ok_or_else(|| Error::invalid("at", "choose-instant"))
}

fn draft(form: &Fields) -> Result<Draft, Error> {
    Ok(Draft {
        title: form.trimmed("title"),
        text: form.trimmed("text"),
        audience: Audience::parse(form.get("audience"))
            .ok_or_else(|| Error::invalid("audience", "announcement-audience"))?,
        achievement: form.trimmed("achievement"),
        at: instant(&form.trimmed("at"))?,
    })
}

pub(super) async fn make(
    State(app): State<App>,
    ui: Ui,
    SignedIn(actor): SignedIn,
    Path(slug): Path<String>,
    Form(form): Form<Fields>,
) -> Result<Response> {
    let made = match draft(&form) {
        Ok(draft) => announcement::make(&app, &actor, &slug, draft).await,
        Err(error) => Err(error),
    };
    match made {
        Ok(_) => Ok(see_saying(&format!("/organizations/{slug}/announcements"), &ui.t("announcement-made"))),
        Err(error) => {
            let errors = Errors::of_action(error, &ui)?;
            render(&app, ui, &actor, &slug, "", (form, errors)).await
        }
    }
}

pub(super) async fn withdraw(
    State(app): State<App>,
    ui: Ui,
    SignedIn(actor): SignedIn,
    Path((slug, id)): Path<(String, String)>,
) -> Result<Response> {
    let id: AnnouncementId = id.parse()?;
    match announcement::withdraw(&app, &actor, &slug, id).await {
        Ok(()) => {
            Ok(see_saying(&format!("/organizations/{slug}/announcements"), &ui.t("announcement-withdrawn")))
        }
        Err(error) => {
            let errors = Errors::of_action(error, &ui)?;
            render(&app, ui, &actor, &slug, "", (Fields::default(), errors)).await
        }
    }
}
