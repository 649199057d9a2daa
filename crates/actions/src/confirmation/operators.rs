//! Operators of the instance: made and removed on the command line, told what waits for them.

use crate::App;
use crate::account;
use crate::confirmation::note;
use crate::confirmation::store;
use crate::error::{Error, Result};
use cairn_platform::db::Conn;
use cairn_platform::job::{Job, JobError};
use cairn_platform::mail::{self, Letter};
use cairn_value::email::Email;
use serde_json::json;

/// What `cairn operator add` has done.
#[derive(Debug)]
pub struct Added {
    /// False when there was an account already.
    pub is_new_account: bool,
    /// False when the person was an operator already.
    pub is_new_operator: bool,
    /// Signs in once.
    pub link: String,
}

/// Makes the owner of an address an operator, with an account if there is none,
/// and gives a link that signs in once: no mail server is needed.
pub async fn add_operator(app: &App, email: &Email) -> Result<Added> {
    let mut tx = app.db.begin().await?;
    let known = account::person_with(&mut tx, &email.key()).await?;
    let person = if let Some(person) = known {
        person
    } else {
        let name = email.as_str().split(['@', '+']).next().unwrap_or("Operator").replace(['.', '_'], " ");
        let language = cairn_platform::text::Language::parse(&app.config.language).unwrap_or_default();
        account::create(&mut tx, app, &name, email, None, language).await?
    };
    // an address in `operators` has made a new account an operator already
    let is_new_operator = store::set_operator(&mut tx, person, true).await? || known.is_none();
    let link = account::sign_in_link(&mut tx, app, person, email).await?;
    note(&mut tx, app, None, "command line", "operator.added", person.to_string(), json!({})).await?;
    tx.commit().await?;
    Ok(Added { is_new_account: known.is_none(), is_new_operator, link })
}

/// Takes the right away; the account stays.
pub async fn remove_operator(app: &App, email: &Email) -> Result<()> {
    let mut tx = app.db.begin().await?;
    let person = account::person_with(&mut tx, &email.key())
        .await?
        .ok_or_else(|| Error::refused("there is no account with this address"))?;
    if !store::set_operator(&mut tx, person, false).await? {
        return Err(Error::refused("this person is no operator"));
    }
    note(&mut tx, app, None, "command line", "operator.removed", person.to_string(), json!({})).await?;
    tx.commit().await?;
    Ok(())
}

/// Names and addresses of the operators.
pub async fn operators(app: &App) -> Result<Vec<(String, String)>> {
    let mut conn = app.db.read().await?;
    Ok(store::operators(&mut conn).await?)
}

/// True when somebody can decide on what waits.
pub async fn has_operator(conn: &mut Conn) -> Result<bool> {
    Ok(!store::operators(conn).await?.is_empty())
}

/// The night's letter to the operators: how many wait, when one has begun to since the letter before. The
/// demo writes to nobody.
pub async fn tell_waiting(app: &App, _: &Job) -> Result<(), JobError> {
    if app.config.demo {
        return Ok(());
    }
    let mut tx = app.db.begin().await?;
    let Some(waiting) = store::waiting(&mut tx).await? else { return Ok(()) };
    let count = waiting.all.to_string();
    for operator in store::operators_to_tell(&mut tx).await? {
        let letter = Letter {
            // the same newest is told once
            id: format!("organizations-wait-{}-{}", waiting.newest, operator.person),
            kind: "organizations-wait",
            address: &operator.address,
            person: Some(operator.person.clone()),
            language: operator.language,
            values: &[("name", operator.name.as_str()), ("count", &count)],
            link: Some(format!("{}/operator/organizations", app.config.base_url)),
        };
        mail::write(&mut tx, app, letter).await?;
    }
    tx.commit().await?;
    app.bell.notify_one();
    Ok(())
}
