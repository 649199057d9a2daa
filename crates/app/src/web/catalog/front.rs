//! The front page: what this is, and ways in.

use super::card::Card;
use crate::http::problem::Result;
use crate::http::{Ui, page as show};
use askama::Template;
use axum::extract::State;
use axum::response::Response;
use cairn_actions::App;
use cairn_actions::catalog;
use cairn_domain::achievement::Field;
use cairn_domain::art::{Motif, badge_svg};
use std::sync::OnceLock;

#[derive(Template)]
#[template(path = "catalog/front.html")]
struct Front {
    ui: Ui,
    /// Name, how many.
    fields: Vec<(&'static str, i64)>,
    newest: Vec<Card>,
    total: i64,
    art: &'static str,
}

/// `/`
pub async fn page(State(app): State<App>, ui: Ui) -> Result<Response> {
    let mut conn = app.db.read().await?;
    let counts = catalog::fields(&app, &mut conn).await?;
    let found = catalog::newest(&app, &mut conn, 6).await?;
    let newest = found.iter().map(|p| Card::of(p, &ui)).collect();
    let fields = Field::ALL.iter().filter_map(|f| Some((f.name(), *counts.get(f.name())?))).collect();
    show(&Front { total: counts.values().sum(), fields, newest, art: art(), ui })
}

/// A badge as they are drawn here, with the program's own words.
fn art() -> &'static str {
    static ART: OnceLock<String> = OnceLock::new();
    ART.get_or_init(|| {
        let motif = Motif {
            title: "Small proofs of skill",
            issuer: "Cairn",
            field: "healthcare",
            level: Some(6),
            seed: "front",
        };
        cairn_platform::picture::svg_without_text(&badge_svg(&motif)).unwrap_or_default()
    })
}
