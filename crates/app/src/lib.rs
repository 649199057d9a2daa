//! Cairn: define, earn, review, issue, show and check micro-credentials.
//!
//! | module | what |
//! |---|---|
//! | [`web`] | pages and API, one folder a subject; what is done stands in `cairn_actions` |
//! | [`http`] | what all pages share: routes, sessions, forms, files |
//! | [`command`] | what can be typed after `cairn` |
//! | [`seed`] | plays the demo's world |
//! | [`words`] | the words of pages and letters |

pub mod command;
pub mod http;
pub mod seed;
pub mod web;
pub mod words;

use axum::Router;
use cairn_actions::App;
use cairn_platform::clock::Clock;
use cairn_platform::config::Config;

/// Opens everything, with the words in place.
pub async fn open(config: Config, clock: Clock) -> anyhow::Result<App> {
    words::install();
    cairn_actions::open(config, clock).await
}

/// All pages, documents and the API.
pub fn router(app: App) -> Router {
    let (router, lines) = web::routes(&app).split();
    http::layers(router, app, lines)
}
