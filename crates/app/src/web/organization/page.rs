//! Organisations' pages: list, founding, overview, profile, keys, audit log.

use crate::http::Errors;
use crate::http::problem::Result;
use crate::http::session::Visitor;
use crate::http::{SignedIn, Ui, page, page_with, see_saying};
use askama::Template;
use axum::Form;
use axum::extract::{Path, Query, State};
use axum::response::Response;
use cairn_actions::App;
use cairn_actions::account::proof;
use cairn_actions::confirmation;
use cairn_actions::credential::key;
use cairn_actions::organization::{self, Counts, Founding, KINDS, Profile, Renaming};
use cairn_actions::person;
use cairn_actions::person::Membership;
use cairn_domain::permission::Intent;
use cairn_platform::event;
use cairn_platform::markdown::markdown;
use cairn_value::slug::slug;
use serde::Deserialize;

/// Countries that can be chosen, ISO 3166-1; the rest is one setting away.
const COUNTRIES: &[&str] = &[
    "AT", "AU", "BE", "BG", "BR", "CA", "CH", "CL", "CN", "CY", "CZ", "DE", "DK", "EE", "ES", "FI", "FR",
    "GB", "GR", "HR", "HU", "IE", "IL", "IN", "IS", "IT", "JP", "KE", "KR", "LI", "LT", "LU", "LV", "MT",
    "MX", "NG", "NL", "NO", "NZ", "PL", "PT", "RO", "RS", "SE", "SG", "SI", "SK", "TR", "UA", "US", "ZA",
];

#[derive(Template)]
#[template(path = "organization/list.html")]
struct List {
    ui: Ui,
    memberships: Vec<Membership>,
}

pub(super) async fn list(ui: Ui, SignedIn(actor): SignedIn) -> Result<Response> {
    page(&List { ui, memberships: actor.memberships.to_vec() })
}

#[derive(Template)]
#[template(path = "organization/edit.html")]
struct Edit {
    ui: Ui,
    slug: String,
    /// The name that is in force, whatever stands in the form; empty for a new one.
    name: String,
    is_new: bool,
    form: EditForm,
    kinds: &'static [&'static str],
    /// Codes and names, by name.
    countries: Vec<(&'static str, String)>,
    errors: Errors,
}

impl Edit {
    fn error(&self, field: &str) -> &str {
        self.errors.of(field)
    }
}

#[derive(Deserialize, Default)]
#[serde(default)]
pub(super) struct EditForm {
    name: String,
    slug: String,
    kind: String,
    country: String,
    url: String,
    email: String,
    description: String,
    issues: Option<String>,
}

/// The form of an organisation by the slug and name that it has; both are empty for a new one.
fn edit(ui: Ui, (slug, name): (String, String), form: EditForm, errors: Errors) -> Result<Response> {
    let status = errors.status();
    let is_new = slug.is_empty();
    let mut countries: Vec<(&str, String)> = COUNTRIES.iter().map(|code| (*code, ui.country(code))).collect();
    // Ö stands beside O in German
    countries.sort_by_key(|(_, name)| cairn_value::slug::slug(name));
    page_with(status, &Edit { ui, slug, name, is_new, form, kinds: KINDS, countries, errors })
}

pub(super) async fn new(ui: Ui) -> Result<Response> {
    let form = EditForm { issues: Some("on".into()), ..EditForm::default() };
    edit(ui, Default::default(), form, Errors::default())
}

pub(super) async fn found(
    State(app): State<App>,
    ui: Ui,
    SignedIn(actor): SignedIn,
    Form(form): Form<EditForm>,
) -> Result<Response> {
    let wanted = if form.slug.trim().is_empty() { slug(&form.name) } else { form.slug.trim().to_owned() };
    let founding = Founding {
        name: form.name.trim().to_owned(),
        slug: wanted.clone(),
        kind: form.kind.clone(),
        country: form.country.clone(),
        url: form.url.trim().to_owned(),
        email: form.email.trim().to_owned(),
        language: ui.language.to_owned(),
        description: form.description.clone(),
        translations: serde_json::json!({}),
        issues: form.issues.is_some(),
    };
    match organization::found_by(&app, &actor, founding).await {
        Ok(()) => {}
        Err(error) => {
            let errors = Errors::of_action(error, &ui)?;
            return edit(ui, Default::default(), form, errors);
        }
    }
    Ok(see_saying(&format!("/organizations/{wanted}"), &ui.t("organization-founded")))
}

#[derive(Template)]
#[template(path = "organization/show.html")]
struct Show {
    ui: Ui,
    profile: Profile,
    description: String,
    roles: Vec<&'static str>,
    member: Membership,
    counts: Counts,
    notice: Option<confirmation::Notice>,
}

impl Show {
    /// True when the reader may do this here; who does not issue has only people to look after.
    fn may(&self, intent: Intent) -> bool {
        let needs_badges =
            !matches!(intent, Intent::ManageMembers | Intent::ManageOrganization | Intent::ReadAudit);
        self.member.may(intent) && (self.profile.issues || !needs_badges)
    }
}

pub(super) async fn show(
    State(app): State<App>,
    ui: Ui,
    SignedIn(actor): SignedIn,
    Path(slug): Path<String>,
) -> Result<Response> {
    let member = actor.member(&slug)?;
    let profile = organization::profile(&app, &actor, &slug).await?;
    let counts = organization::counts(&app, &actor, &slug).await?;
    let mut conn = app.db.read().await?;
    page(&Show {
        description: markdown(&profile.description),
        roles: member.roles.iter().map(|r| r.name()).collect(),
        member: member.clone(),
        profile,
        counts,
        notice: confirmation::notice(confirmation::standing(&mut conn, member.organization).await?),
        ui,
    })
}

pub(super) async fn profile(
    State(app): State<App>,
    ui: Ui,
    SignedIn(actor): SignedIn,
    Path(slug): Path<String>,
) -> Result<Response> {
    let p = organization::profile(&app, &actor, &slug).await?;
    let form = EditForm {
        name: p.name.clone(),
        slug: p.slug,
        kind: p.kind,
        country: p.country,
        url: p.url,
        email: p.email,
        description: p.description,
        issues: p.issues.then(|| "on".into()),
    };
    edit(ui, (slug, p.name), form, Errors::default())
}

pub(super) async fn save_profile(
    State(app): State<App>,
    ui: Ui,
    SignedIn(actor): SignedIn,
    Path(slug): Path<String>,
    Form(form): Form<EditForm>,
) -> Result<Response> {
    let old = organization::profile(&app, &actor, &slug).await?;
    let name = old.name.clone();
    let changed = Profile {
        name: form.name.trim().to_owned(),
        kind: form.kind.clone(),
        country: form.country.clone(),
        url: form.url.trim().to_owned(),
        email: form.email.trim().to_owned(),
        description: form.description.clone(),
        ..old
    };
    let said = match organization::change_profile(&app, &actor, &slug, changed).await {
        Ok(Renaming::InForce) => ui.t("organization-saved"),
        Ok(Renaming::Waits(wanted)) => ui.t1("organization-saved-name-waits", "name", wanted),
        Err(error) => {
            let errors = Errors::of_action(error, &ui)?;
            return edit(ui, (slug, name), form, errors);
        }
    };
    Ok(see_saying(&format!("/organizations/{slug}"), &said))
}

#[derive(Template)]
#[template(path = "organization/keys.html")]
struct Keys {
    ui: Ui,
    slug: String,
    name: String,
    did: String,
    may_make: bool,
    /// True when she has shown a moment ago that it is she.
    proved: bool,
    keys: Vec<key::KeyEntry>,
}

pub(super) async fn keys(
    State(app): State<App>,
    ui: Ui,
    SignedIn(actor): SignedIn,
    visitor: Visitor,
    Path(slug): Path<String>,
) -> Result<Response> {
    let keys = organization::keys(&app, &actor, &slug).await?;
    let member = actor.member(&slug).ok();
    let name = member.map_or_else(|| slug.clone(), |m| m.name.clone());
    let may_make = member.is_some_and(|m| m.may(Intent::ManageOrganization));
    let proved = proof::is_fresh(&app, &actor, &visitor.token).await?;
    page(&Keys { ui, did: key::did(&app, &slug), name, slug, may_make, proved, keys })
}

pub(super) async fn rotate(
    State(app): State<App>,
    ui: Ui,
    SignedIn(actor): SignedIn,
    visitor: Visitor,
    Path(slug): Path<String>,
) -> Result<Response> {
    let organization = actor.member(&slug)?.organization;
    // the page shows the button to whoever has proved it
    if !proof::is_fresh(&app, &actor, &visitor.token).await? {
        return Err(cairn_actions::Error::refused(proof::MISSING).into());
    }
    organization::rotate_key(&app, &actor, organization).await?;
    Ok(see_saying(&format!("/organizations/{slug}/keys"), &ui.t("organization-key-done")))
}

/// One line of the log as the page shows it.
struct LogLine {
    seq: i64,
    at: i64,
    who: String,
    kind: String,
    subject: String,
    body: String,
}

#[derive(Template)]
#[template(path = "organization/audit.html")]
struct Audit {
    ui: Ui,
    slug: String,
    name: String,
    lines: Vec<LogLine>,
    next: String,
}

#[derive(Deserialize)]
pub(super) struct Before {
    before: Option<i64>,
}

pub(super) async fn audit(
    State(app): State<App>,
    ui: Ui,
    SignedIn(actor): SignedIn,
    Path(slug): Path<String>,
    Query(query): Query<Before>,
) -> Result<Response> {
    let member = actor.member(&slug)?;
    let mut conn = app.db.read().await?;
    let before = query.before.unwrap_or(i64::MAX);
    let found = event::newest(&mut conn, Some(member.organization), before, 50).await?;
    let actors: Vec<String> = found.iter().map(|l| l.actor.clone()).collect();
    let names = person::names(&mut conn, &actors).await?;
    let next = match found.last() {
        Some(last) if found.len() == 50 && last.seq > 1 => {
            format!("/organizations/{slug}/audit?before={}", last.seq)
        }
        _ => String::new(),
    };
    let line = |l: event::Line| {
        let key = format!("event-{}", l.kind.replace(['.', '_'], "-"));
        let kind = if ui.words.has(&key) { ui.t(&key) } else { l.kind };
        let name = names.get(&l.actor).filter(|n| !n.is_empty()).cloned();
        let body = if l.body == "{}" { String::new() } else { l.body };
        LogLine { seq: l.seq, at: l.at, who: name.unwrap_or(l.actor), kind, subject: l.subject, body }
    };
    let lines = found.into_iter().map(line).collect();
    page(&Audit { name: member.name.clone(), ui, slug, lines, next })
}
