//! Checking badges, ours and those of others: facts are gathered here, the
//! verdict is made by the pure checker.

pub mod finding;
pub mod own;

use crate::organization;
pub use finding::Finding;

use crate::app::App;
use crate::credential::{self, CredentialRow, key, status};
use crate::error::{Error, Result};
use cairn_credential::check::{Facts, FetchOutcome, Outcome, Report, WantedDocument, check};
use cairn_credential::did::Scheme;
use cairn_platform::db::Conn;
use cairn_platform::heavy::{Work, detached};
use cairn_platform::outbound::{Download, Outbound};
use cairn_value::id::{CredentialId, StatusListId};
use cairn_value::refusal::Refusal;
use futures_util::stream::{self, StreamExt as _};
use jiff::Timestamp;
use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;
use tokio::time::{Instant, timeout_at};
use url::Url;

/// Largest document or picture that is checked.
pub const MOST_BYTES: usize = 5 * 1024 * 1024;
/// Rounds of fetching: contexts, issuer and list, the list's issuer, endorsements
/// and theirs, and two to spare.
const ROUNDS: usize = 8;
/// Most documents that one check fetches, so that nobody makes us a crawler. A
/// record or presentation names several issuers.
const MOST_DOCUMENTS: usize = 32;
/// How long one check may fetch in all.
const PATIENCE: Duration = Duration::from_secs(15);
/// Documents of one check that are fetched at once.
const AT_ONCE: usize = 8;
const ACCEPT: &str = "application/vc, application/did+json, application/ld+json, application/json;q=0.9, image/png;q=0.5, image/svg+xml;q=0.5, */*;q=0.1";

/// What is larger is not checked.
pub fn too_large() -> Error {
    Error::TooLarge("badge-too-large".into())
}

/// Where facts come from.
#[derive(Clone, Copy)]
pub enum Source<'a> {
    /// A running instance: what is ours is read from the database.
    Instance(&'a App),
    /// The command line: everything is fetched.
    Alone(&'a Outbound),
}

/// Checks a document, a baked picture or a compact JWS; fetches what the
/// checker asks for until it asks for nothing more.
pub async fn verify(
    source: Source<'_>,
    input: Vec<u8>,
    now: Timestamp,
    trusted: BTreeSet<String>,
) -> Result<Report> {
    let facts = Facts { trusted_issuers: trusted, scheme: Scheme::HttpOnLoopback, ..Facts::new(now) };
    settle(source, facts, move |facts| {
        let checked = check(&input, facts);
        (checked.report, checked.wanted)
    })
    .await
}

/// Asks a checker again and again, each time with the documents it wanted. All fetching together has
/// [`PATIENCE`]; what is not there by then counts as not to be had.
pub async fn settle<R: Send + 'static>(
    source: Source<'_>,
    facts: Facts,
    checker: impl Fn(&Facts) -> (R, Vec<WantedDocument>) + Send + Sync + 'static,
) -> Result<R> {
    settle_within(source, facts, PATIENCE, checker).await
}

/// The same with another patience.
pub async fn settle_within<R: Send + 'static>(
    source: Source<'_>,
    mut facts: Facts,
    patience: Duration,
    checker: impl Fn(&Facts) -> (R, Vec<WantedDocument>) + Send + Sync + 'static,
) -> Result<R> {
    let until = Instant::now() + patience;
    let checker = Arc::new(checker);
    for round in 0.. {
        let ((report, wanted), back) = run(source, checker.clone(), facts).await?;
        facts = back;
        let mut wanted: Vec<String> = wanted.into_iter().map(|w| w.url).collect();
        wanted.retain(|url| !facts.documents.contains_key(url));
        if wanted.is_empty() || round == ROUNDS {
            return Ok(report);
        }
        let too_many =
            wanted.split_off(wanted.len().min(MOST_DOCUMENTS.saturating_sub(facts.documents.len())));
        let fetching = wanted.into_iter().map(|url| async move {
            let fetched = timeout_at(until, fetch(source, &url)).await;
            let late =
                || FetchOutcome::Refused("checking took too long, and this was not there in time".into());
            (url, fetched.unwrap_or_else(|_| late()))
        });
        let fetched: Vec<_> = stream::iter(fetching).buffer_unordered(AT_ONCE).collect().await;
        facts.documents.extend(fetched);
        for url in too_many {
            let refused = FetchOutcome::Refused("this credential refers to too many documents".into());
            facts.documents.insert(url, refused);
        }
    }
    Err(anyhow::anyhow!("the rounds of a check have no end").into())
}

/// The checker on a thread where it may take its time.
async fn run<R: Send + 'static>(
    source: Source<'_>,
    checker: Arc<impl Fn(&Facts) -> R + Send + Sync + 'static>,
    facts: Facts,
) -> Result<(R, Facts)> {
    let work = move || {
        let checked = checker(&facts);
        (checked, facts)
    };
    Ok(match source {
        Source::Instance(app) => app.heavy.run(Work::Check, work).await?,
        Source::Alone(_) => detached(work).await?,
    })
}

async fn fetch(source: Source<'_>, url: &str) -> FetchOutcome {
    let outbound = match source {
        Source::Alone(outbound) => outbound,
        Source::Instance(app) => {
            match own(app, url).await {
                Ok(Some(document)) => return FetchOutcome::here(document),
                Ok(None) => {}
                Err(Error::NotFound) => {
                    return FetchOutcome::Refused("there is no such document here".into());
                }
                Err(error) => {
                    tracing::warn!("Could not read our own {url}: {error:?}");
                    return FetchOutcome::Refused("our own document could not be read; try again".into());
                }
            }
            &app.outbound
        }
    };
    match outbound.ask(url, ACCEPT).await {
        Ok(Download { bytes, from: None }) => FetchOutcome::here(bytes),
        Ok(Download { bytes, from: Some(from) }) => FetchOutcome::redirected(bytes, from),
        Err(error) => FetchOutcome::Refused(format!("{error:#}")),
    }
}

/// A document of this very instance; none when the address is not ours.
async fn own(app: &App, url: &str) -> Result<Option<Vec<u8>>> {
    // did:web means HTTPS whatever the base address says
    let Some(ours) = on_this_instance(app, url, AnyScheme::Yes) else { return Ok(None) };
    let path = ours.path();
    let mut conn = app.db.read().await?;
    if let Some(list) = path.strip_prefix("/status/") {
        let list: StatusListId = list.parse()?;
        return Ok(Some(status::signed(app, &mut conn, list).await?.as_bytes().to_vec()));
    }
    if let Some(slug) = path.strip_prefix("/issuers/").and_then(|p| p.strip_suffix("/did.json")) {
        return Ok(Some(did_document(&mut conn, app, slug).await?.to_string().into_bytes()));
    }
    Err(Error::NotFound)
}

/// Whether an address of another scheme than the base address's is ours too.
#[derive(Clone, Copy, PartialEq, Eq)]
enum AnyScheme {
    Yes,
    No,
}

/// An address of this instance in its parts; compared by host and port, not as text.
fn on_this_instance(app: &App, address: &str, any_scheme: AnyScheme) -> Option<Url> {
    let url = Url::parse(address).ok()?;
    let base = Url::parse(&app.config.base_url).ok()?;
    let plain =
        matches!(url.scheme(), "http" | "https") && url.username().is_empty() && url.password().is_none();
    let host = url.host_str() == base.host_str();
    let port = url.port() == base.port() || url.port_or_known_default() == base.port_or_known_default();
    let scheme = any_scheme == AnyScheme::Yes || url.scheme() == base.scheme();
    (plain && host && port && scheme).then_some(url)
}

async fn did_document(conn: &mut Conn, app: &App, slug: &str) -> Result<serde_json::Value> {
    let id = organization::by_slug(conn, slug).await?;
    key::did_document(conn, app, id, slug).await
}

/// What somebody gave to be checked.
#[derive(Debug)]
pub enum Input {
    /// A file or a pasted document.
    Bytes(Vec<u8>),
    /// A link.
    Link(String),
}

/// Checks what somebody gave on this instance: a badge, or a presentation of several.
pub async fn check_input(app: &App, input: Input) -> Result<Finding> {
    let bytes = match input {
        Input::Bytes(bytes) => bytes,
        Input::Link(link) => match own_credential(app, &link).await? {
            Some(document) => document.into_bytes(),
            None => app.outbound.get(&link, ACCEPT).await.map_err(|e| {
                Error::invalid("link", Refusal::new("link-unreadable").with("why", format!("{e:#}")))
            })?,
        },
    };
    if bytes.len() > MOST_BYTES {
        return Err(too_large());
    }
    let trusted_issuers = app.config.trusted_issuers.iter().cloned().collect();
    let facts = Facts { trusted_issuers, scheme: Scheme::HttpOnLoopback, ..Facts::new(app.clock.now()) };
    let check = move |facts: &Facts| Finding::of(&bytes, facts);
    let mut finding = settle(Source::Instance(app), facts, check).await?;
    match &mut finding {
        Finding::Badge(report) => own::explain(app, report).await?,
        Finding::Presentation(presentation) => {
            let mut credentials = presentation.credentials.clone();
            for report in &mut credentials {
                own::explain(app, report).await?;
            }
            presentation.revise(credentials);
        }
    }
    Ok(finding)
}

/// The document behind a link to a public badge of this instance.
async fn own_credential(app: &App, link: &str) -> Result<Option<String>> {
    let Some(url) = on_this_instance(app, link.trim(), AnyScheme::No) else { return Ok(None) };
    let name = url.path().strip_prefix("/c/").unwrap_or_default().split('.').next().unwrap_or_default();
    let refuse = || Error::invalid("link", "link-no-badge");
    let id: CredentialId = name.parse().map_err(|_| refuse())?;
    let mut conn = app.db.read().await?;
    match credential::find_for(&mut conn, None, id).await {
        Ok(found) => Ok(Some(found.document)),
        Err(Error::NotFound) => Err(refuse()),
        Err(other) => Err(other),
    }
}

/// The report on one of our own badges, for its page. The proof of a document
/// that does not change is looked at once in ten seconds, not at every visit.
pub async fn report_on(app: &App, stored: &CredentialRow) -> Result<Arc<Report>> {
    let now = app.clock.now();
    if let Some(report) = app.cache.report(&stored.id, stored.version, now.as_millisecond() - 10_000) {
        return Ok(report);
    }
    let trusted = app.config.trusted_issuers.iter().cloned().collect();
    let mut report =
        verify(Source::Instance(app), stored.document.clone().into_bytes(), now, trusted).await?;
    own::explain_status(&mut report, stored);
    own::explain_key(&mut report, Some(stored));
    own::warn_of_issuer(app, &mut report).await?;
    let report = Arc::new(report);
    app.cache.keep_report(&stored.id, stored.version, now.as_millisecond(), report.clone());
    Ok(report)
}

/// Which verdict's colour and icon.
pub fn kind_of(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Passed => "valid",
        Outcome::Failed => "stopped",
        Outcome::Warning => "attention",
        Outcome::Unknown => "unknown",
    }
}

/// Stable name of an outcome.
pub fn outcome_name(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Passed => "passed",
        Outcome::Failed => "failed",
        Outcome::Warning => "warning",
        Outcome::Unknown => "unknown",
    }
}
