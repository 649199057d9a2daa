//! The audit log holds against whoever can write into the database: keyed
//! lines, heads that leave it, texts that can be erased, old logs sealed.

use crate::harness::{Role, TestApp};
use cairn::command::audit;
use cairn_platform::event::head::{self, Standing};
use cairn_platform::event::{self, ChainReport, Event, chain, seal};
use cairn_platform::id;
use cairn_value::id::OrganizationId;
use serde_json::{Value, json};

async fn record(app: &TestApp, organization: Option<OrganizationId>, subject: &str, reason: &str) {
    let event = Event {
        organization,
        actor: "system".into(),
        kind: "test.happened",
        subject: subject.into(),
        body: json!({ "role": "owner", "reason": reason }),
    };
    let mut tx = app.db.begin().await.unwrap();
    event::record(&mut tx, app, event).await.unwrap();
    tx.commit().await.unwrap();
}

async fn check(app: &TestApp) -> Vec<ChainReport> {
    let mut conn = app.db.read().await.unwrap();
    event::verify(&mut conn, &app.keys).await.unwrap()
}

async fn fault(app: &TestApp) -> Option<String> {
    check(app).await.into_iter().find_map(|c| c.broken)
}

async fn standing(app: &TestApp, document: &Value) -> Standing {
    let mut conn = app.db.read().await.unwrap();
    head::compare(&mut conn, &app.keys, document).await.unwrap()
}

/// Seals as a start does.
async fn seal_old(app: &TestApp) {
    seal::old_chains(&app.db, &app.keys, &app.config.data, app.clock.now()).await.unwrap();
}

/// Makes the data folder that of an instance from before there was a key.
fn unmark(app: &TestApp) {
    std::fs::remove_file(app.config.data.join(seal::MARK)).unwrap();
}

/// What the program before wrote: no key, the text in the line.
async fn old_log(app: &TestApp, chain: &str, reasons: &[&str]) -> String {
    let mut tx = app.db.begin().await.unwrap();
    let mut previous = event::GENESIS.to_owned();
    for (n, reason) in reasons.iter().enumerate() {
        let mut line = event::Line {
            seq: n as i64 + 1,
            at: 1000,
            actor: "system".into(),
            kind: "credential.revoked".into(),
            subject: format!("subject-{n}"),
            body: json!({ "reason": reason }).to_string(),
            text_digest: String::new(),
            previous: previous.clone(),
            hash: String::new(),
        };
        line.hash = chain::unkeyed(chain, &line);
        previous.clone_from(&line.hash);
        sqlx::query(
            "INSERT INTO event (organization, seq, at, actor, kind, subject, body, previous, hash) \
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
        )
        .bind(chain)
        .bind(line.seq)
        .bind(line.at)
        .bind(line.actor)
        .bind(line.kind)
        .bind(line.subject)
        .bind(line.body)
        .bind(line.previous)
        .bind(line.hash)
        .execute(&mut *tx)
        .await
        .unwrap();
    }
    sqlx::query("INSERT INTO event_head (organization, seq, hash) VALUES ($1, $2, $3)")
        .bind(chain)
        .bind(reasons.len() as i64)
        .bind(&previous)
        .execute(&mut *tx)
        .await
        .unwrap();
    sqlx::query("DELETE FROM setting WHERE name = 'audit.sealed'").execute(&mut *tx).await.unwrap();
    tx.commit().await.unwrap();
    previous
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_writes_into_the_database_cannot_write_the_log_anew() {
    let app = TestApp::new().await;
    for n in 1..=3 {
        record(&app, None, &n.to_string(), "a reason").await;
    }
    assert_eq!(fault(&app).await, None);
    // everything that can be computed without the key: another line, and all hashes after it
    let mut tx = app.db.begin().await.unwrap();
    let mut lines = event::newest(&mut tx, None, i64::MAX, 10).await.unwrap();
    lines.reverse();
    let mut previous = event::GENESIS.to_owned();
    for mut line in lines {
        line.actor = "nobody".into();
        line.previous = previous;
        line.hash = chain::unkeyed("", &line);
        previous = line.hash.clone();
        sqlx::query("UPDATE event SET actor = $2, previous = $3, hash = $4 WHERE seq = $1")
            .bind(line.seq)
            .bind(line.actor)
            .bind(line.previous)
            .bind(line.hash)
            .execute(&mut *tx)
            .await
            .unwrap();
    }
    sqlx::query("UPDATE event_head SET hash = $1").bind(previous).execute(&mut *tx).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(fault(&app).await.as_deref(), Some("line 1 has been changed"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_erased_text_leaves_a_chain_that_holds_and_a_line_that_says_so() {
    let app = TestApp::new().await;
    record(&app, None, "amy", "SENTINEL she copied it").await;
    record(&app, None, "ben", "his is another matter").await;
    let mut tx = app.db.begin().await.unwrap();
    event::erase_texts(&mut tx, &app, "amy", &["amy".into()]).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(app.count("SELECT count(*) FROM event_text").await, 1);
    assert_eq!(app.count("SELECT count(*) FROM event WHERE body LIKE '%SENTINEL%'").await, 0);
    let report = check(&app).await.remove(0);
    assert_eq!((report.broken, report.erased, report.lines), (None, 1, 3));
    let mut conn = app.db.read().await.unwrap();
    let lines = event::newest(&mut conn, None, i64::MAX, 10).await.unwrap();
    assert!(lines[1].body.contains("another matter"), "{lines:?}");
    assert_eq!(lines[0].body, r#"{"lines":[1]}"#);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_line_is_about_an_id_and_never_about_words() {
    let app = TestApp::new().await;
    let write = async |subject: &str| {
        let body = json!({});
        let (actor, subject) = ("system".into(), subject.to_owned());
        let event = Event { organization: None, actor, kind: "test.happened", subject, body };
        let mut tx = app.db.begin().await.unwrap();
        event::record(&mut tx, &app, event).await
    };
    for id in ["", "01a21f55-1d36-75f7-a4fb-38924816a13f", "key-1", "xn--nigsberg-m4a.example"] {
        write(id).await.unwrap();
    }
    for words in ["Ray approved", "amy@people.example", "a\u{202E}b", "a:b", "\u{e9}", &"x".repeat(254)] {
        assert!(write(words).await.is_err(), "{words}");
    }
    assert_eq!(app.count("SELECT count(*) FROM event").await, 0);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_text_that_goes_or_changes_in_silence_is_found() {
    for (tampering, want) in [
        (
            "DELETE FROM event_text WHERE seq = 2",
            "the text of line 2 is gone, and no line says that it was erased",
        ),
        ("UPDATE event_text SET body = '{}' WHERE seq = 2", "the text of line 2 has been changed"),
        ("UPDATE event_text SET key = '' WHERE seq = 2", "the text of line 2 has been changed"),
        ("UPDATE event SET text_digest = '' WHERE seq = 2", "line 2 has been changed"),
        ("DELETE FROM event_head", "the log ends at line 3, its head says 0"),
    ] {
        let app = TestApp::new().await;
        for n in 1..=3 {
            record(&app, None, &n.to_string(), "a reason").await;
        }
        app.execute(tampering).await;
        assert_eq!(fault(&app).await.as_deref(), Some(want), "{tampering}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_log_that_was_cut_is_found_by_the_head_that_left_the_database() {
    let app = TestApp::new().await;
    let organization = app.organization("north", &[]).await;
    record(&app, None, "1", "a reason").await;
    record(&app, Some(organization), "2", "a reason").await;
    let signed = head::sign(&app).await.unwrap();
    assert!(signed.is_new);
    let again = head::sign(&app).await.unwrap();
    assert_eq!(again.document, signed.document, "one head a day, however many nodes sign");
    let served = app.visitor().get("/.well-known/cairn/audit-heads").await.is(200).json();
    assert_eq!(served["heads"][0], signed.document);
    let did = app.visitor().get("/.well-known/did.json").await.is(200).json();
    assert_eq!(did["verificationMethod"][0]["id"], served["key"]);
    assert_eq!(standing(&app, &signed.document).await, Standing::Holds { line: signed.line });
    // the organisation's log, cut: its last line never was
    let kept = "UPDATE event_head SET seq = 0, hash = '0000000000000000000000000000000000000000000000000000000000000000' \
                WHERE organization <> ''";
    app.execute("DELETE FROM event WHERE organization <> ''").await;
    app.execute("DELETE FROM event_text WHERE organization <> ''").await;
    app.execute(kept).await;
    assert_eq!(
        fault(&app).await.as_deref(),
        Some("the log ends at line 0, the instance's log has noted line 1")
    );
    // and the instance's own, which noted it, cut as well: within the database nothing is wrong
    app.execute("DELETE FROM event WHERE organization = '' AND seq > 1").await;
    app.execute(
        "UPDATE event_head SET seq = 1, hash = (SELECT e.hash FROM event e WHERE e.organization = '' AND e.seq = 1) \
         WHERE organization = ''",
    )
    .await;
    assert_eq!(fault(&app).await, None);
    let Standing::Broken { why } = standing(&app, &signed.document).await else {
        panic!("the cut is not found")
    };
    assert!(
        why.contains("line 2 of the instance's log, which was signed on 2026-11-22, is missing"),
        "{why}"
    );
    // another line in its place is no better
    record(&app, None, "3", "a reason").await;
    assert!(matches!(standing(&app, &signed.document).await, Standing::Broken { .. }));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_head_that_this_instance_did_not_sign_says_nothing() {
    let (app, other) = (TestApp::new().await, TestApp::new().await);
    record(&app, None, "1", "a reason").await;
    let signed = head::sign(&app).await.unwrap().document;
    let mut conn = other.db.read().await.unwrap();
    assert!(head::compare(&mut conn, &other.keys, &signed).await.is_err());
    let mut changed = signed.clone();
    changed["line"] = json!(1);
    assert!(head::compare(&mut conn, &app.keys, &changed).await.is_err());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_restore_is_recorded_and_explains_the_gap_it_leaves() {
    let app = TestApp::new().await;
    record(&app, None, "1", "a reason").await;
    app.pass_days(1);
    // what came after the backup, and its head, are lost
    let cut = [
        "DELETE FROM event WHERE seq > 1",
        "DELETE FROM event_text WHERE seq > 1",
        "DELETE FROM audit_head",
        "UPDATE event_head SET seq = 1, hash = (SELECT e.hash FROM event e WHERE e.seq = 1)",
    ];
    record(&app, None, "2", "a reason").await;
    let signed = head::sign(&app).await.unwrap().document;
    for sql in cut {
        app.execute(sql).await;
    }
    assert!(matches!(standing(&app, &signed).await, Standing::Broken { .. }));
    app.pass_days(1);
    for _ in 0..2 {
        head::record_restore(&app, "restore-1", "2026-11-22T13:00:00Z", app.clock.now()).await.unwrap();
    }
    assert_eq!(app.count("SELECT count(*) FROM event WHERE kind = 'instance.restored'").await, 1);
    assert!(matches!(standing(&app, &signed).await, Standing::Restored { .. }));
    assert_eq!(fault(&app).await, None);
    // a head from after the restore is not excused by it
    app.pass_days(1);
    record(&app, None, "3", "a reason").await;
    let later = head::sign(&app).await.unwrap().document;
    app.execute("DELETE FROM event WHERE seq > 2").await;
    assert!(matches!(standing(&app, &later).await, Standing::Broken { .. }));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_old_log_is_sealed_once_and_its_texts_can_be_erased() {
    let app = TestApp::new().await;
    let organization = OrganizationId(id::fresh());
    let name = organization.to_string();
    let old = old_log(&app, &name, &["SENTINEL one", "two", "three"]).await;
    assert!(fault(&app).await.is_some_and(|f| f.contains("not sealed")));
    unmark(&app);
    // two nodes start at once, and one again later
    tokio::join!(seal_old(&app), seal_old(&app));
    seal_old(&app).await;
    assert_eq!(app.count("SELECT count(*) FROM event WHERE kind = 'audit.sealed'").await, 1);
    record(&app, Some(organization), "later", "goes on").await;
    let report = check(&app).await.remove(0);
    assert_eq!((report.broken, report.before_seal, report.lines), (None, None, 5));
    let mut conn = app.db.read().await.unwrap();
    let lines = event::newest(&mut conn, Some(organization), i64::MAX, 10).await.unwrap();
    drop(conn);
    let seal: Value = serde_json::from_str(&lines[1].body).unwrap();
    assert_eq!(
        (&seal["old_head"], &seal["found"], &seal["old_lines"]),
        (&json!(old), &json!("whole"), &json!(3))
    );
    assert!(lines[4].body.contains("SENTINEL one"));
    let mut tx = app.db.begin().await.unwrap();
    event::erase_texts(&mut tx, &app, "system", &["subject-0".into()]).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(fault(&app).await, None);
    // nothing is left with which a guess of the text could be tried
    assert_eq!(app.count("SELECT count(*) FROM event_text WHERE seq IN (1, 4)").await, 0);
    assert_eq!(app.count("SELECT count(*) FROM event WHERE seq <= 3 AND hash <> ''").await, 0);
    app.execute("UPDATE event SET actor = 'nobody' WHERE seq = 2").await;
    assert_eq!(fault(&app).await.as_deref(), Some("a line before the seal (line 4) has been changed"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_old_log_that_was_broken_is_sealed_as_broken() {
    for (tampering, want) in [
        ("UPDATE event SET actor = 'nobody' WHERE seq = 2", "line 2 had been changed"),
        ("DELETE FROM event WHERE seq = 2", "line 2 was missing"),
        ("DELETE FROM event WHERE seq = 3", "the log ended at line 2, its head said 3"),
        ("UPDATE event_head SET seq = 2", "the log ended at line 3, its head said 2"),
        ("DELETE FROM event_head", "the log ended at line 3, its head said 0"),
    ] {
        let app = TestApp::new().await;
        old_log(&app, "", &["one", "two", "three"]).await;
        app.execute(tampering).await;
        unmark(&app);
        seal_old(&app).await;
        record(&app, None, "later", "goes on").await;
        let report = check(&app).await.remove(0);
        assert_eq!(report.broken, None, "{tampering}");
        assert_eq!(report.before_seal.as_deref(), Some(want), "{tampering}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_keyed_log_that_was_written_anew_without_the_key_is_not_sealed_as_an_old_one() {
    let app = TestApp::new().await;
    let organization = app.organization("north", &[]).await;
    let chain = organization.to_string();
    record(&app, None, "1", "a reason").await;
    for n in 1..=3 {
        record(&app, Some(organization), &n.to_string(), "a reason").await;
    }
    let signed = head::sign(&app).await.unwrap().document;
    let is_refused = async |app: &TestApp| {
        seal_old(app).await;
        assert_eq!(app.count("SELECT count(*) FROM event WHERE kind = 'audit.sealed'").await, 0);
        assert!(fault(app).await.is_some_and(|f| f.contains("not sealed")));
    };
    for table in ["event", "event_text", "event_head"] {
        let sql = ["DELETE FROM ", table, " WHERE organization <> ''"].concat();
        app.execute(Box::leak(sql.into_boxed_str())).await;
    }
    old_log(&app, &chain, &["forged", "two", "three"]).await;
    // the data folder knows; without it the heads that were signed; without those the one that was noted
    is_refused(&app).await;
    unmark(&app);
    is_refused(&app).await;
    app.execute("DELETE FROM audit_head").await;
    is_refused(&app).await;
    // an earlier program did seal it: what was noted says so
    app.execute("UPDATE event SET kind = 'hidden' WHERE kind = 'audit.heads'").await;
    seal_old(&app).await;
    app.execute("UPDATE event SET kind = 'audit.heads' WHERE kind = 'hidden'").await;
    assert_eq!(app.count("SELECT count(*) FROM event WHERE kind = 'audit.sealed'").await, 1);
    assert!(fault(&app).await.is_some_and(|f| f.contains("sealed a second time")), "{:?}", check(&app).await);
    // the instance's own written anew as well, with a restore that never was: the head that was kept tells
    for all in ["DELETE FROM event", "DELETE FROM event_text", "DELETE FROM event_head"] {
        app.execute(all).await;
    }
    old_log(&app, "", &["forged", "two"]).await;
    app.execute(
        "UPDATE event SET kind = 'instance.restored', \
         body = '{\"restored_at\":\"2030-01-01T00:00:00Z\",\"after_line\":0,\"last_at\":0}' WHERE seq = 1",
    )
    .await;
    unmark(&app);
    seal_old(&app).await;
    assert_eq!(app.count("SELECT count(*) FROM event WHERE kind = 'audit.sealed'").await, 1);
    assert!(matches!(standing(&app, &signed).await, Standing::Broken { .. }));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_writers_at_once_and_the_daily_head_keep_one_chain() {
    let app = TestApp::new().await;
    let organization = app.organization("north", &[]).await;
    let write = async |n: usize| {
        for turn in 0..10 {
            record(&app, Some(organization), &format!("{n}.{turn}"), "a reason").await;
            record(&app, None, &format!("{n}.{turn}"), "a reason").await;
        }
    };
    let all = futures_util::future::join_all((0..8).map(write));
    let (_, a, b) = tokio::join!(all, head::sign(&app), head::sign(&app));
    // on PostgreSQL one of two that sign at the same moment may find the other's head and begin anew
    let signed = [a, b].into_iter().flatten().next().expect("one of them signs");
    assert_eq!(fault(&app).await, None);
    assert!(matches!(standing(&app, &signed.document).await, Standing::Holds { .. }));
    assert_eq!(app.count("SELECT count(*) FROM audit_head").await, 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_operator_gets_the_head_by_letter_once_a_day() {
    let app = TestApp::new().await;
    app.operator("Olga").await;
    record(&app, None, "1", "a reason").await;
    app.pass_days(1);
    for _ in 0..2 {
        cairn_platform::job::plan_night(&*app).await.unwrap();
    }
    app.run_jobs().await;
    let letters = app.mails_to("olga@people.example").await;
    assert_eq!(letters.len(), 1, "{letters:?}");
    let document =
        letters[0].plain.lines().find(|l| l.contains("CairnAuditHead")).expect("the head is in the letter");
    let document: Value = serde_json::from_str(document.trim()).unwrap();
    assert!(matches!(standing(&app, &document).await, Standing::Holds { .. }));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_command_takes_heads_that_were_kept() {
    let app = TestApp::new().await;
    record(&app, None, "1", "a reason").await;
    let signed = head::sign(&app).await.unwrap().document;
    let found = audit::compare(&app.config, &[signed]).await.unwrap();
    assert_eq!(found, [Standing::Holds { line: 2 }]);
    let (chains, _) = audit::verify(&app.config).await.unwrap();
    assert!(chains.iter().all(|c| c.broken.is_none()), "{chains:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_log_that_was_removed_whole_is_missed() {
    let app = TestApp::new().await;
    let oskar = app.person("Oskar").await;
    app.organization("north", &[(&oskar, Role::Owner)]).await;
    record(&app, None, "1", "a reason").await;
    for all in
        ["DELETE FROM event", "DELETE FROM event_head", "DELETE FROM event_text", "DELETE FROM audit_head"]
    {
        app.execute(all).await;
    }
    let (chains, _) = audit::verify(&app.config).await.unwrap();
    assert!(chains[0].broken.is_some(), "{chains:?}");
}
