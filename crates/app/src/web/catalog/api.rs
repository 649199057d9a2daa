//! The catalogue for programs: the same filters, the same pages.

use crate::http::problem::Result;
use axum::Json;
use axum::extract::{Path, Query, State};
use cairn_actions::App;
use cairn_actions::catalog;
use cairn_actions::catalog::filter::{Filter, Place};
use cairn_actions::confirmation::notice;
use cairn_actions::published;
use cairn_actions::published::PublishedVersion;
use cairn_domain::achievement::{SkillLink, Validity};
use cairn_domain::requirement::Requirement as Node;
use serde::Serialize;
use std::collections::BTreeMap;
use utoipa::{OpenApi, ToSchema};

/// What this file adds to the description of the interface.
#[derive(OpenApi)]
#[openapi(paths(list, find))]
pub struct Api;

/// Things on a page.
const PAGE: usize = 50;

/// A page of the catalogue.
#[derive(Debug, Serialize, ToSchema)]
pub struct Page {
    /// In the order that was asked for.
    items: Vec<Summary>,
    /// Address of the next page; null at the end.
    next: Option<String>,
    /// The words that were looked for, when they are not the ones that were sent.
    #[serde(skip_serializing_if = "Option::is_none")]
    corrected: Option<String>,
}

/// Who issues it.
#[derive(Debug, Serialize, ToSchema)]
pub struct Issuer {
    /// In addresses.
    slug: String,
    /// Its name.
    name: String,
    /// `unconfirmed`, `not-looked-at` or `suspended`: what to warn of; null when the operator has confirmed it.
    caution: Option<String>,
}

/// A micro-credential in few words.
#[derive(Debug, Serialize, ToSchema)]
pub struct Summary {
    /// Lasting id.
    id: String,
    /// "organisation.achievement"
    key: String,
    /// Id of the version that is offered.
    version: String,
    /// Its number, from 1.
    number: i64,
    /// Its page.
    url: String,
    /// Its picture, PNG.
    image: String,
    /// BCP 47 tag of the texts.
    language: String,
    /// Title.
    title: String,
    /// One sentence.
    #[serde(rename = "summary")]
    #[schema(rename = "summary")]
    sentence: String,
    /// Who issues it.
    issuer: Issuer,
    /// Broad field.
    field: String,
    /// Shape of the programme.
    programme: String,
    /// Form of participation; null when not stated.
    participation: Option<String>,
    /// Notional workload; 0 is not stated.
    hours: u32,
    /// ECTS credits.
    ects: Option<f64>,
    /// European Qualifications Framework, 1 to 8.
    eqf: Option<u8>,
    /// What it costs.
    price: Money,
}

/// Money in minor units.
#[derive(Debug, Serialize, ToSchema)]
pub struct Money {
    /// 4900 is 49.00 EUR.
    amount: i64,
    /// ISO 4217.
    currency: String,
    /// Who may get it cheaper or paid.
    funding: String,
}

/// A skill and where it is defined.
#[derive(Debug, Serialize, ToSchema)]
pub struct Skill {
    /// "infection control"
    name: String,
    /// "ESCO"; empty when it is the issuer's own.
    framework: String,
    /// Its address there; may be empty.
    url: String,
}

/// Texts in one language.
#[derive(Debug, Serialize, ToSchema)]
pub struct Texts {
    /// Title.
    title: String,
    /// One sentence.
    summary: String,
    /// Markdown.
    description: String,
    /// What its holder can do.
    outcomes: Vec<String>,
}

/// How long it is valid.
#[derive(Debug, Serialize, ToSchema)]
pub struct Term {
    /// From the award; null is for ever.
    months: Option<u32>,
    /// Days after the end in which it can be renewed.
    grace_days: u32,
    /// none, hours, assessment or repeat.
    renewal: String,
    /// Hours of continuing education, when that is the rule.
    renewal_hours: u32,
}

/// A node of the requirement tree, without texts, questions and rubrics.
#[derive(Debug, Serialize, ToSchema)]
pub struct Requirement {
    /// all, at-least, module, assessment, project …
    kind: String,
    /// Unique in its tree.
    id: String,
    /// What it is called.
    title: String,
    /// Minutes of work; 0 is not stated.
    minutes: u32,
    /// Of an `at-least` group.
    #[serde(skip_serializing_if = "Option::is_none")]
    count: Option<u32>,
    /// Parts of a group.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(no_recursion)]
    parts: Vec<Requirement>,
}

/// A micro-credential with its standard elements.
#[derive(Debug, Serialize, ToSchema)]
pub struct Achievement {
    /// In few words.
    #[serde(flatten)]
    in_short: Summary,
    /// Markdown.
    description: String,
    /// What its holder can do.
    outcomes: Vec<String>,
    /// Words that help to find it.
    tags: Vec<String>,
    /// Skills.
    skills: Vec<Skill>,
    /// A national framework's level.
    national_level: String,
    /// Types of assessment.
    assessment: Vec<String>,
    /// Supervision and identity check; null when not stated.
    supervision: Option<String>,
    /// Quality assurance.
    quality_assurance: String,
    /// Who accredited it.
    accreditation: String,
    /// What one must bring.
    prerequisites: String,
    /// What it can be combined with.
    stackability: String,
    /// Anything else worth knowing.
    further: String,
    /// How long it is valid.
    validity: Term,
    /// What must be met.
    requirement: Requirement,
    /// Texts in other languages, by tag.
    translations: BTreeMap<String, Texts>,
}

/// Micro-credentials that are offered now.
#[utoipa::path(
    get,
    path = "/api/v1/achievements",
    tag = "catalogue",
    params(
        ("q" = Option<String>, Query, description = "Words; the last one may be a beginning"),
        ("field" = Option<Vec<String>>, Query, description = "education, healthcare, business, technology, creative, human-skills; may be repeated, like all that follow"),
        ("programme" = Option<Vec<String>>, Query, description = "course, assessment, project, badging, professional-development"),
        ("participation" = Option<Vec<String>>, Query, description = "online, on-site, blended"),
        ("language" = Option<Vec<String>>, Query, description = "en, de"),
        ("level" = Option<Vec<u8>>, Query, description = "EQF level; 0 is not stated"),
        ("price" = Option<Vec<String>>, Query, description = "free, paid"),
        ("hours" = Option<Vec<String>>, Query, description = "to-10, 11-25, 26-50, from-51"),
        ("organization" = Option<Vec<String>>, Query, description = "The issuer's slug"),
        ("sort" = Option<String>, Query, description = "best, title, newest, shortest"),
        ("after" = Option<String>, Query, description = "From `next` of the page before"),
    ),
    responses((status = 200, body = Page))
)]
pub async fn list(State(app): State<App>, Query(pairs): Query<Vec<(String, String)>>) -> Result<Json<Page>> {
    let filter = Filter::parse(&pairs);
    let mut conn = app.db.read().await?;
    let found = catalog::find(&app, &mut conn, &filter, PAGE).await?;
    let base = &app.config.base_url;
    let next =
        found.next.map(|mark| format!("{base}/api/v1/achievements{}", filter.at(Place::After(mark)).query()));
    let items = found.page.iter().map(|p| summary(p, base)).collect();
    Ok(Json(Page { items, next, corrected: found.corrected }))
}

/// One micro-credential, by its key or its id.
#[utoipa::path(
    get,
    path = "/api/v1/achievements/{key}",
    tag = "catalogue",
    params(("key" = String, Path, description = "“organisation.achievement”, or its id")),
    responses((status = 200, body = Achievement), (status = 404, description = "It is not offered"))
)]
pub async fn find(State(app): State<App>, Path(key): Path<String>) -> Result<Json<Achievement>> {
    let mut conn = app.db.read().await?;
    let published = published::find_published(&mut conn, &key).await?;
    let standing = cairn_actions::confirmation::standing(&mut conn, published.organization).await?;
    cairn_actions::confirmation::require_public(&app, standing)?;
    Ok(Json(full(&published, &app.config.base_url)))
}

fn summary(p: &PublishedVersion, base: &str) -> Summary {
    let d = &p.definition;
    Summary {
        id: p.achievement.to_string(),
        key: p.key.clone(),
        version: p.version.to_string(),
        number: p.number,
        url: format!("{base}/catalog/{}", p.key),
        image: format!("{base}/images/{}.png", p.version),
        language: d.language.clone(),
        title: d.title.clone(),
        sentence: d.summary.clone(),
        issuer: Issuer {
            slug: p.organization_slug.clone(),
            name: p.organization_name.clone(),
            caution: notice(p.standing).map(|n| n.caution.to_owned()),
        },
        field: d.field.name().into(),
        programme: d.programme.name().into(),
        participation: d.participation.map(|p| p.name().into()),
        hours: d.workload.hours,
        ects: d.workload.ects,
        eqf: d.level.eqf,
        price: Money {
            amount: d.price.amount,
            currency: d.price.currency.clone(),
            funding: d.price.funding.clone(),
        },
    }
}

fn full(p: &PublishedVersion, base: &str) -> Achievement {
    let d = &p.definition;
    let skill =
        |s: &SkillLink| Skill { name: s.name.clone(), framework: s.framework.clone(), url: s.url.clone() };
    let texts = |t: &cairn_domain::achievement::Translation| Texts {
        title: t.title.clone(),
        summary: t.summary.clone(),
        description: t.description.clone(),
        outcomes: t.outcomes.clone(),
    };
    Achievement {
        in_short: summary(p, base),
        description: d.description.clone(),
        outcomes: d.outcomes.clone(),
        tags: d.tags.clone(),
        skills: d.skills.iter().map(skill).collect(),
        national_level: d.level.national.clone(),
        assessment: d.assessment.iter().map(|a| a.name().into()).collect(),
        supervision: d.supervision.map(|s| s.name().into()),
        quality_assurance: d.quality.assurance.clone(),
        accreditation: d.quality.accreditation.clone(),
        prerequisites: d.prerequisites.clone(),
        stackability: d.stackability.clone(),
        further: d.further.clone(),
        validity: term(&d.validity),
        requirement: requirement(&d.requirement),
        translations: d.translations.iter().map(|(tag, t)| (tag.clone(), texts(t))).collect(),
    }
}

fn term(v: &Validity) -> Term {
    Term {
        months: v.months,
        grace_days: v.grace_days,
        renewal: v.renewal.name().into(),
        renewal_hours: v.renewal_hours,
    }
}

/// Only what the public page shows: never a question, an answer or a text.
fn requirement(node: &Node) -> Requirement {
    Requirement {
        kind: node.kind().into(),
        id: node.id().into(),
        title: node.title().into(),
        minutes: node.minutes(),
        count: if let Node::AtLeast { count, .. } = node { Some(*count) } else { None },
        parts: node.parts().iter().map(requirement).collect(),
    }
}
