//! Letters about the account itself: whatever is changed, all of its addresses
//! hear of it, the old ones and the new.

use crate::account::store;
use crate::app::App;
use crate::error::Result;
use crate::person;
use cairn_platform::db::Conn;
use cairn_platform::id;
use cairn_platform::mail::{self, Letter};
use cairn_platform::text::Language;
use cairn_value::id::PersonId;

/// Writes the same letter to every address of the account, and to one that has
/// just left it. In the caller's transaction.
pub(crate) async fn to_all(
    conn: &mut Conn,
    app: &App,
    person: PersonId,
    kind: &str,
    gone: Option<&str>,
    values: &[(&str, &str)],
) -> Result<()> {
    let Some((name, language)) = store::name_and_language(conn, person).await? else { return Ok(()) };
    let mut addresses: Vec<String> =
        person::addresses(conn, person).await?.into_iter().map(|a| a.address).collect();
    addresses.extend(gone.map(String::from));
    let values: Vec<(&str, &str)> = [("name", name.as_str())].iter().chain(values).copied().collect();
    // each change is a letter of its own
    let once = id::fresh();
    for (n, address) in addresses.iter().enumerate() {
        let letter = Letter {
            id: format!("{kind}-{once}-{n}"),
            kind,
            address,
            person: Some(person.to_string()),
            language: Language::parse(&language).unwrap_or_default(),
            values: &values,
            link: Some(format!("{}/account", app.config.base_url)),
        };
        mail::write(conn, app, letter).await?;
    }
    Ok(())
}
