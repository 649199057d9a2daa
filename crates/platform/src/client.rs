//! Where a request comes from: the address of the connection, or what a proxy that we trust says of it.

use crate::network::Network;
use std::net::{IpAddr, Ipv6Addr, SocketAddr};

/// A client as it is counted: one IPv4 address, or the 64 bits that a home or a company gets of IPv6.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Client(IpAddr);

impl Client {
    /// The client of an address.
    pub fn of(ip: IpAddr) -> Self {
        Self(match ip.to_canonical() {
            IpAddr::V6(v6) => {
                let s = v6.segments();
                IpAddr::V6(Ipv6Addr::new(s[0], s[1], s[2], s[3], 0, 0, 0, 0))
            }
            v4 @ IpAddr::V4(_) => v4,
        })
    }
}

impl std::fmt::Display for Client {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.fmt(f)
    }
}

/// The address behind our proxies: from the right, the first that is not one of them. What stands left of
/// it anybody can write.
pub fn behind(peer: IpAddr, said: &[&str], proxies: &[Network]) -> IpAddr {
    let mut last = peer.to_canonical();
    let hops = said.iter().rev().flat_map(|line| line.split(',').rev());
    for hop in hops {
        if !proxies.iter().any(|p| p.contains(last)) {
            break;
        }
        let Some(address) = address(hop) else { break };
        last = address;
    }
    last
}

/// `192.0.2.1`, `192.0.2.1:4711`, `2001:db8::1`, `[2001:db8::1]:4711`
fn address(text: &str) -> Option<IpAddr> {
    let text = text.trim();
    let ip = text.parse::<IpAddr>().ok();
    let ip = ip.or_else(|| text.parse::<SocketAddr>().ok().map(|a| a.ip()));
    ip.or_else(|| text.strip_prefix('[')?.strip_suffix(']')?.parse().ok()).map(|ip| ip.to_canonical())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_our_own_proxies_are_believed() {
        let proxies = ["10.0.0.0/8", "::1", "192.0.2.7"].map(|p| Network::parse(p).unwrap());
        let check = |peer: &str, said: &[&str], want: &str| {
            let found = behind(peer.parse().unwrap(), said, &proxies);
            assert_eq!(found, want.parse::<IpAddr>().unwrap(), "{peer} {said:?}");
        };
        check("203.0.113.9", &[], "203.0.113.9");
        check("203.0.113.9", &["198.51.100.1"], "203.0.113.9");
        check("10.1.1.1", &["198.51.100.1"], "198.51.100.1");
        check("::ffff:10.1.1.1", &["198.51.100.1"], "198.51.100.1");
        // whatever a client writes itself stands on the left
        check("10.1.1.1", &["1.1.1.1, 198.51.100.1"], "198.51.100.1");
        check("10.1.1.1", &["1.1.1.1", "198.51.100.1, 192.0.2.7"], "198.51.100.1");
        check("::1", &["198.51.100.1:4711, [2001:db8::5]:80"], "2001:db8::5");
        check("10.1.1.1", &["nonsense"], "10.1.1.1");
        check("10.1.1.1", &["198.51.100.1, nonsense, 10.2.2.2"], "10.2.2.2");
        check("10.1.1.1", &[], "10.1.1.1");
    }

    #[test]
    fn a_home_of_ipv6_is_one_client() {
        let of = |ip: &str| Client::of(ip.parse().unwrap()).to_string();
        assert_eq!(of("2001:db8:1:2:3:4:5:6"), of("2001:db8:1:2:ffff::1"));
        assert_ne!(of("2001:db8:1:2::1"), of("2001:db8:1:3::1"));
        assert_eq!(of("::ffff:192.0.2.1"), "192.0.2.1");
        assert_ne!(of("192.0.2.1"), of("192.0.2.2"));
    }
}
