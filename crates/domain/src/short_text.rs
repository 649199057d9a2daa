//! The short texts of a definition: what stands alone on cards, in lists, in
//! letters and in badges, and therefore follows the rule for names.

use crate::achievement::Definition;
use crate::assessment::Question;
use crate::display_name::{NameFault, NameKind, check};
use crate::requirement::Requirement;
use crate::rubric::Rubric;
use std::collections::HashSet;

/// A short text, and where it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ShortText<'a> {
    /// JSON pointer in the definition: "/skills/0/name".
    pub pointer: String,
    /// What it says; never empty.
    pub text: &'a str,
}

/// A short text that does not follow the rule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BadText {
    /// JSON pointer in the definition.
    pub pointer: String,
    /// Why.
    pub fault: NameFault,
}

struct Texts<'a>(Vec<ShortText<'a>>);

impl<'a> Texts<'a> {
    fn put(&mut self, pointer: impl Into<String>, text: &'a str) {
        // what is not said is another rule's matter
        if !text.trim().is_empty() {
            self.0.push(ShortText { pointer: pointer.into(), text });
        }
    }

    fn rubric(&mut self, at: &str, rubric: &'a Rubric) {
        for (c, criterion) in rubric.criteria.iter().enumerate() {
            self.put(format!("{at}/criteria/{c}/title"), &criterion.title);
            for (l, level) in criterion.levels.iter().enumerate() {
                self.put(format!("{at}/criteria/{c}/levels/{l}/title"), &level.title);
            }
        }
    }

    fn requirement(&mut self, at: &str, node: &'a Requirement) {
        self.put(format!("{at}/title"), node.title());
        match node {
            Requirement::All { parts, .. } | Requirement::AtLeast { parts, .. } => {
                for (n, part) in parts.iter().enumerate() {
                    self.requirement(&format!("{at}/parts/{n}"), part);
                }
            }
            Requirement::Project { rubric, .. } => self.rubric(&format!("{at}/rubric"), rubric),
            Requirement::Assessment { items, .. } => {
                for (n, item) in items.iter().enumerate() {
                    match &item.question {
                        Question::Number { unit, .. } => self.put(format!("{at}/items/{n}/unit"), unit),
                        // what is asked and answered is longer text, shown in the quiz alone
                        Question::Single { .. } | Question::Multiple { .. } | Question::Text { .. } => {}
                    }
                }
            }
            Requirement::Module { .. }
            | Requirement::ExternalCertificate { .. }
            | Requirement::PriorCredential { .. }
            | Requirement::Hours { .. }
            | Requirement::Attestation { .. } => {}
        }
    }
}

impl Definition {
    /// Every short text that says something, in the order of the definition.
    pub fn short_texts(&self) -> Vec<ShortText<'_>> {
        let mut all = Texts(vec![]);
        all.put("/title", &self.title);
        all.put("/summary", &self.summary);
        for (n, tag) in self.tags.iter().enumerate() {
            all.put(format!("/tags/{n}"), tag);
        }
        for (n, skill) in self.skills.iter().enumerate() {
            all.put(format!("/skills/{n}/name"), &skill.name);
            all.put(format!("/skills/{n}/framework"), &skill.framework);
        }
        all.put("/level/national", &self.level.national);
        all.requirement("/requirement", &self.requirement);
        for (tag, translation) in &self.translations {
            all.put(format!("/translations/{tag}/title"), &translation.title);
            all.put(format!("/translations/{tag}/summary"), &translation.summary);
        }
        all.0
    }

    /// Short texts that do not follow the rule for names.
    pub fn bad_texts(&self) -> Vec<BadText> {
        let bad = |t: ShortText<'_>| {
            let fault = check(NameKind::Title, t.text).err()?;
            Some(BadText { pointer: t.pointer, fault })
        };
        self.short_texts().into_iter().filter_map(bad).collect()
    }

    /// The same but for texts that stood in the definition before: what was
    /// kept under an older rule does not stop work on the rest.
    pub fn new_bad_texts(&self, before: &Definition) -> Vec<BadText> {
        let old = before.short_texts();
        let known: HashSet<&str> = old.iter().map(|t| t.text).collect();
        let bad = |t: ShortText<'_>| {
            let fault = check(NameKind::Title, t.text).err().filter(|_| !known.contains(t.text))?;
            Some(BadText { pointer: t.pointer, fault })
        };
        self.short_texts().into_iter().filter_map(bad).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::achievement::{Field, Programme, SkillLink, Translation};
    use crate::assessment::{Choice, Item};
    use crate::rubric::{Criterion, Level};

    const BAD: &str = "Win at https://evil.example";

    /// One of everything that has a name.
    fn whole() -> Definition {
        let mut d = Definition::draft("en", "Walking", Programme::Project, Field::Education);
        let level = Level { title: "Proficient".into(), points: 1, description: String::new() };
        let criterion = Criterion {
            id: "c".into(),
            title: "Plans".into(),
            description: String::new(),
            levels: vec![level],
            required_points: 0,
        };
        let item = |question| Item {
            id: "q".into(),
            prompt: "How much?".into(),
            points: 1,
            explanation: "So much.".into(),
            question,
        };
        let choice = Choice { text: "This".into(), correct: true, feedback: "Yes".into() };
        let items = vec![
            item(Question::Number { answer: 1.0, tolerance: 0.0, unit: "mg".into() }),
            item(Question::Single { choices: vec![choice] }),
            item(Question::Text { answers: vec!["seven".into()] }),
        ];
        let parts = vec![
            Requirement::Project {
                id: "p".into(),
                title: "Plan a walk".into(),
                brief: String::new(),
                rubric: Rubric { criteria: vec![criterion], pass_points: 0 },
                minutes: 0,
            },
            Requirement::Assessment {
                id: "a".into(),
                title: "Check yourself".into(),
                introduction: String::new(),
                items,
                pass_percent: 1,
                attempts: 0,
            },
            Requirement::PriorCredential {
                id: "b".into(),
                title: "Have another".into(),
                achievement: "northfjord/hygiene".into(),
            },
        ];
        d.requirement = Requirement::All { id: "root".into(), title: "Everything".into(), parts };
        d.summary = "Plan a walk.".into();
        d.outcomes = vec!["Plans a walk".into()];
        d.tags = vec!["walking".into()];
        d.skills = vec![SkillLink { name: "walk".into(), framework: "ESCO".into(), url: String::new() }];
        d.level.national = "DQR 5".into();
        let german =
            Translation { title: "Gehen".into(), summary: "Plane.".into(), ..Translation::default() };
        d.translations.insert("de".into(), german);
        d
    }

    #[test]
    fn the_rule_is_for_every_short_text() {
        let good = whole();
        assert_eq!(good.bad_texts(), vec![]);
        let pointers: Vec<String> = good.short_texts().into_iter().map(|t| t.pointer).collect();
        assert_eq!(pointers.len(), 15, "{pointers:?}");
        for pointer in pointers {
            let mut json = serde_json::to_value(&good).unwrap();
            *json.pointer_mut(&pointer).unwrap() = BAD.into();
            let bad: Definition = serde_json::from_value(json).unwrap();
            let want = vec![BadText { pointer, fault: NameFault::Link }];
            assert_eq!(bad.bad_texts(), want);
            assert_eq!(bad.new_bad_texts(&good), want);
            assert_eq!(bad.new_bad_texts(&bad), vec![], "what stood there before stops nobody");
        }
    }

    /// The class: a text that somebody adds to a definition is short and follows
    /// the rule, or is named here with the reason why it need not.
    #[test]
    fn every_text_of_a_definition_is_short_or_named_as_long() {
        // words of ours, ids and addresses with rules of their own; longer texts on their own pages
        let apart = [
            "language",
            "programme",
            "field",
            "currency",
            "renewal",
            "id",
            "kind",
            "description",
            "brief",
            "introduction",
            "prompt",
            "explanation",
            "assurance",
            "accreditation",
            "url",
            "prerequisites",
            "funding",
            "stackability",
            "further",
            "achievement",
            "text",
            "feedback",
            "answers",
            "outcomes",
        ];
        let d = whole();
        let short: Vec<String> = d.short_texts().into_iter().map(|t| t.pointer).collect();
        let mut todo = vec![(String::new(), serde_json::to_value(&d).unwrap())];
        while let Some((at, value)) = todo.pop() {
            match value {
                serde_json::Value::Object(members) => {
                    todo.extend(members.into_iter().map(|(name, v)| (format!("{at}/{name}"), v)));
                }
                serde_json::Value::Array(items) => {
                    todo.extend(items.into_iter().enumerate().map(|(n, v)| (format!("{at}/{n}"), v)));
                }
                serde_json::Value::String(_) => {
                    let name = at.rsplit('/').find(|part| part.parse::<usize>().is_err()).unwrap();
                    assert!(short.contains(&at) || apart.contains(&name), "{at}");
                }
                _ => {}
            }
        }
    }
}
