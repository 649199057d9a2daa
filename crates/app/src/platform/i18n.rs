//! Words in the reader's language: Fluent messages, dates, numbers, money.

use cairn_domain::slug::slug;
use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource, FluentValue};
use std::sync::OnceLock;

/// A language that all words exist in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Language {
    /// English.
    #[default]
    En,
    /// German.
    De,
}

macro_rules! files {
    ($($name:literal),* $(,)?) => {
        /// The message files, one a feature.
        pub const FILES: &[&str] = &[$($name),*];
        const EN: &[&str] = &[$(include_str!(concat!("../../ui/text/en/", $name, ".ftl"))),*];
        const DE: &[&str] = &[$(include_str!(concat!("../../ui/text/de/", $name, ".ftl"))),*];
    };
}
files!(
    "base",
    "word",
    "mail",
    "letter_why",
    "account",
    "organization",
    "confirmation",
    "achievement",
    "catalog",
    "enrollment",
    "submission",
    "review",
    "credential",
    "verification",
    "roster",
    "upload",
    "api",
    "audit",
    "privacy",
    "access",
    "limit",
    "awarding",
    "compromise",
    "correction",
);

static BUNDLES: OnceLock<[FluentBundle<FluentResource>; 2]> = OnceLock::new();

fn bundle(language: Language) -> &'static FluentBundle<FluentResource> {
    let bundles = BUNDLES.get_or_init(|| {
        [(Language::En, EN), (Language::De, DE)].map(|(language, texts)| {
            let tag = language.code().parse().expect("our own tags are well-formed");
            let mut bundle = FluentBundle::new_concurrent(vec![tag]);
            bundle.set_use_isolating(false);
            for (name, text) in FILES.iter().zip(texts) {
                let resource = FluentResource::try_new((*text).to_owned()).unwrap_or_else(|(_, e)| {
                    panic!("{}/{name}.ftl is not well-formed: {e:?}", language.code())
                });
                if let Err(e) = bundle.add_resource(resource) {
                    panic!("{}/{name}.ftl repeats a message: {e:?}", language.code());
                }
            }
            bundle
        })
    });
    &bundles[language as usize]
}

impl Language {
    /// All, in the order they are offered.
    pub const ALL: [Self; 2] = [Self::En, Self::De];

    /// BCP 47 tag.
    pub fn code(self) -> &'static str {
        match self {
            Self::En => "en",
            Self::De => "de",
        }
    }

    /// The language of a tag, by its first part.
    pub fn parse(tag: &str) -> Option<Self> {
        match tag.split(['-', '_']).next()?.to_ascii_lowercase().as_str() {
            "en" => Some(Self::En),
            "de" => Some(Self::De),
            _ => None,
        }
    }

    /// The first language of an `Accept-Language` header that we have; its
    /// order is taken as the order of preference.
    pub fn from_header(header: &str) -> Option<Self> {
        header.split(',').find_map(|part| Self::parse(part.split(';').next()?.trim()))
    }

    /// The message, with values. A key without a message gives the key, which
    /// a test looks for on every page.
    pub fn text(self, key: &str, values: &[(&str, &str)]) -> String {
        let mut args = FluentArgs::new();
        for (name, value) in values {
            args.set(*name, FluentValue::from(*value));
        }
        self.format(key, &args)
    }

    /// The message with a number, so that it can choose singular or plural.
    pub fn count(self, key: &str, count: i64) -> String {
        let mut args = FluentArgs::new();
        args.set("count", FluentValue::from(count));
        args.set("shown", FluentValue::from(self.number(count)));
        self.format(key, &args)
    }

    fn format(self, key: &str, args: &FluentArgs<'_>) -> String {
        let bundle = bundle(self);
        let Some(pattern) = bundle.get_message(key).and_then(|m| m.value()) else { return key.to_owned() };
        let mut errors = vec![];
        bundle.format_pattern(pattern, Some(args), &mut errors).into_owned()
    }

    /// True when there is such a message.
    pub fn has(self, key: &str) -> bool {
        bundle(self).has_message(key)
    }

    /// The rule's refusal in this language. Rules speak English; a message with
    /// the key `no-` and the sentence's slug translates it.
    pub fn refusal(self, english: &str) -> String {
        let key = format!("no-{}", slug(english));
        if self != Self::En && self.has(&key) { self.text(&key, &[]) } else { english.to_owned() }
    }

    /// "22 November 2026"
    pub fn date(self, ms: i64) -> String {
        let Some(d) = civil(ms) else { return String::new() };
        let month = self.text(&format!("month-{}", d.month()), &[]);
        match self {
            Self::En => format!("{} {month} {}", d.day(), d.year()),
            Self::De => format!("{}. {month} {}", d.day(), d.year()),
        }
    }

    /// "22 November 2026, 14:05 UTC"
    pub fn date_time(self, ms: i64) -> String {
        let Some(d) = civil(ms) else { return String::new() };
        format!("{}, {:02}:{:02} UTC", self.date(ms), d.hour(), d.minute())
    }

    /// Whole days, hours or minutes between two instants: "3 days".
    pub fn span(self, from_ms: i64, to_ms: i64) -> String {
        let minutes = (to_ms - from_ms).max(0) / 60_000;
        match minutes {
            0..60 => self.count("span-minutes", minutes),
            60..1440 => self.count("span-hours", minutes / 60),
            _ => self.count("span-days", minutes / 1440),
        }
    }

    /// "12,345" or "12.345"
    pub fn number(self, n: i64) -> String {
        let digits = n.unsigned_abs().to_string();
        let separator = match self {
            Self::En => ',',
            Self::De => '.',
        };
        let mut out = String::new();
        for (i, c) in digits.chars().enumerate() {
            if i > 0 && (digits.len() - i).is_multiple_of(3) {
                out.push(separator);
            }
            out.push(c);
        }
        if n < 0 { format!("-{out}") } else { out }
    }

    /// Minor units with a currency: "EUR 49.00" or "49,00 EUR".
    pub fn money(self, amount: i64, currency: &str) -> String {
        let places = places(currency);
        let unit = 10_i64.pow(places);
        let whole = self.number(amount / unit);
        let rest = (amount % unit).abs();
        let part =
            if places == 0 { String::new() } else { format!("{rest:0width$}", width = places as usize) };
        let sign = match currency {
            "EUR" => "€",
            "GBP" => "£",
            "USD" => "$",
            other => other,
        };
        match (self, part.is_empty()) {
            (Self::En, true) => format!("{sign} {whole}"),
            (Self::En, false) if sign.len() < 4 && sign != currency => format!("{sign}{whole}.{part}"),
            (Self::En, false) => format!("{sign} {whole}.{part}"),
            (Self::De, true) => format!("{whole} {sign}"),
            (Self::De, false) => format!("{whole},{part} {sign}"),
        }
    }

    /// Bytes as people say them: "1.4 MB".
    pub fn bytes(self, size: i64) -> String {
        let text = match size {
            0..1000 => return format!("{size} B"),
            1000..1_000_000 => format!("{:.0} kB", size as f64 / 1e3),
            _ => format!("{:.1} MB", size as f64 / 1e6),
        };
        if self == Self::De { text.replace('.', ",") } else { text }
    }
}

/// Digits behind the point of a currency.
pub fn places(currency: &str) -> u32 {
    match currency {
        "JPY" | "KRW" | "ISK" | "CLP" | "VND" | "XOF" | "XAF" | "UGX" => 0,
        "BHD" | "KWD" | "OMR" | "TND" | "JOD" => 3,
        _ => 2,
    }
}

fn civil(ms: i64) -> Option<jiff::civil::DateTime> {
    let at = jiff::Timestamp::from_millisecond(ms).ok()?;
    Some(at.to_zoned(jiff::tz::TimeZone::UTC).datetime())
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    fn keys(texts: &[&str]) -> BTreeSet<String> {
        let is_key = |l: &&str| l.starts_with(|c: char| c.is_ascii_lowercase());
        texts
            .iter()
            .flat_map(|t| t.lines().filter(is_key))
            .filter_map(|l| l.split_once('=').map(|(k, _)| k.trim().to_owned()))
            .collect()
    }

    #[test]
    fn both_languages_have_the_same_messages() {
        let (en, de) = (keys(EN), keys(DE));
        let only = |a: &BTreeSet<String>, b: &BTreeSet<String>| a.difference(b).cloned().collect::<Vec<_>>();
        assert!(en.len() > 50);
        assert_eq!(only(&en, &de), Vec::<String>::new(), "missing in German");
        // refusals and what checks say are sentences of the crates, in English there
        let extra: Vec<_> =
            only(&de, &en).into_iter().filter(|k| !k.starts_with("no-") && !k.starts_with("said-")).collect();
        assert_eq!(extra, Vec::<String>::new(), "missing in English");
    }

    #[test]
    fn numbers_and_money_follow_the_language() {
        assert_eq!(Language::En.number(-1_234_567), "-1,234,567");
        assert_eq!(Language::De.money(4900, "EUR"), "49,00 €");
        assert_eq!(Language::En.money(4905, "EUR"), "€49.05");
        assert_eq!(Language::En.money(500, "JPY"), "JPY 500");
        assert_eq!(Language::De.date(1_795_305_600_000), "22. November 2026");
        assert_eq!(Language::from_header("fr;q=1, de-AT;q=0.8, en"), Some(Language::De));
    }
}
