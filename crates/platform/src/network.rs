//! Networks of addresses, and those that are not the public's.

use anyhow::Context as _;
use std::net::{IpAddr, Ipv4Addr};
use std::sync::OnceLock;

/// Addresses that begin with the same bits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Network {
    first: IpAddr,
    bits: u8,
}

impl Network {
    /// All of a setting.
    pub fn all(texts: &[String]) -> anyhow::Result<Vec<Self>> {
        let one = |text: &String| {
            Self::parse(text)
                .with_context(|| format!("“{text}” is no address and no network like 10.0.0.0/8"))
        };
        texts.iter().map(one).collect()
    }

    /// `10.0.0.0/8`, `2001:db8::/32`, or a single address.
    pub fn parse(text: &str) -> Option<Self> {
        let (ip, bits) = text.trim().split_once('/').map_or((text.trim(), None), |(ip, b)| (ip, Some(b)));
        let first = ip.parse::<IpAddr>().ok()?;
        let all = if first.is_ipv4() { 32 } else { 128 };
        let bits = bits.map_or(Some(all), |b| b.parse().ok())?;
        (bits <= all).then_some(Self { first, bits })
    }

    /// True for an address of this network.
    pub fn contains(&self, ip: IpAddr) -> bool {
        let same = |a: u128, b: u128, all: u32| {
            let rest = all - u32::from(self.bits);
            rest == all || a >> rest == b >> rest
        };
        match (self.first, ip.to_canonical()) {
            (IpAddr::V4(a), IpAddr::V4(b)) => same(u32::from(a).into(), u32::from(b).into(), 32),
            (IpAddr::V6(a), IpAddr::V6(b)) => {
                self.bits == 0 || u128::from(a) >> (128 - self.bits) == u128::from(b) >> (128 - self.bits)
            }
            _ => false,
        }
    }
}

/// IANA's registries of special-purpose addresses, IPv4 (RFC 6890 and after) and IPv6, and multicast: what
/// of them leads somewhere leads to nothing that a credential could name.
const SPECIAL: &[&str] = &[
    "0.0.0.0/8",         // this network (RFC 791)
    "10.0.0.0/8",        // private (RFC 1918)
    "100.64.0.0/10",     // shared by carriers (RFC 6598)
    "127.0.0.0/8",       // loopback (RFC 1122)
    "169.254.0.0/16",    // link-local, and clouds' metadata (RFC 3927)
    "172.16.0.0/12",     // private (RFC 1918)
    "192.0.0.0/24",      // protocol assignments (RFC 6890)
    "192.0.2.0/24",      // documentation (RFC 5737)
    "192.31.196.0/24",   // AS112 (RFC 7535)
    "192.52.193.0/24",   // AMT (RFC 7450)
    "192.88.99.0/24",    // 6to4 relays, deprecated (RFC 7526)
    "192.168.0.0/16",    // private (RFC 1918)
    "192.175.48.0/24",   // AS112 (RFC 7534)
    "198.18.0.0/15",     // benchmarks (RFC 2544)
    "198.51.100.0/24",   // documentation (RFC 5737)
    "203.0.113.0/24",    // documentation (RFC 5737)
    "224.0.0.0/4",       // multicast (RFC 5771)
    "240.0.0.0/4",       // reserved, broadcast (RFC 1112)
    "::/96",             // unspecified, loopback, IPv4-compatible (RFC 4291)
    "64:ff9b:1::/48",    // NAT64 of one's own (RFC 8215)
    "100::/64",          // discard (RFC 6666)
    "100:0:0:1::/64",    // dummy (RFC 9780)
    "2001::/23",         // protocol assignments: Teredo, benchmarks, ORCHID, AMT, AS112, DRIP (RFC 2928)
    "2001:db8::/32",     // documentation (RFC 3849)
    "2002::/16",         // 6to4 (RFC 3056)
    "2620:4f:8000::/48", // AS112 (RFC 7534)
    "3fff::/20",         // documentation (RFC 9637)
    "5f00::/16",         // segment routing (RFC 9602)
    "fc00::/7",          // unique local (RFC 4193)
    "fe80::/10",         // link-local (RFC 4291)
    "fec0::/10",         // site-local, deprecated (RFC 3879)
    "ff00::/8",          // multicast (RFC 4291)
];

fn special() -> &'static [Network] {
    static PARSED: OnceLock<Vec<Network>> = OnceLock::new();
    PARSED.get_or_init(|| SPECIAL.iter().filter_map(|text| Network::parse(text)).collect())
}

/// False for every address of a special purpose, also as IPv4 inside IPv6.
pub fn is_public(ip: IpAddr) -> bool {
    let ip = ip.to_canonical();
    if special().iter().any(|network| network.contains(ip)) {
        return false;
    }
    let IpAddr::V6(v6) = ip else { return true };
    let s = v6.segments();
    if s[..6] == [0x64, 0xff9b, 0, 0, 0, 0] {
        // NAT64: where IPv4 is reached through IPv6
        let inside = Ipv4Addr::from((u32::from(s[6]) << 16) | u32::from(s[7]));
        return is_public(IpAddr::V4(inside));
    }
    // nothing else is given out as unicast of the whole world
    s[0] & 0xe000 == 0x2000
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn networks_are_parsed_and_hold_their_addresses() {
        let check = |network: &str, ip: &str, want| {
            assert_eq!(
                Network::parse(network).unwrap().contains(ip.parse().unwrap()),
                want,
                "{network} {ip}"
            );
        };
        check("0.0.0.0/0", "203.0.113.1", true);
        check("::/0", "2001:db8::1", true);
        check("203.0.113.0/24", "203.0.113.255", true);
        check("203.0.113.0/24", "203.0.114.0", false);
        check("2001:db8::/32", "2001:db8:ffff::", true);
        check("2001:db8::/32", "203.0.113.1", false);
        for wrong in ["", "x", "10.0.0.0/33", "10.0.0.0/-1", "10.0.0.0/8/8", "::/129"] {
            assert_eq!(Network::parse(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn every_special_purpose_is_told_from_the_public() {
        assert_eq!(special().len(), SPECIAL.len());
        let check = |ip: &str, want| assert_eq!(is_public(ip.parse().unwrap()), want, "{ip}");
        for network in special() {
            let (first, all) = (network.first, if network.first.is_ipv4() { 32 } else { 128 });
            let rest = (1_u128 << (all - u32::from(network.bits))) - 1;
            let last = match first {
                IpAddr::V4(v4) => IpAddr::V4(Ipv4Addr::from(u32::from(v4) | u32::try_from(rest).unwrap())),
                IpAddr::V6(v6) => IpAddr::V6((u128::from(v6) | rest).into()),
            };
            check(&first.to_string(), false);
            check(&last.to_string(), false);
        }
        for ip in ["192.88.99.1", "3fff::1", "3fff:fff:ffff::1", "::ffff:127.0.0.1", "::7f00:1"] {
            check(ip, false);
        }
        for ip in
            ["2002:7f00:1::", "2002:5db8:d822::", "64:ff9b::a00:1", "2001:1::1", "4000::1", "255.255.255.255"]
        {
            check(ip, false);
        }
        // the neighbours on both sides belong to everybody
        for ip in [
            "1.0.0.0",
            "9.255.255.255",
            "11.0.0.0",
            "100.63.255.255",
            "100.128.0.0",
            "126.255.255.255",
            "128.0.0.0",
            "169.253.255.255",
            "169.255.0.0",
            "172.15.255.255",
            "172.32.0.0",
            "191.255.255.255",
            "192.0.1.0",
            "192.0.1.255",
            "192.0.3.0",
            "192.31.195.255",
            "192.31.197.0",
            "192.52.192.255",
            "192.52.194.0",
            "192.88.100.0",
            "192.167.255.255",
            "192.169.0.0",
            "192.175.47.255",
            "192.175.49.0",
            "198.17.255.255",
            "198.20.0.0",
            "198.51.99.255",
            "198.51.101.0",
            "203.0.112.255",
            "203.0.114.0",
            "223.255.255.255",
            "2000:ffff::",
            "2001:200::",
            "2001:db7:ffff::",
            "2001:db9::",
            "2001:ffff::",
            "2003::",
            "2620:4f:7fff::",
            "2620:4f:8001::",
            "3ffe:ffff::",
        ] {
            check(ip, true);
        }
        for ip in ["93.184.216.34", "192.88.98.1", "2606:4700::1111", "2001:4860::8888", "64:ff9b::5db8:d822"]
        {
            check(ip, true);
        }
    }
}
