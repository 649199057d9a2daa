//! Bytes by their content: uploads and pictures, named by their SHA-256.

use crate::platform::id::hex;
use anyhow::{Context, Result};
use sha2::{Digest, Sha256};
use std::path::PathBuf;
use tokio::io::AsyncWriteExt as _;

/// Where bytes are kept. One folder now; an object store is another variant.
#[derive(Debug, Clone)]
pub enum Blobs {
    /// Files in a folder, spread over 256 sub-folders.
    Folder(PathBuf),
}

/// An upload on its way in: hashed while it is written, given its name at the end.
#[derive(Debug)]
pub struct Incoming {
    folder: PathBuf,
    file: tokio::fs::File,
    path: tempfile::TempPath,
    hash: Sha256,
    /// Bytes so far.
    pub size: u64,
    /// The first bytes, by which its kind is told.
    pub head: Vec<u8>,
}

/// Bytes that are needed to tell a file's kind.
const HEAD: usize = 8192;

impl Blobs {
    /// Opens (and makes) the folder.
    pub fn open(folder: PathBuf) -> Result<Self> {
        std::fs::create_dir_all(folder.join("incoming"))
            .with_context(|| format!("making the folder {}", folder.display()))?;
        Ok(Self::Folder(folder))
    }

    /// Starts an upload.
    pub async fn receive(&self) -> Result<Incoming> {
        let Self::Folder(folder) = self;
        let path = tempfile::NamedTempFile::new_in(folder.join("incoming"))?.into_temp_path();
        let file = tokio::fs::File::create(&path).await?;
        Ok(Incoming { folder: folder.clone(), file, path, hash: Sha256::new(), size: 0, head: vec![] })
    }

    /// Keeps these bytes; the same bytes are kept once.
    pub async fn put(&self, bytes: &[u8]) -> Result<String> {
        let mut incoming = self.receive().await?;
        incoming.write(bytes).await?;
        incoming.finish().await
    }

    /// The bytes with this name.
    pub async fn get(&self, name: &str) -> Result<Vec<u8>> {
        Ok(tokio::fs::read(self.path(name)?).await?)
    }

    /// The file with this name, to stream from.
    pub async fn file(&self, name: &str) -> Result<tokio::fs::File> {
        Ok(tokio::fs::File::open(self.path(name)?).await?)
    }

    /// The folder of all blobs.
    pub fn folder(&self) -> &std::path::Path {
        let Self::Folder(folder) = self;
        folder
    }

    /// Where the bytes with this name lie.
    pub fn place(&self, name: &str) -> Result<PathBuf> {
        self.path(name)
    }

    fn path(&self, name: &str) -> Result<PathBuf> {
        let Self::Folder(folder) = self;
        anyhow::ensure!(name.len() == 64 && name.bytes().all(|b| b.is_ascii_hexdigit()), "not a blob's name");
        Ok(folder.join(&name[..2]).join(name))
    }
}

impl Incoming {
    /// Adds bytes.
    pub async fn write(&mut self, bytes: &[u8]) -> Result<()> {
        if self.head.len() < HEAD {
            let room = (HEAD - self.head.len()).min(bytes.len());
            self.head.extend_from_slice(&bytes[..room]);
        }
        self.hash.update(bytes);
        self.size += bytes.len() as u64;
        self.file.write_all(bytes).await?;
        Ok(())
    }

    /// Puts the bytes in their place, on disk, and gives their name. An upload
    /// that is dropped before leaves nothing behind.
    pub async fn finish(mut self) -> Result<String> {
        self.file.flush().await?;
        self.file.sync_all().await?;
        let name = hex(&self.hash.finalize());
        let folder = self.folder.join(&name[..2]);
        tokio::fs::create_dir_all(&folder).await?;
        self.path.persist(folder.join(&name)).context("putting an upload in its place")?;
        Ok(name)
    }
}
