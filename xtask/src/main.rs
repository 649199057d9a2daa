//! `cargo xtask check | test | bench | postgres -- COMMAND`: everything that is
//! run on Cairn's sources, the same on a laptop and in CI.

mod advisories;
mod browser;
mod packages;
mod peers;
mod postgres;
mod run;

use anyhow::{Result, bail};
use run::{Part, cargo, root, says};
use std::process::{Command, ExitCode};
use std::time::Instant;

const USAGE: &str = "\
cargo xtask check               format, lints and all tests on SQLite; needs nothing but Rust
cargo xtask test                the same, known faults in dependencies, the app's tests on PostgreSQL,
                                other implementations of the standards, and the browser tests
cargo xtask peers               only the other implementations: what we sign they verify, and
                                what they sign we verify
cargo xtask bench               benchmarks of the crates and of the program
cargo xtask postgres -- COMMAND runs a command with CAIRN_TEST_POSTGRES naming a fresh server,
                                such as: cargo xtask postgres -- cargo test -p cairn
";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let outcome = match words.as_slice() {
        ["check"] => Ok(sum_up(check)),
        ["test"] => Ok(sum_up(test)),
        ["peers"] => Ok(sum_up(only_peers)),
        ["bench"] => bench().map(|()| ExitCode::SUCCESS),
        ["postgres", "--", program, rest @ ..] => on_postgres(program, rest).map(|()| ExitCode::SUCCESS),
        _ => {
            eprint!("{USAGE}");
            return ExitCode::from(2);
        }
    };
    outcome.unwrap_or_else(|error| {
        eprintln!("{error:#}");
        ExitCode::FAILURE
    })
}

/// Format, lints, tests on SQLite.
fn check(parts: &mut Vec<Part>) -> Result<()> {
    parts.push(run::step("format", cargo(&["fmt", "--all", "--check"]))?);
    let lints = ["clippy", "--workspace", "--all-targets", "--locked", "--", "-D", "warnings"];
    parts.push(run::step("lints", cargo(&lints))?);
    parts.push(run::tests("tests on SQLite", cargo(&["test", "--workspace", "--locked", "--no-fail-fast"]))?);
    Ok(())
}

/// Everything. What is missing on the machine is installed first, so that a
/// long run does not end for the lack of it.
fn test(parts: &mut Vec<Part>) -> Result<()> {
    packages::system()?;
    packages::node(&root().join("e2e"))?;
    let python = peers::install()?;
    check(parts)?;
    parts.push(advisories::check()?);
    parts.push(tests_on_postgres()?);
    peers::tests(parts, &python)?;
    parts.push(browser::tests()?);
    Ok(())
}

fn only_peers(parts: &mut Vec<Part>) -> Result<()> {
    packages::system()?;
    let python = peers::install()?;
    peers::tests(parts, &python)
}

fn tests_on_postgres() -> Result<Part> {
    let server = postgres::Server::start()?;
    let mut tests = cargo(&["test", "--workspace", "--test", "app", "--locked", "--no-fail-fast"]);
    tests.env(postgres::VARIABLE, server.url());
    run::tests("tests on PostgreSQL", tests)
}

fn bench() -> Result<()> {
    packages::node(&peers::bench_folder())?;
    if !run::live(&mut cargo(&["bench", "--workspace", "--locked"]))? {
        bail!("the benchmarks failed");
    }
    Ok(())
}

fn on_postgres(program: &str, rest: &[&str]) -> Result<()> {
    let server = postgres::Server::start()?;
    let mut command = Command::new(program);
    command.args(rest).env(postgres::VARIABLE, server.url());
    if !run::live(&mut command)? {
        bail!("{program} failed");
    }
    Ok(())
}

/// Runs the parts and ends with how many tests passed and failed, also when a
/// part could not be run.
fn sum_up(run: fn(&mut Vec<Part>) -> Result<()>) -> ExitCode {
    let (started, mut parts) = (Instant::now(), vec![]);
    let outcome = run(&mut parts);
    says(&format!("summary after {} s, in {}", started.elapsed().as_secs(), root().display()));
    for part in &parts {
        println!("{part}");
    }
    let passed: u32 = parts.iter().map(|p| p.passed).sum();
    let failed = parts.iter().map(|p| p.failed).sum::<u32>() + u32::from(outcome.is_err());
    if let Err(error) = &outcome {
        println!("stopped: {error:#}");
    }
    let skipped: Vec<&String> = parts.iter().flat_map(|p| &p.skipped).collect();
    for what in &skipped {
        println!("skipped: {what}");
    }
    println!("{passed} passed, {failed} failed, {} skipped", skipped.len());
    if failed == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}
