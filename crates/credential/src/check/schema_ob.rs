//! The shape of Open Badges 3.0 credentials (OB 3.0, appendix B).

use serde_json::{Map, Value};

use super::member::{several, text};
use super::schema::Problems;
use crate::open_badge::{AchievementType, IdentifierType, ResultStatus, ResultType, TargetType};

pub(super) fn achievement_credential(credential: &Map<String, Value>, problems: &mut Problems) {
    let contexts = several(credential.get("@context"));
    if !contexts.iter().filter_map(Value::as_str).any(is_open_badges_context) {
        problems.add("@context", "does not hold the context of Open Badges 3.0");
    }
    if !credential.contains_key("id") {
        problems.absent("id");
    }
    if credential.get("issuer").is_some_and(Value::is_object) {
        has_type("issuer", credential.get("issuer"), "Profile", problems);
    }
    for subject in several(credential.get("credentialSubject")) {
        has_type("credentialSubject", Some(subject), "AchievementSubject", problems);
        match subject.get("achievement") {
            Some(achievement) => check_achievement("credentialSubject.achievement", achievement, problems),
            None => problems.absent("credentialSubject.achievement"),
        }
        for result in several(subject.get("result")) {
            has_type("credentialSubject.result", Some(result), "Result", problems);
            let known = |status: &Value| status.as_str().is_some_and(|s| ResultStatus::WORDS.contains(&s));
            if result.get("status").is_some_and(|status| !known(status)) {
                problems
                    .add("credentialSubject.result", "has a status that is not one of the specification's");
            }
        }
        for identifier in several(subject.get("identifier")) {
            check_identifier(identifier, problems);
        }
    }
    for evidence in several(credential.get("evidence")) {
        has_type("evidence", Some(evidence), "Evidence", problems);
    }
    check_image("image", credential.get("image"), problems);
}

pub(super) fn endorsement_credential(credential: &Map<String, Value>, problems: &mut Problems) {
    needs_text("", credential.get("name"), "name", problems);
    for subject in several(credential.get("credentialSubject")) {
        has_type("credentialSubject", Some(subject), "EndorsementSubject", problems);
        needs_text("credentialSubject.", subject.get("id"), "id", problems);
    }
}

/// `…/context.json` and `…/context-3.N.N.json`.
fn is_open_badges_context(url: &str) -> bool {
    let Some(rest) = url.strip_prefix("https://purl.imsglobal.org/spec/ob/v3p0/context") else {
        return false;
    };
    let Some(version) = rest.strip_suffix(".json") else { return false };
    version.is_empty()
        || version
            .strip_prefix("-3.")
            .is_some_and(|rest| rest.bytes().all(|b| b.is_ascii_digit() || b == b'.'))
}

/// A member that must be there and be text. `before`: the place, up to the member's name.
fn needs_text(before: &str, value: Option<&Value>, name: &str, problems: &mut Problems) {
    match value {
        None => problems.absent(&format!("{before}{name}")),
        Some(Value::String(text)) if !text.is_empty() => {}
        Some(_) => problems.add(&format!("{before}{name}"), "is not text, or empty"),
    }
}

pub(super) fn has_type(place: &str, value: Option<&Value>, wanted: &str, problems: &mut Problems) {
    let kinds = several(value.and_then(|value| value.get("type")));
    if !kinds.iter().any(|kind| kind == wanted) {
        problems.add(place, &format!("is not of the type {wanted}"));
    }
}

pub(super) fn check_achievement(place: &str, achievement: &Value, problems: &mut Problems) {
    has_type(place, Some(achievement), "Achievement", problems);
    for name in ["id", "name", "description"] {
        needs_text(&format!("{place}."), achievement.get(name), name, problems);
    }
    match achievement.get("criteria") {
        Some(Value::Object(criteria)) => {
            if criteria.get("narrative").is_some_and(|narrative| !narrative.is_string()) {
                problems.add(&format!("{place}.criteria.narrative"), "is not text");
            }
        }
        None => problems.absent(&format!("{place}.criteria")),
        Some(_) => problems.add(&format!("{place}.criteria"), "is not an object"),
    }
    check_image(&format!("{place}.image"), achievement.get("image"), problems);
    if achievement.get("achievementType").is_some_and(|kind| !is_word(kind, AchievementType::WORDS)) {
        problems.add(
            &format!("{place}.achievementType"),
            "is not one of the specification's, nor begins with ext:",
        );
    }
    for alignment in several(achievement.get("alignment")) {
        let place = format!("{place}.alignment");
        has_type(&place, Some(alignment), "Alignment", problems);
        for name in ["targetName", "targetUrl"] {
            needs_text(&format!("{place}."), alignment.get(name), name, problems);
        }
        if alignment.get("targetType").is_some_and(|kind| !is_word(kind, TargetType::WORDS)) {
            problems
                .add(&place, "has a targetType that is not one of the specification's, nor begins with ext:");
        }
    }
    for description in several(achievement.get("resultDescription")) {
        check_result_description(&format!("{place}.resultDescription"), description, problems);
    }
}

fn check_result_description(place: &str, description: &Value, problems: &mut Problems) {
    has_type(place, Some(description), "ResultDescription", problems);
    for name in ["id", "name", "resultType"] {
        needs_text(&format!("{place}."), description.get(name), name, problems);
    }
    if description.get("resultType").is_some_and(|kind| !is_word(kind, ResultType::WORDS)) {
        problems.add(place, "has a resultType that is not one of the specification's, nor begins with ext:");
    }
    for name in ["valueMin", "valueMax", "requiredValue"] {
        if description.get(name).is_some_and(|value| !value.is_string()) {
            problems.add(place, &format!("has a {name} that is not text"));
        }
    }
    for level in several(description.get("rubricCriterionLevel")) {
        has_type(place, Some(level), "RubricCriterionLevel", problems);
        if text(level.get("id")).is_none() || text(level.get("name")).is_none() {
            problems.add(place, "has a rubricCriterionLevel without id or name");
        }
    }
}

pub(super) fn check_identifier(identifier: &Value, problems: &mut Problems) {
    const PLACE: &str = "credentialSubject.identifier";
    has_type(PLACE, Some(identifier), "IdentityObject", problems);
    if text(identifier.get("identityHash")).is_none() || text(identifier.get("identityType")).is_none() {
        problems.add(PLACE, "has no identityHash or no identityType");
    }
    if identifier.get("identityType").is_some_and(|kind| !is_word(kind, IdentifierType::WORDS)) {
        problems
            .add(PLACE, "has an identityType that is not one of the specification's, nor begins with ext:");
    }
    if !identifier.get("hashed").is_some_and(Value::is_boolean) {
        problems.add(PLACE, "does not say whether it is hashed");
    }
}

fn check_image(place: &str, image: Option<&Value>, problems: &mut Problems) {
    let Some(image) = image else { return };
    if !image.is_object() || text(image.get("id")).is_none() {
        problems.add(place, "is not an Image with an id");
    }
}

fn is_word(value: &Value, words: &[&str]) -> bool {
    value.as_str().is_some_and(|word| words.contains(&word) || word.starts_with("ext:"))
}
