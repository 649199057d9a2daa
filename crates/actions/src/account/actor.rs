//! Who acts, and where she is a member.

use crate::error::{Error, Result};
use cairn_domain::permission::{Intent, Role, may};
use cairn_platform::db::Conn;
use cairn_platform::text::Language;
use cairn_value::id::{OrganizationId, PersonId};
use sqlx::Row as _;
use std::sync::Arc;

/// A person's place in an organisation.
#[derive(Debug, Clone)]
pub struct Membership {
    /// The organisation.
    pub organization: OrganizationId,
    /// Its name in addresses.
    pub slug: String,
    /// Its name.
    pub name: String,
    /// True when it issues credentials.
    pub issues: bool,
    /// What the person is there.
    pub roles: Vec<Role>,
}

impl Membership {
    /// True when the roles carry the intent.
    pub fn may(&self, intent: Intent) -> bool {
        may(&self.roles, intent)
    }
}

/// Who acts: a person who is signed in, or whose token a program uses.
#[derive(Debug, Clone)]
pub struct Actor {
    /// The person.
    pub person: PersonId,
    /// Her name.
    pub name: String,
    /// Her language.
    pub language: Language,
    /// Runs the instance.
    pub operator: bool,
    /// Where she is a member.
    pub memberships: Arc<Vec<Membership>>,
}

impl Actor {
    /// Her place in the organisation with this slug; an organisation that she
    /// is not in is not found.
    pub fn member(&self, slug: &str) -> Result<&Membership> {
        self.memberships.iter().find(|m| m.slug == slug).ok_or(Error::NotFound)
    }

    /// The same by id.
    pub fn member_of(&self, organization: OrganizationId) -> Result<&Membership> {
        self.memberships.iter().find(|m| m.organization == organization).ok_or(Error::NotFound)
    }

    /// Her place there when her roles carry the intent; otherwise not found.
    pub fn with(&self, organization: OrganizationId, intent: Intent) -> Result<&Membership> {
        self.member_of(organization).ok().filter(|m| m.may(intent)).ok_or(Error::NotFound)
    }

    /// Organisations in which she may do this.
    pub fn organizations_with(&self, intent: Intent) -> Vec<&Membership> {
        self.memberships.iter().filter(|m| m.may(intent)).collect()
    }

    /// As the audit log names her.
    pub fn log_name(&self) -> String {
        self.person.to_string()
    }
}

/// A person with her memberships; none when the account is gone.
pub async fn load(conn: &mut Conn, person: PersonId) -> Result<Option<Actor>> {
    let row = sqlx::query("SELECT name, language, operator FROM person WHERE id = $1 AND deleted_at IS NULL")
        .bind(person.to_string())
        .fetch_optional(&mut *conn)
        .await?;
    let Some(row) = row else { return Ok(None) };
    let rows = sqlx::query(
        "SELECT o.id, o.slug, o.name, o.issues, m.role FROM member m JOIN organization o ON o.id = m.organization \
         WHERE m.person = $1 ORDER BY o.name, o.id, m.role",
    )
    .bind(person.to_string())
    .fetch_all(conn)
    .await?;
    let mut memberships: Vec<Membership> = vec![];
    for r in rows {
        let organization: OrganizationId = r.get::<String, _>(0).parse()?;
        let role = Role::parse(&r.get::<String, _>(4));
        match memberships.last_mut() {
            Some(last) if last.organization == organization => last.roles.extend(role),
            _ => memberships.push(Membership {
                organization,
                slug: r.get(1),
                name: r.get(2),
                issues: r.get::<i64, _>(3) != 0,
                roles: role.into_iter().collect(),
            }),
        }
    }
    Ok(Some(Actor {
        person,
        name: row.get(0),
        language: Language::parse(&row.get::<String, _>(1)).unwrap_or_default(),
        operator: row.get::<i64, _>(2) != 0,
        memberships: Arc::new(memberships),
    }))
}
