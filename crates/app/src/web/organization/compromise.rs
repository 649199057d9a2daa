//! A key that somebody else may have used: it is ended "from an instant". What
//! it signed before stays valid, what it signed from then on does not count, a
//! new key signs at once, and the badges that are touched are listed. It can make
//! every badge of an organisation void, so that a browser which somebody left open
//! is not enough.

use crate::http::Errors;
use crate::http::problem::Result;
use crate::http::session::Visitor;
use crate::http::{SignedIn, Ui, page_with, see_saying};
use askama::Template;
use axum::Form;
use axum::extract::{Path, Query, State};
use axum::response::Response;
use cairn_actions::App;
use cairn_actions::Error;
use cairn_actions::account::proof;
use cairn_actions::organization::compromise::PAGE;
use cairn_actions::organization::{TouchedBadges, end_key, touched};
use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use serde::Deserialize;

#[derive(Template)]
#[template(path = "organization/key.html")]
struct KeyPage {
    ui: Ui,
    slug: String,
    touched: TouchedBadges,
    from: String,
    reason: String,
    next: String,
    errors: Errors,
    /// True when she has shown a moment ago that it is she.
    proved: bool,
}

impl KeyPage {
    fn error(&self, field: &str) -> &str {
        self.errors.of(field)
    }
}

#[derive(Deserialize)]
pub(super) struct After {
    #[serde(default)]
    after: String,
}

pub(super) async fn show(
    State(app): State<App>,
    ui: Ui,
    SignedIn(actor): SignedIn,
    visitor: Visitor,
    Path((slug, fragment)): Path<(String, String)>,
    Query(query): Query<After>,
) -> Result<Response> {
    let touched = touched(&app, &actor, &slug, &fragment, &query.after, PAGE).await?;
    let proved = proof::is_fresh(&app, &actor, &visitor.token).await?;
    render(ui, slug, touched, EndForm::default(), Errors::default(), proved)
}

fn render(
    ui: Ui,
    slug: String,
    touched: TouchedBadges,
    form: EndForm,
    errors: Errors,
    proved: bool,
) -> Result<Response> {
    let status = errors.status();
    let next = match touched.badges.last() {
        Some(last) if touched.badges.len() as i64 == PAGE => {
            format!("/organizations/{slug}/keys/{}?after={}", touched.key.fragment, last.id)
        }
        _ => String::new(),
    };
    page_with(
        status,
        &KeyPage { ui, slug, touched, from: form.from, reason: form.reason, next, errors, proved },
    )
}

#[derive(Deserialize, Default)]
#[serde(default)]
pub(super) struct EndForm {
    from: String,
    reason: String,
}

pub(super) async fn end(
    State(app): State<App>,
    ui: Ui,
    SignedIn(actor): SignedIn,
    visitor: Visitor,
    Path((slug, fragment)): Path<(String, String)>,
    Form(form): Form<EndForm>,
) -> Result<Response> {
    let at = form.from.trim().parse::<DateTime>().ok().and_then(|at| at.to_zoned(TimeZone::UTC).ok());
    // not found comes before a missing proof and what is wrong with the form
    touched(&app, &actor, &slug, &fragment, "", 1).await?;
    let proved = proof::is_fresh(&app, &actor, &visitor.token).await?;
    let ended = match at {
        _ if !proved => Err(Error::refused(proof::MISSING)),
        Some(at) => end_key(&app, &actor, &slug, &fragment, at.timestamp(), &form.reason).await,
        None => Err(Error::invalid("from", "choose-instant")),
    };
    match ended {
        Ok(_) => {
            let path = format!("/organizations/{slug}/keys/{fragment}");
            Ok(see_saying(&path, &ui.t("compromise-done")))
        }
        Err(error) => {
            let errors = Errors::of_action(error, &ui)?;
            let touched = touched(&app, &actor, &slug, &fragment, "", PAGE).await?;
            render(ui, slug, touched, form, errors, proved)
        }
    }
}
