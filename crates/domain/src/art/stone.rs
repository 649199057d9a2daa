//! Stones: the stack on a badge, and progress as a stack.

use super::GROUND;
use super::chance::Chance;
use super::palette::Palette;
use std::fmt::Write;

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
    let mut chance = Chance::starting_at(0x9e37_79b9_7f4a_7c15);
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

/// The stack stands on the ground; the more stones, the flatter each.
pub fn cairn(svg: &mut String, p: &Palette, count: usize, chance: &mut Chance) {
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

#[cfg(test)]
mod tests {
    use super::*;

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
