//! What lies behind the cairn: sky and land.

use super::GROUND;
use super::chance::Chance;
use super::palette::{Land, PAPER, Palette};
use std::fmt::Write;

/// The sky with its sun; by night with stars.
pub fn sky(svg: &mut String, p: &Palette, chance: &mut Chance) {
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

/// Three rows of hills, the nearest behind the words.
pub fn land(svg: &mut String, p: &Palette, chance: &mut Chance) {
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
