//! Requests that leave this machine: HTTPS to public addresses only, small and quick.

use crate::config::Config;
use crate::network::is_public;
use anyhow::{Context, Result, bail, ensure};
use futures_util::StreamExt as _;
use std::net::{IpAddr, SocketAddr};
use std::sync::{Arc, OnceLock};
use std::time::Duration;
use url::{Host, Url};

/// Largest document that is fetched.
pub const MOST_BYTES: usize = 2 * 1024 * 1024;

/// Which addresses may be reached.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reach {
    /// HTTPS to public addresses.
    Public,
    /// Also HTTP and HTTPS to this very machine, for the command line.
    Loopback,
    /// Everything. For tests.
    Anywhere,
}

/// A client that refuses private addresses, also when a name leads there.
#[derive(Debug, Clone)]
pub struct Outbound {
    client: reqwest::Client,
    reach: Reach,
    /// Of tests: the server that stands in for all others.
    stand_in: Arc<OnceLock<SocketAddr>>,
}

/// What was fetched.
#[derive(Debug)]
pub struct Download {
    /// The bytes.
    pub bytes: Vec<u8>,
    /// The address they came from in the end, if there were redirects.
    pub from: Option<String>,
}

/// A server that answered with something else than what was asked for.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{host} answered {status}")]
pub struct StatusError {
    /// Whose.
    pub host: String,
    /// HTTP status.
    pub status: u16,
}

/// Said of a name that is none, and of one that leads into a network of ours: a stranger who asks learns nothing of
/// the names that are known there.
const NOWHERE: &str = "the name is not known, or leads to no public address";

#[derive(Debug)]
struct Resolver(Reach);

impl reqwest::dns::Resolve for Resolver {
    fn resolve(&self, name: reqwest::dns::Name) -> reqwest::dns::Resolving {
        let reach = self.0;
        Box::pin(async move {
            let found = tokio::net::lookup_host((name.as_str(), 0)).await;
            let allowed: Vec<SocketAddr> =
                found.into_iter().flatten().filter(|a| may_reach(a.ip(), reach)).collect();
            if allowed.is_empty() {
                return Err(NOWHERE.into());
            }
            let addresses: reqwest::dns::Addrs = Box::new(allowed.into_iter());
            Ok(addresses)
        })
    }
}

impl Outbound {
    /// For the server.
    pub fn open(config: &Config) -> Result<Self> {
        Self::with_reach(if config.allow_private_addresses { Reach::Anywhere } else { Reach::Public })
    }

    /// With a reach of one's own.
    pub fn with_reach(reach: Reach) -> Result<Self> {
        // a second call finds it installed, which is as good
        let _ = rustls::crypto::ring::default_provider().install_default();
        let client = reqwest::Client::builder()
            .user_agent("Cairn")
            .timeout(Duration::from_secs(10))
            .connect_timeout(Duration::from_secs(5))
            .redirect(reqwest::redirect::Policy::none())
            .no_proxy()
            .dns_resolver(Arc::new(Resolver(reach)))
            .build()
            .context("making the HTTP client")?;
        Ok(Self { client, reach, stand_in: Arc::default() })
    }

    /// From now on every address leads to this server by HTTP, if everything may be reached. For tests.
    pub fn stand_in(&self, server: SocketAddr) {
        let _ = self.stand_in.set(server);
    }

    /// Fetches a document wherever it lies in the end. Where it counts who gives it, see [`Self::ask`].
    pub async fn get(&self, address: &str, accept: &str) -> Result<Vec<u8>> {
        Ok(self.ask(address, accept).await?.bytes)
    }

    /// Fetches a document and says where it came from: at most three redirects, each checked like the
    /// first address.
    pub async fn ask(&self, address: &str, accept: &str) -> Result<Download> {
        let mut url = Url::parse(address).context("this is not an address")?;
        for redirects in 0..4 {
            let url_now = self.checked(url)?;
            let response =
                self.client.get(url_now.clone()).header("accept", accept).send().await.map_err(|e| {
                    anyhow::anyhow!("{} did not answer: {}", url_now.host_str().unwrap_or("?"), root(&e))
                })?;
            if response.status().is_redirection() {
                let to = response.headers().get("location").and_then(|v| v.to_str().ok());
                url = url_now.join(to.context("a redirect without an address")?)?;
                continue;
            }
            ensure!(
                response.status().is_success(),
                "{} answered {}",
                url_now.host_str().unwrap_or("?"),
                response.status()
            );
            let from = (redirects > 0).then(|| url_now.into());
            return Ok(Download { bytes: body(response).await?, from });
        }
        bail!("too many redirects")
    }

    /// Fetches a small text that lies at this very address: no redirect is
    /// followed, for what another host says proves nothing about this one.
    pub async fn get_here(&self, address: &str) -> Result<Vec<u8>> {
        let url = self.checked(Url::parse(address).context("this is not an address")?)?;
        let host = url.host_str().unwrap_or("?").to_owned();
        let sent = self.client.get(url).header("accept", "text/plain").send().await;
        let response = sent.map_err(|e| anyhow::anyhow!("{host} did not answer: {}", root(&e)))?;
        if !response.status().is_success() {
            return Err(StatusError { host, status: response.status().as_u16() }.into());
        }
        body(response).await
    }

    fn checked(&self, mut url: Url) -> Result<Url> {
        let (loopback, ip) = match url.host().context("the address has no host")? {
            Host::Domain(name) => (name == "localhost" || name.ends_with(".localhost"), None),
            Host::Ipv4(ip) => (ip.is_loopback(), Some(IpAddr::V4(ip))),
            Host::Ipv6(ip) => (ip.is_loopback(), Some(IpAddr::V6(ip))),
        };
        if let Some(ip) = ip {
            ensure!(may_reach(ip, self.reach), "{ip} is a private address");
        }
        let plain_allowed = self.reach == Reach::Anywhere || (loopback && self.reach == Reach::Loopback);
        match url.scheme() {
            // did:web names no scheme and means HTTPS; on this machine Cairn itself speaks HTTP
            "https" if loopback && self.reach != Reach::Public => {
                url.set_scheme("http").map_err(|()| anyhow::anyhow!("not an HTTP address"))?;
            }
            "https" => {}
            "http" if plain_allowed => {}
            _ => bail!("only https addresses are fetched"),
        }
        ensure!(
            url.username().is_empty() && url.password().is_none(),
            "an address with a password is not fetched"
        );
        // nobody's mail or shell is knocked at for a stranger
        let port = url.port_or_known_default().unwrap_or_default();
        ensure!(
            self.reach == Reach::Anywhere || loopback || port == 443 || port >= 1024,
            "port {port} is not reached: only 443 and those from 1024 on are"
        );
        if let (Some(server), Reach::Anywhere) = (self.stand_in.get(), self.reach) {
            url = Url::parse(&format!("http://{server}{}", url.path()))?;
        }
        Ok(url)
    }
}

async fn body(response: reqwest::Response) -> Result<Vec<u8>> {
    let mut bytes = vec![];
    let mut stream = response.bytes_stream();
    while let Some(part) = stream.next().await {
        bytes.extend_from_slice(&part.context("the answer broke off")?);
        ensure!(bytes.len() <= MOST_BYTES, "the document is larger than {MOST_BYTES} bytes");
    }
    Ok(bytes)
}

fn root(error: &reqwest::Error) -> String {
    let mut cause: &dyn std::error::Error = error;
    while let Some(next) = cause.source() {
        cause = next;
    }
    cause.to_string()
}

fn may_reach(ip: IpAddr, reach: Reach) -> bool {
    match reach {
        Reach::Anywhere => true,
        Reach::Loopback => is_public(ip) || ip.is_loopback(),
        Reach::Public => is_public(ip),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn private_addresses_are_told_from_public_ones() {
        let check = |ip: &str, want| assert_eq!(is_public(ip.parse().unwrap()), want, "{ip}");
        for ip in
            ["127.0.0.1", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1", "0.0.0.0"]
        {
            check(ip, false);
        }
        for ip in [
            "::1",
            "fe80::1",
            "fc00::1",
            "::ffff:127.0.0.1",
            "2002:7f00:1::",
            "64:ff9b::a00:1",
            "2001:db8::1",
        ] {
            check(ip, false);
        }
        check("93.184.216.34", true);
        check("2606:4700::1111", true);
    }

    #[tokio::test]
    async fn a_name_inside_is_answered_like_one_that_is_none() {
        let out = Outbound::with_reach(Reach::Public).unwrap();
        for name in ["localhost", "nobody.invalid"] {
            let said = out.get(&format!("https://{name}/"), "*/*").await.unwrap_err().to_string();
            assert_eq!(said, format!("{name} did not answer: {NOWHERE}"));
        }
    }

    #[test]
    fn only_https_leaves_the_machine() {
        let check = |reach, address: &str, want: Option<&str>| {
            let out = Outbound::with_reach(reach).unwrap();
            let got = out.checked(Url::parse(address).unwrap()).ok();
            assert_eq!(got.as_ref().map(Url::as_str), want, "{address}");
        };
        check(Reach::Public, "https://example.org/a", Some("https://example.org/a"));
        check(Reach::Public, "http://example.org/a", None);
        check(Reach::Public, "https://127.0.0.1/a", None);
        check(Reach::Public, "https://[::1]/a", None);
        check(Reach::Public, "file:///etc/passwd", None);
        check(Reach::Public, "https://a:b@example.org/", None);
        check(Reach::Public, "https://example.org:8443/a", Some("https://example.org:8443/a"));
        check(Reach::Public, "https://example.org:22/a", None);
        check(Reach::Public, "https://example.org:25/a", None);
        check(Reach::Public, "https://example.org:80/a", None);
        check(Reach::Loopback, "https://example.org:22/a", None);
        check(Reach::Loopback, "https://127.0.0.1:80/a", Some("http://127.0.0.1/a"));
        check(Reach::Loopback, "https://127.0.0.1:8080/a", Some("http://127.0.0.1:8080/a"));
        check(Reach::Loopback, "https://10.0.0.1/a", None);
    }
}
