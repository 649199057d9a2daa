//! The catalogue: words, facets, order, pages.

use super::card::Card;
use crate::http::problem::Result;
use crate::http::{Ui, page as show};
use askama::Template;
use axum::extract::{Query, State};
use axum::response::Response;
use cairn_actions::App;
use cairn_actions::catalog::filter::{Facet, Filter, HOURS, Place, Sort};
use cairn_actions::catalog::store::{self, Cube, Hit};
use cairn_actions::published;
use cairn_actions::published::Published;
use cairn_domain::achievement::{Field, Participation, Programme};
use cairn_platform::db::Conn;
use cairn_platform::search;
use cairn_value::mark::Mark;
use cairn_value::policy::Policy;

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
    let found = find(&app, &mut conn, &filter, PAGE).await?;
    let cube = store::cube(&mut conn, app.config.organizations, found.ids.as_deref()).await?;
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

/// A page of what somebody looks for.
pub struct Found {
    /// All that the words found, best first; none without words.
    pub ids: Option<Vec<String>>,
    /// The words that were looked for instead of those that were typed.
    pub corrected: Option<String>,
    /// In the order of the filter.
    pub page: Vec<Published>,
    /// Where the page before ends.
    pub previous: Option<Mark>,
    /// Where the next page begins.
    pub next: Option<Mark>,
}

/// Finds a page of micro-credentials.
pub async fn find(app: &App, conn: &mut Conn, filter: &Filter, most: usize) -> Result<Found> {
    let searched = if search::words(&filter.words).is_empty() {
        None
    } else {
        Some(search::find(conn, app.db.engine, &filter.words).await?)
    };
    let (ids, corrected) = searched.map_or((None, None), |s| (Some(s.achievements), s.corrected));
    let policy = app.config.organizations;
    let (hits, has_before, has_behind) = match (&ids, filter.sort()) {
        (Some(ids), Sort::Best) => by_rank(conn, policy, filter, ids, most).await?,
        _ => by_key(conn, policy, filter, ids.as_deref(), most).await?,
    };
    let versions: Vec<_> = hits.iter().map(|h| h.version).collect();
    Ok(Found {
        corrected,
        page: published::find_versions(conn, &versions).await?,
        previous: hits.first().filter(|_| has_before).map(Hit::mark),
        next: hits.last().filter(|_| has_behind).map(Hit::mark),
        ids,
    })
}

/// The page, and whether there is something before and behind it.
type Slice = (Vec<Hit>, bool, bool);

async fn by_key(
    conn: &mut Conn,
    policy: Policy,
    filter: &Filter,
    ids: Option<&[String]>,
    most: usize,
) -> Result<Slice> {
    let mut hits = store::page(conn, policy, filter, ids, most as i64 + 1).await?;
    let is_more = hits.len() > most;
    Ok(match filter.place {
        Place::First | Place::After(_) => {
            hits.truncate(most);
            (hits, filter.place != Place::First, is_more)
        }
        Place::Before(_) => {
            let from = usize::from(is_more);
            (hits.split_off(from), is_more, true)
        }
    })
}

async fn by_rank(
    conn: &mut Conn,
    policy: Policy,
    filter: &Filter,
    ids: &[String],
    most: usize,
) -> Result<Slice> {
    let mut passing: std::collections::HashMap<String, Hit> = store::passing(conn, policy, filter, ids)
        .await?
        .into_iter()
        .map(|hit| (hit.achievement.clone(), hit))
        .collect();
    let ordered: Vec<&String> = ids.iter().filter(|id| passing.contains_key(*id)).collect();
    let place = |mark: &Mark| ordered.iter().position(|id| **id == mark.id);
    let from = match &filter.place {
        Place::First => 0,
        Place::After(mark) => place(mark).map_or(0, |at| at + 1),
        Place::Before(mark) => place(mark).unwrap_or(0).saturating_sub(most),
    };
    let until = (from + most).min(ordered.len());
    let (is_before, is_behind) = (from > 0, until < ordered.len());
    let chosen: Vec<String> = ordered[from..until].iter().map(|id| (*id).clone()).collect();
    let hits = chosen.iter().filter_map(|id| passing.remove(id)).collect();
    Ok((hits, is_before, is_behind))
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
