//! Bytes by their content: uploads and pictures, named by their SHA-256. Bytes
//! get their place in the transaction that writes their use
//! ([`crate::blob_use`]), and leave it when no use is left.

use crate::id::hex;
use crate::private;
use anyhow::{Context, Result};
use sha2::{Digest, Sha256};
use std::path::{Path, PathBuf};
use tokio::io::AsyncWriteExt as _;

/// Where bytes are kept. One folder now; an object store is another variant.
#[derive(Debug, Clone)]
pub enum Blobs {
    /// Files in a folder, spread over 256 sub-folders.
    Folder(PathBuf),
}

/// Room for uploads that somebody may send. Nothing is taken in without one,
/// and only what has checked the right makes one: the list of those is held by
/// a test.
#[derive(Debug)]
pub struct Place {
    most: u64,
}

impl Place {
    /// For whoever has just checked that these bytes may come; at most `most` of them.
    pub fn granted(most: u64) -> Self {
        Self { most }
    }

    /// Bytes that one upload may have.
    pub fn most(&self) -> u64 {
        self.most
    }
}

/// An upload on its way in: hashed while it is written. One that is dropped
/// leaves nothing behind.
#[derive(Debug)]
pub struct Incoming {
    folder: PathBuf,
    file: tokio::fs::File,
    path: tempfile::TempPath,
    hash: Sha256,
    most: u64,
    size: u64,
    head: Vec<u8>,
}

/// An upload that has arrived and waits beside the others until something uses
/// it. One that is dropped leaves nothing behind.
#[derive(Debug)]
pub struct ReceivedBlob {
    folder: PathBuf,
    path: tempfile::TempPath,
    name: String,
    size: u64,
    head: Vec<u8>,
}

/// Bytes that are needed to tell a file's kind.
const HEAD: usize = 8192;
/// Folder of what is on its way in, among the blobs' folders.
const INCOMING: &str = "incoming";

impl Blobs {
    /// Opens (and makes) the folder.
    pub fn open(folder: PathBuf) -> Result<Self> {
        private::folder(&folder.join(INCOMING))
            .with_context(|| format!("making the folder {}", folder.display()))?;
        Ok(Self::Folder(folder))
    }

    /// Starts an upload.
    pub async fn receive(&self, place: &Place) -> Result<Incoming> {
        let path = tempfile::NamedTempFile::new_in(self.incoming())?.into_temp_path();
        let file = tokio::fs::File::create(&path).await?;
        let folder = self.folder().to_owned();
        Ok(Incoming { folder, file, path, hash: Sha256::new(), most: place.most, size: 0, head: vec![] })
    }

    /// Takes in bytes that are there already.
    pub async fn put(&self, place: &Place, bytes: &[u8]) -> Result<ReceivedBlob> {
        let mut incoming = self.receive(place).await?;
        incoming.write(bytes).await?;
        incoming.finish().await
    }

    /// The bytes with this name.
    pub async fn get(&self, name: &str) -> Result<Vec<u8>> {
        Ok(tokio::fs::read(self.place(name)?).await?)
    }

    /// The file with this name, to stream from.
    pub async fn file(&self, name: &str) -> Result<tokio::fs::File> {
        Ok(tokio::fs::File::open(self.place(name)?).await?)
    }

    /// The folder of all blobs.
    pub fn folder(&self) -> &Path {
        let Self::Folder(folder) = self;
        folder
    }

    /// The folder of what is on its way in.
    pub(super) fn incoming(&self) -> PathBuf {
        self.folder().join(INCOMING)
    }

    /// Removes the bytes with this name; that they are gone already is as good.
    /// Asked by [`crate::blob_use`] alone, which knows that nothing uses them.
    pub(super) async fn remove(&self, name: &str) -> Result<()> {
        match tokio::fs::remove_file(self.place(name)?).await {
            Err(e) if e.kind() != std::io::ErrorKind::NotFound => Err(e.into()),
            _ => Ok(()),
        }
    }

    /// Where the bytes with this name lie.
    pub fn place(&self, name: &str) -> Result<PathBuf> {
        anyhow::ensure!(is_name(name), "not a blob's name");
        Ok(self.folder().join(&name[..2]).join(name))
    }
}

/// True for 64 lower-case hexadecimal digits.
pub fn is_name(name: &str) -> bool {
    name.len() == 64 && name.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'))
}

impl Incoming {
    /// True when so many bytes more are within the limit.
    pub fn has_room_for(&self, more: usize) -> bool {
        self.size.saturating_add(more as u64) <= self.most
    }

    /// The first bytes, by which its kind is told, as soon as there are enough.
    pub fn whole_head(&self) -> Option<&[u8]> {
        (self.head.len() == HEAD).then_some(&self.head)
    }

    /// Adds bytes.
    pub async fn write(&mut self, bytes: &[u8]) -> Result<()> {
        anyhow::ensure!(self.has_room_for(bytes.len()), "an upload is larger than its place");
        if self.head.len() < HEAD {
            let room = (HEAD - self.head.len()).min(bytes.len());
            self.head.extend_from_slice(&bytes[..room]);
        }
        self.hash.update(bytes);
        self.size += bytes.len() as u64;
        self.file.write_all(bytes).await?;
        Ok(())
    }

    /// Everything is there, and on disk.
    pub async fn finish(mut self) -> Result<ReceivedBlob> {
        self.file.flush().await?;
        self.file.sync_all().await?;
        let name = hex(&self.hash.finalize());
        Ok(ReceivedBlob { folder: self.folder, path: self.path, name, size: self.size, head: self.head })
    }
}

impl ReceivedBlob {
    /// The name that it will have.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Bytes.
    pub fn size(&self) -> u64 {
        self.size
    }

    /// The first bytes, by which its kind is told.
    pub fn head(&self) -> &[u8] {
        &self.head
    }

    /// The bytes, while nothing uses them yet.
    pub fn open(&self) -> std::io::Result<std::fs::File> {
        std::fs::File::open(&self.path)
    }

    /// Puts the bytes in their place; the same bytes are kept once.
    pub(super) fn persist(self) -> Result<String> {
        let folder = self.folder.join(&self.name[..2]);
        private::folder(&folder)?;
        self.path.persist(folder.join(&self.name)).context("putting an upload in its place")?;
        Ok(self.name)
    }
}
