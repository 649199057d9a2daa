//! Draws badges and progress as cairns: flat, rounded stones, stacked. Pure
//! functions from words to SVG that browsers and resvg both render.

use std::fmt::Write;

/// The family of the font that ships with the program for pictures.
pub const FONT_FAMILY: &str = "Cairn Serif";

/// What a badge picture says.
pub struct Motif<'a> {
    /// Name of the micro-credential; wrapped to at most three lines.
    pub title: &'a str,
    /// Who awards it; one line.
    pub issuer: &'a str,
    /// One of the six fields; an unknown one is drawn as granite.
    pub field: &'a str,
    /// EQF level 1 to 8: as many stones; three stones when none.
    pub level: Option<u8>,
    /// The same seed gives the same stones.
    pub seed: &'a str,
}

/// The badge picture, 400 by 400.
pub fn badge_svg(m: &Motif) -> String {
    let palette = palette(m.field);
    let mut chance = Chance::of(&[m.seed, m.field]);
    let id = format!("cairn-{:08x}", Chance::of(&[m.seed, m.title, m.issuer, m.field]).0 >> 32);
    let count = usize::from(m.level.unwrap_or(3).clamp(1, 8));
    let mut svg = format!(
        r#"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 400 400" width="400" height="400" role="img" aria-labelledby="{id}-t"><title id="{id}-t">{} – {}</title><clipPath id="{id}"><path d="{EDGE}"/></clipPath><g clip-path="url(#{id})">"#,
        escape(m.title),
        escape(m.issuer),
    );
    sky(&mut svg, &palette, &mut chance);
    land(&mut svg, &palette, &mut chance);
    cairn(&mut svg, &palette, count, &mut chance);
    svg.push_str("</g>");
    let _ = write!(
        svg,
        r#"<path d="{EDGE}" fill="none" stroke="{PAPER}" stroke-width="10"/><path d="{EDGE}" fill="none" stroke="{}" stroke-width="6"/><path d="{RING}" fill="none" stroke="{PAPER}" stroke-width="1.5" stroke-opacity="0.6"/>"#,
        palette.deep
    );
    words(&mut svg, m);
    svg.push_str("</svg>");
    svg
}

/// Progress as a cairn: stones laid from the ground up, the newest in ochre,
/// the missing ones in outline. More than eight are shown in proportion.
pub fn stones_svg(laid: usize, all: usize) -> String {
    let laid = laid.min(all);
    let shown = all.clamp(1, 8);
    let filled = match laid {
        0 => 0,
        n if n == all => shown,
        n => (n * shown / all).clamp(1, shown - 1),
    };
    let height = shown * 13 + 5;
    let mut svg = format!(
        r#"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 76 {height}" width="76" height="{height}" role="img"><title>{laid} / {all}</title>"#
    );
    let mut chance = Chance(0x9e37_79b9_7f4a_7c15);
    for i in 0..shown {
        let width = 68.0 - 36.0 * i as f64 / shown as f64;
        let centre = (38.0 + chance.between(-2.5, 2.5), height as f64 - 9.0 - 13.0 * i as f64);
        let (class, look) = match i {
            _ if i >= filled => {
                ("missing", r##"fill="none" stroke="#85817a" stroke-width="1.5" stroke-dasharray="3 3""##)
            }
            _ if i + 1 == filled => ("newest", r##"fill="#c98f24""##),
            _ if i % 2 == 0 => ("second", r##"fill="#76726b""##),
            _ => ("", r##"fill="#9a958c""##),
        };
        let shape = pebble(centre, (width, 12.4), &mut chance);
        let _ = write!(svg, r#"<path class="stone {class}" {look} d="{shape}"/>"#);
    }
    svg.push_str("</svg>");
    svg
}

const PAPER: &str = "#fdf8ec";
const EDGE: &str = "M200 6C366 6 394 34 394 200S366 394 200 394 6 366 6 200 34 6 200 6Z";
const RING: &str = "M200 15C360 15 385 40 385 200S360 385 200 385 15 360 15 200 40 15 200 15Z";
/// Where the ground of the picture begins and the words have their place.
const GROUND: f64 = 258.0;

#[derive(Clone, Copy)]
enum Land {
    Hills,
    Peaks,
    Waves,
}

struct Palette {
    sky: [&'static str; 3],
    sun: &'static str,
    far: &'static str,
    mid: &'static str,
    /// Behind the words; every one carries `PAPER` at 4.5:1 and more.
    deep: &'static str,
    stones: [&'static str; 3],
    top: &'static str,
    land: Land,
    night: bool,
}

fn palette(field: &str) -> Palette {
    let day = |sky, far, mid, deep, stones, land| Palette {
        sky,
        sun: "#fffaf0",
        far,
        mid,
        deep,
        stones,
        top: "#e0a030",
        land,
        night: false,
    };
    match field {
        "education" => day(
            ["#f2c58f", "#f7d8ab", "#fbe8c9"],
            "#c08a6a",
            "#84605f",
            "#3b2f52",
            ["#57515f", "#77707d", "#988f97"],
            Land::Hills,
        ),
        "healthcare" => day(
            ["#a5d4c8", "#c3e4d9", "#def1e9"],
            "#74b3a5",
            "#3f847b",
            "#14463f",
            ["#4c5a58", "#6f7d79", "#95a19b"],
            Land::Waves,
        ),
        "business" => day(
            ["#b3c4d8", "#cdd9e6", "#e6ecf2"],
            "#8ba0b8",
            "#556d87",
            "#20344b",
            ["#4d5661", "#6e7783", "#939ba5"],
            Land::Peaks,
        ),
        "technology" => Palette {
            sun: "#f6ecca",
            night: true,
            ..day(
                ["#1f2c56", "#31427a", "#4a5f9c"],
                "#2c3b6d",
                "#202c58",
                "#131a38",
                ["#7d839b", "#9aa0b5", "#b9bed0"],
                Land::Peaks,
            )
        },
        "creative" => day(
            ["#ef9e84", "#f5bb9f", "#fad7c0"],
            "#c8646c",
            "#8f3f5b",
            "#4e1f41",
            ["#5c4a57", "#7f6a74", "#a38d93"],
            Land::Waves,
        ),
        "human-skills" => day(
            ["#dcd68f", "#eae5b0", "#f6f1d0"],
            "#a8b162",
            "#6c853f",
            "#32451f",
            ["#56564a", "#78776a", "#9c9a8b"],
            Land::Hills,
        ),
        _ => day(
            ["#cfcbc3", "#dedbd4", "#eceae5"],
            "#b3aea4",
            "#8a857c",
            "#35322d",
            ["#57534c", "#78736b", "#9a958c"],
            Land::Hills,
        ),
    }
}

fn sky(svg: &mut String, p: &Palette, chance: &mut Chance) {
    let (x, y) = (200.0 + chance.between(-46.0, 46.0), chance.between(112.0, 142.0));
    let _ = write!(svg, r#"<path fill="{}" d="M0 0H400V400H0Z"/>"#, p.sky[0]);
    if p.night {
        for _ in 0..26 {
            let (sx, sy, r) =
                (chance.between(30.0, 370.0), chance.between(22.0, 170.0), chance.between(0.8, 1.9));
            let _ = write!(svg, r#"<circle cx="{sx:.1}" cy="{sy:.1}" r="{r:.1}" fill="{PAPER}"/>"#);
        }
    }
    for (r, fill) in [(158.0, p.sky[1]), (116.0, p.sky[2]), (74.0, p.sun)] {
        let _ = write!(svg, r#"<circle cx="{x:.1}" cy="{y:.1}" r="{r}" fill="{fill}"/>"#);
    }
    for _ in 0..if p.night { 34 } else { 0 } {
        let (sx, sy, r) =
            (chance.between(30.0, 370.0), chance.between(26.0, 168.0), chance.between(0.9, 2.1));
        if (sx - x).hypot(sy - y) > 84.0 {
            let _ = write!(svg, r#"<circle cx="{sx:.1}" cy="{sy:.1}" r="{r:.1}" fill="{PAPER}"/>"#);
        }
    }
}

fn land(svg: &mut String, p: &Palette, chance: &mut Chance) {
    for (fill, height, rise) in [(p.far, 196.0, 34.0), (p.mid, 226.0, 26.0), (p.deep, GROUND, 5.0)] {
        let line = match p.land {
            _ if rise < 10.0 => hills(height, rise, 3, chance),
            Land::Hills => hills(height, rise, 3, chance),
            Land::Peaks => peaks(height, rise * 1.25, chance),
            Land::Waves => hills(height + 10.0, rise * 0.45, 7, chance),
        };
        let _ = write!(svg, r#"<path fill="{fill}" d="{line}V400H0Z"/>"#);
    }
}

fn hills(height: f64, rise: f64, count: usize, chance: &mut Chance) -> String {
    let step = 400.0 / count as f64;
    let mut y = height + chance.between(-rise, rise);
    let mut line = format!("M0 {y:.1}");
    for i in 0..count {
        let next = height + if i % 2 == 0 { -rise } else { rise } * chance.between(0.5, 1.0);
        let (from, to) = (i as f64 * step, (i + 1) as f64 * step);
        let half = step * 0.5;
        let _ = write!(line, "C{:.1} {y:.1} {:.1} {next:.1} {to:.1} {next:.1}", from + half, to - half);
        y = next;
    }
    line
}

fn peaks(height: f64, rise: f64, chance: &mut Chance) -> String {
    let mut line = format!("M0 {:.1}", height + chance.between(-rise, rise));
    let mut x = 0.0;
    for i in 0..9 {
        x = if i == 8 { 400.0 } else { x + chance.between(34.0, 60.0) };
        let up = if i % 2 == 0 { -rise } else { rise * 0.7 };
        let _ = write!(line, "L{x:.1} {:.1}", height + up * chance.between(0.35, 1.0));
    }
    line
}

/// The stack stands on the ground; the more stones, the flatter each.
fn cairn(svg: &mut String, p: &Palette, count: usize, chance: &mut Chance) {
    let n = count as f64;
    let height = (206.0 / n).clamp(27.0, 62.0 - 3.0 * n);
    let base = 136.0 + 4.0 * n;
    let top = 98.0 - 4.0 * n;
    let mut y = GROUND + 4.0;
    for i in 0..count {
        let part = if count == 1 { 0.3 } else { i as f64 / (n - 1.0) };
        let size =
            (base + (top - base) * part + chance.between(-5.0, 5.0), height * chance.between(0.92, 1.08));
        let centre = (200.0 + chance.between(-5.0, 5.0) * (0.4 + part), y - size.1 / 2.0);
        let _ = write!(
            svg,
            r##"<ellipse cx="{:.1}" cy="{:.1}" rx="{:.1}" ry="4.5" fill="#000" fill-opacity="0.28"/>"##,
            centre.0,
            y - 1.0,
            size.0 * 0.42
        );
        let fill = if i + 1 == count { p.top } else { p.stones[i % 3] };
        stone(svg, centre, size, fill, chance);
        y -= size.1 - 2.5;
    }
}

fn stone(svg: &mut String, centre: (f64, f64), size: (f64, f64), fill: &str, chance: &mut Chance) {
    let ((x, y), (w, h)) = (centre, size);
    let shape = pebble(centre, size, chance);
    let light = pebble((x - w * 0.05, y - h * 0.17), (w * 0.8, h * 0.5), chance);
    let _ = write!(
        svg,
        r##"<path d="{shape}" fill="{fill}"/><path d="{light}" fill="#fff" fill-opacity="0.16"/>"##
    );
    let (left, bend) = (x - w * chance.between(0.22, 0.36), chance.between(-0.16, 0.16) * h);
    let length = w * chance.between(0.3, 0.6);
    let _ = write!(
        svg,
        r##"<path d="M{left:.1} {:.1}q{:.1} {bend:.1} {length:.1} {:.1}" fill="none" stroke="#fff" stroke-opacity="0.5" stroke-width="1.8" stroke-linecap="round"/>"##,
        y + h * 0.12,
        length / 2.0,
        bend * 0.4,
    );
}

/// A flat, rounded stone: an ellipse with a heavy belly, no two quite alike.
fn pebble(centre: (f64, f64), size: (f64, f64), chance: &mut Chance) -> String {
    let ((x, y), hw, hh) = (centre, size.0 / 2.0, size.1 / 2.0);
    let (left, right) = (y + hh * chance.between(-0.05, 0.3), y + hh * chance.between(-0.05, 0.3));
    let (top, bottom) = (x + hw * chance.between(-0.18, 0.18), x + hw * chance.between(-0.1, 0.1));
    let (crown, belly) = (hw * chance.between(0.62, 0.74), hw * chance.between(0.66, 0.76));
    let (rise, sink) = (hh * 0.72, hh * 0.62);
    format!(
        "M{:.1} {left:.1}C{:.1} {:.1} {:.1} {:.1} {top:.1} {:.1}S{:.1} {:.1} {:.1} {right:.1}S{:.1} {:.1} {bottom:.1} {:.1}S{:.1} {:.1} {:.1} {left:.1}Z",
        x - hw,
        x - hw,
        left - rise,
        top - crown,
        y - hh,
        y - hh,
        x + hw,
        right - rise,
        x + hw,
        bottom + belly,
        y + hh,
        y + hh,
        x - hw,
        left + sink,
        x - hw,
    )
}

fn words(svg: &mut String, m: &Motif) {
    let (size, lines) = fit(m.title);
    let leading = size * 1.14;
    let block = leading * (lines.len() as f64 - 1.0);
    let middle = if lines.len() > 2 { 303.0 } else { 308.0 };
    let first = middle - block / 2.0 + size * 0.33;
    let font = format!(
        r#"font-family="'{FONT_FAMILY}', Georgia, serif" font-weight="600" fill="{PAPER}" text-anchor="middle""#
    );
    for (i, line) in lines.iter().enumerate() {
        let y = first + leading * i as f64;
        let _ = write!(svg, r#"<text x="200" y="{y:.1}" font-size="{size}" {font}>{}</text>"#, escape(line));
    }
    let issuer = squeeze(m.issuer);
    let size = if width(&issuer, 15.0) <= ISSUER_LINE { 15.0 } else { 13.0 };
    let issuer = shorten(&issuer, size, ISSUER_LINE);
    let _ = write!(svg, r#"<text x="200" y="365" font-size="{size}" {font}>{}</text>"#, escape(&issuer));
}

/// The largest size at which the title has its place, and its lines.
fn fit(title: &str) -> (f64, Vec<String>) {
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

const LINE: f64 = 300.0;
const ISSUER_LINE: f64 = 244.0;

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

fn shorten(text: &str, size: f64, room: f64) -> String {
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
fn squeeze(text: &str) -> String {
    let clean: String = text
        .chars()
        .map(|c| if c.is_control() || ('\u{fffe}'..='\u{ffff}').contains(&c) { ' ' } else { c })
        .collect();
    clean.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn escape(text: &str) -> String {
    squeeze(text)
        .replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;")
        .replace('\'', "&#39;")
}

/// Width in pixels, by the shipped font's own figures for ASCII.
fn width(text: &str, size: f64) -> f64 {
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

/// Variation that is the same every time: not for secrets.
struct Chance(u64);

impl Chance {
    fn of(words: &[&str]) -> Self {
        let mut hash = 0xcbf2_9ce4_8422_2325_u64;
        for byte in words.iter().flat_map(|word| word.bytes().chain([0])) {
            hash = (hash ^ u64::from(byte)).wrapping_mul(0x100_0000_01b3);
        }
        Self(hash | 1)
    }

    fn between(&mut self, low: f64, high: f64) -> f64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        low + (high - low) * (self.0 >> 11) as f64 / (1_u64 << 53) as f64
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const FIELDS: [&str; 7] =
        ["education", "healthcare", "business", "technology", "creative", "human-skills", "other"];

    fn motif<'a>(title: &'a str, issuer: &'a str) -> Motif<'a> {
        Motif { title, issuer, field: "education", level: Some(5), seed: "s" }
    }

    #[test]
    fn words_cannot_leave_their_place_in_the_document() {
        let svg = badge_svg(&motif("</text><script>\"'&", "A & B\u{0}\u{1b}"));
        assert!(!svg.contains("<script"));
        assert!(svg.contains("A &amp; B</text>"));
        assert!(!svg.chars().any(char::is_control));
    }

    #[test]
    fn the_same_words_give_the_same_badge() {
        assert_eq!(badge_svg(&motif("Care", "Clinic")), badge_svg(&motif("Care", "Clinic")));
        assert_ne!(
            badge_svg(&motif("Care", "Clinic")),
            badge_svg(&Motif { seed: "t", ..motif("Care", "Clinic") })
        );
    }

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

    #[test]
    fn a_badge_has_as_many_stones_as_its_level() {
        let check = |level, want| {
            let svg = badge_svg(&Motif { level, ..motif("Care", "Clinic") });
            assert_eq!(svg.matches("<ellipse").count(), want, "{level:?}");
        };
        check(Some(1), 1);
        check(Some(8), 8);
        check(Some(0), 1);
        check(Some(99), 8);
        check(None, 3);
    }

    #[test]
    fn the_words_stand_out_from_their_ground() {
        let light = |hex: &str| {
            let part = |i: usize| {
                let v = f64::from(u8::from_str_radix(&hex[i..i + 2], 16).unwrap()) / 255.0;
                if v <= 0.040_45 { v / 12.92 } else { ((v + 0.055) / 1.055).powf(2.4) }
            };
            0.2126 * part(1) + 0.7152 * part(3) + 0.0722 * part(5)
        };
        for field in FIELDS {
            let ratio = (light(PAPER) + 0.05) / (light(palette(field).deep) + 0.05);
            assert!(ratio >= 7.0, "{field}: {ratio:.2}");
        }
    }

    #[test]
    fn progress_shows_what_is_laid_and_what_is_missing() {
        let check = |laid, all, full: usize, missing: usize| {
            let svg = stones_svg(laid, all);
            let outlined = svg.matches("stone missing").count();
            assert_eq!(
                (svg.matches("<path").count() - outlined, outlined),
                (full, missing),
                "{laid} of {all}"
            );
        };
        check(0, 0, 0, 1);
        check(0, 3, 0, 3);
        check(2, 5, 2, 3);
        check(5, 5, 5, 0);
        check(1, 40, 1, 7);
        check(39, 40, 7, 1);
        check(9, 3, 3, 0);
    }
}
