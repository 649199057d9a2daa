//! All published versions of a micro-credential, and what changed from one to
//! the next, for everybody.

use super::difference::{Difference, differences};
use crate::http::problem::Result;
use crate::http::{Ui, page};
use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;
use cairn_actions::App;
use cairn_actions::Error;
use cairn_actions::achievement::{self, VersionRow};
use cairn_actions::confirmation::{self, Notice, notice};
use cairn_actions::published::{PublishedVersion, find_current, find_version};
use cairn_domain::difference::public_changes;

#[derive(Template)]
#[template(path = "achievement/versions.html")]
struct Versions {
    ui: Ui,
    notice: Option<Notice>,
    published: PublishedVersion,
    title: String,
    rows: Vec<VersionRow>,
}

/// `/catalog/{key}/versions`
pub async fn list(State(app): State<App>, ui: Ui, Path(key): Path<String>) -> Result<Response> {
    let mut conn = app.db.read().await?;
    let (published, _) = find_current(&mut conn, &key).await?;
    let standing = confirmation::standing(&mut conn, published.organization).await?;
    confirmation::require_public(&app, standing)?;
    let rows = achievement::versions(&mut conn, published.organization, published.achievement).await?;
    let title = published.definition.in_language(ui.language).title.to_owned();
    page(&Versions { notice: notice(standing), ui, published, title, rows })
}

#[derive(Template)]
#[template(path = "achievement/version.html")]
struct Version {
    ui: Ui,
    notice: Option<Notice>,
    key: String,
    title: String,
    image: String,
    row: VersionRow,
    newest: i64,
    summary: String,
    outcomes: Vec<String>,
    differences: Vec<Difference>,
}

/// `/catalog/{key}/versions/{n}`
pub async fn show(
    State(app): State<App>,
    ui: Ui,
    Path((key, number)): Path<(String, String)>,
) -> Result<Response> {
    let number: i64 = number.parse().map_err(|_| Error::NotFound)?;
    let mut conn = app.db.read().await?;
    let (current, _) = find_current(&mut conn, &key).await?;
    let standing = confirmation::standing(&mut conn, current.organization).await?;
    confirmation::require_public(&app, standing)?;
    let all = achievement::versions(&mut conn, current.organization, current.achievement).await?;
    let row = all.iter().find(|v| v.number == number).cloned().ok_or(Error::NotFound)?;
    let this = find_version(&mut conn, row.id).await?;
    let differences = match all.iter().find(|v| v.number < number) {
        Some(before) => {
            let before = find_version(&mut conn, before.id).await?;
            differences(&public_changes(&before.definition, &this.definition), &ui)
        }
        None => vec![],
    };
    let shown = this.definition.in_language(ui.language);
    page(&Version {
        notice: notice(standing),
        key: current.key,
        title: shown.title.to_owned(),
        summary: shown.summary.to_owned(),
        outcomes: shown.outcomes.to_vec(),
        image: format!("/images/{}.svg", row.id),
        newest: current.number,
        row,
        differences,
        ui,
    })
}
