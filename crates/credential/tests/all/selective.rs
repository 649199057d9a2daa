//! Selective disclosure: what is shown verifies, and what is hidden is not there.

use std::sync::LazyLock;

use cairn_credential::check::{Facts, Outcome, Verdict, check};
use cairn_credential::did;
use cairn_credential::key::{KeyKind, KeyPair, SigningKey};
use cairn_credential::open_badge::Evidence;
use cairn_credential::proof::sd::{self, SdError, Secrets};
use cairn_credential::proof::{self, ProofError, ProofOptions, SignError, Suite};
use cairn_credential::rdf::RdfError;
use proptest::prelude::*;
use serde_json::{Value, json};

use crate::sample::{self, DOCUMENT, ISSUER, METHOD, fetched, time, verify};

/// What an Open Badge needs to be one, and a verifier to judge it.
pub const MANDATORY: [&str; 9] = [
    "/issuer",
    "/validFrom",
    "/validUntil",
    "/credentialStatus",
    "/credentialSubject/identifier",
    "/credentialSubject/achievement/name",
    "/credentialSubject/achievement/description",
    "/credentialSubject/achievement/criteria",
    "/name",
];

pub fn key() -> KeyPair {
    KeyPair::from_seed(KeyKind::P256, &[7; 32]).unwrap()
}

pub fn secrets() -> Secrets {
    Secrets { hmac_key: [3; 32], proof_seed: [4; 32] }
}

pub fn options() -> ProofOptions<'static> {
    ProofOptions::new(METHOD, time("2026-01-15T09:00:00Z"))
}

pub fn sign(mut document: Value, mandatory: &[&str]) -> Value {
    sd::sign_base(&mut document, &key(), &options(), mandatory, &secrets()).unwrap();
    document
}

/// The sample with more evidence, and a base proof.
pub fn signed() -> Value {
    let mut credential = sample::credential(ISSUER);
    for name in ["Field notes", "Interview recording"] {
        let genre = Some(format!("Genre of {name}"));
        credential.evidence.push(Evidence { name: Some(name.into()), genre, ..Default::default() });
    }
    sign(credential.to_value(), &MANDATORY)
}

pub fn holds(document: &Value) -> Result<(), ProofError> {
    proof::verify(document, &document["proof"][0], &key().public())
}

fn facts() -> Facts {
    let mut facts = sample::facts();
    // The status list is signed with the other key.
    let status = sample::key().public();
    let document = did::web_document(ISSUER, &[("key-1", &key().public(), true), ("key-2", &status, true)]);
    facts.documents.insert(DOCUMENT.into(), fetched(&document));
    let list = sample::list_of(&["revocation"], &[]).to_string().replace("#key-1", "#key-2");
    let mut list: Value = serde_json::from_str(&list).unwrap();
    list.as_object_mut().unwrap().shift_remove("proof");
    let list = sample::sign(list, &format!("{ISSUER}#key-2"));
    facts.documents.insert(sample::LIST.into(), fetched(&list));
    facts
}

#[test]
fn what_is_shown_verifies_and_the_rest_is_hidden() {
    let document = signed();
    assert_eq!(sd::verify_base(&document, &document["proof"][0], &key().public()), Ok(()));
    let shown = sd::derive(
        &document,
        &[
            "/evidence/1/name",
            "/credentialSubject/result",
            "/credentialSubject/achievement/resultDescription/0/allowedValue",
            "/credentialSubject/achievement/alignment/0",
            "/credentialSubject/achievement/alignment/2/targetName",
        ],
    )
    .unwrap();
    assert_eq!(holds(&shown), Ok(()));
    let all = &document["credentialSubject"]["achievement"];
    let achievement = &shown["credentialSubject"]["achievement"];
    assert_eq!(shown["evidence"], json!([{"type": ["Evidence"], "name": "Field notes"}]));
    assert_eq!(shown["credentialSubject"]["result"], document["credentialSubject"]["result"]);
    assert_eq!(achievement["resultDescription"][0]["allowedValue"], json!(["D", "C", "B", "A"]));
    assert_eq!(achievement["alignment"][0], all["alignment"][0]);
    assert_eq!(
        achievement["alignment"][1],
        json!({"type": ["Alignment"], "targetName": all["alignment"][2]["targetName"]})
    );
    let text = shown.to_string();
    for hidden in [
        "Data management plan",
        "Genre of",
        "Interview recording",
        "items/2",
        "Item 2",
        "Line one",
        "RubricCriterionLevel",
        "humanCode",
        "credentialSchema",
    ] {
        assert!(document.to_string().contains(hidden) && !text.contains(hidden), "{hidden}");
    }
}

#[test]
fn a_derived_badge_is_checked_like_any_other() {
    let shown = sd::derive(
        &signed(),
        &["/evidence/1", "/credentialSubject/result", "/credentialSubject/achievement/resultDescription/0"],
    )
    .unwrap();
    let report = verify(&shown, &facts());
    assert_eq!(report.verdict, Verdict::Verified, "{report:#?}");
    let proof = report.checks.iter().find(|check| check.check == "proof").unwrap();
    assert_eq!((proof.outcome, proof.code.as_str()), (Outcome::Passed, "proof_valid"));
    let mut changed = shown;
    changed["evidence"][0]["name"] = "Another".into();
    let report = verify(&changed, &facts());
    let proof = report.checks.iter().find(|check| check.check == "proof").unwrap();
    assert_eq!((proof.outcome, proof.code.as_str()), (Outcome::Failed, "signature_invalid"));
}

#[test]
fn what_may_have_been_kept_back_is_told() {
    let mut document = sample::signed();
    document.as_object_mut().unwrap().shift_remove("proof");
    sd::sign_base(&mut document, &key(), &options(), &["/issuer"], &secrets()).unwrap();
    let shown = sd::derive(&document, &["/credentialSubject/achievement/name"]).unwrap();
    let report = verify(&shown, &facts());
    assert_eq!(report.verdict, Verdict::Warning, "{report:#?}");
    for (name, code) in [
        ("schema", "partly_disclosed"),
        ("status", "status_not_shown"),
        ("dates", "end_not_shown"),
        ("subject", "subject_not_shown"),
    ] {
        let check = report.checks.iter().find(|check| check.check == name).unwrap();
        assert_eq!((check.outcome, check.code.as_str()), (Outcome::Warning, code));
    }
    // what is shown must still be right
    let mut document = sample::signed();
    document.as_object_mut().unwrap().shift_remove("proof");
    document["credentialSubject"]["achievement"]["achievementType"] = "Medal".into();
    sd::sign_base(&mut document, &key(), &options(), &["/issuer"], &secrets()).unwrap();
    let shown = sd::derive(&document, &["/credentialSubject/achievement/achievementType"]).unwrap();
    assert_eq!(verify(&shown, &facts()).verdict, Verdict::Failed);
}

#[test]
fn a_base_proof_is_refused_by_verifiers() {
    let document = signed();
    assert_eq!(holds(&document), Err(ProofError::NotDerived));
    // Without any key being asked for.
    let checked = check(document.to_string().as_bytes(), &Facts::new(time("2026-06-01T00:00:00Z")));
    let proof = checked.report.checks.iter().find(|check| check.check == "proof").unwrap();
    assert_eq!((proof.outcome, proof.code.as_str()), (Outcome::Failed, "proof_not_derived"));
    assert!(proof.message.contains("derive"), "{}", proof.message);
    // Beside a proof that holds, too: it would hand everything needed to derive more to whoever sees it.
    let mut both = sample::signed();
    sd::sign_base(&mut both, &key(), &options(), &[], &secrets()).unwrap();
    let report = verify(&both, &sample::facts());
    assert_eq!(report.checks.iter().find(|check| check.check == "proof").unwrap().code, "proof_not_derived");
}

#[test]
fn derived_proofs_are_made_of_a_base_proof_alone() {
    let mut document = sample::signed();
    let refused = |document: &Value, want: SdError| {
        assert_eq!(sd::derive(document, &["/name"]), Err(want));
    };
    refused(&document, SdError::NoBaseProof);
    refused(&json!([]), SdError::NotAnObject);
    sd::sign_base(&mut document, &key(), &options(), &[], &secrets()).unwrap();
    let shown = sd::derive(&document, &["/name"]).unwrap();
    assert_eq!(shown["proof"].as_array().unwrap().len(), 1, "the proof of the whole document is left out");
    assert_eq!(holds(&shown), Ok(()));
    refused(&shown, SdError::Derived);
    document["proof"] = document["proof"][1].clone();
    let shown = sd::derive(&document, &["/name"]).unwrap();
    assert_eq!(proof::verify(&shown, &shown["proof"], &key().public()), Ok(()), "{:?}", shown["proof"]);
    let mut longer = document.clone();
    longer["description"] = "another statement".into();
    refused(&longer, SdError::Mismatch);
    let mut broken = document;
    let value = broken["proof"]["proofValue"].as_str().unwrap().to_owned();
    broken["proof"]["proofValue"] = value[..value.len() - 8].into();
    refused(&broken, SdError::Mismatch);
}

#[test]
fn pointers_say_what_is_wrong_with_them() {
    let document = signed();
    let check = |pointers: &[&str], want: SdError| {
        assert_eq!(sd::derive(&document, pointers), Err(want));
    };
    check(&["/name", "/credentialSubject/email"], SdError::Pointer("/credentialSubject/email".into()));
    check(&["/evidence/3"], SdError::Pointer("/evidence/3".into()));
    check(&["/proof/0/created"], SdError::Pointer("/proof/0/created".into()));
    check(&["name"], SdError::NotAPointer("name".into()));
    let list = "/credentialSubject/achievement/resultDescription/0/allowedValue";
    for place in ["0", "1", "3"] {
        check(&[&format!("{list}/{place}")], SdError::Torn);
    }
    assert!(SdError::Torn.to_string().contains("list"));
    assert_eq!(holds(&sd::derive(&document, &[list]).unwrap()), Ok(()));
    let nothing = sign(sample::credential(ISSUER).to_value(), &[]);
    assert_eq!(sd::derive(&nothing, &[]), Err(SdError::Nothing));
    assert_eq!(holds(&sd::derive(&document, &[]).unwrap()), Ok(()), "the mandatory ones alone");
    let everything = sd::derive(&document, &[""]).unwrap();
    assert_eq!(holds(&everything), Ok(()));
    assert_eq!(everything["credentialSubject"], document["credentialSubject"]);
    assert_eq!(everything["proof"].as_array().unwrap().len(), 1);
}

#[test]
fn signing_says_what_is_wrong() {
    let mut document = sample::credential(ISSUER).to_value();
    let before = document.clone();
    let mut refused =
        |key: &KeyPair, options: &ProofOptions<'_>, pointers: &[&str], secrets: &Secrets, want| {
            assert_eq!(sd::sign_base(&mut document, key, options, pointers, secrets), Err(want));
            assert_eq!(document, before, "nothing is changed");
        };
    let (key, options, secrets) = (key(), options(), secrets());
    for other in
        [SigningKey::from_seed(&[1; 32]).into(), KeyPair::from_seed(KeyKind::P384, &[1; 48]).unwrap()]
    {
        refused(&other, &options, &[], &secrets, SdError::WrongKey);
    }
    let chained = ProofOptions { previous: &["urn:uuid:1"], ..options.clone() };
    refused(&key, &chained, &[], &secrets, SdError::Previous);
    refused(&key, &options, &["/nothing"], &secrets, SdError::Pointer("/nothing".into()));
    refused(&key, &options, &[], &Secrets { proof_seed: [0; 32], ..secrets.clone() }, SdError::Seed);
    let list = "/credentialSubject/achievement/resultDescription/0/allowedValue/0";
    refused(&key, &options, &[list], &secrets, SdError::Torn);
    document["undefinedTerm"] = "x".into();
    let error = sd::sign_base(&mut document, &key, &options, &[], &secrets).unwrap_err();
    assert_eq!(error, SdError::Document(RdfError::UndefinedTerm("undefinedTerm".into())));
    assert_eq!(sd::sign_base(&mut json!(1), &key, &options, &[], &secrets), Err(SdError::NotAnObject));
    let refused = proof::sign_with(&mut document, Suite::EcdsaSd2023, &key, &options);
    assert_eq!(refused, Err(SignError::Selective));
    assert!(!format!("{secrets:?}").contains('3'));
    let mut presentation = json!({
        "@context": ["https://www.w3.org/ns/credentials/v2"],
        "type": ["VerifiablePresentation"],
        "verifiableCredential": [{"@context": ["https://www.w3.org/ns/credentials/v2"], "name": "x"}],
    });
    let error = sd::sign_base(&mut presentation, &key, &options, &[], &secrets).unwrap_err();
    assert!(error.to_string().contains("@container: @graph"), "{error}");
    let mut large = json!({
        "@context": ["https://www.w3.org/ns/credentials/v2", {"x": "https://ex.example/x"}],
        "x": (0..5000).collect::<Vec<_>>(),
    });
    let error = sd::sign_base(&mut large, &key, &options, &[], &secrets).unwrap_err();
    assert_eq!(error, SdError::TooLarge(5000));
    assert_eq!(holds(&sd::derive(&sign(large, &["/x"]), &[]).unwrap()), Ok(()));
}

/// Nodes without names that look alike, names of one's own, lists in lists, and what is no node at all.
fn odd() -> Value {
    json!({
        "@context": ["https://www.w3.org/ns/credentials/v2", {
            "ex": "https://ex.example/", "many": "ex:many", "n": "ex:n", "deep": "ex:deep",
            "list": {"@id": "ex:list", "@container": "@list"}, "to": {"@id": "ex:to", "@type": "@id"},
            "texts": {"@id": "ex:texts", "@container": "@language"}, "data": {"@id": "ex:data", "@type": "@json"},
            "group": "@nest", "uid": "@id"
        }],
        "type": ["VerifiableCredential"],
        "issuer": "did:web:badges.example.edu",
        "name": {"@value": "Grundlagen", "@language": "de"},
        "credentialSubject": {
            "many": [{"n": 1}, {"n": 1}, {"n": 2}, {}, {"deep": {"n": 1, "deep": {"n": 1}}}, {"uid": "_:n0x7", "to": "_:n1"}],
            "deep": {"uid": "_:n1", "n": 9, "deep": {"uid": "_:n0x7", "n": 8}},
            "list": [["a", "b"], ["a", "b"], {"n": 3, "deep": {"n": 4}}, []],
            "texts": {"en": "hello", "id": "halo"},
            "data": {"secret": [1, 2], "open": null},
            "group": {"ex:nested": {"n": 5, "list": ["a", "b"]}}
        }
    })
}

#[test]
fn odd_documents_are_disclosed_in_part() {
    let document = sign(odd(), &["/issuer"]);
    assert_eq!(sd::verify_base(&document, &document["proof"][0], &key().public()), Ok(()));
    let check = |pointers: &[&str]| {
        let shown = sd::derive(&document, pointers).unwrap_or_else(|error| panic!("{pointers:?}: {error}"));
        assert_eq!(holds(&shown), Ok(()), "{pointers:?}");
        shown["credentialSubject"].clone()
    };
    let subject = |path: &str| format!("/credentialSubject/{path}");
    assert_eq!(check(&[&subject("many/0")]), json!({"many": [{"n": 1}]}));
    assert_eq!(check(&[&subject("many/1"), &subject("many/0")]), json!({"many": [{"n": 1}, {"n": 1}]}));
    check(&[&subject("many")]);
    check(&[&subject("many/3")]);
    assert_eq!(check(&[&subject("many/4/deep/deep/n")]), json!({"many": [{"deep": {"deep": {"n": 1}}}]}));
    let linked = check(&[&subject("many/5"), &subject("deep/deep/n")]);
    assert_eq!(linked["deep"], json!({"uid": "_:n1", "deep": {"uid": "_:n0x7", "n": 8}}));
    check(&[&subject("list")]);
    assert_eq!(check(&[&subject("texts/en")]), json!({"texts": {"en": "hello"}}));
    check(&[&subject("data"), "/name"]);
    check(&[&subject("group/ex:nested/n")]);
    check(&[&subject("group/ex:nested/list"), &subject("list")]);
    for torn in [subject("list/0"), subject("list/2/n"), subject("data/open"), "/name/@value".into()] {
        assert_eq!(sd::derive(&document, &[&torn]), Err(SdError::Torn), "{torn}");
    }
    let shown = sd::derive(
        &document,
        &[&subject("list/0"), &subject("list/1"), &subject("list/2/deep"), &subject("list/3")],
    );
    assert_eq!(shown.unwrap()["credentialSubject"]["list"][2], json!({"deep": {"n": 4}}));
}

/// Pointers to everything in a document, and the text there if it is one.
fn places(value: &Value, at: &str, found: &mut Vec<Place>) {
    found.push((at.to_owned(), value.as_str().map(str::to_owned)));
    match value {
        Value::Object(map) => {
            for (name, value) in map.iter().filter(|(name, _)| *name != "@context" && *name != "proof") {
                places(value, &format!("{at}/{}", name.replace('~', "~0").replace('/', "~1")), found);
            }
        }
        Value::Array(items) => {
            for (index, value) in items.iter().enumerate() {
                places(value, &format!("{at}/{index}"), found);
            }
        }
        _ => {}
    }
}

/// A pointer, and the text there if it is one.
type Place = (String, Option<String>);

static SAMPLE: LazyLock<(Value, Vec<Place>)> = LazyLock::new(|| {
    let document = signed();
    let mut found = Vec::new();
    places(&document, "", &mut found);
    found.remove(0);
    (document, found)
});

fn within(pointer: &str, chosen: &str) -> bool {
    pointer.strip_prefix(chosen).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_choice_verifies_and_hides_the_rest(picks in prop::collection::vec(any::<prop::sample::Index>(), 0..8)) {
        let (document, all) = &*SAMPLE;
        let pointers: Vec<&str> = picks.iter().map(|pick| pick.get(all).0.as_str()).collect();
        let torn = |pointer: &str| pointer.contains("/allowedValue/");
        let whole_list = |list: &str| pointers.iter().any(|chosen| within(list, chosen));
        let shown = match sd::derive(document, &pointers) {
            Ok(shown) => shown,
            Err(error) => {
                prop_assert_eq!(error, SdError::Torn);
                prop_assert!(pointers.iter().any(|pointer| torn(pointer)), "{:?}", pointers);
                return Ok(());
            }
        };
        prop_assert_eq!(holds(&shown), Ok(()), "{:?}", pointers);
        prop_assert!(!pointers.iter().any(|pointer| torn(pointer) && !whole_list(pointer)));
        let (text, everything) = (shown.to_string(), document.to_string());
        for (pointer, value) in all {
            let Some(value) = value else { continue };
            let chosen = pointers.iter().chain(&MANDATORY).any(|chosen| within(pointer, chosen));
            let framing = pointer.ends_with("/id") || pointer.contains("/type/") || pointer.ends_with("/type");
            if chosen {
                prop_assert!(text.contains(&Value::from(value.as_str()).to_string()), "{} in {:?}", pointer, pointers);
            } else if !framing && value.len() > 3 && everything.matches(value.as_str()).count() == 1 {
                prop_assert!(!text.contains(value.as_str()), "{} in {:?}", pointer, pointers);
            }
        }
    }
}
