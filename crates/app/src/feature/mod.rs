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
use crate::http::Routes;
use cairn_platform::job::{Job, JobError, Work};
use cairn_platform::{sweep, work};

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

/// Everything that is done later, and what is done every night.
pub const WORKS: &[Work<App>] = &[
    work!("send_mail", mailbox::send),
    work!(nightly "check_domains", confirmation::domain::nightly),
    work!(nightly "audit_head", audit::sign),
    work!("send_link", account::send_link),
    work!("award_roster", roster::work),
    work!(nightly "retention", privacy::clean),
    work!(nightly "sweep_uploads", sweep),
];

async fn sweep(app: &App, job: &Job) -> Result<(), JobError> {
    sweep::run(app, job).await
}
