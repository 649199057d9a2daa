//! Who acts, and where she is a member.

use super::store;
use crate::error::{Error, Result};
use cairn_domain::permission::{Intent, Role, may};
use cairn_platform::db::Conn;
use cairn_platform::text::Language;
use cairn_value::id::{OrganizationId, PersonId};
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
    store::load(conn, person).await
}
