//! What every page of the editor shows around its form.

use super::difference::{Difference, differences, field_of, section_of};
use crate::http::Ui;
use crate::http::problem::Result;
use axum::http::StatusCode;
use cairn_actions::App;
use cairn_actions::Error;
use cairn_actions::achievement::draft::{Editing, open};
use cairn_actions::person::Actor;
use cairn_domain::achievement::{Definition, changes};
use cairn_platform::blob::ReceivedBlob;

/// An element that is still missing.
#[derive(Debug, Clone)]
pub struct Missing {
    /// What it is called.
    pub word: String,
    /// Where it is written.
    pub href: String,
    /// True when nothing is published without it.
    pub is_mandatory: bool,
}

/// Head, tabs and side of the editor.
#[derive(Debug, Clone)]
pub struct Frame {
    /// Address of the achievement's editor.
    pub base: String,
    /// The organisation.
    pub organization_slug: String,
    /// Its name.
    pub organization_name: String,
    /// Name in the catalogue.
    pub key: String,
    /// The draft's title.
    pub title: String,
    /// Name of the state.
    pub state: &'static str,
    /// Number of the published version; 0 when there is none.
    pub number: i64,
    /// True when the draft differs from what is published.
    pub is_changed: bool,
    /// Goes with every form.
    pub version: i64,
    /// How complete.
    pub percent: u8,
    /// What is missing.
    pub missing: Vec<Missing>,
    /// Name of this page's tab.
    pub section: &'static str,
    /// Somebody else saved: what saving now would change of it.
    pub conflict: Option<Vec<Difference>>,
}

/// The tabs, by the last part of their address; the first is the overview.
pub const TABS: [&str; 8] =
    ["", "basics", "elements", "skills", "requirements", "price", "translation", "image"];

impl Frame {
    /// Around a page of the editor.
    pub fn of(editing: &Editing, section: &'static str, ui: &Ui) -> Self {
        let base = editing.path();
        let d = &editing.definition;
        let missing = d.missing().into_iter().map(|element| Missing {
            word: ui.word("achievement-element", element.name()),
            href: format!("{base}/{}#{}", section_of(element), field_of(element)),
            is_mandatory: element.is_mandatory(),
        });
        Self {
            missing: missing.collect(),
            organization_slug: editing.organization_slug.clone(),
            organization_name: editing.organization_name.clone(),
            key: editing.key(),
            title: d.title.clone(),
            state: editing.state(),
            number: editing.number,
            is_changed: editing.is_changed,
            version: editing.version,
            percent: d.completeness(),
            section,
            conflict: None,
            base,
        }
    }

    /// Says that somebody else saved, and what saving now would change.
    pub fn conflicting(mut self, saved: &Definition, mine: &Definition, ui: &Ui) -> Self {
        self.conflict = Some(differences(&changes(saved, mine), ui));
        self
    }

    /// Name and address of each tab.
    pub fn tabs(&self) -> Vec<(&'static str, String)> {
        let address =
            |tab: &str| if tab.is_empty() { self.base.clone() } else { format!("{}/{tab}", self.base) };
        TABS.iter().map(|tab| (*tab, address(tab))).collect()
    }

    /// How many mandatory elements are missing.
    pub fn mandatory(&self) -> usize {
        self.missing.iter().filter(|m| m.is_mandatory).count()
    }

    /// The status of a page with a form that was not saved.
    pub fn status(&self) -> StatusCode {
        if self.conflict.is_some() { StatusCode::CONFLICT } else { StatusCode::UNPROCESSABLE_ENTITY }
    }
}

/// What the person edits, read for a page.
pub async fn read(app: &App, actor: &Actor, org: &str, slug: &str) -> Result<Editing> {
    let mut conn = app.db.read().await?;
    Ok(open(&mut conn, actor, org, slug).await?)
}

/// What became of saving.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SaveOutcome {
    /// It is saved.
    Saved,
    /// Somebody else saved since the form was opened.
    Conflict,
}

/// Saves, if the form was made of the newest draft.
pub async fn keep(
    app: &App,
    actor: &Actor,
    editing: &Editing,
    version: i64,
    mine: &Definition,
) -> Result<SaveOutcome> {
    keep_with(app, actor, editing, version, mine, None).await
}

/// The same with a picture that has just arrived.
pub async fn keep_with(
    app: &App,
    actor: &Actor,
    editing: &Editing,
    version: i64,
    mine: &Definition,
    picture: Option<ReceivedBlob>,
) -> Result<SaveOutcome> {
    let (org, slug) = (&editing.organization_slug, &editing.slug);
    match cairn_actions::achievement::draft::save_with(app, actor, org, slug, version, mine, picture).await {
        Ok(()) => Ok(SaveOutcome::Saved),
        Err(Error::Conflict(_)) => Ok(SaveOutcome::Conflict),
        Err(other) => Err(other.into()),
    }
}
