//! Known faults in what we depend on, and its licences and sources, by `cargo deny`.

use crate::run::{self, Part, cargo, live, target};
use anyhow::{Result, bail};
use std::process::{Command, Stdio};

const NAME: &str = "advisories and licences";
/// Where `cargo deny` gets its database; `deny.toml` names the same.
const DATABASE: &str = "https://github.com/rustsec/advisory-db";

/// `cargo deny check`; a visible skip where the database cannot be reached, so that nobody takes an old
/// answer, or none, for a good one.
pub fn check() -> Result<Part> {
    if !reachable(DATABASE) {
        return Ok(Part::skipped(NAME, format!("{DATABASE} cannot be reached from here")));
    }
    let tools = target()?.join("tools");
    let deny = tools.join("bin/cargo-deny");
    if !deny.exists() {
        let mut install = cargo(&["install", "--locked", "cargo-deny", "--version", "0.20.2", "--root"]);
        if !live(install.arg(&tools))? {
            bail!("cargo-deny could not be installed");
        }
    }
    let mut command = Command::new(deny);
    command.args(["check", "advisories", "bans", "licenses", "sources"]).current_dir(run::root());
    run::step(NAME, command)
}

/// Whether a repository answers within some seconds.
fn reachable(repository: &str) -> bool {
    let mut ask = Command::new("git");
    ask.args(["-c", "http.lowSpeedLimit=1", "-c", "http.lowSpeedTime=10", "ls-remote", repository, "HEAD"]);
    let ask = ask.env("GIT_TERMINAL_PROMPT", "0").stdout(Stdio::null()).stderr(Stdio::null());
    ask.status().is_ok_and(|status| status.success())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_repository_that_is_not_there_is_not_reachable() {
        let folder = target().unwrap().join("a-repository");
        assert!(Command::new("git").args(["init", "--quiet"]).arg(&folder).status().unwrap().success());
        assert!(reachable(&folder.to_string_lossy()));
        assert!(!reachable(&folder.join("no such folder").to_string_lossy()));
    }

    #[test]
    fn the_settings_name_the_same_database() {
        let settings = std::fs::read_to_string(run::root().join("deny.toml")).unwrap();
        assert!(settings.contains(DATABASE));
    }
}
