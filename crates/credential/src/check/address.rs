//! Web addresses, read strictly: what two programs might read differently is not an address here.

/// A web address in its parts.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Address<'a> {
    secure: bool,
    /// As it is looked up: in lower case, and in ASCII (`xn--…`) whatever script it is written in.
    host: String,
    port: u16,
    path: &'a str,
    query: Option<&'a str>,
}

impl<'a> Address<'a> {
    /// `None` for other schemes, user names, empty hosts, white space and control characters, backslashes,
    /// and paths that lead upwards.
    pub(super) fn parse(url: &'a str) -> Option<Self> {
        if url.chars().any(|c| c.is_whitespace() || c.is_control() || c == '\\') {
            return None;
        }
        let (scheme, rest) = url.split_once("://")?;
        let secure = match scheme.to_ascii_lowercase().as_str() {
            "https" => true,
            "http" => false,
            _ => return None,
        };
        let (rest, _) = rest.split_once('#').unwrap_or((rest, ""));
        let (authority, rest) = rest.split_at(rest.find(['/', '?']).unwrap_or(rest.len()));
        let (path, query) = match rest.split_once('?') {
            Some((path, query)) => (path, Some(query)),
            None => (rest, None),
        };
        let (host, port) = host_and_port(authority)?;
        let port = port.unwrap_or(if secure { 443 } else { 80 });
        path.split('/').all(is_plain).then_some(Self { secure, host, port, path, query })
    }

    /// True for the same scheme, host and port.
    pub(super) fn same_origin(&self, other: &Self) -> bool {
        (self.secure, &self.host, self.port) == (other.secure, &other.host, other.port)
    }

    /// The host as it is looked up, with its port if it is not the usual one.
    pub(super) fn domain(&self) -> String {
        let usual = if self.secure { 443 } else { 80 };
        if self.port == usual { self.host.clone() } else { format!("{}:{}", self.host, self.port) }
    }

    /// True for the host an `allowedOrigins` of Open Badges 2.0 names: a host, with a port if it has one.
    pub(super) fn has_host(&self, origin: &str) -> bool {
        let usual = if self.secure { 443 } else { 80 };
        host_and_port(origin)
            .is_some_and(|(host, port)| host == self.host && port.unwrap_or(usual) == self.port)
    }

    /// True if this lies at, or below, the start: by whole parts of the path, not by letters.
    pub(super) fn is_within(&self, start: &Self) -> bool {
        if !self.same_origin(start) {
            return false;
        }
        if let Some(query) = start.query {
            return self.path == start.path && self.query.is_some_and(|own| own.starts_with(query));
        }
        let below = self.path.strip_prefix(start.path.trim_end_matches('/'));
        below.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    }

    /// True if an answer that came from here is the word of the one who was asked at `asked`: the same
    /// host and port (`www.` counts as its own apex), and no step down to http, but on this very machine.
    fn speaks_for(&self, asked: &Self) -> bool {
        let bare =
            |host: &str| host.strip_prefix("www.").filter(|rest| rest.contains('.')).map(str::to_owned);
        let same_host = self.host == asked.host
            || bare(&self.host).as_ref() == Some(&asked.host)
            || bare(&asked.host).as_ref() == Some(&self.host);
        let usual = |address: &Self| address.port == if address.secure { 443 } else { 80 };
        let same_port = self.port == asked.port || usual(self) && usual(asked);
        let loopback = matches!(self.host.as_str(), "localhost" | "127.0.0.1" | "[::1]");
        same_host && same_port && (self.secure || !asked.secure || loopback)
    }
}

fn host_and_port(authority: &str) -> Option<(String, Option<u16>)> {
    let (host, port) = match authority.rsplit_once(':') {
        Some((host, port)) if !port.ends_with(']') => (host, Some(port.parse().ok()?)),
        _ => (authority, None),
    };
    let v6 = host.strip_prefix('[').and_then(|host| host.strip_suffix(']'));
    let good = if let Some(inside) = v6 {
        !inside.is_empty() && inside.bytes().all(|b| b.is_ascii_hexdigit() || b":.".contains(&b))
    } else {
        let letter = |c: char| c.is_alphanumeric() || matches!(c, '-' | '_' | '.');
        !host.is_empty() && host.chars().all(letter) && !host.starts_with('.')
    };
    let host = host.trim_end_matches('.').to_lowercase();
    let host = if host.is_ascii() { Some(host) } else { idna::domain_to_ascii(&host).ok() };
    host.filter(|_| good).map(|host| (host, port))
}

/// A part of a path that leads nowhere else, however it is read.
fn is_plain(part: &str) -> bool {
    let lower = part.to_ascii_lowercase();
    let dots = lower.replace("%2e", ".");
    !matches!(dots.as_str(), "." | "..") && !["%2f", "%5c", "%00"].iter().any(|code| lower.contains(code))
}

/// The hosts that were asked and that answered, if the answer is not the word of the one who was asked.
pub(super) fn gone_elsewhere(asked: &str, from: &str) -> Option<(String, String)> {
    let both = Address::parse(asked).zip(Address::parse(from));
    if asked == from || both.as_ref().is_some_and(|(asked, from)| from.speaks_for(asked)) {
        return None;
    }
    Some((origin(asked), origin(from)))
}

/// Scheme, host and port for people, as far as they can be told.
fn origin(url: &str) -> String {
    let Some((scheme, rest)) = url.split_once("://") else { return plain(url) };
    match Address::parse(url) {
        Some(address) => format!("{}://{}", scheme.to_ascii_lowercase(), address.domain()),
        None => {
            plain(&format!("{scheme}://{}", rest.split(['/', '?', '#', '\\']).next().unwrap_or_default()))
        }
    }
}

/// A text with the signs spelt out that might look like others.
pub(super) fn plain(text: &str) -> String {
    let spelt = |c: char| if c.is_ascii() { c.to_string() } else { c.escape_unicode().to_string() };
    text.chars().map(spelt).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_that_may_be_read_in_two_ways_are_none() {
        for url in [
            "https://a.example@evil.example/",
            "https://a.example\\@evil.example/",
            "https://a.exam\nple/",
            "https:///a",
            "https://a.example:x/",
            "ftp://a.example/",
            "https://a.example/badges/../evil",
            "https://a.example/badges/%2e%2E/evil",
            "https://a.example/badges%2f..%2fevil",
            "https://a%2eexample/",
        ] {
            assert_eq!(Address::parse(url), None, "{url}");
        }
    }

    #[test]
    fn a_scope_is_an_origin_and_whole_parts_of_a_path() {
        let check = |url: &str, start: &str, want: bool| {
            let within = Address::parse(url).unwrap().is_within(&Address::parse(start).unwrap());
            assert_eq!(within, want, "{url} in {start}");
        };
        check("https://a.example/b/1", "https://a.example", true);
        check("https://A.example:443/b/1", "https://a.example/b/", true);
        check("https://a.example/b", "https://a.example/b/", true);
        check("https://a.example/b-evil/1", "https://a.example/b", false);
        check("https://a.example.evil/b/1", "https://a.example", false);
        check("https://a.example:8443/b/1", "https://a.example", false);
        check("http://a.example/b/1", "https://a.example", false);
        check("https://a.example/b.php?id=12", "https://a.example/b.php?id=", true);
        check("https://a.example/c.php?id=12", "https://a.example/b.php?id=", false);
    }

    #[test]
    fn a_host_is_shown_as_it_is_looked_up() {
        let check = |url: &str, want: &str| assert_eq!(Address::parse(url).unwrap().domain(), want, "{url}");
        check("https://Issuer.example/1", "issuer.example");
        // a small Roman fifty for an l, a Cyrillic a, full-width letters
        check("https://\u{217c}ocalhost:8443/1", "localhost:8443");
        check("https://h\u{430}rvard.example/1", "xn--hrvard-3nf.example");
        check("https://\u{ff48}arvard.example/1", "harvard.example");
        check("https://müller.example/1", "xn--mller-kva.example");
        assert!(gone_elsewhere("https://\u{217c}ocalhost/1", "https://localhost/1").is_none());
        let (asked, from) = gone_elsewhere("https://h\u{430}rvard.example/1", "https://b.example/").unwrap();
        assert_eq!((asked.as_str(), from.as_str()), ("https://xn--hrvard-3nf.example", "https://b.example"));
        let (asked, _) = gone_elsewhere("https://h\u{430}rvard.example\\x", "https://b.example/").unwrap();
        assert!(asked.is_ascii(), "{asked}");
    }

    #[test]
    fn another_host_does_not_speak_for_the_one_that_was_asked() {
        let check = |asked: &str, from: &str, same: bool| {
            assert_eq!(gone_elsewhere(asked, from).is_none(), same, "{asked} -> {from}");
        };
        check("https://a.example/1", "https://a.example/2", true);
        check("https://a.example/1", "https://www.a.example/2", true);
        check("https://www.a.example/1", "https://a.example/2", true);
        check("http://a.example/1", "https://a.example/2", true);
        check("https://localhost:80/1", "http://localhost:80/2", true);
        check("https://a.example/1", "http://a.example/2", false);
        check("https://a.example/1", "https://a.example:8443/2", false);
        check("https://a.example/1", "https://b.example/2", false);
        check("https://a.example/1", "https://www.b.example/2", false);
        check("https://a.example/1", "https://sub.a.example/2", false);
        check("https://a.example/1", "https://a.example@b.example/2", false);
        check("https://example/1", "https://www.example/2", false);
    }
}
