//! What the demo's organisations have told their learners.

use super::{Cast, told};
use anyhow::{Context, Result};
use cairn_actions::App;
use cairn_actions::announcement::{choose_letters, make};
use cairn_domain::announcement::{Audience, Draft};
use serde::Deserialize;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Announcement {
    organization: String,
    /// Key of the member who announces.
    by: String,
    audience: String,
    #[serde(default)]
    achievement: String,
    title: String,
    text: String,
    /// Keys of learners who have asked for letters before.
    #[serde(default)]
    letters: Vec<String>,
}

#[derive(Deserialize)]
struct All {
    announcements: Vec<Announcement>,
}

/// Announces them, today.
pub async fn play(app: &App, cast: &Cast) -> Result<()> {
    let all: All = toml::from_str(include_str!("../../../../demo/announcements.toml"))
        .context("reading demo/announcements.toml")?;
    for one in all.announcements {
        for reader in &one.letters {
            let reader = cast.actor(app, reader).await?;
            choose_letters(app, &reader, &one.organization, true).await.map_err(told)?;
        }
        let draft = Draft {
            audience: Audience::parse(&one.audience)
                .with_context(|| format!("{} is nobody to tell", one.audience))?,
            title: one.title,
            text: one.text,
            achievement: one.achievement,
            at: None,
        };
        let by = cast.actor(app, &one.by).await?;
        make(app, &by, &one.organization, draft).await.map_err(told)?;
    }
    Ok(())
}
