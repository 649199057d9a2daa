//! Badges are drawn anew whenever they are asked for: what a picture shows today it shows tomorrow.

use super::chance::Chance;
use super::{Motif, badge_svg, stones_svg};
use std::fmt::Write;

const FIELDS: [&str; 7] =
    ["education", "healthcare", "business", "technology", "creative", "human-skills", "other"];

/// Titles of one line to more than three, and what XML escapes.
const TITLES: [&str; 6] = [
    "Wound Care",
    "Responsible Use of Machine Learning",
    "Safeguarding Children and Young People in Out-of-School Settings",
    "Rindfleischetikettierungsüberwachungsaufgabenübertragungsgesetz",
    "R&D <for> \"beginners\"",
    "Very long words very long words very long words very long words very long words very long words",
];

#[test]
fn a_badge_stays_as_it_was_drawn() {
    let motif = Motif {
        title: "Small proofs of skill",
        issuer: "Cairn",
        field: "technology",
        level: Some(6),
        seed: "front",
    };
    insta::assert_snapshot!("badge", badge_svg(&motif).replace("><", ">\n<"));
    insta::assert_snapshot!("stones", stones_svg(2, 5).replace("><", ">\n<"));
}

/// One number for each of many pictures: whichever changes is named.
#[test]
fn every_field_level_and_title_stays_as_it_was_drawn() {
    let mut table = String::new();
    for field in FIELDS {
        for (title, level) in TITLES.iter().zip([None, Some(1), Some(2), Some(5), Some(8), Some(99)]) {
            let motif =
                Motif { title, issuer: "Nordfjord Clinic for Wounds & Scars", field, level, seed: title };
            let number = Chance::of(&[&badge_svg(&motif)]).number();
            let _ = writeln!(table, "{field} {level:?} {title}: {number:016x}");
        }
    }
    for (laid, all) in [(0, 0), (0, 3), (2, 5), (5, 5), (1, 40), (39, 40)] {
        let number = Chance::of(&[&stones_svg(laid, all)]).number();
        let _ = writeln!(table, "{laid} of {all}: {number:016x}");
    }
    insta::assert_snapshot!("all", table);
}
