//! The holder's signature over an SD-JWT, as a verifier at the command line expects it.

use anyhow::{Context, Result, bail, ensure};
use cairn_credential::key::PublicKey;
use cairn_credential::sd_jwt::{SdJwt, SdJwtError};
use jiff::Timestamp;

/// How far a holder's clock may be ahead, in seconds.
const AHEAD: f64 = 300.0;

/// What is expected of a key binding.
pub struct Expectation<'a> {
    pub audience: Option<&'a str>,
    pub nonce: Option<&'a str>,
    /// The holder's key, for credentials that only name it.
    pub holder: Option<PublicKey>,
}

impl Expectation<'_> {
    pub fn is_nothing(&self) -> bool {
        self.audience.is_none() && self.nonce.is_none() && self.holder.is_none()
    }

    /// Checks the key binding of an SD-JWT whose issuer's signature holds. Gives a sentence on what was not
    /// expected, and so not looked at. How old it is is not judged: what makes it fresh is the nonce.
    pub fn compare(&self, sd_jwt: &SdJwt, now: Timestamp) -> Result<Option<String>> {
        let is_bound = sd_jwt.jws.payload.contains_key("cnf");
        if sd_jwt.key_binding().is_none() {
            ensure!(self.is_nothing(), SdJwtError::NotBound);
            let note = "There is no key binding: nothing shows that this comes from the holder, to whose key \
                        it is bound (cnf).";
            return Ok(is_bound.then(|| note.to_owned()));
        }
        ensure!(is_bound, "there is a key binding, but the credential is not bound to a key (cnf)");
        let said = sd_jwt.verify_binding_signature(&self.key(sd_jwt)?)?;
        for (name, wanted) in [("aud", self.audience), ("nonce", self.nonce)] {
            if wanted.is_some_and(|wanted| said[name] != wanted) {
                bail!(SdJwtError::KeyBinding(name));
            }
        }
        let made = said["iat"].as_f64().context(SdJwtError::KeyBinding("iat"))?;
        ensure!(made <= now.as_second() as f64 + AHEAD, "the key binding is dated in the future (iat)");
        let missing = match (self.audience, self.nonce) {
            (Some(_), Some(_)) => return Ok(None),
            (None, None) => "no audience and no nonce were expected (--audience, --nonce)",
            (None, Some(_)) => "no audience was expected (--audience)",
            (Some(_), None) => "no nonce was expected (--nonce)",
        };
        Ok(Some(format!(
            "The key binding holds, but {missing}: it may have been made for somebody else, or earlier."
        )))
    }

    fn key(&self, sd_jwt: &SdJwt) -> Result<PublicKey> {
        match (sd_jwt.holder_key(), &self.holder) {
            (Some(own), None) => own.context("the holder's key in the credential (cnf) cannot be read"),
            (Some(own), Some(given)) => {
                ensure!(own.as_ref() == Ok(given), SdJwtError::NotTheHolder);
                Ok(given.clone())
            }
            (None, Some(given)) => Ok(given.clone()),
            (None, None) => bail!(
                "the credential names its holder's key but does not hold it (cnf): give the key with --holder"
            ),
        }
    }
}
