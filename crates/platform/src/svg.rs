//! SVG from strangers, before anything is drawn: only known elements and
//! attributes stay, and the work that is left has a budget. Reading, expanding
//! and drawing cost what this file allows, whatever is sent.

use crate::picture_fault::PictureFault;
use crate::svg_budget;
use anyhow::{Context as _, Result, bail, ensure};
use resvg::usvg::{self, roxmltree};
use roxmltree::{Document, Node};
use std::collections::HashMap;
use std::fmt::Write as _;

/// Largest text that is read; pictures that were written anew are longer than they came.
pub const MOST_TEXT: usize = 6 * 1024 * 1024;
/// Elements and texts, before `use` multiplies them.
const MOST_NODES: u32 = 20_000;
/// Elements within elements, `use` included.
const DEEPEST: usize = 60;
/// Work after `use` has multiplied it: an element is one, sixteen bytes of its path one more.
const MOST_WORK: u64 = 40_000;
/// Characters of text that are drawn.
const MOST_LETTERS: u64 = 4_000;
/// Colours in gradients; each shape that uses one carries them.
const MOST_STOPS: usize = 200;
const MOST_CARRIED: u64 = 500_000;
/// Attributes of one element, which the reader compares with one another, and of all.
const MOST_ATTRIBUTES: usize = 100;
const MOST_ATTRIBUTES_IN_ALL: usize = 150_000;
/// Declarations of namespaces.
const MOST_NAMESPACES: usize = 100;
/// Style sheets, and how often a rule is compared with an element.
const MOST_STYLE: usize = 64 * 1024;
const MOST_MATCHES: usize = 1_000_000;

const ELEMENTS: &[&str] = &[
    "svg",
    "g",
    "defs",
    "symbol",
    "use",
    "a",
    "switch",
    "path",
    "rect",
    "circle",
    "ellipse",
    "line",
    "polyline",
    "polygon",
    "text",
    "tspan",
    "linearGradient",
    "radialGradient",
    "stop",
    "clipPath",
    "style",
];
/// Left out with a word, because the picture would not be the same without them.
const REFUSED: &[&str] = &["filter", "mask", "pattern", "marker"];
const ATTRIBUTES: &[&str] = &[
    // where and how large
    "id",
    "class",
    "style",
    "x",
    "y",
    "x1",
    "y1",
    "x2",
    "y2",
    "cx",
    "cy",
    "fx",
    "fy",
    "fr",
    "r",
    "rx",
    "ry",
    "dx",
    "dy",
    "d",
    "points",
    "width",
    "height",
    "viewBox",
    "preserveAspectRatio",
    "transform",
    "gradientTransform",
    "gradientUnits",
    "spreadMethod",
    "offset",
    "clipPathUnits",
    "rotate",
    "textLength",
    "lengthAdjust",
    // how it looks
    "fill",
    "fill-opacity",
    "fill-rule",
    "stroke",
    "stroke-width",
    "stroke-opacity",
    "stroke-linecap",
    "stroke-linejoin",
    "stroke-miterlimit",
    "stroke-dasharray",
    "stroke-dashoffset",
    "opacity",
    "color",
    "stop-color",
    "stop-opacity",
    "display",
    "visibility",
    "clip-path",
    "clip-rule",
    "overflow",
    "paint-order",
    "shape-rendering",
    "font-family",
    "font-size",
    "font-style",
    "font-weight",
    "font-stretch",
    "font-variant",
    "letter-spacing",
    "word-spacing",
    "text-anchor",
    "text-decoration",
    "dominant-baseline",
    "baseline-shift",
    "writing-mode",
    "version",
];
/// Words of style that ask for what is refused as an element.
const REFUSED_STYLES: &[&str] = &["filter", "mask", "marker", "mix-blend-mode", "@import", "@font-face"];

/// The picture as it may be drawn at this longer side.
pub fn read(text: &str, options: &usvg::Options, side: u32) -> Result<usvg::Tree> {
    let clean = clean(text)?;
    let tree = usvg::Tree::from_str(&clean, options).context(PictureFault::NotSvg)?;
    svg_budget::check(&tree, side)?;
    Ok(tree)
}

pub(super) fn too_much() -> anyhow::Error {
    anyhow::Error::new(PictureFault::Complicated)
}

/// The same picture of known elements and attributes only.
fn clean(text: &str) -> Result<String> {
    ensure!(text.len() <= MOST_TEXT, too_much());
    let lower =
        |word: &str| text.as_bytes().windows(word.len()).any(|w| w.eq_ignore_ascii_case(word.as_bytes()));
    ensure!(!lower("<!ENTITY"), PictureFault::Entities);
    ensure!(has_few_attributes(text.as_bytes()), too_much());
    // each element in an element with names of its own copies those above it
    ensure!(text.matches("xmlns").count() <= MOST_NAMESPACES, too_much());
    let options = roxmltree::ParsingOptions {
        allow_dtd: true,
        nodes_limit: 3 * MOST_NODES,
        ..roxmltree::ParsingOptions::default()
    };
    let document = Document::parse_with_options(text, options).map_err(|e| match e {
        roxmltree::Error::NodesLimitReached => too_much(),
        other => anyhow::Error::from(other).context(PictureFault::NotSvg),
    })?;
    let root = document.root_element();
    ensure!(root.tag_name().name() == "svg", PictureFault::NotSvg);
    let mut writer = Writer::default();
    // depth is checked before anything walks down by calling itself
    ensure!(root.descendants().all(|n| n.ancestors().take(DEEPEST + 2).count() <= DEEPEST), too_much());
    writer.element(root, InClip::No)?;
    ensure!(writer.stops <= MOST_STOPS && writer.style.len() <= MOST_STYLE, too_much());
    ensure!(writer.style.matches('{').count() * writer.elements <= MOST_MATCHES, too_much());
    check_style(&writer.style)?;
    let mut work = Work { by_id: by_id(root), known: HashMap::new(), open: vec![] };
    let (units, letters) = work.of(root)?;
    ensure!(units <= MOST_WORK && letters <= MOST_LETTERS, too_much());
    // each shape may carry a gradient of its own
    ensure!(units.saturating_mul(writer.stops as u64) <= MOST_CARRIED, too_much());
    if writer.style.contains("clip-path") {
        // a rule may put any clip on anything, also within a clip
        let product = work.clips().fold(writer.elements as u64, u64::saturating_mul);
        ensure!(product <= MOST_WORK, too_much());
    }
    Ok(writer.out)
}

/// Counts attributes before anything is built of them.
fn has_few_attributes(text: &[u8]) -> bool {
    let (mut at, mut here, mut all) = (0, 0, 0);
    let mut is_tag = false;
    while let Some(byte) = text.get(at) {
        let rest = &text[at..];
        let skip = |end: &[u8]| rest.windows(end.len()).position(|w| w == end).map(|found| found + end.len());
        let step = match byte {
            b'<' if !is_tag && rest.starts_with(b"<!--") => skip(b"-->"),
            b'<' if !is_tag && rest.starts_with(b"<![CDATA[") => skip(b"]]>"),
            b'<' if !is_tag && rest.starts_with(b"<?") => skip(b"?>"),
            b'<' => {
                (is_tag, here) = (true, 0);
                Some(1)
            }
            b'>' => {
                is_tag = false;
                Some(1)
            }
            b'"' | b'\'' if is_tag => rest[1..].iter().position(|b| b == byte).map(|found| found + 2),
            b'=' if is_tag => {
                here += 1;
                all += 1;
                Some(1)
            }
            _ => Some(1),
        };
        // what does not end is told by the reader
        let Some(step) = step else { return true };
        if here > MOST_ATTRIBUTES || all > MOST_ATTRIBUTES_IN_ALL {
            return false;
        }
        at += step;
    }
    true
}

fn check_style(style: &str) -> Result<()> {
    let style = style.to_ascii_lowercase();
    if let Some(word) = REFUSED_STYLES.iter().find(|word| style.contains(*word)) {
        bail!(PictureFault::Element(word.to_string()));
    }
    // an escape could spell any of them
    ensure!(!style.contains('\\'), PictureFault::Backslashes);
    Ok(())
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum InClip {
    Yes,
    No,
}

#[derive(Default)]
struct Writer {
    out: String,
    style: String,
    elements: usize,
    stops: usize,
}

impl Writer {
    fn element(&mut self, node: Node<'_, '_>, in_clip: InClip) -> Result<()> {
        let name = node.tag_name().name();
        let is_ours = node.tag_name().namespace().is_none_or(|ns| ns == "http://www.w3.org/2000/svg");
        if !is_ours {
            return Ok(());
        }
        if REFUSED.contains(&name) {
            bail!(PictureFault::Element(name.to_string()));
        }
        if name == "image" && href(node).is_some_and(|href| href.trim_start().starts_with("data:")) {
            bail!(PictureFault::Pictures);
        }
        if !ELEMENTS.contains(&name) {
            return Ok(());
        }
        self.elements += 1;
        self.stops += usize::from(name == "stop");
        ensure!(self.elements <= MOST_NODES as usize, too_much());
        let in_clip = if name == "clipPath" { InClip::Yes } else { in_clip };
        let _ = write!(self.out, "<{name}");
        if self.elements == 1 {
            self.out.push_str(" xmlns=\"http://www.w3.org/2000/svg\"");
        }
        for attribute in node.attributes() {
            self.attribute(attribute, in_clip)?;
        }
        if let Some(target) = href(node).filter(|href| href.starts_with('#')) {
            self.pair("href", target);
        }
        self.out.push('>');
        for child in node.children() {
            if child.is_element() {
                self.element(child, in_clip)?;
            } else if let Some(text) =
                child.text().filter(|_| matches!(name, "text" | "tspan" | "a" | "style"))
            {
                if name == "style" {
                    self.style.push_str(text);
                }
                escape(&mut self.out, text);
            }
        }
        let _ = write!(self.out, "</{name}>");
        Ok(())
    }

    fn attribute(&mut self, attribute: roxmltree::Attribute<'_, '_>, in_clip: InClip) -> Result<()> {
        let (name, value) = (attribute.name(), attribute.value());
        let is_space =
            attribute.namespace() == Some("http://www.w3.org/XML/1998/namespace") && name == "space";
        if is_space {
            self.pair("xml:space", value);
        }
        // clips of clips multiply
        let is_nested = name == "clip-path" && in_clip == InClip::Yes;
        if attribute.namespace().is_some() || is_nested || !ATTRIBUTES.contains(&name) {
            return Ok(());
        }
        if name == "style" {
            check_style(value)?;
            if value.contains("clip-path") {
                self.style.push_str("clip-path");
            }
        }
        self.pair(name, value);
        Ok(())
    }

    fn pair(&mut self, name: &str, value: &str) {
        let _ = write!(self.out, " {name}=\"");
        escape(&mut self.out, value);
        self.out.push('"');
    }
}

fn escape(out: &mut String, text: &str) {
    for c in text.chars() {
        match c {
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '&' => out.push_str("&amp;"),
            '"' => out.push_str("&quot;"),
            '\n' | '\r' | '\t' => out.push(' '),
            c => out.push(c),
        }
    }
}

fn href<'a>(node: Node<'a, '_>) -> Option<&'a str> {
    node.attribute("href").or_else(|| node.attribute(("http://www.w3.org/1999/xlink", "href")))
}

/// Of several with one id any may be meant.
fn by_id<'a, 'd>(root: Node<'a, 'd>) -> HashMap<&'a str, Vec<Node<'a, 'd>>> {
    let mut found: HashMap<&str, Vec<Node<'_, '_>>> = HashMap::new();
    for node in root.descendants() {
        if let Some(id) = node.attribute("id") {
            found.entry(id).or_default().push(node);
        }
    }
    found
}

/// What an element costs with everything that it draws.
struct Work<'a, 'd> {
    by_id: HashMap<&'a str, Vec<Node<'a, 'd>>>,
    known: HashMap<roxmltree::NodeId, (u64, u64)>,
    open: Vec<roxmltree::NodeId>,
}

impl<'a, 'd> Work<'a, 'd> {
    /// Units of work, and letters.
    fn of(&mut self, node: Node<'a, 'd>) -> Result<(u64, u64)> {
        if let Some(known) = self.known.get(&node.id()) {
            return Ok(*known);
        }
        // a circle draws nothing; a long chain is refused
        if self.open.contains(&node.id()) {
            return Ok((1, 0));
        }
        ensure!(self.open.len() <= DEEPEST, too_much());
        self.open.push(node.id());
        let lengths = ["d", "points", "stroke-dasharray", "transform", "x", "y", "dx", "dy", "rotate"];
        let bytes: usize = lengths.iter().filter_map(|name| Some(node.attribute(*name)?.len())).sum();
        let (mut units, mut letters) = (1 + bytes as u64 / 16, 0);
        if node.is_text()
            && node.parent().is_some_and(|p| matches!(p.tag_name().name(), "text" | "tspan" | "a"))
        {
            letters = node.text().map_or(0, |text| text.chars().count() as u64);
        }
        let mut drawn: Vec<Node<'a, 'd>> = node.children().collect();
        if matches!(node.tag_name().name(), "use" | "linearGradient" | "radialGradient") {
            drawn.extend(
                href(node).and_then(|href| self.by_id.get(href.strip_prefix('#')?)).into_iter().flatten(),
            );
        }
        let clip = node.attribute("clip-path").and_then(|value| {
            let (_, id) = value.split_once('#')?;
            self.by_id.get(id.trim_end_matches([')', '"', '\'', ' ']))
        });
        drawn.extend(clip.into_iter().flatten());
        for part in drawn {
            let (more, more_letters) = self.of(part)?;
            units = units.saturating_add(more);
            letters = letters.saturating_add(more_letters);
        }
        self.open.pop();
        self.known.insert(node.id(), (units, letters));
        Ok((units, letters))
    }

    /// What each clip costs.
    fn clips(&self) -> impl Iterator<Item = u64> + '_ {
        let clips = self.by_id.values().flatten().filter(|n| n.tag_name().name() == "clipPath");
        clips.map(|n| self.known.get(&n.id()).map_or(1, |(units, _)| *units).max(2))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn known_elements_and_attributes_stay_and_others_go() {
        let text = r##"<svg xmlns="http://www.w3.org/2000/svg" width="10" height="10" onload="x()"><script>x()</script>
            <g id="a" data-x="1"><rect width="5" height="5" fill="#123" onclick="x()"/></g><use href="#a"/>
            <use href="https://evil.example/#a"/><text>a &lt; b</text></svg>"##;
        let clean = clean(text).unwrap();
        assert!(!clean.contains("x()") && !clean.contains("evil") && !clean.contains("data-x"), "{clean}");
        assert!(
            clean.contains("fill=\"#123\"") && clean.contains("href=\"#a\"") && clean.contains("a &lt; b")
        );
    }
}
