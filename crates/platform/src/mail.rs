//! Letters: written into the outbox in the action's transaction, sent once by a job.

use crate::config::Config;
use crate::db::Conn;
use crate::job::{self, Job, JobError};
use crate::key_store::KeyStore;
use crate::platform::Platform;
use crate::text::Language;
use anyhow::{Context, Result};
use askama::Template;
use cairn_value::sign::quoted;
use lettre::message::header::{Header, HeaderName, HeaderValue};
use lettre::message::{Mailbox, MultiPart};
use lettre::{AsyncSmtpTransport, AsyncTransport, Message, Tokio1Executor};
use serde_json::json;
use sqlx::Row as _;

/// How letters leave.
#[derive(Debug, Clone)]
pub enum Mailer {
    /// To a mail server.
    Smtp {
        /// The connection.
        transport: Box<AsyncSmtpTransport<Tokio1Executor>>,
        /// The sender.
        from: Mailbox,
    },
    /// They stay in the outbox, where the demo's mailbox page shows them.
    Mailbox,
}

impl Mailer {
    /// As the settings say.
    pub fn open(config: &Config) -> Result<Self> {
        if config.smtp.is_empty() {
            return Ok(Self::Mailbox);
        }
        let transport = AsyncSmtpTransport::<Tokio1Executor>::from_url(&config.smtp)
            .context("reading smtp; write it like smtp://user:password@host:587?tls=required")?
            .timeout(Some(std::time::Duration::from_secs(30)))
            .build();
        let from =
            config.mail_from.parse().context("reading mail_from; write it like Name <name@example.org>")?;
        Ok(Self::Smtp { transport: Box::new(transport), from })
    }
}

/// A letter to one person. Its texts are the messages `mail-KIND-subject`,
/// `mail-KIND-text`, `mail-KIND-why` (who sent it, and why) and, with a link, `mail-KIND-button`.
#[derive(Debug)]
pub struct Letter<'a> {
    /// The same letter has the same id and is sent once: "award-<id>".
    pub id: String,
    /// Part of the message keys.
    pub kind: &'a str,
    /// To whom.
    pub address: &'a str,
    /// The account, when there is one.
    pub person: Option<String>,
    /// The reader's language.
    pub language: Language,
    /// Values for the texts.
    pub values: &'a [(&'a str, &'a str)],
    /// Where the button leads, a whole address.
    pub link: Option<String>,
}

/// How a reader stops letters of a kind: RFC 8058, and a page for people.
#[derive(Debug, Clone)]
pub struct WayOut {
    /// A whole address, which a person opens.
    pub page: String,
    /// A whole address, to which a mail program posts `List-Unsubscribe=One-Click`.
    pub one_click: String,
}

#[derive(Template)]
#[template(path = "letter.html")]
struct Html<'a> {
    language: &'a str,
    subject: &'a str,
    paragraphs: Vec<&'a str>,
    button: Option<(&'a str, &'a str)>,
    why: &'a str,
    way_out: Option<(&'a str, &'a str)>,
    footer: &'a str,
    name: &'a str,
}

/// Writes a letter and the job that sends it, in the caller's transaction.
pub async fn write(conn: &mut Conn, app: &Platform, letter: Letter<'_>) -> Result<()> {
    put(conn, app, letter, None).await
}

/// The same with a way out, for what is sent to those who want it.
pub async fn write_with_way_out(
    conn: &mut Conn,
    app: &Platform,
    letter: Letter<'_>,
    out: &WayOut,
) -> Result<()> {
    put(conn, app, letter, Some(out)).await
}

async fn put(conn: &mut Conn, app: &Platform, letter: Letter<'_>, out: Option<&WayOut>) -> Result<()> {
    // whatever people wrote stands in our words as a quotation
    let values: Vec<(&str, String)> =
        letter.values.iter().map(|(name, value)| (*name, quoted(value))).collect();
    let values: Vec<(&str, &str)> = values.iter().map(|(name, value)| (*name, value.as_str())).collect();
    let text = |part: &str| letter.language.text(&format!("mail-{}-{part}", letter.kind), &values);
    let (subject, body) = (text("subject"), text("text"));
    let why = format!("mail-{}-why", letter.kind);
    let why = letter.language.text(&why, &[("instance", &app.config.name)]);
    let footer = if letter.person.is_some() { "mail-footer" } else { "mail-footer-named" };
    let footer = letter.language.text(footer, &[("name", &app.config.name), ("url", &app.config.base_url)]);
    // links may be as good as a password: they wait sealed, and the texts hold a mark
    let mark = mark(&letter.id);
    let button = letter.link.as_deref().map(|_| (text("button"), mark.as_str()));
    let links = Links::of(&letter, out);
    let sealed = if links.is_empty() { String::new() } else { links.seal(&app.keys, &letter.id)? };
    let (out_label, out_mark) = (letter.language.text("mail-way-out", &[]), out_mark(&letter.id));
    let html = Html {
        language: letter.language.code(),
        subject: &subject,
        paragraphs: body.split("\n\n").collect(),
        button: button.as_ref().map(|(label, link)| (label.as_str(), *link)),
        why: &why,
        way_out: out.map(|_| (out_label.as_str(), out_mark.as_str())),
        footer: &footer,
        name: &app.config.name,
    }
    .render()?;
    let mut plain = body.clone();
    if let Some((label, link)) = &button {
        plain = format!("{plain}\n\n{label}:\n{link}");
    }
    plain = format!("{plain}\n\n{why}");
    if out.is_some() {
        plain = format!("{plain}\n{out_label}:\n{out_mark}");
    }
    plain = format!("{plain}\n\n-- \n{footer}\n");
    let now = app.clock.now();
    let written = sqlx::query(
        "INSERT INTO mail (id, address, person, subject, plain, html, created_at, error, sealed_link, address_key) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, '', $8, $9) ON CONFLICT (id) DO NOTHING",
    )
    .bind(&letter.id)
    .bind(letter.address)
    .bind(letter.person.clone())
    .bind(subject.replace(['\r', '\n'], " "))
    .bind(plain)
    .bind(html)
    .bind(now.as_millisecond())
    .bind(sealed)
    .bind(address_key(letter.address))
    .execute(&mut *conn)
    .await?;
    if written.rows_affected() > 0 {
        job::enqueue(conn, &format!("mail-{}", letter.id), "send_mail", &json!({ "mail": letter.id }), now)
            .await?;
    }
    Ok(())
}

/// The form in which addresses are compared.
pub fn address_key(address: &str) -> String {
    cairn_value::email::Email::parse(address).map_or_else(|_| address.trim().to_lowercase(), |e| e.key())
}

/// What stands in a letter's texts where its link will be.
pub fn mark(id: &str) -> String {
    format!("cairn-link:{id}")
}

/// What a letter's link is sealed to.
pub fn label(id: &str) -> String {
    format!("mail:{id}")
}

/// What stands where the address of its way out will be.
fn out_mark(id: &str) -> String {
    format!("cairn-way-out:{id}")
}

/// The addresses of a letter, sealed together while it waits.
#[derive(Debug, Default, PartialEq)]
struct Links {
    /// Where the button leads; empty when there is none.
    button: String,
    /// The way out for people, and the one for mail programs; empty when there is none.
    out: String,
    one_click: String,
}

impl Links {
    fn of(letter: &Letter<'_>, out: Option<&WayOut>) -> Self {
        let button = letter.link.clone().unwrap_or_default();
        let (page, one_click) =
            out.map_or_else(Default::default, |out| (out.page.clone(), out.one_click.clone()));
        Self { button, out: page, one_click }
    }

    fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// One address a line; addresses have no lines.
    fn seal(&self, keys: &KeyStore, id: &str) -> Result<String> {
        let lines = [self.button.as_str(), self.out.as_str(), self.one_click.as_str()].join("\n");
        keys.seal(&label(id), lines.trim_end().as_bytes())
    }

    fn open(keys: &KeyStore, id: &str, sealed: &str) -> Result<Self> {
        if sealed.is_empty() {
            return Ok(Self::default());
        }
        let opened = keys.unseal(&label(id), sealed).context("opening a letter's link")?;
        let lines = std::str::from_utf8(&opened).context("reading a letter's link")?;
        let mut lines = lines.split('\n').map(ToOwned::to_owned);
        let mut next = || lines.next().unwrap_or_default();
        Ok(Self { button: next(), out: next(), one_click: next() })
    }
}

/// Puts a letter's addresses into its texts; one that is gone stays a mark.
fn with_links(links: &Links, id: &str, plain: &str, html: &str) -> (String, String) {
    let (mut plain, mut html) = (plain.to_owned(), html.to_owned());
    for (mark, link) in [(out_mark(id), &links.out), (mark(id), &links.button)] {
        if !link.is_empty() {
            let escaped =
                link.replace('&', "&amp;").replace('"', "&quot;").replace('<', "&lt;").replace('>', "&gt;");
            plain = plain.replace(&mark, link);
            html = html.replace(&mark, &escaped);
        }
    }
    (plain, html)
}

/// `List-Unsubscribe` (RFC 2369), and that one request to it is enough (RFC 8058).
#[derive(Debug, Clone)]
struct ListUnsubscribe(String);

impl Header for ListUnsubscribe {
    fn name() -> HeaderName {
        HeaderName::new_from_ascii_str("List-Unsubscribe")
    }

    fn parse(text: &str) -> Result<Self, Box<dyn std::error::Error + Send + Sync>> {
        Ok(Self(text.to_owned()))
    }

    fn display(&self) -> HeaderValue {
        HeaderValue::new(Self::name(), self.0.clone())
    }
}

#[derive(Debug, Clone)]
struct ListUnsubscribePost;

impl Header for ListUnsubscribePost {
    fn name() -> HeaderName {
        HeaderName::new_from_ascii_str("List-Unsubscribe-Post")
    }

    fn parse(_: &str) -> Result<Self, Box<dyn std::error::Error + Send + Sync>> {
        Ok(Self)
    }

    fn display(&self) -> HeaderValue {
        HeaderValue::new(Self::name(), "List-Unsubscribe=One-Click".to_owned())
    }
}

/// Sends a letter that has not been sent. A letter whose sending was begun and
/// not ended (the process died in between) is not begun again: rather one
/// letter too few, which the log names, than the same one twice.
pub async fn send(app: &Platform, job: &Job) -> Result<(), JobError> {
    let body: serde_json::Value = serde_json::from_str(&job.body).map_err(|e| JobError::GiveUp(e.into()))?;
    let id =
        body["mail"].as_str().ok_or_else(|| JobError::GiveUp(anyhow::anyhow!("the job names no letter")))?;
    let now = app.clock.now().as_millisecond();
    let mut tx = app.db.begin().await?;
    let row = sqlx::query(
        "UPDATE mail SET started_at = $2 WHERE id = $1 AND started_at IS NULL AND sent_at IS NULL \
         RETURNING address, subject, plain, html, sealed_link",
    )
    .bind(id)
    .bind(now)
    .fetch_optional(&mut *tx)
    .await?;
    tx.commit().await?;
    let Some(row) = row else { return Ok(()) };
    let outcome = match &app.mailer {
        Mailer::Mailbox => Ok(()),
        Mailer::Smtp { transport, from } => {
            let (sealed, plain, html): (String, String, String) = (row.get(4), row.get(2), row.get(3));
            let links = Links::open(&app.keys, id, &sealed).map_err(JobError::GiveUp)?;
            let (plain, html) = with_links(&links, id, &plain, &html);
            let mut message = Message::builder()
                .from(from.clone())
                .to(row.get::<String, _>(0).parse().map_err(|_| {
                    JobError::GiveUp(anyhow::anyhow!("letter {id} has no address to send to"))
                })?)
                .subject(row.get::<String, _>(1))
                .message_id(Some(format!(
                    "<{id}@{}>",
                    app.config.host().split(':').next().unwrap_or("localhost")
                )));
            if !links.one_click.is_empty() {
                let header = ListUnsubscribe(format!("<{}>", links.one_click));
                message = message.header(header).header(ListUnsubscribePost);
            }
            let message = message
                .multipart(MultiPart::alternative_plain_html(plain, html))
                .map_err(|_| JobError::GiveUp(anyhow::anyhow!("letter {id} cannot be written")))?;
            transport.send(message).await.map(drop)
        }
    };
    let mut tx = app.db.begin().await?;
    let result = match outcome {
        Ok(()) => {
            sqlx::query("UPDATE mail SET sent_at = $2, error = '' WHERE id = $1")
                .bind(id)
                .bind(now)
                .execute(&mut *tx)
                .await?;
            // without a mail server the letter stays here, and its link with it, sealed
            if matches!(app.mailer, Mailer::Smtp { .. }) {
                forget_link(&mut tx, id).await?;
            }
            Ok(())
        }
        Err(error) => {
            // the server said no: nothing was sent, so it may be tried again
            sqlx::query("UPDATE mail SET started_at = NULL, error = $2 WHERE id = $1")
                .bind(id)
                .bind(why(&error))
                .execute(&mut *tx)
                .await?;
            let told = anyhow::anyhow!("letter {id} was not sent: {}", why(&error));
            if error.is_permanent() {
                forget_link(&mut tx, id).await?;
                Err(JobError::GiveUp(told))
            } else {
                Err(JobError::Retry(told))
            }
        }
    };
    tx.commit().await?;
    result
}

/// Nobody needs the link here any more.
async fn forget_link(conn: &mut Conn, id: &str) -> sqlx::Result<()> {
    sqlx::query("UPDATE mail SET sealed_link = '' WHERE id = $1").bind(id).execute(conn).await?;
    Ok(())
}

/// Why a letter was not sent, without the server's own words: they repeat the person's address.
fn why(error: &lettre::transport::smtp::Error) -> String {
    if let Some(code) = error.status() {
        return format!("the mail server said {code}");
    }
    let what = if error.is_timeout() {
        "the mail server did not answer in time"
    } else if error.is_tls() {
        "no secure connection to the mail server"
    } else if error.is_response() {
        "the mail server's answer was not understood"
    } else if error.is_client() {
        "this side could not go on; are user and password right?"
    } else {
        "no connection to the mail server"
    };
    what.into()
}

/// A letter as the mailbox shows it.
#[derive(Debug, Clone)]
pub struct LetterView {
    /// Its id.
    pub id: String,
    /// To whom.
    pub address: String,
    /// What it is about.
    pub subject: String,
    /// Its text.
    pub plain: String,
    /// Its page.
    pub html: String,
    /// Milliseconds UTC.
    pub created_at: i64,
}

/// The newest letters, for the demo's mailbox.
pub async fn newest(
    conn: &mut Conn,
    keys: &KeyStore,
    address: &str,
    limit: i64,
) -> crate::error::Result<Vec<LetterView>> {
    let rows = sqlx::query(
        "SELECT id, address, subject, plain, html, created_at, sealed_link FROM mail WHERE ($1 = '' OR address = $1) \
         ORDER BY created_at DESC, id LIMIT $2",
    )
    .bind(address)
    .bind(limit)
    .fetch_all(conn)
    .await?;
    Ok(rows.iter().map(|row| shown(keys, row)).collect::<Result<_>>()?)
}

/// One letter.
pub async fn find(conn: &mut Conn, keys: &KeyStore, id: &str) -> crate::error::Result<Option<LetterView>> {
    let row = sqlx::query(
        "SELECT id, address, subject, plain, html, created_at, sealed_link FROM mail WHERE id = $1",
    )
    .bind(id)
    .fetch_optional(conn)
    .await?;
    Ok(row.as_ref().map(|row| shown(keys, row)).transpose()?)
}

fn shown(keys: &KeyStore, row: &sqlx::any::AnyRow) -> Result<LetterView> {
    let id: String = row.get(0);
    let (plain, html): (String, String) = (row.get(3), row.get(4));
    let links = Links::open(keys, &id, &row.get::<String, _>(6))?;
    let (plain, html) = with_links(&links, &id, &plain, &html);
    Ok(LetterView { address: row.get(1), subject: row.get(2), plain, html, created_at: row.get(5), id })
}
