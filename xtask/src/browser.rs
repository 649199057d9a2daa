//! Starts the demo and lets a browser walk through it.

use crate::run::{self, Part, root, says};
use anyhow::{Context, Result, bail};
use std::io::{BufRead, BufReader};
use std::process::{Child, ChildStdout, Command, Stdio};

/// Debian's.
pub const CHROMIUM: &str = "/usr/bin/chromium";

/// Every page in light and dark, narrow and wide, and the story.
pub fn tests() -> Result<Part> {
    let name = "tests in the browser";
    let demo = match Demo::start() {
        Ok(demo) => demo,
        Err(error) => {
            eprintln!("{error:#}");
            return Ok(Part { name, passed: 0, failed: 1, skipped: vec![] });
        }
    };
    run::tests(name, demo.node("run.mjs"))
}

/// A running `cairn demo`; stops when it is dropped.
struct Demo {
    child: Child,
    /// Kept open, so that the demo can go on printing.
    _stdout: BufReader<ChildStdout>,
    /// What it said of itself: one line of JSON.
    line: String,
}

impl Demo {
    fn start() -> Result<Self> {
        let program = run::program()?;
        says("starting cairn demo");
        let mut command = Command::new(&program);
        command.args(["demo", "--json", "--port", "0"]).current_dir(root());
        let mut child =
            command.stdin(Stdio::null()).stdout(Stdio::piped()).spawn().context("starting cairn")?;
        let mut stdout = BufReader::new(child.stdout.take().context("the demo's output")?);
        let mut line = String::new();
        let read = stdout.read_line(&mut line);
        let demo = Self { child, _stdout: stdout, line: line.trim().to_owned() };
        read.context("reading what the demo says")?;
        if !demo.line.starts_with('{') {
            bail!("`cairn demo --json` did not say where it is, but “{}”", demo.line);
        }
        Ok(demo)
    }

    /// Node with a script of `e2e/`, told where the demo is.
    fn node(&self, script: &str) -> Command {
        let mut command = Command::new("node");
        command.arg(script).current_dir(root().join("e2e"));
        command.env("CAIRN_DEMO", &self.line).env("CAIRN_CHROMIUM", CHROMIUM);
        command
    }
}

impl Drop for Demo {
    fn drop(&mut self) {
        run::stop(&mut self.child);
    }
}
