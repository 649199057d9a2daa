//! Runs commands with their output live, and counts the tests they report.

use anyhow::{Context, Result, bail};
use std::collections::BTreeSet;
use std::fmt;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// How one part of a run ended.
#[derive(Debug, PartialEq, Eq)]
pub struct Part {
    /// "tests on SQLite"
    pub name: &'static str,
    /// Tests that passed; 0 for a part that is not made of tests.
    pub passed: u32,
    /// Tests that failed; a part that fails for another reason counts as one.
    pub failed: u32,
    /// What was left out, each with the reason: "canonical::vectors: ../shared/vectors is not here".
    pub skipped: Vec<String>,
}

impl Part {
    /// A part that left out something and did nothing else.
    pub fn skipped(name: &'static str, reason: String) -> Self {
        Self { name, passed: 0, failed: 0, skipped: vec![format!("{name}: {reason}")] }
    }
}

impl fmt::Display for Part {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { name, passed, failed, skipped } = self;
        match (passed, failed) {
            (0, 0) if !skipped.is_empty() => write!(f, "  {name:24} skipped")?,
            (0, 0) => write!(f, "  {name:24} fine")?,
            (0, 1) => write!(f, "  {name:24} FAILED")?,
            (_, 0) => write!(f, "  {name:24} {passed} passed")?,
            _ => write!(f, "  {name:24} {passed} passed, {failed} FAILED")?,
        }
        match skipped.len() {
            0 => Ok(()),
            1 if passed + failed == 0 => Ok(()),
            count => write!(f, ", {count} skipped"),
        }
    }
}

/// The repository's folder.
pub fn root() -> PathBuf {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    here.parent().unwrap_or(here).to_owned()
}

/// The cargo that runs us.
pub fn cargo(arguments: &[&str]) -> Command {
    let mut command = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    command.args(arguments).current_dir(root());
    command
}

/// Builds the program as for its tests; where it is.
pub fn program() -> Result<PathBuf> {
    let words = ["build", "--workspace", "--bin", "cairn", "--locked"];
    if !live(&mut cargo(&words))? {
        bail!("the program does not build");
    }
    Ok(target()?.join("debug").join("cairn"))
}

/// Where cargo puts what it builds: this program lies in `debug` there.
pub fn target() -> Result<PathBuf> {
    let here = std::env::current_exe().context("looking for the target folder")?;
    here.ancestors().nth(2).map(PathBuf::from).context("this program lies in no target folder")
}

/// A line that stands out from the commands' output.
pub fn says(text: &str) {
    println!("\n== {text}");
}

/// Runs a command; true when it ended well.
pub fn live(command: &mut Command) -> Result<bool> {
    says(&shown(command));
    let status = command.status().with_context(|| format!("running {}", shown(command)))?;
    Ok(status.success())
}

/// Runs a part that is not made of tests.
pub fn step(name: &'static str, mut command: Command) -> Result<Part> {
    let well = live(&mut command)?;
    Ok(Part { name, passed: 0, failed: u32::from(!well), skipped: vec![] })
}

/// Where tests write down what they skip, for want of files that are not part of the repository.
const SKIPPED: &str = "CAIRN_SKIPPED";

/// Runs tests and counts them by what they print, and by what they write down as skipped.
pub fn tests(name: &'static str, mut command: Command) -> Result<Part> {
    says(&shown(&command));
    let running = || format!("running the {name}");
    let list = target()?.join(format!("skipped-{}", std::process::id()));
    std::fs::write(&list, "").with_context(running)?;
    let mut child = command.env(SKIPPED, &list).stdout(Stdio::piped()).spawn().with_context(running)?;
    let mut part = Part { name, passed: 0, failed: 0, skipped: vec![] };
    if let Some(stdout) = child.stdout.take() {
        for line in BufReader::new(stdout).split(b'\n') {
            let line = String::from_utf8_lossy(&line.with_context(running)?).into_owned();
            println!("{line}");
            let (passed, failed) = count(&line);
            part.passed += passed;
            part.failed += failed;
        }
    }
    if !child.wait().with_context(running)?.success() && part.failed == 0 {
        part.failed = 1;
    }
    part.skipped = names(&std::fs::read_to_string(&list).with_context(running)?);
    std::fs::remove_file(&list).with_context(running)?;
    // a test that skips returns early, which its runner counts as passed
    part.passed = part.passed.saturating_sub(part.skipped.len() as u32);
    Ok(part)
}

/// Asks a process to end, and ends it when it does not.
pub fn stop(child: &mut Child) {
    let asked = Command::new("kill").args(["-INT", &child.id().to_string()]).status();
    let started = Instant::now();
    while asked.is_ok() && started.elapsed() < Duration::from_secs(10) {
        if !matches!(child.try_wait(), Ok(None)) {
            return;
        }
        std::thread::sleep(Duration::from_millis(20));
    }
    if let Err(error) = child.kill().and_then(|()| child.wait()) {
        eprintln!("process {} could not be stopped: {error}", child.id());
    }
}

/// Passed and failed tests that a line reports: cargo's
/// `test result: ok. 27 passed; 0 failed; …`, Node's `ℹ pass 27` and `ℹ fail 0`.
fn count(line: &str) -> (u32, u32) {
    if let Some((_, counts)) = line.split_once("test result: ") {
        let number = |word: &str| {
            let before = counts.split_once(word).map_or("", |(before, _)| before);
            before.trim_end().rsplit(' ').next().and_then(|n| n.parse().ok()).unwrap_or(0)
        };
        return (number("passed;"), number("failed;"));
    }
    let node = |word: &str| {
        let rest = line.strip_prefix("ℹ ").or_else(|| line.strip_prefix("# "))?;
        rest.strip_prefix(word)?.trim().parse().ok()
    };
    (node("pass ").unwrap_or(0), node("fail ").unwrap_or(0))
}

/// What was skipped, each once: a test may look for its files more than once.
fn names(list: &str) -> Vec<String> {
    let names: BTreeSet<&str> = list.lines().collect();
    names.into_iter().map(str::to_owned).collect()
}

fn shown(command: &Command) -> String {
    let program = Path::new(command.get_program());
    let name = program.file_name().unwrap_or(program.as_os_str()).to_string_lossy().into_owned();
    let arguments = command.get_args().map(|a| a.to_string_lossy().into_owned());
    std::iter::once(name).chain(arguments).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tests_are_counted_by_what_their_runners_print() {
        let check = |line, want| assert_eq!(count(line), want, "{line}");
        check("test result: ok. 27 passed; 0 failed; 1 ignored; 0 measured; 0 filtered out", (27, 0));
        check("test result: FAILED. 24 passed; 3 failed; 0 ignored; 0 measured", (24, 3));
        check("ℹ pass 40", (40, 0));
        check("ℹ fail 2", (0, 2));
        check("# pass 40", (40, 0));
        check("test floor::a_page_opens ... ok", (0, 0));
        check("ℹ tests 42", (0, 0));
    }

    #[test]
    fn what_was_skipped_is_counted_once_and_said() {
        let skipped = names("b::two: not here\na::one: not here\nb::two: not here\n");
        assert_eq!(skipped, ["a::one: not here", "b::two: not here"]);
        let part = Part { name: "tests", passed: 5, failed: 0, skipped };
        assert!(part.to_string().ends_with("5 passed, 2 skipped"), "{part}");
        let part = Part::skipped("advisories", "no database".into());
        assert!(part.to_string().ends_with("advisories               skipped"), "{part}");
    }
}
