//! Draws badges and progress as cairns: flat, rounded stones, stacked. Pure
//! functions from words to SVG that browsers and resvg both render.
//!
//! | module | draws |
//! |---|---|
//! | `palette` | the colours of each field, and its kind of land |
//! | `scene` | sky, sun, stars, hills |
//! | `stone` | single stones, the stack on a badge, progress |
//! | `words` | title and issuer, at the size that fits |
//! | `measure` | how wide a text is, where it breaks |
//! | `chance` | variation that is the same every time |

mod chance;
mod measure;
mod palette;
mod scene;
mod stone;
mod words;

pub use stone::stones_svg;

use chance::Chance;
use measure::escape;
use palette::{PAPER, palette};
use std::fmt::Write;

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
    let id = format!("cairn-{:08x}", Chance::of(&[m.seed, m.title, m.issuer, m.field]).number() >> 32);
    let count = usize::from(m.level.unwrap_or(3).clamp(1, 8));
    let mut svg = format!(
        r#"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 400 400" width="400" height="400" role="img" aria-labelledby="{id}-t"><title id="{id}-t">{} – {}</title><clipPath id="{id}"><path d="{EDGE}"/></clipPath><g clip-path="url(#{id})">"#,
        escape(m.title),
        escape(m.issuer),
    );
    scene::sky(&mut svg, &palette, &mut chance);
    scene::land(&mut svg, &palette, &mut chance);
    stone::cairn(&mut svg, &palette, count, &mut chance);
    svg.push_str("</g>");
    let _ = write!(
        svg,
        r#"<path d="{EDGE}" fill="none" stroke="{PAPER}" stroke-width="10"/><path d="{EDGE}" fill="none" stroke="{}" stroke-width="6"/><path d="{RING}" fill="none" stroke="{PAPER}" stroke-width="1.5" stroke-opacity="0.6"/>"#,
        palette.deep
    );
    words::write(&mut svg, m);
    svg.push_str("</svg>");
    svg
}

const EDGE: &str = "M200 6C366 6 394 34 394 200S366 394 200 394 6 366 6 200 34 6 200 6Z";
const RING: &str = "M200 15C360 15 385 40 385 200S360 385 200 385 15 360 15 200 40 15 200 15Z";
/// Where the ground of the picture begins and the words have their place.
const GROUND: f64 = 258.0;

#[cfg(test)]
mod snapshot;

#[cfg(test)]
mod tests {
    use super::*;

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
}
