//! `cairn vc-api`, asked as conformance suites ask it.

use crate::tools::badge;
use cairn_credential::proof::{self, ProofOptions};
use serde_json::{Value, json};
use std::io::{BufRead as _, BufReader};
use std::process::{Child, Command, Stdio};

/// A running server; stops when it is dropped.
struct Server {
    child: Child,
    directory: Value,
    client: reqwest::Client,
}

impl Server {
    fn start(flags: &[&str]) -> Self {
        let _ = rustls::crypto::ring::default_provider().install_default();
        let mut child = Command::new(env!("CARGO_BIN_EXE_cairn"))
            .args(["vc-api", "--listen", "127.0.0.1:0"])
            .args(flags)
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let client = reqwest::Client::builder()
            .no_proxy()
            .danger_accept_invalid_certs(flags.contains(&"--tls-self-signed"))
            .build()
            .unwrap();
        Self { child, directory: serde_json::from_str(&line).unwrap(), client }
    }

    fn did(&self, path: &str) -> &str {
        self.directory["issuers"][path]["id"].as_str().unwrap()
    }

    async fn post(&self, path: &str, body: &Value) -> (u16, Value) {
        let url = format!("{}{path}", self.directory["url"].as_str().unwrap());
        let answer = self.client.post(url).json(body).send().await.unwrap();
        (answer.status().as_u16(), answer.json().await.unwrap_or(Value::Null))
    }

    async fn get(&self, path: &str) -> (u16, Value) {
        let url = format!("{}{path}", self.directory["url"].as_str().unwrap());
        let answer = self.client.get(url).send().await.unwrap();
        (answer.status().as_u16(), answer.json().await.unwrap_or(Value::Null))
    }

    async fn issue(&self, path: &str, options: Value) -> Value {
        let body = json!({ "credential": badge(self.did(path)), "options": options });
        let (status, body) = self.post(&format!("/{path}/credentials/issue"), &body).await;
        assert_eq!(status, 201, "{body}");
        body["verifiableCredential"].clone()
    }

    async fn verifies(&self, credential: &Value, checks: Value) -> (u16, Value) {
        let body = json!({ "verifiableCredential": credential, "options": { "checks": checks } });
        self.post("/credentials/verify", &body).await
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_issuer_issues_what_verifies() {
    let server = Server::start(&[]);
    for path in
        ["eddsa-rdfc", "eddsa-jcs", "ecdsa-rdfc", "ecdsa-rdfc384", "ecdsa-jcs", "ecdsa-jcs384", "status"]
    {
        let credential = server.issue(path, json!({})).await;
        assert_eq!(
            credential["proof"]["verificationMethod"].as_str().unwrap().split('#').next(),
            Some(server.did(path))
        );
        let (status, answer) = server.verifies(&credential, json!(["proof"])).await;
        assert_eq!((status, &answer["verified"]), (200, &json!(true)), "{path} {answer}");
        let mut changed = credential.clone();
        changed["name"] = json!("Stones");
        let (status, answer) = server.verifies(&changed, json!(["proof"])).await;
        assert_eq!((status, &answer["verified"]), (400, &json!(false)));
        assert_eq!(answer["problemDetails"][0]["title"], "PROOF_VERIFICATION_ERROR");
    }
    let (status, found) = server.get("/credentials/urn%3Auuid%3A0b9d3a2f-53f3-4c70-a0b8-0c8a94bb6d53").await;
    assert_eq!((status, &found["verifiableCredential"]["name"]), (200, &json!("Soils")));
    assert_eq!(server.get("/credentials/urn%3Auuid%3Anone").await.0, 404);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn parts_are_disclosed_on_demand() {
    let server = Server::start(&[]);
    let base = server.issue("ecdsa-sd", json!({ "mandatoryPointers": ["/issuer"] })).await;
    let derive = async |pointers: Value| {
        let body = json!({ "verifiableCredential": base, "options": { "selectivePointers": pointers } });
        server.post("/credentials/derive", &body).await
    };
    let (status, answer) = derive(json!(["/credentialSubject/achievement/name"])).await;
    assert_eq!(status, 201, "{answer}");
    let derived = &answer["verifiableCredential"];
    assert_eq!(derived["credentialSubject"]["achievement"]["name"], "Soils");
    assert_eq!(derived["credentialSubject"]["achievement"]["criteria"], Value::Null);
    let (_, answer) = server.verifies(derived, json!(["proof"])).await;
    assert!(!answer["errors"].to_string().contains("signature"), "{answer}");
    assert_eq!(derive(json!(["/nothing"])).await.0, 400);
    assert_eq!(derive(json!("/name")).await.0, 400);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_status_changes_once_and_for_all() {
    let server = Server::start(&[]);
    let credential = server.issue("status", json!({})).await;
    let entry = &credential["credentialStatus"];
    assert_eq!(entry["type"], "BitstringStatusListEntry");
    let asked = json!(["proof", "credentialStatus"]);
    assert_eq!(server.verifies(&credential, asked.clone()).await.0, 200);
    let change = async |status: Value| {
        let body = json!({
            "credentialId": credential["id"],
            "credentialStatus": { "type": "BitstringStatusListEntry", "statusPurpose": "revocation" },
            "status": status,
        });
        server.post("/credentials/status", &body).await.0
    };
    assert_eq!(change(json!("perhaps")).await, 400);
    assert_eq!(change(json!(true)).await, 200);
    let (status, answer) = server.verifies(&credential, asked).await;
    assert_eq!(status, 400);
    assert!(answer["errors"][0].as_str().unwrap().contains("revoked"), "{answer}");
    assert_eq!(server.verifies(&credential, json!(["proof"])).await.0, 200);
    assert_eq!(change(json!(false)).await, 400, "what is revoked stays revoked");
    let body =
        json!({ "credentialId": "urn:none", "credentialStatus": { "type": "BitstringStatusListEntry" } });
    assert_eq!(server.post("/credentials/status", &body).await.0, 404);
    let path = entry["statusListCredential"].as_str().unwrap();
    let path = path.strip_prefix(server.directory["url"].as_str().unwrap()).unwrap();
    let (status, list) = server.get(path).await;
    assert_eq!((status, &list["type"][1]), (200, &json!("BitstringStatusListCredential")));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_presentation_answers_its_challenge() {
    let server = Server::start(&[]);
    let credential = server.issue("eddsa-rdfc", json!({})).await;
    let (status, body) = server.post("/challenges", &json!({})).await;
    assert_eq!(status, 200);
    let challenge = body["challenge"].clone();
    let presentation = json!({
        "@context": ["https://www.w3.org/ns/credentials/v2"],
        "type": ["VerifiablePresentation"],
        "holder": server.did("eddsa-rdfc"),
        "verifiableCredential": [credential],
    });
    let options = json!({ "challenge": challenge, "domain": "verifier.example" });
    let body = json!({ "presentation": presentation, "options": options });
    let (status, made) = server.post("/presentations", &body).await;
    assert_eq!(status, 201, "{made}");
    let made = &made["verifiablePresentation"];
    let verify = async |presentation: &Value, challenge: Value, domain: &str| {
        let options = json!({ "challenge": challenge, "domain": domain, "checks": ["proof"] });
        let body = json!({ "verifiablePresentation": presentation, "options": options });
        server.post("/presentations/verify", &body).await
    };
    let (status, answer) = verify(made, challenge.clone(), "verifier.example").await;
    assert_eq!(status, 200, "{answer}");
    assert_eq!(verify(made, json!("another"), "verifier.example").await.0, 400);
    assert_eq!(verify(made, challenge.clone(), "other.example").await.0, 400);
    let mut changed = made.clone();
    changed["verifiableCredential"][0]["name"] = json!("Stones");
    assert_eq!(verify(&changed, challenge, "verifier.example").await.0, 400);
    let body = json!({ "verifiablePresentation": presentation, "options": { "checks": ["proof"] } });
    assert_eq!(server.post("/presentations/verify", &body).await.0, 200, "unsigned, accepted as such");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_malformed_is_refused_with_a_reason() {
    let server = Server::start(&[]);
    let issue = async |credential: Value| {
        server.post("/credentials/issue", &json!({ "credential": credential })).await
    };
    let good = badge(server.did("eddsa-rdfc"));
    let with = |name: &str, value: Value| {
        let mut document = good.clone();
        document[name] = value;
        document
    };
    for (name, value) in [
        ("@context", json!(["https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json"])),
        ("id", json!("not a url")),
        ("id", json!(["urn:a", "urn:b"])),
        ("type", json!(["OpenBadgeCredential"])),
        ("type", json!(["VerifiableCredential", "OpenBadgeCredential", "NoSuchType"])),
        ("issuer", Value::Null),
        ("issuer", json!("did:key:z6MkrJVnaZkeFzdQyMZu1cgjg7k1pZZ6pvBQ7XJPt4swbTQ2")),
        ("credentialSubject", json!({})),
        ("validFrom", json!("2026-01-15T09:00:00")),
        ("validUntil", json!("2020-01-15T09:00:00Z")),
        ("credentialStatus", json!({ "id": "urn:x" })),
        ("shoeSize", json!(42)),
    ] {
        let (status, body) = issue(with(name, value.clone())).await;
        assert_eq!(status, 400, "{name} {value} {body}");
        assert!(body["detail"].as_str().is_some_and(|detail| !detail.is_empty()), "{body}");
    }
    assert_eq!(server.post("/credentials/issue", &json!({})).await.0, 400);
    assert_eq!(server.post("/credentials/verify", &json!([])).await.0, 400);
    assert_eq!(server.post("/credentials/verify", &json!({ "verifiableCredential": "x" })).await.0, 400);
    assert_eq!(server.get("/nothing").await.0, 404);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn it_speaks_https_where_that_is_wanted() {
    let server = Server::start(&["--tls-self-signed"]);
    assert!(server.directory["url"].as_str().unwrap().starts_with("https://127.0.0.1:"));
    let credential = server.issue("status", json!({})).await;
    let (status, answer) = server.verifies(&credential, json!(["proof", "status"])).await;
    assert_eq!(status, 200, "{answer}");
}

#[test]
fn it_listens_to_this_machine_only() {
    let refused =
        Command::new(env!("CARGO_BIN_EXE_cairn")).args(["vc-api", "--listen", "0.0.0.0:0"]).output().unwrap();
    assert!(!refused.status.success());
    assert!(String::from_utf8_lossy(&refused.stderr).contains("127.0.0.1"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_credential_is_no_json_in_quotes() {
    let server = Server::start(&[]);
    let credential = server.issue("eddsa-rdfc", json!({})).await;
    assert_eq!(server.verifies(&credential, json!(["proof"])).await.0, 200);
    for quoted in [credential.to_string(), format!(" {credential}"), "https://a.example/1".into()] {
        let (status, answer) = server.verifies(&json!(quoted), json!(["proof"])).await;
        assert_eq!((status, &answer["title"]), (400, &json!("MALFORMED_VALUE_ERROR")), "{answer}");
        let body = json!({ "verifiablePresentation": quoted });
        assert_eq!(server.post("/presentations/verify", &body).await.0, 400);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_status_list_is_called_what_was_asked_for() {
    let server = Server::start(&[]);
    let url = format!("{}/status-lists/revocation", server.directory["url"].as_str().unwrap());
    for accept in ["application/vc", "application/json", "application/ld+json"] {
        let answer = server.client.get(&url).header("accept", accept).send().await.unwrap();
        assert_eq!(answer.headers()["content-type"], accept);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_signer_who_is_not_the_issuer_is_a_warning_unless_it_is_a_badge() {
    let server = Server::start(&[]);
    let mut plain = badge("");
    plain["issuer"] = json!("did:key:z6MkpTHR8VNsBxYAAWHut2Geadd9jSwuBV8xRoAnwWsdvktH");
    plain["type"] = json!(["VerifiableCredential"]);
    plain["@context"] = json!(["https://www.w3.org/ns/credentials/v2"]);
    plain["credentialSubject"] = json!({ "id": "did:example:amy" });
    plain.as_object_mut().unwrap().remove("name");
    // the server signs in its own name only
    let key = cairn_credential::key::SigningKey::from_seed(&[7; 32]);
    let method =
        format!("{0}#{1}", key.public().did_key(), key.public().did_key().trim_start_matches("did:key:"));
    let options = ProofOptions::new(&method, "2026-01-15T09:00:00Z".parse().unwrap());
    let mut signed = plain;
    proof::sign(&mut signed, &key, &options).unwrap();
    let (status, answer) = {
        let body = json!({ "verifiableCredential": signed });
        server.post("/credentials/verify", &body).await
    };
    assert_eq!(status, 200, "{answer}");
    assert!(answer["warnings"].to_string().contains("controller does not match issuer"), "{answer}");
    let (status, _) = server.verifies(&signed, json!(["issuer"])).await;
    assert_eq!(status, 400);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_credential_for_another_domain_or_challenge_is_refused() {
    let server = Server::start(&[]);
    let credential = server.issue("eddsa-rdfc", json!({})).await;
    for (name, value) in [("domain", "a.example"), ("challenge", "c-1")] {
        let options = json!({ "checks": ["proof"], name: value });
        let body = json!({ "verifiableCredential": credential, "options": options });
        let (status, answer) = server.post("/credentials/verify", &body).await;
        assert_eq!((status, &answer["verified"]), (400, &json!(false)), "{answer}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_presentation_of_nothing_is_answered_for_its_proof() {
    let server = Server::start(&[]);
    let presentation = json!({
        "@context": ["https://www.w3.org/ns/credentials/v2"], "type": ["VerifiablePresentation"],
    });
    let body =
        json!({ "presentation": presentation, "options": { "challenge": "c-1", "domain": "a.example" } });
    let (status, made) = server.post("/presentations", &body).await;
    assert_eq!(status, 201, "{made}");
    let options = json!({ "challenge": "c-1", "domain": "a.example" });
    let body = json!({ "verifiablePresentation": made["verifiablePresentation"], "options": options });
    let (status, answer) = server.post("/presentations/verify", &body).await;
    assert_eq!((status, &answer["verified"]), (200, &json!(true)), "{answer}");
}
