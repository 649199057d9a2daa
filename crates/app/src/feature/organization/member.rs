//! Members, invitations and conflicts of interest.

use crate::App;
use crate::feature::account;
use crate::feature::organization::{self, store};
use crate::platform::error::{Error, Result};
use crate::platform::id;
use crate::platform::web::{Actor, Ui, page, page_with, see_saying};
use askama::Template;
use axum::Form;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use cairn_domain::email::Email;
use cairn_domain::id::PersonId;
use cairn_domain::permission::Role;
use serde::Deserialize;

#[derive(Template)]
#[template(path = "organization/members.html")]
struct Members {
    ui: Ui,
    slug: String,
    name: String,
    members: Vec<store::Member>,
    invitations: Vec<store::Invitation>,
    conflicts: Vec<store::Conflict>,
    roles: Vec<&'static str>,
    address: String,
    role: String,
    errors: Vec<(String, String)>,
}

impl Members {
    fn error(&self, field: &str) -> &str {
        self.errors.iter().find(|(f, _)| f == field).map_or("", |(_, m)| m.as_str())
    }
}

async fn render(
    app: &App,
    ui: Ui,
    actor: &Actor,
    slug: &str,
    form: &InviteForm,
    errors: Vec<(String, String)>,
) -> Result<Response> {
    let member = actor.member(slug)?;
    let mut conn = app.db.read().await?;
    let status = if errors.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let shown = Members {
        slug: slug.to_owned(),
        name: member.name.clone(),
        members: store::members(&mut conn, member.organization).await?,
        invitations: store::invitations(&mut conn, member.organization, ui.now).await?,
        conflicts: store::conflicts(&mut conn, member.organization).await?,
        roles: Role::ALL.iter().map(|r| r.name()).collect(),
        address: form.email.clone(),
        role: form.role.clone(),
        ui,
        errors,
    };
    page_with(status, &shown)
}

pub(super) async fn list(
    State(app): State<App>,
    ui: Ui,
    actor: Actor,
    Path(slug): Path<String>,
) -> Result<Response> {
    let form = InviteForm { email: String::new(), role: "reviewer".into() };
    render(&app, ui, &actor, &slug, &form, vec![]).await
}

#[derive(Deserialize)]
pub(super) struct InviteForm {
    #[serde(default)]
    email: String,
    #[serde(default)]
    role: String,
}

pub(super) async fn invite(
    State(app): State<App>,
    ui: Ui,
    actor: Actor,
    Path(slug): Path<String>,
    Form(form): Form<InviteForm>,
) -> Result<Response> {
    let role = Role::parse(&form.role).ok_or_else(|| Error::invalid("role", "choose a role"))?;
    let email = match Email::parse(&form.email) {
        Ok(email) => email,
        Err(wrong) => {
            let errors = vec![("email".to_owned(), ui.words.refusal(&wrong.to_string()))];
            return render(&app, ui, &actor, &slug, &form, errors).await;
        }
    };
    organization::invite(&app, &actor, &slug, &email, role).await?;
    Ok(see_saying(
        &format!("/organizations/{slug}/members"),
        &ui.t1("organization-invited", "address", email),
    ))
}

#[derive(Deserialize)]
pub(super) struct RoleForm {
    #[serde(default)]
    person: String,
    #[serde(default)]
    role: String,
}

pub(super) async fn remove(
    State(app): State<App>,
    ui: Ui,
    actor: Actor,
    Path(slug): Path<String>,
    Form(form): Form<RoleForm>,
) -> Result<Response> {
    let organization = actor.member(&slug)?.organization;
    let role = Role::parse(&form.role).ok_or(Error::NotFound)?;
    organization::remove_member(&app, &actor, organization, form.person.parse()?, role).await?;
    Ok(see_saying(&format!("/organizations/{slug}/members"), &ui.t("organization-removed")))
}

#[derive(Deserialize)]
pub(super) struct ConflictForm {
    #[serde(default)]
    reviewer: String,
    #[serde(default)]
    learner: String,
}

pub(super) async fn declare(
    State(app): State<App>,
    ui: Ui,
    actor: Actor,
    Path(slug): Path<String>,
    Form(form): Form<ConflictForm>,
) -> Result<Response> {
    let organization = actor.member(&slug)?.organization;
    let mut tx = app.db.begin().await?;
    let reviewer: PersonId = form.reviewer.parse()?;
    if !store::members(&mut tx, organization).await?.iter().any(|m| m.person == reviewer.to_string()) {
        return Err(Error::NotFound);
    }
    let key = Email::key_of(&form.learner);
    let Some(learner) = account::person_with(&mut tx, &key).await? else {
        drop(tx);
        let errors = vec![("learner".to_owned(), ui.t("organization-conflict-nobody"))];
        let form = InviteForm { email: String::new(), role: "reviewer".into() };
        return render(&app, ui, &actor, &slug, &form, errors).await;
    };
    sqlx::query(
        "INSERT INTO conflict (organization, reviewer, learner, declared_by, created_at) VALUES ($1, $2, $3, $4, $5) \
         ON CONFLICT DO NOTHING",
    )
    .bind(organization.to_string())
    .bind(reviewer.to_string())
    .bind(learner.to_string())
    .bind(actor.person.to_string())
    .bind(app.clock.now().as_millisecond())
    .execute(&mut *tx)
    .await?;
    organization::record(
        &mut tx,
        &app,
        organization,
        &actor.log_name(),
        "conflict.declared",
        reviewer.to_string(),
    )
    .await?;
    tx.commit().await?;
    Ok(see_saying(&format!("/organizations/{slug}/members"), &ui.t("organization-conflict-done")))
}

pub(super) async fn withdraw(
    State(app): State<App>,
    ui: Ui,
    actor: Actor,
    Path(slug): Path<String>,
    Form(form): Form<ConflictForm>,
) -> Result<Response> {
    let organization = actor.member(&slug)?.organization;
    let mut tx = app.db.begin().await?;
    sqlx::query("DELETE FROM conflict WHERE organization = $1 AND reviewer = $2 AND learner = $3")
        .bind(organization.to_string())
        .bind(&form.reviewer)
        .bind(&form.learner)
        .execute(&mut *tx)
        .await?;
    organization::record(&mut tx, &app, organization, &actor.log_name(), "conflict.withdrawn", form.reviewer)
        .await?;
    tx.commit().await?;
    Ok(see_saying(&format!("/organizations/{slug}/members"), &ui.t("organization-conflict-gone")))
}

#[derive(Template)]
#[template(path = "organization/invitation.html")]
struct Invitation {
    ui: Ui,
    token: String,
    name: String,
    role: String,
}

pub(super) async fn invitation(
    State(app): State<App>,
    ui: Ui,
    Path(token): Path<String>,
) -> Result<Response> {
    let mut conn = app.db.read().await?;
    let invited =
        store::invited(&mut conn, &id::digest(&token), ui.now).await?.ok_or_else(organization::gone)?;
    page(&Invitation { ui, token, name: invited.name, role: invited.role })
}

pub(super) async fn accept(
    State(app): State<App>,
    ui: Ui,
    actor: Actor,
    Path(token): Path<String>,
) -> Result<Response> {
    let slug = organization::accept(&app, &actor, &token).await?;
    Ok(see_saying(&format!("/organizations/{slug}"), &ui.t("organization-joined")))
}
