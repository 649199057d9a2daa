//! Members, invitations and conflicts of interest.

use crate::http::Errors;
use crate::http::problem::Result;
use crate::http::session::Visitor;
use crate::http::{SignedIn, Ui, page, page_with, see_saying};
use askama::Template;
use axum::Form;
use axum::extract::{Path, State};
use axum::response::Response;
use cairn_actions::App;
use cairn_actions::Error;
use cairn_actions::account::proof;
use cairn_actions::organization::{self, Conflict, Member, Sent};
use cairn_actions::person::Actor;
use cairn_domain::permission::Role;
use cairn_value::email::Email;
use serde::Deserialize;

#[derive(Template)]
#[template(path = "organization/members.html")]
struct Members {
    ui: Ui,
    slug: String,
    name: String,
    members: Vec<Member>,
    invitations: Vec<organization::Invitation>,
    conflicts: Vec<Conflict>,
    roles: Vec<&'static str>,
    address: String,
    role: String,
    errors: Errors,
}

impl Members {
    fn error(&self, field: &str) -> &str {
        self.errors.of(field)
    }
}

async fn render(
    app: &App,
    ui: Ui,
    actor: &Actor,
    slug: &str,
    form: &InviteForm,
    errors: Errors,
) -> Result<Response> {
    let member = actor.member(slug)?;
    let people = organization::people(app, actor, slug).await?;
    let status = errors.status();
    let shown = Members {
        slug: slug.to_owned(),
        name: member.name.clone(),
        members: people.members,
        invitations: people.invitations,
        conflicts: people.conflicts,
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
    SignedIn(actor): SignedIn,
    Path(slug): Path<String>,
) -> Result<Response> {
    let form = InviteForm { email: String::new(), role: "reviewer".into() };
    render(&app, ui, &actor, &slug, &form, Errors::default()).await
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
    SignedIn(actor): SignedIn,
    visitor: Visitor,
    Path(slug): Path<String>,
    Form(form): Form<InviteForm>,
) -> Result<Response> {
    // an owner can do everything, end keys and remove others included
    let is_proved = proof::is_fresh(&app, &actor, &visitor.token).await?;
    let invited = match (Role::parse(&form.role), Email::parse(&form.email)) {
        (Some(Role::Owner), _) if !is_proved => Err(Error::invalid("role", "invitation-proof")),
        (Some(role), Ok(email)) => {
            organization::invite(&app, &actor, &slug, &email, role).await.map(|sent| (sent, email))
        }
        (None, _) => Err(Error::invalid("role", "choose-role")),
        (_, Err(wrong)) => Err(Error::invalid("email", wrong)),
    };
    match invited {
        Ok((sent, email)) => {
            let said = match sent {
                Sent::New => "organization-invited",
                Sent::Renewed => "organization-invited-again",
            };
            Ok(see_saying(&format!("/organizations/{slug}/members"), &ui.t1(said, "address", email)))
        }
        Err(error) => {
            let errors = Errors::of_action(error, &ui)?;
            render(&app, ui, &actor, &slug, &form, errors).await
        }
    }
}

#[derive(Deserialize)]
pub(super) struct WithdrawalForm {
    #[serde(default)]
    invitation: String,
}

/// Takes back an invitation that waits.
pub(super) async fn withdraw_invitation(
    State(app): State<App>,
    ui: Ui,
    SignedIn(actor): SignedIn,
    Path(slug): Path<String>,
    Form(form): Form<WithdrawalForm>,
) -> Result<Response> {
    organization::withdraw_invitation(&app, &actor, &slug, form.invitation.parse()?).await?;
    Ok(see_saying(&format!("/organizations/{slug}/members"), &ui.t("organization-invitation-withdrawn")))
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
    SignedIn(actor): SignedIn,
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

/// Declares a conflict with whoever has, or will have, an address.
pub(super) async fn declare(
    State(app): State<App>,
    ui: Ui,
    SignedIn(actor): SignedIn,
    Path(slug): Path<String>,
    Form(form): Form<ConflictForm>,
) -> Result<Response> {
    let organization = actor.member(&slug)?.organization;
    let email = match Email::parse(&form.learner) {
        Ok(email) => email,
        Err(wrong) => {
            let errors = Errors::one("learner", ui.refusal(wrong));
            let form = InviteForm { email: String::new(), role: "reviewer".into() };
            return render(&app, ui, &actor, &slug, &form, errors).await;
        }
    };
    organization::declare_conflict(&app, &actor, organization, form.reviewer.parse()?, &email).await?;
    Ok(see_saying(&format!("/organizations/{slug}/members"), &ui.t("organization-conflict-done")))
}

/// Takes it back.
pub(super) async fn withdraw(
    State(app): State<App>,
    ui: Ui,
    SignedIn(actor): SignedIn,
    Path(slug): Path<String>,
    Form(form): Form<ConflictForm>,
) -> Result<Response> {
    let organization = actor.member(&slug)?.organization;
    let reviewer = form.reviewer.parse()?;
    organization::withdraw_conflict(&app, &actor, organization, reviewer, &form.learner).await?;
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
    let invited = organization::invitation(&app, &token).await?;
    page(&Invitation { ui, token, name: invited.name, role: invited.role })
}

pub(super) async fn accept(
    State(app): State<App>,
    ui: Ui,
    SignedIn(actor): SignedIn,
    Path(token): Path<String>,
) -> Result<Response> {
    let slug = organization::accept(&app, &actor, &token).await?;
    Ok(see_saying(&format!("/organizations/{slug}"), &ui.t("organization-joined")))
}
