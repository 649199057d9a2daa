//! `cairn verify`: checks a badge without a server or a database.

use crate::command::files;
use crate::feature::verification::{Source, outcome_name, verify};
use crate::platform::clock::Clock;
use crate::platform::outbound::{Outbound, Reach};
use anyhow::Result;
use cairn_credential::check::{Report, Verdict};
use std::collections::BTreeSet;
use std::process::ExitCode;

/// Flags of `cairn verify`.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// A file (JSON, JWT, PNG or SVG), a link, or - for standard input.
    #[arg(value_name = "FILE|URL|-")]
    input: String,
    /// Print the report as JSON.
    #[arg(long)]
    json: bool,
    /// Take this issuer (DID or address) as known; may be given more than once.
    #[arg(long, value_name = "ISSUER")]
    trust: Vec<String>,
}

/// Checks and prints. Exit code 0: verified (also with warnings), 1: not
/// verified, 2: cannot tell.
pub async fn run(args: Args) -> Result<ExitCode> {
    let outbound = Outbound::with_reach(Reach::Loopback)?;
    let bytes = match files::fetch(&args.input, &outbound).await {
        Ok(bytes) => bytes,
        Err(error) => {
            eprintln!("cairn: {error:#}");
            return Ok(ExitCode::from(2));
        }
    };
    let trusted: BTreeSet<String> = args.trust.into_iter().collect();
    let report = verify(Source::Alone(&outbound), bytes, Clock::System.now(), trusted)
        .await
        .map_err(|e| anyhow::anyhow!("{e:?}"))?;
    if args.json {
        println!("{}", serde_json::to_string_pretty(&report)?);
    } else {
        print(&report);
    }
    Ok(match report.verdict {
        Verdict::Verified | Verdict::Warning => ExitCode::SUCCESS,
        Verdict::Failed => ExitCode::from(1),
        Verdict::Unknown => ExitCode::from(2),
    })
}

fn print(report: &Report) {
    if let Some(c) = &report.credential {
        if let Some(name) = c.achievement.as_ref().or(c.name.as_ref()) {
            println!("{name}");
        }
        if let Some(issuer) = c.issuer_name.as_ref().or(c.issuer_id.as_ref()) {
            println!("issued by {issuer}");
        }
        println!();
    }
    for check in &report.checks {
        println!("{:<8} {:<8} {}", outcome_name(check.outcome), check.check, check.message);
    }
    let verdict = match report.verdict {
        Verdict::Verified => "VERIFIED",
        Verdict::Warning => "VERIFIED, WITH WARNINGS",
        Verdict::Failed => "NOT VERIFIED",
        Verdict::Unknown => "CANNOT TELL",
    };
    println!("\n{verdict}");
}
