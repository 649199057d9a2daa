//! To be filled.

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
