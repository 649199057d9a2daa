//! The cases of the W3C test suite for VC-JOSE-COSE, as its `test-mapping.js` lists them.

use std::path::Path;

use cairn_credential::key::{KeyPair, PublicKey};
use cairn_credential::sd_jwt::{self, Format, Options};
use cairn_credential::{cose, jose};
use serde_json::Value;

use crate::shared;

#[derive(Debug, Clone, Copy, PartialEq)]
enum Feature {
    CredentialJose,
    CredentialSdJwt,
    CredentialCose,
    PresentationJose,
    PresentationSdJwt,
    PresentationCose,
}
use Feature::*;

type Outcome = Result<(), String>;

struct Keys {
    id: String,
    public: PublicKey,
    pair: KeyPair,
}

fn keys(folder: &Path, name: &str) -> Keys {
    let method = shared::json(&folder.join(format!("vm-{name}.json")));
    let public = PublicKey::from_jwk(&method["publicKeyJwk"]).unwrap();
    let pair = KeyPair::from_jwk(&method["secretKeyJwk"]).unwrap();
    assert_eq!(pair.public(), public);
    assert_eq!(method["publicKeyJwk"]["kid"], public.thumbprint(), "the suite's kids are thumbprints");
    Keys { id: method["id"].as_str().unwrap().to_owned(), public, pair }
}

fn text(error: impl ToString) -> String {
    error.to_string()
}

/// Issues, and verifies what was issued.
fn issue(document: &Value, keys: &Keys, feature: Feature, hidden: &[&str]) -> Outcome {
    let (pair, id) = (&keys.pair, keys.id.as_str());
    let hidden: Vec<sd_jwt::Path> = hidden.iter().map(|path| path.parse().unwrap()).collect();
    let mut counter = 0;
    let mut salts = || {
        counter += 1;
        [counter; 16]
    };
    let mut sd = |format| {
        let mut options = Options::new(format, &hidden);
        options.key_id = Some(id);
        let issued = sd_jwt::issue(document, pair, &options, &mut salts).map_err(text)?;
        assert_eq!(issued.disclosable().unwrap().len(), hidden.len());
        Ok::<_, String>(issued.to_string())
    };
    let issued = match feature {
        CredentialJose => jose::issue(document, pair, id, jose::Profile::Vc).map_err(text)?,
        PresentationJose => jose::issue_presentation(document, pair, id).map_err(text)?,
        CredentialSdJwt => sd(Format::Credential)?,
        PresentationSdJwt => sd(Format::Presentation)?,
        CredentialCose => cose::to_base64(&cose::issue(document, pair, id).map_err(text)?),
        PresentationCose => cose::to_base64(&cose::issue_presentation(document, pair, id).map_err(text)?),
    };
    let verified = payload(&issued, keys, feature);
    assert_eq!(verified.map(Value::Object).as_ref(), Ok(document));
    Ok(())
}

fn payload(secured: &str, keys: &Keys, feature: Feature) -> Result<serde_json::Map<String, Value>, String> {
    let key = &keys.public;
    match feature {
        CredentialJose => jose::verify_credential(secured, key).map_err(text),
        PresentationJose => jose::verify_presentation(secured, key).map_err(text),
        CredentialSdJwt => sd_jwt::verify_credential(secured, key).map_err(text),
        PresentationSdJwt => sd_jwt::verify_presentation(secured, key).map_err(text),
        CredentialCose => {
            let bytes = cose::from_base64(secured).map_err(text)?;
            cose::verify_credential(&bytes, key).map_err(text)
        }
        PresentationCose => {
            let bytes = cose::from_base64(secured).map_err(text)?;
            cose::verify_presentation(&bytes, key).map_err(text)
        }
    }
}

const PASS: bool = true;
const FAIL: bool = false;

/// Number, file, key, feature, what is selectively disclosable, and whether it succeeds.
type Issued = (u8, &'static str, &'static str, Feature, &'static [&'static str], bool);

const ISSUED: [Issued; 10] = [
    (1, "credential-minimal.json", "p256", CredentialJose, &[], PASS),
    (2, "credential-full.json", "p384", CredentialJose, &[], PASS),
    (3, "presentation-single.json", "p256", PresentationJose, &[], PASS),
    (4, "presentation-multiple.json", "p521", PresentationJose, &[], PASS),
    (5, "credential-unknown-extensions.json", "p521", CredentialJose, &[], FAIL),
    (
        17,
        "credential-selective.json",
        "p384",
        CredentialSdJwt,
        &["credentialSubject.firstName", "credentialSubject.lastName"],
        PASS,
    ),
    (
        18,
        "credential-nested-selective.json",
        "p521",
        CredentialSdJwt,
        &[
            "credentialSubject.address.street",
            "credentialSubject.address.city",
            "credentialSubject.phoneNumbers[0]",
        ],
        PASS,
    ),
    (
        19,
        "presentation-selective.json",
        "p384",
        PresentationSdJwt,
        &["holder", "verifiableCredential[0]"],
        PASS,
    ),
    (27, "credential-minimal.json", "did-ed25519", CredentialCose, &[], PASS),
    (28, "presentation-single.json", "p384", PresentationCose, &[], PASS),
];

const VERIFIED: [(u8, &str, &str, Feature, bool); 25] = [
    (6, "credential-jose-minimal.txt", "p256", CredentialJose, PASS),
    (7, "presentation-jose-multiple.txt", "p384", PresentationJose, PASS),
    (8, "credential-issuer-match-signed.txt", "ed25519", CredentialJose, PASS),
    (9, "credential-jose-unknown-extensions.txt", "ed25519", CredentialJose, FAIL),
    (10, "credential-minimal.json", "ed25519", CredentialJose, FAIL),
    (11, "presentation-single.json", "ed25519", PresentationJose, FAIL),
    (12, "credential-jose-bad-signature.txt", "ed25519", CredentialJose, FAIL),
    (13, "credential-jose-bad-media-type.txt", "ed25519", CredentialJose, FAIL),
    (14, "presentation-jose-bad-media-type.txt", "ed25519", PresentationJose, FAIL),
    (15, "credential-jose-vc-vp-claims.txt", "ed25519", CredentialJose, FAIL),
    (16, "presentation-jose-bad-credential.txt", "ed25519", PresentationJose, FAIL),
    (20, "credential-sdjwt-selective.txt", "p384", CredentialSdJwt, PASS),
    (21, "credential-sdjwt-nested.txt", "p521", CredentialSdJwt, PASS),
    (22, "presentation-sdjwt-selective.txt", "p384", PresentationSdJwt, PASS),
    (23, "credential-sdjwt-bad-signature.txt", "p384", CredentialSdJwt, FAIL),
    (24, "credential-sdjwt-bad-media-type.txt", "ed25519", CredentialSdJwt, FAIL),
    (25, "presentation-sdjwt-bad-media-type.txt", "ed25519", PresentationSdJwt, FAIL),
    (26, "presentation-sdjwt-bad-credential.txt", "p521", PresentationSdJwt, FAIL),
    (29, "credential-cose-minimal.txt", "p256", CredentialCose, PASS),
    (30, "credential-cose-minimal-not-base64.txt", "p256", CredentialCose, FAIL),
    (31, "presentation-cose-single.txt", "p384", PresentationCose, PASS),
    (32, "credential-cose-bad-signature.txt", "ed25519", CredentialCose, FAIL),
    (33, "credential-cose-bad-media-type.txt", "p384", CredentialCose, FAIL),
    (34, "presentation-cose-bad-media-type.txt", "p384", PresentationCose, FAIL),
    (35, "presentation-cose-bad-credential.txt", "p256", PresentationCose, FAIL),
];

#[test]
fn every_case_of_the_suite_is_here() {
    let Some(vectors) = shared::vectors() else { return };
    let mapping = shared::text(&vectors.join("vc-jose-cose/test-mapping.js"));
    assert_eq!(mapping.matches("'number': ").count(), ISSUED.len() + VERIFIED.len());
}

#[test]
fn what_the_suite_issues_comes_out_as_it_says() {
    let Some(vectors) = shared::vectors() else { return };
    let folder = vectors.join("vc-jose-cose");
    for (number, file, key, feature, hidden, passes) in ISSUED {
        let document = shared::json(&folder.join(file));
        let outcome = issue(&document, &keys(&folder, key), feature, hidden);
        assert_eq!(outcome.is_ok(), passes, "{number} {file}: {outcome:?}");
    }
}

#[test]
fn what_the_suite_verifies_comes_out_as_it_says() {
    let Some(vectors) = shared::vectors() else { return };
    let folder = vectors.join("vc-jose-cose");
    let mut refusals = Vec::new();
    for (number, file, key, feature, passes) in VERIFIED {
        let outcome = payload(&shared::text(&folder.join(file)), &keys(&folder, key), feature);
        assert_eq!(outcome.is_ok(), passes, "{number} {file}: {outcome:?}");
        if let Err(reason) = outcome {
            refusals.push(format!("{number}: {reason}"));
        }
    }
    insta::assert_snapshot!(refusals.join("\n"), @r#"
    9: the algorithm of the signature is not one of its key
    10: this is not a compact JWS of a JSON object
    11: this is not a compact JWS of a JSON object
    12: the signature does not fit the content: it was changed, or signed with another key
    13: the type "bad+typ" is not that of what is expected here, such as "JWT" or "vc+jwt"
    14: the type "bad+typ" is not that of what is expected here, such as "JWT" or "vc+jwt"
    15: the claim "vc" belongs to an older format: the payload itself is the credential
    16: an enveloped credential or presentation has an id like "data:application/vc+jwt,eyJ…", with a media type of VC-JOSE-COSE
    23: the signature does not fit the content: it was changed, or signed with another key
    24: the type "bad+typ" is not that of what is expected here, such as "JWT" or "vc+jwt"
    25: the type "bad+typ" is not that of what is expected here, such as "JWT" or "vc+jwt"
    26: the type "bad+typ" is not that of what is expected here, such as "JWT" or "vc+jwt"
    30: this is not a COSE_Sign1 of a JSON object
    32: the signature does not fit the content: it was changed, or signed with another key
    33: the type "really/bad" is not that of what is expected here, such as "JWT" or "vc+jwt"
    34: the algorithm of the signature is not one of its key
    35: an enveloped credential or presentation has an id like "data:application/vc+jwt,eyJ…", with a media type of VC-JOSE-COSE
    "#);
}

/// The suite signs "unknown extensions" and "bad credentials" with other keys or types than it names, so that
/// those cases fail for another reason as well. Here only the content is wrong.
#[test]
fn wrong_content_is_refused_for_its_own_sake() {
    let Some(vectors) = shared::vectors() else { return };
    let folder = vectors.join("vc-jose-cose");
    let unknown = shared::json(&folder.join("credential-unknown-extensions.json"));
    let mut presented = shared::json(&folder.join("presentation-single.json"));
    presented["verifiableCredential"][0]["id"] = "bad-credential".into();
    let keys = keys(&folder, "ed25519");
    for (document, features) in [
        (unknown, [CredentialJose, CredentialSdJwt, CredentialCose]),
        (presented, [PresentationJose, PresentationSdJwt, PresentationCose]),
    ] {
        for feature in features {
            let reason = issue(&document, &keys, feature, &[]).unwrap_err();
            let wanted = ["no context defines the member \"badExtension\"", "an enveloped credential"];
            assert!(wanted.iter().any(|wanted| reason.starts_with(wanted)), "{feature:?} {reason}");
        }
    }
}
