//! The five plain sections of a definition as forms: filled from it, and read
//! back into it.

use crate::http::Ui;
use crate::http::reader::is_web_address;
use crate::http::{Errors, Fields, Reader};
use cairn_domain::achievement::{
    AssessmentType, Definition, Field, Participation, Programme, RenewalRule, SkillLink, Supervision,
    Translation,
};
use cairn_platform::text::places;
use cairn_value::steps;
use std::collections::HashSet;

/// A section of the editor.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Section {
    /// Title, texts, outcomes.
    Basics,
    /// Standard elements.
    Elements,
    /// Skills.
    Skills,
    /// Price, validity, renewal.
    Price,
    /// Texts in the other language.
    Translation,
}

impl Section {
    /// As it stands in addresses.
    pub fn name(self) -> &'static str {
        match self {
            Self::Basics => "basics",
            Self::Elements => "elements",
            Self::Skills => "skills",
            Self::Price => "price",
            Self::Translation => "translation",
        }
    }

    /// The section with this name.
    pub fn parse(name: &str) -> Option<Self> {
        [Self::Basics, Self::Elements, Self::Skills, Self::Price, Self::Translation]
            .into_iter()
            .find(|s| s.name() == name)
    }

    /// The form, filled.
    pub fn fill(self, d: &Definition) -> Fields {
        let mut f = Fields::default();
        match self {
            Self::Basics => fill_basics(&mut f, d),
            Self::Elements => fill_elements(&mut f, d),
            Self::Skills => fill_skills(&mut f, &d.skills),
            Self::Price => fill_price(&mut f, d),
            Self::Translation => fill_translation(&mut f, d),
        }
        f
    }

    /// Reads the form into the definition, and says what is wrong with it.
    pub fn apply(self, d: &mut Definition, fields: &Fields, ui: &Ui) -> Errors {
        let mut r = Reader::new(fields, ui);
        match self {
            Self::Basics => apply_basics(d, &mut r),
            Self::Elements => apply_elements(d, &mut r),
            Self::Skills => apply_skills(d, &mut r),
            Self::Price => apply_price(d, &mut r),
            Self::Translation => apply_translation(d, &mut r),
        }
        r.errors
    }
}

fn fill_basics(f: &mut Fields, d: &Definition) {
    f.put("title", &d.title);
    f.put("summary", &d.summary);
    f.put("description", &d.description);
    f.put("language", &d.language);
    f.put("programme", d.programme.name());
    f.put("field", d.field.name());
    f.put("tags", d.tags.join(", "));
    f.put("outcomes", d.outcomes.join("\n"));
}

fn apply_basics(d: &mut Definition, r: &mut Reader<'_>) {
    d.title = r.needed_name("title", 120);
    d.summary = r.name("summary", 200);
    d.description = r.words("description", 20_000);
    match r.fields.get("language") {
        language @ ("en" | "de") => d.language = language.into(),
        _ => r.wrong("language", "form-error-choose"),
    }
    match Programme::parse(r.fields.get("programme")) {
        Some(programme) => d.programme = programme,
        None => r.wrong("programme", "form-error-choose"),
    }
    match Field::parse(r.fields.get("field")) {
        Some(field) => d.field = field,
        None => r.wrong("field", "form-error-choose"),
    }
    let (mut tags, mut seen) = (vec![], HashSet::new());
    for tag in r.fields.get("tags").split([',', '\n']).map(str::trim).filter(|t| !t.is_empty()) {
        steps::take(1);
        if seen.insert(tag.to_ascii_lowercase()) {
            r.follows("tags", tag);
            tags.push(tag.chars().take(60).collect());
        }
    }
    d.tags = tags;
    d.outcomes = r.fields.lines("outcomes");
}

fn fill_elements(f: &mut Fields, d: &Definition) {
    f.put("hours", if d.workload.hours == 0 { String::new() } else { d.workload.hours.to_string() });
    f.put("ects", d.workload.ects.map_or_else(String::new, |n| n.to_string()));
    f.put("eqf", d.level.eqf.map_or_else(String::new, |n| n.to_string()));
    f.put("national", &d.level.national);
    f.put("participation", d.participation.map_or("", Participation::name));
    for kind in &d.assessment {
        f.put("assessment", kind.name());
    }
    f.put("supervision", d.supervision.map_or("", Supervision::name));
    f.put("assurance", &d.quality.assurance);
    f.put("accreditation", &d.quality.accreditation);
    f.put("url", &d.quality.url);
    f.put("prerequisites", &d.prerequisites);
    f.put("stackability", &d.stackability);
    f.put("further", &d.further);
}

fn apply_elements(d: &mut Definition, r: &mut Reader<'_>) {
    d.workload.hours = r.whole("hours", 0..=20_000);
    d.workload.ects = r.optional::<f64>("ects");
    if d.workload.ects.is_some_and(|n| !(0.0..=400.0).contains(&n)) {
        r.wrong("ects", "achievement-error-ects");
    }
    d.level.eqf = match r.fields.get("eqf") {
        "" => None,
        text => text.parse().ok().filter(|l| (1..=8).contains(l)),
    };
    d.level.national = r.name("national", 100);
    d.participation = Participation::parse(r.fields.get("participation"));
    let kinds = r.fields.all("assessment");
    d.assessment = AssessmentType::ALL.iter().copied().filter(|a| kinds.contains(&a.name())).collect();
    d.supervision = Supervision::parse(r.fields.get("supervision"));
    d.quality.assurance = r.words("assurance", 2000);
    d.quality.accreditation = r.words("accreditation", 2000);
    d.quality.url = r.url("url");
    d.prerequisites = r.words("prerequisites", 4000);
    d.stackability = r.words("stackability", 4000);
    d.further = r.words("further", 4000);
}

/// Writes skills as rows.
pub fn fill_skills(f: &mut Fields, skills: &[SkillLink]) {
    for skill in skills {
        f.put("name", &skill.name);
        f.put("framework", &skill.framework);
        f.put("url", &skill.url);
    }
}

/// The rows of a skills form as they were sent, empty ones too.
pub fn skill_rows(fields: &Fields) -> Vec<SkillLink> {
    let (names, frameworks, urls) = (fields.all("name"), fields.all("framework"), fields.all("url"));
    let at = |list: &[&str], i: usize| list.get(i).map_or_else(String::new, |t| t.trim().to_owned());
    (0..names.len().min(100))
        .map(|i| SkillLink { name: at(&names, i), framework: at(&frameworks, i), url: at(&urls, i) })
        .collect()
}

fn apply_skills(d: &mut Definition, r: &mut Reader<'_>) {
    let rows = skill_rows(r.fields);
    for (i, row) in rows.iter().enumerate() {
        if row.name.is_empty() && !(row.framework.is_empty() && row.url.is_empty()) {
            r.wrong(&format!("name-{i}"), "achievement-error-skill");
        }
        r.follows(&format!("name-{i}"), &row.name);
        r.follows(&format!("framework-{i}"), &row.framework);
        if !row.url.is_empty() && !is_web_address(&row.url) {
            r.wrong(&format!("url-{i}"), "form-error-url");
        }
    }
    d.skills = rows.into_iter().filter(|s| !s.name.is_empty()).collect();
}

fn fill_price(f: &mut Fields, d: &Definition) {
    f.put("amount", decimal(d.price.amount, &d.price.currency));
    f.put("currency", &d.price.currency);
    f.put("funding", &d.price.funding);
    f.put("months", d.validity.months.map_or_else(String::new, |m| m.to_string()));
    f.put("grace_days", d.validity.grace_days.to_string());
    f.put("renewal", d.validity.renewal.name());
    f.put("renewal_hours", d.validity.renewal_hours.to_string());
}

fn apply_price(d: &mut Definition, r: &mut Reader<'_>) {
    let currency = r.fields.trimmed("currency").to_ascii_uppercase();
    if currency.len() == 3 && currency.bytes().all(|b| b.is_ascii_uppercase()) {
        d.price.currency = currency;
    } else {
        r.wrong("currency", "achievement-error-currency");
    }
    match minor_units(r.fields.get("amount"), &d.price.currency) {
        Some(amount) => d.price.amount = amount,
        None => r.wrong("amount", "achievement-error-amount"),
    }
    d.price.funding = r.words("funding", 2000);
    d.validity.months =
        if r.fields.trimmed("months").is_empty() { None } else { Some(r.whole("months", 1..=600)) };
    d.validity.grace_days = r.whole("grace_days", 0..=3650);
    match RenewalRule::parse(r.fields.get("renewal")) {
        Some(rule) => d.validity.renewal = rule,
        None => r.wrong("renewal", "form-error-choose"),
    }
    d.validity.renewal_hours = r.whole("renewal_hours", 0..=10_000);
    if d.validity.renewal == RenewalRule::Hours && d.validity.renewal_hours == 0 {
        r.wrong("renewal_hours", "achievement-error-renewal-hours");
    }
}

/// "49.00" of 4900
pub fn decimal(amount: i64, currency: &str) -> String {
    match places(currency) {
        0 => amount.to_string(),
        places => {
            let unit = 10_i64.pow(places);
            format!("{}.{:0width$}", amount / unit, amount % unit, width = places as usize)
        }
    }
}

/// 4900 of "49", "49.00" or "49,00"; nothing is free.
pub fn minor_units(text: &str, currency: &str) -> Option<i64> {
    let text = text.trim().replace(',', ".");
    if text.is_empty() {
        return Some(0);
    }
    let (whole, part) = text.split_once('.').unwrap_or((&text, ""));
    let places = places(currency) as usize;
    let is_digits = |t: &str| t.bytes().all(|b| b.is_ascii_digit());
    if whole.len() > 9 || part.len() > places || !is_digits(whole) || !is_digits(part) {
        return None;
    }
    format!("{whole}{part:0<places$}").parse().ok()
}

/// The language that the texts are translated to: the other one of ours.
pub fn other_language(d: &Definition) -> &'static str {
    if d.language.starts_with("de") { "en" } else { "de" }
}

fn fill_translation(f: &mut Fields, d: &Definition) {
    let t = d.translations.get(other_language(d)).cloned().unwrap_or_default();
    f.put("title", t.title);
    f.put("summary", t.summary);
    f.put("description", t.description);
    f.put("outcomes", t.outcomes.join("\n"));
}

fn apply_translation(d: &mut Definition, r: &mut Reader<'_>) {
    let t = Translation {
        title: r.name("title", 120),
        summary: r.name("summary", 200),
        description: r.words("description", 20_000),
        outcomes: r.fields.lines("outcomes"),
    };
    let language = other_language(d);
    if t == Translation::default() {
        d.translations.remove(language);
        return;
    }
    if t.title.is_empty() {
        r.wrong("title", "achievement-error-translation");
    }
    d.translations.insert(language.into(), t);
}

#[cfg(test)]
mod tests {
    use super::*;
    use cairn_platform::text::Language;
    use cairn_value::steps::is_linear;

    fn ui() -> Ui {
        Ui {
            language: "en",
            words: Language::En,
            dir: "ltr",
            person: None,
            csrf: String::new(),
            path: String::new(),
            name: String::new(),
            base_url: String::new(),
            demo: false,
            flash: None,
            now: 0,
        }
    }

    #[test]
    fn every_section_is_read_in_one_go() {
        let ui = ui();
        for name in ["basics", "elements", "skills", "price", "translation"] {
            let section = Section::parse(name).unwrap();
            let make = |n: usize| {
                let tags = (0..n).map(|n| format!("t{n},")).collect::<Vec<_>>().concat();
                let mut fields = Fields::default();
                fields.put("tags", tags.clone());
                fields.put("outcomes", tags.replace(',', "\n"));
                (0..n).for_each(|n| {
                    for name in ["name", "url", "framework", "assessment"] {
                        fields.put(name, n.to_string());
                    }
                });
                fields
            };
            let blank = || Definition::draft("en", "A", Programme::Course, Field::Business);
            is_linear(600, make, |fields| section.apply(&mut blank(), &fields, &ui));
        }
    }

    #[test]
    fn money_is_typed_as_people_type_it() {
        let check =
            |text: &str, currency: &str, want| assert_eq!(minor_units(text, currency), want, "{text}");
        check("49", "EUR", Some(4900));
        check("49,5", "EUR", Some(4950));
        check(" 0.05 ", "EUR", Some(5));
        check("", "EUR", Some(0));
        check("500", "JPY", Some(500));
        check("500.5", "JPY", None);
        check("-3", "EUR", None);
        check("1.234", "EUR", None);
        assert_eq!(decimal(4905, "EUR"), "49.05");
        assert_eq!(decimal(500, "JPY"), "500");
    }
}
