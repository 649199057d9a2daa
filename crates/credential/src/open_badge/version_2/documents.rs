//! The three documents, member by member.

use serde_json::{Map, Value, json};

use super::{CONTEXT, Members, RenderError, Urls, only, several};
use crate::jiff_time::is_date_time_stamp;

/// The `Assertion` of a credential and its subject.
pub(super) fn assertion(
    credential: &Members,
    subject: &Members,
    urls: &Urls<'_>,
) -> Result<Value, RenderError> {
    let issued_on = date(credential, ["validFrom", "issuanceDate"])?;
    let issued_on = issued_on.ok_or(RenderError::Lacks("a date of issue (validFrom)"))?;
    let mut assertion = document("Assertion", urls.assertion);
    assertion.insert("recipient".into(), recipient(subject)?);
    put(&mut assertion, "badge", Some(urls.badge_class));
    assertion.insert("verification".into(), json!({"type": "HostedBadge"}));
    put(&mut assertion, "issuedOn", Some(issued_on));
    put(&mut assertion, "expires", date(credential, ["validUntil", "expirationDate"])?);
    put(&mut assertion, "image", image(subject).or_else(|| image(credential)));
    put(&mut assertion, "narrative", words(subject.get("narrative")));
    let evidence = several(credential.get("evidence")).iter().filter_map(Value::as_object).map(|given| {
        let mut evidence = typed("Evidence");
        for name in ["id", "name", "narrative", "description", "genre", "audience"] {
            put(&mut evidence, name, words(given.get(name)));
        }
        evidence
    });
    put_all(&mut assertion, "evidence", evidence.filter(|evidence| evidence.len() > 1).map(Value::Object));
    Ok(Value::Object(assertion))
}

/// The `BadgeClass` of an achievement.
pub(super) fn badge_class(achievement: &Members, urls: &Urls<'_>) -> Result<Value, RenderError> {
    let need = |name: &str, lacks: &'static str| {
        words(achievement.get(name)).ok_or(RenderError::Lacks(lacks)).map(Some)
    };
    let mut class = document("BadgeClass", urls.badge_class);
    put(&mut class, "name", need("name", "a name of the achievement (achievement.name)")?);
    let lacks = "a description of the achievement (achievement.description)";
    put(&mut class, "description", need("description", lacks)?);
    let image = image(achievement);
    put(
        &mut class,
        "image",
        Some(image.ok_or(RenderError::Lacks("a picture of the achievement (achievement.image)"))?),
    );
    let mut criteria = typed("Criteria");
    if let Some(given) = only(achievement.get("criteria"), "criteria")? {
        put(&mut criteria, "id", words(given.get("id")));
        put(&mut criteria, "narrative", words(given.get("narrative")));
    }
    if criteria.len() == 1 {
        return Err(RenderError::Lacks("criteria, as a text or a page (achievement.criteria)"));
    }
    class.insert("criteria".into(), Value::Object(criteria));
    put(&mut class, "issuer", Some(urls.issuer));
    put(&mut class, "@language", words(achievement.get("inLanguage")));
    put(&mut class, "version", words(achievement.get("version")));
    let tags = several(achievement.get("tag")).iter().filter_map(Value::as_str);
    put_all(&mut class, "tags", tags.map(Value::from));
    let alignments = several(achievement.get("alignment")).iter().map(alignment);
    put_all(&mut class, "alignment", alignments.collect::<Result<Vec<_>, _>>()?.into_iter());
    Ok(Value::Object(class))
}

/// The `Issuer` of a profile.
pub(super) fn issuer(profile: &Members, urls: &Urls<'_>) -> Result<Value, RenderError> {
    let mut issuer = document("Issuer", urls.issuer);
    for (name, lacks) in [
        ("name", "a name of the issuer (issuer.name)"),
        ("url", "a home page of the issuer (issuer.url)"),
        ("email", "an e-mail address of the issuer (issuer.email)"),
    ] {
        let given = words(profile.get(name)).ok_or(RenderError::Lacks(lacks))?;
        put(&mut issuer, name, Some(given));
    }
    put(&mut issuer, "description", words(profile.get("description")));
    put(&mut issuer, "telephone", words(profile.get("phone")));
    put(&mut issuer, "image", image(profile));
    Ok(Value::Object(issuer))
}

fn typed(kind: &str) -> Members {
    Map::from_iter([("type".to_owned(), Value::from(kind))])
}

fn document(kind: &str, url: &str) -> Members {
    let mut document = Map::from_iter([("@context".to_owned(), Value::from(CONTEXT))]);
    put(&mut document, "type", Some(kind));
    put(&mut document, "id", Some(url));
    document
}

fn put(to: &mut Members, name: &str, value: Option<&str>) {
    if let Some(value) = value {
        to.insert(name.to_owned(), value.into());
    }
}

fn put_all(to: &mut Members, name: &str, values: impl Iterator<Item = Value>) {
    let values: Vec<Value> = values.collect();
    if !values.is_empty() {
        to.insert(name.to_owned(), Value::Array(values));
    }
}

/// A text that is not blank; of a text in several languages the first.
fn words(value: Option<&Value>) -> Option<&str> {
    let first = several(value).first()?;
    let text = first.as_str().or_else(|| first.get("@value")?.as_str())?;
    (!text.trim().is_empty()).then_some(text)
}

/// The address of a picture.
fn image(of: &Members) -> Option<&str> {
    let image = several(of.get("image")).first()?;
    words(image.get("id")).or_else(|| words(Some(image)))
}

/// A date under its name in either data model, as written.
fn date<'a>(credential: &'a Members, names: [&'static str; 2]) -> Result<Option<&'a str>, RenderError> {
    for name in names {
        if let Some(value) = credential.get(name) {
            let text = value.as_str().filter(|text| is_date_time_stamp(text));
            return text.map(Some).ok_or(RenderError::Date(name));
        }
    }
    Ok(None)
}

/// The learner by e-mail address, hashed rather than plain. Both versions hash the same way: the address,
/// then the salt.
fn recipient(subject: &Members) -> Result<Value, RenderError> {
    let identities = || {
        let all = several(subject.get("identifier")).iter();
        all.filter(|identity| identity.get("identityType").is_some_and(|kind| kind == "emailAddress"))
    };
    let known = |identity: &Value, hashed: bool| {
        let text = words(identity.get("identityHash"))?;
        let salt = identity.get("salt").is_none_or(Value::is_string);
        let fits = if hashed { is_hash(text) && salt } else { text.contains('@') };
        (fits && identity.get("hashed") == Some(&Value::Bool(hashed))).then(|| text.to_owned())
    };
    for hashed in [true, false] {
        for identity in identities() {
            let Some(text) = known(identity, hashed) else { continue };
            let mut recipient = typed("email");
            recipient.insert("hashed".into(), hashed.into());
            if hashed {
                put(&mut recipient, "salt", identity.get("salt").and_then(Value::as_str));
            }
            put(&mut recipient, "identity", Some(&text));
            return Ok(Value::Object(recipient));
        }
    }
    let lacks =
        "an e-mail address of the learner, plain or hashed as sha256$… (credentialSubject.identifier)";
    Err(RenderError::Lacks(lacks))
}

fn is_hash(text: &str) -> bool {
    text.strip_prefix("sha256$")
        .is_some_and(|hash| hash.len() == 64 && hash.bytes().all(|byte| byte.is_ascii_hexdigit()))
}

fn alignment(given: &Value) -> Result<Value, RenderError> {
    let mut alignment = typed("AlignmentObject");
    for name in ["targetName", "targetUrl", "targetDescription", "targetFramework", "targetCode"] {
        put(&mut alignment, name, words(given.get(name)));
    }
    let complete = alignment.contains_key("targetName") && alignment.contains_key("targetUrl");
    let lacks = "the targetName and targetUrl of every alignment (achievement.alignment)";
    if complete { Ok(Value::Object(alignment)) } else { Err(RenderError::Lacks(lacks)) }
}
