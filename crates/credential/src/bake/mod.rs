//! Badges inside pictures: a credential baked into a PNG or SVG file, and taken out again (Open Badges
//! 3.0, 5.3; Open Badges 2.0 Baking).
//!
//! Files come from anywhere: every length is checked, nothing unpacks without bound.
//!
//! ```
//! use cairn_credential::bake::{Version, bake_svg, unbake};
//!
//! let picture = bake_svg("<svg xmlns=\"http://www.w3.org/2000/svg\"/>", r#"{"id":"urn:x:1"}"#)?;
//! let baked = unbake(picture.as_bytes())?;
//! assert_eq!((baked.text.as_str(), baked.version), (r#"{"id":"urn:x:1"}"#, Version::OpenBadges3));
//! # Ok::<(), cairn_credential::bake::BakeError>(())
//! ```

mod png;
mod svg;

/// The largest picture that is read.
pub const MOST_PICTURE_BYTES: usize = 32 * 1024 * 1024;
/// The largest credential that is baked or taken out.
pub const MOST_TEXT_BYTES: usize = 4 * 1024 * 1024;

/// The kinds of pictures a badge can be baked into.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Picture {
    /// Portable Network Graphics.
    Png,
    /// Scalable Vector Graphics.
    Svg,
}

impl Picture {
    /// Tells a picture by its first bytes.
    pub fn sniff(bytes: &[u8]) -> Option<Self> {
        if bytes.starts_with(png::SIGNATURE) {
            return Some(Self::Png);
        }
        let text = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes).trim_ascii_start();
        text.starts_with(b"<").then_some(Self::Svg)
    }
}

/// Which version of Open Badges a baked text is of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Version {
    /// An Open Badges 3.0 credential: JSON or compact JWS.
    OpenBadges3,
    /// An Open Badges 2.0 assertion: JSON, compact JWS, or the URL of a hosted one.
    OpenBadges2,
}

/// What was found in a picture.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BakedBadge {
    /// JSON, compact JWS or (Open Badges 2.0) a URL.
    pub text: String,
    /// Of which version.
    pub version: Version,
}

/// A badge beside the one that [`unbake`] takes out of a picture.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Other {
    /// The first that says something else.
    pub baked: Result<BakedBadge, BakeError>,
    /// How many there are in all.
    pub badges: usize,
}

/// Why a picture cannot be baked or unbaked.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BakeError {
    /// Neither PNG nor SVG.
    #[error("this is neither a PNG nor an SVG picture")]
    NotAPicture,
    /// The PNG file breaks the rules of the format.
    #[error("the PNG picture is damaged: {0}")]
    Png(&'static str),
    /// The SVG file is not well-formed XML with an `svg` root.
    #[error("the SVG picture is damaged: {0}")]
    Svg(String),
    /// There is no badge in the picture.
    #[error(
        "there is no badge in this picture: ask for the file that was issued, pictures copied from a page may have lost it"
    )]
    NothingBaked,
    /// The picture or the text is too large.
    #[error("the picture or its badge is too large: {0} bytes at most")]
    TooLarge(usize),
}

/// Bakes a credential (JSON or compact JWS) into a PNG: one uncompressed `iTXt` chunk with the keyword
/// `openbadgecredential`. A badge baked earlier is replaced; all else stays byte for byte.
pub fn bake_png(png: &[u8], text: &str) -> Result<Vec<u8>, BakeError> {
    check_sizes(png.len(), text)?;
    png::bake(png, text, Version::OpenBadges3)
}

/// Bakes a credential (JSON or compact JWS) into an SVG: an `openbadges:credential` element, the first in
/// the root. A badge baked earlier is replaced; all else stays as it was.
pub fn bake_svg(svg: &str, json_or_jws: &str) -> Result<String, BakeError> {
    check_sizes(svg.len(), json_or_jws)?;
    svg::bake(svg, json_or_jws, Version::OpenBadges3)
}

/// Bakes an Open Badges 2.0 assertion (JSON, compact JWS or URL) into a PNG or SVG.
pub fn bake_open_badges_2(picture: &[u8], text: &str) -> Result<Vec<u8>, BakeError> {
    check_sizes(picture.len(), text)?;
    match Picture::sniff(picture).ok_or(BakeError::NotAPicture)? {
        Picture::Png => png::bake(picture, text, Version::OpenBadges2),
        Picture::Svg => svg::bake(utf8(picture)?, text, Version::OpenBadges2).map(String::into_bytes),
    }
}

/// Takes the badge out of a PNG or SVG. If both versions are there, Open Badges 3.0 wins.
pub fn unbake(bytes: &[u8]) -> Result<BakedBadge, BakeError> {
    check_sizes(bytes.len(), "")?;
    match Picture::sniff(bytes).ok_or(BakeError::NotAPicture)? {
        Picture::Png => png::unbake(bytes),
        Picture::Svg => svg::unbake(utf8(bytes)?),
    }
}

/// Looks for a second badge in a PNG or SVG, which another reader might take: of the other version, or in
/// another place. One that says the same as the first is none.
pub fn other(bytes: &[u8]) -> Option<Other> {
    check_sizes(bytes.len(), "").ok()?;
    match Picture::sniff(bytes)? {
        Picture::Png => png::other(bytes),
        Picture::Svg => svg::other(utf8(bytes).ok()?),
    }
}

fn check_sizes(picture: usize, text: &str) -> Result<(), BakeError> {
    if picture > MOST_PICTURE_BYTES {
        return Err(BakeError::TooLarge(MOST_PICTURE_BYTES));
    }
    if text.len() > MOST_TEXT_BYTES { Err(BakeError::TooLarge(MOST_TEXT_BYTES)) } else { Ok(()) }
}

fn utf8(bytes: &[u8]) -> Result<&str, BakeError> {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    std::str::from_utf8(bytes).map_err(|_| BakeError::Svg("it is not UTF-8".to_owned()))
}
