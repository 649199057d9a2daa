//! Credentials as OpenID4VCI 1.0 shows them in its examples: what a wallet is handed can be read here.

use cairn_credential::check::{Facts, Outcome, check};
use cairn_credential::jose::Jws;
use cairn_credential::key::PublicKey;
use cairn_credential::sd_jwt::SdJwt;
use serde_json::Value;

use crate::sample::time;
use crate::shared;

/// An example's JSON. Long texts are broken over lines there.
fn example(name: &str) -> Option<Value> {
    let text = shared::text(&shared::vectors()?.join("oid4vci/1.0/examples").join(name));
    let start = text.find('{').unwrap();
    let joined: String = text[start..].lines().map(str::trim_start).collect();
    Some(serde_json::from_str(&joined).unwrap())
}

fn credential(name: &str) -> Option<Value> {
    Some(example(name)?["credentials"][0]["credential"].clone())
}

fn format_of(credential: &str) -> (Outcome, Value) {
    let report = check(credential.as_bytes(), &Facts::new(time("2026-06-01T00:00:00Z"))).report;
    (report.checks[0].outcome, report.checks[0].detail.clone().unwrap()["form"].clone())
}

#[test]
fn what_wallets_are_handed_can_be_read() {
    let Some(token) = credential("credential_response_sd_jwt_vc.txt") else { return };
    let token = token.as_str().unwrap();
    assert_eq!(format_of(token), (Outcome::Passed, "sd_jwt".into()));
    let claims = SdJwt::parse(token).unwrap().claims().unwrap();
    assert!(claims["vct"].is_string() && !claims.contains_key("_sd"), "{claims:?}");
    let token = credential("credential_response_jwt_vc_json.txt").unwrap();
    assert_eq!(format_of(token.as_str().unwrap()), (Outcome::Passed, "jws".into()));
    let jws = Jws::parse(token.as_str().unwrap()).unwrap();
    let key = PublicKey::from_jwk(&example("issuer_jwks.json").unwrap()["jwks"]["keys"][0]).unwrap();
    assert_eq!(
        jws.key_id(),
        Some(format!("urn:ietf:params:oauth:jwk-thumbprint:sha-256:{}", key.thumbprint()).as_str())
    );
    assert_eq!(jws.verify(&key), Ok(()));
    let document = credential("credential_response_ldp_vc.txt").unwrap();
    assert_eq!(format_of(&document.to_string()), (Outcome::Passed, "json".into()));
}
