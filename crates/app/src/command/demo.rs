//! `cairn demo`: a world to look at, on this machine only.

use crate::command::serve::{bind, serve};
use crate::seed;
use crate::web::demo::{self, WorldGuide};
use anyhow::{Context, Result};
use cairn_platform::clock::Clock;
use cairn_platform::config::Config;
use serde_json::json;
use std::path::PathBuf;
use std::process::ExitCode;

/// Flags of `cairn demo`.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Port on 127.0.0.1; 0 takes a free one.
    #[arg(long, default_value_t = 8080)]
    port: u16,
    /// Folder that keeps the world; otherwise it is gone at the end.
    #[arg(long, value_name = "DIR")]
    data: Option<PathBuf>,
    /// Print one line of JSON when it is ready, and nothing else.
    #[arg(long)]
    json: bool,
    /// Make the world in the folder and stop.
    #[arg(long, requires = "data")]
    seed_only: bool,
}

/// Makes the world where there is none, then serves it.
pub async fn run(args: Args) -> Result<ExitCode> {
    let listener = bind(&format!("127.0.0.1:{}", args.port), "--port").await?;
    let address = listener.local_addr()?;
    let temporary = if args.data.is_none() { Some(tempfile::tempdir()?) } else { None };
    let data = match (&args.data, &temporary) {
        (Some(data), _) => data.clone(),
        // inside, where it is made for its owner alone
        (None, Some(folder)) => folder.path().join("data"),
        (None, None) => anyhow::bail!("no folder for the world"),
    };
    let config = Config {
        listen: address.to_string(),
        base_url: format!("http://{address}"),
        data,
        name: "Cairn".into(),
        demo: true,
        ..Config::default()
    };
    let app = crate::open(config.clone(), Clock::System).await?;
    match demo::world(&app).await? {
        Some(world) if world.base_url == config.base_url => {}
        Some(world) => anyhow::bail!(
            "this folder holds a world for {}; its badges name that address. Use its port with --port, or another folder with --data",
            world.base_url
        ),
        None => {
            if !args.json {
                println!("Making the demo's world …");
            }
            seed::run(&config).await.context("making the demo's world")?;
        }
    }
    if args.seed_only {
        app.db.close().await;
        return Ok(ExitCode::SUCCESS);
    }
    let shown = demo::shown(&app).await?.context("the demo's world is not complete; use another folder")?;
    say(&args, &config.base_url, &shown);
    serve(app, listener).await?;
    Ok(ExitCode::SUCCESS)
}

fn say(args: &Args, base: &str, shown: &WorldGuide) {
    if args.json {
        let line = json!({
            "url": base,
            "people": shown.people,
            "api_token": shown.api_token,
            "credentials": shown.credentials,
        });
        println!("{line}");
        return;
    }
    println!("\nCairn is at {base}\n\nSign in with one click at {base}/sign-in as");
    for person in &shown.people {
        println!("  {:<10} {:<18} {}", person.role, person.name, person.sign_in_url);
    }
    match &args.data {
        Some(data) => println!("\nThe world is kept in {}. Stop with Ctrl-C.", data.display()),
        None => println!("\nThe world is gone when you stop it with Ctrl-C; --data DIR keeps it."),
    }
}
