//! People: who acts and where she is a member, how she is reached. Every other subject calls this one;
//! signing in, keys and settings are `account`'s.

mod actor;
pub mod privacy;
mod store;

pub use actor::{Actor, Membership, load};
pub use store::Address;

use crate::error::Result;
use cairn_platform::db::Conn;
use cairn_platform::text::Language;
use cairn_value::email::Email;
use cairn_value::id::PersonId;
use std::collections::HashMap;

/// How a person is written to.
#[derive(Debug, Clone)]
pub struct Contact {
    /// Account.
    pub person: String,
    /// Name.
    pub name: String,
    /// Primary address.
    pub address: String,
    /// Her language.
    pub language: Language,
}

impl From<(String, String, String, String)> for Contact {
    /// Of a row of the view `person_contact`: person, name, address, language.
    fn from((person, name, address, tag): (String, String, String, String)) -> Self {
        Self { person, name, address, language: Language::parse(&tag).unwrap_or_default() }
    }
}

/// How she is written to; none when her account or her address is gone.
pub async fn contact(conn: &mut Conn, person: PersonId) -> Result<Option<Contact>> {
    Ok(store::contact(conn, person).await?)
}

/// The operators of the instance.
pub async fn operators(conn: &mut Conn) -> Result<Vec<Contact>> {
    Ok(store::operators(conn).await?)
}

/// A person's verified addresses, the primary one first.
pub async fn addresses(conn: &mut Conn, person: PersonId) -> Result<Vec<Address>> {
    Ok(store::addresses(conn, person).await?)
}

/// The account with this verified address.
pub async fn with_address(conn: &mut Conn, email: &Email) -> Result<Option<PersonId>> {
    with_key(conn, &email.key()).await
}

/// The same by the form in which addresses are compared.
pub async fn with_key(conn: &mut Conn, key: &str) -> Result<Option<PersonId>> {
    store::with_key(conn, key).await
}

/// Accounts with these verified addresses, by the address's key.
pub async fn with_keys(conn: &mut Conn, keys: &[String]) -> Result<HashMap<String, PersonId>> {
    store::with_keys(conn, keys).await
}

/// Takes her row for this transaction: whoever else wants it waits.
pub(crate) async fn hold(conn: &mut Conn, person: PersonId) -> Result<()> {
    Ok(store::hold(conn, person).await?)
}

/// Names by person; empty where the account is gone.
pub async fn names(conn: &mut Conn, people: &[String]) -> Result<HashMap<String, String>> {
    let mut out = HashMap::new();
    for person in people {
        if let Ok(id) = person.parse()
            && !out.contains_key(person)
        {
            out.insert(person.clone(), name(conn, id).await?);
        }
    }
    Ok(out)
}

/// Her name; empty when the account is gone.
pub async fn name(conn: &mut Conn, person: PersonId) -> Result<String> {
    Ok(store::name(conn, person).await?.unwrap_or_default())
}

/// How many people have an account.
pub async fn count(conn: &mut Conn) -> Result<i64> {
    Ok(store::count(conn).await?)
}
