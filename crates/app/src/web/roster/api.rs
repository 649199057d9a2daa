//! Rosters for programs.

use crate::http::SignedIn;
use crate::http::problem::Result;
use crate::web::roster::page::take;
use axum::Json;
use axum::extract::{Path, Query, Request, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use cairn_actions::App;
use cairn_actions::Error;
use cairn_actions::person::Actor;
use cairn_actions::roster::{self, Preview, StoredRow};
use cairn_platform::text::Language;
use futures_util::TryStreamExt as _;
use serde::{Deserialize, Serialize};
use utoipa::OpenApi;

/// What this file adds to the description of the interface.
#[derive(OpenApi)]
#[openapi(paths(upload, show, start))]
pub struct Api;

/// What is wrong with a row.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct RosterProblem {
    /// As a spreadsheet counts: the header is row 1.
    row: i64,
    /// `email`, `name`, `date`, or `row` for all of it.
    column: &'static str,
    /// `email-missing`, `email-wrong`, `email-duplicate`, `name-missing`, `name-long`, `date-wrong`, `date-future`, `row-long`.
    code: &'static str,
    /// What stood there; of a duplicate the first one's row.
    value: String,
    /// What to do.
    message: String,
}

/// A row that can be awarded.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct RosterRow {
    /// As a spreadsheet counts.
    row: i64,
    /// Name as it will stand on the badge.
    name: String,
    /// Address.
    email: String,
}

/// A roster.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct Roster {
    /// Its id.
    id: String,
    /// `ready`, `running`, `failed` or `done`.
    state: String,
    /// The micro-credential, by its slug.
    achievement: String,
    /// The version that is awarded.
    version: String,
    /// Name of the file.
    file_name: String,
    /// `utf-8` or `windows-1252`.
    encoding: String,
    /// Rows below the header.
    total: i64,
    /// Rows that can be awarded.
    good: i64,
    /// Rows with a problem.
    bad: i64,
    /// While ready: good rows whose addresses have this badge already and will be skipped.
    awarded_before: i64,
    /// Rows that were awarded.
    awarded: i64,
    /// Rows whose people had the badge.
    skipped: i64,
    /// Of those, rows of people whose badge was revoked: a list does not award it again.
    revoked: i64,
    /// While ready: the first good rows.
    first: Vec<RosterRow>,
    /// Problems of the first hundred bad rows.
    problems: Vec<RosterProblem>,
}

impl Roster {
    fn new(preview: &Preview) -> Self {
        let (state, roster) = (preview.state().to_owned(), &preview.roster);
        let row = |r: &StoredRow| RosterRow { row: r.number, name: r.name.clone(), email: r.address.clone() };
        Self {
            id: roster.id.to_string(),
            state,
            achievement: roster.slug.clone(),
            version: roster.version.clone(),
            file_name: roster.file_name.clone(),
            encoding: roster.encoding.clone(),
            total: roster.total,
            good: roster.good(),
            bad: roster.bad,
            awarded_before: preview.awarded_before,
            awarded: roster.done,
            skipped: roster.skipped,
            revoked: preview.revoked_count,
            first: preview.first.iter().map(row).collect(),
            problems: preview.bad.iter().flat_map(problems).collect(),
        }
    }
}

fn problems(row: &StoredRow) -> Vec<RosterProblem> {
    let problem = |p: &cairn_actions::roster::csv::Problem| RosterProblem {
        row: row.number,
        column: p.fault.column().map_or("row", cairn_actions::roster::csv::Column::name),
        code: p.fault.name(),
        value: p.value.clone(),
        message: roster::advice(Language::En, p),
    };
    row.problems.iter().map(problem).collect()
}

/// The API speaks English, whoever's token it is.
fn english(actor: Actor) -> Actor {
    Actor { language: Language::En, ..actor }
}

/// Which micro-credential.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub struct What {
    /// Slug of a published micro-credential of the organisation.
    #[serde(default)]
    achievement: String,
}

/// Upload a roster: CSV as the body, or a form with the field `file`. Nothing is awarded yet.
#[utoipa::path(post, path = "/api/v1/organizations/{org}/rosters", tag = "rosters",
    params(("org" = String, Path, description = "Slug of the organisation"), What),
    request_body(content = String, content_type = "text/csv", description = "Columns name, email and, if wanted, date; at most 100,000 rows and 30 MB"),
    security(("token" = ["credentials:issue"])),
    responses((status = 201, description = "The roster with its preview", body = Roster),
        (status = 404, description = "No such organisation"), (status = 422, description = "The file is no roster")))]
pub async fn upload(
    State(app): State<App>,
    SignedIn(actor): SignedIn,
    Path(slug): Path<String>,
    Query(mut what): Query<What>,
    request: Request,
) -> Result<Response> {
    let actor = english(actor);
    let organization = roster::awarder(&actor, &slug)?;
    let kind =
        request.headers().get(header::CONTENT_TYPE).and_then(|v| v.to_str().ok()).unwrap_or("").to_owned();
    let id = if kind.starts_with("multipart/form-data") {
        take(&app, &actor, organization, request, &mut what.achievement).await?
    } else {
        let place = roster::place(&actor, organization)?;
        let broken = |_| Error::refused("upload-broken");
        let chunks = request.into_body().into_data_stream().map_err(broken);
        let file = roster::receive(&app, &place, "roster.csv", chunks).await?;
        roster::upload(&app, &actor, organization, &what.achievement, file).await?
    };
    let preview = roster::preview(&app, &actor, organization, id).await?;
    let location = format!("{}/api/v1/organizations/{slug}/rosters/{id}", app.config.base_url);
    Ok((StatusCode::CREATED, [(header::LOCATION, location)], Json(Roster::new(&preview))).into_response())
}

/// A roster with its preview or its progress.
#[utoipa::path(get, path = "/api/v1/organizations/{org}/rosters/{id}", tag = "rosters",
    params(("org" = String, Path, description = "Slug of the organisation"), ("id" = String, Path, description = "The roster")),
    security(("token" = ["credentials:issue"])),
    responses((status = 200, description = "The roster", body = Roster), (status = 404, description = "No such roster")))]
pub async fn show(
    State(app): State<App>,
    SignedIn(actor): SignedIn,
    Path((slug, id)): Path<(String, String)>,
) -> Result<Json<Roster>> {
    let organization = roster::awarder(&actor, &slug)?;
    Ok(Json(Roster::new(&roster::preview(&app, &actor, organization, id.parse()?).await?)))
}

/// Award the good rows. Repeating it changes nothing: nobody is awarded twice.
#[utoipa::path(post, path = "/api/v1/organizations/{org}/rosters/{id}/start", tag = "rosters",
    params(("org" = String, Path, description = "Slug of the organisation"), ("id" = String, Path, description = "The roster")),
    security(("token" = ["credentials:issue"])),
    responses((status = 202, description = "Started; ask for the roster to see how far it is", body = Roster),
        (status = 404, description = "No such roster"), (status = 409, description = "No row can be awarded")))]
pub async fn start(
    State(app): State<App>,
    SignedIn(actor): SignedIn,
    Path((slug, id)): Path<(String, String)>,
) -> Result<Response> {
    let (actor, id) = (english(actor), id.parse()?);
    let organization = roster::awarder(&actor, &slug)?;
    roster::start(&app, &actor, organization, id).await?;
    let preview = roster::preview(&app, &actor, organization, id).await?;
    Ok((StatusCode::ACCEPTED, Json(Roster::new(&preview))).into_response())
}
