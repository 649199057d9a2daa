//! What changed between two contents, in words: where, before, after.

use crate::http::Ui;
use cairn_domain::achievement::{Change, Element};

/// One change to show.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Difference {
    /// "Requirements › part 2 › Title"
    pub place: String,
    /// Empty when it is new or not told.
    pub before: String,
    /// Empty when it is gone or not told.
    pub after: String,
}

impl Difference {
    /// True when only the place is told.
    pub fn is_folded(&self) -> bool {
        self.before.is_empty() && self.after.is_empty()
    }
}

/// Changes in the reader's language.
pub fn differences(changes: &[Change], ui: &Ui) -> Vec<Difference> {
    changes
        .iter()
        .map(|change| Difference {
            place: place(&change.path, ui),
            before: change.before.clone().unwrap_or_default(),
            after: change.after.clone().unwrap_or_default(),
        })
        .collect()
}

/// The words of a path such as `requirement.parts[2].title`.
fn place(path: &str, ui: &Ui) -> String {
    let step = |step: &str| {
        let (name, number) = step.split_once('[').unwrap_or((step, ""));
        let key = format!("achievement-path-{}", name.replace('_', "-"));
        let word = if ui.words.has(&key) { ui.t(&key) } else { name.to_owned() };
        let number = number.trim_end_matches(']');
        if number.is_empty() { word } else { format!("{word} {number}") }
    };
    path.split('.').map(step).collect::<Vec<_>>().join(" › ")
}

/// The page on which an element is written, behind the achievement's address.
pub fn section_of(element: Element) -> &'static str {
    match element {
        Element::Title | Element::Summary | Element::Description | Element::Outcomes => "basics",
        Element::Workload
        | Element::Level
        | Element::AssessmentType
        | Element::Participation
        | Element::Quality
        | Element::Supervision
        | Element::Prerequisites
        | Element::Stackability => "elements",
        Element::Requirements => "requirements",
        Element::Skills => "skills",
        Element::Translation => "translation",
    }
}

/// The field to which a link to an element leads.
pub fn field_of(element: Element) -> &'static str {
    match element {
        Element::Title | Element::Translation => "title",
        Element::Summary => "summary",
        Element::Description => "description",
        Element::Outcomes => "outcomes",
        Element::Workload => "hours",
        Element::Level => "eqf",
        Element::AssessmentType => "assessment",
        Element::Participation => "participation",
        Element::Quality => "assurance",
        Element::Supervision => "supervision",
        Element::Prerequisites => "prerequisites",
        Element::Stackability => "stackability",
        Element::Requirements => "kind",
        Element::Skills => "name-0",
    }
}
