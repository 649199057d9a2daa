//! SD-JWT, as a whole and as hostile peers would write it.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use cairn_credential::key::{KeyKind, KeyPair};
use cairn_credential::sd_jwt::{self, Challenge, Format, KeyBinding, Options, Path, SdJwt, SdJwtError};
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256, Sha384, Sha512};

use crate::sample::time;

pub fn issuer() -> KeyPair {
    KeyPair::from_seed(KeyKind::Ed25519, &[3; 32]).unwrap()
}

pub fn holder() -> KeyPair {
    KeyPair::from_seed(KeyKind::P256, &[4; 32]).unwrap()
}

/// Salts that differ, as random ones would.
pub fn salts() -> impl FnMut() -> [u8; 16] {
    let mut counter = 0_u128;
    move || {
        counter += 1;
        counter.to_be_bytes()
    }
}

pub fn paths(paths: &[&str]) -> Vec<Path> {
    paths.iter().map(|path| path.parse().unwrap()).collect()
}

/// A JWS of whatever header and payload.
pub fn signed(header: &Value, payload: &Value, key: &KeyPair) -> String {
    let part = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
    let input = format!("{}.{}", part(header), part(payload));
    format!("{input}.{}", URL_SAFE_NO_PAD.encode(key.sign(input.as_bytes())))
}

fn claims() -> Value {
    json!({
        "vct": "https://a.example/types/course",
        "iss": "https://a.example",
        "sub": "urn:amy",
        "learner": {"name": "Amy", "home": {"city": "Delft", "street": "Oude Delft 1"}},
        "grades": ["A", {"course": "Soils", "grade": "B"}, ["xylem", "y"]],
    })
}

const HIDDEN: [&str; 7] =
    ["sub", "learner", "learner.name", "learner.home.city", "grades[1].grade", "grades[1]", "grades[2][0]"];

fn issue(hidden: &[&str], decoys: usize) -> Result<SdJwt, SdJwtError> {
    let hidden = paths(hidden);
    let holder = holder().public();
    let options = Options { decoys, holder: Some(&holder), ..Options::new(Format::SdJwtVc, &hidden) };
    sd_jwt::issue(&claims(), &issuer(), &options, &mut salts())
}

fn verify(text: &str) -> Result<Value, SdJwtError> {
    let claims = SdJwt::parse(text)?.verify(&issuer().public(), Format::SdJwtVc)?;
    Ok(Value::Object(claims))
}

#[test]
fn all_disclosures_give_all_claims() {
    for decoys in [0, 3] {
        let issued = issue(&HIDDEN, decoys).unwrap();
        let mut verified = verify(&issued.to_string()).unwrap();
        verified.as_object_mut().unwrap().remove("cnf");
        assert_eq!(verified, claims());
        assert_eq!(SdJwt::parse(&issued.to_string()).as_ref(), Ok(&issued));
        assert_eq!(issued.disclosable().unwrap().len(), HIDDEN.len());
        let signed = Value::Object(issued.jws.payload.clone()).to_string();
        for secret in ["Amy", "Delft", "Soils", "urn:amy", "xylem"] {
            assert!(!signed.contains(secret), "{secret}");
        }
        // "sub" and "learner"; the objects inside "learner" are hidden with it
        assert_eq!(issued.jws.payload["_sd"].as_array().map(Vec::len), Some(2 + decoys));
    }
}

#[test]
fn holders_show_what_they_choose() {
    let issued = issue(&HIDDEN, 1).unwrap();
    let shown = |chosen: &[&str]| {
        let mut claims = verify(&issued.present(&paths(chosen)).unwrap().to_string()).unwrap();
        for visible in ["vct", "iss", "cnf"] {
            assert!(claims.as_object_mut().unwrap().remove(visible).is_some());
        }
        claims
    };
    assert_eq!(shown(&[]), json!({"grades": ["A", ["y"]]}));
    assert_eq!(shown(&["sub"]), json!({"sub": "urn:amy", "grades": ["A", ["y"]]}));
    let street = json!({"street": "Oude Delft 1"});
    assert_eq!(
        shown(&["learner.name"]),
        json!({"grades": ["A", ["y"]], "learner": {"name": "Amy", "home": street}})
    );
    assert_eq!(shown(&["learner"])["learner"], claims()["learner"]);
    assert_eq!(shown(&["grades[1].course"])["grades"], json!(["A", {"course": "Soils"}, ["y"]]));
    assert_eq!(shown(&["grades[1]", "grades[2]"])["grades"], claims()["grades"]);
    assert_eq!(shown(&["grades[]"])["grades"], claims()["grades"]);
    let lost = issued.present(&paths(&["learner.born"])).unwrap_err();
    assert_eq!(lost, SdJwtError::NoSuchClaim("learner.born".into()));
    let less = issued.present(&paths(&["sub"])).unwrap();
    assert!(less.present(&paths(&["learner"])).is_err(), "what was kept back cannot be shown on");
}

#[test]
fn what_must_be_visible_cannot_be_hidden() {
    for name in ["iss", "vct", "cnf", "cnf.jwk"] {
        assert_eq!(issue(&[name], 0).unwrap_err(), SdJwtError::AlwaysVisible(name.into()));
    }
    assert_eq!(issue(&["learner.born"], 0).unwrap_err(), SdJwtError::NoSuchClaim("learner.born".into()));
    let with = |name: &str, value: Value| {
        let mut claims = claims();
        claims[name] = value;
        sd_jwt::issue(&claims, &issuer(), &Options::new(Format::SdJwtVc, &[]), &mut salts()).unwrap_err()
    };
    assert_eq!(with("vct", json!("")), SdJwtError::Claim("vct"));
    assert_eq!(with("exp", json!("tomorrow")), SdJwtError::Claim("exp"));
    assert_eq!(with("cnf", json!("key")), SdJwtError::Claim("cnf"));
    assert_eq!(with("a", json!([{"_sd": []}])), SdJwtError::Reserved("_sd".into()));
    assert_eq!(with("a", json!([{"...": "x"}])), SdJwtError::Reserved("...".into()));
    assert_eq!(with("_sd_alg", json!("sha-256")), SdJwtError::Reserved("_sd_alg".into()));
}

#[test]
fn w3c_credentials_keep_their_validity_visible() {
    let credential = crate::sample::credential("did:web:a.example").to_value();
    let hide = |path: &str| {
        let hidden = paths(&[path]);
        sd_jwt::issue(&credential, &issuer(), &Options::new(Format::Credential, &hidden), &mut salts())
    };
    for path in
        ["@context", "type", "issuer", "issuer.id", "validUntil", "credentialStatus.id", "credentialSchema"]
    {
        assert_eq!(hide(path).unwrap_err(), SdJwtError::AlwaysVisible(path.into()));
    }
    for path in ["issuer.url", "credentialSubject.identifier[0]", "evidence[]", "awardedDate"] {
        let text = hide(path).unwrap().to_string();
        assert_eq!(
            sd_jwt::verify_credential(&text, &issuer().public()).map(Value::Object).as_ref(),
            Ok(&credential)
        );
    }
}

#[test]
fn types_are_not_mixed_up() {
    let text = issue(&[], 0).unwrap().to_string();
    assert!(sd_jwt::verify_credential(&text, &issuer().public()).is_err());
    assert!(sd_jwt::verify_presentation(&text, &issuer().public()).is_err());
    let typed = |typ: Value| {
        let header = json!({"alg": "EdDSA", "typ": typ});
        verify(&format!("{}~", signed(&header, &claims(), &issuer())))
    };
    assert!(typed(json!("dc+sd-jwt")).is_ok());
    assert!(typed(json!("application/dc+sd-jwt")).is_ok());
    assert!(typed(json!("vc+sd-jwt")).is_ok());
    for typ in [json!("JWT"), json!("vc+jwt"), json!("kb+jwt"), json!("vp+sd-jwt"), json!(1), json!(null)] {
        assert!(typed(typ.clone()).is_err(), "{typ}");
    }
}

/// Disclosures and payloads written by hand.
struct Peer {
    payload: Value,
    disclosures: Vec<String>,
}

fn disclosure(parts: &Value) -> (String, String) {
    let text = URL_SAFE_NO_PAD.encode(parts.to_string());
    let digest = URL_SAFE_NO_PAD.encode(Sha256::digest(&text));
    (text, digest)
}

impl Peer {
    fn verified(&self) -> Result<Value, SdJwtError> {
        let mut payload = json!({"vct": "x", "iss": "https://a.example"});
        payload.as_object_mut().unwrap().extend(self.payload.as_object().unwrap().clone());
        let jws = signed(&json!({"alg": "EdDSA", "typ": "dc+sd-jwt"}), &payload, &issuer());
        let parts = [vec![jws], self.disclosures.clone(), vec![String::new()]].concat();
        let mut claims = verify(&parts.join("~"))?;
        for name in ["vct", "iss"] {
            claims.as_object_mut().unwrap().remove(name);
        }
        Ok(claims)
    }
}

#[test]
fn hostile_disclosures_are_refused() {
    let (name, name_digest) = disclosure(&json!(["s", "name", "Amy"]));
    let (other, other_digest) = disclosure(&json!(["t", "name", "Bob"]));
    let (element, element_digest) = disclosure(&json!(["s", "A"]));
    let (hash, hash_digest) = disclosure(&json!(["s", "_sd_alg", "sha-512"]));
    let (visible, visible_digest) = disclosure(&json!(["s", "exp", 1]));
    let (nested, nested_digest) = disclosure(&json!(["s", "nested", {"_sd": [name_digest]}]));
    let check = |payload: Value, disclosures: &[&String], want: Result<Value, SdJwtError>| {
        let disclosures = disclosures.iter().map(|text| (*text).clone()).collect();
        let said = payload.to_string();
        assert_eq!(Peer { payload, disclosures }.verified(), want, "{said}");
    };
    // what is right
    check(json!({"_sd": [name_digest]}), &[&name], Ok(json!({"name": "Amy"})));
    check(json!({"_sd": [name_digest, other_digest]}), &[&other], Ok(json!({"name": "Bob"})));
    check(json!({"a": [1, {"...": element_digest}]}), &[&element], Ok(json!({"a": [1, "A"]})));
    check(json!({"a": [1, {"...": element_digest}]}), &[], Ok(json!({"a": [1]})));
    check(json!({"_sd": [nested_digest]}), &[&nested, &name], Ok(json!({"nested": {"name": "Amy"}})));
    check(json!({"a": {"_sd": []}}), &[], Ok(json!({"a": {}})));
    // what is not
    check(json!({}), &[&name], Err(SdJwtError::Unreferenced));
    check(json!({"_sd": [nested_digest]}), &[&name], Err(SdJwtError::Unreferenced));
    check(json!({"_sd": [name_digest]}), &[&name, &name], Err(SdJwtError::DigestTwice));
    check(json!({"_sd": [name_digest, name_digest]}), &[&name], Err(SdJwtError::DigestTwice));
    check(json!({"_sd": [name_digest], "a": {"_sd": [name_digest]}}), &[], Err(SdJwtError::DigestTwice));
    check(json!({"_sd": [name_digest, nested_digest]}), &[&nested], Err(SdJwtError::DigestTwice));
    check(json!({"a": [{"...": "x"}, {"...": "x"}]}), &[], Err(SdJwtError::DigestTwice));
    check(json!({"name": 1, "_sd": [name_digest]}), &[&name], Err(SdJwtError::Collision("name".into())));
    check(
        json!({"_sd": [name_digest, other_digest]}),
        &[&name, &other],
        Err(SdJwtError::Collision("name".into())),
    );
    check(json!({"_sd": [hash_digest]}), &[&hash], Err(SdJwtError::Collision("_sd_alg".into())));
    check(json!({"_sd": [visible_digest]}), &[&visible], Err(SdJwtError::AlwaysVisible("exp".into())));
    check(json!({"_sd": [element_digest]}), &[&element], Err(SdJwtError::Disclosure));
    check(json!({"a": [{"...": name_digest}]}), &[&name], Err(SdJwtError::Disclosure));
    check(json!({"_sd": name_digest}), &[], Err(SdJwtError::Digests));
    check(json!({"_sd": [1]}), &[], Err(SdJwtError::Digests));
    check(json!({"a": [{"...": element_digest, "b": 1}]}), &[], Err(SdJwtError::Digests));
    check(json!({"a": [{"...": 1}]}), &[], Err(SdJwtError::Digests));
    check(json!({"a": {"...": "x"}}), &[], Err(SdJwtError::Reserved("...".into())));
    check(json!({"_sd_alg": "md5"}), &[], Err(SdJwtError::HashAlgorithm("md5".into())));
    check(json!({"_sd_alg": 1}), &[], Err(SdJwtError::HashAlgorithm("1".into())));
    check(json!({"_sd_alg": "sha-512", "_sd": [name_digest]}), &[&name], Err(SdJwtError::Unreferenced));
    for (wrong, want) in [
        (json!(["s", "_sd", []]), SdJwtError::Reserved("_sd".into())),
        (json!(["s", "...", "x"]), SdJwtError::Reserved("...".into())),
        (json!(["s"]), SdJwtError::Disclosure),
        (json!(["s", "a", 1, 2]), SdJwtError::Disclosure),
    ] {
        let (text, digest) = disclosure(&wrong);
        check(json!({"_sd": [digest]}), &[&text], Err(want));
    }
}

#[test]
fn longer_hashes_are_read() {
    let (text, _) = disclosure(&json!(["s", "name", "Amy"]));
    for (name, digest) in [
        ("sha-384", URL_SAFE_NO_PAD.encode(Sha384::digest(&text))),
        ("sha-512", URL_SAFE_NO_PAD.encode(Sha512::digest(&text))),
    ] {
        let payload = json!({"_sd_alg": name, "_sd": [digest]});
        let peer = Peer { payload, disclosures: vec![text.clone()] };
        assert_eq!(peer.verified(), Ok(json!({"name": "Amy"})));
    }
}

#[test]
fn work_is_bounded() {
    // each disclosure holds the next, deeper than any stack
    let mut disclosures = Vec::new();
    let (mut text, mut digest) = disclosure(&json!(["s", "a", 1]));
    for _ in 0..900 {
        disclosures.push(text);
        (text, digest) = disclosure(&json!(["s", "a", {"a": {"_sd": [digest]}}]));
    }
    disclosures.push(text);
    let peer = Peer { payload: json!({"_sd": [digest]}), disclosures };
    assert_eq!(peer.verified(), Err(SdJwtError::TooDeep));
    let many = vec![disclosure(&json!(["s", "a", 1])).0; 1025];
    assert_eq!(Peer { payload: json!({}), disclosures: many }.verified(), Err(SdJwtError::TooLarge));
    assert_eq!(SdJwt::parse(&"~".repeat(5_000_000)), Err(SdJwtError::TooLarge));
    for wrong in ["", "~", "a~", "a.b.c~", "e30.e30.AA", "e30.e30.AA~~", "e30.e30.AA~x", "e30.e30.AA~W10~"] {
        assert!(SdJwt::parse(wrong).is_err(), "{wrong}");
    }
    assert!(SdJwt::parse("e30.e30.AA~").is_ok());
}

const AUDIENCE: &str = "https://verifier.example";
const NONCE: &str = "n-0S6_WzA2Mj";

fn bound() -> SdJwt {
    let binding = KeyBinding { audience: AUDIENCE, nonce: NONCE, issued: time("2026-01-15T09:00:00Z") };
    let shown = issue(&HIDDEN, 0).unwrap().present(&paths(&["learner.name", "grades[1]"])).unwrap();
    shown.bind(&holder(), &binding).unwrap()
}

fn answers(text: &str, challenge: &Challenge<'_>) -> Result<(), SdJwtError> {
    let sd_jwt = SdJwt::parse(text)?;
    sd_jwt.verify(&issuer().public(), Format::SdJwtVc)?;
    sd_jwt.verify_key_binding(&holder().public(), challenge)
}

#[test]
fn key_bindings_answer_one_challenge() {
    let text = bound().to_string();
    let now = |now| Challenge::new(AUDIENCE, NONCE, time(now));
    let good = now("2026-01-15T09:04:59Z");
    assert_eq!(SdJwt::parse(&text).unwrap().holder_key(), Some(Ok(holder().public())));
    assert_eq!(answers(&text, &good), Ok(()));
    assert_eq!(answers(&text, &now("2026-01-15T08:59:30Z")), Ok(()), "clocks differ a little");
    assert_eq!(answers(&text, &now("2026-01-15T09:05:01Z")), Err(SdJwtError::KeyBinding("iat")));
    assert_eq!(answers(&text, &now("2026-01-15T08:58:00Z")), Err(SdJwtError::KeyBinding("iat")));
    let other = Challenge { nonce: "other", ..good };
    assert_eq!(answers(&text, &other), Err(SdJwtError::KeyBinding("nonce")));
    let other = Challenge { audience: "https://other.example", ..good };
    assert_eq!(answers(&text, &other), Err(SdJwtError::KeyBinding("aud")));
    let without = bound().present(&paths(&["learner.name", "grades[1]"])).unwrap().to_string();
    assert_eq!(answers(&without, &good), Err(SdJwtError::NotBound));
    // a disclosure taken away, or one added, after the holder signed
    let (jwt, rest) = text.split_once('~').unwrap();
    let (_, fewer) = rest.split_once('~').unwrap();
    assert!(answers(&format!("{jwt}~{fewer}"), &good).is_err());
    let all = issue(&HIDDEN, 0).unwrap().to_string();
    let binding = text.rsplit_once('~').unwrap().1;
    assert_eq!(answers(&format!("{all}{binding}"), &good), Err(SdJwtError::KeyBinding("sd_hash")));
    let stranger = issuer();
    let binding = KeyBinding { audience: AUDIENCE, nonce: NONCE, issued: good.now };
    assert_eq!(bound().bind(&stranger, &binding), Err(SdJwtError::NotTheHolder));
}

#[test]
fn key_bindings_of_other_shapes_are_refused() {
    let shown = bound().present(&paths(&["sub"]));
    assert!(shown.is_err(), "what was not shown is not there any more");
    let unbound = bound().present(&paths(&["learner.name"])).unwrap().to_string();
    let hash = URL_SAFE_NO_PAD.encode(Sha256::digest(&unbound));
    let good = Challenge::new(AUDIENCE, NONCE, time("2026-01-15T09:00:00Z"));
    let iat = good.now.as_second();
    let right = json!({"iat": iat, "aud": AUDIENCE, "nonce": NONCE, "sd_hash": hash});
    let check = |header: Value, payload: &Value, key: &KeyPair| {
        answers(&format!("{unbound}{}", signed(&header, payload, key)), &good)
    };
    let header = json!({"alg": "ES256", "typ": "kb+jwt"});
    assert_eq!(check(header.clone(), &right, &holder()), Ok(()));
    for name in ["iat", "aud", "nonce", "sd_hash"] {
        let mut changed = right.clone();
        changed.as_object_mut().unwrap().remove(name);
        assert_eq!(check(header.clone(), &changed, &holder()), Err(SdJwtError::KeyBinding(name)));
        changed[name] = json!([right[name]]);
        assert_eq!(check(header.clone(), &changed, &holder()), Err(SdJwtError::KeyBinding(name)));
    }
    for typ in ["JWT", "kb-jwt", "dc+sd-jwt"] {
        assert!(check(json!({"alg": "ES256", "typ": typ}), &right, &holder()).is_err(), "{typ}");
    }
    assert!(check(json!({"alg": "ES256"}), &right, &holder()).is_err());
    assert!(check(json!({"alg": "none", "typ": "kb+jwt"}), &right, &holder()).is_err());
    assert!(check(header, &right, &KeyPair::from_seed(KeyKind::P256, &[5; 32]).unwrap()).is_err());
}

#[test]
fn every_changed_character_is_refused() {
    let text = bound().to_string();
    let good = Challenge::new(AUDIENCE, NONCE, time("2026-01-15T09:00:00Z"));
    assert_eq!(answers(&text, &good), Ok(()));
    for at in 0..text.len() {
        for other in ["A", "~", "."] {
            if &text[at..=at] != other {
                let changed = format!("{}{other}{}", &text[..at], &text[at + 1..]);
                assert!(answers(&changed, &good).is_err(), "{at} {other}");
            }
        }
        let removed = format!("{}{}", &text[..at], &text[at + 1..]);
        assert!(answers(&removed, &good).is_err(), "{at}");
    }
}
