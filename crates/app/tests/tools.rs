//! The commands that need neither a server nor a database, run as a person
//! runs them: files, standard input, exit codes.

use serde_json::{Value, json};
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use tempfile::TempDir;

/// A folder to work in.
pub struct Desk {
    folder: TempDir,
}

/// What a command left behind.
pub struct Done {
    pub code: i32,
    pub out: Vec<u8>,
    err: String,
}

impl Desk {
    pub fn new() -> Self {
        Self { folder: tempfile::tempdir().unwrap() }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn put(&self, name: &str, bytes: &[u8]) {
        std::fs::write(self.path(name), bytes).unwrap();
    }

    fn json(&self, name: &str) -> Value {
        serde_json::from_slice(&std::fs::read(self.path(name)).unwrap()).unwrap()
    }

    fn cairn(&self, words: &[&str]) -> Done {
        self.cairn_given(words, b"")
    }

    pub fn cairn_given(&self, words: &[&str], given: &[u8]) -> Done {
        let mut child = Command::new(env!("CARGO_BIN_EXE_cairn"))
            .args(words)
            .current_dir(self.folder.path())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        // a command that refuses early does not read to the end
        let _ = child.stdin.take().unwrap().write_all(given);
        let output = child.wait_with_output().unwrap();
        Done {
            code: output.status.code().unwrap(),
            out: output.stdout,
            err: String::from_utf8(output.stderr).unwrap(),
        }
    }

    /// A new key; its DID.
    pub fn key(&self, kind: &str, file: &str) -> String {
        self.cairn(&["key", "new", "--kind", kind, "--output", file]).well();
        self.json(file)["controller"].as_str().unwrap().to_owned()
    }
}

impl Done {
    pub fn well(self) -> Self {
        assert_eq!(self.code, 0, "{} {}", self.err, String::from_utf8_lossy(&self.out));
        self
    }

    fn json(&self) -> Value {
        serde_json::from_slice(&self.out)
            .unwrap_or_else(|e| panic!("{e}: {}", String::from_utf8_lossy(&self.out)))
    }

    /// How one check of a report came out.
    pub fn finding(&self, check: &str) -> (String, String) {
        let report = self.json();
        let found =
            report["checks"].as_array().unwrap().iter().find(|c| c["check"] == check).unwrap().clone();
        (found["outcome"].as_str().unwrap().to_owned(), found["code"].as_str().unwrap().to_owned())
    }
}

/// A badge by this issuer.
pub fn badge(issuer: &str) -> Value {
    let achievement = "https://college.example/achievements/soils";
    json!({
        "@context": [
            "https://www.w3.org/ns/credentials/v2",
            "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json"
        ],
        "id": "urn:uuid:0b9d3a2f-53f3-4c70-a0b8-0c8a94bb6d53",
        "type": ["VerifiableCredential", "OpenBadgeCredential"],
        "name": "Soils",
        "issuer": { "id": issuer, "type": ["Profile"], "name": "Riverside College" },
        "validFrom": "2026-01-15T09:00:00Z",
        "credentialSubject": {
            "id": "did:key:z6MkrJVnaZkeFzdQyMZu1cgjg7k1pZZ6pvBQ7XJPt4swbTQ2",
            "type": ["AchievementSubject"],
            "achievement": {
                "id": achievement,
                "type": ["Achievement"],
                "name": "Soils",
                "description": "Reads a soil profile.",
                "criteria": { "narrative": "Dig four pits." },
                "tag": ["soil"]
            }
        }
    })
}

#[test]
fn what_is_signed_verifies() {
    let desk = Desk::new();
    for (kind, suites) in [
        ("ed25519", &["eddsa-rdfc-2022", "eddsa-jcs-2022"][..]),
        ("p256", &["ecdsa-rdfc-2019", "ecdsa-jcs-2019"]),
        ("p384", &["ecdsa-rdfc-2019", "ecdsa-jcs-2019"]),
    ] {
        let issuer = desk.key(kind, "key.json");
        for suite in suites {
            let given = badge(&issuer).to_string();
            let words = ["sign", "--key", "key.json", "--suite", suite, "--created", "2026-02-01T00:00:00Z"];
            let signed = desk.cairn_given(&words, given.as_bytes()).well();
            assert_eq!(signed.json()["proof"][0]["cryptosuite"], **suite);
            assert_eq!(signed.json()["proof"][0]["created"], "2026-02-01T00:00:00Z");
            let report = desk.cairn_given(&["verify", "--json", "-"], &signed.out).well();
            assert_eq!(report.finding("proof").0, "passed", "{suite}");
            assert_eq!(report.finding("issuer"), ("warning".into(), "issuer_unknown".into()));
            let trusting =
                desk.cairn_given(&["verify", "--json", "--trust", &issuer, "-"], &signed.out).well();
            assert_eq!(trusting.json()["verdict"], "verified");
            let mut changed = signed.json();
            changed["name"] = json!("Stones");
            let refused = desk.cairn_given(&["verify", "--json", "-"], changed.to_string().as_bytes());
            assert_eq!((refused.code, refused.finding("proof").0.as_str()), (1, "failed"));
        }
    }
}

#[test]
fn parts_can_be_disclosed() {
    let desk = Desk::new();
    let issuer = desk.key("p256", "key.json");
    desk.put("badge.json", badge(&issuer).to_string().as_bytes());
    let words =
        ["sign", "badge.json", "--key", "key.json", "--suite", "ecdsa-sd-2023", "--mandatory", "/issuer"];
    desk.cairn(&[&words[..], &["--mandatory", "/validFrom", "--output", "base.json"]].concat()).well();
    let derived =
        desk.cairn(&["derive", "base.json", "--reveal", "/credentialSubject/achievement/name"]).well();
    let subject = &derived.json()["credentialSubject"];
    assert_eq!(subject["achievement"]["name"], "Soils");
    assert_eq!(subject["achievement"]["tag"], Value::Null);
    assert!(!String::from_utf8_lossy(&derived.out).contains("Reads a soil profile"));
    let report = desk.cairn_given(&["verify", "--json", "-"], &derived.out);
    assert_eq!(report.finding("proof").0, "passed");
    let nothing = desk.cairn(&["derive", "base.json", "--reveal", "/nothing/there"]);
    assert_eq!(nothing.code, 1);
    assert!(nothing.err.contains("/nothing/there"), "{}", nothing.err);
    let unsigned = desk.cairn(&["derive", "badge.json", "--reveal", "/name"]);
    assert!(unsigned.err.contains("badge.json is not signed"), "{}", unsigned.err);
}

#[test]
fn presentations_answer_a_challenge() {
    let desk = Desk::new();
    let issuer = desk.key("ed25519", "issuer.json");
    let holder = desk.key("p256", "holder.json");
    let mut badge = badge(&issuer);
    badge["credentialSubject"]["id"] = json!(holder);
    let signed = desk.cairn_given(&["sign", "--key", "issuer.json"], badge.to_string().as_bytes()).well();
    let presentation = json!({
        "@context": ["https://www.w3.org/ns/credentials/v2"],
        "type": ["VerifiablePresentation"],
        "holder": holder,
        "verifiableCredential": [signed.json()],
    });
    let words = ["sign", "--key", "holder.json", "--challenge", "c1", "--domain", "verifier.example"];
    let made = desk.cairn_given(&words, presentation.to_string().as_bytes()).well();
    assert_eq!(made.json()["proof"][0]["proofPurpose"], "authentication");
    let verify = |challenge, domain| {
        let words =
            ["verify", "--json", "--trust", &issuer, "--challenge", challenge, "--domain", domain, "-"];
        desk.cairn_given(&words, &made.out)
    };
    let report = verify("c1", "verifier.example").well();
    for check in ["proof", "holder", "challenge", "domain"] {
        assert_eq!(report.finding(check).0, "passed", "{check}");
    }
    assert_eq!(report.json()["credentials"][0]["verdict"], "verified");
    assert_eq!(verify("c2", "verifier.example").code, 1);
    assert_eq!(verify("c1", "other.example").code, 1);
    let told = desk.cairn_given(&["verify", "-"], &made.out);
    assert!(String::from_utf8_lossy(&told.out).contains(&format!("presented by {holder}")));
}

/// What `cairn jose` says: result and data.
fn told(done: &Done) -> (String, String) {
    let said = done.json();
    (said["result"].as_str().unwrap().to_owned(), said["data"].as_str().unwrap().to_owned())
}

#[test]
fn every_form_of_jose_and_cose_verifies() {
    let desk = Desk::new();
    for kind in ["ed25519", "p256", "p384"] {
        let issuer = desk.key(kind, "key.json");
        desk.key(kind, "other.json");
        let presentation = json!({
            "@context": ["https://www.w3.org/ns/credentials/v2"],
            "type": ["VerifiablePresentation"],
            "holder": issuer,
        });
        let credential = badge(&issuer);
        for (feature, document) in [
            ("credential_jose", &credential),
            ("credential_sdjwt", &credential),
            ("credential_cose", &credential),
            ("open_badge", &credential),
            ("presentation_jose", &presentation),
            ("presentation_sdjwt", &presentation),
            ("presentation_cose", &presentation),
        ] {
            let words = ["jose", "issue", "--feature", feature, "--key", "key.json"];
            let issued = desk.cairn_given(&words, document.to_string().as_bytes()).well();
            let (result, token) = told(&issued);
            assert_eq!(result, "success", "{feature}");
            desk.put("token.txt", token.as_bytes());
            let verify = |key| {
                desk.cairn(&["jose", "verify", "--feature", feature, "--input", "token.txt", "--key", key])
            };
            let verified = verify("key.json").well();
            let payload: Value = serde_json::from_str(&told(&verified).1).unwrap();
            assert_eq!(payload["type"], document["type"], "{feature}");
            let refused = verify("other.json");
            assert_eq!((refused.code, told(&refused).0.as_str()), (1, "failure"), "{feature}");
            let report = desk.cairn(&["verify", "--json", "--trust", &issuer, "token.txt"]);
            assert_eq!(report.finding("proof").0, "passed", "{feature}");
        }
    }
    let nothing =
        desk.cairn(&["jose", "verify", "--feature", "open_badge", "--input", "none", "--key", "key.json"]);
    assert_eq!((nothing.code, told(&nothing).0.as_str()), (2, "error"));
}

#[test]
fn holders_choose_what_an_sd_jwt_shows() {
    let desk = Desk::new();
    let issuer = desk.key("p256", "issuer.json");
    desk.key("ed25519", "holder.json");
    desk.put("badge.json", badge(&issuer).to_string().as_bytes());
    desk.put("sd.json", br#"["credentialSubject.achievement.tag", "name"]"#);
    let words =
        ["jose", "issue", "--feature", "credential_sdjwt", "--input", "badge.json", "--key", "issuer.json"];
    let more = ["--sd", "sd.json", "--holder", "holder.json"];
    let issued = desk.cairn(&[&words[..], &more].concat()).well();
    desk.put("issued.txt", told(&issued).1.as_bytes());
    let words = ["jose", "present", "--input", "issued.txt", "--reveal", "name", "--key", "holder.json"];
    let shown =
        desk.cairn(&[&words[..], &["--audience", "https://v.example", "--nonce", "n"]].concat()).well();
    desk.put("shown.txt", told(&shown).1.as_bytes());
    let words =
        ["jose", "verify", "--feature", "credential_sdjwt", "--input", "shown.txt", "--key", "issuer.json"];
    let verified: Value = serde_json::from_str(&told(&desk.cairn(&words).well()).1).unwrap();
    assert_eq!(verified["name"], "Soils");
    assert_eq!(verified["credentialSubject"]["achievement"]["tag"], Value::Null);
    let report = desk.cairn(&["verify", "--json", "--trust", &issuer, "shown.txt"]).well();
    assert_eq!(report.json()["verdict"], "verified");
    let wrong = desk.cairn(&["jose", "present", "--input", "issued.txt", "--reveal", "shoe"]);
    assert_eq!((wrong.code, told(&wrong).0.as_str()), (1, "failure"));
}

#[test]
fn what_verifiers_always_need_cannot_be_made_disclosable() {
    let desk = Desk::new();
    let issuer = desk.key("p256", "issuer.json");
    let mut badge = badge(&issuer);
    badge["validUntil"] = json!("2036-01-15T09:00:00Z");
    desk.put("badge.json", badge.to_string().as_bytes());
    for (feature, path, name) in [
        ("credential_sdjwt", "validUntil", "validUntil"),
        ("credential_sdjwt", "issuer", "issuer"),
        ("credential_sdjwt", "id", "id"),
        ("credential_sdjwt", "credentialSubject", "credentialSubject.id"),
        ("sd_jwt_vc", "exp", "exp"),
        ("sd_jwt_vc", "vct", "vct"),
    ] {
        desk.put("sd.json", json!([path]).to_string().as_bytes());
        let words = ["jose", "issue", "--feature", feature, "--input", "badge.json", "--key", "issuer.json"];
        let vct = ["--sd", "sd.json", "--vct", "https://college.example/types/badge"];
        let refused = desk.cairn(&[&words[..], &vct].concat());
        let (result, why) = told(&refused);
        assert_eq!((refused.code, result.as_str()), (1, "failure"), "{path}");
        assert!(why.contains(&format!("\"{name}\"")), "{why}");
    }
}

#[test]
fn what_verifiers_always_need_is_in_every_derived_proof() {
    let desk = Desk::new();
    let issuer = desk.key("p256", "key.json");
    let mut badge = badge(&issuer);
    badge["validUntil"] = json!("2036-01-15T09:00:00Z");
    desk.put("badge.json", badge.to_string().as_bytes());
    let words = ["sign", "badge.json", "--key", "key.json", "--suite", "ecdsa-sd-2023", "--json"];
    let signed = desk.cairn(&[&words[..], &["--mandatory", "/issuer"]].concat()).well().json();
    assert_eq!(signed["mandatory"], json!(["/issuer", "/validFrom", "/validUntil", "/credentialSubject/id"]));
    desk.put("base.json", signed["result"].to_string().as_bytes());
    let shown =
        desk.cairn(&["derive", "base.json", "--reveal", "/credentialSubject/achievement/name"]).well();
    for member in ["id", "type", "@context", "issuer", "validFrom", "validUntil"] {
        assert_eq!(shown.json()[member], badge[member], "{member}");
    }
    assert_eq!(shown.json()["credentialSubject"]["id"], badge["credentialSubject"]["id"]);
    let report = desk.cairn_given(&["verify", "--json", "-"], &shown.out);
    assert_eq!(report.finding("proof").0, "passed");
    assert_eq!(report.finding("dates"), ("passed".into(), "in_force".into()));
    assert_eq!(desk.cairn(&words).well().json()["mandatory"][0], "/issuer/id");
}

#[test]
fn the_holders_signature_is_compared_with_what_is_expected() {
    let desk = Desk::new();
    let issuer = desk.key("p256", "issuer.json");
    desk.key("ed25519", "holder.json");
    desk.key("ed25519", "other.json");
    desk.put("badge.json", badge(&issuer).to_string().as_bytes());
    desk.put("sd.json", br#"["credentialSubject.achievement.tag", "name"]"#);
    let words =
        ["jose", "issue", "--feature", "credential_sdjwt", "--input", "badge.json", "--key", "issuer.json"];
    let issued = desk.cairn(&[&words[..], &["--sd", "sd.json", "--holder", "holder.json"]].concat()).well();
    let issued = told(&issued).1;
    desk.put("issued.txt", issued.as_bytes());
    let present = |reveal, audience, nonce| {
        let words = ["jose", "present", "--input", "issued.txt", "--reveal", reveal];
        let more = ["--key", "holder.json", "--audience", audience, "--nonce", nonce];
        told(&desk.cairn(&[&words[..], &more].concat()).well()).1
    };
    let shown = present("name", "https://v.example", "n1");
    let verify = |token: &str, more: &[&str]| {
        desk.put("token.txt", token.as_bytes());
        let words = ["jose", "verify", "--feature", "credential_sdjwt", "--input", "token.txt"];
        let done = desk.cairn(&[&words[..], &["--key", "issuer.json"], more].concat());
        (done.code, told(&done).1, done.json()["note"].as_str().map(str::to_owned))
    };
    let both = ["--audience", "https://v.example", "--nonce", "n1"];
    let (code, _, note) = verify(&shown, &both);
    assert_eq!((code, note), (0, None));
    // what was not expected is said
    for (expected, missing) in [
        (&[][..], "no audience and no nonce were expected"),
        (&both[..2], "no nonce was expected"),
        (&both[2..], "no audience was expected"),
    ] {
        let (code, _, note) = verify(&shown, expected);
        assert_eq!(code, 0);
        assert!(note.unwrap().contains(missing), "{missing}");
    }
    // what does not fit is refused, and says what it is
    for (expected, wrong) in [
        (["--audience", "https://other.example"], "\"aud\""),
        (["--nonce", "n2"], "\"nonce\""),
        (["--holder", "other.json"], "not the one the credential is bound to"),
    ] {
        let (code, why, _) = verify(&shown, &expected);
        assert_eq!(code, 1);
        assert!(why.contains(wrong), "{why}");
    }
    // a signature over less than is shown, and one that was changed
    let tag = present("credentialSubject.achievement.tag", "https://v.example", "n1");
    let (over, binding) = (shown.rsplit_once('~').unwrap().0, tag.rsplit_once('~').unwrap().1);
    let (code, why, _) = verify(&format!("{over}~{binding}"), &[]);
    assert!(code == 1 && why.contains("\"sd_hash\""), "{why}");
    let (signed, signature) = shown.rsplit_once('.').unwrap();
    let changed = signature.replacen(|c: char| c != 'A', "A", 1);
    assert_eq!(verify(&format!("{signed}.{changed}"), &[]).0, 1);
    // none at all
    let (code, _, note) = verify(&issued, &[]);
    assert!(code == 0 && note.unwrap().contains("There is no key binding"));
    let (code, why, _) = verify(&issued, &both);
    assert!(code == 1 && why.contains("there is no key binding"), "{why}");
    let words = ["jose", "verify", "--feature", "open_badge", "--key", "issuer.json", "--nonce", "n"];
    let refused = desk.cairn_given(&words, issued.as_bytes());
    assert!(refused.code == 1 && told(&refused).1.contains("only SD-JWTs"), "{}", told(&refused).1);
}

#[test]
fn badges_go_into_pictures_and_come_out() {
    let desk = Desk::new();
    let issuer = desk.key("ed25519", "key.json");
    let given = badge(&issuer).to_string();
    desk.cairn_given(&["sign", "--key", "key.json", "--output", "signed.json"], given.as_bytes()).well();
    let mut png = vec![];
    image::DynamicImage::new_rgb8(4, 4)
        .write_to(&mut std::io::Cursor::new(&mut png), image::ImageFormat::Png)
        .unwrap();
    desk.put("empty.png", &png);
    desk.put("empty.svg", b"<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"4\" height=\"4\"/>");
    for kind in ["png", "svg"] {
        let (empty, baked) = (format!("empty.{kind}"), format!("badge.{kind}"));
        desk.cairn(&["bake", &empty, "signed.json", "--output", &baked]).well();
        let report = desk.cairn(&["verify", "--json", &baked]).well();
        assert_eq!(report.finding("proof").0, "passed");
        let out = desk.cairn(&["unbake", &baked]).well();
        assert_eq!(out.json(), desk.json("signed.json"));
        let nothing = desk.cairn(&["unbake", &empty]);
        assert_eq!(nothing.code, 1);
        assert!(nothing.err.contains("there is no badge in this picture"), "{}", nothing.err);
    }
    let no_picture = desk.cairn(&["bake", "signed.json", "signed.json", "--output", "x.png"]);
    assert!(no_picture.err.contains("neither a PNG nor an SVG"), "{}", no_picture.err);
    assert!(!Path::new(&desk.path("x.png")).exists());
}

#[test]
fn what_no_verifier_would_accept_is_not_signed() {
    let desk = Desk::new();
    let issuer = desk.key("ed25519", "key.json");
    let refused = |document: &Value, words: &[&str]| {
        let done = desk.cairn_given(
            &[&["sign", "--key", "key.json", "--json"], words].concat(),
            document.to_string().as_bytes(),
        );
        assert_eq!(done.code, 1);
        done.json()["error"].as_str().unwrap().to_owned()
    };
    let mut undefined = badge(&issuer);
    undefined["shoeSize"] = json!(42);
    assert!(refused(&undefined, &[]).contains("\"shoeSize\""));
    let mut no_subject = badge(&issuer);
    no_subject.as_object_mut().unwrap().shift_remove("credentialSubject");
    assert!(refused(&no_subject, &[]).contains("credentialSubject"));
    assert!(refused(&badge(&issuer), &["--suite", "ecdsa-rdfc-2019"]).contains("P-256"));
    assert!(refused(&badge(&issuer), &["--mandatory", "/issuer"]).contains("ecdsa-sd-2023"));
    desk.put("public.json", &desk.cairn(&["key", "public", "key.json"]).well().out);
    let public = desk.cairn_given(&["sign", "--key", "public.json"], badge(&issuer).to_string().as_bytes());
    assert!(public.err.contains("holds no secret key"), "{}", public.err);
    let missing = desk.cairn(&["sign", "no-such-file.json", "--key", "key.json"]);
    assert!(missing.err.contains("no-such-file.json"), "{}", missing.err);
}

#[test]
fn a_key_file_gives_its_public_half_only_when_asked_for_that() {
    let desk = Desk::new();
    let issuer = desk.key("ed25519", "key.json");
    let shown = desk.cairn(&["key", "public", "key.json"]).well();
    assert_eq!(shown.json()["controller"], issuer);
    assert_eq!(shown.json()["secretKeyMultibase"], Value::Null);
    assert_eq!(shown.json()["publicKeyJwk"]["d"], Value::Null);
    let mut mixed = desk.json("key.json");
    desk.key("ed25519", "other.json");
    mixed["publicKeyMultibase"] = desk.json("other.json")["publicKeyMultibase"].clone();
    desk.put("mixed.json", mixed.to_string().as_bytes());
    let refused = desk.cairn(&["key", "public", "mixed.json"]);
    assert!(refused.err.contains("do not belong together"), "{}", refused.err);
}

#[test]
fn what_others_wrote_does_not_command_the_terminal() {
    let desk = Desk::new();
    let evil = "a\u{1b}[2Jb\u{9b}31mc\u{202e}d\r\u{7}e";
    let issuer = desk.key("ed25519", "key.json");
    let mut document = badge(&issuer);
    document["name"] = json!(evil);
    document["credentialSubject"]["achievement"]["name"] = json!(evil);
    document["issuer"]["name"] = json!(evil);
    desk.put("badge.json", document.to_string().as_bytes());
    desk.cairn(&["sign", "badge.json", "--key", "key.json", "--output", "signed.json"]).well();
    let mut strange = document.clone();
    strange[evil] = json!(evil);
    strange["@context"] = json!([evil]);
    strange["proof"] = json!([{ "type": evil, "cryptosuite": evil, "verificationMethod": evil }]);
    desk.put("strange.json", strange.to_string().as_bytes());
    desk.put("quoted.json", format!("{{\"{evil}\": ").as_bytes());
    for words in [
        vec!["verify", "signed.json"],
        vec!["verify", "--json", "signed.json"],
        vec!["verify", "strange.json"],
        vec!["verify", "--json", "strange.json"],
        vec!["verify", "quoted.json"],
        vec!["sign", "strange.json", "--key", "key.json"],
        vec!["sign", "signed.json", "--key", "key.json"],
        vec!["sign", "--json", "strange.json", "--key", "key.json"],
        vec!["derive", "strange.json"],
        vec!["unbake", "strange.json"],
        vec!["jose", "verify", "strange.json", "--key", "key.json"],
        vec!["verify", evil],
    ] {
        let done = desk.cairn(&words);
        let shown = format!("{}{}", String::from_utf8(done.out).unwrap(), done.err);
        let obeyed = |c: char| (c.is_control() && c != '\n') || ('\u{202a}'..='\u{202e}').contains(&c);
        assert!(!shown.is_empty() && !shown.contains(obeyed), "{words:?}: {shown:?}");
    }
}
