//! What a command is to look at: a file, a link, or standard input.

use anyhow::{Context as _, Result};
use cairn_platform::outbound::Outbound;
use cairn_tools::files;

/// What badges are asked for with.
const ACCEPT: &str =
    "application/vc, application/ld+json, application/json;q=0.9, image/png;q=0.5, image/svg+xml;q=0.5";

/// Reads a file, a link, or - for standard input.
pub async fn fetch(input: &str, outbound: &Outbound) -> Result<Vec<u8>> {
    if input.starts_with("https://") || input.starts_with("http://") {
        return outbound.get(input, ACCEPT).await.with_context(|| format!("reading {input}"));
    }
    files::read(input)
}
