//! Words in the reader's language: Fluent messages, dates, numbers, money.

use cairn_value::refusal::{Argument, Refusal};
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

/// The messages of one language: files by name, in Fluent's syntax.
pub type Messages = Vec<(String, String)>;

static BUNDLES: OnceLock<[FluentBundle<FluentResource>; Language::ALL.len()]> = OnceLock::new();

/// Hands over the words, once a process; later calls change nothing.
///
/// # Panics
///
/// When a file is not well-formed or repeats a message: the program's own fault.
pub fn install(messages: impl Fn(Language) -> Messages) {
    BUNDLES.get_or_init(|| Language::ALL.map(|language| bundle_of(language, messages(language))));
}

fn bundle_of(language: Language, messages: Messages) -> FluentBundle<FluentResource> {
    let code = language.code();
    let tag = code.parse().expect("our own tags are well-formed");
    let mut bundle = FluentBundle::new_concurrent(vec![tag]);
    bundle.set_use_isolating(false);
    bundle.set_formatter(Some(match language {
        Language::En => |value, _| grouped(Language::En, value),
        Language::De => |value, _| grouped(Language::De, value),
    }));
    for (name, text) in messages {
        let resource = FluentResource::try_new(text)
            .unwrap_or_else(|(_, e)| panic!("{code}/{name} is not well-formed: {e:?}"));
        if let Err(e) = bundle.add_resource(resource) {
            panic!("{code}/{name} repeats a message: {e:?}");
        }
    }
    bundle
}

/// Whole numbers as they are written in a language.
fn grouped(language: Language, value: &FluentValue<'_>) -> Option<String> {
    let FluentValue::Number(number) = value else { return None };
    (number.value.fract() == 0.0).then(|| language.number(number.value as i64))
}

/// The words of a language; none before they were installed, so that every key stands for itself.
fn bundle(language: Language) -> Option<&'static FluentBundle<FluentResource>> {
    Some(&BUNDLES.get()?[language as usize])
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
        let Some(bundle) = bundle(self) else { return key.to_owned() };
        let Some(pattern) = bundle.get_message(key).and_then(|m| m.value()) else { return key.to_owned() };
        let mut errors = vec![];
        bundle.format_pattern(pattern, Some(args), &mut errors).into_owned()
    }

    /// True when there is such a message.
    pub fn has(self, key: &str) -> bool {
        bundle(self).is_some_and(|b| b.has_message(key))
    }

    /// The words of a refusal: the message `no-CODE`, with the refusal's arguments by their names.
    pub fn refusal(self, refusal: &Refusal) -> String {
        debug_assert!(bundle(self).is_none() || self.has(&refusal.key()), "no words for {refusal}");
        let mut args = FluentArgs::new();
        for (name, argument) in &refusal.arguments {
            let value = match argument {
                Argument::Text(text) => FluentValue::from(text.as_str()),
                Argument::Word(key) => FluentValue::from(self.text(key, &[])),
                Argument::Number(number) => FluentValue::from(*number),
                Argument::Refusal(inner) => FluentValue::from(self.refusal(inner)),
            };
            args.set(*name, value);
        }
        self.format(&refusal.key(), &args)
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

    /// The same behind "since": "seit 3 Tagen".
    pub fn span_since(self, from_ms: i64, to_ms: i64) -> String {
        let minutes = (to_ms - from_ms).max(0) / 60_000;
        match minutes {
            0..60 => self.count("span-since-minutes", minutes),
            60..1440 => self.count("span-hours", minutes / 60),
            _ => self.count("span-since-days", minutes / 1440),
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

    #[test]
    fn numbers_and_money_follow_the_language() {
        assert_eq!(Language::En.number(-1_234_567), "-1,234,567");
        assert_eq!(Language::De.money(4900, "EUR"), "49,00 €");
        assert_eq!(Language::En.money(4905, "EUR"), "€49.05");
        assert_eq!(Language::En.money(500, "JPY"), "JPY 500");
        install(|_| vec![("base.ftl".to_owned(), "month-11 = November".to_owned())]);
        assert_eq!(Language::De.date(1_795_305_600_000), "22. November 2026");
        assert_eq!(Language::from_header("fr;q=1, de-AT;q=0.8, en"), Some(Language::De));
    }
}
