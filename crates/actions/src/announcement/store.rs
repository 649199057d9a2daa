//! SQL of announcements and of what their readers have chosen.

use crate::confirmation::read_standing;
use crate::person::Contact;
use cairn_domain::announcement::{AnnouncementId, Audience, Draft};
use cairn_domain::standing::Standing;
use cairn_platform::db::Conn;
use cairn_value::id::{OrganizationId, PersonId};
use cairn_value::time::Timestamp;
use sqlx::Row as _;
use sqlx::any::AnyRow;

/// An announcement as its organisation sees it.
#[derive(Debug, Clone)]
pub struct Announcement {
    /// Its id.
    pub id: String,
    /// Slug of the micro-credential whose people are told; empty for all.
    pub achievement: String,
    /// Id of that micro-credential; empty for all.
    pub achievement_id: String,
    /// Who is told.
    pub audience: Audience,
    /// A line.
    pub title: String,
    /// Markdown.
    pub body: String,
    /// Milliseconds UTC from which on it is seen.
    pub appears_at: i64,
    /// Milliseconds UTC.
    pub withdrawn_at: Option<i64>,
}

/// An announcement as a reader sees it.
#[derive(Debug, Clone)]
pub struct News {
    /// Its id.
    pub id: String,
    /// Whose.
    pub organization: String,
    /// In addresses.
    pub slug: String,
    /// How the operator stands to the organisation.
    pub standing: Standing,
    /// A line.
    pub title: String,
    /// Markdown.
    pub body: String,
    /// Milliseconds UTC.
    pub appears_at: i64,
    /// True until she has marked it as read.
    pub is_new: bool,
}

/// An organisation that may tell a reader something.
#[derive(Debug, Clone)]
pub struct Source {
    /// Its id.
    pub organization: OrganizationId,
    /// In addresses.
    pub slug: String,
    /// Its name.
    pub name: String,
    /// True when she gets its announcements as letters.
    pub by_letter: bool,
}

/// Whether an announcement `a` is for a person `p` of the audience.
const IS_TOLD: &str = "p.organization = a.organization AND (a.achievement = '' OR a.achievement = p.achievement) \
     AND (a.audience = 'everyone' OR a.audience = p.kind)";

const COLUMNS: &str = "SELECT a.id, COALESCE(c.slug, ''), a.achievement, a.audience, a.title, a.body, a.appears_at, \
     a.withdrawn_at FROM announcement a \
     LEFT JOIN achievement_card c ON c.organization = a.organization AND c.id = a.achievement";

fn announcement(r: &AnyRow) -> Announcement {
    Announcement {
        id: r.get(0),
        achievement: r.get(1),
        achievement_id: r.get(2),
        // an audience that nobody knows is nobody's to widen
        audience: Audience::parse(&r.get::<String, _>(3)).unwrap_or(Audience::Learners),
        title: r.get(4),
        body: r.get(5),
        appears_at: r.get(6),
        withdrawn_at: r.get(7),
    }
}

/// Writes a new one, made and to be seen at these instants.
pub async fn insert(
    conn: &mut Conn,
    organization: OrganizationId,
    id: AnnouncementId,
    draft: &Draft,
    achievement: &str,
    by: PersonId,
    (now, at): (Timestamp, Timestamp),
) -> sqlx::Result<()> {
    sqlx::query(
        "INSERT INTO announcement (organization, id, achievement, audience, title, body, appears_at, created_by, \
         created_at, withdrawn_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, NULL)",
    )
    .bind(organization.to_string())
    .bind(id.to_string())
    .bind(achievement)
    .bind(draft.audience.name())
    .bind(draft.title.trim())
    .bind(draft.text.trim())
    .bind(at.as_millisecond())
    .bind(by.to_string())
    .bind(now.as_millisecond())
    .execute(conn)
    .await?;
    Ok(())
}

/// How many were made since an instant.
pub async fn made_since(conn: &mut Conn, organization: OrganizationId, since: i64) -> sqlx::Result<i64> {
    sqlx::query_scalar("SELECT count(*) FROM announcement WHERE organization = $1 AND created_at > $2")
        .bind(organization.to_string())
        .bind(since)
        .fetch_one(conn)
        .await
}

/// One of an organisation.
pub async fn find(
    conn: &mut Conn,
    organization: OrganizationId,
    id: AnnouncementId,
) -> sqlx::Result<Option<Announcement>> {
    let sql = format!("{COLUMNS} WHERE a.organization = $1 AND a.id = $2");
    let row = sqlx::query(sqlx::AssertSqlSafe(sql))
        .bind(organization.to_string())
        .bind(id.to_string())
        .fetch_optional(conn)
        .await?;
    Ok(row.as_ref().map(announcement))
}

/// Takes one back.
pub async fn withdraw(
    conn: &mut Conn,
    organization: OrganizationId,
    id: AnnouncementId,
    now: i64,
) -> sqlx::Result<()> {
    sqlx::query("UPDATE announcement SET withdrawn_at = $3 WHERE organization = $1 AND id = $2")
        .bind(organization.to_string())
        .bind(id.to_string())
        .bind(now)
        .execute(conn)
        .await?;
    Ok(())
}

/// An organisation's, the newest first, behind one: ids are in the order of their making.
pub async fn of_organization(
    conn: &mut Conn,
    organization: OrganizationId,
    after: &str,
    limit: i64,
) -> sqlx::Result<Vec<Announcement>> {
    let sql =
        format!("{COLUMNS} WHERE a.organization = $1 AND ($2 = '' OR a.id < $2) ORDER BY a.id DESC LIMIT $3");
    let rows = sqlx::query(sqlx::AssertSqlSafe(sql))
        .bind(organization.to_string())
        .bind(after)
        .bind(limit)
        .fetch_all(conn)
        .await?;
    Ok(rows.iter().map(announcement).collect())
}

/// What a reader is told between two instants, the newest first.
pub async fn news(conn: &mut Conn, reader: PersonId, from: i64, to: i64) -> sqlx::Result<Vec<News>> {
    let sql = format!(
        "SELECT a.id, o.name, o.slug, o.standing, a.title, a.body, a.appears_at, COALESCE(r.read_until, 0) \
         FROM announcement a JOIN organization_card o ON o.id = a.organization \
         LEFT JOIN announcement_reader r ON r.organization = a.organization AND r.person = $1 \
         WHERE a.organization IN (SELECT p.organization FROM announcement_audience p WHERE p.person = $1) \
         AND a.withdrawn_at IS NULL AND a.appears_at > $2 AND a.appears_at <= $3 \
         AND EXISTS (SELECT 1 FROM announcement_audience p WHERE p.person = $1 AND {IS_TOLD}) \
         ORDER BY a.appears_at DESC, a.id DESC LIMIT 100"
    );
    let rows = sqlx::query(sqlx::AssertSqlSafe(sql))
        .bind(reader.to_string())
        .bind(from)
        .bind(to)
        .fetch_all(conn)
        .await?;
    let news = |r: &AnyRow| News {
        id: r.get(0),
        organization: r.get(1),
        slug: r.get(2),
        standing: read_standing(&r.get::<String, _>(3)),
        title: r.get(4),
        body: r.get(5),
        appears_at: r.get(6),
        is_new: r.get::<i64, _>(6) > r.get::<i64, _>(7),
    };
    Ok(rows.iter().map(news).collect())
}

/// Organisations whose learner or holder she is, and what she has chosen of them.
pub async fn sources(conn: &mut Conn, reader: PersonId) -> sqlx::Result<Vec<Source>> {
    let rows = sqlx::query(
        "SELECT o.id, o.slug, o.name, r.letters_since FROM organization_card o \
         LEFT JOIN announcement_reader r ON r.organization = o.id AND r.person = $1 \
         WHERE o.id IN (SELECT p.organization FROM announcement_audience p WHERE p.person = $1) \
         ORDER BY o.name, o.id",
    )
    .bind(reader.to_string())
    .fetch_all(conn)
    .await?;
    let source = |r: &AnyRow| {
        let id: String = r.get(0);
        let organization = id.parse().map_err(|e: cairn_value::id::NotAnId| sqlx::Error::Decode(e.into()))?;
        let by_letter = r.get::<Option<i64>, _>(3).is_some();
        Ok(Source { organization, slug: r.get(1), name: r.get(2), by_letter })
    };
    rows.iter().map(source).collect()
}

/// Everything up to an instant is read.
pub async fn mark_read(
    conn: &mut Conn,
    organization: OrganizationId,
    reader: PersonId,
    now: i64,
) -> sqlx::Result<()> {
    sqlx::query(
        "INSERT INTO announcement_reader (organization, person, letters_since, read_until) \
         VALUES ($1, $2, NULL, $3) ON CONFLICT (organization, person) DO UPDATE SET read_until = excluded.read_until",
    )
    .bind(organization.to_string())
    .bind(reader.to_string())
    .bind(now)
    .execute(conn)
    .await?;
    Ok(())
}

/// Letters since an instant, or none.
pub async fn choose_letters(
    conn: &mut Conn,
    organization: OrganizationId,
    reader: PersonId,
    since: Option<i64>,
) -> sqlx::Result<()> {
    sqlx::query(
        "INSERT INTO announcement_reader (organization, person, letters_since, read_until) VALUES ($1, $2, $3, 0) \
         ON CONFLICT (organization, person) DO UPDATE SET letters_since = excluded.letters_since",
    )
    .bind(organization.to_string())
    .bind(reader.to_string())
    .bind(since)
    .execute(conn)
    .await?;
    Ok(())
}

/// No letters any more; nothing is written of who has chosen nothing, or is gone.
pub async fn end_letters(
    conn: &mut Conn,
    organization: OrganizationId,
    reader: PersonId,
) -> sqlx::Result<()> {
    sqlx::query(
        "UPDATE announcement_reader SET letters_since = NULL WHERE organization = $1 AND person = $2",
    )
    .bind(organization.to_string())
    .bind(reader.to_string())
    .execute(conn)
    .await?;
    Ok(())
}

/// Who is told by letter, in the order of ids behind one.
pub async fn readers(
    conn: &mut Conn,
    told: &Announcement,
    organization: OrganizationId,
    after: &str,
    limit: i64,
) -> sqlx::Result<Vec<Contact>> {
    let sql = format!(
        "SELECT c.person, c.name, c.address, c.language FROM announcement_reader r \
         JOIN person_contact c ON c.person = r.person JOIN announcement a ON a.organization = r.organization \
         WHERE r.organization = $1 AND r.letters_since IS NOT NULL AND r.person > $3 AND a.id = $2 \
         AND EXISTS (SELECT 1 FROM announcement_audience p WHERE p.person = r.person AND {IS_TOLD}) \
         ORDER BY r.person LIMIT $4"
    );
    let rows = sqlx::query(sqlx::AssertSqlSafe(sql))
        .bind(organization.to_string())
        .bind(&told.id)
        .bind(after)
        .bind(limit)
        .fetch_all(conn)
        .await?;
    let text = |r: &AnyRow, n: usize| r.get::<String, _>(n);
    Ok(rows.iter().map(|r| Contact::from((text(r, 0), text(r, 1), text(r, 2), text(r, 3)))).collect())
}

/// An organisation's name.
pub async fn name_of(conn: &mut Conn, organization: OrganizationId) -> sqlx::Result<Option<String>> {
    sqlx::query_scalar("SELECT name FROM organization_card WHERE id = $1")
        .bind(organization.to_string())
        .fetch_optional(conn)
        .await
}
