//! The catalogue: words, facets, order, pages.

use super::card::Card;
use crate::http::problem::Result;
use crate::http::{Ui, page as show};
use askama::Template;
use axum::extract::{Query, State};
use axum::response::Response;
use cairn_actions::App;
use cairn_actions::catalog::filter::{Facet, Filter, HOURS, Place, Sort};
use cairn_actions::catalog::{self, Cube};
use cairn_domain::achievement::{Field, Participation, Programme};
use cairn_value::mark::Mark;

/// Cards on a page.
pub const PAGE: usize = 24;

/// One value of a facet to choose.
pub struct Choice {
    value: String,
    label: String,
    count: i64,
    is_chosen: bool,
}

/// A facet with its values.
pub struct Group {
    facet: Facet,
    title: String,
    choices: Vec<Choice>,
}

impl Group {
    /// The first one, and those of which something is chosen; the others fold away.
    fn is_open(&self) -> bool {
        self.facet == Facet::Field || self.choices.iter().any(|c| c.is_chosen)
    }
}

/// A chosen filter, and the address without it.
pub struct Chip {
    label: String,
    href: String,
}

#[derive(Template)]
#[template(path = "catalog/list.html")]
struct List {
    ui: Ui,
    filter: Filter,
    corrected: String,
    total: i64,
    groups: Vec<Group>,
    chips: Vec<Chip>,
    /// Name, address, whether it is this one.
    sorts: Vec<(&'static str, String, bool)>,
    cards: Vec<Card>,
    previous: String,
    next: String,
}

/// `/catalog`
pub async fn page(
    State(app): State<App>,
    ui: Ui,
    Query(pairs): Query<Vec<(String, String)>>,
) -> Result<Response> {
    let filter = Filter::parse(&pairs);
    let mut conn = app.db.read().await?;
    let found = catalog::find(&app, &mut conn, &filter, PAGE).await?;
    let cube = catalog::cube(&app, &mut conn, found.ids.as_deref()).await?;
    let groups: Vec<Group> = Facet::ALL.into_iter().map(|f| group(f, &cube, &filter, &ui)).collect();
    let address = |place: Option<Mark>, turn: fn(Mark) -> Place| {
        place.map_or_else(String::new, |mark| format!("/catalog{}", filter.at(turn(mark)).query()))
    };
    let list = List {
        corrected: found
            .corrected
            .map(|words| ui.t2("catalog-corrected", "words", &words, "typed", &filter.words))
            .unwrap_or_default(),
        total: cube.total(&filter),
        chips: chips(&groups, &filter),
        sorts: sorts(&filter),
        cards: found.page.iter().map(|p| Card::of(p, &ui)).collect(),
        previous: address(found.previous, Place::Before),
        next: address(found.next, Place::After),
        groups,
        filter,
        ui,
    };
    show(&list)
}

/// The values of a facet in the order they are offered: those of a scale in its
/// order, the others by name.
fn group(facet: Facet, cube: &Cube, filter: &Filter, ui: &Ui) -> Group {
    let counts = cube.counts(facet, filter);
    let known: Vec<String> = match facet {
        Facet::Field => Field::ALL.iter().map(|f| f.name().to_owned()).collect(),
        Facet::Programme => Programme::ALL.iter().map(|p| p.name().to_owned()).collect(),
        Facet::Participation => Participation::ALL.iter().map(|p| p.name().to_owned()).collect(),
        Facet::Price => vec!["free".into(), "paid".into()],
        Facet::Hours => HOURS.iter().map(|(name, ..)| (*name).to_owned()).collect(),
        Facet::Level => (1..=8).chain([0]).map(|l| l.to_string()).collect(),
        Facet::Language | Facet::Organization => counts.keys().cloned().collect(),
    };
    let mut choices: Vec<Choice> = known
        .into_iter()
        .filter(|value| !value.is_empty())
        .map(|value| Choice {
            label: label(facet, &value, cube, ui),
            count: counts.get(&value).copied().unwrap_or(0),
            is_chosen: filter.has(facet, &value),
            value,
        })
        .filter(|c| c.is_chosen || counts.contains_key(&c.value))
        .collect();
    if facet == Facet::Organization {
        choices.sort_by_key(|c| c.label.to_lowercase());
    }
    Group { facet, title: ui.word("catalog-facet", facet.name()), choices }
}

fn label(facet: Facet, value: &str, cube: &Cube, ui: &Ui) -> String {
    match facet {
        Facet::Field | Facet::Programme | Facet::Participation => ui.word(facet.name(), value),
        Facet::Language => language(value, ui),
        Facet::Level if value == "0" => ui.t("catalog-level-none"),
        Facet::Level => ui.t1("catalog-level", "level", value),
        Facet::Price => ui.word("catalog-price", value),
        Facet::Hours => ui.word("catalog-hours", value),
        Facet::Organization => cube.organizations.get(value).cloned().unwrap_or_else(|| value.to_owned()),
    }
}

/// The language's name where we have one, its tag otherwise.
pub fn language(tag: &str, ui: &Ui) -> String {
    let key = format!("language-{}", tag.split('-').next().unwrap_or(tag));
    if ui.words.has(&key) { ui.t(key) } else { tag.to_owned() }
}

fn chips(groups: &[Group], filter: &Filter) -> Vec<Chip> {
    let chosen = |g: &Group, c: &Choice| Chip {
        label: format!("{}: {}", g.title, c.label),
        href: format!("/catalog{}", filter.without(g.facet, &c.value).query()),
    };
    groups.iter().flat_map(|g| g.choices.iter().filter(|c| c.is_chosen).map(move |c| chosen(g, c))).collect()
}

fn sorts(filter: &Filter) -> Vec<(&'static str, String, bool)> {
    [Sort::Best, Sort::Title, Sort::Newest, Sort::Shortest]
        .into_iter()
        .filter(|s| *s != Sort::Best || !filter.words.is_empty())
        .map(|s| (s.name(), format!("/catalog{}", filter.sorted(s).query()), s == filter.sort()))
        .collect()
}
