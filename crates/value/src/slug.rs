//! Names in addresses: lower-case ASCII letters, digits and hyphens.

/// Makes a slug of a title: German umlauts are written out, accents dropped,
/// everything else becomes a hyphen. May be empty. At most 60 characters.
pub fn slug(title: &str) -> String {
    let mut out = String::new();
    for c in title.chars().flat_map(char::to_lowercase) {
        match c {
            'a'..='z' | '0'..='9' => out.push(c),
            'ä' | 'æ' => out.push_str("ae"),
            'ö' | 'ø' => out.push_str("oe"),
            'ü' => out.push_str("ue"),
            'ß' => out.push_str("ss"),
            'à' | 'á' | 'â' | 'ã' | 'å' => out.push('a'),
            'è' | 'é' | 'ê' | 'ë' => out.push('e'),
            'ì' | 'í' | 'î' | 'ï' => out.push('i'),
            'ò' | 'ó' | 'ô' | 'õ' => out.push('o'),
            'ù' | 'ú' | 'û' => out.push('u'),
            'ç' => out.push('c'),
            'ñ' => out.push('n'),
            _ if out.ends_with('-') || out.is_empty() => {}
            _ => out.push('-'),
        }
        if out.len() >= 60 {
            break;
        }
    }
    out.trim_end_matches('-').to_owned()
}

/// True for text that may stand in an address as a slug.
pub fn is_slug(text: &str) -> bool {
    !text.is_empty()
        && text.len() <= 60
        && !text.starts_with('-')
        && !text.ends_with('-')
        && text.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_title_becomes_a_slug() {
        let check = |title: &str, want: &str| assert_eq!(slug(title), want);
        check("Infection prevention & control", "infection-prevention-control");
        check("  Führung: Größe zeigen!  ", "fuehrung-groesse-zeigen");
        check("日本語", "");
        assert!(slug(&"x".repeat(200)).len() <= 60);
        assert!(is_slug("a-1") && !is_slug("-a") && !is_slug("A") && !is_slug(""));
    }
}
