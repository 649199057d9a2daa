//! Where somebody is a member, and the audit log, for programs.

use crate::http::SignedIn;
use crate::http::call::{Path, Query};
use crate::http::problem::Result;
use crate::http::shape::{self, List, Organization, Part};
use axum::Json;
use axum::extract::State;
use cairn_actions::App;
use cairn_actions::Error;
use cairn_domain::permission::Intent;
use cairn_platform::event;
use serde::Serialize;
use serde_json::Value;
use utoipa::{OpenApi, ToSchema};

/// What this file adds to the description of the interface.
#[derive(OpenApi)]
#[openapi(paths(organizations, events))]
pub struct Api;

/// An organisation and what the person is there.
#[derive(Debug, Serialize, ToSchema)]
pub struct Membership {
    #[serde(flatten)]
    organization: Organization,
    /// True when it issues credentials.
    issues: bool,
    /// owner, designer, reviewer, awarder, manager, analyst.
    roles: Vec<String>,
}

/// Organisations in which the person is a member.
#[utoipa::path(get, path = "/api/v1/organizations", tag = "organizations", params(Part),
    responses((status = 200, body = List<Membership>)))]
pub async fn organizations(
    State(app): State<App>,
    SignedIn(actor): SignedIn,
    Query(part): Query<Part>,
) -> Result<Json<List<Membership>>> {
    let all: Vec<Membership> = actor
        .memberships
        .iter()
        .map(|m| Membership {
            organization: Organization {
                id: m.organization.to_string(),
                slug: m.slug.clone(),
                name: m.name.clone(),
            },
            issues: m.issues,
            roles: m.roles.iter().map(|r| r.name().to_owned()).collect(),
        })
        .collect();
    let after = part.after.clone().unwrap_or_default();
    let (items, mark) = shape::cut(all, &after, part.limit()?, |m| m.organization.id.clone());
    let limit = part.limit()?.to_string();
    let next =
        mark.map(|m| shape::next(&app.config.base_url, "/api/v1/organizations", &[("limit", &limit)], &m));
    Ok(Json(List { items, next }))
}

/// A line of the audit log. Each line's hash covers the line before.
#[derive(Debug, Serialize, ToSchema)]
pub struct LogLine {
    /// 1 for the first.
    seq: i64,
    /// RFC 3339.
    at: String,
    /// Person id, or `system`.
    actor: String,
    /// `credential.issued`, `submission.accepted` …
    kind: String,
    /// Id of what it happened to.
    subject: String,
    /// Details.
    #[schema(value_type = Object)]
    body: Value,
    /// Hash of the line before.
    previous: String,
    /// SHA-256 of this line.
    hash: String,
}

/// The organisation's audit log, newest first. For owners.
#[utoipa::path(get, path = "/api/v1/organizations/{org}/events", tag = "organizations",
    params(("org" = String, Path, description = "The organisation's slug"), Part),
    responses((status = 200, body = List<LogLine>)))]
pub async fn events(
    State(app): State<App>,
    SignedIn(actor): SignedIn,
    Path(slug): Path<String>,
    Query(part): Query<Part>,
) -> Result<Json<List<LogLine>>> {
    let member = actor.member(&slug).ok().filter(|m| m.may(Intent::ReadAudit)).ok_or(Error::NotFound)?;
    let limit = part.limit()?;
    let before = match part.after.as_deref().unwrap_or("") {
        "" => i64::MAX,
        text => text.parse().map_err(|_| Error::invalid("after", "page-mark"))?,
    };
    let mut conn = app.db.read().await?;
    let mut lines = event::newest(&mut conn, Some(member.organization), before, limit as i64 + 1).await?;
    let more = lines.len() > limit;
    lines.truncate(limit);
    let path = format!("/api/v1/organizations/{slug}/events");
    let next = lines.last().filter(|_| more).map(|last| {
        shape::next(&app.config.base_url, &path, &[("limit", &limit.to_string())], &last.seq.to_string())
    });
    let items = lines.into_iter().map(line).collect::<Result<_>>()?;
    Ok(Json(List { items, next }))
}

fn line(l: event::Line) -> Result<LogLine> {
    Ok(LogLine {
        seq: l.seq,
        at: shape::instant(l.at),
        actor: l.actor,
        kind: l.kind,
        subject: l.subject,
        body: serde_json::from_str(&l.body)?,
        previous: l.previous,
        hash: l.hash,
    })
}
