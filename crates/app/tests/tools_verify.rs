//! `cairn verify` of what presents nothing, and of what was made for somebody.

use crate::tools::{Desk, badge};
use serde_json::json;

#[test]
fn nothing_presented_is_nothing_told() {
    let desk = Desk::new();
    let holder = desk.key("p256", "holder.json");
    let empty = json!({
        "@context": ["https://www.w3.org/ns/credentials/v2"],
        "type": ["VerifiablePresentation"],
        "holder": holder,
    });
    let words = ["sign", "--key", "holder.json", "--challenge", "c1", "--domain", "verifier.example"];
    let signed = desk.cairn_given(&words, empty.to_string().as_bytes()).well();
    let mut listed = empty.clone();
    listed["verifiableCredential"] = json!([]);
    for given in [signed.out.clone(), empty.to_string().into_bytes(), listed.to_string().into_bytes()] {
        let done = desk.cairn_given(&["verify", "-"], &given);
        let told = String::from_utf8_lossy(&done.out);
        assert_eq!(done.code, 2, "{told}");
        assert!(told.contains("Nothing was presented") && told.contains("CANNOT TELL"), "{told}");
        let done = desk.cairn_given(&["verify", "--json", "-"], &given);
        assert_eq!(done.code, 2);
        assert_eq!(done.finding("presented"), ("unknown".into(), "nothing_presented".into()));
    }
    // what is wrong besides counts more
    let words = ["verify", "--json", "--challenge", "c2", "--domain", "verifier.example", "-"];
    assert_eq!(desk.cairn_given(&words, &signed.out).code, 1);
    let words = ["verify", "--json", "--challenge", "c1", "--domain", "verifier.example", "-"];
    let done = desk.cairn_given(&words, &signed.out);
    assert_eq!(done.code, 2);
    assert_eq!(done.finding("challenge").0, "passed");
}

#[test]
fn a_badge_is_asked_for_whom_and_for_what_it_was_signed() {
    let desk = Desk::new();
    let issuer = desk.key("ed25519", "issuer.json");
    let text = badge(&issuer).to_string();
    let bound = ["sign", "--key", "issuer.json", "--challenge", "c1", "--domain", "verifier.example"];
    let bound = desk.cairn_given(&bound, text.as_bytes()).well().out;
    let free = desk.cairn_given(&["sign", "--key", "issuer.json"], text.as_bytes()).well().out;
    let verify = |given: &[u8], more: &[&str]| {
        let words = [&["verify", "--json", "--trust", &issuer][..], more, &["-"]].concat();
        desk.cairn_given(&words, given)
    };
    let right = ["--challenge", "c1", "--domain", "verifier.example"];
    let done = verify(&bound, &right).well();
    assert_eq!((done.finding("challenge").0, done.finding("domain").0), ("passed".into(), "passed".into()));
    for (flags, check) in [
        (["--challenge", "c2", "--domain", "verifier.example"], "challenge"),
        (["--challenge", "c1", "--domain", "other.example"], "domain"),
    ] {
        for given in [&bound, &free] {
            let done = verify(given, &flags);
            assert_eq!(done.code, 1, "{check}");
            assert_eq!(done.finding(check).0, "failed", "{check}");
        }
    }
    assert_eq!(verify(&free, &right).code, 1, "a badge that was made for nobody is not made for this one");
    assert_eq!(verify(&free, &[]).code, 0);
}
