//! The Open Badges 3.0 document of an award, before it is signed.

use cairn_domain::achievement::Definition;
use cairn_domain::requirement::Requirement;
use cairn_domain::rubric::Rubric;
use cairn_platform::markdown::plain;
use cairn_value::time::Timestamp;
use serde_json::{Map, Value, json};

/// The issuer as the document names it.
#[derive(Debug, Clone)]
pub struct Issuer {
    /// `did:web:…`
    pub did: String,
    /// Name of the organisation.
    pub name: String,
    /// Its own web site; may be empty.
    pub url: String,
    /// Its contact address; may be empty.
    pub email: String,
    /// Its description; may be empty.
    pub description: String,
}

/// One published version, as far as documents need it.
#[derive(Debug, Clone)]
pub struct Version {
    /// `organisation.achievement`, its name in addresses.
    pub key: String,
    /// 1 for the first.
    pub number: i64,
    /// The version's id, which names its picture.
    pub id: String,
    /// What it says.
    pub definition: Definition,
}

/// One result that goes into the credential.
#[derive(Debug, Clone)]
pub enum Outcome {
    /// A criterion of a rubric.
    Level {
        /// Requirement's id.
        leaf: String,
        /// Criterion's id.
        criterion: String,
        /// Points of the level.
        points: u32,
    },
    /// A quiz.
    Percent {
        /// Requirement's id.
        leaf: String,
        /// Whole per cent.
        percent: u32,
    },
}

/// A piece of evidence that the learner agreed to show.
#[derive(Debug, Clone)]
pub struct ShownEvidence {
    /// Address; none for a text.
    pub url: Option<String>,
    /// Title.
    pub title: String,
    /// Text of a text; empty otherwise.
    pub narrative: String,
}

/// The recipient as the document names her.
#[derive(Debug, Clone)]
pub struct Recipient {
    /// Her name.
    pub name: String,
    /// Her address.
    pub address: String,
    /// Random, one for each credential.
    pub salt: String,
}

/// What changes from one credential of a version to the next.
#[derive(Debug)]
pub struct Facts<'a> {
    /// `BASE/c/ID`
    pub address: String,
    /// Who.
    pub recipient: &'a Recipient,
    /// When it was earned.
    pub from: Timestamp,
    /// When it runs out.
    pub until: Option<Timestamp>,
    /// `BASE/status/LIST`
    pub status_list: String,
    /// Position in the list.
    pub status_index: i64,
    /// Results.
    pub outcomes: &'a [Outcome],
    /// Evidence.
    pub evidence: &'a [ShownEvidence],
}

impl Facts<'_> {
    /// Id of the entry in the status list.
    pub fn status_entry(&self) -> String {
        format!("{}#{}", self.status_list, self.status_index)
    }
}

/// Everything of a credential that is the same for all recipients of a version.
#[derive(Debug, Clone)]
pub struct Template {
    base: String,
    issuer: Value,
    achievement: Value,
    version: Version,
}

impl Template {
    /// Prepares a version's documents.
    pub fn new(base: &str, issuer: &Issuer, version: Version) -> Self {
        Self {
            base: base.to_owned(),
            issuer: profile(issuer),
            achievement: achievement(base, issuer, &version),
            version,
        }
    }

    /// The document of one credential, unsigned. Arrays stand where either of
    /// the published schemas wants one.
    pub fn document(&self, facts: &Facts<'_>) -> Value {
        let mut subject = Map::new();
        subject.insert("type".into(), json!(["AchievementSubject"]));
        subject.insert("identifier".into(), identifiers(facts.recipient));
        subject.insert("achievement".into(), self.achievement.clone());
        let results: Vec<Value> = facts.outcomes.iter().filter_map(|o| self.result(o)).collect();
        if !results.is_empty() {
            subject.insert("result".into(), Value::Array(results));
        }
        let mut document = json!({
            "@context": [
                "https://www.w3.org/ns/credentials/v2",
                "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json",
            ],
            "id": facts.address,
            "type": ["VerifiableCredential", "OpenBadgeCredential"],
            "name": self.version.definition.title,
            "issuer": self.issuer,
            "validFrom": stamp(facts.from),
        });
        if let Some(until) = facts.until {
            document["validUntil"] = json!(stamp(until));
        }
        document["credentialSubject"] = Value::Object(subject);
        if !facts.evidence.is_empty() {
            document["evidence"] = facts.evidence.iter().map(evidence).collect();
        }
        document["credentialStatus"] = json!({
            "id": facts.status_entry(),
            "type": "BitstringStatusListEntry",
            // suspended or revoked: docs/decisions/0004
            "statusPurpose": "suspension",
            "statusListIndex": facts.status_index.to_string(),
            "statusListCredential": facts.status_list,
        });
        document
    }

    fn result(&self, outcome: &Outcome) -> Option<Value> {
        let tree = &self.version.definition.requirement;
        match outcome {
            Outcome::Percent { leaf, percent } => Some(json!({
                "type": ["Result"],
                "resultDescription": self.anchor(&format!("result-{leaf}")),
                "value": percent.to_string(),
            })),
            Outcome::Level { leaf, criterion, points } => {
                let rubric = tree.leaf(leaf)?.rubric()?;
                let level = rubric.criteria.iter().find(|c| c.id == *criterion)?.level(*points)?;
                Some(json!({
                    "type": ["Result"],
                    "resultDescription": self.anchor(&format!("result-{leaf}-{criterion}")),
                    "achievedLevel": self.anchor(&format!("level-{leaf}-{criterion}-{points}")),
                    "value": level.title,
                }))
            }
        }
    }

    fn anchor(&self, name: &str) -> String {
        format!("{}#{}", version_address(&self.base, &self.version), encoded(name))
    }
}

/// Address of one version of a micro-credential.
pub fn version_address(base: &str, version: &Version) -> String {
    format!("{base}/catalog/{}/versions/{}", version.key, version.number)
}

/// RFC 3339 in UTC without fractions, as the contexts' `dateTime` wants it.
pub fn stamp(at: Timestamp) -> String {
    at.strftime("%Y-%m-%dT%H:%M:%SZ").to_string()
}

/// Keeps an id usable in an address.
fn encoded(text: &str) -> String {
    text.chars().map(|c| if c.is_ascii_alphanumeric() || "-._".contains(c) { c } else { '-' }).collect()
}

/// The issuer's profile inside a credential.
pub fn profile(issuer: &Issuer) -> Value {
    let mut out = json!({ "id": issuer.did, "type": ["Profile"], "name": issuer.name });
    for (name, value) in
        [("url", &issuer.url), ("email", &issuer.email), ("description", &issuer.description)]
    {
        if !value.is_empty() {
            out[name] = json!(value);
        }
    }
    out
}

/// The hash of the recipient's address.
pub fn identity_hash(recipient: &Recipient) -> String {
    cairn_credential::open_badge::hashed_email(&recipient.address, &recipient.salt)
}

fn identifiers(recipient: &Recipient) -> Value {
    let mut out = vec![json!({
        "type": "IdentityObject",
        "hashed": true,
        "identityHash": identity_hash(recipient),
        "identityType": "emailAddress",
        "salt": recipient.salt,
    })];
    if !recipient.name.is_empty() {
        out.push(json!({
            "type": "IdentityObject",
            "hashed": false,
            "identityHash": recipient.name,
            "identityType": "name",
        }));
    }
    Value::Array(out)
}

fn evidence(shown: &ShownEvidence) -> Value {
    let mut out = json!({ "type": ["Evidence"], "name": shown.title });
    if let Some(url) = &shown.url {
        out["id"] = json!(url);
    }
    if !shown.narrative.is_empty() {
        out["narrative"] = json!(shown.narrative);
    }
    out
}

/// The OB 3.0 Achievement of a version.
pub fn achievement(base: &str, issuer: &Issuer, version: &Version) -> Value {
    let definition = &version.definition;
    let address = version_address(base, version);
    let mut out = json!({
        "id": address,
        "type": ["Achievement"],
        "achievementType": "MicroCredential",
        "name": definition.title,
        "description": description(definition),
        "criteria": { "id": format!("{address}#criteria"), "narrative": criteria(definition) },
        "creator": { "id": issuer.did, "type": ["Profile"], "name": issuer.name },
        "image": { "id": format!("{base}/images/{}.png", version.id), "type": "Image", "caption": definition.title },
        "inLanguage": definition.language,
        "version": version.number.to_string(),
        "fieldOfStudy": definition.field.name(),
    });
    if let Some(ects) = definition.workload.ects {
        out["creditsAvailable"] = json!(ects);
    }
    if !definition.tags.is_empty() {
        out["tag"] = json!(definition.tags);
    }
    let alignment = alignments(definition);
    if !alignment.is_empty() {
        out["alignment"] = Value::Array(alignment);
    }
    let results = result_descriptions(&address, &definition.requirement);
    if !results.is_empty() {
        out["resultDescription"] = Value::Array(results);
    }
    out
}

/// Open Badges needs a description; text that is nothing but marks has none.
fn description(definition: &Definition) -> String {
    let words = [plain(&definition.description), definition.summary.clone(), definition.title.clone()];
    words.into_iter().find(|w| !w.trim().is_empty()).unwrap_or_default()
}

fn alignments(definition: &Definition) -> Vec<Value> {
    let mut out: Vec<Value> = definition
        .skills
        .iter()
        .filter(|s| s.url.starts_with("http"))
        .map(|s| {
            let mut a = json!({
                "type": ["Alignment"],
                "targetName": s.name,
                "targetUrl": s.url,
                "targetType": "ceasn:Competency",
            });
            if !s.framework.is_empty() {
                a["targetFramework"] = json!(s.framework);
            }
            a
        })
        .collect();
    if let Some(level) = definition.level.eqf {
        out.push(json!({
            "type": ["Alignment"],
            "targetName": format!("EQF level {level}"),
            "targetUrl": format!("http://data.europa.eu/snb/eqf/{level}"),
            "targetFramework": "European Qualifications Framework",
            "targetType": "ext:QualificationLevel",
        }));
    }
    out
}

fn result_descriptions(address: &str, tree: &Requirement) -> Vec<Value> {
    let mut out = vec![];
    for leaf in tree.leaves() {
        match leaf {
            Requirement::Assessment { id, title, pass_percent, .. } => out.push(json!({
                "id": format!("{address}#{}", encoded(&format!("result-{id}"))),
                "type": ["ResultDescription"],
                "name": title,
                "resultType": "Percent",
                "requiredValue": pass_percent.to_string(),
                "valueMin": "0",
                "valueMax": "100",
            })),
            Requirement::Project { id, rubric, .. } => out.extend(rubric_descriptions(address, id, rubric)),
            _ => {}
        }
    }
    out
}

fn rubric_descriptions(address: &str, leaf: &str, rubric: &Rubric) -> Vec<Value> {
    let level_id = |criterion: &str, points: u32| {
        format!("{address}#{}", encoded(&format!("level-{leaf}-{criterion}-{points}")))
    };
    rubric
        .criteria
        .iter()
        .map(|criterion| {
            let levels: Vec<Value> = criterion
                .levels
                .iter()
                .map(|level| {
                    let mut out = json!({
                        "id": level_id(&criterion.id, level.points),
                        "type": ["RubricCriterionLevel"],
                        "name": level.title,
                        "points": level.points.to_string(),
                    });
                    if !level.description.is_empty() {
                        out["description"] = json!(level.description);
                    }
                    out
                })
                .collect();
            let mut out = json!({
                "id": format!("{address}#{}", encoded(&format!("result-{leaf}-{}", criterion.id))),
                "type": ["ResultDescription"],
                "name": criterion.title,
                "resultType": "RubricCriterionLevel",
                "rubricCriterionLevel": levels,
            });
            if criterion.level(criterion.required_points).is_some() && criterion.required_points > 0 {
                out["requiredLevel"] = json!(level_id(&criterion.id, criterion.required_points));
            }
            out
        })
        .collect()
}

/// What had to be done, and the standard elements that Open Badges has no
/// member for, as text, so that they are under the signature.
fn criteria(definition: &Definition) -> String {
    use std::fmt::Write as _;
    let mut out = String::new();
    let german = definition.language.starts_with("de");
    let word = |en: &'static str, de: &'static str| if german { de } else { en };
    for outcome in &definition.outcomes {
        let _ = writeln!(out, "- {outcome}");
    }
    let _ = writeln!(out, "\n**{}**\n", word("Requirements", "Anforderungen"));
    for leaf in definition.requirement.leaves() {
        let _ = writeln!(out, "- {}", leaf.title());
    }
    let mut fact = |label: &str, value: String| {
        if !value.is_empty() {
            let _ = write!(out, "\n{label}: {value}  ");
        }
    };
    if definition.workload.hours > 0 {
        fact(word("Notional workload", "Arbeitsaufwand"), format!("{} h", definition.workload.hours));
    }
    let level = definition.level.eqf.map_or_else(String::new, |l| format!("EQF {l}"));
    let levels = [level, definition.level.national.clone()];
    fact(
        word("Level", "Niveau"),
        levels.iter().filter(|l| !l.is_empty()).cloned().collect::<Vec<_>>().join(", "),
    );
    fact(
        word("Participation", "Teilnahme"),
        definition.participation.map_or_else(String::new, |p| p.name().into()),
    );
    fact(
        word("Assessment", "Prüfung"),
        definition.assessment.iter().map(|a| a.name()).collect::<Vec<_>>().join(", "),
    );
    fact(
        word("Supervision", "Aufsicht"),
        definition.supervision.map_or_else(String::new, |s| s.name().into()),
    );
    fact(word("Quality assurance", "Qualitätssicherung"), definition.quality.assurance.clone());
    fact(word("Accreditation", "Akkreditierung"), definition.quality.accreditation.clone());
    fact(word("Prerequisites", "Voraussetzungen"), definition.prerequisites.clone());
    fact(word("Stackability", "Anrechenbarkeit"), definition.stackability.clone());
    out.trim().to_owned()
}
