//! Backup beside a running instance, restore, and what a restore refuses. These
//! are about files; they run on SQLite whatever the other tests run on.

use cairn::command::backup::{self, MANIFEST, Manifest, MasterKey};
use cairn::command::restore::{self, OldData};
use cairn::command::{audit, doctor};
use cairn_actions::App;
use cairn_platform::blob::Place;
use cairn_platform::blob_use::{self, Kind, Owner};
use cairn_platform::clock::Clock;
use cairn_platform::config::Config;
use cairn_platform::event::{self, Event};
use cairn_platform::id;
use cairn_value::id::OrganizationId;
use serde_json::json;
use std::io::{Read as _, Write as _};
use std::path::Path;
use zip::write::SimpleFileOptions;

fn settings(data: &Path) -> Config {
    Config { data: data.to_owned(), listen: "127.0.0.1:0".into(), ..Config::default() }
}

/// An instance with an upload and a line in the log.
async fn instance(data: &Path) -> (App, String) {
    let app = cairn::open(settings(data), Clock::System).await.unwrap();
    let received = app.blobs.put(&Place::granted(100), b"evidence").await.unwrap();
    let owner = Owner { organization: OrganizationId(id::fresh()), kind: Kind::Evidence, id: "e".into() };
    let mut tx = app.db.begin().await.unwrap();
    let blob = blob_use::keep(&mut tx, received, &owner).await.unwrap();
    tx.commit().await.unwrap();
    write_line(&app, "before").await;
    (app, blob)
}

async fn write_line(app: &App, subject: &str) {
    let mut tx = app.db.begin().await.unwrap();
    let event = Event {
        organization: None,
        actor: "system".into(),
        kind: "test.happened",
        subject: subject.into(),
        body: json!({}),
    };
    event::record(&mut tx, app, event).await.unwrap();
    tx.commit().await.unwrap();
}

async fn lines(config: &Config) -> i64 {
    let (chains, _) = audit::verify(config).await.unwrap();
    assert!(chains.iter().all(|c| c.broken.is_none()), "{chains:?}");
    chains.iter().map(|c| c.lines).sum()
}

fn names(folder: &Path) -> Vec<String> {
    let mut names: Vec<String> =
        std::fs::read_dir(folder).unwrap().map(|e| e.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_backup_of_a_running_instance_becomes_an_instance_again() {
    let folder = tempfile::tempdir().unwrap();
    let (app, blob) = instance(&folder.path().join("data")).await;
    let file = folder.path().join("backup.zip");
    // somebody is writing meanwhile
    let mut tx = app.db.begin().await.unwrap();
    sqlx::query("UPDATE event_head SET seq = seq").execute(&mut *tx).await.unwrap();
    let backup = backup::run(&app.config, &file, MasterKey::LeftOut).await.unwrap();
    tx.rollback().await.unwrap();
    write_line(&app, "after").await;
    assert!(backup.damaged.is_empty());
    assert_eq!(backup.manifest.members.len(), 2);
    assert!(backup::run(&app.config, &file, MasterKey::LeftOut).await.is_err(), "a file is not overwritten");
    let config = settings(&folder.path().join("restored"));
    let restored = restore::run(&config, &file, OldData::Refuse).unwrap();
    assert!(restored.needs_master_key && restored.old.is_none());
    assert_eq!(names(&config.data), ["blobs", "cairn.sqlite3", "restored.json"]);
    assert!(audit::verify(&config).await.is_err(), "the log is keyed: without the key nobody can check it");
    std::fs::copy(app.config.data.join("master.key"), config.data.join("master.key")).unwrap();
    assert_eq!(lines(&config).await, 1);
    let again = cairn::open(config, Clock::System).await.unwrap();
    // the restore is a line of the log, once, however often the program starts
    let third = cairn::open(again.config.clone(), Clock::System).await.unwrap();
    let mut conn = third.db.read().await.unwrap();
    let restores: i64 = sqlx::query_scalar("SELECT count(*) FROM event WHERE kind = 'instance.restored'")
        .fetch_one(&mut *conn)
        .await
        .unwrap();
    drop(conn);
    assert_eq!((restores, again.config.data.join("restored.json").exists()), (1, false));
    assert_eq!(lines(&again.config).await, 2);
    assert_eq!(again.blobs.get(&blob).await.unwrap(), b"evidence");
    assert_eq!(names(folder.path()), ["backup.zip", "data", "restored"], "nothing is left lying about");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_master_key_is_in_the_file_only_when_it_is_asked_for() {
    let folder = tempfile::tempdir().unwrap();
    let (app, _) = instance(&folder.path().join("data")).await;
    let file = folder.path().join("backup.zip");
    let backup = backup::run(&app.config, &file, MasterKey::Included).await.unwrap();
    assert!(backup.manifest.has_master_key());
    let config = settings(&folder.path().join("restored"));
    assert!(!restore::run(&config, &file, OldData::Refuse).unwrap().needs_master_key);
    let again = cairn::open(config, Clock::System).await.unwrap();
    assert_eq!(again.keys.form_token("x"), app.keys.form_token("x"));
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        let mode = std::fs::metadata(&file).unwrap().permissions().mode() & 0o777;
        assert_eq!(mode, 0o600, "the backup is private");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn data_that_is_there_is_set_aside_and_only_when_asked() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    let (app, _) = instance(&data).await;
    let file = folder.path().join("backup.zip");
    backup::run(&app.config, &file, MasterKey::LeftOut).await.unwrap();
    write_line(&app, "after").await;
    app.db.close().await;
    let refused = restore::run(&app.config, &file, OldData::Refuse).unwrap_err();
    assert!(refused.to_string().contains("--force"), "{refused}");
    assert_eq!(lines(&app.config).await, 2);
    let key = std::fs::read(data.join("master.key")).unwrap();
    let restored = restore::run(&app.config, &file, OldData::SetAside).unwrap();
    assert!(!restored.needs_master_key, "the folder's own key stays");
    assert_eq!(std::fs::read(data.join("master.key")).unwrap(), key);
    assert_eq!(lines(&app.config).await, 1);
    let old = restored.old.unwrap();
    assert!(old.to_str().unwrap().contains("data.old-"), "{old:?}");
    assert_eq!(lines(&settings(&old)).await, 2);
}

/// A zip of these files, the manifest of which names them, and one that it does not.
fn forged(to: &Path, named: &[(&str, &[u8])], unnamed: &[(&str, &[u8])]) {
    let sha256 = |bytes: &[u8]| backup::copy(&mut &bytes[..], &mut std::io::sink()).unwrap().1;
    let members: Vec<_> = named
        .iter()
        .map(|(name, bytes)| json!({ "name": name, "size": bytes.len(), "sha256": sha256(bytes) }))
        .collect();
    let manifest = json!({
        "format": 1, "version": "0", "created_at": "", "base_url": "", "members": members,
    })
    .to_string();
    let mut zip = zip::ZipWriter::new(std::fs::File::create(to).unwrap());
    for (name, bytes) in named.iter().chain(unnamed).chain(&[(MANIFEST, manifest.as_bytes())]) {
        zip.start_file(*name, SimpleFileOptions::default()).unwrap();
        zip.write_all(bytes).unwrap();
    }
    zip.finish().unwrap();
}

#[test]
fn a_file_that_leads_out_of_the_folder_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let config = settings(&folder.path().join("deep/data"));
    let file = folder.path().join("forged.zip");
    let database: (&str, &[u8]) = ("cairn.sqlite3", b"x");
    let check = |named: &[(&str, &[u8])], unnamed: &[(&str, &[u8])], why: &str| {
        forged(&file, named, unnamed);
        let refused = restore::run(&config, &file, OldData::Refuse).unwrap_err();
        assert!(format!("{refused:#}").contains(why), "{refused:#}");
        assert!(!folder.path().join("evil").exists() && !folder.path().join("deep/evil").exists());
        assert!(!config.data.exists(), "nothing was written");
    };
    check(&[database, ("../evil", b"x")], &[], "no part of a data folder");
    check(&[database, ("blobs/../../evil", b"x")], &[], "no part of a data folder");
    check(&[database, ("/tmp/evil", b"x")], &[], "no part of a data folder");
    check(&[database], &[("../evil", b"x")], "does not name");
    check(&[], &[], "no database");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_damaged_backup_changes_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let (app, blob) = instance(&folder.path().join("data")).await;
    let file = folder.path().join("backup.zip");
    backup::run(&app.config, &file, MasterKey::LeftOut).await.unwrap();
    app.db.close().await;
    // the same zip with another upload under the first one's name
    let mut zip = zip::ZipArchive::new(std::fs::File::open(&file).unwrap()).unwrap();
    let mut text = String::new();
    zip.by_name(MANIFEST).unwrap().read_to_string(&mut text).unwrap();
    let manifest: Manifest = serde_json::from_str(&text).unwrap();
    let changed = folder.path().join("changed.zip");
    let mut out = zip::ZipWriter::new(std::fs::File::create(&changed).unwrap());
    for name in manifest.members.iter().map(|m| m.name.as_str()).chain([MANIFEST]) {
        let mut bytes = vec![];
        zip.by_name(name).unwrap().read_to_end(&mut bytes).unwrap();
        if name.ends_with(&blob) {
            bytes = b"Evidence".to_vec();
        }
        out.start_file(name, SimpleFileOptions::default()).unwrap();
        out.write_all(&bytes).unwrap();
    }
    out.finish().unwrap();
    let refused = restore::run(&app.config, &changed, OldData::SetAside).unwrap_err();
    assert!(refused.to_string().contains("damaged"), "{refused:#}");
    assert_eq!(lines(&app.config).await, 1);
    assert_eq!(names(folder.path()), ["backup.zip", "changed.zip", "data"]);
    let whole = std::fs::read(&file).unwrap();
    std::fs::write(&changed, &whole[..whole.len() / 2]).unwrap();
    assert!(restore::run(&app.config, &changed, OldData::SetAside).is_err());
    assert_eq!(lines(&app.config).await, 1);
}

#[tokio::test]
async fn postgresql_has_its_own_tool_and_is_told_so() {
    let folder = tempfile::tempdir().unwrap();
    let config = Config { database: "postgres://cairn@localhost/cairn".into(), ..settings(folder.path()) };
    let file = folder.path().join("backup.zip");
    let refused = backup::run(&config, &file, MasterKey::LeftOut).await.unwrap_err();
    assert!(refused.to_string().contains("pg_dump"), "{refused}");
    let refused = restore::run(&config, &file, OldData::Refuse).unwrap_err();
    assert!(refused.to_string().contains("pg_restore"), "{refused}");
    assert!(!file.exists());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_changed_line_of_the_audit_log_is_found() {
    let folder = tempfile::tempdir().unwrap();
    let (app, _) = instance(&folder.path().join("data")).await;
    write_line(&app, "second").await;
    assert_eq!(lines(&app.config).await, 2);
    let mut tx = app.db.begin().await.unwrap();
    sqlx::query("UPDATE event SET actor = 'nobody' WHERE seq = 1").execute(&mut *tx).await.unwrap();
    tx.commit().await.unwrap();
    let (chains, _) = audit::verify(&app.config).await.unwrap();
    assert_eq!(chains[0].broken.as_deref(), Some("line 1 has been changed"));
    let nowhere = settings(&folder.path().join("elsewhere"));
    assert!(audit::verify(&nowhere).await.is_err(), "a database is not made in order to be checked");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_doctor_says_what_is_wrong_and_what_to_do() {
    let folder = tempfile::tempdir().unwrap();
    let found = async |config: &Config, name: &str| {
        let diagnosis = doctor::run(config, None).await.unwrap();
        let probe = diagnosis.probes.into_iter().find(|p| p.name == name).unwrap();
        assert!(probe.outcome == doctor::Outcome::Ok || !probe.advice.is_empty(), "{probe:?}");
        (format!("{:?}", probe.outcome), probe.found)
    };
    let config = settings(&folder.path().join("data"));
    for name in ["data folder", "database", "master key", "operators", "mail", "base address"] {
        assert_eq!(found(&config, name).await.0, "Warning", "{name}");
    }
    assert!(!config.data.exists(), "the doctor makes nothing");
    let (app, _) = instance(&config.data).await;
    for name in ["data folder", "uploads", "database", "master key", "clock"] {
        assert_eq!(found(&app.config, name).await.0, "Ok", "{name}");
    }
    let open = Config { organizations: cairn_value::policy::Policy::Open, ..app.config.clone() };
    for config in [&app.config, &open] {
        let (outcome, said) = found(config, "operators").await;
        assert!(outcome == "Warning" && said.contains("there is none"), "{outcome} {said}");
    }
    let olga = cairn_value::email::Email::parse("olga@people.example").unwrap();
    cairn_actions::account::add_operator(&app, &olga).await.unwrap();
    assert_eq!(found(&app.config, "operators").await.0, "Ok");
    let mut tx = app.db.begin().await.unwrap();
    sqlx::query(
        "INSERT INTO signing_key (organization, id, fragment, public_key, sealed_seed, created_at) \
         VALUES ('o', 'key', 'f', 'p', $1, 0)",
    )
    .bind(app.keys.seal("key", b"seed").unwrap())
    .execute(&mut *tx)
    .await
    .unwrap();
    tx.commit().await.unwrap();
    assert_eq!(found(&app.config, "master key").await.0, "Ok");
    let other = Config { master_key: "1f".repeat(32), ..app.config.clone() };
    assert_eq!(found(&other, "master key").await.0, "Failed");
    let gone = Config {
        data: folder.path().join("gone"),
        database: app.config.database_url(),
        ..app.config.clone()
    };
    assert_eq!(found(&gone, "master key").await.0, "Failed");
    assert!(!gone.data.exists());
    let open = Config { base_url: "http://badges.example.org".into(), ..app.config.clone() };
    assert_eq!(found(&open, "base address").await.0, "Failed");
    let safe = Config { base_url: "https://badges.example.org".into(), ..app.config.clone() };
    assert_eq!(found(&safe, "base address").await.0, "Ok");
    let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let smtp = format!("smtp://amy:secret@127.0.0.1:{}", port.local_addr().unwrap().port());
    let mail = Config { smtp, mail_from: "Cairn <cairn@badges.example.org>".into(), ..app.config.clone() };
    assert_eq!(found(&mail, "mail").await.0, "Ok");
    drop(port);
    assert_eq!(found(&mail, "mail").await.0, "Failed");
    let diagnosis = doctor::run(&mail, None).await.unwrap();
    assert_eq!(format!("{:?}", diagnosis.outcome), "Failed");
    let json = serde_json::to_string(&diagnosis).unwrap();
    assert!(!json.contains("secret") && json.contains("smtp://amy:…@127.0.0.1"), "{json}");
}
