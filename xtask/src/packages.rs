//! What the tests need on the machine beside Rust.

use crate::run::{live, root, says};
use anyhow::{Context, Result, bail};
use std::path::Path;
use std::process::Command;

/// Debian packages; installed where they are missing, by root only.
pub fn system() -> Result<()> {
    let needed = [
        ("postgresql", crate::postgres::programs().is_some()),
        ("chromium", Path::new(crate::browser::CHROMIUM).exists()),
        ("nodejs", on_path("node")),
        ("npm", on_path("npm")),
    ];
    let missing: Vec<&str> = needed.iter().filter(|(_, there)| !there).map(|(name, _)| *name).collect();
    if missing.is_empty() {
        return Ok(());
    }
    let list = missing.join(" ");
    if !is_root()? {
        bail!("these packages are missing; install them and run this again:\n  sudo apt-get install {list}");
    }
    says(&format!("installing {list}"));
    let apt = |arguments: &[&str]| {
        let mut command = Command::new("apt-get");
        command.args(arguments).env("DEBIAN_FRONTEND", "noninteractive");
        command
    };
    live(&mut apt(&["update"]))?;
    let mut install = apt(&["install", "--yes", "--no-install-recommends"]);
    if !live(install.args(&missing))? {
        bail!("apt-get install {list} failed");
    }
    Ok(())
}

/// The browser tests' own packages, as their lock file says.
pub fn node() -> Result<()> {
    let folder = root().join("e2e");
    let changed = |name: &str| folder.join(name).metadata().and_then(|m| m.modified()).ok();
    // npm writes this file last
    let (done, wanted) = (changed("node_modules/.package-lock.json"), changed("package-lock.json"));
    if done.is_some() && done >= wanted {
        return Ok(());
    }
    let mut npm = Command::new("npm");
    npm.args(["ci", "--no-audit", "--no-fund"]).current_dir(&folder);
    if !live(&mut npm)? {
        bail!("npm ci failed in {}", folder.display());
    }
    Ok(())
}

/// True for the superuser.
pub fn is_root() -> Result<bool> {
    Ok(id(&["-u"])? == 0)
}

/// What the program `id` says.
pub fn id(arguments: &[&str]) -> Result<u32> {
    let output = Command::new("id").args(arguments).output().context("running id")?;
    let text = String::from_utf8_lossy(&output.stdout);
    text.trim().parse().with_context(|| format!("id {} said nothing", arguments.join(" ")))
}

fn on_path(program: &str) -> bool {
    let path = std::env::var_os("PATH").unwrap_or_default();
    std::env::split_paths(&path).any(|folder| folder.join(program).exists())
}
