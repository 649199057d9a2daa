//! How much there is, for whoever watches the instance; nothing about a person.

use crate::error::Result;
use crate::{credential, enrollment, person, submission};
use cairn_platform::db::Conn;

/// Names and numbers.
pub async fn census(conn: &mut Conn) -> Result<[(&'static str, i64); 4]> {
    Ok([
        ("people", person::count(conn).await?),
        ("credentials", credential::count(conn).await?),
        ("enrollments", enrollment::count(conn).await?),
        ("submissions_waiting", submission::count_waiting(conn).await?),
    ])
}
