//! `cairn backup FILE`: everything that an instance is, in one zip, while it
//! runs. The database is copied first: every upload that the copy names is
//! already in its place then, because uploads are put there before their rows.

use anyhow::{Context, Result, bail, ensure};
use cairn_platform::blob::is_name;
use cairn_platform::clock::Clock;
use cairn_platform::config::Config;
use cairn_platform::db::{self, Db};
use cairn_platform::heavy::detached;
use cairn_platform::id::hex;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::io::{Read, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

/// Name of the list of members within the file.
pub const MANIFEST: &str = "manifest.json";
/// Name of the database within the file.
pub const DATABASE: &str = "cairn.sqlite3";
/// Name of the master key within the file and in the data folder.
pub const MASTER_KEY: &str = "master.key";
/// The form of the file; a later one gets the next number.
pub const FORMAT: u32 = 1;

/// Write everything into one file, also while the server runs.
#[derive(Debug, clap::Args)]
pub struct BackupArgs {
    /// File to write, such as `cairn-2026-11-22.zip`; it must not exist.
    pub file: PathBuf,
    /// Put the master key into the file too. Whoever has the file can then sign as you.
    #[arg(long)]
    pub with_master_key: bool,
}

/// Whether the key that opens the signing keys is in the file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MasterKey {
    /// It is, and the file is as secret as the key.
    Included,
    /// It is kept elsewhere.
    LeftOut,
}

/// What is in a backup.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Manifest {
    /// Form of the file.
    pub format: u32,
    /// The program that wrote it.
    pub version: String,
    /// ISO 8601, UTC.
    pub created_at: String,
    /// Address of the instance, which its credentials carry.
    pub base_url: String,
    /// Everything else in the file.
    pub members: Vec<Member>,
}

/// One file within the backup.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Member {
    /// `cairn.sqlite3`, `master.key` or `blobs/ab/abcd…`.
    pub name: String,
    /// Bytes.
    pub size: u64,
    /// SHA-256, lower-case hexadecimal.
    pub sha256: String,
}

/// What was written.
#[derive(Debug)]
pub struct Backup {
    /// What is in it.
    pub manifest: Manifest,
    /// Uploads whose bytes are no longer those of their name: the disk is to blame.
    pub damaged: Vec<String>,
}

impl Manifest {
    /// True when the master key is in the file.
    pub fn has_master_key(&self) -> bool {
        self.members.iter().any(|m| m.name == MASTER_KEY)
    }
}

/// `cairn backup`
pub async fn command(config: &Config, args: &BackupArgs) -> Result<ExitCode> {
    let key = if args.with_master_key { MasterKey::Included } else { MasterKey::LeftOut };
    let backup = run(config, &args.file, key).await?;
    let members = &backup.manifest.members;
    let size: u64 = members.iter().map(|m| m.size).sum();
    println!(
        "Wrote {}: database, {} uploads, {:.1} MB before compression.",
        args.file.display(),
        members.iter().filter(|m| m.name.starts_with("blobs/")).count(),
        size as f64 / 1e6
    );
    for name in &backup.damaged {
        println!("WARNING: {name} does not have the content of its name any more; the disk may be failing.");
    }
    match key {
        MasterKey::Included => println!(
            "WARNING: the master key is in this file. Whoever has the file can sign badges as your organisations; \
             encrypt it or lock it away."
        ),
        MasterKey::LeftOut => println!(
            "The master key is not in this file, and without it the signing keys in it cannot be opened. Keep it apart \
             from the backups, in a password manager or a safe: {}",
            key_place(config)
        ),
    }
    Ok(if backup.damaged.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// Where the master key is now, in words.
pub fn key_place(config: &Config) -> String {
    if config.master_key.is_empty() {
        config.data.join(MASTER_KEY).display().to_string()
    } else {
        "the setting master_key (CAIRN_MASTER_KEY)".into()
    }
}

/// Writes a backup. The file appears when it is complete, readable by its owner only.
pub async fn run(config: &Config, file: &Path, key: MasterKey) -> Result<Backup> {
    ensure!(!file.exists(), "{} is already there; choose another name", file.display());
    let Some(database) = db::file_of(&config.database_url()) else {
        bail!(
            "this instance keeps its data in PostgreSQL, which has its own tool: run `pg_dump --format=custom \
             --file=cairn.dump DATABASE` and copy the folder {} afterwards, in this order",
            config.data.join("blobs").display()
        );
    };
    ensure!(database.exists(), "there is no database at {}; is `data` right?", database.display());
    let folder = file.parent().filter(|p| !p.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let work = tempfile::Builder::new()
        .prefix(".cairn-backup-")
        .tempdir_in(folder)
        .with_context(|| format!("writing in {}; may this user write there?", folder.display()))?;
    let copy = work.path().join(DATABASE);
    let db = Db::open(&config.database_url()).await?;
    let copied = db.copy_to(&copy).await;
    db.close().await;
    copied?;
    let (config, file) = (config.clone(), file.to_owned());
    let unfinished = work.path().join("unfinished.zip");
    let writing = move || -> Result<Backup> {
        let backup = write(&config, &copy, &unfinished, key)?;
        // a rename would overwrite a file that came into being meanwhile
        std::fs::hard_link(&unfinished, &file)
            .or_else(|_| std::fs::rename(&unfinished, &file))
            .with_context(|| format!("writing {}", file.display()))?;
        Ok(backup)
    };
    let backup = detached(writing).await.context("writing the backup")?;
    drop(work);
    backup
}

fn write(config: &Config, database: &Path, to: &Path, key: MasterKey) -> Result<Backup> {
    let mut zip = ZipWriter::new(private(to)?);
    let mut backup = Backup {
        manifest: Manifest {
            format: FORMAT,
            version: env!("CARGO_PKG_VERSION").into(),
            created_at: Clock::System.now().to_string(),
            base_url: config.base_url.clone(),
            members: vec![],
        },
        damaged: vec![],
    };
    let database = std::fs::File::open(database).context("reading the copy of the database")?;
    backup.manifest.members.push(add(&mut zip, DATABASE, database, CompressionMethod::Deflated)?);
    if key == MasterKey::Included {
        let text = master_key(config)?;
        backup.manifest.members.push(add(&mut zip, MASTER_KEY, text.as_bytes(), CompressionMethod::Stored)?);
    }
    for path in uploads(&config.data.join("blobs"))? {
        let name = path.file_name().and_then(|n| n.to_str()).unwrap_or_default().to_owned();
        let file = match std::fs::File::open(&path) {
            // nothing uses it any more since the folder was read
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => continue,
            file => file.with_context(|| format!("reading {}", path.display()))?,
        };
        // mostly pictures, PDFs and films, which do not become smaller
        let member = add(&mut zip, &format!("blobs/{}/{name}", &name[..2]), file, CompressionMethod::Stored)?;
        if member.sha256 != name {
            backup.damaged.push(member.name.clone());
        }
        backup.manifest.members.push(member);
    }
    let manifest = serde_json::to_vec_pretty(&backup.manifest)?;
    add(&mut zip, MANIFEST, &manifest[..], CompressionMethod::Deflated)?;
    zip.finish().context("ending the backup")?.sync_all()?;
    Ok(backup)
}

fn add(
    zip: &mut ZipWriter<std::fs::File>,
    name: &str,
    mut from: impl Read,
    method: CompressionMethod,
) -> Result<Member> {
    let options =
        SimpleFileOptions::default().compression_method(method).large_file(true).unix_permissions(0o600);
    zip.start_file(name, options)?;
    let (size, sha256) = copy(&mut from, zip).with_context(|| format!("adding {name}"))?;
    Ok(Member { name: name.to_owned(), size, sha256 })
}

/// Copies, counts and hashes.
pub fn copy(from: &mut impl Read, to: &mut impl Write) -> std::io::Result<(u64, String)> {
    let (mut hash, mut size, mut buffer) = (Sha256::new(), 0, vec![0; 64 * 1024]);
    loop {
        let count = from.read(&mut buffer)?;
        if count == 0 {
            return Ok((size, hex(&hash.finalize())));
        }
        hash.update(&buffer[..count]);
        to.write_all(&buffer[..count])?;
        size += count as u64;
    }
}

fn master_key(config: &Config) -> Result<String> {
    if !config.master_key.is_empty() {
        return Ok(config.master_key.clone());
    }
    let file = config.data.join(MASTER_KEY);
    std::fs::read_to_string(&file).with_context(|| format!("reading {}", file.display()))
}

/// Files in the blob store with a blob's name, in order; unfinished uploads are left out.
fn uploads(folder: &Path) -> Result<Vec<PathBuf>> {
    let mut found = vec![];
    if !folder.exists() {
        return Ok(found);
    }
    for entry in std::fs::read_dir(folder).with_context(|| format!("reading {}", folder.display()))? {
        let entry = entry?;
        if entry.file_type()?.is_dir() && entry.file_name() != "incoming" {
            for blob in std::fs::read_dir(entry.path())? {
                let blob = blob?;
                if is_name(blob.file_name().to_str().unwrap_or("")) {
                    found.push(blob.path());
                }
            }
        }
    }
    found.sort();
    Ok(found)
}

/// A new file that only its owner can read.
pub fn private(path: &Path) -> Result<std::fs::File> {
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path).with_context(|| format!("writing {}", path.display()))
}
