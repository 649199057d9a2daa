//! Is the signer the issuer, and does anything besides the key say who that is?

use serde_json::{Map, Value, json};

use super::address::Address;
use super::desk::Desk;
use super::member::issuer_id;
use super::proofs::Controllers;
use super::{Check, Outcome};

pub(super) fn check(
    desk: &Desk<'_>,
    credential: &Map<String, Value>,
    proven: Outcome,
    controllers: &Controllers,
) -> Check {
    let Some(issuer) = issuer_id(credential) else {
        return Check::new(
            "issuer",
            Outcome::Failed,
            "issuer_missing",
            "The credential does not say who issued it.",
        );
    };
    let detail = json!({"issuer": issuer, "controllers": controllers.names()});
    if controllers.proven.is_empty() {
        let (outcome, message) = match proven {
            Outcome::Failed => (Outcome::Failed, "Nothing shows that the issuer made this credential."),
            _ => (Outcome::Unknown, "Whether the issuer made this credential could not be found out."),
        };
        return Check::new("issuer", outcome, "issuer_unproven", message).with(detail);
    }
    if !controllers.include(issuer) {
        let message = "The key controller does not match issuer: somebody else signed in the issuer's name.";
        return Check::new("issuer", Outcome::Failed, "issuer_mismatch", message).with(detail);
    }
    if controllers.are_beside(issuer) {
        let message = "The key lies on the issuer's host, but the issuer does not name it: whoever may place files there \
                       could have signed this.";
        return Check::new("issuer", Outcome::Warning, "issuer_key_beside", message).with(detail);
    }
    if desk.facts.trusted_issuers.contains(issuer) {
        let message = "The issuer is one of those you trust.";
        return Check::new("issuer", Outcome::Passed, "issuer_trusted", message).with(detail);
    }
    if let Some(domain) = domain(issuer) {
        let message = format!("The domain {domain} vouches for this key.");
        return Check::new("issuer", Outcome::Passed, "issuer_domain", message).with(detail);
    }
    let message = "Nothing besides the key says who this is: the issuer is not known here.";
    Check::new("issuer", Outcome::Warning, "issuer_unknown", message).with(detail)
}

/// The domain as it is looked up, never as it is spelt: other letters may look like those of a domain that people
/// know, and some are read as them. None for what two programs might read differently.
fn domain(issuer: &str) -> Option<String> {
    if let Some(rest) = issuer.strip_prefix("did:web:") {
        let host = rest.split(':').next()?.replace("%3A", ":").replace("%3a", ":");
        return Some(Address::parse(&format!("https://{host}"))?.domain());
    }
    Some(Address::parse(issuer)?.domain())
}

#[cfg(test)]
mod tests {
    use super::domain;

    #[test]
    fn a_domain_is_named_as_it_is_looked_up() {
        let check =
            |issuer: &str, want: Option<&str>| assert_eq!(domain(issuer).as_deref(), want, "{issuer}");
        check("https://issuer.example/1", Some("issuer.example"));
        check("did:web:issuer.example%3A8443:a", Some("issuer.example:8443"));
        check("https://\u{217c}ocalhost:8443/1", Some("localhost:8443"));
        check("did:web:h\u{430}rvard.example", Some("xn--hrvard-3nf.example"));
        check("https://issuer.example@evil.example/", None);
        check("did:key:z6Mk", None);
    }
}
