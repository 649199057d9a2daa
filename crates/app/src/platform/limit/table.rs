//! The one table of limits: what each costly thing is called, of whom it is counted, how often it may
//! happen, and which routes count for it. Documents and tests are made of this.

use crate::platform::limit::Per::{self, Account, Address, Client, Everybody, Organization, Pair, Token};
use axum::http::Method;

/// One limit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limit {
    /// Stable name, part of the key in the database.
    pub name: &'static str,
    /// Of whom it is counted.
    pub per: Per,
    /// So often …
    pub most: i64,
    /// … within so many seconds.
    pub seconds: i64,
    /// What is counted, for people.
    pub what: &'static str,
}

const MINUTE: i64 = 60;
const QUARTER: i64 = 15 * MINUTE;
const HOUR: i64 = 60 * MINUTE;
const DAY: i64 = 24 * HOUR;

macro_rules! limits {
    ($($constant:ident = $name:literal, $per:expr, $most:expr, $seconds:expr, $what:literal;)*) => {
        $(
            #[doc = $what]
            pub const $constant: Limit =
                Limit { name: $name, per: $per, most: $most, seconds: $seconds, what: $what };
        )*
        /// Every limit there is.
        pub const ALL: &[Limit] = &[$($constant),*];
    };
}

limits! {
    CHANGE_CLIENT = "change-client", Client, 600, MINUTE, "forms sent";
    CHANGE_ACCOUNT = "change-account", Account, 600, MINUTE, "forms sent, calls that change something";
    PASSWORD_CLIENT = "password-client", Client, 100, QUARTER, "passwords tried";
    PASSWORD_PAIR = "password-pair", Pair, 10, QUARTER, "passwords tried for one account from one place";
    PASSWORD_ACCOUNT = "password-account", Account, 10, QUARTER, "passwords tried or changed while signed in";
    LETTER_CLIENT = "letter-client", Client, 40, QUARTER, "letters asked for (sign-in, sign-up, invitations)";
    LETTER_CLIENT_DAY = "letter-client-day", Client, 400, DAY, "letters asked for in a day";
    LETTER_ACCOUNT = "letter-account", Account, 100, HOUR, "letters asked for";
    // as long as a link to sign in holds, so that the last of them still opens when there are no more
    LETTER_ADDRESS = "letter-address", Address, 5, QUARTER, "letters with a link to sign in or sign up";
    CONFIRM_ADDRESS = "confirm-address", Address, 5, HOUR, "letters that ask whether an address is somebody's";
    INVITATION_ADDRESS = "invitation-address", Address, 5, HOUR, "invitations to one address";
    INVITATION_ORGANIZATION = "invitation-organization", Organization, 200, HOUR, "invitations";
    INVITATION_UNCONFIRMED = "invitation-unconfirmed", Organization, 10, DAY, "invitations while it is unconfirmed";
    LINK_CLIENT = "link-client", Client, 60, QUARTER, "links of letters opened and confirmed";
    FOUND_CLIENT = "found-client", Client, 20, DAY, "organisations founded";
    FOUND_ACCOUNT = "found-account", Account, 5, DAY, "organisations founded";
    UPLOAD_CLIENT = "upload-client", Client, 1200, HOUR, "files sent";
    UPLOAD_ACCOUNT = "upload-account", Account, 300, HOUR, "files sent";
    ROSTER_ORGANIZATION = "roster-organization", Organization, 60, HOUR, "rosters sent";
    KEY_ORGANIZATION = "key-organization", Organization, 10, DAY, "signing keys made";
    TOKEN_ACCOUNT = "token-account", Account, 20, HOUR, "keys to the API made";
    EXPORT_ACCOUNT = "export-account", Account, 10, HOUR, "exports of one's own data";
    VERIFY_CLIENT = "verify-client", Client, 120, MINUTE, "badges checked";
    VERIFY_EVERYBODY = "verify", Everybody, 600, MINUTE, "badges checked by all together";
    CALL_TOKEN = "token", Token, 600, MINUTE, "calls of the API with one token";
}

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
            Self::Letter => &[LETTER_CLIENT, LETTER_CLIENT_DAY, LETTER_ACCOUNT],
            Self::Invitation => &[LETTER_CLIENT, LETTER_CLIENT_DAY, LETTER_ACCOUNT, INVITATION_ORGANIZATION],
            Self::Link => &[LINK_CLIENT],
            Self::Found => &[FOUND_CLIENT, FOUND_ACCOUNT],
            Self::Upload => &[UPLOAD_CLIENT, UPLOAD_ACCOUNT],
            Self::Roster => &[UPLOAD_CLIENT, UPLOAD_ACCOUNT, ROSTER_ORGANIZATION],
            Self::Key => &[KEY_ORGANIZATION],
            Self::Token => &[TOKEN_ACCOUNT],
            Self::Export => &[EXPORT_ACCOUNT],
            Self::Verify => &[VERIFY_CLIENT, VERIFY_EVERYBODY],
        }
    }
}

/// The class of a route; none when nobody has thought about what it costs.
pub fn class_of(method: &Method, path: &str) -> Option<Class> {
    if *method == Method::GET {
        return READ.iter().find(|(known, _)| *known == path).map(|(_, class)| *class);
    }
    ROUTES.iter().find(|(known, _)| *known == path).map(|(_, class)| *class)
}

/// Routes that only read, and cost much.
pub const READ: &[(&str, Class)] = &[("/account/export", Class::Export)];

/// Routes that change something.
pub const ROUTES: &[(&str, Class)] = &[
    ("/account/addresses", Class::Letter),
    ("/account/addresses/primary", Class::Change),
    ("/account/addresses/removal", Class::Change),
    ("/account/confirmation", Class::OwnPassword),
    ("/account/confirmation/link", Class::Letter),
    ("/account/deletion", Class::Change),
    ("/account/password", Class::OwnPassword),
    ("/account/profile", Class::Change),
    ("/account/sessions/end", Class::Change),
    ("/account/sessions/end-others", Class::Change),
    ("/account/sessions/removal", Class::Change),
    ("/account/tokens", Class::Token),
    ("/account/tokens/revocation", Class::Change),
    ("/api/v1/credentials/{id}/correction", Class::Call),
    ("/api/v1/credentials/{id}/sharing", Class::Call),
    ("/api/v1/credentials/{id}/status", Class::Call),
    ("/api/v1/enrollments", Class::Call),
    ("/api/v1/enrollments/{id}/requirements/{leaf}/attempts", Class::Call),
    ("/api/v1/enrollments/{id}/requirements/{leaf}/badge", Class::Call),
    ("/api/v1/enrollments/{id}/requirements/{leaf}/evidence", Class::Upload),
    ("/api/v1/enrollments/{id}/requirements/{leaf}/reading", Class::Call),
    ("/api/v1/enrollments/{id}/withdrawal", Class::Call),
    ("/api/v1/me/token/end", Class::Call),
    ("/api/v1/organizations/{org}/awards", Class::Call),
    ("/api/v1/organizations/{org}/keys/{key}/end", Class::Key),
    ("/api/v1/organizations/{org}/rosters", Class::Roster),
    ("/api/v1/organizations/{org}/rosters/{id}/start", Class::Call),
    ("/api/v1/reviews/{id}/decision", Class::Call),
    ("/api/v1/reviews/{id}/opening", Class::Call),
    ("/api/v1/submissions/{id}/appeal", Class::Call),
    ("/api/v1/submissions/{id}/evidence/{evidence}/removal", Class::Call),
    ("/api/v1/submissions/{id}/handing-in", Class::Call),
    ("/api/v1/verifications", Class::Verify),
    ("/c/{id}/correction", Class::Change),
    ("/c/{id}/sharing", Class::Change),
    ("/c/{id}/status", Class::Change),
    ("/catalog/{key}/enrollments", Class::Change),
    ("/enrollments/{id}/requirements/{leaf}/attempts", Class::Change),
    ("/enrollments/{id}/requirements/{leaf}/badge", Class::Change),
    ("/enrollments/{id}/requirements/{leaf}/evidence", Class::Upload),
    ("/enrollments/{id}/requirements/{leaf}/reading", Class::Change),
    ("/enrollments/{id}/withdrawal", Class::Change),
    ("/invitations/{token}", Class::Link),
    ("/language", Class::Change),
    ("/links/{token}", Class::Link),
    ("/operator/organizations/{slug}/decision", Class::Change),
    ("/organizations", Class::Found),
    ("/organizations/{org}/achievements", Class::Change),
    ("/organizations/{org}/achievements/{slug}/draft/removal", Class::Change),
    ("/organizations/{org}/achievements/{slug}/image", Class::Upload),
    ("/organizations/{org}/achievements/{slug}/image/removal", Class::Change),
    ("/organizations/{org}/achievements/{slug}/offer", Class::Change),
    ("/organizations/{org}/achievements/{slug}/publication", Class::Change),
    ("/organizations/{org}/achievements/{slug}/requirements", Class::Change),
    ("/organizations/{org}/achievements/{slug}/requirements/{node}", Class::Change),
    ("/organizations/{org}/achievements/{slug}/requirements/{node}/items", Class::Change),
    ("/organizations/{org}/achievements/{slug}/requirements/{node}/items/{item}", Class::Change),
    ("/organizations/{org}/achievements/{slug}/requirements/{node}/rubric", Class::Change),
    ("/organizations/{org}/achievements/{slug}/retirement", Class::Change),
    ("/organizations/{org}/achievements/{slug}/{section}", Class::Change),
    ("/organizations/{org}/confirmation", Class::Change),
    ("/organizations/{org}/conflicts", Class::Change),
    ("/organizations/{org}/conflicts/removal", Class::Change),
    ("/organizations/{org}/domains", Class::Change),
    // each looks something up elsewhere
    ("/organizations/{org}/domains/check", Class::Verify),
    ("/organizations/{org}/domains/removal", Class::Change),
    ("/organizations/{org}/invitations", Class::Invitation),
    ("/organizations/{org}/keys", Class::Key),
    ("/organizations/{org}/keys/{key}/end", Class::Key),
    ("/organizations/{org}/members/removal", Class::Change),
    ("/organizations/{org}/profile", Class::Change),
    ("/organizations/{org}/rosters", Class::Roster),
    ("/organizations/{org}/rosters/{id}/copy", Class::Change),
    ("/organizations/{org}/rosters/{id}/removal", Class::Change),
    ("/organizations/{org}/rosters/{id}/start", Class::Change),
    ("/reviews/{id}/decision", Class::Change),
    ("/reviews/{id}/draft", Class::Change),
    ("/reviews/{id}/opening", Class::Change),
    ("/sign-in", Class::Password),
    ("/sign-in/link", Class::Letter),
    ("/sign-out", Class::Change),
    ("/sign-up", Class::Letter),
    ("/submissions/{id}/appeal", Class::Change),
    ("/submissions/{id}/evidence/{evidence}/removal", Class::Change),
    ("/submissions/{id}/handing-in", Class::Change),
    ("/verify", Class::Verify),
];
