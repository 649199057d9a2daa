//! Finding a page of what is offered, by words, facets and order; and what there is, counted by facets.

use super::filter::{Filter, Place, Sort};
use super::store::{self, Hit};
use crate::app::App;
use crate::error::Result;
use crate::published::{self, PublishedVersion};
use cairn_platform::db::Conn;
use cairn_platform::search;
use cairn_value::id::{AchievementId, OrganizationId};
use cairn_value::mark::Mark;
use cairn_value::policy::Policy;
use std::collections::BTreeMap;

pub use store::Cube;

/// What there is, by facets: among the found ones, or all.
pub async fn cube(app: &App, conn: &mut Conn, found: Option<&[String]>) -> Result<Cube> {
    Ok(store::cube(conn, app.config.organizations, found).await?)
}

/// How many there are in each broad field.
pub async fn fields(app: &App, conn: &mut Conn) -> Result<BTreeMap<String, i64>> {
    Ok(store::fields(conn, app.config.organizations).await?)
}

/// The newest of what is offered.
pub async fn newest(app: &App, conn: &mut Conn, most: i64) -> Result<Vec<PublishedVersion>> {
    let filter = Filter::default().sorted(Sort::Newest);
    let hits = store::page(conn, app.config.organizations, &filter, None, most).await?;
    let versions: Vec<_> = hits.iter().map(|h| h.version).collect();
    published::find_versions(conn, &versions).await
}

/// How many people hold it, of any version.
pub async fn holders(
    conn: &mut Conn,
    organization: OrganizationId,
    achievement: AchievementId,
) -> Result<i64> {
    Ok(store::holders(conn, organization, achievement).await?)
}

/// A page of what somebody looks for.
pub struct ResultPage {
    /// All that the words found, best first; none without words.
    pub ids: Option<Vec<String>>,
    /// The words that were looked for instead of those that were typed.
    pub corrected: Option<String>,
    /// In the order of the filter.
    pub page: Vec<PublishedVersion>,
    /// Where the page before ends.
    pub previous: Option<Mark>,
    /// Where the next page begins.
    pub next: Option<Mark>,
}

/// Finds a page of micro-credentials.
pub async fn find(app: &App, conn: &mut Conn, filter: &Filter, most: usize) -> Result<ResultPage> {
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
    Ok(ResultPage {
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
