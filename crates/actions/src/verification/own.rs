//! What this instance knows of its own badges and issuers, and the signed documents do not say.

use crate::app::App;
use crate::confirmation;
use crate::credential::{self, CredentialRow, key};
use crate::error::Result;
use cairn_credential::check::{Check, Outcome, Report};
use cairn_domain::award::State;
use cairn_domain::standing::Caution;
use cairn_value::id::CredentialId;
use jiff::Timestamp;
use serde_json::Value;
use std::pin::Pin;

/// Says what is known here of a badge, of those inside if it is a record, and of the other one in its picture; the
/// verdicts follow.
pub fn explain<'a>(
    app: &'a App,
    report: &'a mut Report,
) -> Pin<Box<dyn Future<Output = Result<()>> + Send + 'a>> {
    // records hold records: three deep, as far as they are checked
    Box::pin(async move {
        explain_own(app, report).await?;
        warn_of_issuer(app, report).await?;
        warn_of_name(app, report).await?;
        let before = report.inside();
        let mut inside = before.clone();
        for one in &mut inside {
            explain(app, one).await?;
        }
        if inside != before {
            report.revise_inside(&inside);
        }
        if let Some(before) = report.beside() {
            let mut beside = before.clone();
            explain(app, &mut beside).await?;
            if beside != before {
                report.revise_beside(&beside);
            }
        }
        Ok(())
    })
}

/// Says of an issuer of this instance that nobody has confirmed who it is, or
/// that it is suspended: a warning, which the verdict takes in.
pub async fn warn_of_issuer(app: &App, report: &mut Report) -> Result<()> {
    let Some(issuer) = report.credential.as_ref().and_then(|c| c.issuer_id.clone()) else { return Ok(()) };
    let Some(slug) = issuer.strip_prefix(&key::did(app, "")).map(str::to_owned) else { return Ok(()) };
    let mut conn = app.db.read().await?;
    let Some(standing) = confirmation::standing_of(&mut conn, &slug).await? else { return Ok(()) };
    let Some(caution) = standing.caution() else { return Ok(()) };
    let message = match caution {
        Caution::Unconfirmed => "Nobody has confirmed who this issuer is.",
        Caution::NotLookedAt => "The operator of this instance has not yet looked at who this issuer is.",
        Caution::Suspended => "The operator of this instance has suspended this issuer.",
    };
    report.revise(|checks| {
        checks.push(Check::new("issuer_standing", Outcome::Warning, caution.name(), message));
    });
    Ok(())
}

/// Says of an issuer elsewhere, or of a key alone, that its name is that of an organisation confirmed here: whoever
/// signs writes what name they like.
async fn warn_of_name(app: &App, report: &mut Report) -> Result<()> {
    let Some(credential) = &report.credential else { return Ok(()) };
    let Some(name) = credential.issuer_name.clone() else { return Ok(()) };
    let is_ours = credential.issuer_id.as_ref().is_some_and(|id| id.starts_with(&key::did(app, "")));
    if is_ours || !confirmation::is_confirmed_name(&mut *app.db.read().await?, &name).await? {
        return Ok(());
    }
    let message = "The issuer gives itself the name of an organisation that is confirmed on this instance. That \
                   organisation has not signed this.";
    report.revise(|checks| {
        let at = checks.iter().position(|check| check.check == "issuer").map_or(checks.len(), |at| at + 1);
        checks.insert(at, Check::new("issuer_name", Outcome::Warning, "name_of_another", message));
    });
    Ok(())
}

/// Says of our own badges what the list's one bit cannot: whether it was
/// suspended or revoked. The reason is for those who may see the badge.
async fn explain_own(app: &App, report: &mut Report) -> Result<()> {
    let id = report.credential.as_ref().and_then(|c| c.id.as_deref());
    let mut stored = None;
    if let Some(id) = id.and_then(|id| own_id(app, id)) {
        let mut conn = app.db.read().await?;
        stored = credential::find_stored(&mut conn, id).await?;
    }
    if let Some(stored) = &stored
        && is_signed_by(report, &key::did(app, &stored.organization_slug))
    {
        explain_status(report, stored);
    }
    let issuer = report.credential.as_ref().and_then(|c| c.issuer_id.clone());
    if issuer.is_some_and(|issuer| issuer.starts_with(&key::did(app, ""))) {
        explain_key(report, stored.as_ref());
    }
    Ok(())
}

/// Says of a badge by an ended key of ours whether it is the one that we keep.
/// Whoever has the key can date a proof back; to our rows nobody adds one. What
/// is kept here needs no warning, what is not is nothing we could vouch for.
pub(super) fn explain_key(report: &mut Report, stored: Option<&CredentialRow>) {
    let detail = |check: &Check| check.detail.as_ref()?.get("ended_keys")?.as_array().cloned();
    let Some(ended) = report.checks.iter().find(|c| c.check == "proof").and_then(detail) else { return };
    let kept = stored.is_some_and(|stored| ended.iter().all(|proof| is_kept(stored, proof)));
    report.revise(|checks| {
        let at = checks.iter().position(|check| check.check == "key");
        if let Some(at) = at {
            checks.remove(at);
        }
        if kept {
            return;
        }
        let message = "The badge is signed with a key that this issuer has ended, and is not among the badges that \
                       were issued here: whoever had the key could have dated it back.";
        let at = checks.iter().position(|check| check.check == "proof").map_or(0, |at| at + 1);
        checks.insert(at, Check::new("key", Outcome::Unknown, "not_issued_here", message));
    });
}

/// True if a proof is one of the document that is kept: what it covers is the same then.
fn is_kept(stored: &CredentialRow, proof: &Value) -> bool {
    let Ok(document) = serde_json::from_str::<Value>(&stored.document) else { return false };
    let kept = match &document["proof"] {
        Value::Array(proofs) => proofs.clone(),
        one => vec![one.clone()],
    };
    proof["proofValue"].is_string() && kept.iter().any(|kept| kept["proofValue"] == proof["proofValue"])
}

/// The badge of this instance with this id, written as we write it.
fn own_id(app: &App, id: &str) -> Option<CredentialId> {
    id.strip_prefix(&app.config.base_url)?.strip_prefix("/c/")?.parse().ok()
}

/// True if the proof holds and was made with a key of this issuer, who is also the one the badge names. A
/// proof that only holds could be anybody's.
fn is_signed_by(report: &Report, issuer: &str) -> bool {
    let passed = |name: &str| report.checks.iter().any(|c| c.check == name && c.outcome == Outcome::Passed);
    let names = report.credential.as_ref().and_then(|c| c.issuer_id.as_deref()) == Some(issuer);
    names && passed("proof") && passed("issuer")
}

/// Puts what is stored in the place of what the list says; the verdict follows.
pub fn explain_status(report: &mut Report, stored: &CredentialRow) {
    let (code, said) = match stored.state {
        State::Active => return,
        State::Suspended => ("suspended", "The issuer has suspended this badge"),
        State::Revoked => ("revoked", "The issuer has revoked this badge"),
        State::Superseded => ("superseded", "The issuer has replaced this badge with a newer one"),
    };
    let day = Timestamp::from_millisecond(stored.state_at).map(|t| t.strftime("%-d %B %Y").to_string());
    let message = format!("{said} on {}.", day.unwrap_or_default());
    report.revise(|checks| {
        let is_status = |check: &Check| check.check == "status";
        if !checks.iter().any(is_status) {
            checks.push(Check::new("status", Outcome::Failed, code, message.clone()));
        }
        for check in checks.iter_mut().filter(|check| is_status(check)) {
            code.clone_into(&mut check.code);
            check.outcome = Outcome::Failed;
            check.message.clone_from(&message);
        }
    });
}
