//! Operators of the instance: made and removed on the command line.

use super::{create, record_by, sign_in_link, store};
use crate::app::App;
use crate::error::{Error, Result};
use crate::person;
use cairn_platform::db::Conn;
use cairn_value::email::Email;
use cairn_value::id::PersonId;

/// What `cairn operator add` has done.
#[derive(Debug)]
pub struct Appointment {
    /// False when there was an account already.
    pub is_new_account: bool,
    /// False when the person was an operator already.
    pub is_new_operator: bool,
    /// Signs in once.
    pub link: String,
}

/// Makes the owner of an address an operator, with an account if there is none,
/// and gives a link that signs in once: no mail server is needed.
pub async fn add_operator(app: &App, email: &Email) -> Result<Appointment> {
    let mut tx = app.db.begin().await?;
    let known = person::with_address(&mut tx, email).await?;
    let person = if let Some(person) = known {
        person
    } else {
        let name = email.as_str().split(['@', '+']).next().unwrap_or("Operator").replace(['.', '_'], " ");
        let language = cairn_platform::text::Language::parse(&app.config.language).unwrap_or_default();
        create(&mut tx, app, &name, email, None, language).await?
    };
    // an address in `operators` has made a new account an operator already
    let is_new_operator = store::set_operator(&mut tx, person, true).await? || known.is_none();
    let link = sign_in_link(&mut tx, app, person, email).await?;
    record_by(&mut tx, app, "command line", "operator.added", person.to_string()).await?;
    tx.commit().await?;
    Ok(Appointment { is_new_account: known.is_none(), is_new_operator, link })
}

/// Takes the right away; the account stays.
pub async fn remove_operator(app: &App, email: &Email) -> Result<()> {
    let mut tx = app.db.begin().await?;
    let person =
        person::with_address(&mut tx, email).await?.ok_or_else(|| Error::refused("operator-no-account"))?;
    if !store::set_operator(&mut tx, person, false).await? {
        return Err(Error::refused("operator-none"));
    }
    record_by(&mut tx, app, "command line", "operator.removed", person.to_string()).await?;
    tx.commit().await?;
    Ok(())
}

/// The operators.
pub async fn operators(app: &App) -> Result<Vec<person::Contact>> {
    let mut conn = app.db.read().await?;
    person::operators(&mut conn).await
}

/// Makes somebody an operator, in the caller's transaction.
pub(crate) async fn make_operator(conn: &mut Conn, person: PersonId) -> Result<()> {
    store::set_operator(conn, person, true).await?;
    Ok(())
}
