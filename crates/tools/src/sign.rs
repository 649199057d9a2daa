//! `cairn sign` and `cairn derive`: Data Integrity proofs without a server.

use crate::Machine;
use crate::files::{self, Output};
use crate::key::{self, SigningKey};
use anyhow::{Context, Result, bail, ensure};
use cairn_credential::check::{Facts, Findings, Outcome, check};
use cairn_credential::key::KeyKind;
use cairn_credential::proof::{self, ProofOptions, sd};
use jiff::Timestamp;
use serde_json::{Value, json};
use std::process::ExitCode;

/// Flags of `cairn sign`.
#[derive(Debug, clap::Args)]
pub struct SignArgs {
    /// The unsigned credential or presentation (JSON), or - for standard input.
    #[arg(value_name = "FILE|-", default_value = "-")]
    input: String,
    /// File with the key pair; see `cairn key new`.
    #[arg(long, value_name = "FILE")]
    key: String,
    /// Cryptosuite; otherwise eddsa-rdfc-2022 or ecdsa-rdfc-2019, as the key is.
    #[arg(long, value_enum)]
    suite: Option<Suite>,
    /// Name of the key in the proof; otherwise the one in the key's file, or its did:key.
    #[arg(long, value_name = "DID-URL")]
    method: Option<String>,
    /// What the proof is for; otherwise assertionMethod, and authentication for presentations.
    #[arg(long, value_name = "PURPOSE")]
    purpose: Option<String>,
    /// When the proof is made; otherwise now.
    #[arg(long, value_name = "TIME")]
    created: Option<Timestamp>,
    /// When the proof stops counting.
    #[arg(long, value_name = "TIME")]
    expires: Option<Timestamp>,
    /// The verifier the proof is meant for.
    #[arg(long)]
    domain: Option<String>,
    /// The verifier's challenge.
    #[arg(long)]
    challenge: Option<String>,
    /// The proof's own id, so that later proofs can build on it.
    #[arg(long, value_name = "URN")]
    id: Option<String>,
    /// Id of a proof that this one builds on; may be given more than once.
    #[arg(long, value_name = "URN")]
    previous: Vec<String>,
    /// For ecdsa-sd-2023: what is always disclosed, a JSON Pointer; may be given more than once. Issuer,
    /// dates, status and the subject's id always are.
    #[arg(long, value_name = "POINTER")]
    mandatory: Vec<String>,
    #[command(flatten)]
    output: Output,
}

/// Flags of `cairn derive`.
#[derive(Debug, clap::Args)]
pub struct DeriveArgs {
    /// A credential with a base proof (ecdsa-sd-2023), or - for standard input.
    #[arg(value_name = "FILE|-", default_value = "-")]
    input: String,
    /// What to disclose, a JSON Pointer such as /credentialSubject/achievement; may be given more than once.
    #[arg(long, value_name = "POINTER")]
    reveal: Vec<String>,
    #[command(flatten)]
    output: Output,
}

/// Cryptosuites on the command line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum Suite {
    /// The one Open Badges 3.0 asks for.
    #[value(name = "eddsa-rdfc-2022")]
    EddsaRdfc2022,
    /// Ed25519 over canonical JSON.
    #[value(name = "eddsa-jcs-2022")]
    EddsaJcs2022,
    /// P-256 or P-384 over RDF.
    #[value(name = "ecdsa-rdfc-2019")]
    EcdsaRdfc2019,
    /// P-256 or P-384 over canonical JSON.
    #[value(name = "ecdsa-jcs-2019")]
    EcdsaJcs2019,
    /// P-256 with selective disclosure.
    #[value(name = "ecdsa-sd-2023")]
    EcdsaSd2023,
}

impl Suite {
    fn for_kind(kind: KeyKind) -> Result<Self> {
        match kind {
            KeyKind::Ed25519 => Ok(Self::EddsaRdfc2022),
            KeyKind::P256 | KeyKind::P384 => Ok(Self::EcdsaRdfc2019),
            KeyKind::P521 | KeyKind::Rsa => {
                bail!("keys of this kind make no Data Integrity proofs; use `cairn jose issue`")
            }
        }
    }

    /// The suite's name.
    pub fn name(self) -> &'static str {
        match self {
            Self::EddsaRdfc2022 => "eddsa-rdfc-2022",
            Self::EddsaJcs2022 => "eddsa-jcs-2022",
            Self::EcdsaRdfc2019 => "ecdsa-rdfc-2019",
            Self::EcdsaJcs2019 => "ecdsa-jcs-2019",
            Self::EcdsaSd2023 => "ecdsa-sd-2023",
        }
    }
}

/// Adds a proof of the suite to the document. `mandatory`: what an
/// `ecdsa-sd-2023` proof always discloses; other suites take none.
pub fn sign(
    document: &mut Value,
    suite: Suite,
    key: &SigningKey,
    options: &ProofOptions<'_>,
    mandatory: &[&str],
    machine: Machine,
) -> Result<()> {
    let suite = match suite {
        Suite::EcdsaSd2023 => {
            let secrets = sd::Secrets { hmac_key: machine.random(), proof_seed: machine.random() };
            return Ok(sd::sign_base(document, &key.pair, options, mandatory, &secrets)?);
        }
        _ if !mandatory.is_empty() => bail!("only ecdsa-sd-2023 has parts that are always disclosed"),
        Suite::EddsaRdfc2022 => proof::Suite::EddsaRdfc2022,
        Suite::EddsaJcs2022 => proof::Suite::EddsaJcs2022,
        Suite::EcdsaRdfc2019 => proof::Suite::EcdsaRdfc2019,
        Suite::EcdsaJcs2019 => proof::Suite::EcdsaJcs2019,
    };
    Ok(proof::sign_with(document, suite, &key.pair, options)?)
}

/// True for documents of this type.
pub fn is_a(document: &Value, kind: &str) -> bool {
    match document.get("type") {
        Some(Value::Array(kinds)) => kinds.iter().any(|k| k == kind),
        Some(one) => one == kind,
        None => false,
    }
}

/// What is wrong with a credential's shape, as the checker tells it.
pub fn shape_problems(document: &Value, now: Timestamp) -> Option<String> {
    let report = check(document.to_string().as_bytes(), &Facts::new(now)).report;
    let shape = Findings::from(report)
        .checks
        .into_iter()
        .find(|c| matches!(c.check.as_str(), "format" | "schema") && c.outcome == Outcome::Failed)?;
    let problems = shape.detail.as_ref().and_then(|d| d["problems"].as_array()).map(|problems| {
        let texts: Vec<&str> = problems.iter().filter_map(Value::as_str).collect();
        texts.join("; ")
    });
    Some(problems.unwrap_or(shape.message))
}

/// `cairn sign`
pub fn run(args: SignArgs, machine: Machine) -> Result<ExitCode> {
    let output = args.output.clone();
    output.told(sign_file(args, machine))
}

fn sign_file(args: SignArgs, machine: Machine) -> Result<ExitCode> {
    let mut document = files::read_object(&args.input)?;
    let called = files::called(&args.input);
    let key = key::read(&args.key)?.with_method(args.method)?;
    let suite = match args.suite {
        Some(suite) => suite,
        None => Suite::for_kind(key.pair.kind())?,
    };
    let now = machine.now();
    let is_presentation = is_a(&document, "VerifiablePresentation");
    let purpose = args.purpose.as_deref();
    let purpose = purpose.unwrap_or(if is_presentation { "authentication" } else { "assertionMethod" });
    let previous: Vec<&str> = args.previous.iter().map(String::as_str).collect();
    let options = ProofOptions {
        expires: args.expires,
        purpose,
        domain: args.domain.as_deref(),
        challenge: args.challenge.as_deref(),
        id: args.id.as_deref(),
        previous: &previous,
        ..ProofOptions::new(&key.method, args.created.unwrap_or(now))
    };
    let mandatory = mandatory(&document, suite, &args.mandatory);
    let mandatory: Vec<&str> = mandatory.iter().map(String::as_str).collect();
    sign(&mut document, suite, &key, &options, &mandatory, machine)
        .with_context(|| format!("{called} was not signed"))?;
    if !is_presentation && let Some(problems) = shape_problems(&document, now) {
        bail!("{called} was not signed, because no verifier would accept it: {problems}");
    }
    let mut about = json!({ "cryptosuite": suite.name(), "verificationMethod": key.method });
    if suite == Suite::EcdsaSd2023 {
        about["mandatory"] = json!(mandatory);
    }
    args.output.give(&document, about)
}

/// What is always disclosed: what was asked for, and for selective disclosure what no holder may keep back.
fn mandatory(document: &Value, suite: Suite, asked: &[String]) -> Vec<String> {
    let mut all = asked.to_vec();
    if suite == Suite::EcdsaSd2023 {
        let given: Vec<&str> = asked.iter().map(String::as_str).collect();
        all.extend(sd::always_shown(document, &given));
    }
    all
}

/// `cairn derive`
pub fn derive(args: DeriveArgs) -> Result<ExitCode> {
    let output = args.output.clone();
    output.told(derive_file(args))
}

fn derive_file(args: DeriveArgs) -> Result<ExitCode> {
    let document = files::read_object(&args.input)?;
    let called = files::called(&args.input);
    ensure!(document.get("proof").is_some(), "{called} is not signed");
    let reveal: Vec<&str> = args.reveal.iter().map(String::as_str).collect();
    let derived = sd::derive(&document, &reveal).with_context(|| format!("deriving from {called}"))?;
    args.output.give(&derived, json!({ "revealed": args.reveal }))
}
