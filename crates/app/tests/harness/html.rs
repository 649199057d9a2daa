//! Just enough reading of our own HTML for tests.

/// A start tag with its attributes, and what follows it.
struct Tag<'a> {
    name: String,
    attributes: Vec<(String, String)>,
    rest: &'a str,
}

impl Tag<'_> {
    fn get(&self, name: &str) -> Option<&str> {
        self.attributes.iter().find(|(n, _)| n == name).map(|(_, v)| v.as_str())
    }

    fn has(&self, name: &str) -> bool {
        self.get(name).is_some()
    }
}

/// The next start tag.
fn next_tag(text: &str) -> Option<Tag<'_>> {
    let mut from = 0;
    loop {
        let at = from + text[from..].find('<')?;
        let inner = &text[at + 1..];
        if !inner.starts_with(|c: char| c.is_ascii_alphabetic()) {
            from = at + 1;
            continue;
        }
        let end = inner.find(|c: char| !c.is_ascii_alphanumeric() && c != '-').unwrap_or(inner.len());
        let (attributes, rest) = attributes(&inner[end..]);
        return Some(Tag { name: inner[..end].to_lowercase(), attributes, rest });
    }
}

fn attributes(mut text: &str) -> (Vec<(String, String)>, &str) {
    let mut found = vec![];
    loop {
        text = text.trim_start_matches(|c: char| c.is_whitespace() || c == '/');
        if text.is_empty() {
            return (found, text);
        }
        if let Some(rest) = text.strip_prefix('>') {
            return (found, rest);
        }
        let end = text.find(|c: char| c.is_whitespace() || "=>".contains(c)).unwrap_or(text.len());
        let name = text[..end.max(1)].to_lowercase();
        text = text[end.max(1)..].trim_start();
        let Some(value) = text.strip_prefix('=') else {
            found.push((name, String::new()));
            continue;
        };
        let value = value.trim_start();
        let quote = value.chars().next().filter(|c| matches!(c, '"' | '\''));
        let (value, rest) = match quote {
            Some(q) => value[1..].split_once(q).unwrap_or((&value[1..], "")),
            None => {
                value.split_at(value.find(|c: char| c.is_whitespace() || c == '>').unwrap_or(value.len()))
            }
        };
        found.push((name, unescape(value)));
        text = rest;
    }
}

fn tags(text: &str) -> impl Iterator<Item = Tag<'_>> {
    let mut rest = text;
    std::iter::from_fn(move || {
        let tag = next_tag(rest)?;
        rest = tag.rest;
        Some(tag)
    })
}

/// Value of the first hidden input with this name.
pub fn hidden(text: &str, name: &str) -> Option<String> {
    tags(text)
        .find(|t| t.name == "input" && t.get("name") == Some(name))
        .and_then(|t| t.get("value").map(String::from))
}

/// Names and values of all fields, as forms would send them; the buttons not.
pub fn values(text: &str) -> Vec<(String, String)> {
    let mut found = vec![];
    for tag in tags(text) {
        let name = tag.get("name").unwrap_or("").to_owned();
        if name.is_empty() || tag.has("disabled") {
            continue;
        }
        let inner = |end: &str| tag.rest.split_once(end).map_or(tag.rest, |(inner, _)| inner);
        let value = match tag.name.as_str() {
            "input" => match tag.get("type").unwrap_or("text") {
                "submit" | "button" | "file" | "image" | "reset" => None,
                "checkbox" | "radio" if !tag.has("checked") => None,
                "checkbox" | "radio" => Some(tag.get("value").unwrap_or("on").to_owned()),
                _ => Some(tag.get("value").unwrap_or("").to_owned()),
            },
            "textarea" => {
                let typed = inner("</textarea>");
                Some(unescape(typed.strip_prefix('\n').unwrap_or(typed)))
            }
            "select" => Some(chosen(inner("</select>"))),
            _ => None,
        };
        found.extend(value.map(|v| (name, v)));
    }
    found
}

/// The chosen option's value; the first one's when none is.
fn chosen(options: &str) -> String {
    let all: Vec<Tag> = tags(options).filter(|t| t.name == "option").collect();
    let Some(option) = all.iter().find(|t| t.has("selected")).or(all.first()) else { return String::new() };
    let label = || words(option.rest.split_once("</option>").map_or("", |(label, _)| label));
    option.get("value").map_or_else(label, String::from)
}

/// The fields of the form with this action; a query after it does not matter.
pub fn form(text: &str, action: &str) -> Option<Vec<(String, String)>> {
    let tag = tags(text).find(|t| {
        let to = t.get("action").unwrap_or("");
        t.name == "form" && (to == action || to.split('?').next() == Some(action))
    })?;
    Some(values(tag.rest.split_once("</form>").map_or(tag.rest, |(inner, _)| inner)))
}

/// Links: where they lead and what they say.
pub fn links(text: &str) -> Vec<(String, String)> {
    let link = |t: Tag| {
        let inner = t.rest.split_once("</a>").map_or("", |(inner, _)| inner);
        (t.name == "a").then(|| Some((t.get("href")?.to_owned(), words(inner))))?
    };
    tags(text).filter_map(link).collect()
}

/// Text without tags, scripts and drawings, white space as one space.
pub fn words(text: &str) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('<') {
        out.push_str(before);
        let skipped = ["script", "style", "svg", "template"].iter().find(|n| after.starts_with(**n));
        rest = match skipped {
            Some(name) => after.split_once(&format!("</{name}>")).map_or("", |(_, rest)| rest),
            None => after.split_once('>').map_or("", |(_, rest)| rest),
        };
        let name = after.trim_start_matches('/').split(|c: char| !c.is_ascii_alphanumeric()).next();
        if !["a", "b", "em", "strong", "span", "time", "code"].contains(&name.unwrap_or("")) {
            out.push(' ');
        }
    }
    out.push_str(rest);
    unescape(&out).split_whitespace().collect::<Vec<_>>().join(" ")
}

fn unescape(text: &str) -> String {
    [("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&#34;", "\""), ("&#38;", "&"), ("&#39;", "'")]
        .iter()
        .chain(&[("&#x27;", "'"), ("&#60;", "<"), ("&#62;", ">"), ("&nbsp;", "\u{a0}"), ("&amp;", "&")])
        .fold(text.to_owned(), |text, (from, to)| text.replace(from, to))
}
