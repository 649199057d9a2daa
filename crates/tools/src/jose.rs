//! `cairn jose`: credentials and presentations as JWS, SD-JWT and COSE, with a
//! result that conformance suites read.

use crate::key::{self, SigningKey};
use crate::key_binding::Expectation;
use crate::{Machine, files, terminal};
use anyhow::{Context, Result, anyhow, bail, ensure};
use cairn_credential::key::PublicKey;
use cairn_credential::sd_jwt::{self, Format, KeyBinding, Options, SdJwt};
use cairn_credential::{cose, jose};
use jiff::Timestamp;
use serde_json::{Map, Value, json};
use std::path::PathBuf;
use std::process::ExitCode;

/// Secure, present and verify credentials as JWS, SD-JWT and COSE.
#[derive(Debug, clap::Args)]
pub struct JoseArgs {
    #[command(subcommand)]
    command: JoseCommand,
}

#[derive(Debug, clap::Subcommand)]
enum JoseCommand {
    /// Secure a credential or presentation (JSON).
    Issue {
        #[command(flatten)]
        what: What,
        /// File with the key pair: a JWK, a Multikey, or PKCS #8 in PEM.
        #[arg(long, value_name = "FILE")]
        key: String,
        /// Name of the key for verifiers (kid); otherwise the one in the key's file, or its did:key.
        #[arg(long, value_name = "DID-URL")]
        kid: Option<String>,
        /// For SD-JWT: file with a JSON list of the paths that can be disclosed, such as credentialSubject.name.
        #[arg(long, value_name = "FILE")]
        sd: Option<String>,
        /// For SD-JWT: the public key of the holder, to be bound to.
        #[arg(long, value_name = "FILE")]
        holder: Option<String>,
        /// For sd_jwt_vc: the type of the credential, a URL.
        #[arg(long, value_name = "URL")]
        vct: Option<String>,
    },
    /// Verify what was secured, with a key that is known to be the right one.
    Verify {
        #[command(flatten)]
        what: What,
        /// File with the public key: a JWK, a Multikey, a verification method, or PEM.
        #[arg(long, value_name = "FILE")]
        key: String,
        /// For SD-JWT: whom the holder's signature (key binding) must be for.
        #[arg(long)]
        audience: Option<String>,
        /// For SD-JWT: the nonce the holder's signature must answer.
        #[arg(long)]
        nonce: Option<String>,
        /// For SD-JWT: the holder's public key, where the credential names it (cnf) but does not hold it.
        #[arg(long, value_name = "FILE")]
        holder: Option<String>,
    },
    /// As the holder: pass on an SD-JWT with chosen disclosures.
    Present {
        /// The SD-JWT, or - for standard input.
        #[arg(long, value_name = "FILE|-", default_value = "-")]
        input: String,
        /// What to disclose, such as credentialSubject.name; may be given more than once.
        #[arg(long, value_name = "PATH")]
        reveal: Vec<String>,
        /// File with the holder's key pair, to prove that it is hers.
        #[arg(long, value_name = "FILE", requires_all = ["audience", "nonce"])]
        key: Option<String>,
        /// Whom it is for.
        #[arg(long)]
        audience: Option<String>,
        /// The verifier's nonce.
        #[arg(long)]
        nonce: Option<String>,
        /// Write the result to this file instead of standard output.
        #[arg(long, short, value_name = "FILE")]
        output: Option<PathBuf>,
    },
}

#[derive(Debug, clap::Args)]
struct What {
    /// What to work on, or - for standard input.
    #[arg(long, value_name = "FILE|-", default_value = "-")]
    input: String,
    /// Form and content.
    #[arg(long, value_enum)]
    feature: Feature,
    /// Write the result to this file instead of standard output.
    #[arg(long, short, value_name = "FILE")]
    output: Option<PathBuf>,
}

/// Forms, by the names of the W3C test suite where it has one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
#[value(rename_all = "snake_case")]
enum Feature {
    /// A W3C credential as JWS (vc+jwt).
    CredentialJose,
    /// A W3C credential as SD-JWT (vc+sd-jwt).
    CredentialSdjwt,
    /// A W3C credential as COSE_Sign1 (vc+cose), in base64.
    CredentialCose,
    /// A W3C presentation as JWS (vp+jwt).
    PresentationJose,
    /// A W3C presentation as SD-JWT (vp+sd-jwt).
    PresentationSdjwt,
    /// A W3C presentation as COSE_Sign1 (vp+cose), in base64.
    PresentationCose,
    /// A badge as JWS by the rules of Open Badges 3.0.
    OpenBadge,
    /// An SD-JWT VC (dc+sd-jwt).
    SdJwtVc,
}

impl Feature {
    fn is_sd_jwt(self) -> bool {
        matches!(self, Self::CredentialSdjwt | Self::PresentationSdjwt | Self::SdJwtVc)
    }
}

/// `cairn jose`. Exit code 0: `success`; 1: `failure`, the input is refused; 2:
/// `error`, the work could not begin.
pub fn command(args: JoseArgs, machine: Machine) -> Result<ExitCode> {
    match args.command {
        JoseCommand::Issue { what, key, kid, sd, holder, vct } => tell(what.output.as_ref(), || {
            let document = files::read_object(&what.input)?;
            let key = key::read(&key)?.with_method(kid)?;
            let paths = sd.as_deref().map(paths).transpose()?.unwrap_or_default();
            let holder = holder.as_deref().map(key::read_public).transpose()?;
            let sd = Disclosability { paths: &paths, holder: holder.as_ref(), vct: vct.as_deref() };
            Ok(issue(&document, &key, what.feature, &sd, machine).map(Answer::from))
        }),
        JoseCommand::Verify { what, key, audience, nonce, holder } => tell(what.output.as_ref(), || {
            let key = key::read_public(&key)?;
            let holder = holder.as_deref().map(key::read_public).transpose()?;
            let text = text(&what.input)?;
            let expected = Expectation { audience: audience.as_deref(), nonce: nonce.as_deref(), holder };
            Ok(verify(&text, &key, what.feature, &expected, machine.now()))
        }),
        JoseCommand::Present { input, reveal, key, audience, nonce, output } => tell(output.as_ref(), || {
            let text = text(&input)?;
            let paths = reveal.iter().map(|path| path.parse()).collect::<Result<Vec<sd_jwt::Path>, _>>()?;
            let key = key.as_deref().map(key::read).transpose()?;
            let binding = match (&key, &audience, &nonce) {
                (Some(key), Some(audience), Some(nonce)) => {
                    Some((key, KeyBinding { audience, nonce, issued: machine.now() }))
                }
                _ => None,
            };
            Ok(present(&text, &paths, binding).map(Answer::from))
        }),
    }
}

/// What SD-JWTs hide, and for whom.
struct Disclosability<'a> {
    paths: &'a [sd_jwt::Path],
    holder: Option<&'a PublicKey>,
    vct: Option<&'a str>,
}

fn issue(
    document: &Value,
    key: &SigningKey,
    feature: Feature,
    sd: &Disclosability<'_>,
    machine: Machine,
) -> Result<String> {
    let (pair, kid) = (&key.pair, key.method.as_str());
    let sd_jwt = |document: &Value, format| -> Result<String> {
        let options = Options { key_id: Some(kid), holder: sd.holder, ..Options::new(format, sd.paths) };
        Ok(sd_jwt::issue(document, pair, &options, &mut || machine.random())?.to_string())
    };
    if !feature.is_sd_jwt() && (!sd.paths.is_empty() || sd.holder.is_some()) {
        bail!("only SD-JWTs have parts that can be disclosed, and holders they are bound to");
    }
    Ok(match feature {
        Feature::CredentialJose => jose::issue(document, pair, kid, jose::Profile::Vc)?,
        Feature::OpenBadge => jose::issue(document, pair, kid, jose::Profile::OpenBadges)?,
        Feature::PresentationJose => jose::issue_presentation(document, pair, kid)?,
        Feature::CredentialSdjwt => sd_jwt(document, Format::Credential)?,
        Feature::PresentationSdjwt => sd_jwt(document, Format::Presentation)?,
        Feature::CredentialCose => cose::to_base64(&cose::issue(document, pair, kid)?),
        Feature::PresentationCose => cose::to_base64(&cose::issue_presentation(document, pair, kid)?),
        Feature::SdJwtVc => match sd.vct {
            Some(vct) => sd_jwt(&sd_jwt::with_type(document, vct)?, Format::SdJwtVc)?,
            None => sd_jwt(document, Format::SdJwtVc)?,
        },
    })
}

fn verify(
    text: &str,
    key: &PublicKey,
    feature: Feature,
    expected: &Expectation<'_>,
    now: Timestamp,
) -> Result<Answer> {
    if !feature.is_sd_jwt() {
        ensure!(expected.is_nothing(), "only SD-JWTs have a key binding with an audience and a nonce");
    }
    let payload = payload(text, key, feature)?;
    let note = if feature.is_sd_jwt() { expected.compare(&SdJwt::parse(text)?, now)? } else { None };
    Ok(Answer { data: Value::Object(payload).to_string(), note })
}

fn payload(text: &str, key: &PublicKey, feature: Feature) -> Result<Map<String, Value>> {
    Ok(match feature {
        Feature::CredentialJose => jose::verify_credential(text, key)?,
        Feature::PresentationJose => jose::verify_presentation(text, key)?,
        Feature::CredentialSdjwt => sd_jwt::verify_credential(text, key)?,
        Feature::PresentationSdjwt => sd_jwt::verify_presentation(text, key)?,
        Feature::CredentialCose => cose::verify_credential(&cose::from_base64(text)?, key)?,
        Feature::PresentationCose => cose::verify_presentation(&cose::from_base64(text)?, key)?,
        Feature::OpenBadge => {
            let jws = jose::Jws::parse(text)?;
            jws.verify(key)?;
            jws.check_claims()?;
            jws.credential().clone()
        }
        Feature::SdJwtVc => {
            let claims = SdJwt::parse(text)?.verify(key, Format::SdJwtVc)?;
            sd_jwt::check_claims(&claims)?;
            claims
        }
    })
}

fn present(
    text: &str,
    paths: &[sd_jwt::Path],
    binding: Option<(&SigningKey, KeyBinding<'_>)>,
) -> Result<String> {
    let chosen = SdJwt::parse(text)?.present(paths)?;
    Ok(match binding {
        None => chosen.to_string(),
        Some((key, binding)) => chosen.bind(&key.pair, &binding)?.to_string(),
    })
}

fn text(input: &str) -> Result<String> {
    let text = String::from_utf8(files::read(input)?).ok();
    let text = text.with_context(|| format!("{} is not text", files::called(input)))?;
    Ok(text.trim().to_owned())
}

fn paths(file: &str) -> Result<Vec<sd_jwt::Path>> {
    let wrong = || anyhow!("{} is not a JSON list of paths", files::called(file));
    let list = cairn_credential::document::parse(&files::read(file)?).map_err(|_| wrong())?;
    let list = list.as_array().ok_or_else(wrong)?;
    list.iter().map(|path| Ok(path.as_str().ok_or_else(wrong)?.parse()?)).collect()
}

/// What was made or verified, and what is worth knowing about it.
struct Answer {
    data: String,
    note: Option<String>,
}

impl From<String> for Answer {
    fn from(data: String) -> Self {
        Self { data, note: None }
    }
}

/// `{"result": …, "data": …}`: `data` is what was made or verified, or why not. A `note` says what was not
/// looked at.
fn tell(output: Option<&PathBuf>, work: impl FnOnce() -> Result<Result<Answer>>) -> Result<ExitCode> {
    let (result, answer, code) = match work() {
        Ok(Ok(answer)) => ("success", answer, 0),
        Ok(Err(refused)) => ("failure", files::sentence(&refused).into(), 1),
        Err(error) => ("error", files::sentence(&error).into(), 2),
    };
    let mut told = json!({ "result": result, "data": answer.data });
    if let Some(note) = answer.note {
        told["note"] = note.into();
    }
    let line = terminal::json(&told.to_string());
    match output {
        Some(path) => {
            std::fs::write(path, line).with_context(|| format!("writing {}", path.display()))?;
        }
        None => println!("{line}"),
    }
    Ok(ExitCode::from(code))
}
