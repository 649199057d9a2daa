//! What is kept about people, taken together: the tables of all features, and
//! the nightly work that deletes what is old enough.

use crate::app::App;
use crate::{
    account, achievement, catalog, credential, enrollment, idempotency, organization, review, roster,
    submission,
};
use cairn_platform::job::{Job, JobError};
use cairn_platform::privacy::{self, Kept, Table};

/// Every table, with all its columns.
pub fn tables() -> Vec<&'static Table> {
    [
        privacy::TABLES,
        account::privacy::TABLES,
        organization::privacy::TABLES,
        achievement::privacy::TABLES,
        catalog::privacy::TABLES,
        enrollment::privacy::TABLES,
        submission::privacy::TABLES,
        review::privacy::TABLES,
        credential::privacy::TABLES,
        roster::privacy::TABLES,
        idempotency::privacy::TABLES,
    ]
    .into_iter()
    .flatten()
    .collect()
}

/// Everything that the nightly work deletes.
pub fn kept() -> Vec<&'static Kept> {
    [
        privacy::KEPT,
        account::privacy::KEPT,
        organization::privacy::KEPT,
        roster::privacy::KEPT,
        idempotency::privacy::KEPT,
    ]
    .into_iter()
    .flatten()
    .collect()
}

/// The job `retention`.
pub async fn clean(app: &App, job: &Job) -> Result<(), JobError> {
    privacy::clean(app, job, &kept()).await
}
