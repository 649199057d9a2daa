//! Letters to operators: what waits for them.

use super::store;
use crate::app::App;
use crate::person;
use cairn_platform::job::{Job, JobError};
use cairn_platform::mail::{self, Letter};

/// The night's letter to the operators: how many wait, when one has begun to since the letter before. The
/// demo writes to nobody.
pub async fn tell_waiting(app: &App, _: &Job) -> Result<(), JobError> {
    if app.config.demo {
        return Ok(());
    }
    let mut tx = app.db.begin().await?;
    let Some(waiting) = store::waiting(&mut tx).await? else { return Ok(()) };
    let count = waiting.all.to_string();
    for operator in person::operators(&mut tx).await? {
        let letter = Letter {
            // the same newest is told once
            id: format!("organizations-wait-{}-{}", waiting.newest, operator.person),
            kind: "organizations-wait",
            address: &operator.address,
            person: Some(operator.person.clone()),
            language: operator.language,
            values: &[("name", operator.name.as_str()), ("count", &count)],
            link: Some(format!("{}/operator/organizations", app.config.base_url)),
        };
        mail::write(&mut tx, app, letter).await?;
    }
    tx.commit().await?;
    app.bell.notify_one();
    Ok(())
}
