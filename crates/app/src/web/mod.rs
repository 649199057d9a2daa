//! The rooms: one folder for each thing that a person does.

pub mod account;
pub mod achievement;
pub mod audit;
pub mod award;
pub mod catalog;
pub mod confirmation;
pub mod credential;
pub mod demo;
pub mod enrollment;
pub mod mailbox;
pub mod openapi;
pub mod organization;
pub mod review;
pub mod roster;
pub mod submission;
pub mod system;
pub mod verification;

use crate::http::Routes;
use cairn_actions::App;

/// Every route, with who may come in.
pub fn routes(app: &App) -> Routes {
    [
        account::routes(app),
        achievement::routes(app),
        audit::routes(app),
        award::routes(app),
        catalog::routes(app),
        confirmation::routes(app),
        credential::routes(app),
        demo::routes(app),
        enrollment::routes(app),
        mailbox::routes(app),
        openapi::routes(app),
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
