//! What can be typed after `cairn`; one file each. What needs no server and no database stands in `cairn_tools`.

pub mod audit;
pub mod backup;
pub mod demo;
pub mod doctor;
mod input;
pub mod letters;
pub mod operator;
pub mod restore;
pub mod serve;
pub mod settings;
mod vc_api;
pub mod verify;

pub use cairn_tools::files::sentence;

use anyhow::Result;
use cairn_platform::clock::Clock;
use cairn_platform::config::Config;
use cairn_platform::id;
use cairn_tools::{Machine, bake, jose, key, sign};
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
    /// Make and show keys for signing.
    Key(key::KeyArgs),
    /// Sign a credential or presentation with a key from a file.
    Sign(sign::SignArgs),
    /// Disclose chosen parts of a credential signed with ecdsa-sd-2023.
    Derive(sign::DeriveArgs),
    /// Put a credential into a picture.
    Bake(bake::BakeArgs),
    /// Take the credential out of a picture.
    Unbake(bake::UnbakeArgs),
    /// Secure, present and verify credentials as JWS, SD-JWT and COSE.
    Jose(jose::JoseArgs),
    /// Serve the W3C VC-API with fresh keys for every cryptosuite, for conformance suites.
    VcApi(cairn_tools::vc_api::Args),
    /// Write database and uploads of a running instance into one file.
    Backup(backup::BackupArgs),
    /// Put what a backup holds into an empty data folder.
    Restore(restore::RestoreArgs),
    /// Print letters of the outbox, for an instance without a mail server.
    Letters(letters::LettersArgs),
    /// Make, list and unmake operators of the instance.
    Operator(operator::OperatorArgs),
    /// The audit log.
    Audit(audit::AuditArgs),
    /// Explain the settings and probe what they name.
    Doctor(doctor::DoctorArgs),
    /// The settings file.
    Config(settings::ConfigArgs),
}

/// The clock and the chance of the machine, for commands that have no instance.
fn machine() -> Machine {
    Machine { clock: || Clock::System.now(), chance: id::fill }
}

/// Reads the words, does the work, gives the exit code.
pub async fn run() -> Result<ExitCode> {
    let cli = Cli::parse();
    let file = cli.config.as_deref();
    match cli.command {
        Command::Demo(args) => demo::run(args).await,
        Command::Serve(args) => serve::run(Config::load(file)?, args).await,
        Command::Work => serve::work(Config::load(file)?).await,
        Command::Migrate => serve::migrate(Config::load(file)?).await,
        Command::Verify(args) => verify::run(args).await,
        Command::Key(args) => key::command(args, machine()),
        Command::Sign(args) => sign::run(args, machine()),
        Command::Derive(args) => sign::derive(args),
        Command::Bake(args) => bake::run(args),
        Command::Unbake(args) => bake::unbake(args),
        Command::Jose(args) => jose::command(args, machine()),
        Command::VcApi(args) => vc_api::run(args).await,
        Command::Backup(args) => backup::command(&Config::load(file)?, &args).await,
        Command::Restore(args) => restore::command(&Config::load(file)?, &args),
        Command::Letters(args) => letters::command(&Config::load(file)?, &args).await,
        Command::Operator(args) => operator::command(Config::load(file)?, args).await,
        Command::Audit(args) => audit::command(&Config::load(file)?, &args).await,
        Command::Doctor(args) => doctor::command(&Config::load(file)?, file, &args).await,
        Command::Config(args) => settings::command(&args),
    }
}
