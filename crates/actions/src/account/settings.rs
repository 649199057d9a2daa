//! What a person changes of her account: name, language, addresses; and what opens it, to end.

use super::{letter, link, record, session, store};
use crate::app::App;
use crate::error::{Error, Result};
use crate::person::{self, Actor};
use cairn_platform::id;
use cairn_platform::text::Language;

pub use store::{Link, Session, Token};

/// Changes name and language.
pub async fn change_profile(app: &App, actor: &Actor, name: &str, language: Language) -> Result<()> {
    let name = super::check_name(name)?;
    let mut tx = app.db.begin().await?;
    store::set_profile(&mut tx, actor.person, &name, language.code()).await?;
    record(&mut tx, app, actor.person, "account.changed", actor.person.to_string()).await?;
    tx.commit().await?;
    Ok(())
}

/// Chooses by its key where letters go; all addresses are told.
pub async fn make_primary(app: &App, actor: &Actor, key: &str) -> Result<()> {
    let mut tx = app.db.begin().await?;
    let mine = person::addresses(&mut tx, actor.person).await?;
    let wanted = mine.iter().find(|a| a.key == key).ok_or(Error::NotFound)?;
    store::make_primary(&mut tx, actor.person, &wanted.key).await?;
    record(&mut tx, app, actor.person, "account.changed", actor.person.to_string()).await?;
    let values = [("address", wanted.address.as_str())];
    letter::to_all(&mut tx, app, actor.person, "address-primary", None, &values).await?;
    tx.commit().await?;
    app.bell.notify_one();
    Ok(())
}

/// Takes an address out of the account, by its key; all addresses are told, this one too.
pub async fn remove_address(app: &App, actor: &Actor, key: &str) -> Result<()> {
    let mut tx = app.db.begin().await?;
    let mine = person::addresses(&mut tx, actor.person).await?;
    let wanted = mine.iter().find(|a| a.key == key).ok_or(Error::NotFound)?;
    if wanted.primary {
        return Err(Error::refused("address-primary"));
    }
    store::remove_address(&mut tx, actor.person, &wanted.key).await?;
    link::void(&mut tx, app, actor.person).await?;
    record(&mut tx, app, actor.person, "account.address_removed", actor.person.to_string()).await?;
    let values = [("address", wanted.address.as_str())];
    let gone = Some(wanted.address.as_str());
    letter::to_all(&mut tx, app, actor.person, "address-removed", gone, &values).await?;
    tx.commit().await?;
    app.bell.notify_one();
    Ok(())
}

/// Where she is signed in, the newest first; `secret` is that of the browser that asks.
pub async fn sessions(app: &App, actor: &Actor, secret: &str) -> Result<Vec<Session>> {
    let mut conn = app.db.read().await?;
    let now = app.clock.now().as_millisecond();
    Ok(store::sessions(&mut conn, actor.person, &id::digest(secret), now).await?)
}

/// Her keys to the API that are in force.
pub async fn tokens(app: &App, actor: &Actor) -> Result<Vec<Token>> {
    let mut conn = app.db.read().await?;
    Ok(store::tokens(&mut conn, actor.person, app.clock.now().as_millisecond()).await?)
}

/// A link that was sent, while it can be used.
pub async fn find_link(app: &App, secret: &str) -> Result<Link> {
    let mut conn = app.db.read().await?;
    let now = app.clock.now().as_millisecond();
    store::find_link(&mut conn, &id::digest(secret), now).await?.ok_or_else(link::old)
}

/// The account that a link is about, masked; empty when there is none.
pub async fn account_of(app: &App, link: &Link) -> Result<String> {
    let mut conn = app.db.read().await?;
    link::account_of(&mut conn, link).await
}

/// Ends all sessions, this one too.
pub async fn end_sessions(app: &App, actor: &Actor) -> Result<()> {
    let mut tx = app.db.begin().await?;
    session::end_all(&mut tx, actor.person).await?;
    link::void(&mut tx, app, actor.person).await?;
    record(&mut tx, app, actor.person, "account.signed_out_everywhere", actor.person.to_string()).await?;
    tx.commit().await?;
    Ok(())
}

/// Ends all sessions but the one with this secret.
pub async fn end_other_sessions(app: &App, actor: &Actor, secret: &str) -> Result<()> {
    let mut tx = app.db.begin().await?;
    store::end_other_sessions(&mut tx, actor.person, &id::digest(secret)).await?;
    link::void(&mut tx, app, actor.person).await?;
    record(&mut tx, app, actor.person, "account.others_signed_out", actor.person.to_string()).await?;
    tx.commit().await?;
    Ok(())
}

/// Ends one session.
pub async fn end_session(app: &App, actor: &Actor, session: &str) -> Result<()> {
    let mut tx = app.db.begin().await?;
    if !store::end_session(&mut tx, actor.person, session).await? {
        return Err(Error::NotFound);
    }
    record(&mut tx, app, actor.person, "account.session_ended", session.to_owned()).await?;
    tx.commit().await?;
    Ok(())
}
