//! `cairn verify`: checks a badge without a server or a database.

use crate::command::input::fetch;
use anyhow::Result;
use cairn_actions::verification::{Source, outcome_name, settle};
use cairn_credential::check::{
    Check, Facts, PresentationReport, Report, Verdict, VerifierRequest, check_expected, check_presentation,
    is_presentation,
};
use cairn_credential::did::Scheme;
use cairn_platform::clock::Clock;
use cairn_platform::outbound::{Outbound, Reach};
use cairn_tools::{files, terminal};
use std::collections::BTreeSet;
use std::process::ExitCode;

/// Flags of `cairn verify`.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// A badge or a presentation: a file (JSON, JWT, PNG or SVG), a link, or - for standard input.
    #[arg(value_name = "FILE|URL|-")]
    input: String,
    /// Print the report as JSON.
    #[arg(long)]
    json: bool,
    /// Take this issuer (DID or address) as known; may be given more than once.
    #[arg(long, value_name = "ISSUER")]
    trust: Vec<String>,
    /// The challenge that a presentation, or a badge's proof, has to answer.
    #[arg(long)]
    challenge: Option<String>,
    /// The domain that a presentation, or a badge's proof, has to be made for.
    #[arg(long)]
    domain: Option<String>,
}

/// Checks and prints. Exit code 0: verified (also with warnings), 1: not
/// verified, 2: cannot tell.
pub async fn run(args: Args) -> Result<ExitCode> {
    let outbound = Outbound::with_reach(Reach::Loopback)?;
    let bytes = match fetch(&args.input, &outbound).await {
        Ok(bytes) => bytes,
        Err(error) => {
            eprintln!("cairn: {}", files::sentence(&error));
            return Ok(ExitCode::from(2));
        }
    };
    let source = Source::Alone(&outbound);
    let now = Clock::System.now();
    let trusted: BTreeSet<String> = args.trust.into_iter().collect();
    let expected = VerifierRequest { challenge: args.challenge, domain: args.domain };
    let facts = Facts { trusted_issuers: trusted, scheme: Scheme::HttpOnLoopback, ..Facts::new(now) };
    let verdict = if is_presentation(&bytes) {
        let report = settle(source, facts, move |facts| {
            let checked = check_presentation(&bytes, facts, &expected);
            (checked.report, checked.wanted)
        });
        let report = report.await.map_err(|e| anyhow::anyhow!("{e:?}"))?;
        if args.json {
            println!("{}", terminal::json(&serde_json::to_string_pretty(&report)?));
        } else {
            print_presentation(&report);
        }
        report.verdict
    } else {
        let report = settle(source, facts, move |facts| {
            let checked = check_expected(&bytes, facts, &expected);
            (checked.report, checked.wanted)
        });
        let report = report.await.map_err(|e| anyhow::anyhow!("{e:?}"))?;
        if args.json {
            println!("{}", terminal::json(&serde_json::to_string_pretty(&report)?));
        } else {
            print(&report);
            println!("\n{}", verdict_text(report.verdict));
        }
        report.verdict
    };
    Ok(match verdict {
        Verdict::Verified | Verdict::Warning => ExitCode::SUCCESS,
        Verdict::Failed => ExitCode::from(1),
        Verdict::Unknown => ExitCode::from(2),
    })
}

fn print_presentation(report: &PresentationReport) {
    let holder = report.presentation.as_ref().and_then(|p| p.holder.as_deref());
    println!("presented by {}\n", terminal::line(holder.unwrap_or("somebody who does not say who it is")));
    print_checks(&report.checks);
    for credential in &report.credentials {
        println!();
        print(credential);
    }
    println!("\n{}", verdict_text(report.verdict));
}

fn print(report: &Report) {
    if let Some(c) = &report.credential {
        if let Some(name) = c.achievement.as_ref().or(c.name.as_ref()) {
            println!("{}", terminal::line(name));
        }
        if let Some(issuer) = c.issuer_name.as_ref().or(c.issuer_id.as_ref()) {
            println!("issued by {}", terminal::line(issuer));
        }
        println!();
    }
    print_checks(&report.checks);
}

fn print_checks(checks: &[Check]) {
    for check in checks {
        let (check_name, message) = (terminal::line(&check.check), terminal::line(&check.message));
        println!("{:<8} {check_name:<8} {message}", outcome_name(check.outcome));
    }
}

fn verdict_text(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Verified => "VERIFIED",
        Verdict::Warning => "VERIFIED, WITH WARNINGS",
        Verdict::Failed => "NOT VERIFIED",
        Verdict::Unknown => "CANNOT TELL",
    }
}
