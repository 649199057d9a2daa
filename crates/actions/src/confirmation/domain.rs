//! Domains that organisations prove: a TXT record at `_cairn.DOMAIN`, or a file
//! `https://DOMAIN/.well-known/cairn.txt`, each with the line `cairn=TOKEN`.

use super::store::{self, Domain};
use super::{note, tell_owners};
use crate::app::App;
use crate::error::{Error, Result};
use crate::person::Actor;
use cairn_domain::permission::Intent;
use cairn_domain::web_domain::{MissingProof, ProofChange, Sighting, WebDomain};
use cairn_platform::db::Conn;
use cairn_platform::id;
use cairn_platform::job::{self, Job, JobError};
use cairn_platform::outbound::StatusError;
use cairn_platform::rate_limit;
use cairn_value::id::OrganizationId;
use serde_json::json;

/// Most domains of one organisation.
pub const MOST_DOMAINS: usize = 10;
/// Looks that an organisation may ask for in an hour.
const MOST_LOOKS: i64 = 30;
/// Most domains that one night looks at.
const MOST_A_NIGHT: i64 = 2000;

/// The name of the record that proves a domain.
pub fn record_name(domain: &str) -> String {
    format!("_cairn.{domain}")
}

/// The address of the file that proves a domain.
pub fn file_address(domain: &str) -> String {
    format!("https://{domain}/.well-known/cairn.txt")
}

/// What the record or the file says.
pub fn line(token: &str) -> String {
    format!("cairn={token}")
}

/// Reads a domain as people write it, with letters of any script.
fn parse(text: &str) -> Result<WebDomain> {
    let text = text.trim().trim_end_matches('.');
    let ascii = match url::Host::parse(text) {
        Ok(url::Host::Domain(name)) => name,
        Ok(url::Host::Ipv4(_) | url::Host::Ipv6(_)) | Err(_) => text.to_owned(),
    };
    WebDomain::parse(&ascii).map_err(|fault| Error::invalid("domain", fault))
}

/// Begins to prove a domain; the page then says what to put where.
pub async fn add(app: &App, actor: &Actor, organization: OrganizationId, text: &str) -> Result<()> {
    actor.with(organization, Intent::ManageOrganization)?;
    let domain = parse(text)?;
    let mut tx = app.db.begin().await?;
    if store::domains(&mut tx, organization).await?.len() >= MOST_DOMAINS {
        return Err(Error::invalid("domain", "domain-most"));
    }
    let now = app.clock.now().as_millisecond();
    if store::add_domain(&mut tx, organization, domain.as_str(), &id::secret(), now).await? {
        let (actor, body) = (actor.log_name(), json!({ "domain": domain.as_str() }));
        note(&mut tx, app, Some(organization), &actor, "domain.added", organization.to_string(), body)
            .await?;
    }
    tx.commit().await?;
    Ok(())
}

/// Takes a domain out.
pub async fn remove(app: &App, actor: &Actor, organization: OrganizationId, domain: &str) -> Result<()> {
    actor.with(organization, Intent::ManageOrganization)?;
    let mut tx = app.db.begin().await?;
    if !store::remove_domain(&mut tx, organization, domain).await? {
        return Err(Error::NotFound);
    }
    let (actor, body) = (actor.log_name(), json!({ "domain": domain }));
    note(&mut tx, app, Some(organization), &actor, "domain.removed", organization.to_string(), body).await?;
    tx.commit().await?;
    Ok(())
}

/// Looks for the proof because an owner asks; true when it was found.
pub async fn check(app: &App, actor: &Actor, slug: &str, domain: &str) -> Result<bool> {
    let organization = actor.member(slug)?.organization;
    actor.with(organization, Intent::ManageOrganization)?;
    let key = format!("domain:{organization}");
    rate_limit::take(&app.db, &app.clock, &key, MOST_LOOKS, 3600).await?;
    look(app, organization, slug, domain, &actor.log_name()).await
}

/// One look: asks outside first, then writes what it came to.
async fn look(app: &App, organization: OrganizationId, slug: &str, domain: &str, by: &str) -> Result<bool> {
    let asked = {
        let mut conn = app.db.read().await?;
        one(&mut conn, organization, domain).await?.ok_or(Error::NotFound)?
    };
    let found = seek(app, domain, &asked.token).await;
    let mut tx = app.db.begin().await?;
    // removed, or looked at by somebody else, in the meantime
    let Some(current) = one(&mut tx, organization, domain).await?.filter(|d| d.token == asked.token) else {
        return Err(Error::NotFound);
    };
    let missed = found.err().map_or_else(String::new, MissingProof::name);
    let (proof, became) = current.proof.looked(found.is_ok(), app.clock.now());
    store::put_proof(&mut tx, organization, domain, &proof, &missed).await?;
    let (kind, letter) = match became {
        ProofChange::Proved => (Some("domain.proved"), None),
        ProofChange::Missing => (Some("domain.missing"), Some("domain-missing")),
        ProofChange::Ended => (Some("domain.ended"), Some("domain-ended")),
        ProofChange::Kept | ProofChange::NotFound | ProofChange::StillMissing => (None, None),
    };
    if let Some(kind) = kind {
        let body = json!({ "domain": domain });
        note(&mut tx, app, Some(organization), by, kind, organization.to_string(), body).await?;
    }
    if let Some(letter) = letter {
        let name = store::name(&mut tx, organization).await?;
        let since = current.proof.failing_since.or(proof.failing_since).unwrap_or_default();
        let id = format!("{letter}-{organization}-{domain}-{since}");
        let values = [("organization", name.as_str()), ("domain", domain)];
        tell_owners(&mut tx, app, organization, letter, &id, &values, slug).await?;
    }
    tx.commit().await?;
    app.bell.notify_one();
    Ok(found.is_ok())
}

async fn one(conn: &mut Conn, organization: OrganizationId, domain: &str) -> Result<Option<Domain>> {
    Ok(store::domains(conn, organization).await?.into_iter().find(|d| d.domain == domain))
}

/// Asks the DNS, then the web; what lay there instead when neither proves it.
async fn seek(app: &App, domain: &str, token: &str) -> Result<(), MissingProof> {
    let want = line(token);
    let dns = match app.names.texts(&record_name(domain)).await {
        Ok(texts) if texts.iter().any(|text| text.trim() == want) => return Ok(()),
        Ok(texts) if texts.is_empty() => Sighting::Nothing,
        Ok(_) => Sighting::Other,
        Err(error) => {
            tracing::info!("The name server said nothing of {domain}: {error:#}");
            Sighting::Silent
        }
    };
    let file = match app.outbound.get_here(&file_address(domain)).await {
        Ok(bytes) if says(&bytes, &want) => return Ok(()),
        Ok(_) => Sighting::Other,
        Err(error) => {
            tracing::info!("The file of {domain} could not be had: {error:#}");
            match error.downcast_ref::<StatusError>().map(|refused| refused.status) {
                Some(404 | 410) => Sighting::Nothing,
                Some(300..=399) => Sighting::Elsewhere,
                Some(_) | None => Sighting::Silent,
            }
        }
    };
    Err(MissingProof { dns, file })
}

/// True when a line of the file is the one that is wanted.
fn says(bytes: &[u8], want: &str) -> bool {
    String::from_utf8_lossy(bytes).lines().take(20).any(|l| l.trim_matches(['\u{feff}', ' ', '\t']) == want)
}

/// The night's look at the proofs that are due.
pub async fn nightly(app: &App, job: &Job) -> Result<(), JobError> {
    let now = app.clock.now();
    let rows = {
        let mut conn = app.db.read().await?;
        let day_ago = now.as_millisecond() - 86_400_000 * 3 / 4;
        store::proved_before(&mut conn, day_ago, MOST_A_NIGHT).await?
    };
    for (organization, slug, domain) in rows {
        let organization: OrganizationId = organization.parse().map_err(anyhow::Error::from)?;
        let due = {
            let mut conn = app.db.read().await?;
            one(&mut conn, organization, &domain)
                .await
                .map_err(unexpected)?
                .is_some_and(|d| d.proof.is_due(now))
        };
        if !due {
            continue;
        }
        let mut tx = app.db.begin().await?;
        job::keep_claim(&mut tx, &job.id, app.clock.now()).await?;
        tx.commit().await?;
        match look(app, organization, &slug, &domain, "system").await {
            Ok(_) | Err(Error::NotFound) => {}
            Err(error) => return Err(JobError::Retry(unexpected(error))),
        }
    }
    Ok(())
}

fn unexpected(error: Error) -> anyhow::Error {
    match error {
        Error::Unexpected(inner) => inner,
        other => anyhow::anyhow!("{:?}", other.code()),
    }
}

/// The domains that count as the organisation's.
pub async fn proved(conn: &mut Conn, organization: OrganizationId) -> Result<Vec<String>> {
    let all = store::domains(conn, organization).await?;
    Ok(all.into_iter().filter(|d| d.proof.counts()).map(|d| d.domain).collect())
}

#[cfg(test)]
mod tests {
    use super::{parse, says};

    #[test]
    fn the_line_must_stand_alone() {
        let check = |text: &str, want| assert_eq!(says(text.as_bytes(), "cairn=abc"), want, "{text:?}");
        check("cairn=abc", true);
        check("\u{feff}cairn=abc\r\n", true);
        check("# ours\n cairn=abc \n", true);
        check("cairn=abcd", false);
        check("<p>cairn=abc</p>", false);
        check("", false);
    }

    #[test]
    fn a_domain_is_read_in_any_script() {
        assert_eq!(parse("Müller.de").unwrap().as_str(), "xn--mller-kva.de");
        assert!(parse("https://example.org/").is_err());
    }
}
