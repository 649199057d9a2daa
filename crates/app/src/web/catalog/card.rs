//! A micro-credential in few words, for cards and tables, in the reader's language.

use crate::http::Ui;
use crate::web::confirmation::caution;
use cairn_actions::published::PublishedVersion;
use cairn_domain::achievement::Definition;

/// What a card shows.
#[derive(Debug, Clone)]
pub struct Card {
    /// Name in the catalogue.
    pub key: String,
    /// Address of the picture.
    pub image: String,
    /// Title.
    pub title: String,
    /// One sentence.
    pub summary: String,
    /// Who issues it.
    pub issuer: String,
    /// What readers are warned of about the issuer; empty for nothing.
    pub caution: String,
    /// "30 hours"; empty when not stated.
    pub hours: String,
    /// "Level 5"; empty when not stated.
    pub level: String,
    /// "€49.00" or "Free".
    pub price: String,
}

impl Card {
    /// Of a published version.
    pub fn of(published: &PublishedVersion, ui: &Ui) -> Self {
        let d = &published.definition;
        let shown = d.in_language(ui.language);
        Self {
            key: published.key.clone(),
            image: format!("/images/{}.svg", published.version),
            title: shown.title.to_owned(),
            summary: shown.summary.to_owned(),
            issuer: published.organization_name.clone(),
            caution: caution(ui, published.standing),
            hours: hours(d, ui),
            level: level(d, ui),
            price: price(d, ui),
        }
    }
}

/// "30 hours"; empty when not stated.
pub fn hours(d: &Definition, ui: &Ui) -> String {
    if d.workload.hours == 0 { String::new() } else { ui.n("catalog-hours", d.workload.hours) }
}

/// "Level 5", or the national one; empty when not stated.
pub fn level(d: &Definition, ui: &Ui) -> String {
    d.level.eqf.map_or_else(|| d.level.national.clone(), |level| ui.t1("catalog-level", "level", level))
}

/// "€49.00" or "Free".
pub fn price(d: &Definition, ui: &Ui) -> String {
    if d.price.amount == 0 { ui.t("catalog-free") } else { ui.money(d.price.amount, &d.price.currency) }
}
