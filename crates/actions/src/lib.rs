//! What people and programs do, one folder a subject, one action for each intention: load, decide, save,
//! record, enqueue, commit. No HTTP here; pages, the API, commands and jobs call the same actions.

pub mod account;
pub mod achievement;
pub mod announcement;
pub mod app;
pub mod audit;
pub mod award;
mod cache;
pub mod catalog;
mod census;
pub mod confirmation;
pub mod credential;
pub mod enrollment;
pub mod erasure;
pub mod error;
pub mod export;
pub mod idempotency;
pub mod limit;
pub mod migration;
mod migration_step;
pub mod organization;
pub mod person;
pub mod published;
pub mod retention;
pub mod review;
pub mod roster;
pub mod seed;
pub mod subject;
pub mod submission;
pub mod verification;

pub use app::App;
pub use census::census;
pub use error::{Error, Result};

use cairn_platform::clock::Clock;
use cairn_platform::config::Config;
use cairn_platform::job::{Runner, Work};
use cairn_platform::{mail, sweep, work};

/// What no subject does: letters, and the nights' cleaning.
const WORKS: &[Work<App>] = &[
    work!("send_mail", mail::send),
    work!(nightly "retention", retention::clean),
    work!(nightly "sweep_uploads", sweep::run),
];

impl Runner for App {
    fn works() -> impl Iterator<Item = &'static Work<Self>> + Send {
        WORKS.iter().chain(subject::SUBJECTS.iter().flat_map(|subject| subject.works))
    }
}

/// Opens (and where needed makes) everything that the settings name, and
/// brings the database to the newest schema. The words are installed by the caller.
pub async fn open(config: Config, clock: Clock) -> anyhow::Result<App> {
    let app = App::new(cairn_platform::open(config, clock, migration::ALL).await?);
    account::upgrade(&app).await?;
    Ok(app)
}
