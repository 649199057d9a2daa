//! Documents of other kinds, told by what they are, so that each gets the right words: *cannot tell* for what
//! is signed or recorded in a way that is not checked here, *not a badge* for what awards nothing.

use quick_xml::Reader;
use quick_xml::events::Event;
use serde_json::{Map, Value, json};

use super::desk::Desk;
use super::member::{name, several, text, types};
use super::proofs::Single;
use super::{Check, Outcome, Summary, merkle};

type Members = Map<String, Value>;

/// How much of an XML file is read to find its root.
const MOST_PROLOGUE: usize = 64 * 1024;

/// A JSON document of another kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// OpenAttestation 2, such as OpenCerts.
    OpenAttestation2,
    /// Blockcerts 1.
    Blockcerts1,
    /// Blockcerts 2, an Open Badges 2.0 assertion in a Merkle tree.
    Blockcerts2,
    /// Open Badges 0.5 to 1.1.
    OpenBadges1,
    /// A JWS in its JSON form, such as a European Digital Credential with its seal (JAdES).
    Sealed,
    /// A class, achievement, issuer or key alone.
    Described,
}

/// A document of another kind.
pub(super) struct Foreign {
    kind: Kind,
    document: Members,
}

impl Foreign {
    /// Told by its members; `None` for everything that is checked as a credential.
    pub(super) fn of(map: &Members) -> Option<Kind> {
        let has = |names: &[&str]| names.iter().all(|name| map.contains_key(*name));
        let signature = |kind: &str| {
            let signature = map.get("signature");
            signature.is_some_and(|s| several(s.get("type")).iter().any(|t| t == kind))
        };
        let context = |part: &str| {
            several(map.get("@context")).iter().any(|c| text(Some(c)).is_some_and(|c| c.contains(part)))
        };
        if has(&["data"]) && signature("SHA3MerkleProof") {
            return Some(Kind::OpenAttestation2);
        }
        if signature("MerkleProof2017") {
            return Some(Kind::Blockcerts2);
        }
        if context("blockcerts/v1")
            || has(&["document", "receipt"])
            || has(&["certificate", "assertion", "signature"])
        {
            return Some(Kind::Blockcerts1);
        }
        if map.get("payload").is_some_and(Value::is_string) && (has(&["signatures"]) || has(&["signature"])) {
            return Some(Kind::Sealed);
        }
        let kinds = types(map);
        if kinds.contains(&"VerifiableCredential") || kinds.contains(&"VerifiablePresentation") {
            return None;
        }
        if kinds.iter().any(|kind| DESCRIBED.contains(kind)) {
            return Some(Kind::Described);
        }
        // the specification's own picture writes its recipient in another way
        let assertion = has(&["badge", "recipient"]) || has(&["badge", "verify", "uid"]);
        let assertion = assertion && !context("openbadges/v2");
        (assertion && (has(&["verify"]) || has(&["uid"]) || is_open_badges_0(map)))
            .then_some(Kind::OpenBadges1)
    }

    pub(super) fn new(kind: Kind, document: Members) -> Self {
        Self { kind, document }
    }
}

/// Classes of Open Badges 2.0 and 3.0 that are about badges, and are none.
const DESCRIBED: [&str; 9] = [
    "Achievement",
    "BadgeClass",
    "CryptographicKey",
    "Endorsement",
    "Issuer",
    "IssuerOrg",
    "Organization",
    "Profile",
    "RevocationList",
];

/// Open Badges 0.5: the badge is written out, with its version and its issuer's origin.
fn is_open_badges_0(map: &Members) -> bool {
    let issuer = map.get("badge").and_then(|badge| badge.get("issuer"));
    issuer.is_some_and(|issuer| issuer.get("origin").is_some())
}

/// All checks of a document of another kind, `format` among them.
pub(super) fn check(desk: &mut Desk<'_>, foreign: &Foreign) -> (Vec<Check>, Option<Summary>) {
    let document = &foreign.document;
    match foreign.kind {
        Kind::OpenAttestation2 => {
            let format = cannot_tell(
                "open_attestation_2",
                "This is a document of OpenAttestation 2, as OpenCerts are. Its content can be compared with \
                 its hash here, and no more.",
            );
            (vec![format, proof(merkle::open_attestation(document))], Some(attested_summary(document)))
        }
        Kind::Blockcerts2 => {
            let format = cannot_tell(
                "blockcerts_2",
                "This is a certificate of Blockcerts 2. Its content can be compared with its hash here, and \
                 no more.",
            );
            (vec![format, proof(merkle::blockcerts_2(desk, document))], Some(badge_summary(document)))
        }
        Kind::Blockcerts1 => {
            let message = "This is a certificate of Blockcerts 1, whose record on a blockchain is not looked up \
                           here. Ask its issuer whether it still counts.";
            (vec![cannot_tell("blockcerts_1", message)], None)
        }
        Kind::OpenBadges1 => {
            let message = "This is a badge of Open Badges 1.1 or older, which is not checked here. Ask its \
                           issuer whether it still counts, or for a newer one.";
            (vec![cannot_tell("open_badges_1", message)], Some(badge_summary(document)))
        }
        Kind::Sealed => (vec![sealed(document)], None),
        Kind::Described => {
            let message = "This describes a badge or who issues it, and awards none: ask the holder for the \
                           badge itself.";
            (vec![not_a_badge("describes_only", message)], None)
        }
    }
}

fn proof(single: Single) -> Check {
    Check::new("proof", single.outcome, single.code, single.message)
}

fn cannot_tell(code: &str, message: &str) -> Check {
    Check::new("format", Outcome::Unknown, code, message)
}

fn not_a_badge(code: &str, message: &str) -> Check {
    Check::new("format", Outcome::Failed, code, message)
}

/// A JWS in JSON: who sealed it is said in a way that is not followed here (ETSI TS 119 182-1).
fn sealed(document: &Members) -> Check {
    let payload = text(document.get("payload")).unwrap_or_default();
    let signatures = several(document.get("signatures"));
    let jades = signatures.iter().any(|signature| signature["header"].get("etsiU").is_some())
        || document.get("header").is_some_and(|header| header.get("etsiU").is_some())
        || payload.contains("EuropeanDigitalCredential");
    if jades {
        let message = "This is a European Digital Credential with an electronic seal (JAdES), which is not \
                       checked here. The viewer of the European Commission checks it.";
        return cannot_tell("jades", message);
    }
    let message =
        "This is signed as a JWS in JSON form, which is not checked here. Ask for its compact form.";
    cannot_tell("jws_json", message)
}

/// What an OpenAttestation document says about itself: each value is "salt:type:value".
fn attested_summary(document: &Members) -> Summary {
    let data = document.get("data");
    let plain =
        |value: Option<&Value>| text(value).and_then(|text| text.splitn(3, ':').nth(2)).map(str::to_owned);
    let get = |member: &str| plain(data.and_then(|data| data.get(member)));
    let issuer = data.and_then(|data| several(data.get("issuers")).first());
    Summary {
        id: get("id"),
        name: get("name"),
        issuer_id: plain(issuer.and_then(|issuer| issuer.get("id"))),
        issuer_name: plain(issuer.and_then(|issuer| issuer.get("name"))),
        valid_from: get("issuedOn"),
        ..Summary::default()
    }
}

/// What an assertion of an older standard says about itself, when its badge is written out.
fn badge_summary(document: &Members) -> Summary {
    let badge = document.get("badge");
    let issuer = badge.and_then(|badge| badge.get("issuer"));
    Summary {
        id: text(document.get("id")).or_else(|| text(document.get("uid"))).map(str::to_owned),
        issuer_id: issuer
            .and_then(|issuer| text(Some(issuer)).or_else(|| text(issuer.get("id"))))
            .map(str::to_owned),
        issuer_name: name(issuer.and_then(|issuer| issuer.get("name"))),
        achievement: name(badge.and_then(|badge| badge.get("name"))),
        valid_from: text(document.get("issuedOn").or_else(|| document.get("issued_on"))).map(str::to_owned),
        valid_until: text(document.get("expires")).map(str::to_owned),
        ..Summary::default()
    }
}

/// What a file is that is no badge, told by its first bytes; `None` for JSON, tokens and pictures that may
/// have a badge inside.
pub(super) fn file(bytes: &[u8]) -> Option<Check> {
    let text = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes).trim_ascii_start();
    match bytes {
        [0xff, 0xd8, 0xff, ..] => return Some(picture("JPEG")),
        [b'G', b'I', b'F', b'8', ..] => return Some(picture("GIF")),
        [b'R', b'I', b'F', b'F', _, _, _, _, b'W', b'E', b'B', b'P', ..] => return Some(picture("WebP")),
        [b'P', b'K', 3 | 5, 4 | 6, ..] => {
            let message = "This is a packed file or an office document (ZIP, DOCX, ODT …), not a badge: ask the \
                           holder for the badge's own file or link.";
            return Some(not_a_badge("not_a_badge", message).with(json!({"file": "zip"})));
        }
        _ => {}
    }
    if text.starts_with(b"%PDF-") {
        return Some(pdf(bytes));
    }
    text.starts_with(b"<").then(|| xml(text)).flatten()
}

fn picture(kind: &str) -> Check {
    let message = format!(
        "This is a {kind} picture, which cannot hold a badge: ask the holder for the PNG or SVG file that was \
         issued."
    );
    not_a_badge("not_a_badge", &message).with(json!({"file": kind.to_ascii_lowercase()}))
}

fn pdf(bytes: &[u8]) -> Check {
    let has = |word: &[u8]| bytes.windows(word.len()).any(|window| window == word);
    if has(b"/ByteRange") {
        let message = "This is a PDF with an electronic signature or seal (PAdES), which is not checked here. \
                       A reader of PDF files checks it, or the validation service of the European Commission.";
        return cannot_tell("pades", message);
    }
    let message = "This is a PDF, which anybody can write, not a badge: ask the holder for the badge's own file \
                   or link.";
    not_a_badge("not_a_badge", message).with(json!({"file": "pdf"}))
}

/// XML by its root; `None` for SVG, and for what is too broken to tell, which the reader of pictures explains.
fn xml(bytes: &[u8]) -> Option<Check> {
    let (root, is_europass) = root(&bytes[..bytes.len().min(MOST_PROLOGUE)])?;
    if root.eq_ignore_ascii_case("svg") {
        return None;
    }
    if is_europass {
        let message = "This is a European credential in XML (Europass, before 2023), whose seal is not checked \
                       here. The viewer of the European Commission checks it.";
        return Some(cannot_tell("europass_xml", message));
    }
    if root.eq_ignore_ascii_case("html") {
        let message = "This is a web page, not a badge: give its address, or download the badge from it.";
        return Some(not_a_badge("not_a_badge", message).with(json!({"file": "html"})));
    }
    let message =
        format!("This is an XML document ({}), not a badge.", root.chars().take(40).collect::<String>());
    Some(not_a_badge("not_a_badge", &message).with(json!({"file": "xml"})))
}

/// The name of the root element, and whether it is in a namespace of Europass.
fn root(bytes: &[u8]) -> Option<(String, bool)> {
    let text = String::from_utf8_lossy(bytes);
    let mut reader = Reader::from_str(&text);
    loop {
        match reader.read_event().ok()? {
            Event::Start(start) | Event::Empty(start) => {
                let europass = start.contains("data.europa.eu/") || start.contains("europass");
                return Some((start.local_name().as_ref().to_owned(), europass));
            }
            Event::DocType(kind) if kind.trim_ascii_start().to_ascii_lowercase().starts_with("html") => {
                return Some(("html".to_owned(), false));
            }
            Event::Eof => return None,
            _ => {}
        }
    }
}
