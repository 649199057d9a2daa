//! Pictures that people upload, made safe; SVG drawn as PNG.

use crate::picture_fault::PictureFault;
use anyhow::{Context, Result, bail, ensure};
use resvg::tiny_skia::{Pixmap, Transform};
use resvg::usvg::{self, fontdb};
use std::io::Cursor;
use std::sync::{Arc, OnceLock};

/// Largest picture that is read.
pub const MOST_BYTES: usize = 2 * 1024 * 1024;
/// Largest picture that is kept: pixels written anew may need more bytes than they came in.
pub const MOST_STORED: u64 = 32 * 1024 * 1024;
/// Longest side that is kept.
const MOST_PIXELS: u32 = 2000;
/// Longer side at which an SVG's work is counted, the one at which badges are drawn.
const SIDE: u32 = 600;
/// Bytes of the decoded pixels of a PNG.
const MOST_DECODED: u64 = 64 * 1024 * 1024;
/// Largest SVG after it was written anew.
const MOST_SVG: usize = 4 * 1024 * 1024;

fn fonts() -> Arc<fontdb::Database> {
    static FONTS: OnceLock<Arc<fontdb::Database>> = OnceLock::new();
    FONTS
        .get_or_init(|| {
            let mut db = fontdb::Database::new();
            db.load_font_data(include_bytes!("../font/cairn-serif-600.ttf").to_vec());
            Arc::new(db)
        })
        .clone()
}

/// Reads SVG without anything from outside: no files, no addresses; known
/// elements only, within a budget ([`super::svg`]).
fn parse(svg: &str, side: u32) -> Result<usvg::Tree> {
    let mut options = usvg::Options {
        fontdb: fonts(),
        image_href_resolver: usvg::ImageHrefResolver {
            resolve_string: Box::new(|_, _| None),
            resolve_data: Box::new(|_, _, _| None),
        },
        ..usvg::Options::default()
    };
    options.resources_dir = None;
    if let Some(face) = options.fontdb.faces().next()
        && let Some((name, _)) = face.families.first()
    {
        options.font_family.clone_from(name);
    }
    super::svg::read(svg, &options, side)
}

/// Drawing takes a core and up to 100 MiB: two at a time, whoever asks.
pub static DRAWING: tokio::sync::Semaphore = tokio::sync::Semaphore::const_new(2);

/// Draws an SVG as a PNG whose longer side has `side` pixels.
pub fn svg_to_png(svg: &str, side: u32) -> Result<Vec<u8>> {
    let tree = parse(svg, side)?;
    let size = tree.size();
    let scale = side as f32 / size.width().max(size.height());
    let (w, h) = ((size.width() * scale).round() as u32, (size.height() * scale).round() as u32);
    ensure!((1..=4000).contains(&w) && (1..=4000).contains(&h), PictureFault::Unreadable);
    let mut pixels = Pixmap::new(w, h).context(PictureFault::Unreadable)?;
    resvg::render(&tree, Transform::from_scale(scale, scale), &mut pixels.as_mut());
    pixels.encode_png().context("writing the PNG")
}

/// Draws an SVG's text as shapes, so that it looks the same everywhere.
pub fn svg_without_text(svg: &str) -> Result<String> {
    Ok(parse(svg, SIDE)?.to_string(&usvg::WriteOptions::default()))
}

/// The same PNG when its longer side has at most `side` pixels, a smaller one otherwise.
pub fn fit_png(png: &[u8], side: u32) -> Result<Vec<u8>> {
    let picture = decode(png)?;
    if picture.width().max(picture.height()) <= side {
        return Ok(png.to_vec());
    }
    let mut out = vec![];
    picture
        .resize(side, side, image::imageops::FilterType::Lanczos3)
        .write_to(&mut Cursor::new(&mut out), image::ImageFormat::Png)?;
    Ok(out)
}

/// A picture that was uploaded, as it is kept.
#[derive(Debug)]
pub enum Safe {
    /// PNG bytes, decoded and written anew: nothing but pixels is left.
    Png(Vec<u8>),
    /// SVG text, read and written anew: shapes only; scripts, links, styles
    /// and foreign content are gone.
    Svg(String),
}

/// Makes an upload safe: told by its content, not by its name.
pub fn make_safe(bytes: &[u8]) -> Result<Safe> {
    ensure!(bytes.len() <= MOST_BYTES, PictureFault::Large);
    if bytes.starts_with(SIGNATURE) {
        let picture = decode(bytes)?;
        ensure!(picture.width() >= 90 && picture.height() >= 90, PictureFault::Small);
        let picture = picture.thumbnail(MOST_PIXELS.min(picture.width()), MOST_PIXELS.min(picture.height()));
        let mut out = vec![];
        picture.write_to(&mut Cursor::new(&mut out), image::ImageFormat::Png)?;
        return Ok(Safe::Png(out));
    }
    let head = String::from_utf8_lossy(&bytes[..bytes.len().min(1024)]);
    if head.contains("<svg") || head.trim_start().starts_with("<?xml") || head.contains("<!ENTITY") {
        let text = std::str::from_utf8(bytes).context(PictureFault::NotUtf8)?;
        let safe =
            parse(text.trim_start_matches('\u{feff}'), SIDE)?.to_string(&usvg::WriteOptions::default());
        ensure!(safe.len() <= MOST_SVG, PictureFault::Complicated);
        // it must be drawn later, so it is now
        svg_to_png(&safe, SIDE)?;
        return Ok(Safe::Svg(safe));
    }
    bail!(PictureFault::Kind)
}

const SIGNATURE: &[u8] = b"\x89PNG\r\n\x1a\n";

/// The pixels of a PNG. Only the chunks that make them are read: profiles and
/// texts unpack to whatever their writer likes.
fn decode(png: &[u8]) -> Result<image::DynamicImage> {
    let plain = pixels_only(png).context(PictureFault::UnreadablePng)?;
    let mut reader = image::ImageReader::with_format(Cursor::new(&plain), image::ImageFormat::Png);
    let mut limits = image::Limits::default();
    limits.max_image_width = Some(MOST_PIXELS * 2);
    limits.max_image_height = Some(MOST_PIXELS * 2);
    limits.max_alloc = Some(96 * 1024 * 1024);
    reader.limits(limits);
    reader.decode().context(PictureFault::UnreadablePng)
}

/// The PNG with the chunks that make its pixels; none when it is no PNG, or its
/// pixels would be too many.
fn pixels_only(png: &[u8]) -> Option<Vec<u8>> {
    let mut out = SIGNATURE.to_vec();
    let mut rest = png.strip_prefix(SIGNATURE)?;
    while rest.len() >= 12 {
        let length = u32::from_be_bytes(rest[..4].try_into().ok()?) as usize;
        let chunk = rest.get(..length.checked_add(12)?)?;
        let (kind, data) = (&chunk[4..8], &chunk[8..8 + length]);
        if kind == b"IHDR" {
            let side =
                |at: usize| Some(u64::from(u32::from_be_bytes(data.get(at..at + 4)?.try_into().ok()?)));
            let depth: u64 = if *data.get(8)? == 16 { 2 } else { 1 };
            if side(0)?.checked_mul(side(4)?)?.checked_mul(4 * depth)? > MOST_DECODED {
                return None;
            }
        }
        if matches!(kind, b"IHDR" | b"PLTE" | b"tRNS" | b"IDAT" | b"IEND") {
            out.extend_from_slice(chunk);
        }
        rest = &rest[chunk.len()..];
    }
    Some(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_uploaded_svg_keeps_nothing_but_shapes() {
        let evil = r##"<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" width="100" height="100" onload="alert(1)">
            <script>alert(2)</script><a xlink:href="javascript:alert(3)"><rect width="50" height="50" fill="#123456" onclick="alert(4)"/></a>
            <image xlink:href="file:///etc/passwd" width="10" height="10"/><image href="https://evil.example/x.png" width="10" height="10"/>
            <foreignObject><body xmlns="http://www.w3.org/1999/xhtml"><iframe src="https://evil.example"/></body></foreignObject></svg>"##;
        let Safe::Svg(svg) = make_safe(evil.as_bytes()).unwrap() else { panic!("not SVG") };
        for word in
            ["script", "onload", "onclick", "javascript", "file:", "evil.example", "foreignObject", "iframe"]
        {
            assert!(!svg.contains(word), "{word} is still in {svg}");
        }
        assert!(svg.contains("#123456"));
    }

    #[test]
    fn what_is_no_picture_is_refused() {
        let check = |bytes: &[u8], want: PictureFault| {
            assert_eq!(PictureFault::of(&make_safe(bytes).unwrap_err()), want);
        };
        check(b"MZ\x90\0", PictureFault::Kind);
        check(b"\x89PNG\r\n\x1a\n\0\0\0\0", PictureFault::UnreadablePng);
        check(b"<svg><!ENTITY a 'b'></svg>", PictureFault::Entities);
        check(&vec![0; MOST_BYTES + 1], PictureFault::Large);
    }
}
