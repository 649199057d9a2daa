//! Signs that nobody sees: what may stand in a text that others read, and what turns it round.

/// Embeddings, overrides and isolates, and signs without width that no
/// script needs. ZWJ, ZWNJ and the direction marks stay: Persian, Hindi, Hebrew
/// and emoji need them.
pub fn is_unseen(c: char) -> bool {
    matches!(c,
        '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{206F}' | '\u{2060}'..='\u{2065}' | '\u{200B}' | '\u{FEFF}'
        | '\u{00AD}' | '\u{180E}' | '\u{FFF9}'..='\u{FFFB}' | '\u{115F}' | '\u{1160}' | '\u{3164}' | '\u{FFA0}')
}

/// A text as it may stand inside a text of ours: without signs that command or turn what follows round, and
/// each line after the first marked as quoted, so that it cannot begin a paragraph that looks like ours.
pub fn quoted(text: &str) -> String {
    let text = text.replace("\r\n", "\n").replace(['\r', '\u{2028}', '\u{2029}'], "\n");
    let clean: String = text.chars().filter(|c| *c == '\n' || !(c.is_control() || is_unseen(*c))).collect();
    let mut lines = clean.trim().lines().map(str::trim_end);
    let mut out = lines.next().unwrap_or("").to_owned();
    for line in lines {
        out.push_str("\n> ");
        out.push_str(line);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::quoted;

    #[test]
    fn a_quoted_text_begins_no_paragraph_and_turns_nothing_round() {
        let check = |text: &str, want: &str| assert_eq!(quoted(text), want, "{text:?}");
        check("Well done", "Well done");
        check("Good.\r\n\r\nCairn: your account ends", "Good.\n> \n> Cairn: your account ends");
        check("a\u{202E}b\u{200B}c\u{7}d", "abcd");
        check("one\u{2029}two\rthree", "one\n> two\n> three");
        check("\u{646}\u{200C}\u{645}", "\u{646}\u{200C}\u{645}");
        check("\n\n", "");
    }
}
