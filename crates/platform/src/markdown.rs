//! Markdown that people write, as HTML that cannot do harm and takes no longer than its length.

use cairn_value::steps;
use pulldown_cmark::{Event, HeadingLevel, Options, Parser, Tag, TagEnd, html};

/// Longest text that is laid out; a longer one is shown as it was typed.
const MOST_BYTES: usize = 256 * 1024;
/// Most things within each other. Browsers, and the cleaner of what is written, look through all that is
/// open for each new one.
const MOST_DEPTH: usize = 24;
/// Most pieces of what is written for each of its bytes: rows of a table are filled up with empty cells.
const PIECES_A_BYTE: usize = 4;

/// Headings begin at level 3 (the page has 1 and 2); raw HTML is text; links
/// carry `rel="nofollow noopener noreferrer"`; nothing is loaded from elsewhere.
pub fn markdown(text: &str) -> String {
    match pieces(text) {
        Some(events) => clean(events),
        None => clean(vec![
            Event::Start(Tag::CodeBlock(pulldown_cmark::CodeBlockKind::Indented)),
            Event::Text(text.chars().take(MOST_BYTES).collect::<String>().into()),
            Event::End(TagEnd::CodeBlock),
        ]),
    }
}

fn clean(events: Vec<Event<'_>>) -> String {
    let mut out = String::new();
    html::push_html(&mut out, events.into_iter());
    steps::take(out.len());
    ammonia::Builder::default()
        .link_rel(Some("nofollow noopener noreferrer"))
        .url_schemes(["http", "https", "mailto"].into())
        .clean(&out)
        .to_string()
}

/// What the text consists of; none when it is too much to be laid out.
fn pieces(text: &str) -> Option<Vec<Event<'_>>> {
    steps::take(text.len());
    if text.len() > MOST_BYTES || text.lines().any(|line| marks(line) > MOST_DEPTH) {
        return None;
    }
    let options = Options::ENABLE_TABLES | Options::ENABLE_STRIKETHROUGH;
    let (mut events, mut depth) = (vec![], 0_usize);
    for event in Parser::new_ext(text, options) {
        steps::take(1);
        if events.len() > PIECES_A_BYTE * text.len() + 100 {
            return None;
        }
        match event {
            Event::Html(raw) | Event::InlineHtml(raw) => events.push(Event::Text(raw)),
            Event::Start(Tag::Image { .. }) | Event::End(TagEnd::Image) => {}
            Event::Start(tag) => {
                depth += 1;
                steps::take(depth);
                if depth > MOST_DEPTH {
                    return None;
                }
                events.push(Event::Start(match tag {
                    Tag::Heading { level, id, classes, attrs } => {
                        Tag::Heading { level: deeper(level), id, classes, attrs }
                    }
                    other => other,
                }));
            }
            Event::End(tag) => {
                depth = depth.saturating_sub(1);
                events.push(Event::End(match tag {
                    TagEnd::Heading(level) => TagEnd::Heading(deeper(level)),
                    other => other,
                }));
            }
            other => events.push(other),
        }
    }
    Some(events)
}

/// Quotations and lists that a line opens within each other.
fn marks(line: &str) -> usize {
    let is_mark = |c: char| matches!(c, '>' | '-' | '+' | '*');
    let mut opening = line.chars().filter(|c| !c.is_whitespace()).take_while(|c| is_mark(*c)).peekable();
    let first = opening.peek().copied();
    // nothing but one sign again and again is a rule across the page
    let is_rule = first != Some('>') && line.chars().all(|c| c.is_whitespace() || Some(c) == first);
    if is_rule { 0 } else { opening.count() }
}

fn deeper(level: HeadingLevel) -> HeadingLevel {
    match level {
        HeadingLevel::H1 | HeadingLevel::H2 => HeadingLevel::H3,
        HeadingLevel::H3 => HeadingLevel::H4,
        HeadingLevel::H4 => HeadingLevel::H5,
        HeadingLevel::H5 | HeadingLevel::H6 => HeadingLevel::H6,
    }
}

/// The text without its marks, for previews and documents.
pub fn plain(text: &str) -> String {
    steps::take(text.len());
    let mut out = String::new();
    if text.len() > MOST_BYTES || text.lines().any(|line| marks(line) > MOST_DEPTH) {
        return text.chars().take(MOST_BYTES).collect::<String>().trim().to_owned();
    }
    for event in Parser::new(text) {
        steps::take(1);
        match event {
            Event::Text(t) | Event::Code(t) => out.push_str(&t),
            Event::SoftBreak | Event::HardBreak | Event::End(TagEnd::Item) => out.push(' '),
            Event::End(TagEnd::Paragraph | TagEnd::Heading(_)) => out.push('\n'),
            _ => {}
        }
    }
    out.trim().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use cairn_value::steps::is_linear;

    #[test]
    fn markdown_cannot_do_harm() {
        let html = markdown(
            "# Hi\n\nA <script>alert(1)</script> [x](javascript:alert(1)) ![p](https://evil.example/p.png) <b onclick=a>b</b>",
        );
        for word in ["<script", "javascript:", "<img", "<b onclick"] {
            assert!(!html.contains(word), "{word} in {html}");
        }
        assert!(html.contains("<h3>Hi</h3>"));
    }

    #[test]
    fn markdown_takes_no_longer_than_its_length() {
        let pieces = [
            ">", "> a\n", "- ", "*a ", "**a", "[a](b)", "[", "`", "|a", "|a\n|-\n", "# a\n", "<b>", "\\",
            "a\n\n",
        ];
        for piece in pieces {
            is_linear(500, |n| piece.repeat(n), |text| markdown(&text));
            is_linear(500, |n| format!("a\n{}", piece.repeat(n)), |text| plain(&format!("{text}\n")));
        }
        let table = |n: usize| format!("{}\n{}\n{}", "|a".repeat(n), "|-".repeat(n), "|b\n".repeat(n));
        is_linear(100, table, |text| markdown(&text));
    }

    #[test]
    fn what_is_too_deep_or_too_much_is_shown_as_it_was_typed() {
        let table = format!("{}\n{}\n{}", "|a".repeat(1000), "|-".repeat(1000), "|b\n".repeat(1000));
        let nested = (0..200).map(|n| format!("{}- a\n", " ".repeat(2 * n))).collect::<Vec<_>>().concat();
        for text in [">".repeat(20_000), "> ".repeat(20_000), table, nested, "a ".repeat(200_000)] {
            let html = markdown(&text);
            assert!(html.starts_with("<pre><code>"), "{}", &html[..40]);
            assert!(html.len() < 5 * text.len(), "{} of {}", html.len(), text.len());
        }
        assert!(markdown("> > > a\n\n- b\n  - c").contains("<blockquote>"));
    }
}
