//! SD-JWT VC that are not in the W3C data model: `vct`, `iss` and claims (IETF SD-JWT VC, 2.2.2).

use serde_json::{Map, Value, json};

use super::desk::Desk;
use super::input::Disclosing;
use super::kept_back::Gaps;
use super::member::text;
use super::signatures::{self, SignedForm};
use super::{Check, Outcome, Summary, dates, issuer, status, token_status};
use crate::jose;
use crate::sd_jwt;

/// Checks what a credential in the W3C data model is checked for, by the claims that say the same here.
pub(super) fn check(desk: &mut Desk<'_>, disclosing: &Disclosing) -> (Vec<Check>, Summary) {
    let claims = &disclosing.claims;
    let same = in_data_model(claims);
    let (proof, controllers) = signatures::check(desk, SignedForm::SdJwt(disclosing), "proof");
    let proven = proof.outcome;
    let hidden = Gaps::of_sd_jwt(disclosing);
    let issuer = issuer::check(desk, &same, proven, &controllers);
    let status = token_status::check(desk, claims).unwrap_or_else(|| status::check(desk, &same));
    let mut checks = vec![schema(claims), proof];
    checks.extend(controllers.revoked_since());
    checks.extend([
        issuer,
        hidden.status(status, claims.contains_key("status")),
        hidden.dates(dates::check(&same, desk.facts.now), claims.contains_key("exp")),
        hidden.holder(subject(claims), disclosing, None),
    ]);
    (checks, summary(claims, &same))
}

fn schema(claims: &Map<String, Value>) -> Check {
    match sd_jwt::check_claims(claims) {
        Ok(()) => {
            let message = "The credential has the claims an SD-JWT VC should have.";
            Check::new("schema", Outcome::Passed, "sd_jwt_vc_valid", message)
                .with(json!({"vct": claims.get("vct")}))
        }
        Err(error) => {
            let message =
                format!("The credential does not have the claims an SD-JWT VC should have: {error}.");
            Check::new("schema", Outcome::Failed, "schema_invalid", message)
        }
    }
}

/// Issuer and dates under the names of the W3C data model.
fn in_data_model(claims: &Map<String, Value>) -> Map<String, Value> {
    let mut same = Map::new();
    if let Some(issuer) = claims.get("iss") {
        same.insert("issuer".into(), issuer.clone());
    }
    for (claim, member) in [("nbf", "validFrom"), ("exp", "validUntil")] {
        if let Some(date) = claims.get(claim) {
            let date = jose::numeric_date(date);
            // what is not a date becomes text that is not one either
            same.insert(member.into(), date.map_or_else(String::new, |date| date.to_string()).into());
        }
    }
    same
}

/// Whom the credential is about: a subject's name, or a key to prove with.
fn subject(claims: &Map<String, Value>) -> Check {
    if ["sub", "cnf"].iter().any(|name| claims.contains_key(*name)) {
        let message = "The credential says whose it is.";
        return Check::new("subject", Outcome::Passed, "subject_present", message);
    }
    let message = "The credential does not say whose it is: whoever has it can show it.";
    Check::new("subject", Outcome::Warning, "subject_unbound", message)
}

fn summary(claims: &Map<String, Value>, same: &Map<String, Value>) -> Summary {
    let own = |from: &Map<String, Value>, name: &str| text(from.get(name)).map(str::to_owned);
    Summary {
        id: own(claims, "jti"),
        name: None,
        issuer_id: own(claims, "iss"),
        issuer_name: None,
        achievement: None,
        valid_from: own(same, "validFrom"),
        valid_until: own(same, "validUntil"),
        types: own(claims, "vct").into_iter().collect(),
    }
}
