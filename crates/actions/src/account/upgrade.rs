//! What an older database needs when this program opens it: keys to the API get
//! an end, and addresses the form in which they are compared now. Both may run
//! again and change nothing then.

use crate::account::{DEFAULT_DAYS, store};
use crate::app::App;
use crate::error::Result;
use crate::migration_step;
use crate::person;
use cairn_platform::db::Conn;
use cairn_platform::mail::{self, Letter};
use cairn_platform::setting;
use cairn_platform::text::Language;

/// Set when the addresses have been gone through.
const DONE: &str = "addresses_in_ascii";
/// Runs at every start.
pub async fn upgrade(app: &App) -> Result<()> {
    let mut tx = app.db.begin().await?;
    end_tokens(&mut tx, app).await?;
    plain_addresses(&mut tx).await?;
    tx.commit().await?;
    Ok(())
}

/// Keys that were made without an end get one from today on, and their owners a letter.
async fn end_tokens(conn: &mut Conn, app: &App) -> Result<()> {
    let end = app.clock.now().as_millisecond() + DEFAULT_DAYS * 86_400_000;
    for token in store::give_end(conn, end).await? {
        let Ok(person) = token.person.parse() else { continue };
        let Some((name, language)) = store::name_and_language(conn, person).await? else { continue };
        let Some(address) = person::addresses(conn, person).await?.into_iter().next() else { continue };
        let language = Language::parse(&language).unwrap_or_default();
        let date = language.date(end);
        let letter = Letter {
            id: format!("token-end-{}", token.id),
            kind: "token-end",
            address: &address.address,
            person: Some(token.person.clone()),
            language,
            values: &[("name", &name), ("token", &token.name), ("date", &date)],
            link: Some(format!("{}/account", app.config.base_url)),
        };
        mail::write(conn, app, letter).await?;
    }
    Ok(())
}

/// The form of addresses is mended once.
async fn plain_addresses(conn: &mut Conn) -> Result<()> {
    if setting::once(conn, DONE).await? {
        migration_step::plain_addresses(conn).await?;
    }
    Ok(())
}
