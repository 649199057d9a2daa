//! IRIs, language tags and literals as text.

use serde_json::{Number, Value};

use crate::jcs;

pub(super) const XSD_BOOLEAN: &str = "http://www.w3.org/2001/XMLSchema#boolean";
pub(super) const XSD_DOUBLE: &str = "http://www.w3.org/2001/XMLSchema#double";
pub(super) const XSD_INTEGER: &str = "http://www.w3.org/2001/XMLSchema#integer";
pub(super) const RDF_JSON: &str = "http://www.w3.org/1999/02/22-rdf-syntax-ns#JSON";

/// Bytes an IRI in N-Quads cannot hold (control characters, space, `<>"{}|^` and the backtick).
const NOT_IN_IRI: [bool; 256] = {
    let mut table = [false; 256];
    let mut byte = 0;
    while byte <= 0x20 {
        table[byte] = true;
        byte += 1;
    }
    let others = b"<>\"{}|^`\\\x7f";
    let mut i = 0;
    while i < others.len() {
        table[others[i] as usize] = true;
        i += 1;
    }
    table
};

/// A scheme, a colon, and only characters an IRI may hold.
pub(crate) fn is_absolute_iri(text: &str) -> bool {
    let bytes = text.as_bytes();
    let Some(colon) =
        bytes.iter().position(|b| !(b.is_ascii_alphanumeric() || matches!(b, b'+' | b'-' | b'.')))
    else {
        return false;
    };
    bytes[colon] == b':'
        && bytes[0].is_ascii_alphabetic()
        && !bytes[colon..].iter().any(|b| NOT_IN_IRI[usize::from(*b)])
}

/// The shape of a BCP 47 language tag: letters and digits in parts of one to eight, joined by hyphens.
pub(crate) fn is_language_tag(text: &str) -> bool {
    let mut parts = text.split('-');
    let first = parts.next().unwrap_or_default();
    (1..=8).contains(&first.len())
        && first.bytes().all(|b| b.is_ascii_alphabetic())
        && parts.all(|part| (1..=8).contains(&part.len()) && part.bytes().all(|b| b.is_ascii_alphanumeric()))
}

/// A number as JSON-LD's RDF form: its text and the datatype it has when none is said.
pub(super) fn number(number: &Number, datatype: Option<&str>) -> (String, &'static str) {
    let as_double = datatype == Some(XSD_DOUBLE);
    if !as_double {
        if number.is_u64() || number.is_i64() {
            return (number.to_string(), XSD_INTEGER);
        }
        let value = number.as_f64().unwrap_or(f64::NAN);
        if value.fract() == 0.0 && value.abs() < 1e21 {
            let text = format!("{value:.0}");
            return (if text == "-0" { "0".into() } else { text }, XSD_INTEGER);
        }
    }
    // Adding zero turns minus zero into zero, as ECMAScript's number to text does.
    (canonical_double(number.as_f64().unwrap_or(f64::NAN) + 0.0), XSD_DOUBLE)
}

/// XSD's canonical double with at most 15 digits after the point: `1.5E0`.
fn canonical_double(value: f64) -> String {
    let text = format!("{value:.15e}");
    let (mantissa, exponent) = text.split_once('e').unwrap_or((&text, "0"));
    let mut mantissa = mantissa.trim_end_matches('0').to_owned();
    if mantissa.ends_with('.') {
        mantissa.push('0');
    }
    format!("{mantissa}E{exponent}")
}

/// The lexical form of an `rdf:JSON` literal.
pub(super) fn json(value: &Value) -> String {
    jcs::canonicalize(value)
}

/// Appends a string with N-Quads' canonical escapes (RDF 1.2 N-Quads, 4).
pub(super) fn escape_into(out: &mut String, text: &str) {
    let mut written = 0;
    for (at, byte) in text.bytes().enumerate() {
        if byte >= 0x20 && byte != b'"' && byte != b'\\' && byte != 0x7f {
            continue;
        }
        out.push_str(&text[written..at]);
        written = at + 1;
        match byte {
            b'\t' => out.push_str("\\t"),
            b'\n' => out.push_str("\\n"),
            b'\r' => out.push_str("\\r"),
            b'"' => out.push_str("\\\""),
            b'\\' => out.push_str("\\\\"),
            0x08 => out.push_str("\\b"),
            0x0c => out.push_str("\\f"),
            other => {
                let digit = |nibble: u8| char::from(b"0123456789ABCDEF"[usize::from(nibble)]);
                out.push_str("\\u00");
                out.push(digit(other >> 4));
                out.push(digit(other & 15));
            }
        }
    }
    out.push_str(&text[written..]);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_have_canonical_forms() {
        let check = |json: &str, datatype: Option<&str>, want: &str| {
            let value: Number = serde_json::from_str(json).unwrap();
            assert_eq!(number(&value, datatype).0, want, "{json}");
        };
        check("5", None, "5");
        check("5.0", None, "5");
        check("-0.0", None, "0");
        check("-0.0", Some(XSD_DOUBLE), "0.0E0");
        check("2.5", None, "2.5E0");
        check("5", Some(XSD_DOUBLE), "5.0E0");
        check("0.000000123", None, "1.23E-7");
        check("1e21", None, "1.0E21");
        check("18446744073709551615", None, "18446744073709551615");
    }

    #[test]
    fn iris_are_absolute_and_clean() {
        for good in ["https://a.example/b#c", "urn:uuid:1", "did:key:z6Mk", "a+b-c.d:x"] {
            assert!(is_absolute_iri(good), "{good}");
        }
        for bad in
            ["", ":", "a", "/a", "1a:b", "http://a b", "http://a>b", "a\u{7f}:b", "_:b0", "http://a\\b"]
        {
            assert!(!is_absolute_iri(bad), "{bad}");
        }
    }
}
