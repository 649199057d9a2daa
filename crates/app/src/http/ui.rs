//! What every page needs: words, the person, the form token, addresses of assets.

use crate::http::asset;
use crate::http::problem::Problem;
use crate::http::problem::Result;
use crate::http::session::{Flash, Visitor};
use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use cairn_actions::App;
use cairn_actions::person::Actor;
use cairn_platform::text::Language;
use cairn_value::refusal::Refusal;
use std::fmt::Display;

/// A person in the page's header.
#[derive(Debug, Clone)]
pub struct SignedIn {
    /// Her name.
    pub name: String,
    /// Where she is a member.
    pub organizations: Vec<OrgLink>,
    /// Runs the instance.
    pub is_operator: bool,
}

impl SignedIn {
    /// True when she reviews somewhere, so that the page offers the queue.
    pub fn may_review(&self) -> bool {
        self.organizations.iter().any(|o| o.roles.iter().any(|r| r == "reviewer" || r == "owner"))
    }
}

/// An organisation in the page's header.
#[derive(Debug, Clone)]
pub struct OrgLink {
    /// In addresses.
    pub slug: String,
    /// On the page.
    pub name: String,
    /// Stable names of the roles.
    pub roles: Vec<String>,
}

/// Handed to every template as `ui`.
#[derive(Debug, Clone)]
pub struct Ui {
    /// BCP 47 tag.
    pub language: &'static str,
    /// The same, to format with.
    pub words: Language,
    /// Writing direction.
    pub dir: &'static str,
    /// Who is signed in.
    pub person: Option<SignedIn>,
    /// Form token.
    pub csrf: String,
    /// Path of this page, with its query.
    pub path: String,
    /// Name of the instance.
    pub name: String,
    /// Address of the instance.
    pub base_url: String,
    /// The demo.
    pub demo: bool,
    /// Said once.
    pub flash: Option<Flash>,
    /// Milliseconds UTC.
    pub now: i64,
}

impl FromRequestParts<App> for Ui {
    type Rejection = Problem;
    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self> {
        let visitor = Visitor::from_request_parts(parts, app).await?;
        let actor = parts.extensions.get::<Actor>();
        Ok(Self::new(app, visitor, actor))
    }
}

impl Ui {
    /// For a visitor, signed in or not.
    pub fn new(app: &App, visitor: Visitor, actor: Option<&Actor>) -> Self {
        let person = actor.map(|a| SignedIn {
            name: a.name.clone(),
            organizations: a
                .memberships
                .iter()
                .map(|m| OrgLink {
                    slug: m.slug.clone(),
                    name: m.name.clone(),
                    roles: m.roles.iter().map(|r| r.name().to_owned()).collect(),
                })
                .collect(),
            is_operator: a.operator,
        });
        Self {
            language: visitor.language.code(),
            words: visitor.language,
            dir: "ltr",
            person,
            csrf: visitor.csrf,
            path: visitor.path,
            name: app.config.name.clone(),
            base_url: app.config.base_url.clone(),
            demo: app.config.demo,
            flash: visitor.flash,
            now: app.clock.now().as_millisecond(),
        }
    }

    /// The message.
    pub fn t(&self, key: impl AsRef<str>) -> String {
        self.words.text(key.as_ref(), &[])
    }

    /// The message with one value.
    pub fn t1(&self, key: impl AsRef<str>, name: &str, value: impl Display) -> String {
        self.words.text(key.as_ref(), &[(name, &value.to_string())])
    }

    /// The message with two values.
    pub fn t2(
        &self,
        key: impl AsRef<str>,
        one: &str,
        value: impl Display,
        two: &str,
        other: impl Display,
    ) -> String {
        self.words.text(key.as_ref(), &[(one, &value.to_string()), (two, &other.to_string())])
    }

    /// The message with a number (`$count` to choose by, `$shown` to show).
    pub fn n(&self, key: impl AsRef<str>, count: impl Whole) -> String {
        self.words.count(key.as_ref(), count.whole())
    }

    /// The words of a refusal.
    pub fn refusal(&self, refusal: impl Into<Refusal>) -> String {
        self.words.refusal(&refusal.into())
    }

    /// The word of a stable name: `ui.word("role", "owner")` is the message `role-owner`.
    pub fn word(&self, kind: &str, name: impl Display) -> String {
        let name = name.to_string().replace('_', "-");
        self.words.text(&format!("{kind}-{name}"), &[])
    }

    /// A country by its ISO 3166-1 code; one that has no name here is shown by its code.
    pub fn country(&self, code: impl Display) -> String {
        let key = format!("country-{code}");
        if self.words.has(&key) { self.t(&key) } else { code.to_string() }
    }

    /// What a check of the verifier says. The checker speaks English; a message `said-CODE`, or `said-CHECK-CODE` where
    /// one check means something else by it, says it in this language and can quote the English.
    pub fn said(&self, check: &str, code: &str, english: &str) -> String {
        let (check, code) = (check.replace('_', "-"), code.replace('_', "-").to_ascii_lowercase());
        let keys = [format!("said-{check}-{code}"), format!("said-{code}")];
        let key = keys.iter().find(|key| self.words.has(key));
        key.map_or_else(|| english.to_owned(), |key| self.words.text(key, &[("message", english)]))
    }

    /// "22 November 2026"
    pub fn date(&self, ms: impl Whole) -> String {
        self.words.date(ms.whole())
    }

    /// "22 November 2026, 14:05 UTC"
    pub fn date_time(&self, ms: impl Whole) -> String {
        self.words.date_time(ms.whole())
    }

    /// "3 days" since then.
    pub fn since(&self, ms: impl Whole) -> String {
        self.words.span(ms.whole(), self.now)
    }

    /// The same as it stands behind "since".
    pub fn span_since(&self, ms: impl Whole) -> String {
        self.words.span_since(ms.whole(), self.now)
    }

    /// "3 days" from now until then.
    pub fn until(&self, ms: impl Whole) -> String {
        self.words.span(self.now, ms.whole())
    }

    /// ISO 8601, for `<time datetime>`.
    pub fn iso(&self, ms: impl Whole) -> String {
        jiff::Timestamp::from_millisecond(ms.whole()).map(|t| t.to_string()).unwrap_or_default()
    }

    /// "12,345"
    pub fn number(&self, n: impl Whole) -> String {
        self.words.number(n.whole())
    }

    /// "€49.00"
    pub fn money(&self, amount: impl Whole, currency: &str) -> String {
        self.words.money(amount.whole(), currency)
    }

    /// "1.4 MB"
    pub fn bytes(&self, size: impl Whole) -> String {
        self.words.bytes(size.whole())
    }

    /// Address of an asset, with the build's hash in it.
    pub fn asset(&self, name: &str) -> String {
        asset::address(name)
    }

    /// True when this page lies under the path.
    pub fn nav_is(&self, name: &str) -> bool {
        let path = self.path.split('?').next().unwrap_or("");
        path.trim_start_matches('/').split('/').next() == Some(name)
    }
}

/// A whole number, also behind a reference, as templates hand them over.
pub trait Whole {
    /// As `i64`; what does not fit becomes the largest one.
    fn whole(&self) -> i64;
}

macro_rules! whole {
    ($($t:ty),*) => {$(impl Whole for $t {
        fn whole(&self) -> i64 { i64::try_from(*self).unwrap_or(i64::MAX) }
    })*};
}
whole!(u8, u16, u32, u64, usize, i32, i64);

impl<T: Whole> Whole for &T {
    fn whole(&self) -> i64 {
        (*self).whole()
    }
}
