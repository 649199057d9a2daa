//! What is found out: checks, and the verdict they come to.

use std::ops::Deref;

use serde::{Deserialize, Serialize};
use serde_json::Value;

/// How one check came out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Outcome {
    /// As it should be.
    Passed,
    /// Wrong: do not rely on the badge.
    Failed,
    /// Not wrong, but worth knowing.
    Warning,
    /// Could not be found out.
    Unknown,
}

/// What the checks come to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Verdict {
    /// Every check passed.
    Verified,
    /// Nothing failed, something is worth knowing.
    Warning,
    /// Something failed.
    Failed,
    /// Nothing failed, but something could not be found out.
    Unknown,
}

/// One check of a report.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Check {
    /// What was checked: `format`, `schema`, `proof`, `issuer`, `status`, `dates`, `subject`, and where
    /// there is something to check `credential_schema` (after `schema`), `other_proofs` and `key` (after `proof`),
    /// `related_resource`, `credentials` (of a record), `endorsements`, `picture` and `other_badge` (of a
    /// picture with two badges), and `domain` and `challenge` if one is expected (all at the end).
    pub check: String,
    /// How it came out.
    pub outcome: Outcome,
    /// A code for machines; it does not change.
    pub code: String,
    /// A sentence for people.
    pub message: String,
    /// More for machines.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub detail: Option<Value>,
}

impl Check {
    /// A check without detail.
    pub fn new(check: &str, outcome: Outcome, code: &str, message: impl Into<String>) -> Self {
        Self {
            check: check.to_owned(),
            outcome,
            code: code.to_owned(),
            message: message.into(),
            detail: None,
        }
    }

    pub(super) fn with(mut self, detail: Value) -> Self {
        self.detail = Some(detail);
        self
    }
}

/// How bad an outcome is.
pub(super) fn weight(outcome: Outcome) -> u8 {
    match outcome {
        Outcome::Passed => 0,
        Outcome::Warning => 1,
        Outcome::Unknown => 2,
        Outcome::Failed => 3,
    }
}

/// What a badge says about itself, verified or not.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Summary {
    /// The credential's id.
    pub id: Option<String>,
    /// Its name.
    pub name: Option<String>,
    /// The issuer's DID or URL.
    pub issuer_id: Option<String>,
    /// The name the issuer gives itself.
    pub issuer_name: Option<String>,
    /// The name of the achievement.
    pub achievement: Option<String>,
    /// From when on it counts, as written.
    pub valid_from: Option<String>,
    /// Until when it counts, as written.
    pub valid_until: Option<String>,
    /// Its types; if the signature covers the graph, those that are known here.
    pub types: Vec<String>,
}

/// What was found out about a badge. It can be read like [`Findings`], and changed only by
/// [`Report::revise`]: so the verdict is always what the checks come to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "Findings", into = "Findings")]
pub struct Report(Findings);

/// The parts of a [`Report`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Findings {
    /// What the checks come to.
    pub verdict: Verdict,
    /// The checks, in the order they were made.
    pub checks: Vec<Check>,
    /// What the badge says about itself; `None` if it could not be read.
    pub credential: Option<Summary>,
}

impl Report {
    pub(super) fn new(checks: Vec<Check>, credential: Option<Summary>) -> Self {
        Self(Findings { verdict: verdict(&checks), checks, credential })
    }

    /// Changes the checks; the verdict follows.
    pub fn revise(&mut self, change: impl FnOnce(&mut Vec<Check>)) {
        change(&mut self.0.checks);
        self.0.verdict = verdict(&self.0.checks);
    }
}

impl Deref for Report {
    type Target = Findings;

    fn deref(&self) -> &Findings {
        &self.0
    }
}

impl From<Findings> for Report {
    fn from(findings: Findings) -> Self {
        Self::new(findings.checks, findings.credential)
    }
}

impl From<Report> for Findings {
    fn from(report: Report) -> Self {
        report.0
    }
}

pub(super) fn verdict(checks: &[Check]) -> Verdict {
    let any = |outcome| checks.iter().any(|check| check.outcome == outcome);
    if any(Outcome::Failed) {
        Verdict::Failed
    } else if any(Outcome::Unknown) {
        Verdict::Unknown
    } else if any(Outcome::Warning) {
        Verdict::Warning
    } else {
        Verdict::Verified
    }
}
