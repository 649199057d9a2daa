//! The nightly sweep of the upload store: what was begun and never ended, and
//! bytes that nothing uses, both older than a day. Actions remove what they
//! release; this is for processes that died in between.

use crate::blob::is_name;
use crate::blob_use;
use crate::heavy::detached;
use crate::job::{self, Job, JobError};
use crate::platform::Platform;
use anyhow::{Context as _, Result};
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

/// Younger files may belong to a request that is still running.
const A_DAY: Duration = Duration::from_hours(24);
/// Names that are asked for at once.
const PART: usize = 500;

/// The job `sweep_uploads`.
pub async fn run(app: &Platform, job: &Job) -> Result<(), JobError> {
    let before = a_day_ago(app)?;
    let (mut begun, mut unused) = (0, 0);
    for path in old_files(app.blobs.incoming(), before).await? {
        tokio::fs::remove_file(&path).await.with_context(|| format!("removing {}", path.display()))?;
        begun += 1;
    }
    for number in 0..=u8::MAX {
        let paths = old_files(app.blobs.folder().join(format!("{number:02x}")), before).await?;
        for part in paths.chunks(PART) {
            unused += sweep(app, part).await?;
            let mut tx = app.db.begin().await?;
            job::keep_claim(&mut tx, &job.id, app.clock.now()).await?;
            tx.commit().await?;
        }
    }
    if begun + unused > 0 {
        tracing::info!("Swept {begun} uploads that were never ended and {unused} that nothing uses");
    }
    Ok(())
}

/// By the app's clock, to which files' times are compared.
fn a_day_ago(app: &Platform) -> Result<SystemTime> {
    let now = u64::try_from(app.clock.now().as_millisecond())?;
    Ok(UNIX_EPOCH + Duration::from_millis(now) - A_DAY)
}

/// Files of a folder that have not been touched since; none of a folder that is not there.
async fn old_files(folder: PathBuf, before: SystemTime) -> Result<Vec<PathBuf>> {
    let list = move || match std::fs::read_dir(&folder) {
        Ok(entries) => {
            let old = |path: &Path| {
                let of = path.symlink_metadata().ok();
                of.is_some_and(|m| m.is_file() && m.modified().is_ok_and(|at| at < before))
            };
            Ok(entries.filter_map(|e| Some(e.ok()?.path())).filter(|path| old(path)).collect())
        }
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(vec![]),
        Err(error) => Err(error).with_context(|| format!("reading {}", folder.display())),
    };
    detached(list).await?
}

async fn sweep(app: &Platform, paths: &[PathBuf]) -> Result<usize> {
    let name = |path: &PathBuf| path.file_name()?.to_str().filter(|name| is_name(name)).map(String::from);
    let mut names: Vec<String> = paths.iter().filter_map(name).collect();
    let used = {
        let mut conn = app.db.read().await?;
        blob_use::used(&mut conn, &names).await?
    };
    names.retain(|name| !used.contains(name));
    let mut gone = 0;
    for name in names {
        gone += usize::from(blob_use::remove_unused(app, &name).await?);
    }
    Ok(gone)
}
