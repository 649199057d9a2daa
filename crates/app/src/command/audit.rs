//! `cairn audit verify`: recomputes every line of the audit log.

use crate::platform::config::Config;
use crate::platform::db::Db;
use crate::platform::event::{self, ChainReport};
use crate::platform::{db, migrate};
use anyhow::{Result, ensure};
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
        /// Print JSON.
        #[arg(long)]
        json: bool,
    },
}

/// `cairn audit`
pub async fn command(config: &Config, args: &AuditArgs) -> Result<ExitCode> {
    let AuditCommand::Verify { json } = args.command;
    let (chains, names) = verify(config).await?;
    if json {
        println!("{}", serde_json::to_string_pretty(&chains)?);
    } else {
        for chain in &chains {
            println!("{}", line(chain, &names));
        }
        if chains.is_empty() {
            println!("The audit log is empty.");
        }
    }
    let whole = chains.iter().all(|c| c.broken.is_none());
    Ok(if whole { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// One chain in one line.
fn line(chain: &ChainReport, names: &HashMap<String, String>) -> String {
    let whose = match chain.chain.as_str() {
        "" => "the instance".to_owned(),
        id => names.get(id).map_or_else(|| id.to_owned(), |slug| format!("{slug} ({id})")),
    };
    match &chain.broken {
        None => format!("ok      {whose}: {} lines", chain.lines),
        Some(why) => format!("BROKEN  {whose}: {why}"),
    }
}

/// Every chain's state, and the organisations' slugs by id.
pub async fn verify(config: &Config) -> Result<(Vec<ChainReport>, HashMap<String, String>)> {
    if let Some(file) = db::file_of(&config.database_url()) {
        ensure!(file.exists(), "there is no database at {}; is `data` right?", file.display());
    }
    let db = Db::open(&config.database_url()).await?;
    let standing = migrate::standing(&db).await?;
    ensure!(standing.pending.is_empty(), "the database is not up to date; run `cairn migrate` first");
    let mut conn = db.read().await?;
    let chains = event::verify(&mut conn).await?;
    let names: Vec<(String, String)> =
        sqlx::query_as("SELECT id, slug FROM organization").fetch_all(&mut *conn).await?;
    drop(conn);
    db.close().await;
    Ok((chains, names.into_iter().collect()))
}
