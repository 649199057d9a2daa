//! The server's loop: whoever is slow, idle or too many is let go, and what has begun is finished at the end.

use crate::http::patient::Patient;
use anyhow::Result;
use axum::Router;
use axum::body::Body;
use axum::extract::{ConnectInfo, Request};
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};
use cairn_platform::client::Client;
use cairn_platform::network::Network;
use hyper::body::Incoming;
use hyper::server::conn::http1::Builder;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use std::collections::HashMap;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore, watch};
use tokio::task::JoinSet;
use tower::ServiceExt as _;
use tower_http::timeout::TimeoutBody;

/// How long and how many.
#[derive(Debug, Clone)]
pub struct Limits {
    /// Until a request's headers are there; an idle connection is kept as long.
    pub headers: Duration,
    /// Between two parts of a body.
    pub body: Duration,
    /// For a whole request until its answer begins.
    pub request: Duration,
    /// For which an answer may wait to be read.
    pub answer: Duration,
    /// For what is under way when the server is told to stop.
    pub stop: Duration,
    /// Connections at once.
    pub connections: usize,
    /// Connections at once from one client.
    pub per_client: usize,
    /// Our own proxies, which are not counted.
    pub proxies: Vec<Network>,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            headers: Duration::from_secs(20),
            body: Duration::from_secs(30),
            request: Duration::from_mins(10),
            answer: Duration::from_secs(30),
            stop: Duration::from_secs(30),
            connections: 1024,
            per_client: 128,
            proxies: vec![],
        }
    }
}

/// Largest head of a request.
const MOST_HEAD: usize = 64 * 1024;

/// Answers until `stop` says so, then finishes what has begun.
pub async fn serve(
    router: Router,
    listener: TcpListener,
    limits: Limits,
    stop: impl Future<Output = ()>,
) -> Result<()> {
    let limits = Arc::new(limits);
    let places = Arc::new(Semaphore::new(limits.connections));
    let counts = Counts::default();
    let (told, stopping) = watch::channel(false);
    let mut under_way = JoinSet::new();
    tokio::pin!(stop);
    loop {
        let next = async {
            // a place first: what cannot be served waits in the listener's queue
            let place = places.clone().acquire_owned().await;
            (place, accept(&listener).await)
        };
        let (place, (stream, peer)) = tokio::select! {
            () = &mut stop => break,
            next = next => next,
        };
        while under_way.try_join_next().is_some() {}
        let Some(turn) = Turn::take(&counts, peer, &limits) else { continue };
        let connection =
            answer(router.clone(), stream, peer, limits.clone(), stopping.clone(), (place?, turn));
        under_way.spawn(connection);
    }
    drop(listener);
    let _ = told.send(true);
    let all = async { while under_way.join_next().await.is_some() {} };
    if tokio::time::timeout(limits.stop, all).await.is_err() {
        tracing::warn!("Some requests were not finished in time and were broken off");
    }
    Ok(())
}

/// The next connection. Accepting fails when the process has no more files; that passes.
async fn accept(listener: &TcpListener) -> (TcpStream, SocketAddr) {
    loop {
        match listener.accept().await {
            Ok(accepted) => return accepted,
            Err(error) => {
                tracing::warn!("Could not accept a connection: {error}");
                tokio::time::sleep(Duration::from_millis(100)).await;
            }
        }
    }
}

async fn answer(
    router: Router,
    stream: TcpStream,
    peer: SocketAddr,
    limits: Arc<Limits>,
    mut stopping: watch::Receiver<bool>,
    _held: (OwnedSemaphorePermit, Turn),
) {
    let _ = stream.set_nodelay(true);
    let patience = limits.clone();
    let service = service_fn(move |request: axum::http::Request<Incoming>| {
        one(router.clone(), request.map(Body::new), peer, patience.clone())
    });
    let io = TokioIo::new(Patient::new(stream, limits.answer));
    let connection = Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(limits.headers)
        .max_buf_size(MOST_HEAD)
        .serve_connection(io, service);
    tokio::pin!(connection);
    // errors are those of the other side: it was slow, or has gone
    tokio::select! {
        _ = connection.as_mut() => return,
        _ = stopping.wait_for(|stop| *stop) => {}
    }
    connection.as_mut().graceful_shutdown();
    let _ = connection.await;
}

/// Answers one request.
async fn one(
    router: Router,
    mut request: Request,
    peer: SocketAddr,
    limits: Arc<Limits>,
) -> Result<Response, std::convert::Infallible> {
    request.extensions_mut().insert(ConnectInfo(peer));
    let request = request.map(|body| Body::new(TimeoutBody::new(limits.body, body)));
    match tokio::time::timeout(limits.request, router.oneshot(request)).await {
        Ok(Ok(response)) => Ok(response),
        Err(_) => Ok((StatusCode::REQUEST_TIMEOUT, "This took too long; try again.\n").into_response()),
    }
}

/// Connections of each client.
type Counts = Arc<Mutex<HashMap<Client, usize>>>;

/// A connection that is counted until it ends.
struct Turn {
    counts: Counts,
    client: Option<Client>,
}

impl Turn {
    /// None when this client has as many as it may.
    fn take(counts: &Counts, peer: SocketAddr, limits: &Limits) -> Option<Self> {
        let client = Client::of(peer.ip());
        if limits.proxies.iter().any(|p| p.contains(peer.ip())) {
            return Some(Self { counts: counts.clone(), client: None });
        }
        let mut all = counts.lock().unwrap_or_else(PoisonError::into_inner);
        let count = all.entry(client).or_default();
        if *count >= limits.per_client {
            return None;
        }
        *count += 1;
        Some(Self { counts: counts.clone(), client: Some(client) })
    }
}

impl Drop for Turn {
    fn drop(&mut self) {
        let Some(client) = self.client else { return };
        let mut all = self.counts.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(count) = all.get_mut(&client) {
            *count -= 1;
            if *count == 0 {
                all.remove(&client);
            }
        }
    }
}
