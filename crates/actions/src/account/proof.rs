//! Showing once more that it is she, before something that matters is changed; and the new password.

use super::{letter, link, password, record, session, store};
use crate::app::App;
use crate::error::{Error, Result};
use crate::limit;
use crate::person::{self, Actor};
use cairn_platform::id;
use cairn_platform::rate_limit;
use cairn_value::refusal::Refusal;

/// For how long a proof counts.
pub const MINUTES: i64 = 15;
/// Said when there is none.
pub const MISSING: Refusal = Refusal::new("proof-missing");

/// True when it was shown a moment ago, in the browser with this session's secret, that it is she.
pub async fn is_fresh(app: &App, actor: &Actor, secret: &str) -> Result<bool> {
    let mut conn = app.db.read().await?;
    let at = store::confirmed_at(&mut conn, actor.person, &id::digest(secret)).await?;
    Ok(at.is_some_and(|at| app.clock.now().as_millisecond() - at < MINUTES * 60_000))
}

/// True when she has a password; who has none follows links.
pub async fn has_password(app: &App, actor: &Actor) -> Result<bool> {
    let mut conn = app.db.read().await?;
    Ok(store::password_hash(&mut conn, actor.person).await?.is_some())
}

/// The password again; false when it is another one.
pub async fn give(app: &App, actor: &Actor, secret: &str, given: &str) -> Result<bool> {
    let hash = {
        let mut conn = app.db.read().await?;
        store::password_hash(&mut conn, actor.person).await?
    };
    let key = format!("password:{}", actor.person);
    rate_limit::take(
        &app.db,
        &app.clock,
        &key,
        limit::PASSWORD_ACCOUNT.most,
        limit::PASSWORD_ACCOUNT.seconds,
    )
    .await?;
    if !password::matches(app, given, hash).await? {
        return Ok(false);
    }
    let mut tx = app.db.begin().await?;
    let now = app.clock.now().as_millisecond();
    store::confirm(&mut tx, actor.person, &id::digest(secret), now).await?;
    record(&mut tx, app, actor.person, "account.confirmed", actor.person.to_string()).await?;
    tx.commit().await?;
    Ok(true)
}

/// A new password. Whoever knew the old one is out: all other sessions end, all keys to the API, all links.
/// Gives the secret of a new session.
pub async fn change_password(app: &App, actor: &Actor, new: &str, agent: &str) -> Result<String> {
    let address = {
        let mut conn = app.db.read().await?;
        person::addresses(&mut conn, actor.person).await?.into_iter().next().map(|a| a.address)
    };
    cairn_domain::password::check(new, &actor.name, &address.unwrap_or_default())
        .map_err(|weak| Error::invalid("password", weak))?;
    let hash = password::hash(app, new).await?;
    let mut tx = app.db.begin().await?;
    store::set_password(&mut tx, actor.person, &hash).await?;
    session::end_all(&mut tx, actor.person).await?;
    store::revoke_tokens(&mut tx, actor.person, app.clock.now().as_millisecond()).await?;
    link::void(&mut tx, app, actor.person).await?;
    record(&mut tx, app, actor.person, "account.password_changed", actor.person.to_string()).await?;
    letter::to_all(&mut tx, app, actor.person, "password-changed", None, &[]).await?;
    let secret = session::start(app, &mut tx, actor.person, agent).await?;
    tx.commit().await?;
    app.bell.notify_one();
    Ok(secret)
}
