//! `cairn bake` and `cairn unbake`: badges in pictures.

use crate::files::{self, Output};
use anyhow::{Context, Result, bail};
use cairn_credential::bake::{self, Picture, Version};
use serde_json::{Value, json};
use std::process::ExitCode;

/// Flags of `cairn bake`.
#[derive(Debug, clap::Args)]
pub struct BakeArgs {
    /// The picture: PNG or SVG.
    #[arg(value_name = "PICTURE")]
    picture: String,
    /// The signed credential (JSON or compact JWS), or - for standard input.
    #[arg(value_name = "CREDENTIAL|-", default_value = "-")]
    credential: String,
    /// Bake as Open Badges 2.0: an assertion (JSON or JWS), or the address of a hosted one.
    #[arg(long)]
    open_badges_2: bool,
    #[command(flatten)]
    output: Output,
}

/// Flags of `cairn unbake`.
#[derive(Debug, clap::Args)]
pub struct UnbakeArgs {
    /// The picture with the badge: PNG or SVG, or - for standard input.
    #[arg(value_name = "PICTURE|-", default_value = "-")]
    picture: String,
    #[command(flatten)]
    output: Output,
}

/// `cairn bake`
pub fn run(args: BakeArgs) -> Result<ExitCode> {
    args.output.told(bake_file(&args))
}

fn bake_file(args: &BakeArgs) -> Result<ExitCode> {
    let picture = files::read(&args.picture)?;
    let text = files::read(&args.credential)?;
    let text = String::from_utf8(text)
        .ok()
        .with_context(|| format!("{} is not text", files::called(&args.credential)))?;
    let text = text.trim();
    let kind = Picture::sniff(&picture);
    let baked = match (kind, args.open_badges_2) {
        (None, _) => bail!("{} is neither a PNG nor an SVG picture", args.picture),
        (Some(_), true) => bake::bake_open_badges_2(&picture, text),
        (Some(_), false) => {
            if !text.starts_with('{') && text.split('.').count() != 3 {
                bail!("{} is neither JSON nor a compact JWS", files::called(&args.credential));
            }
            match kind {
                Some(Picture::Svg) => {
                    let svg = std::str::from_utf8(&picture)
                        .with_context(|| format!("{} is not UTF-8", args.picture))?;
                    bake::bake_svg(svg, text).map(String::into_bytes)
                }
                _ => bake::bake_png(&picture, text),
            }
        }
    };
    let baked = baked.with_context(|| format!("baking into {}", args.picture))?;
    args.output.give_bytes(&baked, json!({ "bytes": baked.len() }))
}

/// `cairn unbake`
pub fn unbake(args: UnbakeArgs) -> Result<ExitCode> {
    args.output.told(unbake_file(&args))
}

fn unbake_file(args: &UnbakeArgs) -> Result<ExitCode> {
    let picture = files::read(&args.picture)?;
    let baked =
        bake::unbake(&picture).with_context(|| format!("unbaking {}", files::called(&args.picture)))?;
    let version = match baked.version {
        Version::OpenBadges3 => "3.0",
        Version::OpenBadges2 => "2.0",
    };
    // as it was baked, to the byte: a signature may be over the JSON itself
    args.output.give(&Value::String(baked.text), json!({ "open_badges": version }))
}
