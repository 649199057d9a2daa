//! Everything that is stored about a person, to take away.

mod store;

use crate::app::App;
use crate::error::Result;
use crate::person::{self, Actor};
use crate::published;
use crate::subject::SUBJECTS;
use crate::{account, credential, enrollment, review, submission};
use cairn_domain::submission::EvidenceKind;
use cairn_platform::{event, privacy};
use serde_json::{Value, json};
use std::path::PathBuf;

/// Texts by name, and files by name and place.
#[derive(Debug, Default)]
pub struct Parcel {
    /// Name and text.
    pub texts: Vec<(String, String)>,
    /// Name, and where the bytes lie.
    pub files: Vec<(String, PathBuf)>,
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

/// Everything about her.
pub async fn collect(app: &App, actor: &Actor) -> Result<Parcel> {
    let tokens = account::settings::tokens(app, actor).await?;
    let mut conn = app.db.read().await?;
    let mut out = Parcel::default();
    let account = json!({
        "id": actor.person.to_string(),
        "name": actor.name,
        "language": actor.language.code(),
        "addresses": person::addresses(&mut conn, actor.person).await?,
        "tokens": tokens,
        "memberships": actor.memberships.iter().map(|m| json!({
            "organization": m.name,
            "roles": m.roles.iter().map(|r| r.name()).collect::<Vec<_>>(),
        })).collect::<Vec<_>>(),
    });
    text_of(&mut out, "account.json", &account);
    let (mut enrollments, mut submissions) = (vec![], vec![]);
    for e in enrollment::of_learner(&mut conn, actor).await? {
        let published = published::find_version(&mut conn, e.version_id).await?;
        let attempts = enrollment::all_attempts_of(&mut conn, &e).await?;
        enrollments.push(json!({
            "id": e.id.to_string(), "micro_credential": published.definition.title, "version": published.number,
            "state": e.state.name(), "progress": e.progress, "started_at": e.started_at, "attempts": attempts,
        }));
        for s in submission::of_enrollment(&mut conn, e.organization, e.id).await? {
            let mut pieces = vec![];
            for x in submission::evidence_of(&mut conn, &s).await? {
                let mut file = Value::Null;
                if x.kind == EvidenceKind::File && !x.blob.is_empty() {
                    let name = format!("evidence/{}-{}", x.id, x.file_name);
                    out.files.push((name.clone(), app.blobs.place(&x.blob)?));
                    file = json!(name);
                }
                pieces.push(
                    json!({ "kind": x.kind, "title": x.title, "url": x.url, "text": x.body, "file": file }),
                );
            }
            let said = review::said_about(&mut conn, &s).await?;
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
    let parts = SUBJECTS.iter().map(|subject| &subject.privacy).chain([&privacy::PRIVACY]);
    for export in parts.flat_map(|part| part.exports) {
        text_of(&mut out, export.file, &json!(privacy::rows(&mut conn, export, &person).await?));
    }
    let subjects = store::subjects(&mut conn, &person).await?;
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
