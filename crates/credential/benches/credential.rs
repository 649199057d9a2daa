//! What issuing and verifying cost, beside the signature alone (the limit) and beside general libraries.
//!
//! `cargo bench -p cairn-credential`

use std::hint::black_box;
use std::num::NonZeroUsize;
use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};

use cairn_credential::check::{Facts, FetchOutcome, Verdict, check};
use cairn_credential::key::SigningKey;
use cairn_credential::proof::{self, ProofOptions};
use cairn_credential::status_list::{self, StatusList};
use cairn_credential::{batch, did, jcs, rdf};
use criterion::measurement::{Measurement, ValueFormatter, WallTime};
use criterion::{Criterion, criterion_group};
use jiff::Timestamp;
use oxrdf::dataset::{CanonicalizationAlgorithm, CanonicalizationHashAlgorithm};
use serde_json::Value;
use sha2::{Digest, Sha256};

/// Processor time of this thread: steadier than the clock on the wall when others use the machine too.
struct ProcessorTime;

impl ProcessorTime {
    fn now() -> Duration {
        let time = rustix::time::clock_gettime(rustix::time::ClockId::ThreadCPUTime);
        Duration::new(time.tv_sec.unsigned_abs(), time.tv_nsec as u32)
    }
}

impl Measurement for ProcessorTime {
    type Intermediate = Duration;
    type Value = Duration;

    fn start(&self) -> Duration {
        Self::now()
    }

    fn end(&self, start: Duration) -> Duration {
        Self::now().saturating_sub(start)
    }

    fn add(&self, a: &Duration, b: &Duration) -> Duration {
        *a + *b
    }

    fn zero(&self) -> Duration {
        Duration::ZERO
    }

    fn to_f64(&self, value: &Duration) -> f64 {
        value.as_nanos() as f64
    }

    fn formatter(&self) -> &dyn ValueFormatter {
        WallTime.formatter()
    }
}

const DOCUMENT: &str = include_str!("credential.json");
const ISSUER: &str = "did:web:badges.example.org";
const METHOD: &str = "did:web:badges.example.org#key-1";

fn options() -> ProofOptions<'static> {
    ProofOptions::new(METHOD, "2026-01-15T09:00:00Z".parse().expect("a time"))
}

fn key() -> SigningKey {
    SigningKey::from_seed(&[7; 32])
}

fn signed() -> Value {
    let mut document: Value = serde_json::from_str(DOCUMENT).expect("JSON");
    proof::sign(&mut document, &key(), &options()).expect("signable");
    document
}

/// Facts with which the document verifies, its status included.
fn facts() -> Facts {
    let mut facts = Facts::new("2026-06-01T00:00:00Z".parse().expect("a time"));
    let keys = did::web_document(ISSUER, &[("key-1", &key().public(), true)]);
    let url = "https://badges.example.org/status/1";
    let encoded = StatusList::new(0).encode();
    let mut list =
        status_list::credential(url, ISSUER, &["revocation"], &encoded, Timestamp::UNIX_EPOCH, None);
    proof::sign(&mut list, &key(), &options()).expect("signable");
    let mut put = |url: &str, document: &Value| {
        facts.documents.insert(url.to_owned(), FetchOutcome::here(document.to_string().into_bytes()));
    };
    put("https://badges.example.org/.well-known/did.json", &keys);
    put(url, &list);
    facts
}

/// Canonical N-Quads the general way: oxjsonld expands, oxrdf canonicalises.
fn general(text: &[u8]) -> String {
    let load = |url: &str, _: &oxjsonld::JsonLdLoadDocumentOptions| {
        let known = rdf::bundled().iter().find(|bundled| bundled.url == url).ok_or("not bundled")?;
        Ok(oxjsonld::JsonLdRemoteDocument {
            document: known.text.as_bytes().to_vec(),
            document_url: url.to_owned(),
        })
    };
    let parser = oxjsonld::JsonLdParser::new().for_slice(text).with_load_document_callback(load);
    let mut dataset: oxrdf::Dataset = parser.collect::<Result<_, _>>().expect("JSON-LD");
    let hash_algorithm = CanonicalizationHashAlgorithm::Sha256;
    dataset.canonicalize(CanonicalizationAlgorithm::Rdfc10 { hash_algorithm });
    let mut lines: Vec<String> = dataset.iter().map(|quad| format!("{quad} .\n")).collect();
    lines.sort_unstable();
    lines.concat()
}

fn limits(criterion: &mut Criterion<ProcessorTime>) {
    let key = key();
    let public = key.public();
    let message = [3; 64];
    let signature = key.sign(&message);
    let canonical = rdf::canonicalize(&serde_json::from_str(DOCUMENT).expect("JSON")).expect("canonical");
    let mut group = criterion.benchmark_group("limit");
    group.bench_function("sign 64 bytes", |b| b.iter(|| key.sign(black_box(&message))));
    group.bench_function("verify 64 bytes", |b| b.iter(|| public.verify(black_box(&message), &signature)));
    group.bench_function("SHA-256 of the N-Quads", |b| b.iter(|| Sha256::digest(black_box(&canonical))));
    group.bench_function("parse the JSON", |b| {
        b.iter(|| serde_json::from_str::<Value>(black_box(DOCUMENT)).expect("JSON"));
    });
    group.finish();
}

fn canonicalising(criterion: &mut Criterion<ProcessorTime>) {
    let document: Value = serde_json::from_str(DOCUMENT).expect("JSON");
    assert_eq!(general(DOCUMENT.as_bytes()), rdf::canonicalize(&document).expect("canonical"));
    let mut group = criterion.benchmark_group("canonicalise");
    group.bench_function("ours", |b| b.iter(|| rdf::canonicalize(black_box(&document)).expect("canonical")));
    group.bench_function("ours, expansion only", |b| {
        b.iter(|| rdf::dataset(black_box(&document)).expect("RDF"));
    });
    group.bench_function("oxjsonld and oxrdf", |b| b.iter(|| general(black_box(DOCUMENT.as_bytes()))));
    group.bench_function("JCS", |b| b.iter(|| jcs::canonicalize(black_box(&document))));
    group.finish();
}

fn issuing(criterion: &mut Criterion<ProcessorTime>) {
    let (key, options) = (key(), options());
    let document: Value = serde_json::from_str(DOCUMENT).expect("JSON");
    let mut group = criterion.benchmark_group("issue");
    group.bench_function("sign a document", |b| {
        b.iter_batched(
            || document.clone(),
            |mut document| {
                proof::sign(&mut document, &key, &options).expect("signable");
                document
            },
            criterion::BatchSize::SmallInput,
        );
    });
    let slots = ["/id", "/credentialSubject/identifier/0/identityHash", "/credentialStatus/statusListIndex"];
    let template = proof::Template::new(&document, &slots, &options).expect("a template");
    group.bench_function("one of a batch, to text", |b| {
        b.iter(|| {
            template
                .sign(black_box(&["https://badges.example.org/1", "sha256$0", "7"]), &key)
                .expect("signed")
        });
    });
    group.finish();
}

fn verifying(criterion: &mut Criterion<ProcessorTime>) {
    let document = signed();
    let public = key().public();
    let facts = facts();
    let text = document.to_string();
    assert_eq!(check(text.as_bytes(), &facts).report.verdict, Verdict::Verified);
    let mut group = criterion.benchmark_group("verify");
    group.bench_function("the proof", |b| {
        b.iter(|| proof::verify(black_box(&document), &document["proof"][0], &public).expect("valid"));
    });
    group.bench_function("all checks, from bytes", |b| b.iter(|| check(black_box(text.as_bytes()), &facts)));
    group.finish();
}

criterion_group! {
    name = benches;
    config = Criterion::default().with_measurement(ProcessorTime);
    targets = limits, canonicalising, issuing, verifying
}

/// Times per second of processor time, the middle of five rounds, as the peer's script measures it.
fn per_second(mut work: impl FnMut()) -> f64 {
    let mut rates: Vec<f64> = (0..5)
        .map(|_| {
            let (start, mut count, mut spent) = (ProcessorTime::now(), 0.0, Duration::ZERO);
            while spent < Duration::from_millis(400) {
                work();
                count += 1.0;
                spent = ProcessorTime::now().saturating_sub(start);
            }
            count / spent.as_secs_f64()
        })
        .collect();
    rates.sort_unstable_by(f64::total_cmp);
    rates[2]
}

/// `@digitalbazaar/vc` on the same credential, in the same minute.
fn beside_the_peer() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("benches/peers");
    if !folder.join("node_modules").exists() {
        println!("SKIPPED: the peer is not installed; run `npm ci` in {}", folder.display());
        return;
    }
    let script =
        Command::new("node").arg("bench.mjs").arg("../credential.json").current_dir(&folder).output();
    let output = script.expect("node runs");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let peer: Value = serde_json::from_slice(&output.stdout).expect("the script prints JSON");
    let (key, options, public) = (key(), options(), key().public());
    let mut document: Value = serde_json::from_str(DOCUMENT).expect("JSON");
    document.as_object_mut().expect("an object").shift_remove("credentialStatus");
    let mut signed = document.clone();
    proof::sign(&mut signed, &key, &options).expect("signable");
    let issue = per_second(|| {
        let mut document = document.clone();
        proof::sign(&mut document, &key, &options).expect("signable");
        black_box(document);
    });
    let verify = per_second(|| proof::verify(&signed, &signed["proof"][0], &public).expect("valid"));
    println!("beside the npm package @digitalbazaar/vc, per second of processor time:");
    for (job, ours) in [("issue", issue), ("verify", verify)] {
        let theirs = peer[job].as_f64().expect("a rate");
        println!("  {job:7} ours {ours:9.0}  theirs {theirs:6.0}  ratio {:5.0}", ours / theirs);
    }
}

/// All cores: the clock on the wall counts, for processor time does not show what waits.
fn on_all_cores() {
    let (key, options) = (key(), options());
    let document: Value = serde_json::from_str(DOCUMENT).expect("JSON");
    let signed = signed();
    let public = key.public();
    println!("on all cores, per second of time on the wall:");
    for threads in [NonZeroUsize::MIN, batch::cores()] {
        let rate = |work: &(dyn Fn() + Sync)| {
            let start = Instant::now();
            batch::map(0..20_000, threads, |_| work(), |()| {});
            20_000.0 / start.elapsed().as_secs_f64()
        };
        let issue = rate(&|| {
            let mut document = document.clone();
            proof::sign(&mut document, &key, &options).expect("signable");
            black_box(document);
        });
        let verify = rate(&|| proof::verify(&signed, &signed["proof"][0], &public).expect("valid"));
        println!("  {threads} threads: issue {issue:9.0}  verify {verify:9.0}");
    }
}

fn main() {
    benches();
    Criterion::default().configure_from_args().final_summary();
    on_all_cores();
    beside_the_peer();
}
