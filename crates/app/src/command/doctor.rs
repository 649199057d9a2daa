//! `cairn doctor`: explains each setting and tries what the server will need.
//! It changes nothing: what would be made at the first start is said.

use crate::command::settings::{SETTINGS, shown};
use anyhow::{Context, Result};
use cairn_actions::credential;
use cairn_actions::person;
use cairn_platform::clock::Clock;
use cairn_platform::config::Config;
use cairn_platform::db::{self, Db};
use cairn_platform::event;
use cairn_platform::key_store::KeyStore;
use cairn_platform::mail::Mailer;
use cairn_platform::{migrate, private};
use cairn_value::policy::Policy;
use serde::Serialize;
use std::path::Path;
use std::process::ExitCode;
use std::time::Duration;

/// Look at the settings and at what the server needs.
#[derive(Debug, clap::Args)]
pub struct DoctorArgs {
    /// Print JSON.
    #[arg(long)]
    pub json: bool,
}

/// How well something is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Outcome {
    /// As it should be.
    Ok,
    /// It works, but look at it.
    Warning,
    /// It does not work.
    Failed,
}

/// A setting as it is in force.
#[derive(Debug, Serialize)]
pub struct InForce {
    /// As in the file.
    pub name: &'static str,
    /// Its value, without secrets.
    pub value: String,
    /// Where it comes from.
    pub from: String,
    /// What it is for.
    pub meaning: String,
}

/// One thing that was tried.
#[derive(Debug, Serialize)]
pub struct Probe {
    /// What.
    pub name: &'static str,
    /// How it went.
    pub outcome: Outcome,
    /// What was found.
    pub found: String,
    /// What to do; empty when nothing is.
    pub advice: String,
}

/// All of it.
#[derive(Debug, Serialize)]
pub struct Diagnosis {
    /// The worst of the probes.
    pub outcome: Outcome,
    /// Settings.
    pub settings: Vec<InForce>,
    /// Probes.
    pub probes: Vec<Probe>,
}

fn ok(name: &'static str, found: impl Into<String>) -> Probe {
    Probe { name, outcome: Outcome::Ok, found: found.into(), advice: String::new() }
}

fn warning(name: &'static str, found: impl Into<String>, advice: impl Into<String>) -> Probe {
    Probe { name, outcome: Outcome::Warning, found: found.into(), advice: advice.into() }
}

fn failed(name: &'static str, found: impl Into<String>, advice: impl Into<String>) -> Probe {
    Probe { name, outcome: Outcome::Failed, found: found.into(), advice: advice.into() }
}

/// `cairn doctor`
pub async fn command(config: &Config, file: Option<&Path>, args: &DoctorArgs) -> Result<ExitCode> {
    let diagnosis = run(config, file).await?;
    if args.json {
        println!("{}", serde_json::to_string_pretty(&diagnosis)?);
    } else {
        print(&diagnosis);
    }
    Ok(if diagnosis.outcome == Outcome::Failed { ExitCode::FAILURE } else { ExitCode::SUCCESS })
}

fn print(diagnosis: &Diagnosis) {
    println!("Settings");
    for setting in &diagnosis.settings {
        let value = if setting.value.is_empty() { "(empty)" } else { &setting.value };
        println!("  {:24} {value}  [{}]", setting.name, setting.from);
        println!("  {:24}   {}", "", setting.meaning);
    }
    println!("\nProbes");
    for probe in &diagnosis.probes {
        let word = match probe.outcome {
            Outcome::Ok => "ok",
            Outcome::Warning => "warning",
            Outcome::Failed => "FAILED",
        };
        println!("  {word:8} {:14} {}", probe.name, probe.found);
        if !probe.advice.is_empty() {
            println!("  {:8} {:14} -> {}", "", "", probe.advice);
        }
    }
}

/// Explains and tries.
pub async fn run(config: &Config, file: Option<&Path>) -> Result<Diagnosis> {
    let values = toml::Table::try_from(config)?;
    let settings = SETTINGS.iter().map(|setting| InForce {
        name: setting.name,
        value: values.get(setting.name).map_or_else(String::new, |value| shown(setting, value)),
        from: Config::origin(setting.name, file),
        meaning: setting.meaning.join(" "),
    });
    let mut probes = vec![folder("data folder", &config.data), folder("uploads", &config.data.join("blobs"))];
    probes.push(permissions(config));
    let (db, probe) = database(config).await;
    probes.push(probe);
    probes.push(master_key(config, db.as_ref()).await);
    probes.push(operators(config, db.as_ref()).await);
    probes.push(base_url(config));
    probes.push(smtp(config).await);
    probes.push(clock(db.as_ref()).await);
    if let Some(db) = db {
        db.close().await;
    }
    let outcome = probes.iter().map(|p| p.outcome).max().unwrap_or(Outcome::Ok);
    Ok(Diagnosis { outcome, settings: settings.collect(), probes })
}

fn folder(name: &'static str, path: &Path) -> Probe {
    let shown = path.display();
    // the nearest one that is there: missing ones are made in it
    let Some(there) = path.ancestors().find(|p| p.is_dir() || p.as_os_str().is_empty()) else {
        return failed(name, format!("{shown} cannot be made"), "choose another folder with `data`");
    };
    let there = if there.as_os_str().is_empty() { Path::new(".") } else { there };
    match tempfile::tempfile_in(there) {
        Err(error) => failed(
            name,
            format!("{} cannot be written: {error}", there.display()),
            "give this user the right to write there, or choose another folder with `data`",
        ),
        Ok(_) if there == path => ok(name, format!("{shown} can be written")),
        Ok(_) => {
            warning(name, format!("{shown} is not there yet"), "nothing to do: the first start makes it")
        }
    }
}

fn permissions(config: &Config) -> Probe {
    const NAME: &str = "permissions";
    let open = private::open_to_others(&config.data, db::file_of(&config.database_url()).as_deref());
    match open.first() {
        None => ok(NAME, "no other user of this machine can read the data"),
        Some(first) => warning(
            NAME,
            format!("other users of this machine can read {} and {} more", first.display(), open.len() - 1),
            format!("the next start closes them; or run: chmod -R go-rwx {}", config.data.display()),
        ),
    }
}

async fn database(config: &Config) -> (Option<Db>, Probe) {
    const NAME: &str = "database";
    if let Some(file) = db::file_of(&config.database_url()).filter(|f| !f.exists()) {
        let found = format!("{} is not there yet", file.display());
        return (None, warning(NAME, found, "nothing to do: the first start makes it"));
    }
    let db = match Db::open(&config.database_url()).await {
        Ok(db) => db,
        Err(error) => {
            let advice = "look at `database`: is the server running, are name and password right?";
            return (None, failed(NAME, format!("cannot be opened: {error:#}"), advice));
        }
    };
    let probe = match migrate::standing(&db, cairn_actions::migration::ALL).await {
        Err(error) => failed(NAME, format!("cannot be read: {error:#}"), "restore it from a backup"),
        Ok(s) if !s.unknown.is_empty() => {
            let found = format!("was made by a newer Cairn (it knows {})", s.unknown.join(", "));
            failed(NAME, found, "run that Cairn, or restore the backup from before")
        }
        Ok(s) if !s.pending.is_empty() => warning(
            NAME,
            format!("is older than this program; to come: {}", s.pending.join(", ")),
            "make a backup and run `cairn migrate`; `cairn serve` migrates too",
        ),
        Ok(_) => ok(NAME, "can be read and is up to date"),
    };
    (Some(db), probe)
}

async fn master_key(config: &Config, db: Option<&Db>) -> Probe {
    const NAME: &str = "master key";
    let seeds = match db {
        Some(db) => sealed_seeds(db).await.unwrap_or_default(),
        None => vec![],
    };
    let file = config.data.join("master.key");
    if config.master_key.is_empty() && !file.exists() {
        let found = format!("{} is not there", file.display());
        return if seeds.is_empty() {
            warning(NAME, found, "nothing to do: the first start makes it; keep a copy in a safe place then")
        } else {
            let advice = "bring the key back from where you keep it, before you start: a new one would not open the signing keys";
            failed(NAME, found, advice)
        };
    }
    let keys = match KeyStore::open(config) {
        Ok(keys) => keys,
        Err(error) => return failed(NAME, format!("cannot be used: {error:#}"), "see the message"),
    };
    if let Some((id, _)) = seeds.iter().find(|(id, seed)| keys.unseal(id, seed).is_err()) {
        let advice = "this is another key than the one it was made under; bring that one back";
        return failed(NAME, format!("does not open the signing key {id}"), advice);
    }
    let place = if config.master_key.is_empty() { file.display().to_string() } else { "the settings".into() };
    ok(NAME, format!("is in {place} and opens all {} signing keys", seeds.len()))
}

async fn sealed_seeds(db: &Db) -> anyhow::Result<Vec<(String, String)>> {
    let mut conn = db.read().await?;
    Ok(credential::key::sealed_seeds(&mut conn).await?)
}

async fn operators(config: &Config, db: Option<&Db>) -> Probe {
    const NAME: &str = "operators";
    // also before the first start, and when the tables are not there yet
    if let Some(db) = db
        && has_operator(db).await
    {
        return ok(NAME, "somebody decides on organisations that wait");
    }
    let advice = "make one: cairn operator add EMAIL";
    match config.organizations {
        Policy::Approved => {
            let found = "there is none: no new organisation can be confirmed, so none can issue";
            warning(NAME, found, advice)
        }
        // look-alike names wait here, too
        Policy::Open => {
            warning(NAME, "there is none: nobody can suspend an organisation or decide on a name", advice)
        }
    }
}

async fn has_operator(db: &Db) -> bool {
    let Ok(mut conn) = db.read().await else { return false };
    person::operators(&mut conn).await.is_ok_and(|all| !all.is_empty())
}

fn base_url(config: &Config) -> Probe {
    const NAME: &str = "base address";
    let url = &config.base_url;
    let Ok(parsed) = url::Url::parse(url) else {
        return failed(
            NAME,
            format!("{url} is not an address"),
            "set base_url like https://badges.example.org",
        );
    };
    let is_local = match parsed.host() {
        Some(url::Host::Domain(name)) => name == "localhost" || name.ends_with(".localhost"),
        Some(url::Host::Ipv4(ip)) => ip.is_loopback() || ip.is_unspecified(),
        Some(url::Host::Ipv6(ip)) => ip.is_loopback() || ip.is_unspecified(),
        None => true,
    };
    if is_local {
        let advice = "for real badges set base_url to your public https address; they carry it for ever";
        return warning(NAME, format!("{url} is reached from this machine only"), advice);
    }
    if parsed.scheme() != "https" {
        let advice =
            "put a server with a certificate before Cairn and set base_url to https://…; did:web needs it";
        return failed(
            NAME,
            format!("{url} is not encrypted: passwords and sessions can be read on the way"),
            advice,
        );
    }
    ok(NAME, url.clone())
}

async fn smtp(config: &Config) -> Probe {
    const NAME: &str = "mail";
    if config.smtp.is_empty() {
        return warning(
            NAME,
            "no mail server is set: letters stay in the database",
            "set smtp and mail_from",
        );
    }
    if let Err(error) = Mailer::open(config) {
        return failed(NAME, format!("{error:#}"), "correct smtp or mail_from");
    }
    match connect(&config.smtp).await {
        Err(error) => {
            failed(NAME, format!("{error:#}"), "is the address right, and may this machine connect there?")
        }
        Ok(server) if config.mail_from.contains("localhost.example") => {
            warning(NAME, format!("{server} answers"), "set mail_from to an address that the server accepts")
        }
        Ok(server) => ok(NAME, format!("{server} answers")),
    }
}

async fn connect(smtp: &str) -> Result<String> {
    let url = url::Url::parse(smtp).context("smtp is not an address")?;
    let host = url.host_str().context("smtp names no server")?.trim_matches(['[', ']']).to_owned();
    let with_tls = url.query_pairs().any(|(name, _)| name == "tls");
    let port = match url.scheme() {
        "smtps" => 465,
        _ if with_tls => 587,
        _ => 25,
    };
    let port = url.port().unwrap_or(port);
    let connecting = tokio::net::TcpStream::connect((host.as_str(), port));
    tokio::time::timeout(Duration::from_secs(5), connecting)
        .await
        .with_context(|| format!("{host}:{port} does not answer within 5 seconds"))?
        .with_context(|| format!("{host}:{port} cannot be reached"))?;
    Ok(format!("{host}:{port}"))
}

async fn clock(db: Option<&Db>) -> Probe {
    const NAME: &str = "clock";
    /// 1 January 2025: this program is not older.
    const BUILT_MS: i64 = 1_735_689_600_000;
    let now = Clock::System.now();
    let newest = match db {
        Some(db) => newest_event(db).await.ok().flatten().unwrap_or(0),
        None => 0,
    };
    let advice = "set the machine's clock and keep it right (NTP): badges carry dates";
    if now.as_millisecond() < BUILT_MS {
        failed(NAME, format!("{now} is before this program was written"), advice)
    } else if newest > now.as_millisecond() + 300_000 {
        warning(NAME, format!("{now}, but the audit log has a later line"), advice)
    } else {
        ok(NAME, now.strftime("%Y-%m-%d %H:%M:%S UTC").to_string())
    }
}

async fn newest_event(db: &Db) -> anyhow::Result<Option<i64>> {
    let mut conn = db.read().await?;
    Ok(event::newest_at(&mut conn).await?)
}
