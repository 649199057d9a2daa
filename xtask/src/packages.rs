//! What the tests need on the machine beside Rust.

use crate::run::{live, says, target};
use anyhow::{Context, Result, bail};
use std::path::{Path, PathBuf};
use std::process::Command;

/// Debian packages; installed where they are missing, by root only.
pub fn system() -> Result<()> {
    let needed = [
        ("postgresql", crate::postgres::programs().is_some()),
        ("chromium", Path::new(crate::browser::CHROMIUM).exists()),
        ("nodejs", on_path("node")),
        ("npm", on_path("npm")),
        ("python3-venv", has_venv()),
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

/// The Node packages of a folder, as its lock file says.
pub fn node(folder: &Path) -> Result<()> {
    let changed = |name: &str| folder.join(name).metadata().and_then(|m| m.modified()).ok();
    // npm writes this file last
    let (done, wanted) = (changed("node_modules/.package-lock.json"), changed("package-lock.json"));
    if done.is_some() && done >= wanted {
        return Ok(());
    }
    let mut npm = Command::new("npm");
    npm.args(["ci", "--no-audit", "--no-fund"]).current_dir(folder);
    if !live(&mut npm)? {
        bail!("npm ci failed in {}", folder.display());
    }
    Ok(())
}

/// A Python with the packages that a folder's `requirements.txt` names; where
/// it is.
pub fn python(folder: &Path, name: &str) -> Result<PathBuf> {
    let wanted = folder.join("requirements.txt");
    let environment = target()?.join(name);
    let (python, done) = (environment.join("bin/python"), environment.join("requirements.txt"));
    let text = std::fs::read(&wanted).with_context(|| format!("reading {}", wanted.display()))?;
    if std::fs::read(&done).is_ok_and(|before| before == text) {
        return Ok(python);
    }
    let mut make = Command::new("python3");
    make.args(["-m", "venv", "--clear"]).arg(&environment);
    let mut install = Command::new(&python);
    install
        .args([
            "-m",
            "pip",
            "install",
            "--quiet",
            "--disable-pip-version-check",
            "--require-hashes",
            "--requirement",
        ])
        .arg(&wanted);
    if !live(&mut make)? || !live(&mut install)? {
        bail!("the packages of {} could not be installed", wanted.display());
    }
    std::fs::write(&done, text)?;
    Ok(python)
}

/// True if `python3 -m venv` works.
fn has_venv() -> bool {
    let probe = Command::new("python3").args(["-c", "import ensurepip, venv"]).output();
    probe.is_ok_and(|output| output.status.success())
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
