//! Up to four micro-credentials side by side.

use super::card::Card;
use super::show::{elements, renewal, validity};
use crate::http::problem::Result;
use crate::http::{Ui, page as show};
use askama::Template;
use axum::extract::{Query, State};
use axum::response::Response;
use cairn_actions::App;
use cairn_actions::Error;
use cairn_actions::confirmation;
use cairn_actions::published;
use cairn_value::steps;

/// As many fit beside each other.
const MOST: usize = 4;

/// One line of the table.
struct Line {
    label: String,
    values: Vec<String>,
}

#[derive(Template)]
#[template(path = "catalog/compare.html")]
struct Compare {
    ui: Ui,
    cards: Vec<Card>,
    /// Address without this column.
    without: Vec<String>,
    lines: Vec<Line>,
    outcomes: Vec<Vec<String>>,
    skills: Vec<Vec<String>>,
    too_many: bool,
}

/// `/catalog/compare?a=key&a=key`
pub async fn page(
    State(app): State<App>,
    ui: Ui,
    Query(pairs): Query<Vec<(String, String)>>,
) -> Result<Response> {
    let mut keys: Vec<String> = vec![];
    for (_, key) in pairs.into_iter().filter(|(name, _)| name == "a") {
        steps::take(1);
        // one more than fits says that there were too many
        if keys.len() <= MOST && !keys.contains(&key) {
            keys.push(key);
        }
    }
    let too_many = keys.len() > MOST;
    keys.truncate(MOST);
    let mut conn = app.db.read().await?;
    let mut found = vec![];
    for key in &keys {
        match published::find_published(&mut conn, key).await {
            Ok(published) => {
                let standing = confirmation::standing(&mut conn, published.organization).await?;
                if confirmation::is_public(&app, standing) {
                    found.push(published);
                }
            }
            // one that is gone does not spoil the others
            Err(Error::NotFound) => {}
            Err(other) => return Err(other.into()),
        }
    }
    let cards: Vec<Card> = found.iter().map(|p| Card::of(p, &ui)).collect();
    let without = (0..cards.len()).map(|i| address(&cards, i)).collect();
    let tables: Vec<Vec<(String, String)>> = found
        .iter()
        .map(|p| {
            let d = &p.definition;
            let price = Card::of(p, &ui).price;
            let mut rows = vec![(ui.t("catalog-element-price"), price)];
            rows.push((ui.t("catalog-element-funding"), d.price.funding.clone()));
            rows.extend(elements(d, &ui));
            rows.push((ui.t("catalog-element-validity"), validity(d, &ui)));
            rows.push((ui.t("catalog-element-renewal"), renewal(d, &ui)));
            rows
        })
        .collect();
    show(&Compare {
        lines: lines(&tables),
        outcomes: found.iter().map(|p| p.definition.in_language(ui.language).outcomes.to_vec()).collect(),
        skills: found.iter().map(|p| p.definition.skills.iter().map(|s| s.name.clone()).collect()).collect(),
        cards,
        without,
        too_many,
        ui,
    })
}

fn address(cards: &[Card], without: usize) -> String {
    let mut query = url::form_urlencoded::Serializer::new(String::new());
    for (_, card) in cards.iter().enumerate().filter(|(i, _)| *i != without) {
        query.append_pair("a", &card.key);
    }
    format!("/catalog/compare?{}", query.finish())
}

/// Every label that one of them has, in the order of the fullest table.
fn lines(tables: &[Vec<(String, String)>]) -> Vec<Line> {
    let mut labels: Vec<&String> = vec![];
    let mut by_length: Vec<_> = tables.iter().collect();
    by_length.sort_by_key(|t| std::cmp::Reverse(t.len()));
    for (label, _) in by_length.into_iter().flatten() {
        if !labels.contains(&label) {
            labels.push(label);
        }
    }
    let value = |table: &[(String, String)], label: &String| {
        table.iter().find(|(l, _)| l == label).map(|(_, v)| v.clone()).unwrap_or_default()
    };
    labels
        .into_iter()
        .map(|label| Line { label: label.clone(), values: tables.iter().map(|t| value(t, label)).collect() })
        .filter(|line| line.values.iter().any(|v| !v.is_empty()))
        .collect()
}
