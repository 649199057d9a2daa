//! The audit log's signed heads: made daily, served to everybody, written to
//! the operators, so that a log that was cut or rewritten is found out.

use crate::app::App;
use crate::error::Result;
use crate::person;
use cairn_platform::event::head;
use cairn_platform::job::{Job, JobError};
use cairn_platform::mail::{self, Letter};

/// Where the heads are served.
pub const ADDRESS: &str = "/.well-known/cairn/audit-heads";
/// The job: signs the day's head and writes to the operators when anything has
/// happened. The demo writes to nobody.
pub async fn sign(app: &App, _: &Job) -> Result<(), JobError> {
    let signed = head::sign(app).await?;
    if !signed.is_new || app.config.demo {
        return Ok(());
    }
    let day = signed.document["day"].as_str().unwrap_or_default().to_owned();
    let (line, address) = (signed.line.to_string(), format!("{}{ADDRESS}", app.config.base_url));
    let mut tx = app.db.begin().await?;
    for operator in person::operators(&mut tx).await? {
        let document = signed.document.to_string();
        let values = [("day", day.as_str()), ("line", &line), ("hash", &signed.hash), ("head", &document)];
        let letter = Letter {
            id: format!("audit-head-{day}-{}", operator.person),
            kind: "audit-head",
            address: &operator.address,
            person: Some(operator.person.clone()),
            language: operator.language,
            values: &values,
            link: Some(address.clone()),
        };
        mail::write(&mut tx, app, letter).await?;
    }
    tx.commit().await?;
    app.bell.notify_one();
    Ok(())
}
