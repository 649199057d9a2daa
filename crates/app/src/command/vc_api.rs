//! `cairn vc-api`: gives the VC-API of `cairn_tools` its place, its network and its end.

use crate::command::machine;
use crate::command::serve::{bind, signal};
use anyhow::{Result, anyhow};
use cairn_actions::verification::{Source, settle};
use cairn_platform::outbound::{Outbound, Reach};
use cairn_tools::vc_api::{self, Args, Settle};
use std::process::ExitCode;
use std::sync::Arc;

/// Serves until it is told to stop.
pub async fn run(args: Args) -> Result<ExitCode> {
    let listener = bind(&args.address()?.to_string(), "--listen").await?;
    vc_api::serve(&args, listener, machine(), network()?, signal()).await?;
    Ok(ExitCode::SUCCESS)
}

/// Fetches what a checker asks for, from this machine too.
fn network() -> Result<Settle> {
    let outbound = Arc::new(Outbound::with_reach(Reach::Loopback)?);
    Ok(Box::new(move |facts, checker| {
        let outbound = outbound.clone();
        Box::pin(async move {
            settle(Source::Alone(&outbound), facts, checker).await.map_err(|e| anyhow!("{e:?}"))
        })
    }))
}
