//! Open Badges 2.0: assertions that are hosted (the issuer's web site says so) or signed (a JWS).

use serde_json::{Map, Value, json};

use super::address::Address;
use super::desk::{Desk, ELSEWHERE, Word};
use super::foreign::{Foreign, Kind};
use super::input::Legacy;
use super::member::{several, text};
use super::{Check, Outcome, Purpose, Summary, dates};
use crate::document;
use crate::jose::JoseError;
use crate::open_badge::version_2::pem;

type Members = Map<String, Value>;

/// What can be said about an assertion once its documents are there.
struct Badge {
    assertion: Members,
    class: Members,
    issuer: Members,
    /// All of it was read over https.
    secure: bool,
}

/// All checks but `format`.
pub(super) fn check(desk: &mut Desk<'_>, input: &Legacy) -> (Vec<Check>, Option<Summary>) {
    let mut secure = true;
    let gathered = gather(desk, input, &mut secure);
    let badge = match gathered {
        Ok((assertion, class, issuer)) => Badge { assertion, class, issuer, secure },
        Err(check) => return (vec![*check], None),
    };
    let proof = match input {
        Legacy::Signed(_) => signed(desk, input, &badge),
        Legacy::Url(_) | Legacy::Json(_) => hosted(input, &badge),
    };
    let proven = proof.outcome;
    let checks = vec![
        shape(&badge),
        proof,
        issuer(desk, &badge, proven),
        status(desk, &badge),
        time(desk, &badge),
        recipient(&badge),
    ];
    (checks, Some(summary(&badge)))
}

fn failed(check: &str, code: &str, message: impl Into<String>) -> Check {
    Check::new(check, Outcome::Failed, code, message)
}

fn unknown(check: &str, code: &str, message: impl Into<String>) -> Check {
    Check::new(check, Outcome::Unknown, code, message)
}

/// Reads a document of the badge; its `id` must be where it was found.
fn read(desk: &mut Desk<'_>, url: &str, secure: &mut bool) -> Result<Members, Box<Check>> {
    if !url.starts_with("https://") && !url.starts_with("http://") {
        let message = format!("The badge refers to {url}, which is not a web address.");
        return Err(Box::new(failed("proof", "address_malformed", message)));
    }
    *secure &= url.starts_with("https://");
    match desk.word(url, Purpose::OpenBadges2) {
        Word::Elsewhere(message) => Err(Box::new(unknown("proof", ELSEWHERE, message))),
        Word::NotYet => {
            let message = format!("The document at {url} has not been fetched yet.");
            Err(Box::new(unknown("proof", "document_not_fetched", message)))
        }
        Word::Refused(reason) => {
            let message = format!("The document at {url} could not be read: {reason}.");
            Err(Box::new(unknown("proof", "document_unavailable", message)))
        }
        Word::Here(bytes) => match document::parse(bytes) {
            Ok(Value::Object(map)) if Foreign::of(&map) == Some(Kind::OpenBadges1) => {
                let message = format!(
                    "At {url} lies a badge of Open Badges 1.1 or older, which counts only because its issuer \
                     hosts it, and is not checked here. Ask its issuer whether it still counts, or for a newer one."
                );
                Err(Box::new(unknown("proof", "open_badges_1", message)))
            }
            Ok(Value::Object(map)) if text(map.get("id")) == Some(url) => Ok(map),
            _ => {
                let message = format!("The document at {url} is not what should be there.");
                Err(Box::new(failed("proof", "document_mismatch", message)))
            }
        },
    }
}

/// A badge class that is named by its address or written out inside the assertion.
fn read_or_take(
    desk: &mut Desk<'_>,
    value: Option<&Value>,
    secure: &mut bool,
) -> Result<Members, Box<Check>> {
    match value {
        Some(Value::String(url)) => read(desk, url, secure),
        Some(Value::Object(map)) => match text(map.get("id")) {
            Some(url) if url.starts_with("http") => read(desk, url, secure),
            _ => Ok(map.clone()),
        },
        _ => Err(Box::new(failed("schema", "schema_invalid", "The badge does not say what it is."))),
    }
}

/// The assertion that counts, its badge class and its issuer.
fn gather(
    desk: &mut Desk<'_>,
    input: &Legacy,
    secure: &mut bool,
) -> Result<(Members, Members, Members), Box<Check>> {
    let assertion = match input {
        Legacy::Signed(jws) => jws.payload.clone(),
        Legacy::Url(url) => read(desk, url, secure)?,
        Legacy::Json(map) => match text(map.get("id")) {
            Some(url) => read(desk, url, secure)?,
            None => {
                return Err(Box::new(failed("proof", "unsigned", "The badge is neither hosted nor signed.")));
            }
        },
    };
    let class = read_or_take(desk, assertion.get("badge"), secure)?;
    // An issuer counts only as its own web site describes it: anybody can write out another's profile.
    let issuer = class.get("issuer").map(|issuer| issuer.get("id").unwrap_or(issuer));
    let issuer = match text(issuer) {
        Some(url) => read(desk, url, secure)?,
        None => {
            return Err(Box::new(failed(
                "schema",
                "schema_invalid",
                "The badge does not say who issued it.",
            )));
        }
    };
    Ok((assertion, class, issuer))
}

fn shape(badge: &Badge) -> Check {
    let is = |map: &Members, kind: &str| several(map.get("type")).iter().any(|value| value == kind);
    let has = |map: &Members, names: &[&str]| names.iter().all(|name| map.contains_key(*name));
    let profile = ["Issuer", "Profile"].iter().any(|kind| is(&badge.issuer, kind));
    let good = is(&badge.assertion, "Assertion")
        && has(&badge.assertion, &["recipient", "badge", "issuedOn"])
        && is(&badge.class, "BadgeClass")
        && has(&badge.class, &["name", "description", "issuer"])
        && profile
        && has(&badge.issuer, &["id", "name"]);
    if good {
        let message = "The badge is of an older standard (Open Badges 2.0); it has the shape that has.";
        return Check::new("schema", Outcome::Warning, "open_badges_2", message);
    }
    failed("schema", "schema_invalid", "The badge does not have the shape Open Badges 2.0 wants.")
}

/// True if an assertion at this address is one its issuer makes (Open Badges 2.0, `VerificationObject`):
/// `startsWith` and `allowedOrigins` of the profile at the issuer's own address, or else its origin. What
/// a badge class says of this counts nothing: anybody can write one.
fn in_scope(url: &str, issuer: &Members) -> bool {
    let own = text(issuer.get("id")).and_then(Address::parse);
    let (Some(address), Some(own)) = (Address::parse(url), own) else { return false };
    let rules = several(issuer.get("verification"));
    let all = |name: &str| rules.iter().flat_map(|rules| several(rules.get(name))).collect::<Vec<_>>();
    let (starts, origins) = (all("startsWith"), all("allowedOrigins"));
    let starts_well = || {
        let mut starts = starts.iter().filter_map(|start| Address::parse(start.as_str()?));
        starts.any(|start| address.is_within(&start))
    };
    let origin_fits =
        || origins.iter().any(|origin| origin.as_str().is_some_and(|host| address.has_host(host)));
    match (starts.is_empty(), origins.is_empty()) {
        (true, true) => address.same_origin(&own),
        (false, true) => starts_well(),
        (true, false) => origin_fits(),
        (false, false) => starts_well() && origin_fits(),
    }
}

/// A hosted assertion counts if it is at a place its issuer issues from.
fn hosted(input: &Legacy, badge: &Badge) -> Check {
    let url = text(badge.assertion.get("id")).unwrap_or_default();
    if text(badge.assertion.get("verification").and_then(|value| value.get("type")))
        .is_some_and(|kind| matches!(kind, "SignedBadge" | "signed"))
    {
        return failed("proof", "unsigned", "The badge says it is signed, but it is not.");
    }
    if !in_scope(url, &badge.issuer) {
        let message = "The badge is hosted at a place its issuer does not issue from.";
        return failed("proof", "hosted_elsewhere", message);
    }
    if let Legacy::Json(given) = input
        && *given != badge.assertion
    {
        let message = "The badge differs from what its issuer says at its address: it was changed.";
        return failed("proof", "hosted_differs", message);
    }
    let message = format!("The issuer's web site says the same at {url}.");
    Check::new("proof", Outcome::Passed, "hosted", message)
}

/// A signed assertion counts if the key that signed it is one of its issuer's.
fn signed(desk: &mut Desk<'_>, input: &Legacy, badge: &Badge) -> Check {
    let Legacy::Signed(jws) = input else { return failed("proof", "unsigned", "The badge is not signed.") };
    let creator = badge.assertion.get("verification").and_then(|value| value.get("creator"));
    let named =
        several(badge.issuer.get("publicKey")).iter().find_map(|key| text(key.get("id")).or(key.as_str()));
    let Some(id) = text(creator).or(named) else {
        return failed("proof", "key_not_listed", "The badge does not say which key signed it.");
    };
    let mut secure = true;
    let key = match read(desk, id, &mut secure) {
        Ok(key) => key,
        Err(check) => return *check,
    };
    let listed = several(badge.issuer.get("publicKey"));
    let lists = |key: &Value| text(key.get("id")).or(key.as_str()) == Some(id);
    if !listed.iter().any(lists) || text(key.get("owner")) != text(badge.issuer.get("id")) {
        let message = "The key that signed the badge is not one of its issuer's.";
        return failed("proof", "key_not_listed", message);
    }
    let Some(Ok(key)) = text(key.get("publicKeyPem")).map(pem::read) else {
        return unknown(
            "proof",
            "key_kind_unknown",
            "The badge's key is of a kind that cannot be used here.",
        );
    };
    match jws.verify(&key) {
        Ok(()) if secure => Check::new("proof", Outcome::Passed, "proof_valid", "The signature is right."),
        Ok(()) => {
            let message = "The signature is right, but its key was read without encryption (http).";
            Check::new("proof", Outcome::Warning, "key_over_http", message)
        }
        Err(JoseError::Algorithm(_)) => {
            unknown("proof", "suite_unknown", "The badge is signed in a way that cannot be checked here.")
        }
        Err(_) => {
            let message = "The signature does not fit: the badge was changed, or signed with another key.";
            failed("proof", "signature_invalid", message)
        }
    }
}

fn issuer(desk: &Desk<'_>, badge: &Badge, proven: Outcome) -> Check {
    let id = text(badge.issuer.get("id")).unwrap_or_default();
    let detail = json!({"issuer": id});
    let check = match proven {
        Outcome::Failed => {
            failed("issuer", "issuer_unproven", "Nothing shows that the issuer made this badge.")
        }
        Outcome::Unknown => {
            unknown("issuer", "issuer_unproven", "Whether the issuer made this badge could not be found out.")
        }
        Outcome::Passed | Outcome::Warning if badge.secure && desk.facts.trusted_issuers.contains(id) => {
            Check::new("issuer", Outcome::Passed, "issuer_trusted", "The issuer is one of those you trust.")
        }
        Outcome::Passed | Outcome::Warning => match Address::parse(id) {
            Some(address) if badge.secure => {
                let message = format!("The domain {} vouches for this badge.", address.domain());
                Check::new("issuer", Outcome::Passed, "issuer_domain", message)
            }
            _ => {
                let message =
                    "The issuer's documents were read without encryption (http), or not from the web.";
                Check::new("issuer", Outcome::Warning, "issuer_over_http", message)
            }
        },
    };
    check.with(detail)
}

fn status(desk: &mut Desk<'_>, badge: &Badge) -> Check {
    let revoked = |reason: Option<&str>| match reason {
        Some(reason) => failed("status", "revoked", format!("The issuer has revoked the badge: {reason}")),
        None => failed("status", "revoked", "The issuer has revoked the badge."),
    };
    let unreadable = || {
        let message =
            "Whether the issuer has taken the badge back is written in a way that is not read here.";
        Check::new("status", Outcome::Unknown, "revocation_unreadable", message)
    };
    match badge.assertion.get("revoked") {
        None | Some(Value::Null | Value::Bool(false)) => {}
        Some(Value::Bool(true)) => return revoked(text(badge.assertion.get("revocationReason"))),
        Some(_) => return unreadable(),
    }
    let mut secure = true;
    // an address, or what lies there by its id; one or several
    for list in several(badge.issuer.get("revocationList")) {
        let Some(url) = list.as_str().or_else(|| text(list.get("id"))) else { return unreadable() };
        let list = match read(desk, url, &mut secure) {
            Ok(list) => list,
            Err(mut check) => {
                "status".clone_into(&mut check.check);
                return *check;
            }
        };
        let keeper = list.get("issuer").map(|issuer| issuer.get("id").unwrap_or(issuer));
        if keeper.is_some() && keeper != badge.issuer.get("id") {
            let message = "The revocation list is kept by somebody other than the issuer.";
            return failed("status", "STATUS_VERIFICATION_ERROR", message);
        }
        let ids = [text(badge.assertion.get("id")), text(badge.assertion.get("uid"))];
        let is_this = |entry: &&Value| {
            [text(entry.get("id")), text(entry.get("uid")), entry.as_str()]
                .iter()
                .any(|id| id.is_some() && ids.contains(id))
        };
        if let Some(entry) = several(list.get("revokedAssertions")).iter().find(is_this) {
            return revoked(text(entry.get("revocationReason")));
        }
    }
    if !secure {
        let message =
            "The issuer has not taken the badge back, but its list was read without encryption (http).";
        return Check::new("status", Outcome::Warning, "status_over_http", message);
    }
    Check::new("status", Outcome::Passed, "in_force", "The issuer has not taken the badge back.")
}

fn time(desk: &Desk<'_>, badge: &Badge) -> Check {
    let mut window = Map::new();
    for (new, old) in [("validFrom", "issuedOn"), ("validUntil", "expires")] {
        if let Some(value) = badge.assertion.get(old) {
            window.insert(new.to_owned(), value.clone());
        }
    }
    dates::check(&window, desk.facts.now)
}

fn recipient(badge: &Badge) -> Check {
    let recipient = badge.assertion.get("recipient");
    if text(recipient.and_then(|recipient| recipient.get("identity"))).is_none_or(str::is_empty) {
        return failed("subject", "subject_missing", "The badge does not say who earned it.");
    }
    Check::new("subject", Outcome::Passed, "subject_present", "The badge says who earned it.")
}

fn summary(badge: &Badge) -> Summary {
    let own = |map: &Members, name: &str| text(map.get(name)).map(str::to_owned);
    Summary {
        id: own(&badge.assertion, "id"),
        name: own(&badge.class, "name"),
        issuer_id: own(&badge.issuer, "id"),
        issuer_name: own(&badge.issuer, "name"),
        achievement: own(&badge.class, "name"),
        valid_from: own(&badge.assertion, "issuedOn"),
        valid_until: own(&badge.assertion, "expires"),
        types: several(badge.assertion.get("type"))
            .iter()
            .filter_map(Value::as_str)
            .map(str::to_owned)
            .collect(),
    }
}
