//! What is kept about people, taken together: the tables of all subjects, and
//! the nightly work that deletes what is old enough.

use crate::app::App;
use crate::subject::SUBJECTS;
use cairn_platform::job::{Job, JobError};
use cairn_platform::privacy::{self, Privacy, Retention, Table};

fn parts() -> impl Iterator<Item = &'static Privacy> {
    std::iter::once(&privacy::PRIVACY).chain(SUBJECTS.iter().map(|subject| &subject.privacy))
}

/// Every table, with all its columns.
pub fn tables() -> Vec<&'static Table> {
    parts().flat_map(|part| part.tables).collect()
}

/// Everything that the nightly work deletes.
pub fn kept() -> Vec<&'static Retention> {
    parts().flat_map(|part| part.kept).collect()
}

/// The job `retention`.
pub async fn clean(app: &App, job: &Job) -> Result<(), JobError> {
    privacy::clean(app, job, &kept()).await
}
