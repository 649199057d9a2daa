//! `cairn key`: key pairs in files, for the commands that sign.

use crate::Machine;
use crate::files::{self, Output};
use anyhow::{Context, Result, anyhow, bail};
use cairn_credential::key::{KeyError, KeyKind, KeyPair, PublicKey};
use serde_json::{Value, json};
use std::process::ExitCode;

/// Make and show keys.
#[derive(Debug, clap::Args)]
pub struct KeyArgs {
    #[command(subcommand)]
    command: KeyCommand,
}

#[derive(Debug, clap::Subcommand)]
enum KeyCommand {
    /// Make a new key pair: a Multikey with its secret half. Keep the file to yourself.
    New {
        /// Kind of key.
        #[arg(long, value_enum, default_value = "ed25519")]
        kind: Kind,
        #[command(flatten)]
        output: Output,
    },
    /// Show the public half of a key, and the DID it stands for.
    Public {
        /// File with the key pair, or - for standard input.
        #[arg(value_name = "FILE|-")]
        key: String,
        #[command(flatten)]
        output: Output,
    },
}

/// Kinds of keys on the command line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum Kind {
    /// Ed25519, for eddsa suites and EdDSA.
    Ed25519,
    /// P-256, for ecdsa suites and ES256.
    P256,
    /// P-384, for ecdsa suites and ES384.
    P384,
}

/// A key pair, and how documents name it.
#[derive(Debug, Clone)]
pub struct SigningKey {
    /// The pair.
    pub pair: KeyPair,
    /// The verification method, such as `did:key:z6Mk…#z6Mk…`.
    pub method: String,
    /// Who controls it: the method without what follows `#`.
    pub controller: String,
}

impl SigningKey {
    /// A key under its own `did:key`.
    pub fn by_itself(pair: KeyPair) -> Self {
        let public = pair.public();
        let controller = public.did_key();
        Self { method: format!("{controller}#{}", public.multibase()), controller, pair }
    }

    /// A key under a verification method of one's choice.
    pub fn with_method(self, method: Option<String>) -> Result<Self> {
        let Some(method) = method else { return Ok(self) };
        let (controller, _) = method
            .split_once('#')
            .with_context(|| format!("{method} is not a verification method: it has no #"))?;
        Ok(Self { controller: controller.to_owned(), method, pair: self.pair })
    }
}

/// `cairn key`
pub fn command(args: KeyArgs, machine: Machine) -> Result<ExitCode> {
    match args.command {
        KeyCommand::New { kind, output } => {
            let made = fresh(kind, machine).and_then(|pair| {
                let named = SigningKey::by_itself(pair);
                let mut document = multikey(&named);
                document["secretKeyMultibase"] = json!(named.pair.secret_multibase()?);
                output.give(&document, json!({ "verificationMethod": named.method }))
            });
            output.told(made)
        }
        KeyCommand::Public { key, output } => {
            let shown = read(&key).and_then(|named| {
                let mut document = multikey(&named);
                document["publicKeyJwk"] = named.pair.public().jwk();
                output.give(&document, json!({ "verificationMethod": named.method }))
            });
            output.told(shown)
        }
    }
}

fn multikey(key: &SigningKey) -> Value {
    json!({
        "@context": "https://w3id.org/security/multikey/v1",
        "id": key.method,
        "type": "Multikey",
        "controller": key.controller,
        "publicKeyMultibase": key.pair.public().multibase(),
    })
}

/// A key pair of random bytes.
pub fn fresh(kind: Kind, machine: Machine) -> Result<KeyPair> {
    let (kind, seed): (KeyKind, Vec<u8>) = match kind {
        Kind::Ed25519 => (KeyKind::Ed25519, machine.random::<32>().into()),
        Kind::P256 => (KeyKind::P256, machine.random::<32>().into()),
        Kind::P384 => (KeyKind::P384, machine.random::<48>().into()),
    };
    // one draw in 2^32 is beyond a curve's order
    KeyPair::from_seed(kind, &seed).map_err(|_| anyhow!("the random bytes were no key; try again"))
}

/// Reads a key pair: a Multikey with `secretKeyMultibase` as `cairn key new`
/// makes it, a private JWK, a verification method with one of these, a PKCS #8
/// file (PEM), or the bare Multibase text.
pub fn read(file: &str) -> Result<SigningKey> {
    let text = read_text(file)?;
    let wrong = || format!("the key in {}", files::called(file));
    if text.starts_with("-----BEGIN") {
        return Ok(SigningKey::by_itself(KeyPair::from_pkcs8_pem(&text).with_context(wrong)?));
    }
    if text.starts_with('z') {
        return Ok(SigningKey::by_itself(KeyPair::from_secret_multibase(&text).with_context(wrong)?));
    }
    let value = parse(file, &text)?;
    let secret = value.get("secretKeyMultibase").and_then(Value::as_str);
    let jwk = ["secretKeyJwk", "privateKeyJwk"].iter().find_map(|name| value.get(name));
    let jwk = jwk.or_else(|| value.get("d").map(|_| &value));
    let pair = match (secret, jwk) {
        (Some(secret), _) => KeyPair::from_secret_multibase(secret),
        (None, Some(jwk)) => KeyPair::from_jwk(jwk),
        (None, None) => bail!(
            "{} holds no secret key: a Multikey with one has secretKeyMultibase, a JWK has d",
            files::called(file)
        ),
    };
    let pair = pair.with_context(wrong)?;
    let says = value.get("publicKeyMultibase").and_then(Value::as_str);
    if says.is_some_and(|says| says != pair.public().multibase()) {
        bail!("the two halves of the key in {} do not belong together", files::called(file));
    }
    let method = ["id", "kid"].iter().find_map(|name| value.get(name).and_then(Value::as_str));
    let method = method.filter(|method| method.contains('#')).map(str::to_owned);
    SigningKey::by_itself(pair).with_method(method)
}

/// Reads the public half of a key, from the same kinds of files or from those
/// that have no secret half.
pub fn read_public(file: &str) -> Result<PublicKey> {
    let text = read_text(file)?;
    let wrong = || format!("the key in {}", files::called(file));
    if text.starts_with("-----BEGIN") {
        let key = PublicKey::from_pem(&text).or_else(|_| Ok(KeyPair::from_pkcs8_pem(&text)?.public()));
        return key.map_err(|error: KeyError| error).with_context(wrong);
    }
    if text.starts_with('z') {
        return PublicKey::from_multibase(&text).with_context(wrong);
    }
    let value = parse(file, &text)?;
    let multibase = value.get("publicKeyMultibase").and_then(Value::as_str);
    let jwk = value.get("publicKeyJwk").or_else(|| value.get("kty").map(|_| &value));
    match (multibase, jwk) {
        (Some(multibase), _) => PublicKey::from_multibase(multibase).with_context(wrong),
        (None, Some(jwk)) if jwk.get("d").is_some() => {
            Ok(KeyPair::from_jwk(jwk).with_context(wrong)?.public())
        }
        (None, Some(jwk)) => PublicKey::from_jwk(jwk).with_context(wrong),
        (None, None) => Ok(read(file)?.pair.public()),
    }
}

fn read_text(file: &str) -> Result<String> {
    let text = String::from_utf8(files::read(file)?).ok();
    let text = text.with_context(|| format!("{} is not text", files::called(file)))?;
    Ok(text.trim().to_owned())
}

fn parse(file: &str, text: &str) -> Result<Value> {
    cairn_credential::document::parse(text.as_bytes())
        .with_context(|| format!("{} holds no key: neither a Multikey nor a JWK", files::called(file)))
}
