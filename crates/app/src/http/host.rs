//! Answers only to the instance's own name: a stranger's name that leads to this machine (DNS rebinding)
//! must not make a browser believe that our pages are the stranger's.

use axum::extract::{Request, State};
use axum::http::{StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};
use cairn_actions::App;
use cairn_platform::config::Config;

/// Asked by machines that know the process by another name; nothing there is a person's.
const ANY_HOST: [&str; 2] = ["/healthz", "/metrics"];

/// Refuses requests for another host.
pub async fn layer(State(app): State<App>, request: Request, next: Next) -> Response {
    if is_ours(&app.config, &request) || ANY_HOST.contains(&request.uri().path()) {
        return next.run(request).await;
    }
    let told = format!("This is not that address. Cairn answers here as {}\n", app.config.base_url);
    (StatusCode::MISDIRECTED_REQUEST, told).into_response()
}

/// True when every name that a request gives is our own.
fn is_ours(config: &Config, request: &Request) -> bool {
    let hosts = request.headers().get_all(header::HOST).iter().map(|h| h.to_str().unwrap_or(""));
    let mut asked = hosts.chain(request.uri().authority().map(axum::http::uri::Authority::as_str)).peekable();
    asked.peek().is_some() && asked.all(|host| is_own(config, host))
}

/// True for the host and port of the base address; on this very machine whatever its own name for itself.
fn is_own(config: &Config, asked: &str) -> bool {
    let standard = if config.is_secure() { "443" } else { "80" };
    let (own, own_port) = parts(config.host(), standard);
    let (host, port) = parts(asked, standard);
    let is_same = host.eq_ignore_ascii_case(own) || (is_loopback(own) && is_loopback(host));
    is_same && port == own_port
}

fn parts<'a>(host: &'a str, standard: &'a str) -> (&'a str, &'a str) {
    match host.rsplit_once(':') {
        Some((name, port)) if !port.contains(']') => (name, port),
        _ => (host, standard),
    }
}

fn is_loopback(host: &str) -> bool {
    matches!(host.to_ascii_lowercase().as_str(), "localhost" | "127.0.0.1" | "[::1]")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_own_name_is_answered_to() {
        let check = |base: &str, asked: &str, want| {
            let config = Config { base_url: base.into(), ..Config::default() };
            assert_eq!(is_own(&config, asked), want, "{base} {asked}");
        };
        check("https://badges.example", "badges.example", true);
        check("https://badges.example", "BADGES.example:443", true);
        check("https://badges.example", "badges.example:80", false);
        check("https://badges.example", "evil.example", false);
        check("https://badges.example", "badges.example.evil.example", false);
        check("https://badges.example", "localhost", false);
        check("https://badges.example", "", false);
        check("http://127.0.0.1:8080", "127.0.0.1:8080", true);
        check("http://127.0.0.1:8080", "localhost:8080", true);
        check("http://127.0.0.1:8080", "[::1]:8080", true);
        check("http://127.0.0.1:8080", "127.0.0.1", false);
        check("http://127.0.0.1:8080", "evil.example:8080", false);
        check("http://127.0.0.1:8080", "127.0.0.1.evil.example:8080", false);
        check("http://[::1]:8080", "[::1]:8080", true);
    }
}
