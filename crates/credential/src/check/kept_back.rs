//! What the holder of a credential with chosen parts may keep back: an end, a status, whose it is.

use super::input::{Disclosing, Input};
use super::proofs::Controllers;
use super::schema::Extent;
use super::{Check, Outcome};
use crate::sd_jwt::KeptBack;

/// Where there may be more than is shown.
pub(super) struct Gaps {
    /// Beside the outermost members.
    beside: bool,
    /// Inside the status that is shown.
    in_status: bool,
}

impl Gaps {
    pub(super) fn of(input: &Input, shown: Extent) -> Self {
        match input {
            Input::SdJwt(disclosing) => Self::of_sd_jwt(disclosing),
            Input::Json(_) | Input::Jws(_) | Input::Cose(_) => {
                Self { beside: shown == Extent::Part, in_status: false }
            }
        }
    }

    /// Every digest without a disclosure may stand for anything; decoys cannot be told apart.
    pub(super) fn of_sd_jwt(disclosing: &Disclosing) -> Self {
        let kept_back = disclosing.sd_jwt.kept_back().unwrap_or_else(|_| KeptBack::default());
        let in_status = ["credentialStatus", "status"].iter().any(|claim| kept_back.inside(claim));
        Self { beside: kept_back.beside(), in_status }
    }

    /// The check of the dates. `ends`: an end is shown.
    pub(super) fn dates(&self, found: Check, ends: bool) -> Check {
        if found.outcome != Outcome::Passed || ends || !self.beside {
            return found;
        }
        let message = "No end is shown: the holder may keep back that the credential has expired.";
        Check::new("dates", Outcome::Warning, "end_not_shown", message)
    }

    /// The check of the status. `there`: one is shown.
    pub(super) fn status(&self, found: Check, there: bool) -> Check {
        if found.outcome != Outcome::Passed || !(self.in_status || self.beside && !there) {
            return found;
        }
        let message = if there {
            "Not all of the status is shown: the holder may keep back that the credential was revoked."
        } else {
            "No status is shown: the holder may keep back that the credential was revoked."
        };
        Check::new("status", Outcome::Warning, "status_not_shown", message)
    }

    /// The check of the subject: is it shown that this comes from the holder? `proven`: who presented it, if
    /// it is part of a presentation.
    pub(super) fn holder(
        &self,
        found: Check,
        disclosing: &Disclosing,
        proven: Option<&Controllers>,
    ) -> Check {
        if !disclosing.claims.contains_key("cnf") {
            if found.outcome != Outcome::Passed || !self.beside {
                return found;
            }
            let message = "Whether only one holder's key may show the credential is not shown: the holder may \
                           have passed it on.";
            return Check::new("subject", Outcome::Warning, "binding_not_shown", message);
        }
        let presents = || {
            let key = disclosing.sd_jwt.holder_key()?.ok()?;
            Some(proven?.include(&key.did_key()))
        };
        if disclosing.sd_jwt.key_binding().is_some() || presents() == Some(true) {
            return found;
        }
        let message = "The credential is bound to its holder's key, and nothing here is signed with that key: \
                       whoever has a copy can show it.";
        Check::new("subject", Outcome::Warning, "holder_not_shown", message)
    }
}
