//! Full text of the catalogue: FTS5 on SQLite, `tsvector` on PostgreSQL. Words
//! that nobody wrote are replaced by their nearest neighbour, on both.

use crate::db::{Conn, Db, Engine};
use anyhow::Result;
use cairn_value::steps;
use std::collections::BTreeMap;

/// Makes the index where it is missing.
pub async fn prepare(db: &Db) -> Result<()> {
    let statements: &[&'static str] = match db.engine {
        Engine::Sqlite => &["CREATE VIRTUAL TABLE IF NOT EXISTS search_text USING fts5 \
             (achievement UNINDEXED, title, summary, body, tokenize = 'unicode61 remove_diacritics 2', prefix = '2 3')"],
        Engine::Postgres => &[
            "CREATE TABLE IF NOT EXISTS search_text (achievement TEXT PRIMARY KEY, words TSVECTOR NOT NULL)",
            "CREATE INDEX IF NOT EXISTS search_text_words ON search_text USING GIN (words)",
        ],
    };
    let mut tx = db.begin().await?;
    for statement in statements {
        sqlx::query(*statement).execute(&mut *tx).await?;
    }
    tx.commit().await?;
    Ok(())
}

/// What is found under.
#[derive(Debug, Clone, Default)]
pub struct Text {
    /// Counts most: titles in all languages.
    pub title: String,
    /// Counts more: summaries, tags, skills.
    pub summary: String,
    /// Descriptions, outcomes, issuer.
    pub body: String,
}

/// Puts an achievement's text into the index, in place of what was there.
pub async fn put(conn: &mut Conn, engine: Engine, achievement: &str, text: &Text) -> sqlx::Result<()> {
    remove(conn, achievement).await?;
    let folded = [&text.title, &text.summary, &text.body].map(|t| words(t).join(" "));
    match engine {
        Engine::Sqlite => {
            sqlx::query(
                "INSERT INTO search_text (achievement, title, summary, body) VALUES ($1, $2, $3, $4)",
            )
            .bind(achievement)
            .bind(&folded[0])
            .bind(&folded[1])
            .bind(&folded[2])
            .execute(&mut *conn)
            .await?;
        }
        Engine::Postgres => {
            sqlx::query(
                "INSERT INTO search_text (achievement, words) VALUES ($1, \
                 setweight(to_tsvector('simple', $2), 'A') || setweight(to_tsvector('simple', $3), 'B') || \
                 setweight(to_tsvector('simple', $4), 'D'))",
            )
            .bind(achievement)
            .bind(&folded[0])
            .bind(&folded[1])
            .bind(&folded[2])
            .execute(&mut *conn)
            .await?;
        }
    }
    let mut uses: BTreeMap<&str, i64> = BTreeMap::new();
    for text in &folded {
        for word in text.split(' ').filter(|w| w.chars().count() >= 3) {
            *uses.entry(word).or_default() += 1;
        }
    }
    for (word, count) in uses {
        sqlx::query(
            "INSERT INTO search_word (word, uses) VALUES ($1, $2) \
             ON CONFLICT (word) DO UPDATE SET uses = search_word.uses + $2",
        )
        .bind(word)
        .bind(count)
        .execute(&mut *conn)
        .await?;
    }
    Ok(())
}

/// Takes an achievement out of the index.
pub async fn remove(conn: &mut Conn, achievement: &str) -> sqlx::Result<()> {
    sqlx::query("DELETE FROM search_text WHERE achievement = $1").bind(achievement).execute(conn).await?;
    Ok(())
}

/// What was found.
#[derive(Debug, Clone, Default)]
pub struct Matches {
    /// Achievement ids, best first.
    pub achievements: Vec<String>,
    /// The words that were looked for when they are not the ones that were
    /// typed: "infektoin" was taken for "infektion".
    pub corrected: Option<String>,
}

/// Most words that are looked for.
const MOST_WORDS: usize = 20;
/// Most words that a misspelt one is compared with.
const MOST_NEIGHBOURS: i64 = 20_000;
/// Most results that are ranked.
pub const MOST: i64 = 10_000;

/// Looks for all words; the last one may be a beginning.
pub async fn find(conn: &mut Conn, engine: Engine, query: &str) -> sqlx::Result<Matches> {
    let mut typed = words(query);
    // each word is looked up, and its neighbours when nobody wrote it
    typed.truncate(MOST_WORDS);
    if typed.is_empty() {
        return Ok(Matches::default());
    }
    let achievements = look(conn, engine, &typed).await?;
    if !achievements.is_empty() {
        return Ok(Matches { achievements, corrected: None });
    }
    let Some(nearest) = nearest(conn, &typed).await? else { return Ok(Matches::default()) };
    let achievements = look(conn, engine, &nearest).await?;
    let corrected = (!achievements.is_empty()).then(|| nearest.join(" "));
    Ok(Matches { achievements, corrected })
}

async fn look(conn: &mut Conn, engine: Engine, words: &[String]) -> sqlx::Result<Vec<String>> {
    match engine {
        Engine::Sqlite => {
            // words hold letters and digits only, so that quoting cannot be broken out of
            let query = words.iter().map(|w| format!("\"{w}\"*")).collect::<Vec<_>>().join(" ");
            sqlx::query_scalar(
                "SELECT achievement FROM search_text WHERE search_text MATCH $1 \
                 ORDER BY bm25(search_text, 0.0, 10.0, 4.0, 1.0), achievement LIMIT $2",
            )
            .bind(query)
            .bind(MOST)
            .fetch_all(conn)
            .await
        }
        Engine::Postgres => {
            let query = words.iter().map(|w| format!("{w}:*")).collect::<Vec<_>>().join(" & ");
            sqlx::query_scalar(
                "SELECT achievement FROM search_text, to_tsquery('simple', $1) q WHERE words @@ q \
                 ORDER BY ts_rank(words, q) DESC, achievement LIMIT $2",
            )
            .bind(query)
            .bind(MOST)
            .fetch_all(conn)
            .await
        }
    }
}

/// The same words with each unknown one replaced by its nearest neighbour; none
/// when all are known or one has no neighbour.
async fn nearest(conn: &mut Conn, typed: &[String]) -> sqlx::Result<Option<Vec<String>>> {
    let mut out = vec![];
    for word in typed {
        let known: Option<String> =
            sqlx::query_scalar("SELECT word FROM search_word WHERE word >= $1 AND word < $2 LIMIT 1")
                .bind(word)
                .bind(format!("{word}\u{10FFFF}"))
                .fetch_optional(&mut *conn)
                .await?;
        if known.is_some() {
            out.push(word.clone());
            continue;
        }
        let Some(replacement) = neighbour(conn, word).await? else { return Ok(None) };
        out.push(replacement);
    }
    Ok((out != typed).then_some(out))
}

async fn neighbour(conn: &mut Conn, word: &str) -> sqlx::Result<Option<String>> {
    let length = word.chars().count();
    let most = match length {
        0..4 => return Ok(None),
        4..8 => 1,
        _ => 2,
    };
    // a misspelling mostly keeps the first letter; without it the list is long
    let first: String = word.chars().take(1).collect();
    let candidates: Vec<(String, i64)> = sqlx::query_as(
        "SELECT word, uses FROM search_word WHERE word >= $1 AND word < $2 AND length(word) BETWEEN $3 AND $4 \
         ORDER BY uses DESC, word LIMIT $5",
    )
    .bind(&first)
    .bind(format!("{first}\u{10FFFF}"))
    .bind((length - most) as i64)
    .bind((length + most) as i64)
    .bind(MOST_NEIGHBOURS)
    .fetch_all(conn)
    .await?;
    Ok(candidates
        .into_iter()
        .map(|(w, uses)| (distance(word, &w), -uses, w))
        .filter(|(d, ..)| *d <= most)
        .min()
        .map(|(.., w)| w))
}

/// Edits between two words; two swapped neighbours are one edit
/// (optimal string alignment).
fn distance(a: &str, b: &str) -> usize {
    let (a, b): (Vec<char>, Vec<char>) = (a.chars().collect(), b.chars().collect());
    steps::take(a.len() * b.len());
    let mut rows = vec![vec![0; b.len() + 1]; a.len() + 1];
    for (i, row) in rows.iter_mut().enumerate() {
        row[0] = i;
    }
    rows[0] = (0..=b.len()).collect();
    for i in 1..=a.len() {
        for j in 1..=b.len() {
            let cost = usize::from(a[i - 1] != b[j - 1]);
            let mut best = (rows[i - 1][j] + 1).min(rows[i][j - 1] + 1).min(rows[i - 1][j - 1] + cost);
            if i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] {
                best = best.min(rows[i - 2][j - 2] + 1);
            }
            rows[i][j] = best;
        }
    }
    rows[a.len()][b.len()]
}

/// Lower-case words of letters and digits, accents dropped as the index does.
pub fn words(text: &str) -> Vec<String> {
    steps::take(text.len());
    let fold = |c: char| match c {
        'à' | 'á' | 'â' | 'ã' | 'ä' | 'å' => 'a',
        'è' | 'é' | 'ê' | 'ë' => 'e',
        'ì' | 'í' | 'î' | 'ï' => 'i',
        'ò' | 'ó' | 'ô' | 'õ' | 'ö' | 'ø' => 'o',
        'ù' | 'ú' | 'û' | 'ü' => 'u',
        'ç' => 'c',
        'ñ' => 'n',
        other => other,
    };
    text.split(|c: char| !c.is_alphanumeric())
        .filter(|w| !w.is_empty())
        .take(20_000)
        .map(|w| w.chars().flat_map(char::to_lowercase).map(fold).take(60).collect())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use cairn_value::steps::is_linear;

    #[test]
    fn words_and_their_distances_take_no_longer_than_their_length() {
        is_linear(500, |n| "Führung ".repeat(n), |text| words(&text));
        is_linear(500, |n| "ü".repeat(n), |text| words(&text));
        let word = |n: usize| words(&"a".repeat(n))[0].clone();
        is_linear(500, word, |word| distance(&word, &word));
    }

    #[test]
    fn words_are_folded_and_distances_counted() {
        assert_eq!(words("Führung: Café-Kurs 2"), ["fuhrung", "cafe", "kurs", "2"]);
        let check = |a, b, want| assert_eq!(distance(a, b), want, "{a} {b}");
        check("telehealth", "telehaelth", 1);
        check("agile", "agil", 1);
        check("cloud", "clould", 1);
        check("abc", "xyz", 3);
    }
}
