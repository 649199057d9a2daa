//! `cairn letters`: what waits or stays in the outbox, with its links; for an
//! instance that has no mail server yet.

use anyhow::{Result, anyhow, ensure};
use cairn_platform::config::Config;
use cairn_platform::db::{self, Db};
use cairn_platform::key_store::KeyStore;
use cairn_platform::{mail, migrate};
use cairn_tools::terminal;
use std::process::ExitCode;

/// Print the newest letters with their links. Whoever reads a sign-in link can sign in.
#[derive(Debug, clap::Args)]
pub struct LettersArgs {
    /// Only those to this address.
    #[arg(default_value = "")]
    pub address: String,
    /// How many.
    #[arg(long, default_value_t = 5)]
    pub most: u16,
}

/// `cairn letters`
pub async fn command(config: &Config, args: &LettersArgs) -> Result<ExitCode> {
    for letter in run(config, args).await? {
        println!("To: {}\nSubject: {}\n", terminal::line(&letter.address), terminal::line(&letter.subject));
        println!("{}\n", terminal::lines(&letter.plain));
    }
    Ok(ExitCode::SUCCESS)
}

/// The letters, newest first.
pub async fn run(config: &Config, args: &LettersArgs) -> Result<Vec<mail::LetterView>> {
    if let Some(file) = db::file_of(&config.database_url()) {
        ensure!(file.exists(), "there is no database at {}; is `data` right?", file.display());
    }
    let db = Db::open(&config.database_url()).await?;
    let standing = migrate::standing(&db, cairn_actions::migration::ALL).await?;
    ensure!(standing.pending.is_empty(), "the database is not up to date; run `cairn migrate` first");
    let keys = KeyStore::open(config)?;
    let mut conn = db.read().await?;
    let letters = mail::newest(&mut conn, &keys, args.address.trim(), args.most.into()).await;
    drop(conn);
    db.close().await;
    letters.map_err(|error| anyhow!("reading the letters: {error:?}"))
}
