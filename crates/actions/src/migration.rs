//! The schema's history, in the order in which it runs. A migration is never changed once it is released.

use crate::migration_step::{fill_blob_use, fill_looks, fill_mail_key, fill_met, seal_links};
use cairn_platform::migrate::Migration;

macro_rules! migration {
    ($name:literal) => {
        migration!($name, None)
    };
    ($name:literal, step $step:expr) => {
        migration!($name, Some($step))
    };
    ($name:literal, $step:expr) => {
        Migration { name: $name, sql: include_str!(concat!("../migrations/", $name, ".sql")), step: $step }
    };
}

/// All of them.
pub const ALL: &[Migration] = &[
    migration!("0001_people"),
    migration!("0002_earning"),
    migration!("0003_credentials"),
    migration!("0004_floor"),
    migration!("0005_catalog"),
    migration!("0006_roster"),
    migration!("0010_standing", step | conn, _ | Box::pin(fill_looks(conn))),
    migration!("0011_domain"),
    migration!("0020_blob_use", step | conn, _ | Box::pin(fill_blob_use(conn))),
    migration!("0021_sealed_link", step | conn, keys | Box::pin(seal_links(conn, keys))),
    migration!("0030_audit"),
    migration!("0031_mail_key", step | conn, _ | Box::pin(fill_mail_key(conn))),
    migration!("0040_accounts"),
    migration!("0060_status_purpose"),
    migration!("0041_places"),
    migration!("0042_keys"),
    migration!("0050_rate"),
    migration!("0070_views"),
    migration!("0071_met", step | conn, _ | Box::pin(fill_met(conn))),
    migration!("0072_cards"),
    migration!("0080_announcement"),
];
