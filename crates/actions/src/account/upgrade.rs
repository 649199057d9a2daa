//! What an older database needs when this program opens it: keys to the API get
//! an end, and addresses the form in which they are compared now. Both may run
//! again and change nothing then.

use crate::account::{DEFAULT_DAYS, store};
use crate::app::App;
use crate::error::Result;
use crate::person;
use cairn_platform::db::Conn;
use cairn_platform::mail::{self, Letter};
use cairn_platform::text::Language;
use cairn_value::email::Email;

/// Set when the addresses have been gone through.
const DONE: &str = "addresses_in_ascii";
/// Tables that hold keys of addresses, with the column of the address beside it.
const ADDRESSES: &[(&str, &str, &str)] = &[
    ("email", "key", "address"),
    ("invitation", "address_key", "address"),
    ("roster_row", "address_key", "address"),
    ("award", "address_key", ""),
    ("credential", "address_key", ""),
    ("mail", "address_key", "address"),
];

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

/// Domains in letters beyond ASCII become what mail servers look up. What is
/// refused today stays as it is: nobody else can be matched with it.
async fn plain_addresses(conn: &mut Conn) -> Result<()> {
    if !store::once(conn, DONE).await? {
        return Ok(());
    }
    for (table, key, address) in ADDRESSES {
        for old in store::keys_beyond_ascii(conn, table, key).await? {
            let Ok(email) = Email::parse(&old) else { continue };
            if email.key() != old {
                store::rename_key(conn, (table, key, address), &old, &email).await?;
            }
        }
    }
    Ok(())
}
