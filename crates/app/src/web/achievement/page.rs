//! The list of an organisation's micro-credentials, a new one, the overview of
//! one, and how it will look.

use super::frame::{Frame, read};
use super::picture;
use crate::http::problem::Result;
use crate::http::{Errors, Fields, Reader};
use crate::http::{SignedIn, Ui, page, page_with, see_saying};
use askama::Template;
use axum::Form;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::Response;
use cairn_actions::App;
use cairn_actions::achievement::draft::{create, editing};
use cairn_actions::achievement::{self, VersionRow};
use cairn_actions::confirmation;
use cairn_actions::published::PublishedVersion;
use cairn_domain::achievement::{Definition, Field, Programme};
use cairn_value::id::VersionId;
use serde::Deserialize;
use std::collections::BTreeMap;
use std::sync::Arc;

/// Rows on a page of the list.
const PAGE: usize = 50;

struct Row {
    href: String,
    title: String,
    state: &'static str,
    number: i64,
    is_changed: bool,
    percent: u8,
    holders: i64,
}

#[derive(Template)]
#[template(path = "achievement/list.html")]
struct List {
    ui: Ui,
    organization_slug: String,
    organization_name: String,
    rows: Vec<Row>,
    first: String,
    next: String,
}

/// Where the list begins.
#[derive(Deserialize)]
pub struct From {
    #[serde(default)]
    after: String,
}

/// All micro-credentials of an organisation.
pub async fn list(
    State(app): State<App>,
    SignedIn(actor): SignedIn,
    ui: Ui,
    Path(org): Path<String>,
    Query(from): Query<From>,
) -> Result<Response> {
    let member = actor.member(&org)?;
    let mut conn = app.db.read().await?;
    let mut found = achievement::list(&mut conn, member.organization, &from.after, PAGE as i64 + 1).await?;
    let is_more = found.len() > PAGE;
    found.truncate(PAGE);
    let base = format!("/organizations/{org}/achievements");
    let next =
        found.last().filter(|_| is_more).map_or_else(String::new, |r| format!("{base}?after={}", r.slug));
    let ids: Vec<_> = found.iter().map(|r| r.id).collect();
    let holders: BTreeMap<String, i64> =
        achievement::holders(&mut conn, member.organization, &ids).await?.into_iter().collect();
    let mut rows = vec![];
    for row in found {
        let one = editing(&mut conn, member, row).await?;
        rows.push(Row {
            href: one.path(),
            state: one.state(),
            number: one.number,
            is_changed: one.is_changed,
            percent: one.definition.completeness(),
            holders: holders.get(&one.achievement.to_string()).copied().unwrap_or(0),
            title: one.definition.in_language(ui.language).title.to_owned(),
        });
    }
    page(&List {
        organization_name: member.name.clone(),
        organization_slug: org,
        first: if from.after.is_empty() { String::new() } else { base },
        next,
        rows,
        ui,
    })
}

#[derive(Template)]
#[template(path = "achievement/new.html")]
struct New {
    ui: Ui,
    organization_slug: String,
    organization_name: String,
    form: Fields,
    errors: Errors,
}

/// The form for a new one.
pub async fn new(SignedIn(actor): SignedIn, ui: Ui, Path(org): Path<String>) -> Result<Response> {
    let member = actor.member(&org)?;
    let mut form = Fields::default();
    form.put("language", ui.language);
    page(&New {
        organization_name: member.name.clone(),
        organization_slug: org,
        form,
        errors: Errors::default(),
        ui,
    })
}

/// Makes a draft, and goes on with its basics.
pub async fn add(
    State(app): State<App>,
    SignedIn(actor): SignedIn,
    ui: Ui,
    Path(org): Path<String>,
    Form(form): Form<Fields>,
) -> Result<Response> {
    let (definition, errors) = first_definition(&form, &ui);
    if let Some(definition) = definition {
        let id = create(&app, &actor, &org, None, definition).await?;
        let member = actor.member(&org)?;
        let mut conn = app.db.read().await?;
        let slug = achievement::slug_of(&mut conn, member.organization, id).await?;
        let path = format!("/organizations/{org}/achievements/{slug}/basics");
        return Ok(see_saying(&path, &ui.t("achievement-created")));
    }
    let organization_name = actor.member(&org)?.name.clone();
    let shown = New { ui, organization_name, organization_slug: org, form, errors };
    page_with(StatusCode::UNPROCESSABLE_ENTITY, &shown)
}

fn first_definition(form: &Fields, ui: &Ui) -> (Option<Definition>, Errors) {
    let mut r = Reader::new(form, ui);
    let title = r.needed_name("title", 120);
    let programme = Programme::parse(form.get("programme"));
    if programme.is_none() {
        r.wrong("programme", "form-error-choose");
    }
    let field = Field::parse(form.get("field"));
    if field.is_none() {
        r.wrong("field", "form-error-choose");
    }
    let language = form.get("language");
    if !matches!(language, "en" | "de") {
        r.wrong("language", "form-error-choose");
    }
    match (programme, field) {
        (Some(programme), Some(field)) if r.errors.is_empty() => {
            (Some(Definition::draft(language, &title, programme, field)), r.errors)
        }
        _ => (None, r.errors),
    }
}

#[derive(Template)]
#[template(path = "achievement/overview.html")]
struct Overview {
    ui: Ui,
    frame: Frame,
    versions: Vec<VersionRow>,
    holders: i64,
}

/// The overview of one.
pub async fn overview(
    State(app): State<App>,
    SignedIn(actor): SignedIn,
    ui: Ui,
    Path((org, slug)): Path<(String, String)>,
) -> Result<Response> {
    let editing = read(&app, &actor, &org, &slug).await?;
    let mut conn = app.db.read().await?;
    let versions = achievement::versions(&mut conn, editing.organization, editing.achievement).await?;
    let holders = achievement::holders(&mut conn, editing.organization, &[editing.achievement]).await?;
    let frame = Frame::of(&editing, "", &ui);
    page(&Overview { ui, frame, versions, holders: holders.first().map_or(0, |(_, n)| *n) })
}

/// The page of the catalogue as the draft will make it.
pub async fn preview(
    State(app): State<App>,
    SignedIn(actor): SignedIn,
    ui: Ui,
    Path((org, slug)): Path<(String, String)>,
) -> Result<Response> {
    let editing = read(&app, &actor, &org, &slug).await?;
    let image = format!("{}/badge?{}", editing.path(), editing.version);
    let standing = {
        let mut conn = app.db.read().await?;
        confirmation::standing(&mut conn, editing.organization).await?
    };
    let published = PublishedVersion {
        standing,
        organization: editing.organization,
        organization_slug: editing.organization_slug.clone(),
        organization_name: editing.organization_name.clone(),
        achievement: editing.achievement,
        key: editing.key(),
        slug: editing.slug,
        version: VersionId(editing.achievement.0),
        number: editing.number,
        definition: Arc::new(editing.definition),
    };
    crate::web::catalog::preview(ui, &crate::web::catalog::Preview { published: &published, image })
}

/// The draft's badge picture.
pub async fn badge(
    State(app): State<App>,
    SignedIn(actor): SignedIn,
    Path((org, slug)): Path<(String, String)>,
) -> Result<Response> {
    let editing = read(&app, &actor, &org, &slug).await?;
    let (kind, bytes) = picture::of_draft(&app, &editing).await?;
    Ok(picture::bytes(kind, bytes, "private, no-cache"))
}
