//! Everything that is stored about a person, as a zip to take away.

use crate::http::SignedIn;
use crate::http::problem::Result;
use axum::body::Body;
use axum::extract::State;
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use cairn_actions::App;
use cairn_actions::account::store;
use cairn_actions::account::store::holdings::{self, HOLDINGS};
use cairn_actions::person;
use cairn_actions::person::Actor;
use cairn_actions::{credential, enrollment, submission};
use cairn_platform::event;
use cairn_platform::heavy::Work;
use serde_json::{Value, json};
use std::io::Write as _;
use std::path::PathBuf;
use zip::write::SimpleFileOptions;

/// Texts by name, and files by name and place.
#[derive(Default)]
struct Parcel {
    texts: Vec<(String, String)>,
    files: Vec<(String, PathBuf)>,
}

/// Lines of the log that an export has at most.
const MOST_LINES: usize = 100_000;

const README: &str = "This is everything that Cairn stores about you. Instants are milliseconds since 1970, UTC.\n\n\
    account.json        name, language, addresses\n\
    sessions.json       where you are signed in\n\
    tokens.json         keys to the API (without their secrets)\n\
    links.json          links that were sent to you (without their secrets)\n\
    memberships.json    your roles in organisations\n\
    invitations.json    invitations to you and by you\n\
    conflicts.json      whom you do not review, and who does not review you\n\
    letters.json        letters to you\n\
    enrollments.json    what you work or worked on, with progress and attempts\n\
    submissions.json    what you handed in, with its reviews\n\
    messages.json       what you wrote to your reviewers\n\
    appeals.json        what you said against a decision\n\
    evidence/           the files that you handed in\n\
    reviews.json        reviews that you wrote\n\
    credentials.json    your badges with their state, and why they were awarded\n\
    credentials/        the same, signed; any verifier of Open Badges 3.0 can check them\n\
    rosters.json        rows of lists with which an organisation awarded you\n\
    answers.json        answers to calls of your programs, kept for a week\n\
    actions.json        lines of the audit log in which you acted or which tell of you\n";

pub(super) async fn download(State(app): State<App>, SignedIn(actor): SignedIn) -> Result<Response> {
    let parcel = collect(&app, &actor).await?;
    let file = app.heavy.run(Work::Pack, move || pack(parcel)).await??;
    let mut response =
        Body::from_stream(tokio_util::io::ReaderStream::new(tokio::fs::File::from_std(file))).into_response();
    let all = response.headers_mut();
    all.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/zip"));
    all.insert(
        header::CONTENT_DISPOSITION,
        HeaderValue::from_static("attachment; filename=\"cairn-account.zip\""),
    );
    all.insert(header::CACHE_CONTROL, HeaderValue::from_static("private, no-store"));
    Ok(response)
}

async fn collect(app: &App, actor: &Actor) -> Result<Parcel> {
    let mut conn = app.db.read().await?;
    let mut out = Parcel::default();
    let account = json!({
        "id": actor.person.to_string(),
        "name": actor.name,
        "language": actor.language.code(),
        "addresses": person::addresses(&mut conn, actor.person).await?,
        "tokens": store::tokens(&mut conn, actor.person, app.clock.now().as_millisecond()).await?,
        "memberships": actor.memberships.iter().map(|m| json!({
            "organization": m.name,
            "roles": m.roles.iter().map(|r| r.name()).collect::<Vec<_>>(),
        })).collect::<Vec<_>>(),
    });
    text_of(&mut out, "account.json", &account);
    let (mut enrollments, mut submissions) = (vec![], vec![]);
    for e in enrollment::of_learner(&mut conn, actor).await? {
        let published = cairn_actions::published::find_version(&mut conn, e.version_id).await?;
        let attempts = enrollment::all_attempts_of(&mut conn, &e).await?;
        enrollments.push(json!({
            "id": e.id.to_string(), "micro_credential": published.definition.title, "version": published.number,
            "state": e.state.name(), "progress": e.progress, "started_at": e.started_at, "attempts": attempts,
        }));
        for s in submission::of_enrollment(&mut conn, e.organization, e.id).await? {
            let mut pieces = vec![];
            for x in submission::evidence_of(&mut conn, &s).await? {
                let mut file = Value::Null;
                if x.kind == "file" && !x.blob.is_empty() {
                    let name = format!("evidence/{}-{}", x.id, x.file_name);
                    out.files.push((name.clone(), app.blobs.place(&x.blob)?));
                    file = json!(name);
                }
                pieces.push(
                    json!({ "kind": x.kind, "title": x.title, "url": x.url, "text": x.body, "file": file }),
                );
            }
            let said = cairn_actions::review::said_about(&mut conn, &s).await?;
            let said: Vec<Value> = said
                .iter()
                .map(|r| json!({ "revision": r.revision, "review": r.review, "decision": r.decision }))
                .collect();
            submissions.push(json!({
                "id": s.id.to_string(), "requirement": s.requirement, "state": s.inner.state.name(),
                "message": s.message, "evidence": pieces, "reviews": said,
            }));
        }
    }
    text_of(&mut out, "enrollments.json", &json!(enrollments));
    text_of(&mut out, "submissions.json", &json!(submissions));
    for c in credential::of_person(&mut conn, actor.person).await? {
        out.texts.push((format!("credentials/{}.json", c.id), c.document));
    }
    let person = actor.person.to_string();
    for (name, sql) in HOLDINGS {
        text_of(&mut out, name, &json!(holdings::rows(&mut conn, sql, &person).await?));
    }
    let subjects = holdings::subjects(&mut conn, &person).await?;
    let lines: Vec<Value> = event::about(&mut conn, &person, &subjects, MOST_LINES)
        .await?
        .into_iter()
        .map(
            |l| json!({ "at": l.at, "actor": l.actor, "kind": l.kind, "subject": l.subject, "body": l.body }),
        )
        .collect();
    text_of(&mut out, "actions.json", &json!(lines));
    out.texts.push(("README.txt".into(), README.into()));
    Ok(out)
}

fn text_of(parcel: &mut Parcel, name: &str, value: &Value) {
    parcel.texts.push((name.into(), format!("{value:#}\n")));
}

/// Packs into a file that is gone when it is closed.
fn pack(parcel: Parcel) -> anyhow::Result<std::fs::File> {
    use std::io::Seek as _;
    let mut zip = zip::ZipWriter::new(tempfile::tempfile()?);
    let options = SimpleFileOptions::default();
    for (name, text) in parcel.texts {
        zip.start_file(name, options)?;
        zip.write_all(text.as_bytes())?;
    }
    for (name, place) in parcel.files {
        // a blob that is gone must not keep the rest from its owner
        let Ok(mut file) = std::fs::File::open(place) else { continue };
        zip.start_file(name, options)?;
        std::io::copy(&mut file, &mut zip)?;
    }
    let mut file = zip.finish()?;
    file.rewind()?;
    Ok(file)
}
