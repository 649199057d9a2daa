//! `cairn audit`: recomputes every line of the audit log, compares it with
//! heads that were signed earlier, records a restore.

use crate::command::input::fetch;
use anyhow::{Context, Result, ensure};
use cairn_actions::organization;
use cairn_platform::clock::Clock;
use cairn_platform::config::Config;
use cairn_platform::db::Db;
use cairn_platform::event::head::{self, Standing};
use cairn_platform::event::{self, ChainReport};
use cairn_platform::key_store::KeyStore;
use cairn_platform::outbound::{Outbound, Reach};
use cairn_platform::{db, id, migrate};
use jiff::Timestamp;
use serde_json::{Value, json};
use std::collections::HashMap;
use std::process::ExitCode;

/// Look after the audit log.
#[derive(Debug, clap::Args)]
pub struct AuditArgs {
    #[command(subcommand)]
    command: AuditCommand,
}

#[derive(Debug, clap::Subcommand)]
enum AuditCommand {
    /// Recompute the log's hash chains; exit code 1 when one is broken.
    Verify {
        /// Compare with signed heads that were kept elsewhere: a file or link, of one head or of
        /// the list that the instance serves at /.well-known/cairn/audit-heads. May be repeated.
        #[arg(long, value_name = "FILE|URL|-")]
        head: Vec<String>,
        /// Print JSON.
        #[arg(long)]
        json: bool,
    },
    /// Record that this database was restored from a backup, when another tool than `cairn
    /// restore` did it (PostgreSQL's); `cairn restore` records it by itself.
    Restored {
        /// When the backup was made, such as 2026-11-20T03:00:00Z.
        #[arg(long, value_name = "TIME")]
        backup_at: Timestamp,
    },
}

/// `cairn audit`
pub async fn command(config: &Config, args: &AuditArgs) -> Result<ExitCode> {
    match &args.command {
        AuditCommand::Verify { head, json } => {
            let mut heads = vec![];
            for source in head {
                heads.extend(read_heads(source).await?);
            }
            print(config, &heads, *json).await
        }
        AuditCommand::Restored { backup_at } => {
            let app = crate::open(config.clone(), Clock::System).await?;
            let name = id::fresh().to_string();
            head::record_restore(&app, &name, &backup_at.to_string(), Clock::System.now()).await?;
            app.db.close().await;
            println!("Recorded that the backup of {backup_at} was restored.");
            Ok(ExitCode::SUCCESS)
        }
    }
}

async fn print(config: &Config, heads: &[Value], json: bool) -> Result<ExitCode> {
    let (chains, names) = verify(config).await?;
    let standings = compare(config, heads).await?;
    if json {
        let all = json!({ "chains": chains, "heads": standings });
        println!("{}", serde_json::to_string_pretty(&all)?);
    } else {
        for chain in &chains {
            println!("{}", line(chain, &names));
        }
        if chains.is_empty() {
            println!("The audit log is empty.");
        }
        for standing in &standings {
            println!("{}", told(standing));
        }
    }
    let is_whole = chains.iter().all(|c| c.broken.is_none())
        && standings.iter().all(|s| !matches!(s, Standing::Broken { .. }));
    Ok(if is_whole { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// One chain in one line.
fn line(chain: &ChainReport, names: &HashMap<String, String>) -> String {
    let whose = match chain.chain.as_str() {
        "" => "the instance".to_owned(),
        id => names.get(id).map_or_else(|| id.to_owned(), |slug| format!("{slug} ({id})")),
    };
    let before = chain
        .before_seal
        .as_ref()
        .map_or(String::new(), |why| format!("\nWARNING {whose}: when the old log was sealed, {why}"));
    let erased = match chain.erased {
        0 => String::new(),
        n => format!(", the texts of {n} erased"),
    };
    match &chain.broken {
        None => format!("ok      {whose}: {} lines{erased}{before}", chain.lines),
        Some(why) => format!("BROKEN  {whose}: {why}{before}"),
    }
}

fn told(standing: &Standing) -> String {
    match standing {
        Standing::Holds { line } => format!("ok      signed head: line {line} is the one that was signed"),
        Standing::Restored { line, restored_at } => format!(
            "ok      signed head: line {line} was lost when a backup was restored at {restored_at}, as the log says"
        ),
        Standing::Broken { why } => format!("BROKEN  signed head: {why}; the log was cut or written anew"),
    }
}

/// One head, or the list of them.
async fn read_heads(source: &str) -> Result<Vec<Value>> {
    let bytes = fetch(source, &Outbound::with_reach(Reach::Loopback)?).await?;
    let document: Value = serde_json::from_slice(&bytes)
        .with_context(|| format!("{source} is not JSON; take it from the link in the letter"))?;
    Ok(match document.get("heads").and_then(Value::as_array) {
        Some(heads) => heads.clone(),
        None => vec![document],
    })
}

async fn open(config: &Config) -> Result<Db> {
    if let Some(file) = db::file_of(&config.database_url()) {
        ensure!(file.exists(), "there is no database at {}; is `data` right?", file.display());
    }
    let db = Db::open(&config.database_url()).await?;
    let standing = migrate::standing(&db, cairn_actions::migration::ALL).await?;
    ensure!(standing.pending.is_empty(), "the database is not up to date; run `cairn migrate` first");
    Ok(db)
}

/// Every chain's state, and the organisations' slugs by id.
pub async fn verify(config: &Config) -> Result<(Vec<ChainReport>, HashMap<String, String>)> {
    let db = open(config).await?;
    let keys = KeyStore::existing(config)?;
    let mut conn = db.read().await?;
    let mut chains = event::verify(&mut conn, &keys).await?;
    let names = organization::slugs(&mut conn).await?;
    // whoever founds an organisation writes a line
    if chains.is_empty() && !names.is_empty() {
        let broken = Some("the log is empty, and there are organisations: it was removed".to_owned());
        chains.push(ChainReport { chain: String::new(), lines: 0, erased: 0, before_seal: None, broken });
    }
    drop(conn);
    db.close().await;
    Ok((chains, names))
}

/// How the log stands to heads that were signed earlier.
pub async fn compare(config: &Config, heads: &[Value]) -> Result<Vec<Standing>> {
    let db = open(config).await?;
    let keys = KeyStore::existing(config)?;
    let mut conn = db.read().await?;
    let mut standings = vec![];
    for head in heads {
        standings.push(head::compare(&mut conn, &keys, head).await?);
    }
    drop(conn);
    db.close().await;
    Ok(standings)
}
