//! The words on a badge: title and issuer.

use super::Motif;
use super::measure::{ISSUER_LINE, escape, fit, shorten, squeeze, width};
use super::palette::PAPER;
use std::fmt::Write;

/// The family of the font that ships with the program for pictures.
const FONT_FAMILY: &str = "Cairn Serif";

/// Writes both into the picture.
pub fn write(svg: &mut String, m: &Motif) {
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
