//! A badge's public page and its other forms; issuers; the holder's badges.

use crate::http::problem::Result;
use crate::http::{Errors, SignedIn, Ui, page, page_with};
use crate::web::confirmation::caution;
use crate::web::credential::mark::Mark;
use askama::Template;
use axum::body::Body;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use cairn_actions::App;
use cairn_actions::Error;
use cairn_actions::credential::{self, CredentialRow, correction, find_for, key, status};
use cairn_actions::organization;
use cairn_actions::person::Actor;
use cairn_actions::published;
use cairn_actions::submission::file::shows_inline;
use cairn_actions::{confirmation, submission, verification};
use cairn_domain::achievement::Definition;
use cairn_domain::award;
use cairn_domain::permission::Intent;
use cairn_platform::markdown::markdown;
use cairn_value::id::{CredentialId, EvidenceId, OrganizationId, StatusListId, VersionId};
use jiff::Timestamp;
use serde_json::Value;
use std::sync::Arc;

/// The forms in which a badge can be had.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Shape {
    Page,
    Json,
    Png,
    Svg,
}

/// By extension, or by what the client accepts most.
fn shape(name: &str, headers: &HeaderMap) -> Option<(CredentialId, Shape)> {
    let (id, shape) = match name.rsplit_once('.') {
        Some((id, "json")) => (id, Some(Shape::Json)),
        Some((id, "png")) => (id, Some(Shape::Png)),
        Some((id, "svg")) => (id, Some(Shape::Svg)),
        Some(_) => return None,
        None => (name, None),
    };
    let id = id.parse().ok()?;
    Some((id, shape.unwrap_or_else(|| negotiated(headers))))
}

fn negotiated(headers: &HeaderMap) -> Shape {
    let accept = headers.get(header::ACCEPT).and_then(|v| v.to_str().ok()).unwrap_or("");
    let mut best = (0.0, Shape::Page);
    for part in accept.split(',') {
        let mut pieces = part.split(';').map(str::trim);
        let kind = pieces.next().unwrap_or("");
        let quality = pieces.find_map(|p| p.strip_prefix("q=")?.parse::<f32>().ok()).unwrap_or(1.0);
        let shape = match kind {
            "text/html" | "application/xhtml+xml" => Shape::Page,
            "application/vc" | "application/vc+ld+json" | "application/ld+json" | "application/json" => {
                Shape::Json
            }
            "image/png" => Shape::Png,
            "image/svg+xml" => Shape::Svg,
            _ => continue,
        };
        if quality > best.0 {
            best = (quality, shape);
        }
    }
    best.1
}

pub(super) async fn show(
    State(app): State<App>,
    ui: Ui,
    actor: Option<axum::Extension<Actor>>,
    Path(name): Path<String>,
    headers: HeaderMap,
) -> Result<Response> {
    let (id, shape) = shape(&name, &headers).ok_or(Error::NotFound)?;
    let actor = actor.map(|a| a.0);
    let mut conn = app.db.read().await?;
    let stored = find_for(&mut conn, actor.as_ref(), id).await?;
    let version: VersionId = stored.version_id.parse()?;
    let cache = if stored.shared_at.is_some() { "public, max-age=60" } else { "private, no-store" };
    let (kind, bytes) = match shape {
        Shape::Page => {
            let published = published::find_version(&mut conn, version).await?;
            drop(conn);
            let form = (String::new(), Errors::default());
            return badge_page(&app, ui, actor.as_ref(), stored, &published, form).await;
        }
        Shape::Json => ("application/vc+ld+json", stored.document.into_bytes()),
        Shape::Png => {
            drop(conn);
            let picture = crate::web::achievement::picture(&app, version).await?;
            let baked = cairn_credential::bake::bake_png(&picture.png, &stored.document)
                .map_err(anyhow::Error::from)?;
            ("image/png", baked)
        }
        Shape::Svg => {
            drop(conn);
            let picture = crate::web::achievement::picture(&app, version).await?;
            let svg = picture.svg.ok_or(Error::NotFound)?;
            let baked =
                cairn_credential::bake::bake_svg(&svg, &stored.document).map_err(anyhow::Error::from)?;
            ("image/svg+xml", baked.into_bytes())
        }
    };
    let mut response = bytes.into_response();
    let all = response.headers_mut();
    all.insert(header::CONTENT_TYPE, HeaderValue::from_static(kind));
    all.insert(header::CACHE_CONTROL, HeaderValue::from_static(cache));
    all.insert(header::VARY, HeaderValue::from_static("Accept"));
    if stored.shared_at.is_some() {
        all.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*"));
    }
    Ok(response)
}

/// One result as the page shows it.
struct ResultRow {
    name: String,
    value: String,
}

/// One piece of evidence as the page shows it.
struct EvidenceRow {
    title: String,
    url: String,
    text: String,
}

#[derive(Template)]
#[template(path = "credential/badge.html")]
struct Badge {
    ui: Ui,
    badge: CredentialRow,
    /// What is to be known of its issuer; empty when there is nothing.
    caution: String,
    title: String,
    description: String,
    definition: Arc<Definition>,
    key: String,
    has_svg: bool,
    mark: Mark,
    shown: crate::web::verification::ReportView,
    results: Vec<ResultRow>,
    evidence: Vec<EvidenceRow>,
    address: String,
    linked_in: String,
    is_holder: bool,
    may_change: bool,
    may_correct: bool,
    /// The reason for another status as it was typed, when it was refused.
    reason: String,
    errors: Errors,
    /// The badge that took its place, for whoever may see that one.
    successor: Option<CredentialId>,
}

impl Badge {
    fn error(&self, field: &str) -> &str {
        self.errors.of(field)
    }
}

/// The page again, with the form for another status as it was sent.
pub(super) async fn again(
    app: &App,
    ui: Ui,
    actor: &Actor,
    id: CredentialId,
    reason: String,
    errors: Errors,
) -> Result<Response> {
    let mut conn = app.db.read().await?;
    let stored = find_for(&mut conn, Some(actor), id).await?;
    let published = published::find_version(&mut conn, stored.version_id.parse()?).await?;
    drop(conn);
    badge_page(app, ui, Some(actor), stored, &published, (reason, errors)).await
}

async fn badge_page(
    app: &App,
    ui: Ui,
    actor: Option<&Actor>,
    badge: CredentialRow,
    published: &published::PublishedVersion,
    (reason, errors): (String, Errors),
) -> Result<Response> {
    let report = verification::report_on(app, &badge).await?;
    let successor = visible_successor(app, actor, &badge).await?;
    let document: Value = serde_json::from_str(&badge.document)?;
    let definition = published.definition.clone();
    let texts = definition.in_language(ui.language);
    let organization: OrganizationId = badge.organization.parse()?;
    let address = format!("{}/c/{}", app.config.base_url, badge.id);
    let shown = crate::web::verification::ReportView::new((*report).clone());
    let mark = Mark::of(&badge, definition.validity.grace_days, ui.now);
    let page_data = Badge {
        title: texts.title.to_owned(),
        caution: caution(&ui, badge.standing),
        description: markdown(texts.description),
        key: published.key.clone(),
        has_svg: definition.image.is_none(),
        mark: mark.beside(shown.part.kind, shown.part.verdict),
        shown,
        results: results(&document),
        evidence: evidence_rows(&document),
        linked_in: linked_in(&badge, &document, &address),
        is_holder: actor.is_some_and(|a| badge.person.as_deref() == Some(&a.person.to_string())),
        may_change: actor.is_some_and(|a| a.with(organization, Intent::ChangeStatus).is_ok()),
        // who was erased gets nothing under her name again
        may_correct: !badge.recipient_name.is_empty()
            && actor.is_some_and(|a| a.with(organization, Intent::Award).is_ok()),
        reason,
        errors,
        successor,
        address,
        definition,
        badge,
        ui,
    };
    let mut response = page_with(page_data.errors.status(), &page_data)?;
    if page_data.badge.shared_at.is_none() {
        response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("private, no-store"));
    }
    Ok(response)
}

async fn visible_successor(
    app: &App,
    actor: Option<&Actor>,
    badge: &CredentialRow,
) -> Result<Option<CredentialId>> {
    if badge.state != award::State::Superseded {
        return Ok(None);
    }
    let mut conn = app.db.read().await?;
    let Some(next) = correction::successor(&mut conn, badge).await? else { return Ok(None) };
    Ok(find_for(&mut conn, actor, next).await.is_ok().then_some(next))
}

/// The results as the signed document has them, with the names of what they are results of.
fn results(document: &Value) -> Vec<ResultRow> {
    let subject = &document["credentialSubject"];
    let none = vec![];
    let descriptions = subject["achievement"]["resultDescription"].as_array().unwrap_or(&none);
    let row = |result: &Value| {
        let id = result["resultDescription"].as_str()?;
        let about = descriptions.iter().find(|d| d["id"] == id)?;
        let mut value = result["value"].as_str().unwrap_or("").to_owned();
        if about["resultType"] == "Percent" {
            value.push_str(" %");
        }
        Some(ResultRow { name: about["name"].as_str().unwrap_or("").to_owned(), value })
    };
    subject["result"].as_array().unwrap_or(&none).iter().filter_map(row).collect()
}

fn evidence_rows(document: &Value) -> Vec<EvidenceRow> {
    let text = |value: &Value| value.as_str().unwrap_or("").to_owned();
    let none = vec![];
    let row = |e: &Value| EvidenceRow {
        title: text(&e["name"]),
        // an address of another kind would be a script or worse
        url: Some(text(&e["id"]))
            .filter(|u| u.starts_with("https://") || u.starts_with("http://"))
            .unwrap_or_default(),
        text: text(&e["narrative"]),
    };
    document["evidence"].as_array().unwrap_or(&none).iter().map(row).collect()
}

/// The address by which LinkedIn adds a certification to a profile.
fn linked_in(badge: &CredentialRow, document: &Value, address: &str) -> String {
    let month = |ms: i64| Timestamp::from_millisecond(ms).map(|t| t.to_zoned(jiff::tz::TimeZone::UTC)).ok();
    let mut url = url::form_urlencoded::Serializer::new("https://www.linkedin.com/profile/add?".to_owned());
    url.append_pair("startTask", "CERTIFICATION_NAME")
        .append_pair("name", document["name"].as_str().unwrap_or(""))
        .append_pair("organizationName", &badge.organization_name)
        .append_pair("certUrl", address)
        .append_pair("certId", &badge.id);
    if let Some(at) = month(badge.valid_from) {
        url.append_pair("issueYear", &at.year().to_string())
            .append_pair("issueMonth", &at.month().to_string());
    }
    if let Some(at) = badge.valid_until.and_then(month) {
        url.append_pair("expirationYear", &at.year().to_string())
            .append_pair("expirationMonth", &at.month().to_string());
    }
    url.finish().replacen("?&", "?", 1)
}

/// A file that the learner agreed to show, for whoever may see the badge.
pub(super) async fn evidence(
    State(app): State<App>,
    actor: Option<axum::Extension<Actor>>,
    Path((id, evidence)): Path<(String, String)>,
) -> Result<Response> {
    let (id, evidence): (CredentialId, EvidenceId) = (id.parse()?, evidence.parse()?);
    let mut conn = app.db.read().await?;
    let stored = find_for(&mut conn, actor.as_deref(), id).await?;
    // only what the signed document names as evidence
    let document: Value = serde_json::from_str(&stored.document).map_err(anyhow::Error::from)?;
    let address = format!("/c/{id}/evidence/{evidence}");
    let mut named = document["evidence"].as_array().into_iter().flatten().filter_map(|e| e["id"].as_str());
    if !named.any(|named| named.ends_with(&address)) {
        return Err(Error::NotFound.into());
    }
    let file = submission::file_on(&mut conn, &stored, evidence).await?;
    drop(conn);
    send_file(&app, &file.blob, &file.media_type, &file.file_name).await
}

/// Streams a file that somebody uploaded, so that it can do no harm: its kind is
/// the one that was told by content, and it runs nothing.
pub async fn send_file(app: &App, blob: &str, media_type: &str, file_name: &str) -> Result<Response> {
    let file = app.blobs.file(blob).await.map_err(|_| Error::NotFound)?;
    let size = file.metadata().await.map_err(anyhow::Error::from)?.len();
    let mut response = Body::from_stream(tokio_util::io::ReaderStream::new(file)).into_response();
    let way = if shows_inline(media_type) { "inline" } else { "attachment" };
    let name: String =
        url::form_urlencoded::byte_serialize(file_name.as_bytes()).collect::<String>().replace('+', "%20");
    let kind = if media_type == "text/plain" { "text/plain; charset=utf-8" } else { media_type };
    let all = response.headers_mut();
    let mut put = |header: header::HeaderName, value: &str| {
        if let Ok(value) = HeaderValue::from_str(value) {
            all.insert(header, value);
        }
    };
    put(header::CONTENT_TYPE, kind);
    put(header::CONTENT_LENGTH, &size.to_string());
    put(header::CONTENT_DISPOSITION, &format!("{way}; filename*=UTF-8''{name}"));
    put(header::CACHE_CONTROL, "private, no-store");
    // PDF viewers of browsers do not work in a sandbox; all else gets one
    let policy = if media_type == "application/pdf" {
        "default-src 'none'; object-src 'self'; plugin-types application/pdf; frame-ancestors 'self'"
    } else {
        "default-src 'none'; style-src 'unsafe-inline'; img-src 'self'; media-src 'self'; sandbox; frame-ancestors 'self'"
    };
    put(header::CONTENT_SECURITY_POLICY, policy);
    put(header::X_FRAME_OPTIONS, "SAMEORIGIN");
    Ok(response)
}

/// A badge in a list.
struct Mine {
    badge: CredentialRow,
    title: String,
    mark: Mark,
    caution: String,
}

#[derive(Template)]
#[template(path = "credential/mine.html")]
struct MinePage {
    ui: Ui,
    badges: Vec<Mine>,
}

pub(super) async fn mine(State(app): State<App>, ui: Ui, SignedIn(actor): SignedIn) -> Result<Response> {
    let mut conn = app.db.read().await?;
    let mut badges = vec![];
    for badge in credential::of_person(&mut conn, actor.person).await? {
        let published = published::find_version(&mut conn, badge.version_id.parse()?).await?;
        let title = published.definition.in_language(ui.language).title.to_owned();
        let mark = Mark::of(&badge, published.definition.validity.grace_days, ui.now);
        let caution = caution(&ui, badge.standing);
        badges.push(Mine { badge, title, mark, caution });
    }
    page(&MinePage { ui, badges })
}

pub(super) async fn status_list(State(app): State<App>, Path(list): Path<String>) -> Result<Response> {
    let list: StatusListId = list.parse()?;
    let mut conn = app.db.read().await?;
    let document = status::signed(&app, &mut conn, list).await?;
    let mut response = document.as_str().to_owned().into_response();
    let all = response.headers_mut();
    all.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/vc+ld+json"));
    all.insert(header::CACHE_CONTROL, HeaderValue::from_static("public, max-age=0, must-revalidate"));
    all.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*"));
    Ok(response)
}

#[derive(Template)]
#[template(path = "credential/issuer.html")]
struct IssuerPage {
    ui: Ui,
    issuer: credential::document::Issuer,
    description: String,
    slug: String,
    keys: Vec<key::KeyEntry>,
    /// Domains that it has proved.
    domains: Vec<String>,
    /// What the reader is warned of.
    notice: Option<confirmation::Notice>,
}

/// An issuer for people, or, for programs, its Open Badges profile with its keys.
pub(super) async fn issuer(
    State(app): State<App>,
    ui: Ui,
    Path(slug): Path<String>,
    headers: HeaderMap,
) -> Result<Response> {
    let (slug, is_json) = match slug.strip_suffix(".json") {
        Some(slug) => (slug.to_owned(), true),
        None => (slug, negotiated(&headers) == Shape::Json),
    };
    let mut conn = app.db.read().await?;
    let organization = organization::issuing(&mut conn, &slug).await?;
    let standing = confirmation::standing(&mut conn, organization).await?;
    confirmation::require_public(&app, standing)?;
    let issuer = credential::issuer_of(&mut conn, &app, organization).await?;
    if is_json {
        let mut profile = credential::document::profile(&issuer);
        let document = key::did_document(&mut conn, &app, organization, &slug).await?;
        profile["@context"] = serde_json::json!([
            "https://www.w3.org/ns/credentials/v2",
            "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json",
        ]);
        for name in ["verificationMethod", "assertionMethod"] {
            profile[name] = document[name].clone();
        }
        return Ok(public_json("application/ld+json", &profile));
    }
    let keys = key::list(&mut conn, organization).await?;
    let domains = confirmation::domain::proved(&mut conn, organization).await?;
    let description = markdown(&issuer.description);
    let notice = confirmation::notice(standing);
    page(&IssuerPage { ui, issuer, description, slug, keys, domains, notice })
}

pub(super) async fn did(State(app): State<App>, Path(slug): Path<String>) -> Result<Response> {
    let mut conn = app.db.read().await?;
    let organization = organization::issuing(&mut conn, &slug).await?;
    // what has been issued is checked with it, whatever was decided since
    let standing = confirmation::standing(&mut conn, organization).await?;
    if !confirmation::is_public(&app, standing) && !confirmation::has_issued(&mut conn, organization).await? {
        return Err(Error::NotFound.into());
    }
    let document = key::did_document(&mut conn, &app, organization, &slug).await?;
    Ok(public_json("application/did+json", &document))
}

fn public_json(kind: &'static str, value: &Value) -> Response {
    let mut response = (StatusCode::OK, value.to_string()).into_response();
    let all = response.headers_mut();
    all.insert(header::CONTENT_TYPE, HeaderValue::from_static(kind));
    all.insert(header::CACHE_CONTROL, HeaderValue::from_static("public, max-age=300"));
    all.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*"));
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_form_follows_extension_and_accept() {
        let id = "01939a3e-0000-7000-8000-000000000001";
        let check = |name: &str, accept: &str, want: Option<Shape>| {
            let mut headers = HeaderMap::new();
            headers.insert(header::ACCEPT, HeaderValue::from_str(accept).unwrap());
            assert_eq!(shape(name, &headers).map(|s| s.1), want, "{name} {accept}");
        };
        check(id, "text/html,application/xhtml+xml,*/*;q=0.8", Some(Shape::Page));
        check(id, "*/*", Some(Shape::Page));
        check(id, "application/vc, text/html;q=0.5", Some(Shape::Json));
        check(id, "image/png", Some(Shape::Png));
        check(&format!("{id}.svg"), "text/html", Some(Shape::Svg));
        check(&format!("{id}.exe"), "text/html", None);
        check("1", "text/html", None);
    }
}
