//! The learner's desk: what to do next, what came back, what is under way.

use crate::http::problem::Result;
use crate::http::{SignedIn, Ui, page};
use crate::web::confirmation::caution;
use askama::Template;
use axum::extract::State;
use axum::response::Response;
use cairn_actions::App;
use cairn_actions::enrollment::of_learner;
use cairn_actions::published;
use cairn_actions::{credential, submission};
use cairn_domain::enrollment::State as Standing;
use cairn_domain::submission::State as Handed;

/// One enrolment on the desk.
struct Row {
    id: String,
    key: String,
    title: String,
    organization: String,
    /// What is to be known of it; empty when there is nothing.
    caution: String,
    version_id: String,
    state: &'static str,
    laid: usize,
    all: usize,
    started_at: i64,
    next: Option<(String, String)>,
}

/// Something that came back or waits.
struct Piece {
    link: String,
    title: String,
    requirement: String,
    state: &'static str,
    at: i64,
}

#[derive(Template)]
#[template(path = "enrollment/desk.html")]
struct Desk {
    ui: Ui,
    active: Vec<Row>,
    past: Vec<Row>,
    back: Vec<Piece>,
    waiting: Vec<Piece>,
    badges: Vec<(credential::CredentialRow, String, String)>,
    news: Vec<cairn_actions::announcement::News>,
}

pub(super) async fn show(State(app): State<App>, ui: Ui, SignedIn(actor): SignedIn) -> Result<Response> {
    let mut conn = app.db.read().await?;
    let (mut active, mut past, mut back, mut waiting) = (vec![], vec![], vec![], vec![]);
    for e in of_learner(&mut conn, &actor).await? {
        let published = published::find_version(&mut conn, e.version_id).await?;
        let tree = &published.definition.requirement;
        let (laid, all) = tree.stones(&e.progress);
        let next = tree.leaves().into_iter().find(|l| !e.progress.contains_key(l.id()));
        let title = published.definition.in_language(ui.language).title.to_owned();
        if e.state == Standing::Active {
            for s in submission::of_enrollment(&mut conn, e.organization, e.id).await? {
                let requirement = tree.leaf(&s.requirement).map_or("", |l| l.title()).to_owned();
                let piece = Piece {
                    link: format!("/enrollments/{}/requirements/{}", e.id, s.requirement),
                    title: title.clone(),
                    requirement,
                    state: s.inner.state.name(),
                    at: s.submitted_at.unwrap_or(s.created_at),
                };
                match s.inner.state {
                    Handed::Draft | Handed::Returned { .. } | Handed::Declined { .. } => back.push(piece),
                    Handed::Submitted { .. } | Handed::InReview { .. } | Handed::Appealed { .. } => {
                        waiting.push(piece);
                    }
                    Handed::Accepted { .. } => {}
                }
            }
        }
        let row = Row {
            next: next
                .map(|l| (format!("/enrollments/{}/requirements/{}", e.id, l.id()), l.title().to_owned())),
            id: e.id.to_string(),
            key: published.key.clone(),
            title,
            organization: published.organization_name.clone(),
            caution: caution(&ui, published.standing),
            version_id: e.version_id.to_string(),
            state: e.state.name(),
            laid,
            all,
            started_at: e.started_at,
        };
        if e.state == Standing::Active { active.push(row) } else { past.push(row) }
    }
    let mut badges = vec![];
    for badge in credential::of_person(&mut conn, actor.person).await?.into_iter().take(4) {
        let published = published::find_version(&mut conn, badge.version_id.parse()?).await?;
        let caution = caution(&ui, badge.standing);
        badges.push((badge, published.definition.in_language(ui.language).title.to_owned(), caution));
    }
    let mut news = cairn_actions::announcement::unread(&mut conn, &app, actor.person).await?;
    news.truncate(3);
    page(&Desk { ui, active, past, back, waiting, badges, news })
}
