//! The demo: people to be with one click, and what the world has to show.
//! Outside the demo none of its routes exist.

use crate::http::problem::Result;
use crate::http::{Allow, Routes, see, session};
use axum::extract::{Path, State};
use axum::http::HeaderMap;
use axum::response::Response;
use cairn_actions::App;
use cairn_actions::Error;
use cairn_actions::{account, credential};
use cairn_domain::award;
use cairn_platform::setting;
use cairn_platform::text::Language;
use cairn_value::id::PersonId;
use serde::{Deserialize, Serialize};

/// Routes of this subject.
pub fn routes(app: &App) -> Routes {
    Routes::new(app).get("/demo/sign-in/{role}", Allow::Demo, sign_in)
}

/// Someone to be.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Face {
    /// `learner`, `reviewer`, …
    pub role: String,
    /// The account.
    pub person: PersonId,
    /// Her name.
    pub name: String,
    /// Her address.
    pub email: String,
    /// A sentence in English.
    pub about: String,
    /// The same in German.
    pub about_de: String,
}

impl Face {
    /// The sentence in a language.
    pub fn about_in(&self, language: Language) -> &str {
        if language == Language::De { &self.about_de } else { &self.about }
    }
}

/// What was written down when the world was made.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct World {
    /// Address that the badges name.
    pub base_url: String,
    /// Who can be signed in as.
    pub faces: Vec<Face>,
}

/// Name of the setting.
const SETTING: &str = "demo.world";

/// The world in this database; none before it was made.
pub async fn world(app: &App) -> anyhow::Result<Option<World>> {
    let mut conn = app.db.read().await?;
    let text = setting::read(&mut conn, SETTING).await?;
    Ok(text.map(|t| serde_json::from_str(&t)).transpose()?)
}

/// Writes down that the world is made; the last act of making it.
pub async fn remember(app: &App, world: &World) -> anyhow::Result<()> {
    Ok(setting::keep(&app.db, SETTING, &serde_json::to_string(world)?).await?)
}

/// A person as the command line prints her.
#[derive(Debug, Clone, Serialize)]
pub struct Sign {
    /// Her name.
    pub name: String,
    /// Her role.
    pub role: String,
    /// Her address.
    pub email: String,
    /// Opening it signs in.
    pub sign_in_url: String,
}

/// Addresses of public badges by what they are.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Badges {
    /// In force.
    pub valid: Vec<String>,
    /// Over.
    pub expired: Vec<String>,
    /// Suspended.
    pub suspended: Vec<String>,
    /// Revoked.
    pub revoked: Vec<String>,
}

/// What the command line prints.
#[derive(Debug, Clone)]
pub struct WorldGuide {
    /// Who can be signed in as.
    pub people: Vec<Sign>,
    /// A token of the owner with all scopes.
    pub api_token: String,
    /// Public badges.
    pub credentials: Badges,
}

/// What there is to show; none when the world is not made.
pub async fn shown(app: &App) -> anyhow::Result<Option<WorldGuide>> {
    let Some(world) = world(app).await? else { return Ok(None) };
    let base = &app.config.base_url;
    let sign = |f: &Face| Sign {
        name: f.name.clone(),
        role: f.role.clone(),
        email: f.email.clone(),
        sign_in_url: format!("{base}/demo/sign-in/{}", f.role),
    };
    let people = world.faces.iter().map(sign).collect();
    let owner = world.faces.iter().find(|f| f.role == "owner").map(|f| f.person);
    let api_token = match owner {
        Some(owner) => account::issue_token(app, owner, "demo", account::ALL_SCOPES, account::DEFAULT_DAYS)
            .await
            .map_err(|e| anyhow::anyhow!("making the owner's token: {e:?}"))?,
        None => String::new(),
    };
    Ok(Some(WorldGuide { people, api_token, credentials: badges(app).await? }))
}

async fn badges(app: &App) -> anyhow::Result<Badges> {
    let mut conn = app.db.read().await?;
    let shared = credential::shared(&mut conn, 1000).await?;
    let now = app.clock.now().as_millisecond();
    let mut out = Badges::default();
    for (id, state, until) in shared {
        let url = format!("{}/c/{id}", app.config.base_url);
        match state {
            award::State::Active if until.is_some_and(|until| until < now) => out.expired.push(url),
            award::State::Active => out.valid.push(url),
            award::State::Suspended => out.suspended.push(url),
            award::State::Revoked => out.revoked.push(url),
            award::State::Superseded => {}
        }
    }
    Ok(out)
}

/// Signs in as one of the people. A GET, so that the address which the command
/// line prints can be opened; it exists in the demo only.
async fn sign_in(State(app): State<App>, Path(role): Path<String>, headers: HeaderMap) -> Result<Response> {
    let world = world(&app).await?.ok_or(Error::NotFound)?;
    let face = world.faces.iter().find(|f| f.role == role).ok_or(Error::NotFound)?;
    let agent = headers.get("user-agent").and_then(|v| v.to_str().ok()).unwrap_or("");
    let token = account::session_for(&app, face.person, agent).await?;
    let to = match role.as_str() {
        "reviewer" => "/reviews",
        "designer" | "owner" | "employer" => "/organizations",
        "operator" => "/about",
        _ => "/desk",
    };
    let mut response = see(to);
    session::put_cookie(&app, &mut response, &token);
    Ok(response)
}
