//! `cairn serve`, `cairn work`, `cairn migrate`.

use crate::http::server::{self, Limits};
use crate::{App, router};
use anyhow::{Context, Result};
use cairn_platform::clock::Clock;
use cairn_platform::config::Config;
use cairn_platform::job;
use std::process::ExitCode;
use tokio::net::TcpListener;
use tokio::sync::watch;

/// Flags of `cairn serve`.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Address to listen on, instead of the setting `listen`.
    #[arg(long, value_name = "HOST:PORT")]
    listen: Option<String>,
    /// Folder for database, uploads and master key, instead of the setting `data`.
    #[arg(long, value_name = "DIR")]
    data: Option<std::path::PathBuf>,
    /// The address under which people reach this instance, instead of the setting `base_url`.
    #[arg(long, value_name = "URL")]
    base_url: Option<String>,
}

/// Job runners beside the web server.
const RUNNERS: usize = 2;

/// Serves until it is told to stop.
pub async fn run(mut config: Config, args: Args) -> Result<ExitCode> {
    if let Some(listen) = args.listen {
        config.listen = listen;
    }
    if let Some(data) = args.data {
        config.data = data;
    }
    if let Some(base_url) = args.base_url {
        config.base_url = base_url;
    }
    config.check()?;
    let listener = bind(&config.listen, "--listen").await?;
    let app = crate::open(config, Clock::System).await?;
    tracing::info!("Listening on http://{}", listener.local_addr()?);
    serve(app, listener).await?;
    Ok(ExitCode::SUCCESS)
}

/// Listens, or says which flag to change.
pub async fn bind(address: &str, flag: &str) -> Result<TcpListener> {
    TcpListener::bind(address).await.with_context(|| {
        format!("{address} cannot be listened on; another program may use it. Choose another with {flag}")
    })
}

/// Answers requests and does the background work until a signal says stop; what
/// has begun is finished.
pub async fn serve(app: App, listener: TcpListener) -> Result<()> {
    let (stop, stopped) = watch::channel(false);
    let runners: Vec<_> =
        (0..RUNNERS).map(|_| tokio::spawn(job::work(app.clone(), stopped.clone()))).collect();
    let limits = Limits {
        connections: app.config.max_connections as usize,
        per_client: app.config.max_connections_per_client as usize,
        proxies: app.proxies.clone(),
        ..Limits::default()
    };
    let told = async move {
        signal().await;
        let _ = stop.send(true);
    };
    server::serve(router(app.clone()), listener, limits, told).await?;
    for runner in runners {
        runner.await?;
    }
    app.db.close().await;
    Ok(())
}

/// Waits until the process is asked to end.
pub async fn signal() {
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        if let Ok(mut terminate) = signal(SignalKind::terminate()) {
            tokio::select! {
                _ = tokio::signal::ctrl_c() => {}
                _ = terminate.recv() => {}
            }
            return;
        }
    }
    let _ = tokio::signal::ctrl_c().await;
}

/// Does the background work until it is told to stop.
pub async fn work(config: Config) -> Result<ExitCode> {
    let app = crate::open(config, Clock::System).await?;
    let (stop, stopped) = watch::channel(false);
    let runner = tokio::spawn(job::work(app.clone(), stopped));
    signal().await;
    let _ = stop.send(true);
    runner.await?;
    app.db.close().await;
    Ok(ExitCode::SUCCESS)
}

/// Brings the database to the newest schema.
pub async fn migrate(config: Config) -> Result<ExitCode> {
    let app = crate::open(config, Clock::System).await?;
    app.db.close().await;
    println!("The database is at the newest schema.");
    Ok(ExitCode::SUCCESS)
}
