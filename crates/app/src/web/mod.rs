//! The rooms: one folder for each thing that a person does.

pub mod account;
pub mod achievement;
pub mod announcement;
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
use utoipa::OpenApi as _;

macro_rules! rooms {
    ($($room:ident $([$($api:ident),+])?),* $(,)?) => {
        /// Every route, with who may come in.
        pub fn routes(app: &App) -> Routes {
            [$($room::routes(app)),*].into_iter().fold(Routes::new(app), Routes::merge)
        }

        /// What each room says of its part of the API.
        pub(crate) fn apis() -> Vec<utoipa::openapi::OpenApi> {
            vec![$($($($room::$api::Api::openapi(),)+)?)*]
        }
    };
}

// each with the files that describe its part of the API
rooms![
    account [api],
    achievement,
    announcement [api],
    audit,
    award [api],
    catalog [api],
    confirmation [api],
    credential [api],
    demo,
    enrollment [api],
    mailbox,
    openapi,
    organization [api, invitation_api, key_api],
    review [api],
    roster [api],
    submission [api],
    system,
    verification [api],
];
