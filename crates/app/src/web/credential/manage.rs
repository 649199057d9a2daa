//! An organisation's credentials, for those who look after them.

use crate::http::problem::Result;
use crate::http::{SignedIn, Ui, page};
use crate::web::credential::mark::Mark;
use askama::Template;
use axum::extract::{Path, Query, State};
use axum::response::Response;
use cairn_actions::App;
use cairn_actions::credential::{CredentialRow, Filter, of_organization};
use serde::Deserialize;

/// Rows on one page.
const PAGE: i64 = 50;

#[derive(Debug, Deserialize)]
pub(super) struct Search {
    #[serde(default)]
    q: String,
    #[serde(default)]
    state: String,
    #[serde(default)]
    after: String,
}

/// One badge in the list.
struct Row {
    badge: CredentialRow,
    title: String,
    mark: Mark,
}

#[derive(Template)]
#[template(path = "credential/manage.html")]
struct Manage {
    ui: Ui,
    slug: String,
    name: String,
    search: Search,
    rows: Vec<Row>,
    next: String,
}

pub(super) async fn list(
    State(app): State<App>,
    ui: Ui,
    SignedIn(actor): SignedIn,
    Path(slug): Path<String>,
    Query(search): Query<Search>,
) -> Result<Response> {
    let member = actor.member(&slug)?;
    let filter = Filter {
        state: search.state.clone(),
        text: search.q.trim().to_lowercase(),
        after: search.after.clone(),
        ..Filter::default()
    };
    let mut conn = app.db.read().await?;
    let mut badges = of_organization(&mut conn, member.organization, &filter, PAGE + 1).await?;
    let more = badges.len() as i64 > PAGE;
    badges.truncate(PAGE as usize);
    let next = match badges.last().filter(|_| more) {
        Some(last) => {
            let query = url::form_urlencoded::Serializer::new(String::new())
                .append_pair("q", &search.q)
                .append_pair("state", &search.state)
                .append_pair("after", &last.id)
                .finish();
            format!("/organizations/{slug}/credentials?{query}")
        }
        None => String::new(),
    };
    let mut rows = vec![];
    for badge in badges {
        let published = cairn_actions::published::find_version(&mut conn, badge.version_id.parse()?).await?;
        let title = published.definition.in_language(ui.language).title.to_owned();
        let mark = Mark::of(&badge, published.definition.validity.grace_days, ui.now);
        rows.push(Row { title, mark, badge });
    }
    page(&Manage { ui, slug, name: member.name.clone(), search, rows, next })
}
