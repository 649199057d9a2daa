//! Does the credential follow the schemas it names? (W3C VC JSON Schema 1.0; Open Badges 3.0, 9.1)
//!
//! Schemas come from issuers, so they are hostile until shown otherwise: what a validation would cost is
//! counted before it is made ([`cost`]), patterns run in linear time, and nothing is ever fetched from
//! inside a schema. For 1EdTech's own schemas the structural check stands; they are used where the caller
//! has them, but never asked for.

mod cost;

use jsonschema::{Draft, PatternOptions, Validator};
use serde_json::{Map, Value, json};

use super::desk::{Answer, Desk};
use super::digest::{self, Fit};
use super::input;
use super::member::{issuer_id, several, text, types};
use super::report::weight;
use super::{Check, Outcome, Purpose, dates, proofs};
use crate::document;

/// The largest schema that is read.
const MOST_BYTES: usize = 512 * 1024;
/// More schemas than any credential needs.
const MOST_SCHEMAS: usize = 4;
/// More problems than anybody reads.
const MOST_PROBLEMS: usize = 16;
/// What one compiled pattern may take, in bytes.
const PATTERN_BYTES: usize = 256 * 1024;
const NAME: &str = "credential_schema";
/// Where 1EdTech keeps the schemas of Open Badges 3.0 and CLR 2.0.
const WELL_KNOWN: [&str; 2] =
    ["https://purl.imsglobal.org/spec/ob/v3p0/schema/", "https://purl.imsglobal.org/spec/clr/v2p0/schema/"];

/// Checks a credential against its schemas; `None` if there is nothing to check.
pub(super) fn check(desk: &mut Desk<'_>, credential: &Map<String, Value>) -> Option<Check> {
    let entries = several(credential.get("credentialSchema"));
    if entries.len() > MOST_SCHEMAS {
        let message = format!("The credential names more than {MOST_SCHEMAS} schemas; none was looked at.");
        return Some(Check::new(NAME, Outcome::Warning, "too_many_schemas", message));
    }
    let checks = entries.iter().filter_map(|entry| check_entry(desk, credential, entry));
    checks.reduce(|worst, check| if weight(check.outcome) > weight(worst.outcome) { check } else { worst })
}

fn warning(code: &str, message: impl Into<String>) -> Check {
    Check::new(NAME, Outcome::Warning, code, message)
}

fn failed(code: &str, message: impl Into<String>) -> Check {
    Check::new(NAME, Outcome::Failed, code, message)
}

fn check_entry(desk: &mut Desk<'_>, credential: &Map<String, Value>, entry: &Value) -> Option<Check> {
    let (url, kind) = (text(entry.get("id"))?, several(entry.get("type")));
    let form = kind.iter().find_map(|kind| Form::of(kind.as_str()?));
    let Some(form) = form else {
        let message = "The credential names a schema of a kind that cannot be checked here.";
        return Some(warning("schema_kind_unknown", message));
    };
    let known = WELL_KNOWN.iter().any(|start| url.starts_with(start));
    if known && !desk.facts.documents.contains_key(url) {
        return None;
    }
    let check = match desk.document(url, Purpose::Schema) {
        Answer::NotYet => {
            let message = format!("The schema at {url} has not been fetched yet.");
            Check::new(NAME, Outcome::Unknown, "schema_not_fetched", message)
        }
        Answer::Refused(_) if known => return None,
        Answer::Refused(reason) => {
            warning("schema_unavailable", format!("The schema at {url} could not be read: {reason}."))
        }
        Answer::Here(bytes) => match read(desk, entry, form, bytes) {
            Ok(schema) => validate(&schema, form, credential),
            Err(check) => *check,
        },
    };
    Some(check.with_schema(url))
}

/// The kinds of `credentialSchema`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Form {
    /// 1EdTech: a schema of draft 2019-09.
    OneEdTech,
    /// W3C: a schema.
    JsonSchema,
    /// W3C: a credential with a schema inside.
    JsonSchemaCredential,
}

impl Form {
    fn of(kind: &str) -> Option<Self> {
        match kind {
            "1EdTechJsonSchemaValidator2019" => Some(Self::OneEdTech),
            "JsonSchema" => Some(Self::JsonSchema),
            "JsonSchemaCredential" => Some(Self::JsonSchemaCredential),
            _ => None,
        }
    }
}

/// The schema in a document that was fetched.
fn read(desk: &mut Desk<'_>, entry: &Value, form: Form, bytes: &[u8]) -> Result<Value, Box<Check>> {
    if bytes.len() > MOST_BYTES {
        return Err(Box::new(warning("schema_too_large", "The schema is too large to be used.")));
    }
    if text(entry.get("digestSRI")).is_some_and(|said| digest::sri(said, bytes) != Fit::Same) {
        let message = "The schema is not the one the credential was issued with: its digest differs.";
        return Err(Box::new(failed("schema_digest", message)));
    }
    if form == Form::JsonSchemaCredential {
        return read_credential(desk, bytes);
    }
    match document::parse(bytes) {
        Ok(schema @ Value::Object(_)) => Ok(schema),
        _ => Err(Box::new(warning("schema_malformed", "The document at the schema's address is no schema."))),
    }
}

/// The schema of a `JsonSchemaCredential`, which must be genuine and in force.
fn read_credential(desk: &mut Desk<'_>, bytes: &[u8]) -> Result<Value, Box<Check>> {
    let doubtful = |why: &str| {
        Box::new(warning("schema_not_genuine", format!("The schema's credential cannot be relied on: {why}")))
    };
    let input = input::read_fetched(bytes).ok_or_else(|| doubtful("it is not one."))?;
    let credential = input.credential();
    if !types(credential).contains(&"JsonSchemaCredential") {
        return Err(doubtful("it is not a JsonSchemaCredential."));
    }
    let (proof, controllers) = proofs::check(desk, &input, NAME);
    if proof.outcome != Outcome::Passed {
        return Err(if proof.outcome == Outcome::Failed {
            doubtful(&proof.message)
        } else {
            Box::new(proof)
        });
    }
    if !issuer_id(credential).is_some_and(|issuer| controllers.include(issuer)) {
        return Err(doubtful("the key controller does not match issuer."));
    }
    if dates::check(credential, desk.facts.now).outcome != Outcome::Passed {
        return Err(doubtful("it is not in force at this time."));
    }
    let schema = credential.get("credentialSubject").and_then(|subject| subject.get("jsonSchema"));
    schema.filter(|schema| schema.is_object()).cloned().ok_or_else(|| doubtful("there is no schema in it."))
}

/// The drafts that are understood, as `$schema` says; 2019-09 and 2020-12 where it says nothing.
fn draft(schema: &Value, form: Form) -> Option<Draft> {
    let Some(said) = schema.get("$schema") else {
        return Some(if form == Form::OneEdTech { Draft::Draft201909 } else { Draft::Draft202012 });
    };
    match said.as_str()?.trim_end_matches('#').split_once("://")?.1 {
        "json-schema.org/draft/2020-12/schema" => Some(Draft::Draft202012),
        "json-schema.org/draft/2019-09/schema" => Some(Draft::Draft201909),
        "json-schema.org/draft-07/schema" => Some(Draft::Draft7),
        _ => None,
    }
}

fn compile(schema: &Value, draft: Draft) -> Result<Validator, String> {
    let patterns = PatternOptions::regex().size_limit(PATTERN_BYTES).dfa_size_limit(PATTERN_BYTES);
    let options = jsonschema::options()
        .with_draft(draft)
        .offline()
        .should_validate_formats(false)
        .with_pattern_options(patterns);
    options.build(schema).map_err(|error| shorten(&error.masked().to_string()))
}

fn validate(schema: &Value, form: Form, credential: &Map<String, Value>) -> Check {
    let Some(draft) = draft(schema, form) else {
        return warning(
            "schema_unsupported",
            "The schema is of a draft of JSON Schema that is not known here.",
        );
    };
    let instance = Value::Object(credential.clone());
    if let Err(refusal) = cost::measure(schema, &instance) {
        return warning("schema_unsupported", format!("The schema cannot be used here: it {refusal}."));
    }
    let validator = match compile(schema, draft) {
        Ok(validator) => validator,
        Err(why) => {
            return warning("schema_unsupported", format!("The schema cannot be used here: {why}."));
        }
    };
    let errors = validator.iter_errors(&instance).take(MOST_PROBLEMS);
    let problems: Vec<Value> = errors
        .map(|error| {
            json!({
                "at": error.instance_path().as_str(),
                "rule": error.schema_path().as_str(),
                "problem": shorten(&error.masked().to_string()),
            })
        })
        .collect();
    let Some(first) = problems.first() else {
        let message = "The credential follows the schema it names.";
        return Check::new(NAME, Outcome::Passed, "schema_followed", message);
    };
    let place = first["at"].as_str().filter(|place| !place.is_empty()).unwrap_or("the credential");
    let message = format!(
        "The credential does not follow the schema it names: at {place}, {}.",
        first["problem"].as_str().unwrap_or_default()
    );
    failed("schema_not_followed", message).with(json!({"problems": problems}))
}

/// Messages may quote the schema at length.
fn shorten(message: &str) -> String {
    const MOST: usize = 200;
    match message.char_indices().nth(MOST) {
        Some((end, _)) => format!("{}…", &message[..end]),
        None => message.to_owned(),
    }
}

impl Check {
    /// Says in the detail which schema it is about.
    fn with_schema(mut self, url: &str) -> Self {
        let mut detail = match self.detail.take() {
            Some(Value::Object(detail)) => detail,
            _ => Map::new(),
        };
        detail.insert("schema".into(), url.into());
        self.with(Value::Object(detail))
    }
}
