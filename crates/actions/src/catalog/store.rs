//! SQL of the catalogue: one scan for all facets, pages by key.

use super::entry::Offer;
use super::filter::{Facet, Filter, HOURS, Place, Sort};
use cairn_domain::standing::Standing;
use cairn_platform::db::Conn;
use cairn_platform::query::QueryBuilder;
use cairn_platform::search::words;
use cairn_platform::setting;
use cairn_value::id::{AchievementId, OrganizationId, VersionId};
use cairn_value::mark::Mark;
use cairn_value::policy::Policy;
use sqlx::Row as _;
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

/// Puts a row into the catalogue, in place of the one that was there.
pub async fn put(conn: &mut Conn, offer: &Offer<'_>) -> sqlx::Result<()> {
    let d = offer.definition;
    remove(conn, offer.organization, offer.achievement).await?;
    let language = d.language.split('-').next().unwrap_or_default().to_ascii_lowercase();
    sqlx::query(
        "INSERT INTO catalog_entry (organization, achievement, field, programme, participation, language, level, \
         hours, price, title, sort_key, published_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)",
    )
    .bind(offer.organization.to_string())
    .bind(offer.achievement.to_string())
    .bind(d.field.name())
    .bind(d.programme.name())
    .bind(d.participation.map_or("", |p| p.name()))
    .bind(language)
    .bind(d.level.eqf.map_or(0, i64::from))
    .bind(i64::from(d.workload.hours))
    .bind(d.price.amount)
    .bind(&d.title)
    .bind(words(&d.title).join(" "))
    .bind(offer.published_at)
    .execute(conn)
    .await?;
    Ok(())
}

/// Takes a row out of the catalogue.
pub async fn remove(
    conn: &mut Conn,
    organization: OrganizationId,
    achievement: AchievementId,
) -> sqlx::Result<()> {
    sqlx::query("DELETE FROM catalog_entry WHERE organization = $1 AND achievement = $2")
        .bind(organization.to_string())
        .bind(achievement.to_string())
        .execute(conn)
        .await?;
    Ok(())
}

/// Rows that are alike in all facets, and how many there are.
#[derive(Debug, Clone)]
pub struct Cell {
    /// Values in the order of [`Facet::ALL`].
    pub values: [String; 8],
    /// How many.
    pub count: i64,
}

/// The condition that keeps organisations `o` that offer something now.
fn among_offered(policy: Policy) -> String {
    let names = Standing::ALL.iter().filter(|s| s.may_issue(policy)).map(|s| format!("'{}'", s.name()));
    format!("o.standing IN ({})", names.collect::<Vec<_>>().join(", "))
}

/// What there is, by facets: among the found ones, or all.
#[derive(Debug, Default)]
pub struct Cube {
    /// Each combination once.
    pub cells: Arc<Vec<Cell>>,
    /// Names of the organisations, by slug.
    pub organizations: BTreeMap<String, String>,
}

impl Cube {
    /// How many pass the filter.
    pub fn total(&self, filter: &Filter) -> i64 {
        let passes = |c: &&Cell| Facet::ALL.iter().zip(&c.values).all(|(f, v)| filter.passes(*f, v));
        self.cells.iter().filter(passes).map(|c| c.count).sum()
    }

    /// How many there are of each value of a facet, whatever is chosen of this
    /// facet, with all that is chosen of the others.
    pub fn counts(&self, facet: Facet, filter: &Filter) -> BTreeMap<String, i64> {
        let mut out = BTreeMap::new();
        for cell in self.cells.iter() {
            let mut pairs = Facet::ALL.iter().zip(&cell.values);
            let value = pairs.clone().find(|(f, _)| **f == facet).map_or("", |(_, v)| v);
            let count = out.entry(value.to_owned()).or_insert(0);
            if pairs.all(|(f, v)| *f == facet || filter.passes(*f, v)) {
                *count += cell.count;
            }
        }
        out
    }
}

/// Counts everything at once. The counts of the whole catalogue are kept until
/// it changes.
pub async fn cube(conn: &mut Conn, policy: Policy, found: Option<&[String]>) -> sqlx::Result<Cube> {
    let offered = among_offered(policy);
    let sql =
        format!("SELECT o.id, o.slug, o.name FROM organization_card o WHERE o.issues = 1 AND {offered}");
    let names = sqlx::query(sqlx::AssertSqlSafe(sql));
    let mut slugs = BTreeMap::new();
    let mut organizations = BTreeMap::new();
    for r in names.fetch_all(&mut *conn).await? {
        slugs.insert(r.get::<String, _>(0), r.get::<String, _>(1));
        organizations.insert(r.get(1), r.get(2));
    }
    if found.is_some() {
        return Ok(Cube { cells: Arc::new(count(conn, found, &slugs).await?), organizations });
    }
    // read before the rows: counts that are newer than their name are counted again
    let revision = revision(conn).await?;
    if let Some(cells) = kept(revision.as_ref()) {
        return Ok(Cube { cells, organizations });
    }
    let cells = Arc::new(count(conn, None, &slugs).await?);
    if let (Some(revision), Ok(mut last)) = (revision, LAST.lock()) {
        *last = Some((revision, cells.clone()));
    }
    Ok(Cube { cells, organizations })
}

/// The counts of the whole catalogue, and the revision they belong to.
static LAST: Mutex<Option<(String, Arc<Vec<Cell>>)>> = Mutex::new(None);

fn kept(revision: Option<&String>) -> Option<Arc<Vec<Cell>>> {
    let last = LAST.lock().ok()?;
    last.as_ref().filter(|(of, _)| Some(of) == revision).map(|(_, cells)| cells.clone())
}

/// Gives the catalogue another revision, in the transaction that changes it.
pub async fn renew(conn: &mut Conn, revision: &str) -> sqlx::Result<()> {
    setting::put(conn, "catalog_revision", revision).await
}

/// The catalogue's revision, another one after each change of what is offered and of who may offer; none before
/// the first.
async fn revision(conn: &mut Conn) -> sqlx::Result<Option<String>> {
    let parts = setting::read_all(conn, &["catalog_revision", "standing_revision"]).await?;
    Ok(Some(parts.join(" ")).filter(|revision| !revision.is_empty()))
}

async fn count(
    conn: &mut Conn,
    found: Option<&[String]>,
    slugs: &BTreeMap<String, String>,
) -> sqlx::Result<Vec<Cell>> {
    const RANGE: &str =
        "CASE WHEN c.hours <= 10 THEN 0 WHEN c.hours <= 25 THEN 1 WHEN c.hours <= 50 THEN 2 ELSE 3 END";
    const PAID: &str = "CASE WHEN c.price > 0 THEN 1 ELSE 0 END";
    const PLAIN: &str = "c.organization, c.field, c.programme, c.participation, c.language, c.level";
    let mut query = QueryBuilder::new(format!(
        "SELECT {PLAIN}, CAST({PAID} AS BIGINT), CAST({RANGE} AS BIGINT), count(*) FROM catalog_entry c"
    ));
    if let Some(found) = found {
        query.push(" WHERE ");
        push_found(&mut query, found);
    }
    query.push(format!(" GROUP BY {PLAIN}, {PAID}, {RANGE}"));
    let rows = query.build().fetch_all(conn).await?;
    let cell = |r: &sqlx::any::AnyRow| {
        let organization = slugs.get(&r.get::<String, _>(0))?.clone();
        let paid = if r.get::<i64, _>(6) == 1 { "paid" } else { "free" };
        let hours = HOURS.get(r.get::<i64, _>(7) as usize).map_or("", |(name, ..)| name);
        let level = r.get::<i64, _>(5).to_string();
        Some(Cell {
            values: [
                r.get(1),
                r.get(2),
                r.get(3),
                r.get(4),
                level,
                paid.to_owned(),
                hours.to_owned(),
                organization,
            ],
            count: r.get(8),
        })
    };
    Ok(rows.iter().filter_map(cell).collect())
}

fn push_found(query: &mut QueryBuilder, found: &[String]) {
    if found.is_empty() {
        query.push("1 = 0");
        return;
    }
    query.push("c.achievement IN (");
    let mut list = query.separated(", ");
    for id in found {
        list.push_bind(id.clone());
    }
    query.push(")");
}

fn push_filter(query: &mut QueryBuilder, policy: Policy, filter: &Filter, found: Option<&[String]>) {
    query.push(format!(" WHERE {}", among_offered(policy)));
    if let Some(found) = found {
        query.push(" AND ");
        push_found(query, found);
    }
    for facet in Facet::ALL {
        let values = filter.values(facet);
        if values.is_empty() {
            continue;
        }
        query.push(" AND (");
        for (i, value) in values.iter().enumerate() {
            if i > 0 {
                query.push(" OR ");
            }
            push_value(query, facet, value);
        }
        query.push(")");
    }
}

fn push_value(query: &mut QueryBuilder, facet: Facet, value: &str) {
    let column = match facet {
        Facet::Field => "c.field = ",
        Facet::Programme => "c.programme = ",
        Facet::Participation => "c.participation = ",
        Facet::Language => "c.language = ",
        Facet::Organization => "o.slug = ",
        Facet::Level => {
            query.push("c.level = ").push_bind(value.parse::<i64>().unwrap_or(-1));
            return;
        }
        Facet::Price => {
            query.push(if value == "free" { "c.price = 0" } else { "c.price > 0" });
            return;
        }
        Facet::Hours => {
            let (_, from, to) = HOURS.iter().find(|(n, ..)| *n == value).copied().unwrap_or(("", 0, -1));
            query.push("c.hours BETWEEN ").push_bind(from).push(" AND ").push_bind(to);
            return;
        }
    };
    query.push(column).push_bind(value.to_owned());
}

/// A row of a page: what to show, and where the list goes on behind it.
#[derive(Debug, Clone)]
pub struct Hit {
    /// Achievement.
    pub achievement: String,
    /// The version that is offered.
    pub version: VersionId,
    /// Sort key.
    pub key: String,
}

impl Hit {
    /// The place of this row.
    pub fn mark(&self) -> Mark {
        Mark { key: self.key.clone(), id: self.achievement.clone() }
    }
}

/// At most `limit` rows from a place on, in the order of the filter. Costs the
/// same on every page: the index leads to the row where the page begins.
pub async fn page(
    conn: &mut Conn,
    policy: Policy,
    filter: &Filter,
    found: Option<&[String]>,
    limit: i64,
) -> sqlx::Result<Vec<Hit>> {
    let (column, is_number, is_down) = match filter.sort() {
        Sort::Newest => ("c.published_at", true, true),
        Sort::Shortest => ("c.hours", true, false),
        Sort::Best | Sort::Title => ("c.sort_key", false, false),
    };
    let mut query = QueryBuilder::new("SELECT c.achievement, a.published_version, CAST(");
    query.push(column).push(
        " AS TEXT) FROM catalog_entry c \
         JOIN achievement_card a ON a.organization = c.organization AND a.id = c.achievement \
         JOIN organization_card o ON o.id = c.organization",
    );
    push_filter(&mut query, policy, filter, found);
    let is_back = matches!(filter.place, Place::Before(_));
    let less = is_down != is_back;
    if let Place::After(mark) | Place::Before(mark) = &filter.place {
        query.push(format!(" AND ({column}, c.achievement) {} (", if less { "<" } else { ">" }));
        if is_number {
            query.push_bind(mark.key.parse::<i64>().unwrap_or(0));
        } else {
            query.push_bind(mark.key.clone());
        }
        query.push(", ").push_bind(mark.id.clone()).push(")");
    }
    let way = if less { "DESC" } else { "ASC" };
    query.push(format!(" ORDER BY {column} {way}, c.achievement {way} LIMIT ")).push_bind(limit);
    let mut hits = hits(&query.build().fetch_all(conn).await?)?;
    if is_back {
        hits.reverse();
    }
    Ok(hits)
}

/// All found rows that pass the filter, in no order; there are at most as many
/// as the search ranks.
pub async fn passing(
    conn: &mut Conn,
    policy: Policy,
    filter: &Filter,
    found: &[String],
) -> sqlx::Result<Vec<Hit>> {
    let mut query = QueryBuilder::new(
        "SELECT c.achievement, a.published_version, '' FROM catalog_entry c \
         JOIN achievement_card a ON a.organization = c.organization AND a.id = c.achievement \
         JOIN organization_card o ON o.id = c.organization",
    );
    push_filter(&mut query, policy, filter, Some(found));
    hits(&query.build().fetch_all(conn).await?)
}

fn hits(rows: &[sqlx::any::AnyRow]) -> sqlx::Result<Vec<Hit>> {
    rows.iter()
        .map(|r| {
            let version: String = r.get(1);
            let version = version.parse().map_err(|e| sqlx::Error::Decode(Box::new(e)))?;
            Ok(Hit { achievement: r.get(0), version, key: r.get(2) })
        })
        .collect()
}

/// How many there are in each field, for the front page.
pub async fn fields(conn: &mut Conn, policy: Policy) -> sqlx::Result<BTreeMap<String, i64>> {
    let sql = format!(
        "SELECT c.field, count(*) FROM catalog_entry c JOIN organization_card o ON o.id = c.organization \
         WHERE {} GROUP BY c.field",
        among_offered(policy)
    );
    let rows = sqlx::query(sqlx::AssertSqlSafe(sql)).fetch_all(conn).await?;
    Ok(rows.iter().map(|r| (r.get(0), r.get(1))).collect())
}

/// How many people hold a credential of an achievement.
pub async fn holders(
    conn: &mut Conn,
    organization: OrganizationId,
    achievement: AchievementId,
) -> sqlx::Result<i64> {
    sqlx::query_scalar(
        "SELECT count(DISTINCT address_key) FROM credential_fact WHERE organization = $1 AND achievement = $2 AND state = 'active'",
    )
    .bind(organization.to_string())
    .bind(achievement.to_string())
    .fetch_one(conn)
    .await
}
