//! What comes of checking what somebody gave: a report on a badge, or on a presentation of several.

use cairn_credential::check::{
    Facts, PresentationReport, Report, Verdict, VerifierRequest, WantedDocument, check, check_presentation,
    is_presentation,
};
use serde::Serialize;

/// A report on whatever it was.
#[derive(Debug, Clone, Serialize)]
#[serde(untagged)]
pub enum Finding {
    /// On one badge, which may be a record with others inside.
    Badge(Report),
    /// On a presentation: its own checks, and a report on each credential in it.
    Presentation(PresentationReport),
}

impl Finding {
    /// Checks a badge or a presentation as far as the facts go.
    pub fn of(input: &[u8], facts: &Facts) -> (Self, Vec<WantedDocument>) {
        if is_presentation(input) {
            let checked = check_presentation(input, facts, &VerifierRequest::default());
            return (Self::Presentation(checked.report), checked.wanted);
        }
        let checked = check(input, facts);
        (Self::Badge(checked.report), checked.wanted)
    }

    /// What all checks come to.
    pub fn verdict(&self) -> Verdict {
        match self {
            Self::Badge(report) => report.verdict,
            Self::Presentation(report) => report.verdict,
        }
    }
}
