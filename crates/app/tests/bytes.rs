//! Bytes that people sent: what is used is kept, what nothing uses is gone.

use crate::achievement::{definition, publish};
use crate::harness::{Browser, Role, TestApp};
use crate::invariants::{File, file_lines, files};
use cairn_actions::App;
use cairn_domain::achievement::Definition;
use cairn_domain::requirement::Requirement;
use cairn_domain::rubric::Rubric;
use cairn_platform::blob::{Place, is_name};
use cairn_platform::job;
use sqlx::{Column as _, Row as _};
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::time::{Duration, UNIX_EPOCH};

pub const PICTURE: &str = "/organizations/north/achievements/first-aid/image";
pub const ROSTERS: &str = "/organizations/north/rosters";

/// A micro-credential with one project, `p`.
pub fn with_project(title: &str) -> Definition {
    let rubric: Rubric = serde_json::from_value(serde_json::json!({
        "criteria": [{ "id": "c", "title": "Well done", "required_points": 1,
            "levels": [{ "title": "No", "points": 0 }, { "title": "Yes", "points": 1 }] }],
        "pass_points": 1,
    }))
    .unwrap();
    let project = Requirement::Project {
        id: "p".into(),
        title: "Bandage".into(),
        brief: "Show it.".into(),
        rubric,
        minutes: 30,
    };
    let mut d = definition(title);
    d.requirement = Requirement::All { id: "root".into(), title: String::new(), parts: vec![project] };
    d
}

/// Dora, who defines and awards at north, and Amy, who is enrolled in its first aid.
pub struct World {
    pub app: TestApp,
    pub dora: Browser,
    pub amy: Browser,
    /// Where Amy adds evidence.
    pub project: String,
}

pub async fn world() -> World {
    let app = TestApp::with(|c| c.max_upload = 1024 * 1024).await;
    let (dora, amy) = (app.person("Dora").await, app.person("Amy").await);
    app.organization("north", &[(&dora, Role::Owner)]).await;
    publish(&app, &dora, "north", "first-aid", with_project("First aid")).await;
    let project = enrolled(&amy).await;
    World { app, dora, amy, project }
}

async fn enrolled(who: &Browser) -> String {
    let enrollment = who.post("/catalog/north.first-aid/enrollments", &[]).await.location();
    format!("{enrollment}/requirements/p/evidence")
}

fn png(shade: u8) -> Vec<u8> {
    let mut out = std::io::Cursor::new(vec![]);
    image::RgbImage::from_pixel(100, 100, image::Rgb([shade, 1, 2]))
        .write_to(&mut out, image::ImageFormat::Png)
        .unwrap();
    out.into_inner()
}

impl World {
    /// The draft's version, as forms carry it.
    async fn version(&self) -> String {
        self.dora.get("/organizations/north/achievements/first-aid/basics").await.is(200).value("version")
    }

    /// Uploads a picture for the draft and gives its bytes as they are kept.
    async fn picture(&self, shade: u8) -> Vec<u8> {
        let version = self.version().await;
        let path = format!("{PICTURE}?version={version}");
        self.dora.upload(&path, &[], &[("picture", "a.png", &png(shade))]).await.leads_to(PICTURE);
        self.dora.get("/organizations/north/achievements/first-aid/badge").await.is(200).body.clone()
    }

    async fn add(&self, who: &Browser, project: &str, bytes: &[u8]) {
        let page = project.strip_suffix("/evidence").unwrap();
        who.upload(project, &[], &[("files", "a.png", bytes)]).await.leads_to(page);
    }
}

fn name_of(bytes: &[u8]) -> String {
    use sha2::{Digest as _, Sha256};
    cairn_platform::id::hex(&Sha256::digest(bytes))
}

fn is_there(app: &App, bytes: &[u8]) -> bool {
    app.blobs.place(&name_of(bytes)).unwrap().exists()
}

/// Every file in the upload store, finished or not.
pub fn stored(app: &App) -> Vec<PathBuf> {
    let mut found = vec![];
    let mut open = vec![app.blobs.folder().to_owned()];
    while let Some(path) = open.pop() {
        if path.is_dir() {
            open.extend(std::fs::read_dir(&path).unwrap().map(|e| e.unwrap().path()));
        } else {
            found.push(path);
        }
    }
    found
}

async fn uses(app: &App) -> BTreeSet<(String, String, String, String)> {
    let mut conn = app.db.read().await.unwrap();
    let rows = sqlx::query_as("SELECT organization, kind, owner, blob FROM blob_use");
    rows.fetch_all(&mut *conn).await.unwrap().into_iter().collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_account_that_ends_takes_nothing_of_others_with_it() {
    let w = world().await;
    let own = b"Amy's own words".to_vec();
    let picture = w.picture(7).await;
    w.add(&w.amy, &w.project, &picture).await;
    w.add(&w.amy, &w.project, &own).await;
    w.amy.post("/account/deletion", &[("email", w.amy.email())]).await.is(303);
    assert!(!is_there(&w.app, &own), "what only she used is gone");
    assert!(is_there(&w.app, &picture), "the badge's picture is not hers");
    assert_eq!(w.dora.get("/organizations/north/achievements/first-aid/badge").await.is(200).body, picture);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_picture_is_kept_as_long_as_a_draft_or_a_version_has_it() {
    let w = world().await;
    let first = w.picture(1).await;
    let second = w.picture(2).await;
    assert!(!is_there(&w.app, &first), "the draft has another one");
    let publication = "/organizations/north/achievements/first-aid/publication";
    let version = w.dora.get(publication).await.is(200).value("version");
    w.dora.post(publication, &[("version", &version)]).await.is(303);
    let third = w.picture(3).await;
    assert!(is_there(&w.app, &second) && is_there(&w.app, &third));
    let version = w.version().await;
    let removal = "/organizations/north/achievements/first-aid/draft/removal";
    w.dora.post(removal, &[("version", &version)]).await.is(303);
    assert!(is_there(&w.app, &second) && !is_there(&w.app, &third));
    let version = w.version().await;
    w.dora.post(&format!("{PICTURE}/removal"), &[("version", &version)]).await.leads_to(PICTURE);
    assert!(is_there(&w.app, &second), "the published version has it still");
    assert_eq!(stored(&w.app).len(), 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_picture_of_another_organisation_cannot_be_taken_by_its_name() {
    let w = world().await;
    let picture = w.picture(1).await;
    let eve = w.app.person("Eve").await;
    w.app.organization("south", &[(&eve, Role::Owner)]).await;
    let mut stolen = definition("Stolen");
    stolen.image = Some(name_of(&picture));
    let actor = eve.actor().await;
    let refused = cairn_actions::achievement::create(&w.app, &actor, "south", None, stolen).await;
    assert_eq!(cairn::http::problem::status(&refused.unwrap_err()), 409);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_taken_out_before_it_was_handed_in_is_gone() {
    let w = world().await;
    let page = w.project.strip_suffix("/evidence").unwrap().to_owned();
    w.add(&w.amy, &w.project, b"first thought").await;
    let text = w.amy.get(&page).await.text();
    let action = text.split('"').find(|part| part.ends_with("/removal")).expect("a button removes it");
    w.amy.post(action, &[]).await.is(303);
    assert!(stored(&w.app).is_empty());
    // handed in, it stays with its revision
    w.add(&w.amy, &w.project, b"second thought").await;
    let text = w.amy.get(&page).await.text();
    let action = text.split('"').find(|part| part.ends_with("/handing-in")).expect("a button hands in");
    w.amy.post(action, &[]).await.is(303);
    assert!(is_there(&w.app, b"second thought"));
    w.app.run_jobs().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_roster_that_is_removed_or_no_roster_leaves_no_file() {
    let w = world().await;
    let list = b"name,email\nBo,bo@people.example\n";
    let send = async |file: &[u8]| {
        w.dora.upload(ROSTERS, &[("achievement", "first-aid")], &[("file", "a.csv", file)]).await
    };
    let roster = send(list).await.is(303).location();
    assert!(is_there(&w.app, list));
    w.dora.post(&format!("{roster}/removal"), &[]).await.is(303);
    send(b"name,phone\nBo,1\n").await.is(422);
    assert!(stored(&w.app).is_empty());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_first_uploads_of_one_file_at_once_are_both_kept() {
    let w = world().await;
    for round in 0..4 {
        let learner = w.app.person(&format!("Learner {round}")).await;
        let project = enrolled(&learner).await;
        learner.get("/desk").await;
        let file = format!("the same words {round}");
        let one = async || learner.upload(&project, &[], &[("files", "a.txt", file.as_bytes())]).await;
        let (a, b, c) = tokio::join!(one(), one(), one());
        for page in [a, b, c] {
            page.is(303);
        }
        assert!(is_there(&w.app, file.as_bytes()));
    }
    assert_eq!(w.app.count("SELECT count(*) FROM submission").await, 4);
    assert_eq!(w.app.count("SELECT count(*) FROM blob_use WHERE kind = 'evidence'").await, 12);
}

/// Does everything that names a blob.
async fn everything(w: &World) {
    let picture = w.picture(1).await;
    let publication = "/organizations/north/achievements/first-aid/publication";
    let version = w.dora.get(publication).await.is(200).value("version");
    w.dora.post(publication, &[("version", &version)]).await.is(303);
    w.picture(2).await;
    w.add(&w.amy, &w.project, &picture).await;
    w.add(&w.amy, &w.project, b"words").await;
    let list = b"name,email\nBo,bo@people.example\n";
    w.dora.upload(ROSTERS, &[("achievement", "first-aid")], &[("file", "a.csv", list)]).await.is(303);
}

/// Every text in the database but the table of uses itself: (place, text).
pub async fn texts(app: &App) -> Vec<(String, String)> {
    let mut conn = app.db.read().await.unwrap();
    let tables: Vec<String> = match app.db.file() {
        Some(_) => sqlx::query_scalar("SELECT name FROM sqlite_master WHERE type = 'table'"),
        None => sqlx::query_scalar(
            "SELECT CAST(table_name AS TEXT) FROM information_schema.tables WHERE table_schema = 'public' AND table_type = 'BASE TABLE'",
        ),
    }
    .fetch_all(&mut *conn)
    .await
    .unwrap();
    assert!(tables.len() > 25, "{tables:?}");
    let mut out = vec![];
    for table in tables.iter().filter(|t| *t != "blob_use") {
        let sql = sqlx::AssertSqlSafe(format!("SELECT * FROM {table}"));
        // tables of the search engine hold what this driver does not know, and no blob
        let Ok(rows) = sqlx::query(sql).fetch_all(&mut *conn).await else { continue };
        for row in rows {
            for column in row.columns() {
                if let Ok(Some(text)) = row.try_get::<Option<String>, _>(column.ordinal()) {
                    out.push((format!("{table}.{}", column.name()), text));
                }
            }
        }
    }
    out
}

/// The next column or member that names a blob, and whose action writes no use, fails here.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_name_of_a_blob_in_the_database_has_a_use() {
    let w = world().await;
    everything(&w).await;
    let used: BTreeSet<String> = uses(&w.app).await.into_iter().map(|u| u.3).collect();
    let mut seen = BTreeSet::new();
    for (place, text) in texts(&w.app).await {
        for word in text.split(|c: char| !c.is_ascii_alphanumeric()).filter(|word| is_name(word)) {
            if w.app.blobs.place(word).unwrap().exists() {
                assert!(used.contains(word), "{place} names {word}, and no use is written down");
                seen.insert(place.clone());
            }
        }
    }
    for place in ["achievement.draft", "achievement_version.body", "evidence.blob", "roster.blob"] {
        assert!(seen.contains(place), "{place} is not among {seen:?}");
    }
    let files: BTreeSet<String> =
        stored(&w.app).iter().map(|p| p.file_name().unwrap().to_str().unwrap().to_owned()).collect();
    assert_eq!(files, used, "what is there is used, and what is used is there");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_older_store_learns_who_uses_what() {
    let w = world().await;
    everything(&w).await;
    let before = uses(&w.app).await;
    assert_eq!(before.len(), 5, "{before:?}");
    w.app.execute("DROP TABLE blob_use").await;
    w.app.execute("DELETE FROM migration WHERE name = '0020_blob_use'").await;
    let again = cairn::open(w.app.config.clone(), w.app.clock.clone()).await.unwrap();
    assert_eq!(uses(&again).await, before);
    again.db.close().await;
}

fn make_old(path: &Path, w: &World) {
    let now = UNIX_EPOCH + Duration::from_millis(w.app.clock.now().as_millisecond() as u64);
    let file = std::fs::File::options().write(true).open(path).unwrap();
    file.set_modified(now - Duration::from_hours(25)).unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_night_sweeps_what_was_left_lying_and_nothing_else() {
    let w = world().await;
    everything(&w).await;
    let kept = stored(&w.app);
    for path in &kept {
        make_old(path, &w);
    }
    let put = |name: &str| {
        let path = w.app.blobs.folder().join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(&path, b"x").unwrap();
        path
    };
    let begun = put("incoming/.tmpA");
    let running = put("incoming/.tmpB");
    let orphan = put(&format!("ab/{}", "ab".repeat(32)));
    let fresh = put(&format!("cd/{}", "cd".repeat(32)));
    make_old(&begun, &w);
    make_old(&orphan, &w);
    job::plan_night(&*w.app).await.unwrap();
    job::plan_night(&*w.app).await.unwrap();
    assert_eq!(w.app.count("SELECT count(*) FROM job WHERE kind = 'sweep_uploads'").await, 1);
    let planned = w.app.count("SELECT count(DISTINCT kind) FROM job").await;
    assert_eq!(job::run_due(&*w.app).await.unwrap() as i64, planned, "each of the night's jobs once");
    assert_eq!(w.app.count("SELECT count(*) FROM job WHERE state = 'done'").await, planned);
    assert!(!begun.exists() && !orphan.exists());
    assert!(running.exists() && fresh.exists(), "a request may be about to use them");
    assert!(kept.iter().all(|path| path.exists()));
}

/// How a place is made: `Blobs` takes in nothing without one, says its signature.
const GRANTS: &[&str] = &["Place::granted("];
/// How bytes go.
const REMOVES: &[&str] = &["remove_file", "remove_dir", "blobs.remove("];

#[test]
fn a_page_that_makes_itself_a_place_is_seen() {
    let page = |text: &str| [File { path: "crates/app/src/web/a.rs".into(), text: text.into() }];
    assert_eq!(file_lines(&page("let place = Place::granted(u64::MAX);"), GRANTS).len(), 1);
    assert_eq!(file_lines(&page("app.blobs.remove(&name).await?;"), REMOVES).len(), 1);
    assert!(file_lines(&page("let place = draft::place(app, actor).await?;"), GRANTS).is_empty());
}

/// Bytes come in by a `Place` only, and it is made where the right is checked;
/// the table of uses alone removes them.
#[test]
fn nothing_else_takes_in_or_removes_bytes() {
    let src = files(&["crates/platform/src", "crates/actions/src", "crates/app/src"], &["rs"]);
    let places = file_lines(&src, GRANTS);
    let known = [
        "crates/actions/src/achievement/draft.rs",
        "crates/actions/src/roster/mod.rs",
        "crates/actions/src/submission/mod.rs",
    ];
    assert_eq!(places.iter().map(|(path, _)| path.as_str()).collect::<Vec<_>>(), known, "{places:?}");
    let removals = file_lines(&src, REMOVES);
    // head.rs removes the note that `cairn restore` left for it
    let known = [
        "crates/platform/src/blob.rs",
        "crates/platform/src/blob_use.rs",
        "crates/platform/src/event/head.rs",
        "crates/platform/src/sweep.rs",
    ];
    assert_eq!(removals.iter().map(|(path, _)| path.as_str()).collect::<Vec<_>>(), known, "{removals:?}");
}

#[tokio::test]
async fn a_place_has_an_end() {
    let folder = tempfile::tempdir().unwrap();
    let blobs = cairn_platform::blob::Blobs::open(folder.path().join("blobs")).unwrap();
    assert!(blobs.put(&Place::granted(3), b"four").await.is_err());
    drop(blobs.put(&Place::granted(4), b"four").await.unwrap());
    assert_eq!(std::fs::read_dir(folder.path().join("blobs/incoming")).unwrap().count(), 0);
}
