//! The audit log's signed heads: made daily, served to everybody, written to
//! the operators, so that a log that was cut or rewritten is found out.

use crate::App;
use crate::error::Result;
use cairn_platform::event::head;
use cairn_platform::job::{Job, JobError};
use cairn_platform::mail::{self, Letter};
use cairn_platform::text::Language;

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
    let operators: Vec<(String, String, String)> = sqlx::query_as(
        "SELECT p.id, p.language, e.address FROM person p JOIN email e ON e.person = p.id \
         WHERE p.operator = 1 AND p.deleted_at IS NULL AND e.is_primary = 1 ORDER BY p.id",
    )
    .fetch_all(&mut *tx)
    .await?;
    for (person, language, to) in operators {
        let document = signed.document.to_string();
        let values = [("day", day.as_str()), ("line", &line), ("hash", &signed.hash), ("head", &document)];
        let letter = Letter {
            id: format!("audit-head-{day}-{person}"),
            kind: "audit-head",
            address: &to,
            person: Some(person),
            language: Language::parse(&language).unwrap_or_default(),
            values: &values,
            link: Some(address.clone()),
        };
        mail::write(&mut tx, app, letter).await?;
    }
    tx.commit().await?;
    app.bell.notify_one();
    Ok(())
}
