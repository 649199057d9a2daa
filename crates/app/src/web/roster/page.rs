//! Pages of rosters: the list with the upload, the preview, the progress.

use crate::http::Errors;
use crate::http::form::{MOST_LINE, UploadForm};
use crate::http::{self, Result};
use crate::http::{SignedIn, Ui, page_with, see, see_saying};
use askama::Template;
use axum::Json;
use axum::body::Body;
use axum::extract::{Form, Path, Query, Request, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use cairn_actions::App;
use cairn_actions::Error;
use cairn_actions::person::Actor;
use cairn_actions::published;
use cairn_actions::roster::csv::Problem;
use cairn_actions::roster::{self, Choice, Preview, SavedRoster};
use cairn_platform::db::Conn;
use cairn_value::id::{OrganizationId, RosterId, VersionId};
use futures_util::TryStreamExt as _;
use serde::Deserialize;
use serde_json::json;
use std::collections::HashMap;

/// Rosters on one page.
const PAGE: i64 = 20;

#[derive(Template)]
#[template(path = "roster/list.html")]
struct List {
    ui: Ui,
    slug: String,
    name: String,
    choices: Vec<Choice>,
    chosen: String,
    errors: Errors,
    rosters: Vec<SavedRoster>,
    next: String,
}

impl List {
    fn error(&self, field: &str) -> &str {
        self.errors.of(field)
    }
}

#[derive(Debug, Default, Deserialize)]
pub(super) struct Turn {
    #[serde(default)]
    before: String,
    /// Chosen already, when one comes from a micro-credential's page.
    #[serde(default)]
    achievement: String,
}

/// The organisation of an address, as the door has checked it.
fn place<'a>(actor: &'a Actor, slug: &str) -> Result<(OrganizationId, &'a str)> {
    let member = actor.member(slug)?;
    Ok((member.organization, &member.name))
}

pub(super) async fn list(
    State(app): State<App>,
    ui: Ui,
    SignedIn(actor): SignedIn,
    Path(slug): Path<String>,
    Query(turn): Query<Turn>,
) -> Result<Response> {
    show_list(&app, ui, &actor, &slug, turn, Errors::default()).await
}

async fn show_list(
    app: &App,
    ui: Ui,
    actor: &Actor,
    slug: &str,
    turn: Turn,
    errors: Errors,
) -> Result<Response> {
    let (organization, name) = place(actor, slug)?;
    let before = if turn.before.is_empty() { None } else { Some(turn.before.parse::<RosterId>()?) };
    let mut conn = app.db.read().await?;
    let mut rosters = roster::list(&mut conn, actor, organization, before, PAGE + 1).await?;
    let more = rosters.len() as i64 > PAGE;
    rosters.truncate(PAGE as usize);
    let last = rosters.last().filter(|_| more);
    let next = last.map_or_else(String::new, |r| format!("/organizations/{slug}/rosters?before={}", r.id));
    let mut choices = roster::choices(&mut conn, actor, organization).await?;
    let shown = rosters.iter_mut().map(|r| (r.version.as_str(), &mut r.title));
    let offered = choices.iter_mut().map(|c| (c.version.as_str(), &mut c.title));
    translate(&mut conn, &ui, shown.chain(offered).collect()).await?;
    let status = errors.status();
    let (slug, name) = (slug.to_owned(), name.to_owned());
    page_with(status, &List { ui, slug, name, choices, chosen: turn.achievement, errors, rosters, next })
}

/// Puts the titles of versions into the reader's language, where they have one in it.
async fn translate(conn: &mut Conn, ui: &Ui, titles: Vec<(&str, &mut String)>) -> Result<()> {
    let mut wanted: Vec<VersionId> = titles.iter().filter_map(|(version, _)| version.parse().ok()).collect();
    wanted.sort_unstable();
    wanted.dedup();
    let found = published::find_versions(conn, &wanted).await?;
    let known: HashMap<String, &str> =
        found.iter().map(|p| (p.version.to_string(), p.definition.in_language(ui.language).title)).collect();
    for (version, title) in titles {
        if let Some(translated) = known.get(version) {
            (*translated).clone_into(title);
        }
    }
    Ok(())
}

pub(super) async fn upload(
    State(app): State<App>,
    ui: Ui,
    SignedIn(actor): SignedIn,
    Path(slug): Path<String>,
    request: Request,
) -> Result<Response> {
    let (organization, _) = place(&actor, &slug)?;
    let mut achievement = String::new();
    let made = take(&app, &actor, organization, request, &mut achievement).await;
    match made {
        Ok(id) => Ok(see_saying(&format!("/organizations/{slug}/rosters/{id}"), &ui.t("roster-uploaded"))),
        Err(http::Problem(error)) => {
            let errors = Errors::of_action(error, &ui)?;
            let turn = Turn { before: String::new(), achievement };
            show_list(&app, ui, &actor, &slug, turn, errors).await
        }
    }
}

/// Takes the fields `achievement` and `file` in any order.
pub(super) async fn take(
    app: &App,
    actor: &Actor,
    organization: OrganizationId,
    request: Request,
    achievement: &mut String,
) -> Result<RosterId> {
    let place = roster::place(actor, organization)?;
    let mut form = UploadForm::of(request).await?;
    let mut file = None;
    while let Some(part) = form.next().await? {
        match (part.name(), part.file_name()) {
            ("achievement", _) => part.text(MOST_LINE).await?.trim().clone_into(achievement),
            ("file", Some(name)) if !name.is_empty() && file.is_none() => {
                let name = name.to_owned();
                let chunks = part.into_stream().map_err(|problem| problem.0);
                file = Some(roster::receive(app, &place, &name, chunks).await?);
            }
            ("file", _) => part.nothing().await?,
            _ => drop(part.text(MOST_LINE).await?),
        }
    }
    let file = file.ok_or_else(|| Error::invalid("file", "roster-no-file"))?;
    Ok(roster::upload(app, actor, organization, achievement, file).await?)
}

#[derive(Template)]
#[template(path = "roster/show.html")]
struct Show {
    ui: Ui,
    slug: String,
    name: String,
    preview: Preview,
    choices: Vec<Choice>,
}

impl Show {
    fn path(&self) -> String {
        format!("/organizations/{}/rosters/{}", self.slug, self.preview.roster.id)
    }

    fn column(&self, problem: &Problem) -> String {
        let name = problem.fault.column().map_or("row", cairn_actions::roster::csv::Column::name);
        self.ui.t(format!("roster-column-{name}"))
    }

    fn advice(&self, problem: &Problem) -> String {
        roster::advice(self.ui.words, problem)
    }
}

pub(super) async fn show(
    State(app): State<App>,
    ui: Ui,
    SignedIn(actor): SignedIn,
    Path((slug, id)): Path<(String, String)>,
) -> Result<Response> {
    let (organization, name) = place(&actor, &slug)?;
    let mut preview = roster::preview(&app, &actor, organization, id.parse()?).await?;
    let mut conn = app.db.read().await?;
    let mut choices = roster::choices(&mut conn, &actor, organization).await?;
    choices.retain(|c| c.version != preview.roster.version);
    let offered = choices.iter_mut().map(|c| (c.version.as_str(), &mut c.title));
    let own = (preview.roster.version.as_str(), &mut preview.roster.title);
    translate(&mut conn, &ui, offered.chain([own]).collect()).await?;
    page_with(StatusCode::OK, &Show { ui, name: name.to_owned(), slug, preview, choices })
}

pub(super) async fn progress(
    State(app): State<App>,
    SignedIn(actor): SignedIn,
    Path((slug, id)): Path<(String, String)>,
) -> Result<Response> {
    let (organization, _) = place(&actor, &slug)?;
    let mut conn = app.db.read().await?;
    let roster = roster::find(&mut conn, &actor, organization, id.parse()?).await?;
    let state = if roster::is_stuck(&mut conn, &roster).await? { "failed" } else { roster.state.name() };
    let body = json!({ "done": roster.done + roster.skipped, "total": roster.good(), "state": state });
    Ok(([(header::CACHE_CONTROL, "private, no-store")], Json(body)).into_response())
}

pub(super) async fn start(
    State(app): State<App>,
    SignedIn(actor): SignedIn,
    Path((slug, id)): Path<(String, String)>,
) -> Result<Response> {
    let (organization, _) = place(&actor, &slug)?;
    let id: RosterId = id.parse()?;
    roster::start(&app, &actor, organization, id).await?;
    Ok(see(&format!("/organizations/{slug}/rosters/{id}")))
}

#[derive(Deserialize)]
pub(super) struct CopyForm {
    #[serde(default)]
    achievement: String,
}

pub(super) async fn copy(
    State(app): State<App>,
    ui: Ui,
    SignedIn(actor): SignedIn,
    Path((slug, id)): Path<(String, String)>,
    Form(form): Form<CopyForm>,
) -> Result<Response> {
    let (organization, _) = place(&actor, &slug)?;
    let id = roster::copy(&app, &actor, organization, id.parse()?, &form.achievement).await?;
    Ok(see_saying(&format!("/organizations/{slug}/rosters/{id}"), &ui.t("roster-copied")))
}

pub(super) async fn remove(
    State(app): State<App>,
    ui: Ui,
    SignedIn(actor): SignedIn,
    Path((slug, id)): Path<(String, String)>,
) -> Result<Response> {
    let (organization, _) = place(&actor, &slug)?;
    roster::remove(&app, &actor, organization, id.parse()?).await?;
    Ok(see_saying(&format!("/organizations/{slug}/rosters"), &ui.t("roster-removed")))
}

pub(super) async fn problems(
    State(app): State<App>,
    SignedIn(actor): SignedIn,
    Path((slug, id)): Path<(String, String)>,
) -> Result<Response> {
    let (organization, _) = place(&actor, &slug)?;
    let (roster, file) = roster::problems(&app, &actor, organization, id.parse()?).await?;
    let name = roster.file_name.strip_suffix(".csv").unwrap_or(&roster.file_name);
    let name = format!("{name}-{}.csv", actor.language.text("roster-problems-file", &[]));
    Ok(attachment(&name, Body::from_stream(tokio_util::io::ReaderStream::new(file))))
}

/// An empty roster, with an example row to write over.
pub(super) async fn template(SignedIn(actor): SignedIn) -> Response {
    let heading = |column: &str| actor.language.text(&format!("roster-heading-{column}"), &[]);
    let separator = actor.language.text("roster-separator", &[]);
    let line = [heading("name"), heading("email"), heading("date")].join(&separator);
    let example = ["Amina Example", "amina@example.org", "2026-11-22"].join(&separator);
    let name = actor.language.text("roster-template-file", &[]);
    attachment(&name, Body::from(format!("\u{feff}{line}\r\n{example}\r\n")))
}

fn attachment(name: &str, body: Body) -> Response {
    let name: String =
        url::form_urlencoded::byte_serialize(name.as_bytes()).collect::<String>().replace('+', "%20");
    let mut response = body.into_response();
    let all = response.headers_mut();
    all.insert(header::CONTENT_TYPE, HeaderValue::from_static("text/csv; charset=utf-8"));
    all.insert(header::CACHE_CONTROL, HeaderValue::from_static("private, no-store"));
    if let Ok(value) = HeaderValue::from_str(&format!("attachment; filename*=UTF-8''{name}")) {
        all.insert(header::CONTENT_DISPOSITION, value);
    }
    response
}
