//! How wide a text is in the shipped font, where it breaks, and what XML can carry of it.

/// The largest size at which the title has its place, and its lines.
pub fn fit(title: &str) -> (f64, Vec<String>) {
    let title = squeeze(title);
    for (size, most) in [(36.0, 1), (32.0, 2), (28.0, 2), (23.0, 3), (21.5, 3)] {
        let lines = wrap(&title, size);
        if lines.len() <= most && lines.iter().all(|l| width(l, size) <= LINE) {
            return (size, lines);
        }
    }
    let size = 20.0;
    let broken: Vec<_> = title.split(' ').flat_map(|word| divide(word, size)).collect();
    let mut lines = wrap(&broken.join(" "), size);
    if lines.len() > 3 {
        let rest = lines[2..].join(" ");
        lines.truncate(2);
        lines.push(shorten(&rest, size, LINE));
    }
    (size, lines)
}

/// Room of a line of the title.
pub const LINE: f64 = 300.0;
/// Room of the issuer's line.
pub const ISSUER_LINE: f64 = 244.0;

/// Lines of about equal length: as few as can be, then as narrow as can be.
fn wrap(text: &str, size: f64) -> Vec<String> {
    let greedy = lines_within(text, size, LINE);
    let mut best = greedy.clone();
    let mut room = LINE;
    while room > 120.0 {
        room -= 8.0;
        let lines = lines_within(text, size, room);
        if lines.len() > greedy.len() || lines.iter().any(|l| width(l, size) > room) {
            break;
        }
        best = lines;
    }
    best
}

fn lines_within(text: &str, size: f64, room: f64) -> Vec<String> {
    let mut lines: Vec<String> = vec![];
    for word in text.split(' ') {
        match lines.last_mut() {
            Some(line) if width(line, size) + width(" ", size) + width(word, size) <= room => {
                line.push(' ');
                line.push_str(word);
            }
            _ => lines.push(word.to_owned()),
        }
    }
    lines
}

/// A word too long for a line, in parts that end with a hyphen.
fn divide(word: &str, size: f64) -> Vec<String> {
    let mut parts = vec![String::new()];
    for c in word.chars() {
        let last = parts.len() - 1;
        if width(&parts[last], size) + width("m-", size) > LINE {
            parts[last].push('-');
            parts.push(String::new());
        }
        let last = parts.len() - 1;
        parts[last].push(c);
    }
    parts
}

/// What has room, with an ellipsis for the rest.
pub fn shorten(text: &str, size: f64, room: f64) -> String {
    if width(text, size) <= room {
        return text.to_owned();
    }
    let mut short = String::new();
    for c in text.chars() {
        if width(&short, size) + width("m…", size) > room {
            break;
        }
        short.push(c);
    }
    format!("{}…", short.trim_end())
}

/// Single spaces, and nothing that XML cannot carry.
pub fn squeeze(text: &str) -> String {
    let clean: String = text
        .chars()
        .map(|c| if c.is_control() || ('\u{fffe}'..='\u{ffff}').contains(&c) { ' ' } else { c })
        .collect();
    clean.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Text as XML carries it.
pub fn escape(text: &str) -> String {
    squeeze(text)
        .replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;")
        .replace('\'', "&#39;")
}

/// Width in pixels, by the shipped font's own figures for ASCII.
pub fn width(text: &str, size: f64) -> f64 {
    let units: u32 = text
        .chars()
        .map(|c| match c {
            ' '..='~' => u32::from(WIDTHS[c as usize - 32]),
            'À'..='Þ' => 720,
            '\u{300}'..='\u{36f}' => 0,
            '\u{80}'..='\u{2e7f}' => 610,
            _ => 1000,
        })
        .sum();
    f64::from(units) * size / 1000.0
}

#[rustfmt::skip]
const WIDTHS: [u16; 95] = [
    228, 314, 423, 544, 538, 949, 739, 206, 384, 384, 458, 548, 307, 335, 307, 364, 547, 547, 547,
    547, 547, 547, 547, 547, 547, 547, 307, 307, 548, 548, 548, 430, 867, 712, 668, 663, 744, 634,
    610, 725, 809, 387, 394, 726, 616, 930, 757, 742, 637, 742, 707, 560, 650, 757, 706, 1020, 678,
    667, 592, 356, 364, 356, 548, 528, 400, 554, 630, 527, 623, 540, 374, 573, 650, 336, 313, 615,
    337, 961, 652, 590, 632, 613, 475, 475, 368, 640, 581, 850, 585, 592, 497, 365, 301, 365, 548,
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn titles_of_any_length_fit_in_three_lines() {
        let check = |title: &str, want: usize| {
            let (size, lines) = fit(title);
            assert_eq!(lines.len(), want, "{lines:?}");
            assert!(lines.iter().all(|l| width(l, size) <= LINE), "{size} {lines:?}");
        };
        check("", 1);
        check("Wound Care", 1);
        check("Responsible Use of Machine Learning", 2);
        check("Safeguarding Children and Young People in Out-of-School Settings", 3);
        check("Rindfleischetikettierungsüberwachungsaufgabenübertragungsgesetz", 3);
        check(&"Very long words ".repeat(20), 3);
        check(&"x".repeat(500), 3);
    }
}
