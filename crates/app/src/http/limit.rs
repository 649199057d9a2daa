//! Which routes count for which limit. Documents and tests are made of this.

use axum::http::Method;
use cairn_actions::App;
use cairn_actions::Result;
use cairn_actions::limit::{
    ALL, CHANGE_ACCOUNT, CHANGE_CLIENT, EXPORT_ACCOUNT, FOUND_ACCOUNT, FOUND_CLIENT, INVITATION_ORGANIZATION,
    KEY_ORGANIZATION, LETTER_ACCOUNT, LETTER_CLIENT, LETTER_CLIENT_DAY, LINK_CLIENT, PASSWORD_ACCOUNT,
    PASSWORD_CLIENT, ROSTER_ORGANIZATION, TOKEN_ACCOUNT, UPLOAD_ACCOUNT, UPLOAD_CLIENT, VERIFY_CLIENT,
    VERIFY_EVERYBODY,
};
use cairn_platform::client;
use cairn_platform::limit::{Limit, Per, give_back, take_all};
use cairn_value::id::{OrganizationId, PersonId};
use jiff::Timestamp;

/// What a route costs. Each class is a set of limits that the door counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Class {
    /// A form that only writes a few rows.
    Change,
    /// A call of a program; its token is counted at the door.
    Call,
    /// Tries a password.
    Password,
    /// Tries or changes a password while signed in.
    OwnPassword,
    /// Writes a letter to an address that somebody names.
    Letter,
    /// The same for an organisation.
    Invitation,
    /// Opens what a letter's link is for.
    Link,
    /// Founds an organisation.
    Found,
    /// Takes a file.
    Upload,
    /// Takes a file of many rows.
    Roster,
    /// Makes a signing key.
    Key,
    /// Makes a key to the API.
    Token,
    /// Packs everything about a person.
    Export,
    /// Checks a badge.
    Verify,
}

impl Class {
    /// All of them.
    pub const ALL: &[Self] = &[
        Self::Change,
        Self::Call,
        Self::Password,
        Self::OwnPassword,
        Self::Letter,
        Self::Invitation,
        Self::Link,
        Self::Found,
        Self::Upload,
        Self::Roster,
        Self::Key,
        Self::Token,
        Self::Export,
        Self::Verify,
    ];

    /// The limits that the door counts; those of a letter's address are counted where it is written.
    pub fn limits(self) -> &'static [Limit] {
        match self {
            Self::Change => &[CHANGE_CLIENT, CHANGE_ACCOUNT],
            Self::Call => &[CHANGE_ACCOUNT],
            Self::Password => &[PASSWORD_CLIENT],
            Self::OwnPassword => &[PASSWORD_ACCOUNT],
            Self::Letter => {
                &[CHANGE_CLIENT, CHANGE_ACCOUNT, LETTER_CLIENT, LETTER_CLIENT_DAY, LETTER_ACCOUNT]
            }
            Self::Invitation => &[
                CHANGE_CLIENT,
                CHANGE_ACCOUNT,
                LETTER_CLIENT,
                LETTER_CLIENT_DAY,
                LETTER_ACCOUNT,
                INVITATION_ORGANIZATION,
            ],
            Self::Link => &[LINK_CLIENT],
            Self::Found => &[CHANGE_CLIENT, CHANGE_ACCOUNT, FOUND_CLIENT, FOUND_ACCOUNT],
            Self::Upload => &[UPLOAD_CLIENT, UPLOAD_ACCOUNT],
            Self::Roster => &[UPLOAD_CLIENT, UPLOAD_ACCOUNT, ROSTER_ORGANIZATION],
            Self::Key => &[CHANGE_CLIENT, CHANGE_ACCOUNT, KEY_ORGANIZATION],
            Self::Token => &[CHANGE_CLIENT, CHANGE_ACCOUNT, TOKEN_ACCOUNT],
            Self::Export => &[EXPORT_ACCOUNT],
            Self::Verify => &[VERIFY_CLIENT, VERIFY_EVERYBODY],
        }
    }

    /// Whether a limit counts what is made, so that a form that was refused does not use it up. What protects
    /// from guessing, and what has cost its bytes, counts every try.
    fn counts_what_is_made(self, limit: &Limit) -> bool {
        match self {
            Self::Letter | Self::Invitation | Self::Found | Self::Key | Self::Token => {
                ![CHANGE_CLIENT.name, CHANGE_ACCOUNT.name].contains(&limit.name)
            }
            Self::Change
            | Self::Call
            | Self::Password
            | Self::OwnPassword
            | Self::Link
            | Self::Upload
            | Self::Roster
            | Self::Export
            | Self::Verify => false,
        }
    }
}

/// Who does something; what is not known is not counted.
#[derive(Debug, Clone, Copy, Default)]
pub struct Who {
    /// Where from.
    pub client: Option<client::Client>,
    /// Who.
    pub account: Option<PersonId>,
    /// For which organisation.
    pub organization: Option<OrganizationId>,
}

/// What was counted for a request that may still be refused.
#[derive(Debug, Default)]
pub struct Count {
    uses: Vec<(Limit, String)>,
    at: Timestamp,
}

impl Count {
    /// Nothing was made: gives back what counts only that.
    pub async fn give_back(self, app: &App) {
        if self.uses.is_empty() {
            return;
        }
        if let Err(error) = give_back(app, &self.uses, self.at).await {
            tracing::warn!("Could not give back what a refused form had used up: {error}");
        }
    }
}

/// Counts what a route of this class costs, before it is done: two at once cannot both be the last one.
pub async fn enter(app: &App, class: Class, who: Who) -> Result<Count> {
    let mut uses: Vec<(Limit, String)> = vec![];
    for limit in class.limits() {
        let whose = match limit.per {
            Per::Client => who.client.map(|c| c.to_string()),
            Per::Account => who.account.map(|a| a.to_string()),
            Per::Organization => who.organization.map(|o| o.to_string()),
            Per::Everybody => Some(String::new()),
            // counted where they are known
            Per::Address | Per::Token | Per::Pair => None,
        };
        uses.extend(whose.map(|whose| (*limit, whose)));
    }
    let at = app.clock.now();
    let made = uses.iter().filter(|(limit, _)| class.counts_what_is_made(limit)).cloned().collect();
    take_all(app, uses).await?;
    Ok(Count { uses: made, at })
}

/// The table for people: docs/limits.md holds it.
pub fn as_markdown() -> String {
    let mut out = String::from("| name | of whom | what | most | within |\n|---|---|---|---|---|\n");
    for limit in ALL {
        let per = match limit.per {
            Per::Client => "client address",
            Per::Account => "account",
            Per::Address => "target address",
            Per::Organization => "organisation",
            Per::Token => "token",
            Per::Pair => "account and client address",
            Per::Everybody => "the whole instance",
        };
        let within = match limit.seconds {
            60 => "1 minute".to_owned(),
            86_400 => "1 day".to_owned(),
            3600 => "1 hour".to_owned(),
            other => format!("{} minutes", other / 60),
        };
        let cells = [&format!("`{}`", limit.name), per, limit.what, &limit.most.to_string(), &within];
        out += &["| ", &cells.join(" | "), " |\n"].concat();
    }
    out
}

/// The class of a route: what changes something counts as a form or a call, unless the table says that it costs
/// more; what only reads counts when the table says so.
pub fn class_of(method: &Method, path: &str) -> Option<Class> {
    let said =
        |table: &[(&str, Class)]| table.iter().find(|(known, _)| *known == path).map(|(_, class)| *class);
    if *method == Method::GET {
        return said(READ);
    }
    let ordinary = if path.starts_with("/api/") { Class::Call } else { Class::Change };
    Some(said(ROUTES).unwrap_or(ordinary))
}

/// Routes that only read, and cost much.
pub const READ: &[(&str, Class)] = &[("/account/export", Class::Export)];

/// Routes that change something, and cost more than a form or a call.
pub const ROUTES: &[(&str, Class)] = &[
    ("/account/addresses", Class::Letter),
    ("/account/confirmation", Class::OwnPassword),
    ("/account/confirmation/link", Class::Letter),
    ("/account/password", Class::OwnPassword),
    ("/account/tokens", Class::Token),
    ("/api/v1/enrollments/{id}/requirements/{leaf}/evidence", Class::Upload),
    // a thousand people in one call, which its token counts
    ("/api/v1/organizations/{org}/awards", Class::Call),
    ("/api/v1/organizations/{org}/keys/{key}/end", Class::Key),
    ("/api/v1/organizations/{org}/rosters", Class::Roster),
    ("/api/v1/verifications", Class::Verify),
    ("/enrollments/{id}/requirements/{leaf}/evidence", Class::Upload),
    ("/invitations/{token}", Class::Link),
    ("/links/{token}", Class::Link),
    ("/organizations", Class::Found),
    ("/organizations/{org}/achievements/{slug}/image", Class::Upload),
    ("/api/v1/organizations/{org}/domains/{domain}/check", Class::Verify),
    // each looks something up elsewhere
    ("/organizations/{org}/domains/check", Class::Verify),
    ("/api/v1/organizations/{org}/invitations", Class::Invitation),
    ("/organizations/{org}/invitations", Class::Invitation),
    ("/organizations/{org}/keys", Class::Key),
    ("/organizations/{org}/keys/{key}/end", Class::Key),
    ("/organizations/{org}/rosters", Class::Roster),
    ("/sign-in", Class::Password),
    ("/sign-in/link", Class::Letter),
    ("/sign-up", Class::Letter),
    ("/verify", Class::Verify),
];
