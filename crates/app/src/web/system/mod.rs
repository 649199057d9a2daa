//! The instance itself: home page, language, assets, health, numbers.

use crate::http::problem::{KINDS, Result};
use crate::http::{Allow, Routes, Ui, asset, page, see, session};
use askama::Template;
use axum::Form;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, header};
use axum::response::{IntoResponse, Response};
use cairn_actions::App;
use cairn_actions::Error;
use cairn_actions::census;
use cairn_platform::db;
use cairn_platform::id;
use cairn_platform::job;
use cairn_platform::privacy::Retention;
use cairn_platform::text::Language;
use serde::Deserialize;

/// Routes of this subject.
pub fn routes(app: &App) -> Routes {
    Routes::new(app)
        .get("/about", Allow::Anyone, about)
        .get("/privacy", Allow::Anyone, privacy)
        .get("/problems/{code}", Allow::Anyone, problem_page)
        .post("/language", Allow::Anyone, language)
        .get("/assets/{hash}/{*name}", Allow::Anyone, asset::serve)
        .get("/favicon.ico", Allow::Anyone, favicon)
        .get("/robots.txt", Allow::Anyone, robots)
        .get("/healthz", Allow::Anyone, health)
        .get("/metrics", Allow::Anyone, metrics)
}

#[derive(Template)]
#[template(path = "system/about.html")]
struct About {
    ui: Ui,
    version: &'static str,
}

async fn about(ui: Ui) -> Result<Response> {
    page(&About { ui, version: env!("CARGO_PKG_VERSION") })
}

#[derive(Template)]
#[template(path = "system/privacy.html")]
struct Privacy {
    ui: Ui,
    kept: Vec<&'static Retention>,
}

async fn privacy(ui: Ui) -> Result<Response> {
    page(&Privacy { ui, kept: cairn_actions::retention::kept() })
}

#[derive(Template)]
#[template(path = "system/problem.html")]
struct ProblemPage {
    ui: Ui,
    code: &'static str,
}

/// What a problem's type means, and what to do: the address that stands in it leads here.
async fn problem_page(ui: Ui, Path(code): Path<String>) -> Result<Response> {
    let known = KINDS.iter().find(|(known, _)| *known == code).ok_or(Error::NotFound)?;
    page(&ProblemPage { ui, code: known.0 })
}

#[derive(Deserialize)]
struct Choice {
    language: String,
    #[serde(default)]
    back: String,
}

async fn language(State(app): State<App>, Form(choice): Form<Choice>) -> Result<Response> {
    let language =
        Language::parse(&choice.language).ok_or_else(|| Error::invalid("language", "choose-language"))?;
    let mut response = see(local(&choice.back));
    session::choose_language(&app, response.headers_mut(), language);
    Ok(response)
}

/// The path when it leads to this instance, `/` otherwise: a form must not send
/// people elsewhere.
pub fn local(path: &str) -> &str {
    let safe = path.starts_with('/')
        && !path.starts_with("//")
        && !path.contains('\\')
        && !path.chars().any(char::is_control);
    if safe { path } else { "/" }
}

async fn favicon() -> Response {
    see(&asset::address("icon/favicon.svg"))
}

async fn robots(State(app): State<App>) -> String {
    format!(
        "User-agent: *\nDisallow: /desk\nDisallow: /account\nDisallow: /reviews\n# {}\n",
        app.config.base_url
    )
}

/// 200 when the database answers.
async fn health(State(app): State<App>) -> Result<Response> {
    let mut conn = app.db.read().await?;
    db::probe(&mut conn).await?;
    Ok("ok\n".into_response())
}

/// Numbers in Prometheus' text format, without anything about a person.
/// Only for whoever knows the token.
async fn metrics(State(app): State<App>, headers: HeaderMap) -> Result<Response> {
    use std::fmt::Write as _;
    let shown = headers.get(header::AUTHORIZATION).and_then(|v| v.to_str().ok()).unwrap_or("");
    let shown = shown.strip_prefix("Bearer ").unwrap_or("");
    if app.config.metrics_token.is_empty() || !id::same(shown, &app.config.metrics_token) {
        return Err(Error::NotFound.into());
    }
    let mut conn = app.db.read().await?;
    let mut out = String::from("# TYPE cairn_jobs gauge\n");
    for (state, count) in job::counts(&mut conn).await? {
        let _ = writeln!(out, "cairn_jobs{{state=\"{state}\"}} {count}");
    }
    for (name, count) in census(&mut conn).await? {
        let _ = writeln!(out, "# TYPE cairn_{name} gauge\ncairn_{name} {count}");
    }
    let _ = writeln!(out, "# TYPE cairn_resident_bytes gauge\ncairn_resident_bytes {}", resident_bytes());
    Ok(([(header::CONTENT_TYPE, "text/plain; version=0.0.4")], out).into_response())
}

/// Resident memory as the kernel counts it; 0 where it does not say.
fn resident_bytes() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find(|l| l.starts_with("VmRSS:")).unwrap_or("");
    line.split_whitespace().nth(1).and_then(|kb| kb.parse::<u64>().ok()).unwrap_or(0) * 1024
}

#[cfg(test)]
mod tests {
    use super::local;

    #[test]
    fn a_form_sends_nobody_elsewhere() {
        for (path, want) in [
            ("/catalog?q=a", "/catalog?q=a"),
            ("//evil.example", "/"),
            ("https://evil.example", "/"),
            ("/\\evil.example", "/"),
            ("", "/"),
        ] {
            assert_eq!(local(path), want);
        }
    }
}
