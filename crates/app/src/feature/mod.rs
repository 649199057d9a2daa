//! The rooms: one folder for each thing that a person does.

pub mod account;
pub mod achievement;
pub mod api;
pub mod audit;
pub mod catalog;
pub mod confirmation;
pub mod credential;
pub mod demo;
pub mod enrollment;
pub mod mailbox;
pub mod organization;
pub mod privacy;
pub mod review;
pub mod roster;
pub mod submission;
pub mod system;
pub mod verification;

use crate::App;
use crate::platform::job::{Job, JobError};
use crate::platform::sweep;
use crate::platform::web::Routes;

/// Every route, with who may come in.
pub fn routes(app: &App) -> Routes {
    [
        account::routes(app),
        achievement::routes(app),
        api::routes(app),
        audit::routes(app),
        catalog::routes(app),
        confirmation::routes(app),
        credential::routes(app),
        demo::routes(app),
        enrollment::routes(app),
        mailbox::routes(app),
        organization::routes(app),
        review::routes(app),
        roster::routes(app),
        submission::routes(app),
        system::routes(app),
        verification::routes(app),
    ]
    .into_iter()
    .fold(Routes::new(app), Routes::merge)
}

/// Does the work of a job.
pub async fn run_job(app: &App, job: &Job) -> Result<(), JobError> {
    match job.kind.as_str() {
        "send_mail" => mailbox::send(app, &job.body).await,
        "check_domains" => confirmation::domain::nightly(app, job).await,
        "audit_head" => audit::sign(app).await,
        "send_link" => account::send_link(app, job).await,
        "award_roster" => roster::work(app, job).await,
        "retention" => privacy::clean(app, job).await,
        "sweep_uploads" => sweep::run(app, job).await,
        other => Err(JobError::GiveUp(anyhow::anyhow!("there is no work called {other}"))),
    }
}
