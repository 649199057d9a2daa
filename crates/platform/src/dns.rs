//! Asks a name server for TXT records: the one door to the DNS beside the
//! addresses that HTTP looks up. One small question, one bounded answer.

use crate::id;
use anyhow::{Context as _, Result, bail, ensure};
use std::net::{IpAddr, SocketAddr};
use std::time::Duration;
use tokio::net::UdpSocket;

/// Largest answer that is asked for and read.
const MOST_BYTES: usize = 1232;
/// How long one try waits.
const PATIENCE: Duration = Duration::from_secs(3);
/// Tries at each name server.
const TRIES: usize = 2;
/// Most name servers that are asked.
const MOST_SERVERS: usize = 3;
const TXT: u16 = 16;
const IN: u16 = 1;

/// Who is asked.
#[derive(Debug, Clone)]
pub struct Names {
    servers: Vec<SocketAddr>,
}

impl Names {
    /// The name server of the settings, or the machine's own.
    pub fn open(setting: &str) -> Result<Self> {
        if setting.is_empty() {
            let text = std::fs::read_to_string("/etc/resolv.conf").unwrap_or_default();
            return Ok(Self { servers: servers(&text) });
        }
        let server = setting.parse().context("reading nameserver; write it like 9.9.9.9:53")?;
        Ok(Self { servers: vec![server] })
    }

    /// The TXT records of a name; none when the name has none.
    pub async fn texts(&self, name: &str) -> Result<Vec<String>> {
        let mut last = anyhow::anyhow!("this machine knows no name server; set nameserver");
        for server in &self.servers {
            for _ in 0..TRIES {
                match tokio::time::timeout(PATIENCE, ask(*server, name)).await {
                    Ok(Ok(texts)) => return Ok(texts),
                    Ok(Err(error)) => last = error,
                    Err(_) => last = anyhow::anyhow!("the name server did not answer in time"),
                }
            }
        }
        Err(last)
    }
}

/// The name servers of `/etc/resolv.conf`.
fn servers(text: &str) -> Vec<SocketAddr> {
    let named = text.lines().filter_map(|line| line.trim().strip_prefix("nameserver"));
    let address = |rest: &str| rest.trim().parse::<IpAddr>().ok().map(|ip| SocketAddr::new(ip, 53));
    named.filter_map(address).take(MOST_SERVERS).collect()
}

async fn ask(server: SocketAddr, name: &str) -> Result<Vec<String>> {
    let any = if server.is_ipv4() { "0.0.0.0:0" } else { "[::]:0" };
    let socket = UdpSocket::bind(any).await.context("asking a name server")?;
    // connected, so that only this server's answers arrive
    socket.connect(server).await.context("asking a name server")?;
    let number = u16::from_be_bytes(id::random::<2>());
    let question = question(number, name)?;
    socket.send(&question).await.context("asking a name server")?;
    let mut buffer = [0; MOST_BYTES];
    loop {
        let length = socket.recv(&mut buffer).await.context("hearing a name server")?;
        let answer = buffer.get(..length).unwrap_or_default();
        // somebody's guess at an answer is passed over, the real one may still come
        if is_answer(answer, &question) {
            return texts(answer, question_end(&question));
        }
    }
}

/// Header, one question, and an OPT record that says how much we read.
fn question(number: u16, name: &str) -> Result<Vec<u8>> {
    let mut out = Vec::with_capacity(64);
    out.extend(number.to_be_bytes());
    out.extend([0x01, 0x00, 0, 1, 0, 0, 0, 0, 0, 1]);
    for label in name.trim_end_matches('.').split('.') {
        let length = u8::try_from(label.len()).ok().filter(|n| (1..=63).contains(n));
        out.push(length.context("this is not a domain name")?);
        out.extend(label.as_bytes());
    }
    ensure!(out.len() <= 12 + 254, "this domain name is too long");
    out.push(0);
    out.extend(TXT.to_be_bytes());
    out.extend(IN.to_be_bytes());
    out.extend([0, 0, 41]);
    out.extend((MOST_BYTES as u16).to_be_bytes());
    out.extend([0; 6]);
    Ok(out)
}

/// Where the question ends: the OPT record behind it has eleven bytes.
fn question_end(question: &[u8]) -> usize {
    question.len().saturating_sub(11)
}

/// True for an answer with our number to our question, in whatever capitals.
fn is_answer(answer: &[u8], question: &[u8]) -> bool {
    let end = question_end(question);
    let same = |from: usize, to: usize| match (answer.get(from..to), question.get(from..to)) {
        (Some(a), Some(q)) => a.eq_ignore_ascii_case(q),
        _ => false,
    };
    same(0, 2) && answer.get(2).is_some_and(|flags| flags & 0x80 != 0) && same(4, 6) && same(12, end)
}

/// The texts in an answer; a record's parts are one text.
fn texts(answer: &[u8], from: usize) -> Result<Vec<String>> {
    let flags = (number(answer, 2)?, number(answer, 6)?);
    match flags.0 & 0x000f {
        0 => {}
        3 => return Ok(vec![]),
        other => bail!("the name server says error {other}"),
    }
    ensure!(flags.0 & 0x0200 == 0, "the answer is larger than {MOST_BYTES} bytes");
    let (mut at, mut out) = (from, vec![]);
    for _ in 0..flags.1 {
        at = after_name(answer, at)?;
        let (kind, class, length) =
            (number(answer, at)?, number(answer, at + 2)?, usize::from(number(answer, at + 8)?));
        let data = answer.get(at + 10..at + 10 + length).context("the answer breaks off")?;
        at += 10 + length;
        if kind == TXT && class == IN {
            out.push(text(data)?);
        }
    }
    Ok(out)
}

fn number(bytes: &[u8], at: usize) -> Result<u16> {
    match bytes.get(at..at + 2) {
        Some([high, low]) => Ok(u16::from_be_bytes([*high, *low])),
        _ => bail!("the answer breaks off"),
    }
}

/// Passes over a name; a pointer ends it, so that nothing goes round.
fn after_name(bytes: &[u8], mut at: usize) -> Result<usize> {
    loop {
        match *bytes.get(at).context("the answer breaks off")? {
            0 => return Ok(at + 1),
            pointer if pointer & 0xc0 == 0xc0 => return Ok(at + 2),
            length if length & 0xc0 == 0 => at += 1 + usize::from(length),
            _ => bail!("the answer cannot be read"),
        }
    }
}

fn text(mut data: &[u8]) -> Result<String> {
    let mut out = vec![];
    while let Some((length, rest)) = data.split_first() {
        let (part, rest) = rest.split_at_checked(usize::from(*length)).context("the answer breaks off")?;
        out.extend_from_slice(part);
        data = rest;
    }
    Ok(String::from_utf8_lossy(&out).into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// An answer to the question with these records.
    fn answer(question: &[u8], records: &[&[&str]]) -> Vec<u8> {
        let mut out = question[..question_end(question)].to_vec();
        out[2] = 0x81;
        out[7] = records.len() as u8;
        out[11] = 0;
        for parts in records {
            let data: Vec<u8> =
                parts.iter().flat_map(|p| [&[p.len() as u8], p.as_bytes()].concat()).collect();
            out.extend([0xc0, 12, 0, 16, 0, 1, 0, 0, 0, 60]);
            out.extend((data.len() as u16).to_be_bytes());
            out.extend(data);
        }
        out
    }

    #[test]
    fn texts_are_read_from_an_answer() {
        let asked = question(7, "_cairn.example.org").unwrap();
        let heard = answer(&asked, &[&["v=spf1 -all"], &["cairn=", "abc"]]);
        assert!(is_answer(&heard, &asked));
        assert_eq!(texts(&heard, question_end(&asked)).unwrap(), ["v=spf1 -all", "cairn=abc"]);
    }

    #[test]
    fn another_question_s_answer_is_passed_over() {
        let asked = question(7, "_cairn.example.org").unwrap();
        for other in [question(8, "_cairn.example.org"), question(7, "_cairn.example.net")] {
            assert!(!is_answer(&answer(&other.unwrap(), &[&["cairn=abc"]]), &asked));
        }
        assert!(!is_answer(&asked, &asked), "a question is no answer");
    }

    #[test]
    fn a_broken_answer_is_refused_wherever_it_breaks() {
        let asked = question(7, "_cairn.example.org").unwrap();
        let heard = answer(&asked, &[&["cairn=abc"]]);
        for length in question_end(&asked)..heard.len() {
            assert!(texts(&heard[..length], question_end(&asked)).is_err(), "{length}");
        }
        for at in 12..heard.len() {
            let mut changed = heard.clone();
            changed[at] = 0xff;
            drop(texts(&changed, question_end(&asked)));
        }
    }

    #[test]
    fn no_such_name_has_no_texts() {
        let asked = question(7, "_cairn.example.org").unwrap();
        let mut heard = answer(&asked, &[]);
        heard[3] = 3;
        assert_eq!(texts(&heard, question_end(&asked)).unwrap(), Vec::<String>::new());
        heard[3] = 2;
        assert!(texts(&heard, question_end(&asked)).is_err());
    }

    #[test]
    fn name_servers_are_read_from_the_machine_s_file() {
        let text = "# made by hand\nsearch x\nnameserver 9.9.9.9\nnameserver ::1\nnameserver fe80::1%eth0\n";
        let want: Vec<SocketAddr> = vec!["9.9.9.9:53".parse().unwrap(), "[::1]:53".parse().unwrap()];
        assert_eq!(servers(text), want);
    }
}
