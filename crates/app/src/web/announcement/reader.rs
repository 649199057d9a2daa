//! What a learner is told, whether she wants letters, and the way out of them.

use crate::http::problem::Result;
use crate::http::{SignedIn, Ui, page, see_saying};
use crate::web::confirmation::caution;
use askama::Template;
use axum::Form;
use axum::extract::{Path, State};
use axum::response::Response;
use cairn_actions::App;
use cairn_actions::announcement::{self, News, Source};
use cairn_platform::markdown::markdown;
use serde::Deserialize;

/// One with its text laid out.
struct NewsView {
    news: News,
    text: String,
    /// What is to be known of the organisation; mostly empty.
    caution: String,
}

#[derive(Template)]
#[template(path = "announcement/reader.html")]
struct Page {
    ui: Ui,
    news: Vec<NewsView>,
    has_new: bool,
    sources: Vec<Source>,
}

pub(super) async fn show(State(app): State<App>, ui: Ui, SignedIn(actor): SignedIn) -> Result<Response> {
    let mut conn = app.db.read().await?;
    let news = announcement::news(&mut conn, &app, actor.person).await?;
    let sources = announcement::sources(&mut conn, actor.person).await?;
    let has_new = news.iter().any(|n| n.is_new);
    let news = news
        .into_iter()
        .map(|news| NewsView { text: markdown(&news.body), caution: caution(&ui, news.standing), news })
        .collect();
    page(&Page { ui, news, has_new, sources })
}

pub(super) async fn mark_read(State(app): State<App>, SignedIn(actor): SignedIn, ui: Ui) -> Result<Response> {
    announcement::mark_read(&app, &actor).await?;
    Ok(see_saying("/announcements", &ui.t("announcement-marked")))
}

#[derive(Deserialize)]
pub(super) struct Choice {
    #[serde(default)]
    organization: String,
    #[serde(default)]
    letters: String,
}

pub(super) async fn choose(
    State(app): State<App>,
    SignedIn(actor): SignedIn,
    ui: Ui,
    Form(form): Form<Choice>,
) -> Result<Response> {
    let wants = form.letters == "yes";
    announcement::choose_letters(&app, &actor, &form.organization, wants).await?;
    let said = if wants { "announcement-letters-on" } else { "announcement-letters-off" };
    Ok(see_saying("/announcements", &ui.t(said)))
}

#[derive(Template)]
#[template(path = "announcement/way_out.html")]
struct WayOut {
    ui: Ui,
    token: String,
    organization: String,
    is_done: bool,
}

/// Asks before anything ends: programs that look through letters open links, and do not press buttons.
pub(super) async fn way_out(State(app): State<App>, ui: Ui, Path(token): Path<String>) -> Result<Response> {
    let organization = announcement::way_out(&app, &token).await?;
    page(&WayOut { ui, token, organization, is_done: false })
}

pub(super) async fn stop(State(app): State<App>, ui: Ui, Path(token): Path<String>) -> Result<Response> {
    let organization = announcement::way_out(&app, &token).await?;
    announcement::stop_letters(&app, &token).await?;
    page(&WayOut { ui, token, organization, is_done: true })
}
