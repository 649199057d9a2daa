//! What others on the machine, or with a copy of the database, must not read.

use crate::bytes::texts;
use crate::harness::{Role, TestApp};
use cairn::command::backup::{self, MasterKey};
use cairn::command::doctor;
use cairn::command::letters::{self, LettersArgs};
use cairn::command::restore::{self, OldData};
use cairn_actions::App;
use cairn_platform::blob::Place;
use cairn_platform::blob_use::{self, Kind, Owner};
use cairn_platform::clock::Clock;
use cairn_platform::config::Config;
use cairn_platform::{id, job};
use cairn_value::id::OrganizationId;
use std::path::{Path, PathBuf};
use tokio::io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader};

/// A mail server that takes one letter after the other and keeps what it got.
async fn mail_server(answer: &'static str) -> (String, tokio::sync::mpsc::UnboundedReceiver<String>) {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = format!("smtp://{}", listener.local_addr().unwrap());
    let (send, letters) = tokio::sync::mpsc::unbounded_channel();
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            let send = send.clone();
            tokio::spawn(async move {
                let (read, mut write) = stream.into_split();
                let mut lines = BufReader::new(read).lines();
                write.write_all(b"220 test\r\n").await.unwrap();
                let (mut letter, mut is_data) = (String::new(), false);
                while let Ok(Some(line)) = lines.next_line().await {
                    let word = line.to_uppercase();
                    let reply = match () {
                        () if is_data && line == "." => {
                            is_data = false;
                            let _ = send.send(std::mem::take(&mut letter));
                            answer
                        }
                        () if is_data => {
                            letter.push_str(&line);
                            letter.push('\n');
                            continue;
                        }
                        () if word.starts_with("DATA") => {
                            is_data = true;
                            "354 go on"
                        }
                        () if word.starts_with("EHLO") => "250 test",
                        () if word.starts_with("QUIT") => "221 bye",
                        () => "250 ok",
                    };
                    if write.write_all(format!("{reply}\r\n").as_bytes()).await.is_err() {
                        return;
                    }
                }
            });
        }
    });
    (address, letters)
}

/// The secrets that the links of these letters carry.
fn secrets(letter: &str) -> Vec<String> {
    let words = letter.split(|c: char| !c.is_ascii_alphanumeric() && !"-_/:.".contains(c));
    let secret = |word: &str| {
        let (_, secret) = word.split_once("/links/").or_else(|| word.split_once("/invitations/"))?;
        Some(secret.to_owned())
    };
    words.filter_map(secret).collect()
}

async fn nowhere(app: &App, secret: &str) {
    assert!(secret.len() >= 43, "{secret}");
    for (place, text) in texts(app).await {
        assert!(!text.contains(secret), "{place} holds a secret that a letter carries");
    }
}

/// Every kind of letter that carries a secret.
async fn ask_for_letters(app: &TestApp) {
    let amy = app.person("Amy").await;
    app.organization("north", &[(&amy, Role::Owner)]).await;
    amy.post("/account/addresses", &[("email", "second@people.example")]).await;
    let invitation = [("email", "bo@people.example"), ("role", "reviewer")];
    amy.post("/organizations/north/invitations", &invitation).await;
    let visitor = app.visitor();
    visitor.post("/sign-in/link", &[("email", "amy@people.example")]).await;
    let newcomer = [("name", "Cy"), ("email", "cy@people.example")];
    visitor.post("/sign-up", &newcomer).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_secret_of_a_letter_can_be_read_in_the_database() {
    let app = TestApp::new().await;
    ask_for_letters(&app).await;
    // some letters are written by jobs; without a mail server none is sent
    app.run_jobs().await;
    let mut count = 0;
    for address in ["amy", "second", "bo", "cy"] {
        for letter in app.mails_to(&format!("{address}@people.example")).await {
            let (plain, html) = (secrets(&letter.plain), secrets(&letter.html));
            assert_eq!(
                (plain.len(), html.first()),
                (1, plain.first()),
                "{address} gets the link twice, as text and page"
            );
            nowhere(&app, &plain[0]).await;
            count += 1;
        }
    }
    assert_eq!(count, 4);
    // whoever has the data folder and its key can read them
    let args = LettersArgs { address: "cy@people.example".into(), most: 5 };
    let letters = letters::run(&app.config, &args).await.unwrap();
    assert_eq!(letters.iter().flat_map(|l| secrets(&l.plain)).count(), 1);
    // without a mail server nothing was sent: the letter and its link stay, sealed
    app.run_jobs().await;
    assert_eq!(app.mails_to("cy@people.example").await.iter().flat_map(|l| secrets(&l.plain)).count(), 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_link_is_gone_when_its_letter_is_sent() {
    let (smtp, mut letters) = mail_server("250 taken").await;
    let app = TestApp::with(|c| c.smtp = smtp).await;
    ask_for_letters(&app).await;
    assert_eq!(app.count("SELECT count(*) FROM mail WHERE sealed_link = ''").await, 0);
    app.run_jobs().await;
    for _ in 0..4 {
        // as it travels a line may be broken in two
        let letter = letters.recv().await.unwrap().replace("=\n", "").replace("=3D", "=");
        assert!(!secrets(&letter).is_empty(), "{letter}");
        assert!(!letter.contains("cairn-link:"), "{letter}");
    }
    assert_eq!(app.count("SELECT count(*) FROM mail WHERE sealed_link <> ''").await, 0);
    assert!(app.mails_to("cy@people.example").await.iter().all(|l| secrets(&l.plain).is_empty()));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_link_is_gone_when_its_letter_can_never_be_sent() {
    let (smtp, _letters) = mail_server("554 never").await;
    let app = TestApp::with(|c| c.smtp = smtp).await;
    app.visitor().post("/sign-up", &[("name", "Cy"), ("email", "cy@people.example")]).await;
    job::run_due(&*app).await.unwrap();
    assert_eq!(app.count("SELECT count(*) FROM mail WHERE sealed_link <> '' OR error = ''").await, 0);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn letters_of_an_older_cairn_are_sealed_or_cleared() {
    let app = TestApp::new().await;
    let secret = id::secret();
    let link = format!("http://cairn.test/links/{secret}");
    for (letter, sent) in [("waits", None), ("sent", Some(1_i64))] {
        let mut tx = app.db.begin().await.unwrap();
        sqlx::query(
            "INSERT INTO mail (id, address, subject, plain, html, created_at, sent_at, error) \
             VALUES ($1, 'cy@people.example', 'Hello', $2, $3, 1, $4, '')",
        )
        .bind(letter)
        .bind(format!("Hello\n\nSign in:\n{link}\n\n-- \nCairn\n"))
        .bind(format!("<a href=\"{link}\">Sign in</a>"))
        .bind(sent)
        .execute(&mut *tx)
        .await
        .unwrap();
        tx.commit().await.unwrap();
    }
    app.execute("ALTER TABLE mail DROP COLUMN sealed_link").await;
    app.execute("DELETE FROM migration WHERE name = '0021_sealed_link'").await;
    let again = cairn::open(app.config.clone(), app.clock.clone()).await.unwrap();
    nowhere(&again, &secret).await;
    let shown: Vec<String> =
        app.mails_to("cy@people.example").await.into_iter().map(|l| l.plain + &l.html).collect();
    assert_eq!(shown.iter().filter(|text| text.matches(&link).count() == 2).count(), 1, "{shown:?}");
    again.db.close().await;
}

#[cfg(unix)]
fn modes(folder: &Path) -> Vec<(PathBuf, u32)> {
    use std::os::unix::fs::PermissionsExt as _;
    let mut found = vec![];
    let mut open = vec![folder.to_owned()];
    while let Some(path) = open.pop() {
        found.push((path.clone(), path.metadata().unwrap().permissions().mode() & 0o777));
        if path.is_dir() {
            open.extend(std::fs::read_dir(&path).unwrap().map(|e| e.unwrap().path()));
        }
    }
    found
}

#[cfg(unix)]
#[track_caller]
fn only_for_its_owner(folder: &Path) {
    for (path, mode) in modes(folder) {
        let wanted = if path.is_dir() { 0o700 } else { 0o600 };
        assert_eq!(mode, wanted, "{} has the mode {mode:o}", path.display());
    }
}

#[cfg(unix)]
async fn instance(data: &Path) -> App {
    let config = Config { data: data.to_owned(), listen: "127.0.0.1:0".into(), ..Config::default() };
    let app = cairn::open(config, Clock::System).await.unwrap();
    let received = app.blobs.put(&Place::granted(100), b"evidence").await.unwrap();
    let owner = Owner { organization: OrganizationId(id::fresh()), kind: Kind::Evidence, id: "e".into() };
    let mut tx = app.db.begin().await.unwrap();
    blob_use::keep(&mut tx, received, &owner).await.unwrap();
    tx.commit().await.unwrap();
    app
}

/// Whatever the mask of the process is: this one lets others read.
#[cfg(unix)]
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_made_is_for_its_owner_only() {
    let folder = tempfile::tempdir().unwrap();
    let app = instance(&folder.path().join("deep/data")).await;
    assert!(modes(&app.config.data).len() >= 7, "database with its log, key, and an upload in its folder");
    only_for_its_owner(&app.config.data);
    let file = folder.path().join("backup.zip");
    backup::run(&app.config, &file, MasterKey::Included).await.unwrap();
    only_for_its_owner(&file);
    let again = Config { data: folder.path().join("again"), ..app.config.clone() };
    restore::run(&again, &file, OldData::Refuse).unwrap();
    only_for_its_owner(&again.data);
}

#[cfg(unix)]
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_an_older_cairn_left_open_is_told_and_closed() {
    use std::os::unix::fs::PermissionsExt as _;
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    let app = instance(&data).await;
    app.db.close().await;
    for (path, _) in modes(&data) {
        let mode = if path.is_dir() { 0o755 } else { 0o644 };
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(mode)).unwrap();
    }
    let permissions = async || {
        let diagnosis = doctor::run(&app.config, None).await.unwrap();
        let probe = diagnosis.probes.into_iter().find(|p| p.name == "permissions").unwrap();
        (probe.outcome, probe.found)
    };
    let (outcome, found) = permissions().await;
    assert_eq!(outcome, doctor::Outcome::Warning);
    assert!(found.contains("data and 7 more"), "{found}");
    instance(&data).await.db.close().await;
    only_for_its_owner(&data);
    assert_eq!(permissions().await.0, doctor::Outcome::Ok);
}
