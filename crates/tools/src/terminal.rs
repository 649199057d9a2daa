//! What others wrote, on a terminal: a document must not move the cursor, colour the verdict or turn the
//! direction of what stands beside it.

/// True for characters that a terminal may obey instead of showing: controls (C0, C1), and what turns the
/// direction of text. Joiners and marks that scripts need stay.
fn obeyed(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{2028}' | '\u{2029}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}')
}

/// Text on one line.
pub fn line(text: &str) -> String {
    text.chars().map(|c| if obeyed(c) { '\u{fffd}' } else { c }).collect()
}

/// Text of several lines.
pub fn lines(text: &str) -> String {
    text.chars().map(|c| if obeyed(c) && c != '\n' && c != '\t' { '\u{fffd}' } else { c }).collect()
}

/// JSON that means the same: such characters stand in its texts only, and are written as escapes there.
pub fn json(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        if obeyed(c) && c != '\n' {
            let mut units = [0; 2];
            out.extend(c.encode_utf16(&mut units).iter().map(|unit| format!("\\u{unit:04x}")));
        } else {
            out.push(c);
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_is_left_that_a_terminal_obeys() {
        let text = "a\u{1b}[2Jb\u{9b}31mc\u{202e}d\re\u{200d}é\n";
        assert_eq!(line(text), "a\u{fffd}[2Jb\u{fffd}31mc\u{fffd}d\u{fffd}e\u{200d}é\u{fffd}");
        assert!(lines(text).ends_with("é\n"));
        let value = serde_json::json!({ "name": text });
        let shown = json(&serde_json::to_string_pretty(&value).unwrap_or_default());
        assert!(shown.chars().all(|c| c == '\n' || !obeyed(c)));
        assert_eq!(serde_json::from_str::<serde_json::Value>(&shown).ok(), Some(value));
    }
}
