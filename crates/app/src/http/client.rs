//! Where a request comes from: the address of the connection, or what a proxy that we trust says of it.

use axum::extract::{ConnectInfo, FromRequestParts};
use axum::http::request::Parts;
use cairn_actions::App;
use cairn_platform::client::{Client, behind};
use std::net::SocketAddr;

/// Who sent a request; none where there is no connection, as in tests.
pub fn of_request(app: &App, parts: &Parts) -> Option<Client> {
    let ConnectInfo(peer) = parts.extensions.get::<ConnectInfo<SocketAddr>>()?;
    let said: Vec<&str> =
        parts.headers.get_all(&app.config.client_header).iter().filter_map(|v| v.to_str().ok()).collect();
    Some(Client::of(behind(peer.ip(), &said, &app.proxies)))
}

/// Where a request comes from, for a handler.
pub struct From(pub Option<Client>);

impl FromRequestParts<App> for From {
    type Rejection = std::convert::Infallible;
    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Self::Rejection> {
        Ok(Self(of_request(app, parts)))
    }
}
