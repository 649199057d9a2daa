//! `cairn vc-api`: the W3C CCG VC-API with fresh keys for every cryptosuite, so
//! that any conformance suite can be pointed at it. It keeps everything in
//! memory and listens to this machine: it is no issuer to rely on. The network, the clock and chance are
//! handed in.

mod credential;
mod issuer;
mod presentation;
mod problem;
mod status;
mod tls;

use crate::Machine;
use crate::files::MOST_BYTES;
use anyhow::{Result, ensure};
use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::routing::{get, post};
use cairn_credential::check::{Check, Facts, WantedDocument};
use issuer::Issuer;
use jiff::Timestamp;
use serde_json::Value;
use std::collections::{HashMap, VecDeque};
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use tokio::net::TcpListener;
use tower_http::catch_panic::CatchPanicLayer;

/// Flags of `cairn vc-api`.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Address of this machine to listen on; port 0 takes a free one.
    #[arg(long, value_name = "IP:PORT", default_value = "127.0.0.1:0")]
    listen: SocketAddr,
    /// Serve HTTPS with a certificate made at the start.
    #[arg(long)]
    tls_self_signed: bool,
}

impl Args {
    /// Where to listen: on this machine only.
    pub fn address(&self) -> Result<SocketAddr> {
        ensure!(
            self.listen.ip().is_loopback(),
            "{} can be reached from elsewhere; vc-api signs whatever it is given, so it listens to this machine only: use 127.0.0.1",
            self.listen
        );
        Ok(self.listen)
    }
}

/// What came of checking a credential or a presentation.
pub struct Verification {
    checks: Vec<Check>,
    is_badge: bool,
    report: Value,
}

/// Says what came of checking with these facts, and which documents it wants beside them.
pub type Checker = Box<dyn Fn(&Facts) -> (Verification, Vec<WantedDocument>) + Send + Sync>;
/// A verification that is under way.
pub type Settling = Pin<Box<dyn Future<Output = Result<Verification>> + Send>>;
/// Asks a checker again and again, each time with the documents it wanted, until it wants none: the network.
pub type Settle = Box<dyn Fn(Facts, Checker) -> Settling + Send + Sync>;

/// What all requests share.
pub(crate) struct Api {
    base: String,
    issuers: Vec<Issuer>,
    store: Mutex<Store>,
    settle: Settle,
    machine: Machine,
    started: Timestamp,
}

/// What requests change.
struct Store {
    credentials: HashMap<String, Value>,
    challenges: VecDeque<String>,
    lists: Vec<status::List>,
}

impl Api {
    fn store(&self) -> MutexGuard<'_, Store> {
        // every change is one step, so a store that somebody left in a panic is whole
        self.store.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The server, and the number of the issuer whose address was called.
type At = (Arc<Api>, usize);

/// Serves at [`Args::address`] until it is told to stop.
pub async fn serve(
    args: &Args,
    listener: TcpListener,
    machine: Machine,
    settle: Settle,
    stop: impl Future<Output = ()> + Send + 'static,
) -> Result<()> {
    let scheme = if args.tls_self_signed { "https" } else { "http" };
    let base = format!("{scheme}://{}", listener.local_addr()?);
    let api = Arc::new(Api {
        issuers: issuer::fresh(machine)?,
        store: Mutex::new(Store {
            credentials: HashMap::new(),
            challenges: VecDeque::new(),
            lists: status::empty(),
        }),
        settle,
        machine,
        started: machine.now(),
        base,
    });
    let service = router(&api);
    println!("{}", issuer::directory(&api.base, &api.issuers));
    if args.tls_self_signed {
        let listener = tls::TlsListener::over(listener)?;
        axum::serve(listener, service).with_graceful_shutdown(stop).await?;
    } else {
        axum::serve(listener, service).with_graceful_shutdown(stop).await?;
    }
    Ok(())
}

fn router(api: &Arc<Api>) -> Router {
    let directory = issuer::directory(&api.base, &api.issuers);
    let mut router = routes(api, 0)
        .route("/", get(|| async { axum::Json(directory) }))
        .route("/status-lists/{purpose}", get(status::list).with_state((api.clone(), 0)));
    for (number, issuer) in api.issuers.iter().enumerate() {
        router = router.nest(&format!("/{}", issuer.path), routes(api, number));
    }
    router.layer(DefaultBodyLimit::max(MOST_BYTES)).layer(CatchPanicLayer::new())
}

fn routes(api: &Arc<Api>, number: usize) -> Router {
    Router::new()
        .route("/credentials/issue", post(credential::issue))
        .route("/credentials/verify", post(credential::verify))
        .route("/credentials/derive", post(credential::derive))
        .route("/credentials/status", post(status::change))
        .route("/credentials/{id}", get(credential::get).delete(credential::delete))
        .route("/presentations", post(presentation::prove))
        .route("/presentations/prove", post(presentation::prove))
        .route("/presentations/verify", post(presentation::verify))
        .route("/challenges", post(presentation::challenge))
        .with_state((api.clone(), number))
}
