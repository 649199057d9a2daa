//! What a micro-credential is: the standard elements of the EU Council
//! Recommendation 2022/C 243/02, the requirement tree, and how complete it is.

use crate::requirement::{BadTree, Requirement};
use cairn_value::refusal::Refusal;
use cairn_value::steps;
use cairn_value::words;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, HashMap, HashSet};

words! {
    /// The shape of a programme.
    Programme {
        /// Modules and quizzes.
        Course = "course",
        /// An exam.
        Assessment = "assessment",
        /// Evidence of a piece of work.
        Project = "project",
        /// Recognition of something done.
        Badging = "badging",
        /// Hours, modules and attestations beside a job.
        ProfessionalDevelopment = "professional-development",
    }
}
words! {
    /// The broad field, a facet of the catalogue.
    Field {
        /// Teaching.
        Education = "education",
        /// Care and medicine.
        Healthcare = "healthcare",
        /// Management and analysis.
        Business = "business",
        /// Software and infrastructure.
        Technology = "technology",
        /// Media, design, music.
        Creative = "creative",
        /// Skills between people.
        HumanSkills = "human-skills",
    }
}
words! {
    /// Form of participation in the learning activity.
    Participation {
        /// Everything at a distance.
        Online = "online",
        /// Everything on site.
        OnSite = "on-site",
        /// Both.
        Blended = "blended",
    }
}
words! {
    /// Type of assessment.
    AssessmentType {
        /// Graded questions.
        Quiz = "quiz",
        /// A longer, limited test.
        Exam = "exam",
        /// A piece of work.
        Project = "project",
        /// Collected work.
        Portfolio = "portfolio",
        /// Watched at work.
        Observation = "observation",
        /// Confirmed by somebody responsible.
        Attestation = "attestation",
    }
}
words! {
    /// Supervision and identity verification during assessment.
    Supervision {
        /// Nobody watches, nobody asks who it is.
        Unsupervised = "unsupervised",
        /// Identity is checked, nobody watches.
        IdentityChecked = "identity-checked",
        /// Watched online, identity checked.
        SupervisedOnline = "supervised-online",
        /// Watched on site, identity checked.
        SupervisedOnSite = "supervised-on-site",
    }
}
words! {
    /// How a credential is kept valid.
    RenewalRule {
        /// It never runs out, or cannot be renewed.
        None = "none",
        /// By hours of continuing education.
        Hours = "hours",
        /// By taking the assessment again.
        Assessment = "assessment",
        /// By doing everything again.
        Repeat = "repeat",
    }
}

/// A skill and where it is defined.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SkillLink {
    /// "infection control"
    pub name: String,
    /// "ESCO"; empty when the skill is the organisation's own.
    #[serde(default)]
    pub framework: String,
    /// Address of the skill in its framework; empty when it has none.
    #[serde(default)]
    pub url: String,
}

/// Notional workload.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Workload {
    /// Hours of work, everything counted; 0 is not stated.
    #[serde(default)]
    pub hours: u32,
    /// ECTS credits, where the awarding body gives them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ects: Option<f64>,
}

/// Level of the learning outcomes.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct QualificationLevel {
    /// European Qualifications Framework, 1 to 8.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub eqf: Option<u8>,
    /// A national framework's level, as text: "DQR 5".
    #[serde(default)]
    pub national: String,
}

/// Quality assurance that stands behind the credential.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Quality {
    /// "Internal, ESG part 1"
    #[serde(default)]
    pub assurance: String,
    /// Who accredited it; may be empty.
    #[serde(default)]
    pub accreditation: String,
    /// Where this can be read up; may be empty.
    #[serde(default)]
    pub url: String,
}

/// What it costs the learner.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Price {
    /// Minor units of the currency: 4900 is 49.00 EUR. 0 is free.
    #[serde(default)]
    pub amount: i64,
    /// ISO 4217.
    #[serde(default = "euro")]
    pub currency: String,
    /// Who may get it cheaper or paid; may be empty.
    #[serde(default)]
    pub funding: String,
}

fn euro() -> String {
    "EUR".into()
}

impl Default for Price {
    fn default() -> Self {
        Self { amount: 0, currency: euro(), funding: String::new() }
    }
}

/// How long a credential is valid and how it is kept.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Validity {
    /// Months from the award; none is for ever.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub months: Option<u32>,
    /// Days after the end in which it can still be renewed.
    #[serde(default)]
    pub grace_days: u32,
    /// How it is renewed.
    #[serde(default = "no_renewal")]
    pub renewal: RenewalRule,
    /// Hours of continuing education, when the rule is `hours`.
    #[serde(default)]
    pub renewal_hours: u32,
}

fn no_renewal() -> RenewalRule {
    RenewalRule::None
}

impl Default for Validity {
    fn default() -> Self {
        Self { months: None, grace_days: 0, renewal: RenewalRule::None, renewal_hours: 0 }
    }
}

/// The texts that a catalogue shows, in another language.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Translation {
    /// Title in that language.
    #[serde(default)]
    pub title: String,
    /// Summary in that language.
    #[serde(default)]
    pub summary: String,
    /// Description in that language, Markdown.
    #[serde(default)]
    pub description: String,
    /// Learning outcomes in that language.
    #[serde(default)]
    pub outcomes: Vec<String>,
}

/// The whole content of one version.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Definition {
    /// BCP 47 tag of the texts below.
    pub language: String,
    /// "Infection prevention in daily care"
    pub title: String,
    /// One sentence for cards and lists, at most 200 characters.
    #[serde(default)]
    pub summary: String,
    /// What it is about and for whom, Markdown.
    #[serde(default)]
    pub description: String,
    /// The shape of the programme.
    pub programme: Programme,
    /// The broad field.
    pub field: Field,
    /// Words that help to find it.
    #[serde(default)]
    pub tags: Vec<String>,
    /// What its holder can do, one sentence each.
    #[serde(default)]
    pub outcomes: Vec<String>,
    /// Skills from shared frameworks.
    #[serde(default)]
    pub skills: Vec<SkillLink>,
    /// Notional workload.
    #[serde(default)]
    pub workload: Workload,
    /// Level.
    #[serde(default)]
    pub level: QualificationLevel,
    /// Form of participation.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub participation: Option<Participation>,
    /// Types of assessment.
    #[serde(default)]
    pub assessment: Vec<AssessmentType>,
    /// Supervision and identity check.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub supervision: Option<Supervision>,
    /// Quality assurance.
    #[serde(default)]
    pub quality: Quality,
    /// What one must bring, as text; may be empty.
    #[serde(default)]
    pub prerequisites: String,
    /// What it costs.
    #[serde(default)]
    pub price: Price,
    /// Validity and renewal.
    #[serde(default)]
    pub validity: Validity,
    /// What it can be combined with, as text; may be empty.
    #[serde(default)]
    pub stackability: String,
    /// Anything else worth knowing; may be empty.
    #[serde(default)]
    pub further: String,
    /// What must be met.
    pub requirement: Requirement,
    /// Content hash of an uploaded badge image; none for the generated one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub image: Option<String>,
    /// Catalogue texts in other languages, by BCP 47 tag.
    #[serde(default)]
    pub translations: BTreeMap<String, Translation>,
}

words! {
    /// The elements that the completeness meter counts.
    Element {
        /// Title.
        Title = "title",
        /// Summary.
        Summary = "summary",
        /// Description.
        Description = "description",
        /// Learning outcomes.
        Outcomes = "outcomes",
        /// Workload.
        Workload = "workload",
        /// Level.
        Level = "level",
        /// Type of assessment.
        AssessmentType = "assessment-type",
        /// Form of participation.
        Participation = "participation",
        /// Quality assurance.
        Quality = "quality",
        /// Requirements.
        Requirements = "requirements",
        /// Skills.
        Skills = "skills",
        /// Supervision.
        Supervision = "supervision",
        /// Prerequisites.
        Prerequisites = "prerequisites",
        /// Stackability.
        Stackability = "stackability",
        /// A second language.
        Translation = "translation",
    }
}

impl Element {
    /// True for elements without which nothing is published: those that the
    /// Recommendation makes mandatory, and the requirement tree.
    pub fn is_mandatory(self) -> bool {
        match self {
            Self::Title
            | Self::Summary
            | Self::Description
            | Self::Outcomes
            | Self::Workload
            | Self::Level
            | Self::AssessmentType
            | Self::Participation
            | Self::Quality
            | Self::Requirements => true,
            Self::Skills
            | Self::Supervision
            | Self::Prerequisites
            | Self::Stackability
            | Self::Translation => false,
        }
    }
}

cairn_value::refusals! {
    /// A value that is out of its range.
    #[derive(Debug, Clone, Copy, PartialEq, Eq)]
    pub enum BadValue {
        /// European Qualifications Framework.
        Level = "achievement-level",
        /// Its length.
        Summary = "achievement-summary",
        /// It would run out at once.
        Validity = "achievement-validity",
        /// Amount or currency.
        Price = "achievement-price",
        /// A short text that was kept before the rule for names.
        Text = "achievement-text",
    }
}

/// Why a definition cannot be published.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NotPublishable {
    /// Mandatory elements are missing.
    Missing(Vec<Element>),
    /// The requirement tree does not hold together.
    Tree(BadTree),
    /// A value is out of its range.
    Value(BadValue),
    /// It says the same as the version that is published.
    Unchanged,
}

impl From<BadTree> for NotPublishable {
    fn from(bad: BadTree) -> Self {
        Self::Tree(bad)
    }
}

impl From<BadValue> for NotPublishable {
    fn from(bad: BadValue) -> Self {
        Self::Value(bad)
    }
}

impl From<&NotPublishable> for Refusal {
    fn from(refusal: &NotPublishable) -> Self {
        match refusal {
            NotPublishable::Missing(_) => Self::new("achievement-missing"),
            NotPublishable::Tree(bad) => bad.into(),
            NotPublishable::Value(bad) => bad.into(),
            NotPublishable::Unchanged => Self::new("achievement-unchanged"),
        }
    }
}

cairn_value::refusal_of!(NotPublishable);

impl Definition {
    /// An empty draft in a language.
    pub fn draft(language: &str, title: &str, programme: Programme, field: Field) -> Self {
        Self {
            language: language.into(),
            title: title.into(),
            summary: String::new(),
            description: String::new(),
            programme,
            field,
            tags: vec![],
            outcomes: vec![],
            skills: vec![],
            workload: Workload::default(),
            level: QualificationLevel::default(),
            participation: None,
            assessment: vec![],
            supervision: None,
            quality: Quality::default(),
            prerequisites: String::new(),
            price: Price::default(),
            validity: Validity::default(),
            stackability: String::new(),
            further: String::new(),
            requirement: Requirement::All { id: "root".into(), title: String::new(), parts: vec![] },
            image: None,
            translations: BTreeMap::new(),
        }
    }

    /// Whether the definition says something for this element.
    pub fn has(&self, element: Element) -> bool {
        match element {
            Element::Title => !self.title.trim().is_empty(),
            Element::Summary => !self.summary.trim().is_empty(),
            Element::Description => !self.description.trim().is_empty(),
            Element::Outcomes => self.outcomes.iter().any(|o| !o.trim().is_empty()),
            Element::Workload => self.workload.hours > 0,
            Element::Level => self.level.eqf.is_some() || !self.level.national.trim().is_empty(),
            Element::AssessmentType => !self.assessment.is_empty(),
            Element::Participation => self.participation.is_some(),
            Element::Quality => !self.quality.assurance.trim().is_empty(),
            Element::Requirements => !self.requirement.leaves().is_empty(),
            Element::Skills => !self.skills.is_empty(),
            Element::Supervision => self.supervision.is_some(),
            Element::Prerequisites => !self.prerequisites.trim().is_empty(),
            Element::Stackability => !self.stackability.trim().is_empty(),
            Element::Translation => self.translations.values().any(|t| !t.title.trim().is_empty()),
        }
    }

    /// Elements that say nothing yet, mandatory ones first.
    pub fn missing(&self) -> Vec<Element> {
        Element::ALL.iter().copied().filter(|e| !self.has(*e)).collect()
    }

    /// Whole per cent of the elements that are there.
    pub fn completeness(&self) -> u8 {
        let all = Element::ALL.len();
        let there = all - self.missing().len();
        u8::try_from(there * 100 / all).unwrap_or(100)
    }

    /// Refuses what must not be published. `published` is the content of the
    /// version that is out now, if any.
    pub fn publishable(&self, published: Option<&Definition>) -> Result<(), NotPublishable> {
        let missing: Vec<_> = self.missing().into_iter().filter(|e| e.is_mandatory()).collect();
        if !missing.is_empty() {
            return Err(NotPublishable::Missing(missing));
        }
        self.requirement.check()?;
        if self.level.eqf.is_some_and(|l| !(1..=8).contains(&l)) {
            return Err(NotPublishable::Value(BadValue::Level));
        }
        if self.summary.chars().count() > 200 {
            return Err(NotPublishable::Value(BadValue::Summary));
        }
        if self.validity.months == Some(0) {
            return Err(NotPublishable::Value(BadValue::Validity));
        }
        if self.price.amount < 0 || self.price.currency.len() != 3 {
            return Err(NotPublishable::Value(BadValue::Price));
        }
        if !self.bad_texts().is_empty() {
            return Err(NotPublishable::Value(BadValue::Text));
        }
        if published == Some(self) {
            return Err(NotPublishable::Unchanged);
        }
        Ok(())
    }

    /// The texts to show to a reader of `language`: the translation where there
    /// is one, the definition's own otherwise. A tag matches by its first part.
    pub fn in_language(&self, language: &str) -> CatalogText<'_> {
        let primary = |tag: &str| tag.split('-').next().unwrap_or("").to_ascii_lowercase();
        let own = CatalogText {
            language: &self.language,
            title: &self.title,
            summary: &self.summary,
            description: &self.description,
            outcomes: &self.outcomes,
        };
        if primary(&self.language) == primary(language) {
            return own;
        }
        let Some((tag, t)) = self.translations.iter().find(|(tag, _)| primary(tag) == primary(language))
        else {
            return own;
        };
        if t.title.trim().is_empty() {
            return own;
        }
        CatalogText {
            language: tag,
            title: &t.title,
            summary: if t.summary.trim().is_empty() { &self.summary } else { &t.summary },
            description: if t.description.trim().is_empty() { &self.description } else { &t.description },
            outcomes: if t.outcomes.is_empty() { &self.outcomes } else { &t.outcomes },
        }
    }
}

/// Catalogue texts in the best language there is for a reader.
#[derive(Debug, Clone, Copy)]
pub struct CatalogText<'a> {
    /// BCP 47 tag of these texts.
    pub language: &'a str,
    /// Title.
    pub title: &'a str,
    /// One sentence.
    pub summary: &'a str,
    /// Markdown.
    pub description: &'a str,
    /// Learning outcomes.
    pub outcomes: &'a [String],
}

/// One thing that differs between two versions.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// Path of the value: "workload.hours", "outcomes[2]".
    pub path: String,
    /// What it was; none when it is new.
    pub before: Option<String>,
    /// What it is; none when it is gone.
    pub after: Option<String>,
}

/// What changed from one content to the next, value by value, in the order of
/// the definition.
pub fn changes(before: &Definition, after: &Definition) -> Vec<Change> {
    let leaves = |d: &Definition| {
        let mut out = vec![];
        if let Ok(value) = serde_json::to_value(d) {
            flatten(String::new(), &value, &mut out);
        }
        out
    };
    let (old, new) = (leaves(before), leaves(after));
    // by path: a definition may hold thousands of texts, and looking through all for each takes for ever
    let by_path = |list: &'_ [(String, String)]| -> HashMap<String, String> {
        steps::take(list.len());
        list.iter().filter(|(_, v)| !v.is_empty()).cloned().collect()
    };
    let known: HashSet<&str> = old.iter().map(|(path, _)| path.as_str()).collect();
    let (mut befores, mut afters) = (by_path(&old), by_path(&new));
    let mut out = vec![];
    steps::take(old.len() + new.len());
    for (path, _) in old.iter().chain(new.iter().filter(|(p, _)| !known.contains(p.as_str()))) {
        let (before, after) = (befores.remove(path), afters.remove(path));
        if before != after {
            out.push(Change { path: path.clone(), before, after });
        }
    }
    out
}

fn flatten(path: String, value: &serde_json::Value, out: &mut Vec<(String, String)>) {
    use serde_json::Value;
    match value {
        Value::Object(members) => {
            for (name, member) in members {
                let path = if path.is_empty() { name.clone() } else { format!("{path}.{name}") };
                flatten(path, member, out);
            }
        }
        Value::Array(items) => {
            for (i, item) in items.iter().enumerate() {
                flatten(format!("{path}[{}]", i + 1), item, out);
            }
        }
        Value::String(text) => out.push((path, text.clone())),
        Value::Null => {}
        other => out.push((path, other.to_string())),
    }
}
