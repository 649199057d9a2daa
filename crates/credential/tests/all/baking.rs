//! Badges in pictures, ours, others' and hostile ones.

use cairn_credential::bake::{BakeError, Version, bake_open_badges_2, bake_png, bake_svg, unbake};
use cairn_credential::check::{Outcome, Verdict, check};
use proptest::prelude::*;

use crate::sample::{facts, signed};
use crate::shared;

/// A picture of one transparent pixel.
const PIXEL: &[u8] = &[
    137, 80, 78, 71, 13, 10, 26, 10, 0, 0, 0, 13, 73, 72, 68, 82, 0, 0, 0, 1, 0, 0, 0, 1, 8, 6, 0, 0, 0, 31,
    21, 196, 137, 0, 0, 0, 11, 73, 68, 65, 84, 120, 156, 99, 96, 0, 2, 0, 0, 5, 0, 1, 122, 94, 171, 63, 0, 0,
    0, 0, 73, 69, 78, 68, 174, 66, 96, 130,
];
const SVG: &str = "<?xml version=\"1.0\"?>\n<!-- a <svg> --><svg xmlns=\"http://www.w3.org/2000/svg\" width='1'><g/></svg>\n";
const JWS: &str = "eyJhbGciOiJFZERTQSJ9.eyJhIjoxfQ.c2ln";

#[test]
fn baked_pictures_verify() {
    let text = signed().to_string();
    let png = bake_png(PIXEL, &text).unwrap();
    let svg = bake_svg(SVG, &text).unwrap();
    for picture in [png.as_slice(), svg.as_bytes()] {
        let baked = unbake(picture).unwrap();
        assert_eq!((baked.text.as_str(), baked.version), (text.as_str(), Version::OpenBadges3));
        let checked = check(picture, &facts());
        assert_eq!(checked.report.verdict, Verdict::Verified, "{:#?}", checked.report);
    }
}

#[test]
fn baking_again_replaces() {
    let once = bake_png(PIXEL, "{\"a\":1}").unwrap();
    let twice = bake_png(&once, "{\"a\":2}").unwrap();
    assert_eq!(unbake(&twice).unwrap().text, "{\"a\":2}");
    assert_eq!(once.len(), twice.len());
    let once = bake_svg(SVG, "{\"a\":1}").unwrap();
    let twice = bake_svg(&once, JWS).unwrap();
    assert_eq!(unbake(twice.as_bytes()).unwrap().text, JWS);
    assert_eq!(twice.matches("openbadges:credential").count(), 1);
    assert_eq!(twice.matches("xmlns:openbadges").count(), 1);
}

#[test]
fn all_else_stays_as_it_was() {
    let baked = bake_svg(SVG, "{\"end\":\"]]>\"}").unwrap();
    assert!(baked.starts_with("<?xml version=\"1.0\"?>\n<!-- a <svg> --><svg xmlns=\"http://www.w3.org/2000/svg\" width='1' xmlns:openbadges="));
    assert!(baked.ends_with("<g/></svg>\n"));
    assert_eq!(unbake(baked.as_bytes()).unwrap().text, "{\"end\":\"]]>\"}");
    let empty = bake_svg("<s:svg xmlns:s='http://www.w3.org/2000/svg'/>", JWS).unwrap();
    assert!(empty.ends_with("</s:svg>"), "{empty}");
    assert_eq!(unbake(empty.as_bytes()).unwrap().text, JWS);
    let png = bake_png(PIXEL, "x").unwrap();
    assert!(png.ends_with(&PIXEL[33..]));
}

#[test]
fn a_byte_order_mark_stays_where_it_was() {
    let marked = bake_svg(&format!("\u{feff}{SVG}"), JWS).unwrap();
    assert_eq!(marked, format!("\u{feff}{}", bake_svg(SVG, JWS).unwrap()));
    assert_eq!(unbake(marked.as_bytes()).unwrap().text, JWS);
    assert!(bake_svg(&format!("\u{feff}\u{feff}{SVG}"), JWS).is_err());
}

#[test]
fn both_versions_live_side_by_side() {
    for picture in [PIXEL, SVG.as_bytes()] {
        let older = bake_open_badges_2(picture, "https://a.example/assertion?a=1&b=2").unwrap();
        let baked = unbake(&older).unwrap();
        assert_eq!(
            (baked.text.as_str(), baked.version),
            ("https://a.example/assertion?a=1&b=2", Version::OpenBadges2)
        );
        let both = match std::str::from_utf8(&older) {
            Ok(svg) => bake_svg(svg, "{}").unwrap().into_bytes(),
            Err(_) => bake_png(&older, "{}").unwrap(),
        };
        assert_eq!(unbake(&both).unwrap().version, Version::OpenBadges3);
    }
}

#[test]
fn other_ways_of_writing_are_read() {
    let escaped = "<svg><openbadges:credential xmlns:openbadges=\"https://purl.imsglobal.org/ob/v3p0\">{&quot;a&quot;:&#49;, &lt;&#x3e;}</openbadges:credential></svg>";
    assert_eq!(unbake(escaped.as_bytes()).unwrap().text, "{\"a\":1, <>}");
    let default =
        "<svg><credential xmlns='https://purl.imsglobal.org/ob/v3p0' verify='a.b.c'></credential></svg>";
    assert_eq!(unbake(default.as_bytes()).unwrap().text, "a.b.c");
    let elsewhere = "<svg xmlns:openbadges='https://other.example'><openbadges:credential verify='a'/></svg>";
    assert_eq!(unbake(elsewhere.as_bytes()), Err(BakeError::NothingBaked));
}

#[test]
fn samples_of_others_are_read() {
    let Some(vectors) = shared::vectors() else { return };
    let read = |name: &str| {
        unbake(&std::fs::read(vectors.join(name)).unwrap()).unwrap_or_else(|error| panic!("{name}: {error}"))
    };
    for (name, version, start) in [
        ("ob30/simple-json.png", Version::OpenBadges3, "{"),
        ("ob30/simple-json.svg", Version::OpenBadges3, "{"),
        ("ob30/simple-jwt.png", Version::OpenBadges3, "ey"),
        ("ob30/simple-jwt.svg", Version::OpenBadges3, "ey"),
        ("baked/simple-json.png", Version::OpenBadges3, "{"),
        ("baked/simple-json.svg", Version::OpenBadges3, "{"),
        ("baked/baked_heart.png", Version::OpenBadges2, ""),
        ("baked/baked_example.svg", Version::OpenBadges2, ""),
    ] {
        let baked = read(name);
        assert_eq!(baked.version, version, "{name}");
        assert!(baked.text.trim_start().starts_with(start), "{name}: {}", baked.text);
    }
    for plain in ["baked/public_domain_heart.png", "baked/unbaked_example.svg"] {
        assert_eq!(
            unbake(&std::fs::read(vectors.join(plain)).unwrap()),
            Err(BakeError::NothingBaked),
            "{plain}"
        );
        let picture = std::fs::read(vectors.join(plain)).unwrap();
        let baked = match std::str::from_utf8(&picture) {
            Ok(svg) => bake_svg(svg, JWS).unwrap().into_bytes(),
            Err(_) => bake_png(&picture, JWS).unwrap(),
        };
        assert_eq!(unbake(&baked).unwrap().text, JWS);
    }
}

#[test]
fn hostile_pictures_are_refused() {
    let long = [&PIXEL[..33], &[0xff, 0xff, 0xff, 0xff], b"iTXt", b"openbadgecredential"].concat();
    let huge = "<svg>".to_owned() + &"<g>".repeat(1_000_000);
    let entity = "<!DOCTYPE svg [<!ENTITY a \"aaaa\"><!ENTITY b \"&a;&a;\">]><svg><credential xmlns=\"https://purl.imsglobal.org/ob/v3p0\">&b;</credential></svg>";
    let mut broken = PIXEL.to_vec();
    broken[30] ^= 1;
    for hostile in [
        long.as_slice(),
        huge.as_bytes(),
        entity.as_bytes(),
        &broken,
        &PIXEL[..40],
        b"<svg",
        b"<html/>",
        b"<svg><a></b></svg>",
    ] {
        assert!(unbake(hostile).is_err());
        let checked = check(hostile, &facts());
        assert_eq!(checked.report.checks[0].outcome, Outcome::Failed);
    }
    let many = "<svg xmlns:a='https://purl.imsglobal.org/ob/v3p0'>".to_owned()
        + &"<a:credential/>".repeat(100_000)
        + "</svg>";
    assert_eq!(unbake(many.as_bytes()), Err(BakeError::NothingBaked));
}

proptest! {
    #[test]
    fn no_file_makes_us_panic(start in 0..4usize, at in 0..4000usize, bytes in proptest::collection::vec(any::<u8>(), 0..40)) {
        let text = signed().to_string();
        let mut file = match start {
            0 => bake_png(PIXEL, &text[..200]).unwrap(),
            1 => bake_svg(SVG, &text[..200]).unwrap().into_bytes(),
            2 => text.into_bytes(),
            _ => Vec::new(),
        };
        let at = at.min(file.len());
        let end = (at + bytes.len()).min(file.len());
        file.splice(at..end, bytes);
        let _ = check(&file, &facts());
        let _ = unbake(&file);
    }
}
