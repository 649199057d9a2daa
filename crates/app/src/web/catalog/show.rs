//! The page of one micro-credential: what it is, what must be met, what it costs.

use super::card;
use super::list::language;
use crate::http::problem::Result;
use crate::http::{Ui, page as answer};
use askama::Template;
use axum::extract::{Path, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use cairn_actions::App;
use cairn_actions::catalog;
use cairn_actions::confirmation;
use cairn_actions::published;
use cairn_actions::published::{Availability, PublishedVersion};
use cairn_domain::achievement::{AssessmentType, Definition, RenewalRule};
use cairn_domain::requirement::Requirement;
use cairn_platform::markdown::{markdown, plain};

/// A node of the requirement tree, as everybody may read it.
#[derive(Template)]
#[template(path = "catalog/node.html")]
struct Node {
    kind: &'static str,
    /// What kind it is, in the reader's language.
    word: String,
    /// The reader's language: the titles are in the definition's.
    lang: &'static str,
    title: String,
    /// "45 minutes", "8 questions, 70 % pass"; may be empty.
    facts: Vec<String>,
    /// Address of another micro-credential that is asked for; may be empty.
    href: String,
    parts: Vec<Node>,
}

/// What is shown in place of the way to enrol.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Door {
    Open,
    /// Its organisation may not offer it now.
    Closed,
    Retired,
    Preview,
}

#[derive(Template)]
#[template(path = "catalog/show.html")]
struct Show {
    ui: Ui,
    door: Door,
    key: String,
    slug: String,
    organization_slug: String,
    issuer: String,
    image: String,
    /// Absolute, for the preview card when the link is pasted.
    og_image: String,
    number: i64,
    lang: String,
    title: String,
    summary: String,
    description: String,
    outcomes: Vec<String>,
    d: std::sync::Arc<Definition>,
    elements: Vec<(String, String)>,
    tree: Node,
    hours: String,
    level: String,
    price: String,
    holders: String,
    validity: String,
    renewal: String,
    /// What the reader is warned of about the issuer.
    notice: Option<confirmation::Notice>,
}

/// `/catalog/{key}`
pub async fn page(State(app): State<App>, ui: Ui, Path(key): Path<String>) -> Result<Response> {
    let mut conn = app.db.read().await?;
    let (published, offered) = published::find_current(&mut conn, &key).await?;
    let standing = confirmation::standing(&mut conn, published.organization).await?;
    confirmation::require_public(&app, standing)?;
    if key != published.key {
        return Ok(moved(&format!("/catalog/{}", published.key)));
    }
    let holders = catalog::holders(&mut conn, published.organization, published.achievement).await?;
    let door = match offered {
        Availability::Now if confirmation::is_offered(&app, standing) => Door::Open,
        Availability::Now => Door::Closed,
        Availability::NoMore => Door::Retired,
    };
    let mut page = show(ui, &published, door, holders);
    page.notice = confirmation::notice(standing);
    let mut response = answer(&page)?;
    if door == Door::Retired {
        response
            .headers_mut()
            .insert(header::HeaderName::from_static("x-robots-tag"), HeaderValue::from_static("noindex"));
    }
    Ok(response)
}

/// 301: an id leads to the name, for ever.
fn moved(path: &str) -> Response {
    let mut response = StatusCode::MOVED_PERMANENTLY.into_response();
    if let Ok(value) = HeaderValue::from_str(path) {
        response.headers_mut().insert(header::LOCATION, value);
    }
    response
}

/// A draft as it will be shown.
pub struct Preview<'a> {
    /// As if it were published.
    pub published: &'a PublishedVersion,
    /// Address of the draft's picture.
    pub image: String,
}

/// The page of a draft.
pub fn preview(ui: Ui, preview: &Preview<'_>) -> Result<Response> {
    let mut page = show(ui, preview.published, Door::Preview, 0);
    page.image.clone_from(&preview.image);
    answer(&page)
}

fn show(ui: Ui, published: &PublishedVersion, door: Door, holders: i64) -> Show {
    let d = published.definition.clone();
    let shown = d.in_language(ui.language);
    Show {
        door,
        key: published.key.clone(),
        slug: published.slug.clone(),
        organization_slug: published.organization_slug.clone(),
        issuer: published.organization_name.clone(),
        image: format!("/images/{}.svg", published.version),
        og_image: format!("{}/images/{}.png", ui.base_url, published.version),
        number: published.number,
        lang: shown.language.to_owned(),
        title: shown.title.to_owned(),
        summary: shown.summary.to_owned(),
        description: markdown(shown.description),
        outcomes: shown.outcomes.to_vec(),
        elements: elements(&d, &ui),
        tree: node(&d.requirement, &ui),
        hours: card::hours(&d, &ui),
        level: card::level(&d, &ui),
        price: card::price(&d, &ui),
        holders: said_holders(holders, &ui),
        validity: validity(&d, &ui),
        renewal: renewal(&d, &ui),
        notice: None,
        d: d.clone(),
        ui,
    }
}

/// Small groups are not counted out: a number would tell who it is.
pub fn said_holders(holders: i64, ui: &Ui) -> String {
    if holders < 5 { ui.t("catalog-holders-few") } else { ui.n("catalog-holders", holders) }
}

/// "24 months from the award"
pub fn validity(d: &Definition, ui: &Ui) -> String {
    d.validity
        .months
        .map_or_else(|| ui.t("catalog-valid-always"), |months| ui.n("catalog-valid-months", months))
}

/// How it is renewed, with hours and grace period; empty when it is not.
pub fn renewal(d: &Definition, ui: &Ui) -> String {
    let rule = match d.validity.renewal {
        RenewalRule::None => return String::new(),
        RenewalRule::Hours => ui.n("catalog-renewal-hours", d.validity.renewal_hours),
        RenewalRule::Assessment | RenewalRule::Repeat => ui.word("renewal", d.validity.renewal.name()),
    };
    if d.validity.grace_days == 0 {
        return rule;
    }
    format!("{rule}, {}", ui.n("catalog-grace", d.validity.grace_days))
}

/// The standard elements as a table: label and value; what is not stated is left out.
pub fn elements(d: &Definition, ui: &Ui) -> Vec<(String, String)> {
    let mut workload = card::hours(d, ui);
    if let Some(ects) = d.workload.ects {
        workload = format!("{workload} · {}", ui.t1("catalog-ects", "credits", number(ects, ui)));
    }
    let eqf = d.level.eqf.map_or_else(String::new, |l| ui.t1("catalog-eqf", "level", l));
    let levels: Vec<_> = [eqf, d.level.national.clone()].into_iter().filter(|l| !l.is_empty()).collect();
    let kinds: Vec<_> =
        d.assessment.iter().map(|a: &AssessmentType| ui.word("assessment", a.name())).collect();
    [
        ("language", language(&d.language, ui)),
        ("programme", ui.word("programme", d.programme.name())),
        ("workload", workload),
        ("level", levels.join(" · ")),
        ("participation", d.participation.map_or_else(String::new, |p| ui.word("participation", p.name()))),
        ("assessment", kinds.join(", ")),
        ("supervision", d.supervision.map_or_else(String::new, |s| ui.word("supervision", s.name()))),
        ("assurance", plain(&d.quality.assurance)),
        ("accreditation", plain(&d.quality.accreditation)),
        ("prerequisites", plain(&d.prerequisites)),
        ("stackability", plain(&d.stackability)),
        ("further", plain(&d.further)),
    ]
    .into_iter()
    .filter(|(_, value)| !value.trim().is_empty())
    .map(|(name, value)| (ui.t(format!("catalog-element-{name}")), value))
    .collect()
}

/// "1.5" or "1,5"
fn number(n: f64, ui: &Ui) -> String {
    let text = n.to_string();
    if ui.language == "de" { text.replace('.', ",") } else { text }
}

fn node(requirement: &Requirement, ui: &Ui) -> Node {
    let (mut facts, mut href) = (vec![], String::new());
    if requirement.minutes() > 0 && !matches!(requirement, Requirement::Hours { .. }) {
        facts.push(minutes(requirement.minutes(), ui));
    }
    match requirement {
        Requirement::Assessment { items, pass_percent, attempts, .. } => {
            facts.push(ui.n("catalog-questions", items.len()));
            facts.push(ui.t1("catalog-pass", "percent", pass_percent));
            if *attempts > 0 {
                facts.push(ui.n("catalog-attempts", *attempts));
            }
        }
        Requirement::Project { rubric, .. } => facts.push(ui.n("catalog-criteria", rubric.criteria.len())),
        Requirement::Hours { hours, .. } => facts.push(ui.n("catalog-hours", *hours)),
        Requirement::PriorCredential { achievement, .. } => {
            href = format!("/catalog/{}", achievement.replace('/', "."));
        }
        Requirement::All { .. }
        | Requirement::AtLeast { .. }
        | Requirement::Module { .. }
        | Requirement::ExternalCertificate { .. }
        | Requirement::Attestation { .. } => {}
    }
    let word = match requirement {
        Requirement::AtLeast { count, .. } => ui.n("requirement-at-least", *count),
        other => ui.word("requirement", other.kind()),
    };
    Node {
        kind: requirement.kind(),
        word,
        lang: ui.language,
        title: requirement.title().to_owned(),
        facts,
        href,
        parts: requirement.parts().iter().map(|p| node(p, ui)).collect(),
    }
}

/// "45 minutes", "10 hours"
fn minutes(minutes: u32, ui: &Ui) -> String {
    if minutes >= 120 && minutes.is_multiple_of(60) {
        return ui.n("catalog-hours", minutes / 60);
    }
    ui.n("catalog-minutes", minutes)
}
