//! Signatures over a whole credential: JWS, SD-JWT and COSE.

use jiff::{SignedDuration, Timestamp};
use serde_json::{Map, Value, json};

use super::desk::Desk;
use super::input::{Disclosing, Input};
use super::keys::{self, FoundKey, Hint, Relationship};
use super::member::{several, text};
use super::proofs::{Controllers, EndedKey, Single};
use super::{Check, Outcome};
use crate::cose::{CoseError, Sign1};
use crate::jiff_time::parse_date_time_stamp;
use crate::jose::{self, Content, JoseError, Jws};
use crate::key::PublicKey;
use crate::rdf::{self, Contexts, RdfError};
use crate::sd_jwt::{Format, SdJwtError};

/// How far a holder's clock may be ahead.
const AHEAD: SignedDuration = SignedDuration::from_mins(5);

/// A credential in a signature.
#[derive(Clone, Copy)]
pub(super) enum SignedForm<'a> {
    Jws(&'a Jws),
    SdJwt(&'a Disclosing),
    Cose(&'a Sign1),
}

impl<'a> SignedForm<'a> {
    /// The signed form an input has; `None` for documents with proofs of their own.
    pub(super) fn of(input: &'a Input) -> Option<Self> {
        match input {
            Input::Json(_) => None,
            Input::Jws(jws) => Some(Self::Jws(jws)),
            Input::SdJwt(disclosing) => Some(Self::SdJwt(disclosing)),
            Input::Cose(sign1) => Some(Self::Cose(sign1)),
        }
    }

    fn algorithm(self) -> String {
        match self {
            Self::Jws(jws) => jws.algorithm().to_owned(),
            Self::SdJwt(disclosing) => disclosing.sd_jwt.jws.algorithm().to_owned(),
            Self::Cose(sign1) => sign1.algorithm(),
        }
    }

    /// The claims, as far as they are disclosed.
    fn claims(self) -> &'a Map<String, Value> {
        match self {
            Self::Jws(jws) => &jws.payload,
            Self::SdJwt(disclosing) => &disclosing.claims,
            Self::Cose(sign1) => &sign1.payload,
        }
    }

    fn credential(self) -> &'a Map<String, Value> {
        match self {
            Self::Jws(jws) => jws.credential(),
            Self::SdJwt(_) | Self::Cose(_) => self.claims(),
        }
    }

    /// What the header says about the key.
    fn hint(self) -> Hint<'a> {
        let issuer = text(self.claims().get("iss")).or_else(|| super::member::issuer_id(self.credential()));
        let of_jws = |jws: &'a Jws| (jws.key_id(), jws.header.get("jwk"));
        let (key_id, jwk) = match self {
            Self::Jws(jws) => of_jws(jws),
            Self::SdJwt(disclosing) => of_jws(&disclosing.sd_jwt.jws),
            Self::Cose(sign1) => (sign1.key_id(), None),
        };
        Hint {
            key_id,
            jwk,
            issuer,
            metadata: self.is_sd_jwt_vc(),
            relationship: Relationship::AssertionMethod,
        }
    }

    fn is_sd_jwt_vc(self) -> bool {
        matches!(self, Self::SdJwt(disclosing) if disclosing.is_vc())
    }

    /// True if the rules of VC-JOSE-COSE hold, by the type it has.
    fn is_w3c(self) -> bool {
        match self {
            Self::Jws(jws) => jws.typ() == "vc+jwt",
            Self::SdJwt(_) => !self.is_sd_jwt_vc(),
            Self::Cose(_) => true,
        }
    }

    fn verify(self, key: &PublicKey) -> Result<(), SdJwtError> {
        match self {
            Self::Jws(jws) => {
                jws.verify(key)?;
                Ok(jws.check_claims()?)
            }
            Self::SdJwt(disclosing) => {
                let format = if disclosing.is_vc() { Format::SdJwtVc } else { Format::Credential };
                let claims = disclosing.sd_jwt.verify(key, format)?;
                if claims.contains_key("credentialSubject") {
                    jose::check_names(&claims, &claims)?;
                }
                Ok(())
            }
            Self::Cose(sign1) => {
                sign1.verify(key, Content::Credential).map_err(|error| match error {
                    CoseError::Jose(error) => error,
                    CoseError::NotSign1 | CoseError::TooLarge | CoseError::Header => JoseError::NotCompact,
                })?;
                Ok(jose::check_names(&sign1.payload, &sign1.payload)?)
            }
        }
    }
}

/// Checks a signature: one, over everything. `name`: of the check it belongs to.
pub(super) fn check(desk: &mut Desk<'_>, signed: SignedForm<'_>, name: &'static str) -> (Check, Controllers) {
    let mut controllers = Controllers::default();
    let mut detail = json!({"algorithm": signed.algorithm()});
    let single = match check_signature(desk, signed).and_then(|found| {
        if let SignedForm::SdJwt(disclosing) = signed
            && let Some(key) = holder(desk, disclosing)?
        {
            detail["holder"] = key.into();
        }
        Ok(found)
    }) {
        Ok(found) => {
            let key = signed.hint().key_id.unwrap_or_default();
            controllers.ended.extend(found.ended.map(|end| EndedKey::new(key, end, None)));
            controllers.proven.push(found.controller);
            controllers.put_ended(&mut detail);
            Single::new(Outcome::Passed, "proof_valid", "The signature is right: nothing was changed since.")
        }
        Err(single) => single,
    };
    let check = Check::new(name, single.outcome, single.code, single.message);
    (check.with(detail), controllers)
}

fn check_signature(desk: &mut Desk<'_>, signed: SignedForm<'_>) -> Result<FoundKey, Single> {
    if signed.algorithm() == "none" {
        let message = "The credential is not signed: it says that its algorithm is \"none\".";
        return Err(Single::failed("unsigned", message));
    }
    let version_2 = text(several(signed.credential().get("@context")).first()) == Some(super::schema::V2);
    let claims = signed.claims();
    if claims.contains_key("vp") || (version_2 || signed.is_w3c()) && claims.contains_key("vc") {
        return Err(Single::failed("jws_claims", "The JWS has a claim (vc or vp) of an older format."));
    }
    let found = keys::find_signer(desk, signed.hint()).map_err(Single::from)?;
    if is_ended(&found, signed, desk.facts.now) {
        let message = "The credential was issued after its key had been withdrawn.";
        return Err(Single::failed("key_ended", message));
    }
    signed.verify(&found.key).map_err(|error| explain(&error))?;
    for name in ["exp", "nbf", "iat"] {
        if claims.get(name).is_some_and(|claim| jose::numeric_date(claim).is_none()) {
            return Err(Single::failed(
                "jws_claims",
                format!("The signature's {name} is not a number of seconds."),
            ));
        }
    }
    if signed.is_w3c() || signed.is_sd_jwt_vc() {
        jose::check_times(claims, desk.facts.now).map_err(|error| untimely(&error))?;
    }
    if signed.is_w3c() {
        check_meaning(claims)?;
    }
    check_contexts(signed.credential())?;
    Ok(found)
}

fn is_ended(found: &FoundKey, signed: SignedForm<'_>, now: Timestamp) -> bool {
    found.ended.is_some_and(|end| issued(signed).unwrap_or(now) >= end.at)
}

/// When the credential says it was issued.
fn issued(signed: SignedForm<'_>) -> Option<Timestamp> {
    let credential = signed.credential();
    match credential.get("validFrom").or_else(|| credential.get("issuanceDate")) {
        Some(date) => parse_date_time_stamp(date.as_str()?),
        None => jose::numeric_date(signed.claims().get("iat")?),
    }
}

/// The rules of VC-JOSE-COSE for the content. A context that is not known here leaves meanings open, which
/// takes nothing from the signature.
fn check_meaning(claims: &Map<String, Value>) -> Result<(), Single> {
    match jose::check_data_model(claims, Content::Credential) {
        Ok(()) => Ok(()),
        Err(JoseError::Meaning(
            RdfError::UnknownContext(_) | RdfError::Unsupported(_) | RdfError::TooComplex,
        )) => Ok(()),
        // what is missing is for the check of the schema to say
        Err(JoseError::DataModel(_)) => Ok(()),
        Err(error) => {
            let message = format!("The credential says something without a meaning: {error}.");
            Err(Single::failed("not_signable", message))
        }
    }
}

/// The contexts of a credential in any signature: an invalid one, or one that gives protected terms another
/// meaning, is refused as it is beside a Data Integrity proof. Contexts that are not known here are left out,
/// and then only changes of protected terms are certain.
fn check_contexts(credential: &Map<String, Value>) -> Result<(), Single> {
    let mut contexts = several(credential.get("@context")).to_vec();
    let named = contexts.len();
    contexts.retain(|context| context.as_str().is_none_or(|url| Contexts::bundled().has(url)));
    let all = contexts.len() == named;
    let document = json!({"@context": contexts});
    match document.as_object().map(rdf::check_meaning) {
        Some(Err(error @ RdfError::ProtectedTerm(_))) => Err(error),
        Some(Err(error @ RdfError::InvalidContext(_))) if all => Err(error),
        Some(Err(_) | Ok(())) | None => Ok(()),
    }
    .map_err(|error| {
        Single::failed("not_signable", format!("The credential's contexts do not hold: {error}."))
    })
}

fn untimely(error: &JoseError) -> Single {
    match error {
        JoseError::OutOfTime("nbf") => {
            Single::failed("proof_not_yet_valid", "The signature does not count yet (nbf).")
        }
        JoseError::OutOfTime(_) => Single::failed("proof_expired", "The signature has expired (exp)."),
        error => Single::failed("jws_claims", format!("The signature's claims are malformed: {error}.")),
    }
}

fn explain(error: &SdJwtError) -> Single {
    match error {
        SdJwtError::Jose(JoseError::Signature) => {
            let message =
                "The signature does not fit: the credential was changed, or signed with another key.";
            Single::failed("signature_invalid", message)
        }
        SdJwtError::Jose(error @ JoseError::Claim(_)) => {
            Single::failed("jws_claims", format!("The JWS contradicts itself: {error}."))
        }
        SdJwtError::Jose(error @ JoseError::Algorithm(_)) => {
            let message = format!("The signature cannot be checked: {error}.");
            Single::new(Outcome::Unknown, "suite_unknown", message)
        }
        SdJwtError::AlwaysVisible(claim) => {
            let message = format!(
                "The claim {claim} came from a disclosure: a holder could keep it back, and verifiers always \
                 need it. The issuer has to issue the credential anew."
            );
            Single::failed("claim_selective", message)
        }
        error => Single::failed("proof_malformed", format!("The signature is malformed: {error}.")),
    }
}

/// Checks the holder's signature over what is shown, if there is one, and says whose it is. For whom it was
/// made is not known here, so it does not show that the holder is the one who handed this in.
fn holder(desk: &mut Desk<'_>, disclosing: &Disclosing) -> Result<Option<String>, Single> {
    if disclosing.sd_jwt.key_binding().is_none() {
        return Ok(None);
    }
    let malformed =
        || Single::failed("key_binding_invalid", "The credential does not say whose it is (cnf).");
    let key = if let Some(key) = disclosing.sd_jwt.holder_key() {
        key.map_err(|_| malformed())?
    } else {
        let key_id = disclosing.claims.get("cnf").and_then(|cnf| text(cnf.get("kid")));
        keys::find(desk, key_id.ok_or_else(malformed)?).map_err(Single::from)?.key
    };
    match disclosing.sd_jwt.verify_binding_signature(&key) {
        Ok(said) if made_later(said, desk.facts.now) => {
            let message = "The holder's signature over what is shown is dated in the future.";
            Err(Single::failed("key_binding_invalid", message))
        }
        Ok(_) => Ok(Some(key.thumbprint())),
        Err(error) => {
            let message = format!("The holder's signature over what is shown does not hold: {error}.");
            Err(Single::failed("key_binding_invalid", message))
        }
    }
}

/// True if a key binding says that it was made later than now, by more than clocks differ.
fn made_later(said: &Map<String, Value>, now: Timestamp) -> bool {
    let made = said.get("iat").and_then(jose::numeric_date);
    made.is_none_or(|made| made.duration_since(now) > AHEAD)
}
