//! SQL of what organisations say of themselves.

use cairn_platform::db::Conn;
use cairn_value::id::OrganizationId;
use sqlx::Row as _;

/// An organisation as its pages show it.
#[derive(Debug, Clone)]
pub struct Profile {
    /// Name.
    pub name: String,
    /// Name in addresses.
    pub slug: String,
    /// university, association, …
    pub kind: String,
    /// ISO 3166-1.
    pub country: String,
    /// Web site.
    pub url: String,
    /// Contact.
    pub email: String,
    /// BCP 47.
    pub language: String,
    /// Markdown.
    pub description: String,
    /// Issues credentials.
    pub issues: bool,
}

/// Writes a new organisation; how it stands is said next.
pub async fn insert(
    conn: &mut Conn,
    id: OrganizationId,
    p: &Profile,
    translations: &str,
    now: i64,
) -> sqlx::Result<()> {
    sqlx::query(
        "INSERT INTO organization (id, slug, name, kind, country, url, email, language, description, translations, \
         issues, created_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)",
    )
    .bind(id.to_string())
    .bind(&p.slug)
    .bind(&p.name)
    .bind(&p.kind)
    .bind(&p.country)
    .bind(&p.url)
    .bind(&p.email)
    .bind(&p.language)
    .bind(&p.description)
    .bind(translations)
    .bind(i64::from(p.issues))
    .bind(now)
    .execute(conn)
    .await?;
    Ok(())
}

/// What one says of itself.
pub async fn profile(conn: &mut Conn, id: OrganizationId) -> sqlx::Result<Profile> {
    let r = sqlx::query(
        "SELECT name, slug, kind, country, url, email, language, description, issues FROM organization WHERE id = $1",
    )
    .bind(id.to_string())
    .fetch_one(conn)
    .await?;
    Ok(Profile {
        name: r.get(0),
        slug: r.get(1),
        kind: r.get(2),
        country: r.get(3),
        url: r.get(4),
        email: r.get(5),
        language: r.get(6),
        description: r.get(7),
        issues: r.get::<i64, _>(8) != 0,
    })
}

/// Saves what an owner may change; the slug is part of issued credentials and stays.
pub async fn describe(conn: &mut Conn, id: OrganizationId, p: &Profile) -> sqlx::Result<()> {
    sqlx::query(
        "UPDATE organization SET name = $2, kind = $3, country = $4, url = $5, email = $6, description = $7 WHERE id = $1",
    )
    .bind(id.to_string())
    .bind(&p.name)
    .bind(&p.kind)
    .bind(&p.country)
    .bind(&p.url)
    .bind(&p.email)
    .bind(&p.description)
    .execute(conn)
    .await?;
    Ok(())
}
