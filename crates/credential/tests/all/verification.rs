//! Reports: what is said about good, bad and doubtful credentials.

use std::collections::BTreeMap;

use cairn_credential::check::{
    Facts, FetchOutcome, Outcome, Purpose, Report, Verdict, WantedDocument, check,
};
use cairn_credential::did::{self, HostedKey, KeyEnd};
use cairn_credential::key::SigningKey;
use serde_json::{Value, json};

use crate::sample::{
    self, DOCUMENT, INDEX, ISSUER, LIST, METHOD, facts, fetched, key, list_of, sign, time, verify,
};
use crate::shared;

fn codes(report: &Report) -> BTreeMap<&str, (Outcome, &str)> {
    report.checks.iter().map(|check| (check.check.as_str(), (check.outcome, check.code.as_str()))).collect()
}

fn expect(report: &Report, name: &str, outcome: Outcome, code: &str) {
    assert_eq!(codes(report).get(name), Some(&(outcome, code)), "{report:#?}");
}

#[test]
fn a_good_credential_verifies() {
    let report = verify(&sample::signed(), &facts());
    assert_eq!(report.verdict, Verdict::Verified, "{report:#?}");
    let names: Vec<&str> = report.checks.iter().map(|check| check.check.as_str()).collect();
    assert_eq!(names, ["format", "schema", "proof", "issuer", "status", "dates", "subject"]);
    expect(&report, "issuer", Outcome::Passed, "issuer_domain");
    let summary = report.credential.clone().unwrap();
    assert_eq!(summary.achievement.as_deref(), Some("Data Stewardship"));
    assert_eq!(summary.issuer_name.as_deref(), Some("Example University"));
}

#[test]
fn reports_survive_json() {
    let report = verify(&sample::signed(), &facts());
    let text = serde_json::to_string(&report).unwrap();
    assert!(text.contains(r#""verdict":"verified""#) && text.contains(r#""outcome":"passed""#), "{text}");
    assert_eq!(serde_json::from_str::<Report>(&text).unwrap(), report);
}

#[test]
fn what_is_missing_is_asked_for() {
    let mut facts = Facts::new(time("2026-06-01T00:00:00Z"));
    let input = sample::signed().to_string();
    let checked = check(input.as_bytes(), &facts);
    assert_eq!(checked.report.verdict, Verdict::Unknown);
    let wanted = |url: &str, purpose| WantedDocument { url: url.into(), purpose };
    assert_eq!(checked.wanted, [wanted(DOCUMENT, Purpose::Keys), wanted(LIST, Purpose::StatusList)]);
    facts.documents.insert(LIST.into(), sample::facts().documents[LIST].clone());
    assert_eq!(check(input.as_bytes(), &facts).wanted, [wanted(DOCUMENT, Purpose::Keys)]);
    facts.documents.insert(DOCUMENT.into(), FetchOutcome::Refused("the server did not answer".into()));
    let checked = check(input.as_bytes(), &facts);
    assert_eq!(checked.wanted, []);
    expect(&checked.report, "proof", Outcome::Unknown, "key_unavailable");
    expect(&checked.report, "issuer", Outcome::Unknown, "issuer_unproven");
    assert_eq!(checked.report.verdict, Verdict::Unknown);
}

#[test]
fn a_bare_key_is_a_warning_until_it_is_trusted() {
    let did = key().did_key();
    let method = format!("{did}#{}", key().public().multibase());
    let document = sign(sample::credential(&did).to_value(), &method);
    let mut facts = facts();
    let report = verify(&document, &facts);
    expect(&report, "issuer", Outcome::Warning, "issuer_unknown");
    expect(&report, "status", Outcome::Warning, "status_other_issuer");
    assert_eq!(report.verdict, Verdict::Warning);
    facts.trusted_issuers.insert(did);
    expect(&verify(&document, &facts), "issuer", Outcome::Passed, "issuer_trusted");
}

#[test]
fn somebody_elses_key_is_refused() {
    let did = key().did_key();
    let multibase = key().public().multibase();
    let mut facts = facts();
    // A key of one's own, for an issuer that is another.
    let report = verify(&sign(sample::credential(ISSUER).to_value(), &format!("{did}#{multibase}")), &facts);
    expect(&report, "proof", Outcome::Passed, "proof_valid");
    expect(&report, "issuer", Outcome::Failed, "issuer_mismatch");
    assert!(report.checks[3].message.contains("key controller does not match issuer"));
    // The key as the fragment of the issuer's address.
    let forged = format!("{ISSUER}#{multibase}");
    let report = verify(&sign(sample::credential(ISSUER).to_value(), &forged), &facts);
    expect(&report, "proof", Outcome::Failed, "key_not_listed");
    // A key that is listed, but may not sign credentials.
    let document = did::web_document(ISSUER, &[("key-1", &key().public(), false)]);
    facts.documents.insert(DOCUMENT.into(), fetched(&document));
    expect(&verify(&sample::signed(), &facts), "proof", Outcome::Failed, "key_not_for_assertions");
    // Another key under the same name.
    let other = SigningKey::from_seed(&[1; 32]).public();
    facts.documents.insert(DOCUMENT.into(), fetched(&did::web_document(ISSUER, &[("key-1", &other, true)])));
    expect(&verify(&sample::signed(), &facts), "proof", Outcome::Failed, "signature_invalid");
    // A document about somebody else.
    let document = did::web_document("did:web:evil.example", &[("key-1", &key().public(), true)]);
    facts.documents.insert(DOCUMENT.into(), fetched(&document));
    expect(&verify(&sample::signed(), &facts), "proof", Outcome::Failed, "key_document_mismatch");
    // A key that belongs to somebody else, listed by the issuer.
    let mut document = did::web_document(ISSUER, &[("key-1", &key().public(), true)]);
    document["verificationMethod"][0]["controller"] = json!("did:web:evil.example");
    facts.documents.insert(DOCUMENT.into(), fetched(&document));
    expect(&verify(&sample::signed(), &facts), "proof", Outcome::Failed, "key_controller_mismatch");
}

#[test]
fn https_profiles_vouch_for_their_keys() {
    let issuer = "https://badges.example.edu/issuers/1";
    let document = sign(sample::credential(issuer).to_value(), &format!("{issuer}#key-1"));
    let mut facts = facts();
    facts
        .documents
        .insert(issuer.into(), fetched(&did::web_document(issuer, &[("key-1", &key().public(), true)])));
    let report = verify(&document, &facts);
    expect(&report, "issuer", Outcome::Passed, "issuer_domain");
    assert!(report.checks[3].message.contains("badges.example.edu"));
    // http is not good enough.
    let issuer = "http://badges.example.edu/issuers/1";
    let document = sign(sample::credential(issuer).to_value(), &format!("{issuer}#key-1"));
    expect(&verify(&document, &facts), "proof", Outcome::Unknown, "key_kind_unknown");
}

#[test]
fn proofs_from_before_a_keys_end_stay_good() {
    let mut facts = facts();
    let mut ended = |end: KeyEnd| {
        let key = key().public();
        let keys = [HostedKey { fragment: "key-1", key: &key, ended: Some(end) }];
        facts.documents.insert(DOCUMENT.into(), fetched(&did::hosted_document(ISSUER, &keys)));
        // lists are signed anew when a key ends
        facts.documents.insert(LIST.into(), FetchOutcome::Refused("not asked here".into()));
        verify(&sample::signed(), &facts)
    };
    for end in [KeyEnd::Replaced, KeyEnd::Distrusted] {
        expect(&ended(end(time("2026-01-15T09:00:01Z"))), "proof", Outcome::Passed, "proof_valid");
        expect(&ended(end(time("2026-01-15T09:00:00Z"))), "proof", Outcome::Failed, "key_ended");
    }
}

/// Whoever has the key could have dated the proof back; a key that was only replaced is nobody else's.
#[test]
fn a_proof_from_before_its_key_was_revoked_is_a_warning() {
    let plain = sign(
        {
            let mut document = sample::credential(ISSUER).to_value();
            document.as_object_mut().unwrap().shift_remove("credentialStatus");
            document
        },
        METHOD,
    );
    let mut facts = facts();
    let mut verdict = |end: KeyEnd| {
        let key = key().public();
        let keys = [HostedKey { fragment: "key-1", key: &key, ended: Some(end) }];
        facts.documents.insert(DOCUMENT.into(), fetched(&did::hosted_document(ISSUER, &keys)));
        verify(&plain, &facts)
    };
    let later = time("2026-01-15T09:00:01Z");
    assert_eq!(verdict(KeyEnd::Replaced(later)).verdict, Verdict::Verified);
    let report = verdict(KeyEnd::Distrusted(later));
    assert_eq!(report.verdict, Verdict::Warning);
    expect(&report, "key", Outcome::Warning, "key_revoked_since");
    let proof = report.checks.iter().find(|check| check.check == "proof").unwrap();
    let ended = &proof.detail.as_ref().unwrap()["ended_keys"][0];
    assert_eq!(ended["key"], METHOD);
    assert_eq!(ended["proofValue"], plain["proof"][0]["proofValue"]);
}

/// A list that the thief signed could say anything.
#[test]
fn a_list_by_a_key_that_was_revoked_says_nothing() {
    let mut facts = facts();
    let key = key().public();
    let ended = Some(KeyEnd::Distrusted(time("2026-01-15T09:00:01Z")));
    let keys = [HostedKey { fragment: "key-1", key: &key, ended }];
    facts.documents.insert(DOCUMENT.into(), fetched(&did::hosted_document(ISSUER, &keys)));
    let report = verify(&sample::signed(), &facts);
    expect(&report, "status", Outcome::Unknown, "status_list_key_revoked");
    assert_eq!(report.verdict, Verdict::Unknown);
}

#[test]
fn statuses_are_told_apart() {
    let entry = |purpose: &str| {
        let mut credential = sample::credential(ISSUER);
        credential.credential_status.as_mut().unwrap().status_purpose = purpose.into();
        sign(credential.to_value(), METHOD)
    };
    let with = |purpose: &str, list: &Value| {
        let mut facts = facts();
        facts.documents.insert(LIST.into(), fetched(list));
        verify(&entry(purpose), &facts)
    };
    let both = ["revocation", "suspension"];
    expect(&with("revocation", &list_of(&both, &[])), "status", Outcome::Passed, "in_force");
    expect(&with("revocation", &list_of(&both, &[INDEX])), "status", Outcome::Failed, "revoked_or_suspended");
    expect(&with("revocation", &list_of(&["revocation"], &[INDEX])), "status", Outcome::Failed, "revoked");
    expect(&with("suspension", &list_of(&both, &[INDEX])), "status", Outcome::Failed, "suspended");
    expect(
        &with("refresh", &list_of(&["refresh"], &[INDEX])),
        "status",
        Outcome::Warning,
        "refresh_available",
    );
    expect(
        &with("revocation", &list_of(&["suspension"], &[])),
        "status",
        Outcome::Failed,
        "STATUS_VERIFICATION_ERROR",
    );
    let mut changed = list_of(&["revocation"], &[INDEX]);
    changed["credentialSubject"]["encodedList"] =
        list_of(&["revocation"], &[])["credentialSubject"]["encodedList"].clone();
    expect(&with("revocation", &changed), "status", Outcome::Failed, "STATUS_VERIFICATION_ERROR");
    expect(&with("revocation", &json!([])), "status", Outcome::Unknown, "STATUS_RETRIEVAL_ERROR");
    // A list signed by somebody else than it says.
    let mut unsigned = list_of(&["revocation"], &[]);
    unsigned.as_object_mut().unwrap().shift_remove("proof");
    let method = format!("{}#{}", key().did_key(), key().public().multibase());
    let forged = sign(unsigned.clone(), &method);
    expect(&with("revocation", &forged), "status", Outcome::Failed, "STATUS_VERIFICATION_ERROR");
    unsigned["credentialSubject"]["encodedList"] = json!("uH4sIAAAAAAAAA2MAAI3vAtIBAAAA");
    let short = sign(unsigned, METHOD);
    expect(&with("revocation", &short), "status", Outcome::Failed, "RANGE_ERROR");
}

#[test]
fn status_entries_are_read_carefully() {
    let with = |change: fn(&mut Value)| {
        let mut document = sample::credential(ISSUER).to_value();
        change(&mut document["credentialStatus"]);
        verify(&sign(document, METHOD), &facts())
    };
    expect(
        &with(|entry| entry["statusListIndex"] = json!("131072")),
        "status",
        Outcome::Failed,
        "RANGE_ERROR",
    );
    expect(
        &with(|entry| entry["statusListIndex"] = json!("+1")),
        "status",
        Outcome::Failed,
        "MALFORMED_VALUE_ERROR",
    );
    expect(
        &with(|entry| entry["statusListIndex"] = json!("99999999999999999999")),
        "status",
        Outcome::Failed,
        "MALFORMED_VALUE_ERROR",
    );
    expect(
        &with(|entry| *entry = json!({"id": "urn:x", "type": "JsonSchema"})),
        "status",
        Outcome::Unknown,
        "status_kind_unknown",
    );
    let none = {
        let mut credential = sample::credential(ISSUER);
        credential.credential_status = None;
        verify(&sign(credential.to_value(), METHOD), &facts())
    };
    expect(&none, "status", Outcome::Passed, "no_status");
}

#[test]
fn lists_of_2021_are_read() {
    let mut document = sample::credential(ISSUER);
    document.context.push(json!("https://w3id.org/vc/status-list/2021/v1"));
    document.credential_status.as_mut().unwrap().kind = "StatusList2021Entry".into();
    let document = sign(document.to_value(), METHOD);
    for (set, want) in [(vec![], (Outcome::Passed, "in_force")), (vec![INDEX], (Outcome::Failed, "revoked"))]
    {
        let encoded = list_of(&["revocation"], &set)["credentialSubject"]["encodedList"].clone();
        let list = json!({
            "@context": ["https://www.w3.org/2018/credentials/v1", "https://w3id.org/vc/status-list/2021/v1",
                "https://w3id.org/security/data-integrity/v2"],
            "id": LIST,
            "type": ["VerifiableCredential", "StatusList2021Credential"],
            "issuer": ISSUER,
            "issuanceDate": "2026-01-01T00:00:00Z",
            "credentialSubject": {
                "id": format!("{LIST}#list"),
                "type": "StatusList2021",
                "statusPurpose": "revocation",
                "encodedList": encoded.as_str().unwrap().trim_start_matches('u'),
            },
        });
        let mut facts = facts();
        facts.documents.insert(LIST.into(), fetched(&sign(list, METHOD)));
        expect(&verify(&document, &facts), "status", want.0, want.1);
    }
    // A list of the new form does not answer for an entry of the old one.
    expect(&verify(&document, &facts()), "status", Outcome::Failed, "STATUS_VERIFICATION_ERROR");
}

#[test]
fn plain_revocation_lists_are_read() {
    let mut document = sample::credential(ISSUER).to_value();
    document["credentialStatus"] = json!({"id": LIST, "type": "1EdTechRevocationList"});
    let document = sign(document, METHOD);
    let with = |list: Value| {
        let mut facts = facts();
        facts.documents.insert(LIST.into(), fetched(&list));
        verify(&document, &facts)
    };
    let entry = json!({"id": document["id"], "revocationReason": "Issued in error."});
    expect(&with(json!({"issuer": ISSUER, "revokedCredential": []})), "status", Outcome::Passed, "in_force");
    let revoked = with(json!({"issuer": ISSUER, "revokedCredential": [entry]}));
    expect(&revoked, "status", Outcome::Failed, "revoked");
    assert!(revoked.checks[4].message.contains("Issued in error."));
    let other = json!({"issuer": "did:web:evil.example", "revokedCredential": []});
    expect(&with(other), "status", Outcome::Failed, "STATUS_VERIFICATION_ERROR");
    expect(&with(json!({})), "status", Outcome::Unknown, "STATUS_RETRIEVAL_ERROR");
}

#[test]
fn dates_are_checked() {
    let at = |now: &str| {
        let mut facts = facts();
        facts.now = time(now);
        verify(&sample::signed(), &facts)
    };
    expect(&at("2026-01-15T08:59:59Z"), "dates", Outcome::Failed, "not_yet_valid");
    expect(&at("2026-01-15T09:00:00Z"), "dates", Outcome::Passed, "in_force");
    expect(&at("2031-01-15T08:59:59Z"), "dates", Outcome::Passed, "in_force");
    expect(&at("2031-01-15T09:00:00Z"), "dates", Outcome::Failed, "expired");
}

#[test]
fn shapes_are_checked() {
    let with = |change: fn(&mut Value)| {
        let mut document = sample::signed();
        change(&mut document);
        let report = verify(&document, &facts());
        assert_eq!(report.verdict, Verdict::Failed);
        report
    };
    let remove = |value: &mut Value, name: &str| {
        value.as_object_mut().unwrap().shift_remove(name).unwrap();
    };
    expect(
        &with(|d| d["credentialSubject"]["identifier"] = json!([])),
        "subject",
        Outcome::Warning,
        "subject_missing",
    );
    expect(
        &with(|d| d["@context"] = json!(["http://example.org"])),
        "schema",
        Outcome::Failed,
        "schema_invalid",
    );
    expect(&with(|d| d["issuer"]["id"] = json!("me")), "schema", Outcome::Failed, "schema_invalid");
    expect(&with(|d| d["validFrom"] = json!("2026-01-15")), "dates", Outcome::Failed, "date_malformed");
    expect(
        &with(|d| d["type"] = json!(["OpenBadgeCredential"])),
        "schema",
        Outcome::Failed,
        "schema_invalid",
    );
    expect(&with(|d| d["proof"] = json!([])), "proof", Outcome::Failed, "unsigned");
    for name in ["id", "name", "description", "criteria", "type"] {
        let mut document = sample::signed();
        remove(&mut document["credentialSubject"]["achievement"], name);
        expect(&verify(&document, &facts()), "schema", Outcome::Failed, "schema_invalid");
    }
}

#[test]
fn nonsense_is_refused_in_words() {
    let cases: [(&[u8], &str); 8] = [
        (b"", "unknown_format"),
        (b"hello", "unknown_format"),
        (b"{", "not_json"),
        (b"{\"a\":1,\"a\":2}", "not_json"),
        (b"[]", "unknown_format"),
        (b"a.b.c", "unknown_format"),
        (b"<svg/>", "nothing_baked"),
        (b"\x89PNG\r\n\x1a\n", "nothing_baked"),
    ];
    for (input, code) in cases {
        let report = check(input, &facts()).report;
        expect(&report, "format", Outcome::Failed, code);
        assert_eq!((report.verdict, &report.credential), (Verdict::Failed, &None));
    }
    let report = check(b"{}", &facts()).report;
    assert_eq!(report.verdict, Verdict::Failed);
}

#[test]
fn the_inspectors_samples_come_out_as_the_inspector_says() {
    let Some(vectors) = shared::vectors() else { return };
    let folder = vectors.join("ob30");
    let with_keys = |document: &Value, list: Option<&str>| {
        let mut facts = Facts::new(time("2026-06-01T00:00:00Z"));
        for proof in document["proof"].as_array().cloned().unwrap_or_else(|| vec![document["proof"].clone()])
        {
            let Some(method) = proof["verificationMethod"].as_str() else { continue };
            if let Some((issuer, fragment)) =
                method.split_once('#').filter(|(issuer, _)| issuer.starts_with("https:"))
            {
                let key = cairn_credential::key::PublicKey::from_multibase(fragment).unwrap();
                let document = did::web_document(issuer, &[(fragment, &key, true)]);
                facts.documents.insert(issuer.into(), fetched(&document));
            }
        }
        if let Some(list) = list {
            let url = document["credentialStatus"]["statusListCredential"].as_str().unwrap();
            facts
                .documents
                .insert(url.into(), FetchOutcome::here(shared::text(&folder.join(list)).into_bytes()));
        }
        facts
    };
    let run = |name: &str, list: Option<&str>| {
        let document = shared::json(&folder.join(name));
        verify(&document, &with_keys(&document, list))
    };
    for name in [
        "simple.json",
        "simple-context-alias.json",
        "simple-context-version.json",
        "simple-multiple-proofs.json",
        "endorsement-valid.json",
    ] {
        let report = run(name, None);
        assert_eq!(report.verdict, Verdict::Verified, "{name} {report:#?}");
    }
    let older = run("simple_v1.json", None);
    expect(&older, "proof", Outcome::Passed, "proof_valid");
    expect(&older, "schema", Outcome::Warning, "data_model_1_1");
    assert_eq!(older.verdict, Verdict::Warning, "{older:#?}");
    expect(&run("simple-did-key-method.json", None), "issuer", Outcome::Failed, "issuer_mismatch");
    expect(&run("simple-noproof.json", None), "proof", Outcome::Failed, "unsigned");
    let list = Some("bit-string-list/testlist");
    for name in ["credential-status-revoked.json", "credential-status-revoked-blank-nodes.json"] {
        let report = run(&format!("bit-string-list/{name}"), list);
        expect(&report, "proof", Outcome::Passed, "proof_valid");
        // the sample's list says that it is another list than the one the badge names
        expect(&report, "status", Outcome::Failed, "STATUS_VERIFICATION_ERROR");
    }
}
