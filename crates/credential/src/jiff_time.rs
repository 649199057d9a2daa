//! Times as credentials write them.

use jiff::Timestamp;

/// An XML Schema `dateTimeStamp`: date, `T`, time, and a zone (`Z` or an offset).
pub(crate) fn parse_date_time_stamp(text: &str) -> Option<Timestamp> {
    let bytes = text.as_bytes();
    let shaped = bytes.len() >= 20 && bytes.get(10) == Some(&b'T') && !text.contains(['[', ' ', ',']);
    let zoned = text.ends_with('Z') || bytes.len() >= 6 && matches!(bytes[bytes.len() - 6], b'+' | b'-');
    (shaped && zoned).then(|| text.parse().ok()).flatten()
}

/// See [`parse_date_time_stamp`].
pub(crate) fn is_date_time_stamp(text: &str) -> bool {
    parse_date_time_stamp(text).is_some()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stamps_have_a_zone() {
        for good in ["2026-01-15T09:00:00Z", "2026-01-15T09:00:00.123Z", "2022-11-10T07:38:00-08:00"] {
            assert!(is_date_time_stamp(good), "{good}");
        }
        for bad in
            ["", "2026-01-15", "2026-01-15T09:00:00", "2026-13-15T09:00:00Z", "2026-01-15 09:00:00Z", "x"]
        {
            assert!(!is_date_time_stamp(bad), "{bad}");
        }
    }
}
