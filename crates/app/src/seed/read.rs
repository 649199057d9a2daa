//! Reads the folder `demo/`, which is part of the program.

use anyhow::{Context, Result};
use cairn_domain::achievement::Definition;
use rust_embed::RustEmbed;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

#[derive(RustEmbed)]
#[folder = "../../demo/"]
struct Files;

/// An organisation.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Organization {
    pub slug: String,
    pub name: String,
    pub kind: String,
    pub country: String,
    pub url: String,
    pub email: String,
    pub language: String,
    pub issues: bool,
    /// The operator has not decided on it.
    #[serde(default)]
    pub waits: bool,
    pub description: String,
    #[serde(default)]
    pub translations: BTreeMap<String, OrganizationTexts>,
}

/// An organisation's texts in another language.
#[derive(Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct OrganizationTexts {
    pub description: String,
}

/// Somebody.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Person {
    pub key: String,
    pub name: String,
    pub email: String,
    pub language: String,
    #[serde(default)]
    pub shown_as: String,
    #[serde(default)]
    pub about: String,
    #[serde(default)]
    pub about_in: BTreeMap<String, String>,
    #[serde(default)]
    pub roles: Vec<PersonRole>,
}

/// What somebody is in an organisation.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PersonRole {
    pub organization: String,
    pub role: String,
}

/// One person's way through one micro-credential; days count back from today.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Enrollment {
    pub learner: String,
    pub achievement: String,
    pub started: i64,
    #[serde(default)]
    pub modules: Vec<String>,
    pub withdrawn: Option<i64>,
    #[serde(default)]
    pub attempts: Vec<Attempt>,
    #[serde(default)]
    pub submissions: Vec<Submission>,
    pub credential: Option<Credential>,
}

/// A try at a quiz.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Attempt {
    pub requirement: String,
    pub day: i64,
    pub right: usize,
}

/// Something handed in, or not yet.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Submission {
    pub requirement: String,
    pub day: i64,
    #[serde(default)]
    pub text: String,
    #[serde(default)]
    pub show_evidence: bool,
    #[serde(default)]
    pub evidence: Vec<Evidence>,
    #[serde(default)]
    pub draft: bool,
    pub review: Option<Review>,
    pub appeal: Option<Appeal>,
}

/// A piece of evidence.
#[derive(Debug, Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum Evidence {
    File { title: String, path: String },
    Link { title: String, url: String },
    Text { title: String, text: String },
}

/// What a reviewer did.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Review {
    pub reviewer: String,
    pub day: i64,
    #[serde(default)]
    pub started_only: bool,
    #[serde(default)]
    pub decision: String,
    #[serde(default)]
    pub comment: String,
    #[serde(default)]
    pub scores: Vec<cairn_domain::rubric::Score>,
}

/// A disagreement.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Appeal {
    pub day: i64,
    pub text: String,
}

/// What became of the badge.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Credential {
    #[serde(default)]
    pub share: bool,
    pub suspended: Option<i64>,
    #[serde(default)]
    pub suspended_reason: String,
    pub revoked: Option<i64>,
    #[serde(default)]
    pub revoked_reason: String,
}

/// The whole folder.
pub struct Folder {
    pub organizations: Vec<Organization>,
    pub people: Vec<Person>,
    /// Organisation's slug, own slug, content.
    pub definitions: Vec<(String, String, Definition)>,
    pub enrollments: Vec<Enrollment>,
}

/// Reads everything; says which file is wrong.
pub fn folder() -> Result<Folder> {
    #[derive(Deserialize)]
    struct People {
        people: Vec<Person>,
    }
    #[derive(Deserialize)]
    struct Story {
        enrollments: Vec<Enrollment>,
    }
    let mut organizations = vec![];
    let mut definitions = vec![];
    for name in Files::iter() {
        if name.starts_with("organizations/") {
            organizations.push(parse(&name)?);
        } else if let Some(place) =
            name.strip_prefix("achievements/").and_then(|n| n.strip_suffix("/definition.toml"))
        {
            let (organization, slug) =
                place.split_once('/').with_context(|| format!("{name} is in a wrong folder"))?;
            definitions.push((organization.to_owned(), slug.to_owned(), definition(&name)?));
        }
    }
    let people: People = parse("people.toml")?;
    let story: Story = parse("story.toml")?;
    // what builds on another one comes after it
    definitions.sort_by_key(|(o, s, d)| (needs_another(d), o.clone(), s.clone()));
    Ok(Folder { organizations, people: people.people, definitions, enrollments: story.enrollments })
}

fn needs_another(definition: &Definition) -> bool {
    use cairn_domain::requirement::Requirement;
    definition.requirement.leaves().iter().any(|l| matches!(l, Requirement::PriorCredential { .. }))
}

/// Bytes of a file of evidence.
pub fn evidence(path: &str) -> Result<Vec<u8>> {
    let name = path.strip_prefix("evidence/").unwrap_or(path);
    bytes(&format!("evidence/{name}"))
}

fn bytes(name: &str) -> Result<Vec<u8>> {
    Ok(Files::get(name).with_context(|| format!("demo/{name} is missing"))?.data.into_owned())
}

fn text(name: &str) -> Result<String> {
    String::from_utf8(bytes(name)?).with_context(|| format!("demo/{name} is not UTF-8"))
}

fn parse<T: serde::de::DeserializeOwned>(name: &str) -> Result<T> {
    toml::from_str(&text(name)?).with_context(|| format!("reading demo/{name}"))
}

/// A definition, with the files that its keys `X_file` name put in as `X`.
fn definition(name: &str) -> Result<Definition> {
    let folder = name.strip_suffix("definition.toml").unwrap_or("");
    let mut value: toml::Value = parse(name)?;
    resolve(&mut value, folder)?;
    value.try_into().with_context(|| format!("reading demo/{name}"))
}

fn resolve(value: &mut toml::Value, folder: &str) -> Result<()> {
    match value {
        toml::Value::Table(table) => {
            let keys: Vec<String> = table.keys().filter(|k| k.ends_with("_file")).cloned().collect();
            for key in keys {
                let name = key.trim_end_matches("_file").to_owned();
                let Some(toml::Value::String(path)) = table.remove(&key) else { continue };
                let file = format!("{folder}{path}");
                let content = if path.ends_with(".toml") {
                    let mut inner: toml::Table = parse(&file)?;
                    inner.remove(&name).with_context(|| format!("demo/{file} has no {name}"))?
                } else {
                    toml::Value::String(text(&file)?)
                };
                table.insert(name, content);
            }
            table.iter_mut().try_for_each(|(_, v)| resolve(v, folder))
        }
        toml::Value::Array(items) => items.iter_mut().try_for_each(|v| resolve(v, folder)),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_definition_of_the_demo_can_be_published() {
        let folder = folder().unwrap();
        assert!(folder.definitions.len() >= 15);
        for (organization, slug, definition) in &folder.definitions {
            assert_eq!(definition.publishable(None), Ok(()), "{organization}/{slug}");
        }
    }
}
