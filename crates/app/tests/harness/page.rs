//! What came back, with assertions that say what they saw.

use super::html;
use axum::http::{HeaderMap, StatusCode, header};

/// An answer. Assertions give the page back, so that they can be chained:
/// `amy.get("/desk").await.is(200).has("Your desk")`.
#[derive(Debug, Clone)]
pub struct Page {
    /// "GET /desk", for messages.
    pub what: String,
    /// HTTP status.
    pub status: StatusCode,
    /// All headers.
    pub headers: HeaderMap,
    /// As it came.
    pub body: Vec<u8>,
}

impl Page {
    /// The body as text.
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    /// What a person reads: the text of the page's `<main>`, in one line.
    pub fn words(&self) -> String {
        let text = self.text();
        let main = text.split_once("<main").map_or(text.as_str(), |(_, rest)| rest);
        let main = main.split_once("</main>").map_or(main, |(main, _)| main);
        let inner = main.split_once('>').map_or(main, |(_, inner)| inner);
        html::words(if text.contains("<main") { inner } else { &text })
    }

    /// Expects this status.
    #[track_caller]
    pub fn is(&self, status: u16) -> &Self {
        assert_eq!(self.status.as_u16(), status, "{self}");
        self
    }

    /// Expects a redirect to this path.
    #[track_caller]
    pub fn leads_to(&self, path: &str) -> &Self {
        assert!(self.status.is_redirection(), "a redirect was expected: {self}");
        assert_eq!(self.location(), path, "{self}");
        self
    }

    /// True when the text is on the page, as its source or as a person reads it.
    pub fn contains(&self, text: &str) -> bool {
        self.text().contains(text) || self.words().contains(text)
    }

    /// Expects the text on the page.
    #[track_caller]
    pub fn has(&self, text: &str) -> &Self {
        assert!(self.contains(text), "“{text}” is missing: {self}");
        self
    }

    /// Expects the text not to be on the page.
    #[track_caller]
    pub fn lacks(&self, text: &str) -> &Self {
        assert!(!self.contains(text), "“{text}” should not be there: {self}");
        self
    }

    /// Path to which a redirect leads.
    #[track_caller]
    pub fn location(&self) -> String {
        let location = self.header("location");
        assert!(!location.is_empty(), "a redirect was expected: {self}");
        location.strip_prefix("http://cairn.test").unwrap_or(&location).to_owned()
    }

    /// A header's text; empty when it is not there.
    pub fn header(&self, name: &str) -> String {
        self.headers.get(name).and_then(|v| v.to_str().ok()).unwrap_or("").to_owned()
    }

    /// True for a web page.
    pub fn is_html(&self) -> bool {
        self.header(header::CONTENT_TYPE.as_str()).starts_with("text/html")
    }

    /// The body as JSON.
    #[track_caller]
    pub fn json(&self) -> serde_json::Value {
        serde_json::from_slice(&self.body).unwrap_or_else(|e| panic!("JSON was expected ({e}): {self}"))
    }

    /// What stands in a field of a form: typed, chosen or ticked.
    #[track_caller]
    pub fn value(&self, name: &str) -> String {
        let values = html::values(&self.text());
        let found = values.iter().find(|(n, _)| n == name).map(|(_, v)| v.clone());
        found.unwrap_or_else(|| panic!("no field {name} among {values:?}: {self}"))
    }

    /// Everything that the form with this action would send as it stands.
    #[track_caller]
    pub fn form(&self, action: &str) -> Vec<(String, String)> {
        html::form(&self.text(), action).unwrap_or_else(|| panic!("no form sends to {action}: {self}"))
    }

    /// Where the link with this text leads.
    #[track_caller]
    pub fn link(&self, text: &str) -> String {
        let links = html::links(&self.text());
        let found = links.iter().find(|(_, words)| words == text).map(|(href, _)| href.clone());
        found.unwrap_or_else(|| panic!("no link “{text}” among {links:?}: {self}"))
    }
}

impl std::fmt::Display for Page {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        writeln!(f, "{} answered {}", self.what, self.status)?;
        if self.status.is_redirection() {
            writeln!(f, "  to {}", self.header("location"))?;
        }
        let text = if self.is_html() { self.words() } else { self.text() };
        let short: String = text.chars().take(2000).collect();
        writeln!(f, "  {short}")
    }
}
