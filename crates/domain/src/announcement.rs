//! What an organisation tells its learners: a title, a text, to whom, and from when on.

use crate::display_name::{self, NameKind};
use cairn_value::refusal::Refusal;
use cairn_value::time::Timestamp;
use cairn_value::{ids, words};
use jiff::ToSpan as _;

ids! {
    /// One announcement.
    AnnouncementId,
}

words! {
    /// Who is told.
    Audience {
        /// Both of the following.
        Everyone = "everyone",
        /// Whoever works on a micro-credential now.
        Learners = "learners",
        /// Whoever has a badge that was not revoked, also one that has run out.
        Holders = "holders",
    }
}

/// Most characters of a title.
pub const MOST_TITLE: usize = 120;
/// Most characters of a text.
pub const MOST_TEXT: usize = 5_000;
/// Most announcements of an organisation within a day.
pub const MOST_A_DAY: i64 = 10;
/// Days for which readers find an announcement.
pub const SHOWN_DAYS: i64 = 90;

/// What is to be told.
#[derive(Debug, Clone)]
pub struct Draft {
    /// A line.
    pub title: String,
    /// Markdown.
    pub text: String,
    /// Who is told.
    pub audience: Audience,
    /// Only those of one micro-credential, by its slug; empty for all of the organisation.
    pub achievement: String,
    /// From when on it is seen; none is at once.
    pub at: Option<Timestamp>,
}

cairn_value::refusals! {
    /// Why something is not announced.
    #[derive(Debug, Clone, PartialEq, Eq)]
    pub enum AnnouncementRefusal {
        /// A title is a short line of its own kind.
        TitleLong(most: usize) = "announcement-title-long",
        /// Nothing to read.
        NoText = "announcement-text-empty",
        /// More than a letter should have.
        TextLong(most: usize) = "announcement-text-long",
        /// What is over cannot be announced for then.
        Past = "announcement-past",
        /// Nobody knows what will be true then.
        Far = "announcement-far",
        /// Readers would stop reading.
        TooMany(most: i64) = "announcement-most",
        /// Once is enough.
        Withdrawn = "announcement-withdrawn",
        /// It is not one of the organisation's published ones.
        NoAchievement = "announcement-no-achievement",
    }
}

/// What is wrong with a draft, by field.
pub fn check(draft: &Draft, now: Timestamp) -> Vec<(&'static str, Refusal)> {
    let mut wrong = vec![];
    if let Err(fault) = display_name::check(NameKind::Title, &draft.title) {
        wrong.push(("title", fault.into()));
    } else if draft.title.trim().chars().count() > MOST_TITLE {
        wrong.push(("title", AnnouncementRefusal::TitleLong(MOST_TITLE).into()));
    }
    if draft.text.trim().is_empty() {
        wrong.push(("text", AnnouncementRefusal::NoText.into()));
    } else if draft.text.chars().count() > MOST_TEXT {
        wrong.push(("text", AnnouncementRefusal::TextLong(MOST_TEXT).into()));
    }
    if let Some(at) = draft.at {
        // a minute that has just passed is now
        if at < now - 5.minutes() {
            wrong.push(("at", AnnouncementRefusal::Past.into()));
        } else if at > now + (366 * 24).hours() {
            wrong.push(("at", AnnouncementRefusal::Far.into()));
        }
    }
    wrong
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_draft_says_something_in_time() {
        let now: Timestamp = "2026-11-22T12:00:00Z".parse().unwrap();
        let check = |title: &str, text: &str, at: Option<&str>, want: &[(&str, &str)]| {
            let draft = Draft {
                title: title.into(),
                text: text.into(),
                audience: Audience::Everyone,
                achievement: String::new(),
                at: at.map(|at| at.parse().unwrap()),
            };
            let found = super::check(&draft, now);
            let found: Vec<_> = found.iter().map(|(field, why)| (*field, why.code)).collect();
            assert_eq!(found, want, "{title} {at:?}");
        };
        check("New dates", "In *May*.", None, &[]);
        check("New dates", "In May.", Some("2027-05-01T08:00:00Z"), &[]);
        check("New dates", "In May.", Some("2026-11-22T11:57:00Z"), &[]);
        check("", " ", None, &[("title", "name-empty"), ("text", "announcement-text-empty")]);
        check("www.example.org", "x", None, &[("title", "name-link")]);
        let (title, text) = ("n".repeat(MOST_TITLE + 1), "x".repeat(MOST_TEXT + 1));
        let long = [("title", "announcement-title-long"), ("text", "announcement-text-long")];
        check(&title, &text, None, &long);
        check("New dates", "x", Some("2026-11-22T11:00:00Z"), &[("at", "announcement-past")]);
        check("New dates", "x", Some("2028-11-22T11:00:00Z"), &[("at", "announcement-far")]);
    }
}
