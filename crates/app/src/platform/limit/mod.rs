//! How often something may happen, counted in the database, so that it holds on every node together.
//! Nobody's address is written down: keys are hashes under the instance's own secret, kept for a day.

pub mod client;
pub mod table;

pub use client::Client;
pub use table::{Class, Limit, class_of};

use crate::App;
use crate::platform::error::Result;
use crate::platform::rate_limit;
use cairn_domain::id::{OrganizationId, PersonId};

/// Of whom something is counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Per {
    // in the order in which they are counted
    /// Where a request comes from: an IPv4 address, or the first 64 bits of an IPv6 address.
    Client,
    /// Who is signed in, or whose token it is.
    Account,
    /// The address that a letter goes to.
    Address,
    /// The organisation.
    Organization,
    /// A key to the API.
    Token,
    /// An account, named by its address, together with where the request comes from.
    Pair,
    /// All together.
    Everybody,
}

/// Who does something; what is not known is not counted.
#[derive(Debug, Clone, Copy, Default)]
pub struct Who {
    /// Where from.
    pub client: Option<Client>,
    /// Who.
    pub account: Option<PersonId>,
    /// For which organisation.
    pub organization: Option<OrganizationId>,
}

/// The key of a limit in the database, from which nobody can tell whose it is.
fn key(app: &App, limit: &Limit, whose: &str) -> String {
    // no cookie holds a line break, so that this is never a form's token
    format!("{}:{}", limit.name, app.keys.form_token(&format!("limit\n{}\n{whose}", limit.name)))
}

/// Counts one use of a limit by somebody; refuses when there were too many.
pub async fn take(app: &App, limit: &Limit, whose: &str) -> Result<()> {
    rate_limit::take(&app.db, &app.clock, &key(app, limit, whose), limit.most, limit.seconds).await
}

/// Counts what a route of this class costs.
pub async fn enter(app: &App, class: Class, who: Who) -> Result<()> {
    let mut uses: Vec<(String, Limit)> = vec![];
    for limit in class.limits() {
        let whose = match limit.per {
            Per::Client => who.client.map(|c| c.to_string()),
            Per::Account => who.account.map(|a| a.to_string()),
            Per::Organization => who.organization.map(|o| o.to_string()),
            Per::Everybody => Some(String::new()),
            // counted where they are known
            Per::Address | Per::Token | Per::Pair => None,
        };
        uses.extend(whose.map(|whose| (key(app, limit, &whose), *limit)));
    }
    if uses.is_empty() {
        return Ok(());
    }
    // one's own before what is shared; in one order everywhere, so that nobody waits in a circle
    uses.sort_by_key(|(_, limit)| (limit.per as u8, limit.name));
    let uses: Vec<(&str, i64, i64)> = uses.iter().map(|(key, l)| (key.as_str(), l.most, l.seconds)).collect();
    rate_limit::take_all(&app.db, &app.clock, &uses).await
}

/// The table for people: docs/limits.md holds it.
pub fn as_markdown() -> String {
    let mut out = String::from("| name | of whom | what | most | within |\n|---|---|---|---|---|\n");
    for limit in table::ALL {
        let per = match limit.per {
            Per::Client => "client address",
            Per::Account => "account",
            Per::Address => "target address",
            Per::Organization => "organisation",
            Per::Token => "token",
            Per::Pair => "account and client address",
            Per::Everybody => "the whole instance",
        };
        let within = match limit.seconds {
            60 => "1 minute".to_owned(),
            86_400 => "1 day".to_owned(),
            3600 => "1 hour".to_owned(),
            other => format!("{} minutes", other / 60),
        };
        let cells = [&format!("`{}`", limit.name), per, limit.what, &limit.most.to_string(), &within];
        out += &["| ", &cells.join(" | "), " |\n"].concat();
    }
    out
}
