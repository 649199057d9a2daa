//! `cairn config example`: every setting with its meaning and its default.
//! `docs/cairn.example.toml` is what this prints; a test keeps it fresh.

use anyhow::Result;
use cairn_platform::config::Config;
use std::fmt::Write as _;
use std::process::ExitCode;

/// Settings.
#[derive(Debug, clap::Args)]
pub struct ConfigArgs {
    #[command(subcommand)]
    command: ConfigCommand,
}

#[derive(Debug, clap::Subcommand)]
enum ConfigCommand {
    /// Print a file with every setting, its meaning and its default.
    Example,
}

/// `cairn config`
pub fn command(args: &ConfigArgs) -> Result<ExitCode> {
    match args.command {
        ConfigCommand::Example => print!("{}", example()?),
    }
    Ok(ExitCode::SUCCESS)
}

/// Whether a value may be shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Visibility {
    /// All of it.
    Whole,
    /// An address: all but its password.
    WithoutPassword,
    /// Only whether it is set.
    Hidden,
}

/// What is known of a setting.
#[derive(Debug)]
pub struct Setting {
    /// As in the file.
    pub name: &'static str,
    /// What it is for, one line each.
    pub meaning: &'static [&'static str],
    /// How `cairn doctor` shows it.
    pub shown: Visibility,
}

const fn setting(name: &'static str, meaning: &'static [&'static str]) -> Setting {
    Setting { name, meaning, shown: Visibility::Whole }
}

/// Every setting, in the order of [`Config`].
pub const SETTINGS: &[Setting] = &[
    setting("listen", &["Address to listen on.", "All of this machine's addresses: \"0.0.0.0:8080\""]),
    setting(
        "base_url",
        &[
            "The address under which people and other programs reach this instance, without",
            "a slash at the end. It becomes part of every badge and cannot be changed once",
            "badges are out.",
            "Example: \"https://badges.example.org\"",
        ],
    ),
    setting("data", &["Folder for the database file, uploads and the master key."]),
    Setting {
        name: "database",
        meaning: &[
            "Where the data is: \"sqlite:FILE\" or \"postgres://user:password@host/name\".",
            "Empty is the file cairn.sqlite3 in the data folder.",
        ],
        shown: Visibility::WithoutPassword,
    },
    Setting {
        name: "master_key",
        meaning: &[
            "32 bytes as 64 hexadecimal digits, which encrypt the signing keys. Empty is the",
            "file master.key in the data folder, made when missing. Better than writing it",
            "here: CAIRN_MASTER_KEY_FILE names a file that holds it.",
        ],
        shown: Visibility::Hidden,
    },
    setting("name", &["Name of this instance, as pages and letters show it."]),
    setting(
        "language",
        &["Language for visitors whose browser asks for none that we have: \"en\" or \"de\"."],
    ),
    Setting {
        name: "smtp",
        meaning: &[
            "Mail server. Empty keeps letters in the database only; nobody receives them.",
            "Example: \"smtp://user:password@mail.example.org:587?tls=required\", or smtps://…",
        ],
        shown: Visibility::WithoutPassword,
    },
    setting("mail_from", &["Sender of letters.", "Example: \"Badges <badges@example.org>\""]),
    setting("max_upload", &["Largest accepted upload in bytes."]),
    setting(
        "operators",
        &["Addresses of accounts that become operators of this instance when they sign up."],
    ),
    setting(
        "organizations",
        &[
            "What organisations may do that no operator has confirmed. \"approved\": nothing that",
            "others see, and they cannot issue. \"open\": they issue, and every page and verdict",
            "says that nobody has confirmed who they are.",
        ],
    ),
    setting(
        "nameserver",
        &[
            "Name server for the TXT records that prove domains, such as \"9.9.9.9:53\". Empty is",
            "this machine's own.",
        ],
    ),
    setting(
        "trusted_issuers",
        &["Issuers (DIDs or addresses) of other instances that this one accepts as known."],
    ),
    setting(
        "trusted_proxies",
        &[
            "Addresses and networks of your own proxies. What they say of where a request",
            "comes from is believed, and limits are counted for that address.",
            "Example: [\"127.0.0.1\", \"10.0.0.0/8\"]",
        ],
    ),
    setting(
        "client_header",
        &["The header in which these proxies say it; they must write it anew or append to it."],
    ),
    Setting {
        name: "metrics_token",
        meaning: &[
            "Numbers for Prometheus stand at /metrics for whoever sends this as a bearer token.",
            "Empty shows them to nobody.",
        ],
        shown: Visibility::Hidden,
    },
    setting("max_connections", &["Most connections at once."]),
    setting(
        "max_connections_per_client",
        &[
            "Most connections at once from one address (of IPv6: one network of 64 bits).",
            "Your own proxies are not counted.",
        ],
    ),
    setting(
        "allow_private_addresses",
        &["Lets outbound requests reach private and loopback addresses. For tests only."],
    ),
];

/// The file.
pub fn example() -> Result<String> {
    let defaults = toml::Table::try_from(Config::default())?;
    let mut text = String::from(
        "# Settings of Cairn, each with its default. Remove the # before those that you\n\
         # change. Stronger than this file: the variable in brackets, and the same with\n\
         # _FILE, which names a file that holds the value.\n\
         #\n\
         # Written by `cairn config example`.\n",
    );
    for setting in SETTINGS {
        let default =
            defaults.get(setting.name).cloned().unwrap_or_else(|| toml::Value::String(String::new()));
        text.push('\n');
        for line in setting.meaning {
            let _ = writeln!(text, "# {line}");
        }
        let _ = writeln!(text, "# [CAIRN_{}]", setting.name.to_uppercase());
        let _ = writeln!(text, "#{} = {default}", setting.name);
    }
    Ok(text)
}

/// A value as it may be shown.
pub fn shown(setting: &Setting, value: &toml::Value) -> String {
    let text = match value {
        toml::Value::String(text) => text.clone(),
        other => other.to_string(),
    };
    match setting.shown {
        Visibility::Hidden if !text.is_empty() => "(set, not shown)".into(),
        Visibility::WithoutPassword => without_password(&text),
        Visibility::Whole | Visibility::Hidden => text,
    }
}

fn without_password(address: &str) -> String {
    match url::Url::parse(address) {
        Ok(mut url) if url.password().is_some() => {
            let _ = url.set_password(Some("…"));
            url.to_string().replace("%E2%80%A6", "…")
        }
        // what is not a whole address may hold a password all the same
        _ if address.contains('@') && !address.contains("://") => "(set, not shown)".into(),
        _ => address.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_setting_is_explained() {
        let defaults = toml::Table::try_from(Config::default()).unwrap();
        let mut known: Vec<&str> = SETTINGS.iter().map(|s| s.name).collect();
        let mut all: Vec<&str> = defaults.keys().map(String::as_str).collect();
        known.sort_unstable();
        all.sort_unstable();
        assert_eq!(known, all);
    }

    #[test]
    fn the_example_holds_the_defaults() {
        let active: Vec<String> = example()
            .unwrap()
            .lines()
            .filter_map(|l| l.strip_prefix('#').filter(|l| l.starts_with(|c: char| c.is_ascii_lowercase())))
            .map(String::from)
            .collect();
        assert_eq!(active.len(), SETTINGS.len());
        let read: toml::Table = active.join("\n").parse().unwrap();
        assert_eq!(read, toml::Table::try_from(Config::default()).unwrap());
    }

    #[test]
    fn the_example_in_the_documents_is_fresh() {
        let file = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/cairn.example.toml");
        let text = std::fs::read_to_string(&file).unwrap_or_default();
        assert_eq!(text, example().unwrap(), "run: cairn config example > docs/cairn.example.toml");
    }

    #[test]
    fn no_secret_is_shown() {
        let check = |name: &str, value: &str, want: &str| {
            let setting = SETTINGS.iter().find(|s| s.name == name).unwrap();
            assert_eq!(shown(setting, &value.into()), want);
        };
        check("master_key", "00ff", "(set, not shown)");
        check("master_key", "", "");
        check("smtp", "smtp://amy:secret@mail.example.org:587", "smtp://amy:…@mail.example.org:587");
        check("smtp", "amy:secret@mail.example.org", "(set, not shown)");
        check("database", "postgres://cairn:secret@db/cairn", "postgres://cairn:…@db/cairn");
        check("database", "sqlite:data/cairn.sqlite3", "sqlite:data/cairn.sqlite3");
    }
}
