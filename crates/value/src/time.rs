//! Instants in UTC with millisecond precision: what a database row holds.

pub use jiff::Timestamp;

/// One day in milliseconds.
pub const DAY_MS: i64 = 86_400_000;

/// The instant `months` calendar months after `at` (UTC). A day that the target
/// month lacks becomes its last day: 31 January plus one month is 28 or 29 February.
pub fn add_months(at: Timestamp, months: u32) -> Timestamp {
    let zoned = at.to_zoned(jiff::tz::TimeZone::UTC);
    let span = jiff::Span::new().months(i64::from(months.min(12 * 200)));
    zoned.checked_add(span).map_or(at, |z| z.timestamp())
}

/// The instant `days` days after `at`; negative goes back.
pub fn add_days(at: Timestamp, days: i64) -> Timestamp {
    Timestamp::from_millisecond(at.as_millisecond().saturating_add(days.saturating_mul(DAY_MS))).unwrap_or(at)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn months_end_on_a_day_that_exists() {
        let check = |from: &str, months, to: &str| {
            assert_eq!(add_months(from.parse().unwrap(), months), to.parse().unwrap());
        };
        check("2025-01-31T10:00:00Z", 1, "2025-02-28T10:00:00Z");
        check("2024-02-29T00:00:00Z", 12, "2025-02-28T00:00:00Z");
        check("2025-11-22T23:59:59Z", 24, "2027-11-22T23:59:59Z");
    }
}
