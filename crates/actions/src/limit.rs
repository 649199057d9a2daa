//! The one table of limits: what each costly thing is called, of whom it is counted, how often it may happen.

use cairn_platform::limit::Limit;
use cairn_platform::limit::Per::{Account, Address, Client, Everybody, Organization, Pair, Token};

pub use cairn_platform::limit::{take, take_in};

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
    AWARD_UNCONFIRMED = "award-unconfirmed", Organization, 50, DAY, "people awarded directly while it is unconfirmed";
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
