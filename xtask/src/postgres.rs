//! A PostgreSQL server of one run: in a temporary folder, reached through a
//! socket there and not through the network, careless about power cuts.

use anyhow::{Context, Result, bail};
use std::fs::File;
use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// Tells the tests where the server is.
pub const VARIABLE: &str = "CAIRN_TEST_POSTGRES";

/// Runs until it is dropped.
pub struct Server {
    child: Option<Child>,
    folder: PathBuf,
}

impl Server {
    /// Makes an empty cluster and starts it.
    pub fn start() -> Result<Self> {
        let Some(programs) = programs() else {
            bail!("PostgreSQL is missing; install it, on Debian: apt-get install postgresql");
        };
        crate::run::says("starting PostgreSQL");
        let folder = std::env::temp_dir().join(format!("cairn-postgres-{}", std::process::id()));
        std::fs::create_dir(&folder).with_context(|| format!("making {}", folder.display()))?;
        // from here on, what is left behind goes away with the value
        let mut server = Self { child: None, folder };
        let user = user()?;
        if let Some((uid, gid)) = user {
            std::os::unix::fs::chown(&server.folder, Some(uid), Some(gid))
                .context("handing the folder over")?;
        }
        let run = |name: &str| {
            let mut command = Command::new(programs.join(name));
            command.current_dir(&server.folder).stdin(Stdio::null());
            if let Some((uid, gid)) = user {
                command.uid(uid).gid(gid);
            }
            command
        };
        let data = server.folder.join("data");
        let initdb = run("initdb")
            .args(["--auth=trust", "--no-sync", "--username=postgres", "--encoding=UTF8", "--locale=C.UTF-8"])
            .arg(&data)
            .output()
            .context("running initdb")?;
        if !initdb.status.success() {
            bail!("initdb failed: {}", String::from_utf8_lossy(&initdb.stderr));
        }
        let log = File::create(server.log()).context("making the server's log")?;
        let settings =
            "listen_addresses= fsync=off synchronous_commit=off full_page_writes=off max_connections=300";
        let mut postgres = run("postgres");
        postgres.arg("-D").arg(&data).arg("-k").arg(&server.folder);
        for setting in settings.split(' ') {
            postgres.args(["-c", setting]);
        }
        let child = postgres.stdout(log.try_clone()?).stderr(log).spawn().context("starting postgres")?;
        server.child = Some(child);
        server.wait(&programs)?;
        Ok(server)
    }

    /// Address of its empty database, for a user who may make others.
    pub fn url(&self) -> String {
        format!("postgres://postgres@localhost/postgres?host={}", self.folder.display())
    }

    fn log(&self) -> PathBuf {
        self.folder.join("log")
    }

    fn wait(&mut self, programs: &Path) -> Result<()> {
        let started = Instant::now();
        loop {
            let mut ready = Command::new(programs.join("pg_isready"));
            ready.args(["--quiet", "--username=postgres", "--dbname=postgres", "--host"]).arg(&self.folder);
            if ready.status().context("running pg_isready")?.success() {
                return Ok(());
            }
            let ended = self.child.as_mut().is_none_or(|c| !matches!(c.try_wait(), Ok(None)));
            if ended || started.elapsed() > Duration::from_mins(1) {
                bail!(
                    "PostgreSQL did not start: {}",
                    std::fs::read_to_string(self.log()).unwrap_or_default()
                );
            }
            std::thread::sleep(Duration::from_millis(50));
        }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        if let Some(child) = &mut self.child {
            crate::run::stop(child);
        }
        if let Err(error) = std::fs::remove_dir_all(&self.folder) {
            eprintln!("{} is left behind: {error}", self.folder.display());
        }
    }
}

/// Folder of the newest PostgreSQL's programs.
pub fn programs() -> Option<PathBuf> {
    let whole =
        |folder: &PathBuf| ["initdb", "postgres", "pg_isready"].iter().all(|p| folder.join(p).exists());
    let path = std::env::var_os("PATH").unwrap_or_default();
    let mut installed: Vec<(u32, PathBuf)> = std::fs::read_dir("/usr/lib/postgresql")
        .into_iter()
        .flatten()
        .flatten()
        .filter_map(|e| Some((e.file_name().to_str()?.parse().ok()?, e.path().join("bin"))))
        .collect();
    installed.sort();
    installed.into_iter().rev().map(|(_, folder)| folder).chain(std::env::split_paths(&path)).find(whole)
}

/// PostgreSQL refuses to run as root; root runs it as the user `postgres`.
fn user() -> Result<Option<(u32, u32)>> {
    if !crate::packages::is_root()? {
        return Ok(None);
    }
    let id = |flag: &str| crate::packages::id(&[flag, "postgres"]);
    Ok(Some((id("-u")?, id("-g")?)))
}
