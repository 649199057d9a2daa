//! Award at once to everybody on a list: upload, preview, award by a job.

mod csv;
mod record;

use crate::App;
use crate::platform::job::{Job, JobError};
use crate::platform::web::Routes;

/// Routes of this feature.
pub fn routes(app: &App) -> Routes {
    Routes::new(app)
}

/// The job.
pub async fn work(_app: &App, _job: &Job) -> Result<(), JobError> {
    Ok(())
}
