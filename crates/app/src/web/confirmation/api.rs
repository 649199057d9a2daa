//! Who an organisation is, for programs: the operator's list and decisions, the owners' domains.

use crate::http::SignedIn;
use crate::http::call::{Call, Nothing, Path, Query};
use crate::http::idempotency::Reply;
use crate::http::problem::Result;
use crate::http::shape::{self, List, Part};
use axum::Json;
use axum::extract::State;
use axum::response::Response;
use cairn_actions::App;
use cairn_actions::confirmation::{self, Applicant, Waiting, domain};
use cairn_actions::person::Contact;
use cairn_domain::standing::Decision;
use serde::{Deserialize, Serialize};
use utoipa::{OpenApi, ToSchema};

/// What this file adds to the description of the interface.
#[derive(OpenApi)]
#[openapi(paths(list, show, decide, domains, add_domain, check_domain, remove_domain))]
pub struct Api;

/// An organisation as the operator decides on it.
#[derive(Debug, Serialize, ToSchema)]
pub struct Candidate {
    /// Lasting id.
    id: String,
    /// In addresses.
    slug: String,
    /// The name that is to be decided on, or is in force.
    name: String,
    /// The confirmed name, when it asks for another one.
    confirmed_name: Option<String>,
    /// `unconfirmed`, `contested`, `held`, `declined`, `not_looked_at`, `confirmed`, `suspended`.
    standing: String,
    /// The operator's last reason; may be empty.
    reason: String,
    /// university, association, …
    kind: String,
    /// ISO 3166-1.
    country: String,
    /// Its web site; may be empty.
    url: String,
    /// Its contact; may be empty.
    email: String,
    /// RFC 3339.
    founded_at: String,
}

impl From<Applicant> for Candidate {
    fn from(k: Applicant) -> Self {
        Self {
            id: k.id.to_string(),
            name: k.asked_name().to_owned(),
            confirmed_name: (!k.name_wanted.is_empty()).then(|| k.name.clone()),
            slug: k.slug,
            standing: k.standing.name().to_owned(),
            reason: k.reason,
            kind: k.kind,
            country: k.country,
            url: k.url,
            email: k.email,
            founded_at: shape::instant(k.created_at),
        }
    }
}

/// Which organisations are listed.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub struct Which {
    /// `waiting` (those to decide on, as when it is not given) or `all`.
    show: Option<String>,
    /// How many things, 1 to 100; 50 when it is not given.
    limit: Option<i64>,
    /// Where to go on; part of `next`.
    after: Option<String>,
}

/// Organisations that wait for a decision, or all, by their slugs. For operators of the instance.
#[utoipa::path(get, path = "/api/v1/operator/organizations", tag = "operator", params(Which),
    responses((status = 200, body = List<Candidate>)))]
pub async fn list(
    State(app): State<App>,
    SignedIn(actor): SignedIn,
    Query(which): Query<Which>,
) -> Result<Json<List<Candidate>>> {
    let waiting = match which.show.as_deref().unwrap_or("waiting") {
        "waiting" => Waiting::Only,
        "all" => Waiting::No,
        _ => return Err(cairn_actions::Error::invalid("show", "choose-waiting-all").into()),
    };
    let limit = shape::limit(which.limit)?;
    let after = which.after.as_deref().unwrap_or("");
    let mut found = confirmation::list(&app, &actor, waiting, after, limit as i64 + 1).await?;
    let is_more = found.len() > limit;
    found.truncate(limit);
    let text = limit.to_string();
    let query = [("show", which.show.as_deref().unwrap_or("")), ("limit", text.as_str())];
    let next = found
        .last()
        .filter(|_| is_more)
        .map(|last| shape::next(&app.config.base_url, "/api/v1/operator/organizations", &query, &last.slug));
    Ok(Json(List { items: found.into_iter().map(Candidate::from).collect(), next }))
}

/// An owner of an organisation.
#[derive(Debug, Serialize, ToSchema)]
pub struct Owner {
    /// Person id.
    id: String,
    /// Name.
    name: String,
    /// Primary address.
    email: String,
}

/// Another organisation whose name looks the same.
#[derive(Debug, Serialize, ToSchema)]
pub struct Alike {
    /// Its name.
    name: String,
    /// In addresses.
    slug: String,
}

/// Everything that is known when the operator decides.
#[derive(Debug, Serialize, ToSchema)]
pub struct Case {
    #[serde(flatten)]
    organization: Candidate,
    /// Its owners.
    owners: Vec<Owner>,
    /// Its domains that are proved.
    proved_domains: Vec<String>,
    /// Others whose name looks the same.
    alike: Vec<Alike>,
    /// Badges that it has issued.
    issued: i64,
}

/// An organisation as the operator decides on it. For operators of the instance.
#[utoipa::path(get, path = "/api/v1/operator/organizations/{slug}", tag = "operator",
    params(("slug" = String, Path, description = "The organisation's slug")),
    responses((status = 200, body = Case)))]
pub async fn show(
    State(app): State<App>,
    SignedIn(actor): SignedIn,
    Path(slug): Path<String>,
) -> Result<Json<Case>> {
    let case = confirmation::case(&app, &actor, &slug).await?;
    let owner = |o: Contact| Owner { id: o.person, name: o.name, email: o.address };
    let proved = case.domains.into_iter().filter(|d| d.proof.counts());
    Ok(Json(Case {
        owners: case.owners.into_iter().map(owner).collect(),
        proved_domains: proved.map(|d| d.domain).collect(),
        alike: case.alike.into_iter().map(|(name, slug)| Alike { name, slug }).collect(),
        issued: case.issued,
        organization: case.known.into(),
    }))
}

/// What the operator decides.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewDecision {
    /// `confirm`, `decline`, `suspend`, `lift`.
    decision: String,
    /// Needed to decline or suspend; the owners read it.
    #[serde(default)]
    reason: String,
    /// The name that was decided on, as `name` said it: one that was changed meanwhile is refused.
    name: String,
}

/// What a decision has led to.
#[derive(Debug, Serialize, ToSchema)]
pub struct Decided {
    /// The organisation's standing from now on.
    standing: String,
}

/// Decides on an organisation's name, or stops it for now; its owners get a letter. For operators of the instance.
#[utoipa::path(post, path = "/api/v1/operator/organizations/{slug}/decision", tag = "operator",
    request_body = NewDecision,
    params(("slug" = String, Path, description = "The organisation's slug")),
    responses((status = 200, body = Decided)))]
pub async fn decide(
    State(app): State<App>,
    SignedIn(actor): SignedIn,
    Path(slug): Path<String>,
    Call { body, once }: Call<NewDecision>,
) -> Result<Response> {
    once.run(&app, &actor, move |app, actor| async move {
        let decision = Decision::parse(&body.decision)
            .ok_or_else(|| cairn_actions::Error::invalid("decision", "choose-decision-name"))?;
        let standing = confirmation::decide(&app, &actor, &slug, decision, &body.reason, &body.name).await?;
        Reply::ok(&Decided { standing: standing.name().to_owned() })
    })
    .await
}

/// A domain and how it is proved.
#[derive(Debug, Serialize, ToSchema)]
pub struct OwnDomain {
    /// "example.org"
    domain: String,
    /// True while the proof counts.
    proved: bool,
    /// RFC 3339; null before the first look.
    checked_at: Option<String>,
    /// RFC 3339; until then a proof counts that is no longer found.
    counts_until: Option<String>,
    /// Name of the TXT record that proves it.
    record: String,
    /// Address of the file that proves it.
    file: String,
    /// What the record or a line of the file says.
    line: String,
    /// What the last look found in the DNS instead: `nothing`, `other`, `silent`; null when nothing is wrong.
    dns: Option<String>,
    /// What it found at the file's address: `nothing`, `other`, `elsewhere`, `silent`.
    web: Option<String>,
}

impl From<confirmation::Domain> for OwnDomain {
    fn from(d: confirmation::Domain) -> Self {
        Self {
            proved: d.proof.counts(),
            checked_at: d.proof.checked_at.map(shape::instant),
            counts_until: d.proof.ends_at().map(shape::instant),
            record: domain::record_name(&d.domain),
            file: domain::file_address(&d.domain),
            line: domain::line(&d.token),
            dns: d.missed.map(|m| m.dns.name().to_owned()),
            web: d.missed.map(|m| m.file.name().to_owned()),
            domain: d.domain,
        }
    }
}

async fn all_domains(app: &App, actor: &cairn_actions::person::Actor, slug: &str) -> Result<List<OwnDomain>> {
    let (_, domains) = confirmation::own(app, actor, slug).await?;
    Ok(List { items: domains.into_iter().map(OwnDomain::from).collect(), next: None })
}

/// The organisation's domains, proved or not; at most ten. For owners.
#[utoipa::path(get, path = "/api/v1/organizations/{org}/domains", tag = "organizations",
    params(("org" = String, Path, description = "The organisation's slug"), Part),
    responses((status = 200, body = List<OwnDomain>)))]
pub async fn domains(
    State(app): State<App>,
    SignedIn(actor): SignedIn,
    Path(slug): Path<String>,
    Query(part): Query<Part>,
) -> Result<Json<List<OwnDomain>>> {
    part.limit()?;
    Ok(Json(all_domains(&app, &actor, &slug).await?))
}

/// A domain to prove.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewDomain {
    /// "example.org"; nothing that many share.
    domain: String,
}

/// Begins to prove a domain; the answer says what to put where. For owners.
#[utoipa::path(post, path = "/api/v1/organizations/{org}/domains", tag = "organizations", request_body = NewDomain,
    params(("org" = String, Path, description = "The organisation's slug")),
    responses((status = 200, body = List<OwnDomain>)))]
pub async fn add_domain(
    State(app): State<App>,
    SignedIn(actor): SignedIn,
    Path(slug): Path<String>,
    Call { body, once }: Call<NewDomain>,
) -> Result<Response> {
    once.run(&app, &actor, move |app, actor| async move {
        let organization = actor.member(&slug)?.organization;
        domain::add(&app, &actor, organization, &body.domain).await?;
        Reply::ok(&all_domains(&app, &actor, &slug).await?)
    })
    .await
}

/// Looks for the proof of a domain now. For owners.
#[utoipa::path(post, path = "/api/v1/organizations/{org}/domains/{domain}/check", tag = "organizations",
    request_body = Nothing,
    params(("org" = String, Path, description = "The organisation's slug"),
        ("domain" = String, Path, description = "The domain")),
    responses((status = 200, body = List<OwnDomain>)))]
pub async fn check_domain(
    State(app): State<App>,
    SignedIn(actor): SignedIn,
    Path((slug, name)): Path<(String, String)>,
    Call { once, .. }: Call<Nothing>,
) -> Result<Response> {
    once.run(&app, &actor, move |app, actor| async move {
        domain::check(&app, &actor, &slug, &name).await?;
        Reply::ok(&all_domains(&app, &actor, &slug).await?)
    })
    .await
}

/// Takes a domain out. For owners.
#[utoipa::path(post, path = "/api/v1/organizations/{org}/domains/{domain}/removal", tag = "organizations",
    request_body = Nothing,
    params(("org" = String, Path, description = "The organisation's slug"),
        ("domain" = String, Path, description = "The domain")),
    responses((status = 200, body = List<OwnDomain>)))]
pub async fn remove_domain(
    State(app): State<App>,
    SignedIn(actor): SignedIn,
    Path((slug, name)): Path<(String, String)>,
    Call { once, .. }: Call<Nothing>,
) -> Result<Response> {
    once.run(&app, &actor, move |app, actor| async move {
        let organization = actor.member(&slug)?.organization;
        domain::remove(&app, &actor, organization, &name).await?;
        Reply::ok(&all_domains(&app, &actor, &slug).await?)
    })
    .await
}
