//! SVG files: the badge is an element of its own namespace.

use std::fmt::Write as _;
use std::ops::Range;

use quick_xml::Reader;
use quick_xml::escape::resolve_predefined_entity;
use quick_xml::events::{BytesStart, Event};

use super::{BakeError, BakedBadge, MOST_TEXT_BYTES, Other, Version};

const OPEN_BADGES_3: &str = "https://purl.imsglobal.org/ob/v3p0";
const OPEN_BADGES_2: &str = "http://openbadges.org";
/// The byte order mark some editors begin files with.
const MARK: char = '\u{feff}';
/// Nesting beyond this is not a picture.
const DEPTH: usize = 512;
/// Declarations of our namespaces in force at once.
const DECLARATIONS: usize = 64;

/// What a walk over the file finds.
#[derive(Default)]
struct Layout {
    /// The root's start tag.
    root: Range<usize>,
    root_is_empty: bool,
    /// The root's name as written, such as `svg` or `s:svg`.
    root_name: String,
    /// The root declares the prefix `openbadges`, for this namespace.
    prefix: Option<String>,
    /// Badges found in the file, where and what.
    badges: Vec<(Range<usize>, BakedBadge)>,
}

#[expect(clippy::needless_pass_by_value, reason = "map_err hands errors over by value")]
fn damaged(reason: impl ToString) -> BakeError {
    BakeError::Svg(reason.to_string())
}

/// Declarations of our two namespaces that are in force: depth, prefix, version. Others do not matter,
/// and keeping all of them would let a hostile file make every look-up slow.
#[derive(Default)]
struct Scope(Vec<(usize, String, Version)>);

impl Scope {
    fn enter(&mut self, tag: &BytesStart<'_>, depth: usize) -> Result<(), BakeError> {
        let raw = tag.attributes_raw();
        if !raw.contains(OPEN_BADGES_3) && !raw.contains(OPEN_BADGES_2) {
            return Ok(());
        }
        for attribute in tag.attributes().with_checks(false) {
            let attribute = attribute.map_err(damaged)?;
            let version = match attribute.value.as_ref() {
                OPEN_BADGES_3 => Version::OpenBadges3,
                OPEN_BADGES_2 => Version::OpenBadges2,
                _ => continue,
            };
            let Some(prefix) = attribute.key.as_ref().strip_prefix("xmlns") else { continue };
            if self.0.len() >= DECLARATIONS {
                return Err(damaged("it declares the same namespace too often"));
            }
            self.0.push((depth, prefix.trim_start_matches(':').to_owned(), version));
        }
        Ok(())
    }

    fn leave(&mut self, depth: usize) {
        while self.0.last().is_some_and(|(at, ..)| *at >= depth) {
            self.0.pop();
        }
    }

    fn version_of(&self, tag: &BytesStart<'_>) -> Option<Version> {
        let name = tag.name();
        let name: &str = name.as_ref();
        let (prefix, local) = name.split_once(':').unwrap_or(("", name));
        let version = match local {
            "credential" => Version::OpenBadges3,
            "assertion" => Version::OpenBadges2,
            _ => return None,
        };
        let (_, _, bound) = self.0.iter().rev().find(|(_, known, _)| known == prefix)?;
        (*bound == version).then_some(version)
    }
}

fn verify_attribute(tag: &BytesStart<'_>) -> Result<Option<String>, BakeError> {
    for attribute in tag.attributes().with_checks(false) {
        let attribute = attribute.map_err(damaged)?;
        if attribute.key.as_ref() == "verify" {
            return Ok(Some(quick_xml::escape::unescape(&attribute.value).map_err(damaged)?.into_owned()));
        }
    }
    Ok(None)
}

/// A badge while it is being read.
struct Open {
    start: usize,
    depth: usize,
    version: Version,
    verify: Option<String>,
    text: String,
}

impl Open {
    /// The attribute's text, or the element's. An Open Badges 2.0 assertion may be there beside its address:
    /// it says more, and holds the address as its id.
    fn baked(self) -> String {
        let body = self.text.trim();
        match self.verify {
            Some(address) if self.version == Version::OpenBadges2 && body.starts_with('{') => {
                if address.starts_with("http") { body.to_owned() } else { address }
            }
            Some(text) => text,
            None => body.to_owned(),
        }
    }
}

impl Layout {
    /// `svg`: without a byte order mark, which the parser would leave out of its positions.
    fn of(svg: &str) -> Result<Self, BakeError> {
        if svg.starts_with(MARK) {
            return Err(damaged("it begins with two byte order marks"));
        }
        let mut reader = Reader::from_str(svg);
        let mut layout = Self::default();
        let mut scope = Scope::default();
        let mut depth = 0usize;
        let mut open: Option<Open> = None;
        loop {
            let from = reader.buffer_position() as usize;
            let event = reader.read_event().map_err(damaged)?;
            let to = reader.buffer_position() as usize;
            match event {
                Event::Start(tag) => {
                    depth += 1;
                    if depth > DEPTH {
                        return Err(damaged("it is nested too deeply"));
                    }
                    scope.enter(&tag, depth)?;
                    if layout.root.is_empty() {
                        layout.root_tag(svg, &tag, from..to)?;
                    } else if let (None, Some(version)) = (&open, scope.version_of(&tag)) {
                        let verify = verify_attribute(&tag)?;
                        open = Some(Open { start: from, depth, version, verify, text: String::new() });
                    }
                }
                Event::Empty(tag) => {
                    scope.enter(&tag, depth + 1)?;
                    if layout.root.is_empty() {
                        layout.root_tag(svg, &tag, from..to)?;
                    } else if let (None, Some(version)) = (&open, scope.version_of(&tag)) {
                        let text = verify_attribute(&tag)?.unwrap_or_default();
                        layout.badges.push((from..to, BakedBadge { text, version }));
                    }
                    scope.leave(depth + 1);
                }
                Event::End(_) => {
                    if let Some(badge) = open.take_if(|open| open.depth == depth) {
                        let (start, version) = (badge.start, badge.version);
                        layout.badges.push((start..to, BakedBadge { text: badge.baked(), version }));
                    }
                    scope.leave(depth);
                    depth = depth.saturating_sub(1);
                }
                Event::Eof if layout.root.is_empty() => return Err(damaged("it has no svg element")),
                Event::Eof if depth > 0 => return Err(damaged("it is cut off")),
                Event::Eof => return Ok(layout),
                Event::Text(text) if depth == 0 && !is_blank(&text.xml10_content()) => {
                    return Err(damaged("there is text outside its root element"));
                }
                Event::CData(_) | Event::GeneralRef(_) if depth == 0 => {
                    return Err(damaged("there is text outside its root element"));
                }
                other => {
                    if let Some(open) = &mut open {
                        append(&mut open.text, &other)?;
                    }
                }
            }
        }
    }

    fn root_tag(&mut self, svg: &str, tag: &BytesStart<'_>, at: Range<usize>) -> Result<(), BakeError> {
        if tag.local_name().as_ref() != "svg" {
            return Err(damaged("its root element is not svg"));
        }
        tag.name().as_ref().clone_into(&mut self.root_name);
        for attribute in tag.attributes().with_checks(false) {
            let attribute = attribute.map_err(damaged)?;
            if attribute.key.as_ref() == "xmlns:openbadges" {
                self.prefix = Some(attribute.value.into_owned());
            }
        }
        self.root_is_empty = svg[at.clone()].ends_with("/>");
        self.root = at;
        Ok(())
    }
}

/// White space as XML has it.
fn is_blank(text: &str) -> bool {
    text.trim_matches([' ', '\t', '\r', '\n']).is_empty()
}

fn append(text: &mut String, event: &Event<'_>) -> Result<(), BakeError> {
    match event {
        Event::Text(part) => text.push_str(&part.xml10_content()),
        Event::CData(part) => text.push_str(&part.xml10_content()),
        Event::GeneralRef(reference) => {
            if let Some(character) = reference.resolve_char_ref().map_err(damaged)? {
                text.push(character);
            } else {
                let name = reference.xml10_content();
                text.push_str(
                    resolve_predefined_entity(&name).ok_or_else(|| damaged("it uses an unknown entity"))?,
                );
            }
        }
        _ => {}
    }
    if text.len() > MOST_TEXT_BYTES { Err(BakeError::TooLarge(MOST_TEXT_BYTES)) } else { Ok(()) }
}

pub(super) fn unbake(svg: &str) -> Result<BakedBadge, BakeError> {
    let badges = Layout::of(svg)?.badges;
    for version in [Version::OpenBadges3, Version::OpenBadges2] {
        if let Some((_, badge)) = badges.iter().find(|(_, badge)| badge.version == version) {
            return if badge.text.is_empty() { Err(BakeError::NothingBaked) } else { Ok(badge.clone()) };
        }
    }
    Err(BakeError::NothingBaked)
}

pub(super) fn other(svg: &str) -> Option<Other> {
    let mut found: Vec<BakedBadge> =
        Layout::of(svg).ok()?.badges.into_iter().map(|(_, badge)| badge).collect();
    found.sort_by_key(|badge| badge.version == Version::OpenBadges2);
    let badges = found.len();
    let mut found = found.into_iter();
    let first = found.next()?;
    let baked = found.find(|badge| badge.text.trim() != first.text.trim())?;
    let baked = if baked.text.is_empty() { Err(BakeError::NothingBaked) } else { Ok(baked) };
    Some(Other { baked, badges })
}

pub(super) fn bake(svg: &str, text: &str, version: Version) -> Result<String, BakeError> {
    match svg.strip_prefix(MARK) {
        Some(svg) => Ok(format!("{MARK}{}", bake_unmarked(svg, text, version)?)),
        None => bake_unmarked(svg, text, version),
    }
}

fn bake_unmarked(svg: &str, text: &str, version: Version) -> Result<String, BakeError> {
    let layout = Layout::of(svg)?;
    let (namespace, name) = match version {
        Version::OpenBadges3 => (OPEN_BADGES_3, "credential"),
        Version::OpenBadges2 => (OPEN_BADGES_2, "assertion"),
    };
    let on_root = layout.prefix.is_none();
    let declaration = format!(" xmlns:openbadges=\"{namespace}\"");
    let mut out = String::with_capacity(svg.len() + text.len() + 256);
    let tag = svg[layout.root.clone()].trim_end_matches('>').trim_end_matches('/');
    out.push_str(&svg[..layout.root.start]);
    out.push_str(tag.trim_end());
    if on_root {
        out.push_str(&declaration);
    }
    out.push('>');
    let local = if on_root || layout.prefix.as_deref() == Some(namespace) { "" } else { &declaration };
    let _ = write!(out, "<openbadges:{name}{local}");
    if text.trim_start().starts_with('{') {
        let body = text.replace("]]>", "]]]]><![CDATA[>");
        let _ = write!(out, "><![CDATA[{body}]]></openbadges:{name}>");
    } else {
        let _ = write!(out, " verify=\"{}\"/>", quick_xml::escape::escape(text));
    }
    if layout.root_is_empty {
        let _ = write!(out, "</{}>", layout.root_name);
    }
    let mut at = layout.root.end;
    for (badge, _) in layout.badges.iter().filter(|(_, badge)| badge.version == version) {
        out.push_str(&svg[at..badge.start]);
        at = badge.end;
    }
    out.push_str(&svg[at..]);
    // An element with a prefix that was not declared before can turn into a badge, or into nonsense.
    let badges = Layout::of(&out)?.badges;
    let baked = badges.iter().find(|(_, badge)| badge.version == version);
    if baked.is_none_or(|(_, badge)| badge.text.trim() != text.trim()) {
        return Err(damaged("a badge could not be taken out of it again"));
    }
    Ok(out)
}
