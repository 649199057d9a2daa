//! A second badge in the same picture: readers differ in which one they take, so both are checked.

use serde_json::json;

use super::desk::Desk;
use super::{Check, Outcome, Report, Verdict, input, whole};
use crate::bake;

/// The check of the other badge.
const NAME: &str = "other_badge";

/// Checks the badge beside the one that was read, if the picture has one that says something else.
pub(super) fn check(desk: &mut Desk<'_>, bytes: &[u8]) -> Vec<Check> {
    let Some(other) = bake::other(bytes) else { return Vec::new() };
    let (code, message) = if other.badges > 2 {
        (
            "many_badges",
            format!("There are {} badges in this picture; two of them were checked.", other.badges),
        )
    } else {
        ("two_badges", "There are two badges in this picture; both were checked.".to_owned())
    };
    let said = Check::new("picture", Outcome::Warning, code, message).with(json!({"badges": other.badges}));
    let read = input::read_other(bytes, other.baked);
    let (checks, summary) = whole(desk, read);
    vec![said, sum(&Report::new(checks, summary))]
}

/// What the check of the other badge comes to.
fn sum(report: &Report) -> Check {
    let (outcome, code, message) = match report.verdict {
        Verdict::Verified => (Outcome::Passed, "badge_holds", "The second badge in the picture holds."),
        Verdict::Warning => (
            Outcome::Warning,
            "badge_warning",
            "Something is worth knowing about the second badge in the picture.",
        ),
        Verdict::Failed => {
            (Outcome::Failed, "badge_failed", "The second badge in the picture does not hold.")
        }
        Verdict::Unknown => (
            Outcome::Unknown,
            "badge_unknown",
            "The second badge in the picture could not be checked to the end.",
        ),
    };
    Check::new(NAME, outcome, code, message).with(json!({"badge": report}))
}

impl Report {
    /// The report on the other badge, if it is on a picture with two.
    pub fn beside(&self) -> Option<Report> {
        let check = self.checks.iter().find(|check| check.check == NAME)?;
        serde_json::from_value(check.detail.as_ref()?.get("badge")?.clone()).ok()
    }

    /// Puts another report in the place of the one on the other badge; the verdict follows.
    pub fn revise_beside(&mut self, beside: &Report) {
        self.revise(|checks| {
            for check in checks.iter_mut().filter(|check| check.check == NAME) {
                *check = sum(beside);
            }
        });
    }
}
