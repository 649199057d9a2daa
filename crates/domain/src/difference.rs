//! What the public may read of the changes between two versions: everything but
//! the inside of modules, quizzes and projects. An answer that was corrected
//! would otherwise be an answer that is given away.

use crate::achievement::{Change, Definition, changes};
use std::collections::HashSet;

/// Members of a requirement that stand on the public page anyway.
const OPEN: &[&str] =
    &["id", "kind", "title", "count", "minutes", "hours", "achievement", "pass_percent", "attempts"];

/// The changes with the inside of requirements folded: what changed there is
/// said once a requirement, without before and after.
pub fn public_changes(before: &Definition, after: &Definition) -> Vec<Change> {
    let (mut out, mut told) = (vec![], HashSet::new());
    for change in changes(before, after) {
        let Some(folded) = folded(&change.path) else {
            out.push(change);
            continue;
        };
        if told.insert(folded.to_owned()) {
            out.push(Change { path: folded.to_owned(), before: None, after: None });
        }
    }
    out
}

/// The path of the requirement whose inside this path leads to; none when the
/// path is open to all.
fn folded(path: &str) -> Option<&str> {
    if !path.starts_with("requirement.") {
        return None;
    }
    let mut end = "requirement".len();
    for member in path[end + 1..].split('.') {
        if !member.starts_with("parts[") {
            let open = OPEN.contains(&member) && end + 1 + member.len() == path.len();
            return (!open).then(|| &path[..end]);
        }
        end += 1 + member.len();
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::achievement::{Field, Programme};
    use crate::assessment::{Choice, Item, Question};
    use crate::outline::blank;
    use crate::requirement::Requirement;

    fn definition(right: bool, minutes: u32) -> Definition {
        let mut d = Definition::draft("en", "Hygiene", Programme::Course, Field::Healthcare);
        let choice = |text: &str, correct| Choice { text: text.into(), correct, feedback: String::new() };
        let choices = vec![choice("Soap", right), choice("Sand", !right)];
        let question = Question::Single { choices };
        let item =
            Item { id: "q1".into(), prompt: "?".into(), points: 1, explanation: String::new(), question };
        let mut quiz = blank("assessment", "quiz".into(), "Quiz".into()).unwrap();
        if let Requirement::Assessment { items, .. } = &mut quiz {
            items.push(item);
        }
        let text = format!("{minutes} secret minutes");
        let module = Requirement::Module { id: "m1".into(), title: "Hands".into(), text, minutes };
        d.requirement.add("root", module).unwrap();
        d.requirement.add("root", quiz).unwrap();
        d
    }

    #[test]
    fn the_inside_of_requirements_is_not_told() {
        let all = public_changes(&definition(true, 30), &definition(false, 40));
        let told: Vec<_> =
            all.iter().map(|c| (c.path.as_str(), c.before.as_deref(), c.after.as_deref())).collect();
        assert_eq!(
            told,
            [
                ("requirement.parts[1]", None, None),
                ("requirement.parts[1].minutes", Some("30"), Some("40")),
                ("requirement.parts[2]", None, None),
            ]
        );
    }

    #[test]
    fn two_contents_are_compared_in_one_go() {
        let long = |texts: usize| {
            let mut d = definition(true, 30);
            d.outcomes = (0..texts).map(|n| n.to_string()).collect();
            d
        };
        let cost = |texts| {
            let (before, after) = (definition(true, 30), long(texts));
            cairn_value::steps::counted(|| (changes(&before, &after), public_changes(&after, &before))).1
        };
        assert!(cost(8 * 500) <= 8 * cost(500));
    }
}
