//! The form by which a badge is corrected.

use crate::http::Errors;
use crate::http::{Problem, Result};
use crate::http::{SignedIn, Ui, page_with, see_saying};
use askama::Template;
use axum::Form;
use axum::extract::{Path, State};
use axum::response::Response;
use cairn_actions::App;
use cairn_actions::Error;
use cairn_actions::credential::CredentialRow;
use cairn_actions::credential::correction::{self, Correction, Piece, evidence_of};
use cairn_actions::published;
use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;

type Fields = Vec<(String, String)>;

#[derive(Template)]
#[template(path = "credential/correction.html")]
struct CorrectionPage {
    ui: Ui,
    badge: CredentialRow,
    title: String,
    typed: CorrectionForm,
    errors: Errors,
}

impl CorrectionPage {
    fn error(&self, field: &str) -> &str {
        self.errors.of(field)
    }
}

/// What stands in the form.
struct CorrectionForm {
    name: String,
    awarded_on: String,
    reason: String,
    evidence: Vec<Piece>,
}

fn day(ms: i64) -> String {
    let at = Timestamp::from_millisecond(ms).unwrap_or(Timestamp::UNIX_EPOCH);
    at.to_zoned(TimeZone::UTC).date().to_string()
}

impl CorrectionForm {
    fn of(badge: &CredentialRow) -> Result<Self> {
        Ok(Self {
            name: badge.recipient_name.clone(),
            awarded_on: day(badge.valid_from),
            reason: String::new(),
            evidence: evidence_of(badge)?,
        })
    }

    fn read(fields: &Fields) -> Self {
        let all = |name: &str| -> Vec<&str> {
            fields.iter().filter(|(n, _)| n == name).map(|(_, value)| value.trim()).collect()
        };
        let one = |name: &str| all(name).first().copied().unwrap_or_default().to_owned();
        let (links, narratives) = (all("link"), all("narrative"));
        let at = |list: &[&str], n: usize| list.get(n).copied().unwrap_or_default().to_owned();
        let piece = |(n, title): (usize, &str)| Piece {
            title: title.to_owned(),
            link: at(&links, n),
            narrative: at(&narratives, n).replace("\r\n", "\n"),
        };
        let mut evidence: Vec<Piece> = all("title").into_iter().take(50).enumerate().map(piece).collect();
        evidence.retain(|p| !p.title.is_empty() || !p.link.is_empty() || !p.narrative.is_empty());
        Self { name: one("name"), awarded_on: one("awarded_on"), reason: one("reason"), evidence }
    }

    /// What differs from the badge.
    fn correction(&self, badge: &CredentialRow) -> Result<Correction> {
        let awarded_on = if self.awarded_on == day(badge.valid_from) {
            None
        } else {
            let wrong = || Error::invalid("awarded_on", "choose-day");
            Some(self.awarded_on.parse::<Date>().map_err(|_| wrong())?)
        };
        Ok(Correction {
            name: (self.name != badge.recipient_name).then(|| self.name.clone()),
            awarded_on,
            evidence: (self.evidence != evidence_of(badge)?).then(|| self.evidence.clone()),
            reason: self.reason.clone(),
        })
    }
}

pub(super) async fn show(
    State(app): State<App>,
    ui: Ui,
    SignedIn(actor): SignedIn,
    Path(id): Path<String>,
) -> Result<Response> {
    let mut conn = app.db.read().await?;
    let badge = correction::find(&mut conn, &actor, id.parse()?).await?;
    drop(conn);
    let typed = CorrectionForm::of(&badge)?;
    render(&app, ui, badge, typed, Errors::default()).await
}

async fn render(
    app: &App,
    ui: Ui,
    badge: CredentialRow,
    typed: CorrectionForm,
    errors: Errors,
) -> Result<Response> {
    let mut conn = app.db.read().await?;
    let published = published::find_version(&mut conn, badge.version_id.parse()?).await?;
    let title = published.definition.in_language(ui.language).title.to_owned();
    let status = errors.status();
    page_with(status, &CorrectionPage { ui, badge, title, typed, errors })
}

pub(super) async fn correct(
    State(app): State<App>,
    ui: Ui,
    SignedIn(actor): SignedIn,
    Path(id): Path<String>,
    Form(fields): Form<Fields>,
) -> Result<Response> {
    let id = id.parse()?;
    let mut conn = app.db.read().await?;
    let badge = correction::find(&mut conn, &actor, id).await?;
    drop(conn);
    let typed = CorrectionForm::read(&fields);
    let done = match typed.correction(&badge) {
        Ok(correction) => correction::correct(&app, &actor, id, &correction).await,
        Err(Problem(error)) => Err(error),
    };
    match done {
        Ok(new) => Ok(see_saying(&format!("/c/{new}"), &ui.t("correction-done"))),
        Err(error) => {
            let errors = Errors::of_action(error, &ui)?;
            render(&app, ui, badge, typed, errors).await
        }
    }
}
