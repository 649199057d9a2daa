//! Who can read what lies in the data folder: the user that Cairn runs as, and
//! no other. New things are made so, and what an older Cairn left open is mended.

use std::io;
use std::path::{Path, PathBuf};

/// Says that the audit log of this instance is keyed; `event` makes it and says when it goes.
pub const KEYED: &str = "audit-log.keyed";

/// Makes a folder, and those above it that are missing, for its owner only.
pub fn folder(path: &Path) -> io::Result<()> {
    let mut builder = std::fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(path)
}

/// Makes an empty file for its owner only, if there is none: a database that
/// finds its file takes it with its mode, and gives that to its log.
pub fn file(path: &Path) -> io::Result<()> {
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    match options.open(path) {
        Err(error) if error.kind() != io::ErrorKind::AlreadyExists => Err(error),
        _ => Ok(()),
    }
}

/// The data folder and the files in it that others could read. The upload store
/// is looked through to its end only when its own folder is open.
pub fn open_to_others(data: &Path, database: Option<&Path>) -> Vec<PathBuf> {
    let mut paths = vec![data.to_owned(), data.join("master.key"), data.join(KEYED)];
    if let Some(file) = database {
        paths.extend(["", "-wal", "-shm"].map(|end| PathBuf::from(format!("{}{end}", file.display()))));
    }
    let blobs = data.join("blobs");
    if is_open(&blobs) {
        let mut folders = vec![blobs.clone()];
        while let Some(folder) = folders.pop() {
            let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
            for path in entries.map(|e| e.path()) {
                if path.is_dir() {
                    folders.push(path.clone());
                }
                paths.push(path);
            }
        }
    }
    // last, so that a mending that is cut short is taken up again
    paths.push(blobs);
    paths.retain(|path| is_open(path));
    paths
}

/// Closes to others what they could read; gives what could not be closed.
pub fn close(paths: &[PathBuf]) -> Vec<(PathBuf, io::Error)> {
    paths.iter().filter_map(|path| close_one(path).err().map(|error| (path.clone(), error))).collect()
}

#[cfg(unix)]
fn is_open(path: &Path) -> bool {
    use std::os::unix::fs::PermissionsExt as _;
    // a folder such as /tmp is everybody's on purpose
    let open = |mode: u32| mode & 0o077 != 0 && mode & 0o1000 == 0;
    path.symlink_metadata().is_ok_and(|m| !m.is_symlink() && open(m.permissions().mode()))
}

#[cfg(unix)]
fn close_one(path: &Path) -> io::Result<()> {
    use std::os::unix::fs::PermissionsExt as _;
    let mode = path.symlink_metadata()?.permissions().mode() & 0o700;
    std::fs::set_permissions(path, std::fs::Permissions::from_mode(mode))
}

#[cfg(not(unix))]
fn is_open(_: &Path) -> bool {
    false
}

#[cfg(not(unix))]
fn close_one(_: &Path) -> io::Result<()> {
    Ok(())
}
