//! How often something may happen, counted in the database, so that it holds on every node together.
//! Nobody's address is written down: keys are hashes under the instance's own secret, kept for a day.

use crate::db::Conn;
use crate::error::Result;
use crate::platform::Platform;
use crate::rate_limit;
use jiff::Timestamp;

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

/// One limit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limit {
    /// Stable name, part of the key in the database.
    pub name: &'static str,
    /// Of whom it is counted.
    pub per: Per,
    /// So often …
    pub most: i64,
    /// … within so many seconds.
    pub seconds: i64,
    /// What is counted, for people.
    pub what: &'static str,
}

/// The key of a limit in the database, from which nobody can tell whose it is.
fn key(app: &Platform, limit: &Limit, whose: &str) -> String {
    // no cookie holds a line break, so that this is never a form's token
    format!("{}:{}", limit.name, app.keys.form_token(&format!("limit\n{}\n{whose}", limit.name)))
}

/// Counts one use of a limit by somebody; refuses when there were too many.
pub async fn take(app: &Platform, limit: &Limit, whose: &str) -> Result<()> {
    rate_limit::take(&app.db, &app.clock, &key(app, limit, whose), limit.most, limit.seconds).await
}

/// Counts several uses in the caller's transaction; refuses when there would be too many.
pub async fn take_in(conn: &mut Conn, app: &Platform, limit: &Limit, whose: &str, uses: i64) -> Result<()> {
    let key = key(app, limit, whose);
    rate_limit::take_in(conn, &app.clock, &key, uses, limit.most, limit.seconds).await
}

/// Gives uses back that were counted for something that then did not happen.
pub async fn give_back(app: &Platform, uses: &[(Limit, String)], at: Timestamp) -> Result<()> {
    let keys: Vec<String> = uses.iter().map(|(limit, whose)| key(app, limit, whose)).collect();
    rate_limit::give_back(&app.db, &keys, at).await
}

/// Counts one use of each: one's own before what is shared, and refuses at the first that is used up.
pub async fn take_all(app: &Platform, mut uses: Vec<(Limit, String)>) -> Result<()> {
    if uses.is_empty() {
        return Ok(());
    }
    // in one order everywhere, so that nobody waits in a circle
    uses.sort_by_key(|(limit, _)| (limit.per as u8, limit.name));
    let uses: Vec<(String, Limit)> =
        uses.into_iter().map(|(limit, whose)| (key(app, &limit, &whose), limit)).collect();
    let uses: Vec<(&str, i64, i64)> = uses.iter().map(|(key, l)| (key.as_str(), l.most, l.seconds)).collect();
    rate_limit::take_all(&app.db, &app.clock, &uses).await
}
