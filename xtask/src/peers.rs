//! Other implementations of the standards, in Node and Python, against the
//! program.

use crate::packages;
use crate::run::{self, Part, root};
use anyhow::Result;
use std::path::{Path, PathBuf};
use std::process::Command;

fn folder() -> PathBuf {
    root().join("crates/credential/peers")
}

/// Where the benchmark's peer is.
pub fn bench_folder() -> PathBuf {
    root().join("crates/credential/benches/peers")
}

/// What they need; the Python to run them with.
pub fn install() -> Result<PathBuf> {
    packages::node(&folder())?;
    packages::python(&folder(), "peers-python")
}

/// What we sign they verify, and what they sign we verify.
pub fn tests(parts: &mut Vec<Part>, python: &Path) -> Result<()> {
    let program = run::program()?;
    let mut node = Command::new("node");
    node.args(["--test", "--test-reporter=spec", "."]);
    let mut script = Command::new(python);
    script.args(["-W", "ignore", "test_peers.py"]);
    for (name, mut command) in [("peers in Node", node), ("peers in Python", script)] {
        command.current_dir(folder()).env("CAIRN", &program);
        parts.push(run::tests(name, command)?);
    }
    Ok(())
}
