//! All settings in one place: built-in defaults < file < environment < flags.

use anyhow::{Context, Result};
use cairn_value::policy::Policy;
use serde::{Deserialize, Serialize};
use std::path::{Path, PathBuf};

/// Every setting, with its default. In the environment each is
/// `CAIRN_` and its name in capitals: `CAIRN_BASE_URL`.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Config {
    /// Address to listen on. Example: `0.0.0.0:8080`.
    pub listen: String,
    /// The address under which people and other programs reach this instance,
    /// without a slash at the end; it becomes part of every credential. Example:
    /// `https://badges.example.org`.
    pub base_url: String,
    /// Folder for the database file, uploads and the master key.
    pub data: PathBuf,
    /// `sqlite:FILE` or `postgres://…`; empty is `cairn.sqlite3` in the data folder.
    pub database: String,
    /// 32 bytes as 64 hexadecimal digits, which encrypt the signing keys; empty
    /// is the file `master.key` in the data folder, made when missing.
    pub master_key: String,
    /// Name of this instance, as pages and mails show it.
    pub name: String,
    /// Language for visitors whose browser asks for none that we have: `en` or `de`.
    pub language: String,
    /// `smtp://user:password@host:587` or `smtps://…`; empty keeps mails in the mailbox only.
    pub smtp: String,
    /// Sender of mails.
    pub mail_from: String,
    /// Largest accepted upload in bytes.
    pub max_upload: u64,
    /// Addresses of accounts that become operators when they sign up.
    pub operators: Vec<String>,
    /// What organisations may do that no operator has confirmed: `approved`
    /// (nothing that others see) or `open` (they issue, with a warning).
    pub organizations: Policy,
    /// Name server for the TXT records that prove domains, `ADDRESS:PORT`; empty
    /// is the machine's own.
    pub nameserver: String,
    /// Issuers (DIDs or addresses) that this instance accepts as known.
    pub trusted_issuers: Vec<String>,
    /// Addresses and networks of our own proxies, whose header is believed.
    pub trusted_proxies: Vec<String>,
    /// The header in which they say where a request comes from.
    pub client_header: String,
    /// Shows `/metrics` to whoever sends it as a bearer token; empty shows them to nobody.
    pub metrics_token: String,
    /// Most connections at once.
    pub max_connections: u32,
    /// Most connections at once from one address (of IPv6: one network of 64 bits) that is no proxy of ours.
    pub max_connections_per_client: u32,
    /// Lets outbound requests reach private and loopback addresses. For tests.
    pub allow_private_addresses: bool,
    /// The demo's one-click sign-in and mailbox. Set by `cairn demo` only.
    #[serde(skip)]
    pub demo: bool,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            listen: "127.0.0.1:8080".into(),
            base_url: "http://127.0.0.1:8080".into(),
            data: "cairn-data".into(),
            database: String::new(),
            master_key: String::new(),
            name: "Cairn".into(),
            language: "en".into(),
            smtp: String::new(),
            mail_from: "Cairn <cairn@localhost.example>".into(),
            max_upload: 50 * 1024 * 1024,
            operators: vec![],
            organizations: Policy::Approved,
            nameserver: String::new(),
            trusted_issuers: vec![],
            trusted_proxies: vec![],
            client_header: "x-forwarded-for".into(),
            metrics_token: String::new(),
            max_connections: 1024,
            max_connections_per_client: 128,
            allow_private_addresses: false,
            demo: false,
        }
    }
}

impl Config {
    /// Reads the file (when there is one) and the environment over the defaults.
    pub fn load(file: Option<&Path>) -> Result<Self> {
        let mut table = toml::Table::new();
        if let Some(file) = file {
            let text =
                std::fs::read_to_string(file).with_context(|| format!("reading {}", file.display()))?;
            table = text.parse().with_context(|| format!("reading {}", file.display()))?;
        }
        let defaults = toml::Table::try_from(Self::default()).context("defaults")?;
        for (name, default) in &defaults {
            let variable = format!("CAIRN_{}", name.to_uppercase());
            if let Some(text) = environment(&variable) {
                table.insert(name.clone(), from_text(&variable, &text, default)?);
            } else if let Some(path) = environment(&format!("{variable}_FILE")) {
                let text = std::fs::read_to_string(&path)
                    .with_context(|| format!("reading {path} ({variable}_FILE)"))?;
                table.insert(name.clone(), from_text(&variable, text.trim(), default)?);
            }
        }
        let mut config: Self = table.try_into().context("reading the settings")?;
        config.check()?;
        Ok(config)
    }

    /// Where a setting's value comes from, in words: "default", "CAIRN_LISTEN", a file.
    pub fn origin(name: &str, file: Option<&Path>) -> String {
        let variable = format!("CAIRN_{}", name.to_uppercase());
        if environment(&variable).is_some() {
            return variable;
        }
        let variable = format!("{variable}_FILE");
        if environment(&variable).is_some() {
            return variable;
        }
        let text = file.and_then(|f| std::fs::read_to_string(f).ok()).unwrap_or_default();
        let is_there = text.parse::<toml::Table>().is_ok_and(|table| table.contains_key(name));
        match file.filter(|_| is_there) {
            Some(file) => file.display().to_string(),
            None => "default".into(),
        }
    }

    /// Refuses settings that cannot work, in words; tidies the base address.
    pub fn check(&mut self) -> Result<()> {
        self.base_url = self.base_url.trim_end_matches('/').to_owned();
        let url = url::Url::parse(&self.base_url).context("base_url is not an address")?;
        anyhow::ensure!(
            matches!(url.scheme(), "http" | "https"),
            "base_url must begin with http:// or https://"
        );
        anyhow::ensure!(url.path() == "/", "base_url must not have a path");
        anyhow::ensure!(
            reqwest::header::HeaderName::try_from(&self.client_header).is_ok(),
            "client_header must be the name of a header"
        );
        anyhow::ensure!(
            self.max_connections > 0 && self.max_connections_per_client > 0,
            "max_connections and max_connections_per_client must be at least 1"
        );
        anyhow::ensure!(matches!(self.language.as_str(), "en" | "de"), "language must be en or de");
        Ok(())
    }

    /// The database address, the data folder's file when none is set.
    pub fn database_url(&self) -> String {
        if self.database.is_empty() {
            format!("sqlite:{}", self.data.join("cairn.sqlite3").display())
        } else {
            self.database.clone()
        }
    }

    /// Host and port of the base address: `badges.example.org`, `127.0.0.1:8080`.
    pub fn host(&self) -> &str {
        self.base_url.split_once("://").map_or(self.base_url.as_str(), |(_, host)| host)
    }

    /// True when pages are reached by HTTPS, so that cookies are for HTTPS only.
    pub fn is_secure(&self) -> bool {
        self.base_url.starts_with("https://")
    }
}

#[expect(clippy::disallowed_methods, reason = "this is the door")]
fn environment(name: &str) -> Option<String> {
    std::env::var(name).ok()
}

/// Reads a variable's text as the type that the default has.
fn from_text(variable: &str, text: &str, default: &toml::Value) -> Result<toml::Value> {
    let wrong = |what: &str| format!("{variable} must be {what}, not “{text}”");
    Ok(match default {
        toml::Value::Integer(_) => {
            toml::Value::Integer(text.parse().with_context(|| wrong("a whole number"))?)
        }
        toml::Value::Boolean(_) => {
            toml::Value::Boolean(text.parse().with_context(|| wrong("true or false"))?)
        }
        toml::Value::Array(_) => toml::Value::Array(text.split(',').map(|t| t.trim().into()).collect()),
        _ => toml::Value::String(text.into()),
    })
}
