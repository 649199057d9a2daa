//! Signs that nobody sees: what may stand in a text that others read, and what turns it round.

/// Embeddings, overrides and isolates, signs without width that no script
/// needs, tags, and signs that are drawn as nothing (fillers, the empty Braille
/// cell): all that Unicode calls ignorable, but for [`is_joiner`].
pub fn is_unseen(c: char) -> bool {
    matches!(c,
        '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{206F}' | '\u{200B}' | '\u{FEFF}' | '\u{00AD}' | '\u{034F}'
        | '\u{115F}' | '\u{1160}' | '\u{17B4}' | '\u{17B5}' | '\u{180E}' | '\u{2800}' | '\u{3164}' | '\u{FFA0}'
        | '\u{FFF0}'..='\u{FFFB}' | '\u{16FE4}' | '\u{1BCA0}'..='\u{1BCA3}' | '\u{1D159}'
        | '\u{1D173}'..='\u{1D17A}' | '\u{E0000}'..='\u{E00FF}' | '\u{E01F0}'..='\u{E0FFF}')
}

/// ZWJ, ZWNJ, the direction marks and the choosers of a sign's form: Persian,
/// Hindi, Hebrew, Japanese, Mongolian and emoji need them. Alone they are nothing.
pub fn is_joiner(c: char) -> bool {
    matches!(c,
        '\u{200C}'..='\u{200F}' | '\u{061C}' | '\u{FE00}'..='\u{FE0F}' | '\u{180B}'..='\u{180D}' | '\u{180F}'
        | '\u{E0100}'..='\u{E01EF}')
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
    use super::{is_joiner, is_unseen, quoted};

    /// `Default_Ignorable_Code_Point` of Unicode's `DerivedCoreProperties.txt`.
    const IGNORABLE: &[(u32, u32)] = &[
        (0x00AD, 0x00AD),
        (0x034F, 0x034F),
        (0x061C, 0x061C),
        (0x115F, 0x1160),
        (0x17B4, 0x17B5),
        (0x180B, 0x180F),
        (0x200B, 0x200F),
        (0x202A, 0x202E),
        (0x2060, 0x206F),
        (0x3164, 0x3164),
        (0xFE00, 0xFE0F),
        (0xFEFF, 0xFEFF),
        (0xFFA0, 0xFFA0),
        (0xFFF0, 0xFFF8),
        (0x1BCA0, 0x1BCA3),
        (0x1D173, 0x1D17A),
        (0xE0000, 0xE0FFF),
    ];

    #[test]
    fn whatever_unicode_calls_ignorable_is_unseen_or_joins() {
        for c in IGNORABLE.iter().flat_map(|(from, to)| *from..=*to).filter_map(char::from_u32) {
            assert!(is_unseen(c) != is_joiner(c), "{:04X}", c as u32);
        }
        for c in (0..0x11_0000).filter_map(char::from_u32).filter(|c| c.is_alphanumeric()) {
            // the fillers are letters by name
            let is_filler = matches!(c, '\u{115F}' | '\u{1160}' | '\u{3164}' | '\u{FFA0}');
            assert!(is_filler || !(is_unseen(c) || is_joiner(c)), "{:04X}", c as u32);
        }
    }

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
