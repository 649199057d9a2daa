<<<<<<< HEAD
//! What can be typed after `cairn`; one file each.

pub mod demo;
pub mod serve;
pub mod verify;

use crate::platform::config::Config;
use anyhow::Result;
use clap::{Parser, Subcommand};
use std::path::PathBuf;
use std::process::ExitCode;

/// An open, self-hosted micro-credentialing platform.
#[derive(Debug, Parser)]
#[command(name = "cairn", version, about)]
pub struct Cli {
    /// File with settings (TOML); see `cairn config example`.
    #[arg(long, global = true, env = "CAIRN_CONFIG", value_name = "FILE")]
    config: Option<PathBuf>,
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Start a demo with a world to look at, on this machine only.
    Demo(demo::Args),
    /// Serve pages and the API, and do the background work.
    Serve(serve::Args),
    /// Do the background work only; `serve` does it too.
    Work,
    /// Bring the database to the newest schema and stop.
    Migrate,
    /// Check a badge: a file, a link, or - for standard input.
    Verify(verify::Args),
}

/// Reads the words, does the work, gives the exit code.
pub async fn run() -> Result<ExitCode> {
    let cli = Cli::parse();
    match cli.command {
        Command::Demo(args) => demo::run(args).await,
        Command::Serve(args) => serve::run(Config::load(cli.config.as_deref())?, args).await,
        Command::Work => serve::work(Config::load(cli.config.as_deref())?).await,
        Command::Migrate => serve::migrate(Config::load(cli.config.as_deref())?).await,
        Command::Verify(args) => verify::run(args).await,
    }
}
=======
//! What can be typed after `cairn`.

pub mod audit;
pub mod backup;
pub mod doctor;
pub mod restore;
pub mod settings;
>>>>>>> 89d88b6 (Back up and restore in one file, verify the audit log, explain the settings)
