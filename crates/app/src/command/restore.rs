//! `cairn restore FILE`: a backup becomes a data folder again. Everything is
//! unpacked and checked beside the old data first; only a whole and unharmed
//! backup takes its place, and the old data is set aside, not removed.

use crate::command::backup::{self, DATABASE, FORMAT, MANIFEST, MASTER_KEY, Manifest, Member};
use anyhow::{Context, Result, bail, ensure};
use cairn_platform::blob::is_name;
use cairn_platform::clock::Clock;
use cairn_platform::config::Config;
use cairn_platform::event::head::{NOTE, note};
use cairn_platform::{db, private};
use std::collections::BTreeSet;
use std::fs::File;
use std::io::{BufReader, Read as _, Write as _};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use zip::ZipArchive;

/// Largest list of members that is read: about two million uploads.
const MOST_MANIFEST: u64 = 512 * 1024 * 1024;

/// Make a data folder of a backup. Stop the server first.
#[derive(Debug, clap::Args)]
pub struct RestoreArgs {
    /// File that `cairn backup` wrote.
    pub file: PathBuf,
    /// Restore although there is data; the old folder is kept beside the new one.
    #[arg(long)]
    pub force: bool,
}

/// What to do with data that is there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OldData {
    /// Leave it and refuse.
    Refuse,
    /// Rename its folder.
    SetAside,
}

/// What was restored.
#[derive(Debug)]
pub struct Restoration {
    /// What was in the file.
    pub manifest: Manifest,
    /// Where the old data is now.
    pub old: Option<PathBuf>,
    /// True when somebody must bring the master key before the server starts.
    pub needs_master_key: bool,
}

/// `cairn restore`
pub fn command(config: &Config, args: &RestoreArgs) -> Result<ExitCode> {
    let old = if args.force { OldData::SetAside } else { OldData::Refuse };
    let restored = run(config, &args.file, old)?;
    let manifest = &restored.manifest;
    println!("Restored {} of {} from {}.", config.data.display(), manifest.base_url, manifest.created_at);
    if let Some(old) = &restored.old {
        println!("The old data is kept at {}; remove it when you no longer need it.", old.display());
    }
    if manifest.base_url != config.base_url {
        println!(
            "WARNING: the backup is of {}, this instance is set to {}. Badges carry the old address; serve it there.",
            manifest.base_url, config.base_url
        );
    }
    if restored.needs_master_key {
        println!(
            "NEXT: put the master key at {} (chmod 600) or into CAIRN_MASTER_KEY before you start the server. Without it \
             a new key is made, and the signing keys of your organisations do not open.",
            config.data.join(MASTER_KEY).display()
        );
    }
    Ok(ExitCode::SUCCESS)
}

/// Restores a backup into the data folder of the settings.
pub fn run(config: &Config, file: &Path, old: OldData) -> Result<Restoration> {
    let Some(database) = db::file_of(&config.database_url()) else {
        bail!(
            "the settings name PostgreSQL; restore its dump with `pg_restore --dbname=DATABASE cairn.dump` and copy the \
             folder blobs to {}",
            config.data.display()
        );
    };
    let inside = database == config.data.join(DATABASE);
    let has_data = !is_empty(&config.data)? || (!inside && database.exists());
    if has_data {
        ensure!(
            old == OldData::SetAside,
            "{} is not empty; stop the server and add --force to set the old data aside and restore",
            config.data.display()
        );
        nobody_serves(config)?;
    }
    let opened = File::open(file).with_context(|| format!("reading {}", file.display()))?;
    let mut zip = ZipArchive::new(BufReader::new(opened))
        .with_context(|| format!("{} is not a backup of Cairn: it is no zip file", file.display()))?;
    let manifest = read_manifest(&mut zip)?;
    let parent = config.data.parent().filter(|p| !p.as_os_str().is_empty()).unwrap_or(Path::new("."));
    std::fs::create_dir_all(parent)?;
    // an empty folder may be a mounted volume, which cannot be renamed: unpack inside
    let at = if has_data { parent } else { &config.data };
    private::folder(at)?;
    let stage = tempfile::Builder::new()
        .prefix(".restoring-")
        .tempdir_in(at)
        .with_context(|| format!("writing in {}; may this user write there?", at.display()))?;
    for member in &manifest.members {
        unpack(&mut zip, member, stage.path())?;
    }
    private::folder(&stage.path().join("blobs"))?;
    let kept_key = keep_master_key(config, stage.path())?;
    let old = if has_data { set_aside(config, &database, inside)? } else { None };
    private::folder(&config.data)?;
    for name in ["blobs", MASTER_KEY, DATABASE] {
        let (from, to) = (stage.path().join(name), config.data.join(name));
        if !from.exists() {
            continue;
        }
        let to = if name == DATABASE { &database } else { &to };
        std::fs::rename(&from, to).or_else(|_| std::fs::copy(&from, to).map(drop)).with_context(|| {
            let place =
                old.as_ref().map_or(String::new(), |o| format!("; the old data is at {}", o.display()));
            format!("putting {name} in its place{place}")
        })?;
    }
    // the next start makes a line of the audit log of it
    let mut out = backup::private(&config.data.join(NOTE))?;
    out.write_all(note(&manifest.created_at).as_bytes()).context("noting the restore")?;
    let needs_master_key = config.master_key.is_empty() && !manifest.has_master_key() && !kept_key;
    Ok(Restoration { manifest, old, needs_master_key })
}

fn is_empty(folder: &Path) -> Result<bool> {
    match std::fs::read_dir(folder) {
        Ok(mut entries) => Ok(entries.next().is_none()),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(true),
        Err(error) => Err(error).with_context(|| format!("reading {}", folder.display())),
    }
}

/// A server that goes on would write into the folder that was set aside.
fn nobody_serves(config: &Config) -> Result<()> {
    match std::net::TcpListener::bind(&config.listen) {
        Err(error) if error.kind() == std::io::ErrorKind::AddrInUse => {
            bail!("something listens at {}, probably this instance; stop it first", config.listen)
        }
        _ => Ok(()),
    }
}

/// The list of members; nothing is unpacked that it does not name, and it names
/// nothing but what a data folder holds.
fn read_manifest(zip: &mut ZipArchive<BufReader<File>>) -> Result<Manifest> {
    let mut text = String::new();
    zip.by_name(MANIFEST)
        .context("this is not a backup of Cairn: it has no manifest.json")?
        .take(MOST_MANIFEST)
        .read_to_string(&mut text)
        .context("reading manifest.json")?;
    let manifest: Manifest = serde_json::from_str(&text).context("reading manifest.json")?;
    ensure!(
        manifest.format == FORMAT,
        "this backup has the form {}, this Cairn {} reads {FORMAT}; it was written by Cairn {}, restore it with that one",
        manifest.format,
        env!("CARGO_PKG_VERSION"),
        manifest.version
    );
    let listed: BTreeSet<&str> = manifest.members.iter().map(|m| m.name.as_str()).collect();
    ensure!(listed.len() == manifest.members.len(), "manifest.json names a file twice");
    ensure!(listed.contains(DATABASE), "the backup holds no database");
    if let Some(name) = listed.iter().find(|name| !belongs(name)) {
        bail!("the backup holds “{name}”, which is no part of a data folder; nothing was restored");
    }
    for name in zip.file_names() {
        let name = name.context("reading the names in the backup")?;
        ensure!(
            name == MANIFEST || listed.contains(name.as_ref()),
            "the backup holds “{name}”, which its manifest does not name; nothing was restored"
        );
    }
    Ok(manifest)
}

/// True for the names that a backup may hold: an exact list, so that no path
/// leads out of the folder.
fn belongs(name: &str) -> bool {
    if matches!(name, DATABASE | MASTER_KEY) {
        return true;
    }
    let Some((folder, blob)) = name.strip_prefix("blobs/").and_then(|n| n.split_once('/')) else {
        return false;
    };
    is_name(blob) && folder == &blob[..2]
}

fn unpack(zip: &mut ZipArchive<BufReader<File>>, member: &Member, stage: &Path) -> Result<()> {
    let name = &member.name;
    let to = stage.join(name);
    private::folder(to.parent().context("a member lies in a folder")?)?;
    let from = zip.by_name(name).with_context(|| format!("the backup is not whole: {name} is missing"))?;
    let mut out = backup::private(&to)?;
    // one byte more than promised is enough to know
    let (size, sha256) = backup::copy(&mut from.take(member.size + 1), &mut out)
        .with_context(|| format!("the backup is damaged: {name} cannot be unpacked"))?;
    ensure!(
        size == member.size && sha256 == member.sha256,
        "the backup is damaged: {name} does not have the content that its manifest names; nothing was restored"
    );
    out.sync_all()?;
    Ok(())
}

/// The key of this folder stays when the backup brings none.
fn keep_master_key(config: &Config, stage: &Path) -> Result<bool> {
    let (old, new) = (config.data.join(MASTER_KEY), stage.join(MASTER_KEY));
    if new.exists() || !old.exists() {
        return Ok(false);
    }
    let mut out = backup::private(&new)?;
    backup::copy(&mut File::open(&old)?, &mut out).context("keeping the master key")?;
    out.sync_all()?;
    Ok(true)
}

/// `cairn-data` becomes `cairn-data.old-20261122T120000Z`.
fn set_aside(config: &Config, database: &Path, inside: bool) -> Result<Option<PathBuf>> {
    let ending = format!("old-{}", Clock::System.now().strftime("%Y%m%dT%H%M%SZ"));
    let beside = |path: &Path| PathBuf::from(format!("{}.{ending}", path.display()));
    if !inside {
        for end in ["", "-wal", "-shm"] {
            let file = PathBuf::from(format!("{}{end}", database.display()));
            if file.exists() {
                std::fs::rename(&file, beside(&file))
                    .with_context(|| format!("setting {} aside", file.display()))?;
            }
        }
    }
    if !config.data.exists() {
        return Ok(None);
    }
    let aside = beside(&config.data);
    std::fs::rename(&config.data, &aside).with_context(|| {
        format!(
            "setting {} aside; if it is a mounted volume, empty it yourself and restore again",
            config.data.display()
        )
    })?;
    // an older Cairn may have left it open to others
    let _ = private::close(&private::open_to_others(&aside, Some(&aside.join(DATABASE))));
    Ok(Some(aside))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_a_data_folder_holds_belongs_into_it() {
        let blob = "ab".repeat(32);
        let check = |name: &str, want| assert_eq!(belongs(name), want, "{name}");
        check("cairn.sqlite3", true);
        check("master.key", true);
        check(&format!("blobs/ab/{blob}"), true);
        check(&format!("blobs/cd/{blob}"), false);
        check(&format!("blobs/../{blob}"), false);
        check(&format!("../blobs/ab/{blob}"), false);
        check("../master.key", false);
        check("/etc/passwd", false);
        check("C:\\master.key", false);
        check("blobs/ab/..", false);
        check("blobs/incoming/x", false);
    }
}
