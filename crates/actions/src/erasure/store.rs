//! SQL that takes everything personal out of an account and whatever tells of it.

use crate::app::App;
use crate::error::Result;
use crate::subject::SUBJECTS;
use cairn_platform::blob_use::{self, Kind, ReleasedBlobs};
use cairn_platform::db::Conn;
use cairn_platform::event;
use cairn_platform::privacy;
use cairn_platform::query::QueryBuilder;
use cairn_value::id::PersonId;
use serde_json::{Value, json};

/// The ids of what belongs to a person.
struct Hers {
    person: String,
    credentials: Vec<String>,
    awards: Vec<String>,
    enrollments: Vec<String>,
    submissions: Vec<String>,
    evidence: Vec<String>,
    /// Rosters in which a row has an address of hers.
    rosters: Vec<String>,
}

/// Erases. What was issued keeps its place in the status list, its dates and
/// its state, so that copies in other hands can still be checked; it names
/// nobody. Gives the files that nothing of hers uses any more.
pub async fn erase(conn: &mut Conn, app: &App, person: PersonId) -> Result<ReleasedBlobs> {
    // a roster that is being awarded waits, or is waited for: nobody is awarded after her erasure
    sqlx::query(
        "UPDATE roster SET done = done WHERE id IN (SELECT roster FROM roster_row WHERE address_key IN \
         (SELECT key FROM person_address WHERE person = $1))",
    )
    .bind(person.to_string())
    .execute(&mut *conn)
    .await?;
    let hers = find(conn, person).await?;
    let mut released = ReleasedBlobs::default();
    for id in &hers.evidence {
        released = released.and(blob_use::release(conn, Kind::Evidence, id).await?);
    }
    // a roster's file tells of everybody in it; its rows are kept without it
    for id in &hers.rosters {
        released = released.and(blob_use::release(conn, Kind::Roster, id).await?);
    }
    let subjects = [
        std::slice::from_ref(&hers.person),
        &hers.credentials,
        &hers.awards,
        &hers.enrollments,
        &hers.submissions,
        &hers.rosters,
    ]
    .concat();
    event::erase_texts(conn, app, &hers.person, &subjects).await?;
    forget_answers(conn, &hers).await?;
    for id in &hers.credentials {
        strip_document(conn, id).await?;
    }
    privacy::erase(conn, &privacy::PRIVACY, &hers.person).await?;
    // whoever calls knows those beneath it, and is cleared first
    for subject in SUBJECTS.iter().rev() {
        privacy::erase(conn, &subject.privacy, &hers.person).await?;
    }
    sqlx::query(
        "UPDATE person SET name = '', password_hash = NULL, operator = 0, salt = '', deleted_at = $2 WHERE id = $1",
    )
    .bind(&hers.person)
    .bind(app.clock.now().as_millisecond())
    .execute(conn)
    .await?;
    Ok(released)
}

async fn find(conn: &mut Conn, person: PersonId) -> Result<Hers> {
    let id = person.to_string();
    let mut ids = async |sql: &'static str| sqlx::query_scalar(sql).bind(&id).fetch_all(&mut *conn).await;
    Ok(Hers {
        credentials: ids(
            "SELECT id FROM credential WHERE person = $1 OR (person IS NULL AND address_key IN \
             (SELECT key FROM person_address WHERE person = $1))",
        )
        .await?,
        awards: ids(
            "SELECT id FROM award WHERE person = $1 OR (person IS NULL AND address_key IN \
             (SELECT key FROM person_address WHERE person = $1))",
        )
        .await?,
        enrollments: ids("SELECT id FROM enrollment WHERE learner = $1").await?,
        submissions: ids("SELECT id FROM submission WHERE learner = $1").await?,
        evidence: ids(
            "SELECT e.id FROM evidence e JOIN submission s ON s.organization = e.organization AND s.id = e.submission \
             WHERE s.learner = $1 AND e.blob <> ''",
        )
        .await?,
        rosters: ids(
            "SELECT DISTINCT roster FROM roster_row WHERE address_key IN (SELECT key FROM person_address WHERE person = $1) \
             OR credential IN (SELECT id FROM credential WHERE person = $1)",
        )
        .await?,
        person: id.clone(),
    })
}

/// Answers that others got to calls about her are kept for repeated calls; of
/// those that tell of her only that they were given.
async fn forget_answers(conn: &mut Conn, hers: &Hers) -> Result<()> {
    let keys: Vec<String> = sqlx::query_scalar("SELECT address FROM email WHERE person = $1")
        .bind(&hers.person)
        .fetch_all(&mut *conn)
        .await?;
    for address in &keys {
        // a link that was asked for and whose letter was never written
        sqlx::query("DELETE FROM job WHERE kind = 'send_link' AND lower(body) LIKE $1")
            .bind(format!("%{}%", address.to_lowercase()))
            .execute(&mut *conn)
            .await?;
    }
    let all =
        [&hers.credentials, &hers.enrollments, &hers.submissions, &keys, std::slice::from_ref(&hers.person)];
    for part in all.into_iter().flatten().collect::<Vec<_>>().chunks(50) {
        let mut query = QueryBuilder::new("UPDATE idempotency SET status = 410, response = ");
        query.push_bind(json!({ "erased": true }).to_string()).push(" WHERE ");
        for (n, word) in part.iter().enumerate() {
            query.push(if n == 0 { "lower(response) LIKE " } else { " OR lower(response) LIKE " });
            // an underscore or a per cent sign matches more, which erases too much rather than too little
            query.push_bind(format!("%{}%", word.to_lowercase()));
        }
        query.build().execute(&mut *conn).await?;
    }
    Ok(())
}

/// Of a signed document what says nothing about its holder is left, unsigned.
async fn strip_document(conn: &mut Conn, id: &str) -> Result<()> {
    let text: String = sqlx::query_scalar("SELECT document FROM credential WHERE id = $1")
        .bind(id)
        .fetch_one(&mut *conn)
        .await?;
    sqlx::query("UPDATE credential SET document = $2 WHERE id = $1")
        .bind(id)
        .bind(stripped(&text))
        .execute(conn)
        .await?;
    Ok(())
}

/// The issuer, the achievement, the dates and the place in the status list.
fn stripped(text: &str) -> String {
    let Ok(Value::Object(mut document)) = serde_json::from_str::<Value>(text) else { return "{}".to_owned() };
    let keep = [
        "@context",
        "id",
        "type",
        "name",
        "issuer",
        "validFrom",
        "validUntil",
        "awardedDate",
        "credentialStatus",
        "credentialSubject",
    ];
    document.retain(|name, _| keep.contains(&name.as_str()));
    if let Some(Value::Object(subject)) = document.get_mut("credentialSubject") {
        subject.retain(|name, _| matches!(name.as_str(), "type" | "achievement"));
    }
    Value::Object(document).to_string()
}

#[cfg(test)]
mod tests {
    use super::stripped;
    use serde_json::json;

    #[test]
    fn a_stripped_document_names_nobody() {
        let document = json!({
            "type": ["VerifiableCredential"], "validFrom": "2026-11-22T12:00:00Z", "evidence": [{ "name": "Amy" }],
            "credentialSubject": { "type": ["AchievementSubject"], "name": "Amy", "identifier": [{ "x": "Amy" }],
                "achievement": { "name": "Walking" }, "result": [{ "value": "Amy" }] },
            "proof": [{ "proofValue": "z" }],
        });
        let left = stripped(&document.to_string());
        assert!(!left.contains("Amy") && !left.contains("proof") && left.contains("Walking"), "{left}");
        assert_eq!(stripped("nothing"), "{}");
    }
}
