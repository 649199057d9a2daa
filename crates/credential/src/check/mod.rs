//! Verification: a badge and the facts in, a report out. Never a bare yes or no.
//!
//! Nothing is fetched here. [`check`] says which documents it wants; the caller fetches them (with limits
//! on size, time, redirects and private addresses), puts them into [`Facts`] and calls again, until
//! nothing more is wanted. Following Open Badges 3.0, section 9.1, and VC Data Integrity 1.0, section 4.
//!
//! ```
//! use cairn_credential::check::{Facts, FetchOutcome, Verdict, check};
//!
//! let badge = br#"{"@context": "https://w3id.org/openbadges/v2", "type": "Assertion",
//!     "id": "https://a.example/assertions/1", "badge": "https://a.example/badges/1"}"#;
//! let mut facts = Facts::new("2026-01-15T09:00:00Z".parse()?);
//! let report = loop {
//!     let checked = check(badge, &facts);
//!     if checked.wanted.is_empty() {
//!         break checked.report;
//!     }
//!     for wanted in checked.wanted {
//!         // here a program fetches the document
//!         facts.documents.insert(wanted.url, FetchOutcome::Refused("the server did not answer".into()));
//!     }
//! };
//! assert_eq!(report.verdict, Verdict::Unknown);
//! assert_eq!(report.checks[1].code, "document_unavailable");
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! | module | checks |
//! |---|---|
//! | `input`, `second`, `foreign` | what it is: JSON, a signature, a picture; what else is in it; what is no credential of ours |
//! | `credential` | a credential: calls those below, in the order of the report |
//! | `schema`, `schema_ob`, `schema_clr`, `schema_context`, `json_schema`, `metadata` | `schema`: its shape, by the specifications and by schemas that it names |
//! | `proofs`, `signatures`, `merkle`, `digest`, `keys` | `proof`: what is signed, by which key |
//! | `issuer`, `address` | `issuer`: whether the signer is the issuer, and the address its own |
//! | `status`, `token_status`, `revocation_list` | `status`: revoked, suspended |
//! | `dates`, `subject`, `related` | the other checks of one credential |
//! | `endorsements`, `embedded` | the credentials inside |
//! | `kept_back`, `sd_jwt_vc` | what is disclosed in part only |
//! | `presentation`, `presented`, `expected` | who presents, and what the verifier asked for |
//! | `open_badges_2` | badges of the earlier version |
//! | `facts`, `desk`, `contexts` | what comes from outside, and what is still wanted |
//! | `member`, `report` | reading documents, writing the report |

mod address;
mod contexts;
mod credential;
mod dates;
mod desk;
mod digest;
mod embedded;
mod endorsements;
mod expected;
mod facts;
mod foreign;
mod input;
mod issuer;
mod json_schema;
mod kept_back;
mod keys;
mod member;
mod merkle;
mod metadata;
mod open_badges_2;
mod presentation;
mod presented;
mod proofs;
mod related;
mod report;
mod revocation_list;
mod schema;
mod schema_clr;
mod schema_context;
mod schema_ob;
mod sd_jwt_vc;
mod second;
mod signatures;
mod status;
mod subject;
mod token_status;

use serde_json::{Map, Value};

use credential::examine;
use desk::Desk;
pub use expected::check_expected;
pub use facts::{Facts, FetchOutcome, Purpose, ShortLists, WantedDocument};
use input::Document;
pub use presentation::{
    CheckedPresentation, PresentationReport, PresentationSummary, VerifierRequest, check_presentation,
    is_presentation,
};
pub use report::{Check, Findings, Outcome, Report, Summary, Verdict};

/// What [`check`] gives back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Examination {
    /// The report as far as the facts go.
    pub report: Report,
    /// Documents to fetch before calling again; empty when the report is final.
    pub wanted: Vec<WantedDocument>,
}

/// Verifies a badge: JSON, a compact JWS, an SD-JWT, a COSE_Sign1 (its bytes, or base64), an enveloped
/// credential, or a PNG or SVG picture with one of these inside. Of an SD-JWT, what it discloses is checked.
pub fn check(input: &[u8], facts: &Facts) -> Examination {
    let mut desk = Desk::new(facts);
    let (mut checks, summary) = whole(&mut desk, input::read(input));
    checks.extend(second::check(&mut desk, input));
    Examination { report: Report::new(checks, summary), wanted: desk.wanted() }
}

/// All checks of what was read.
fn whole(desk: &mut Desk<'_>, (format, read): (Check, Option<Document>)) -> (Vec<Check>, Option<Summary>) {
    let (more, summary) = match &read {
        None => (Vec::new(), None),
        Some(Document::Credential(input)) => {
            if let Some(refusal) = input.refusal() {
                return (vec![refusal], None);
            }
            let (checks, summary) = examine(desk, input, None);
            (checks, Some(summary))
        }
        Some(Document::Legacy(legacy)) => open_badges_2::check(desk, legacy),
        // what it is, is said with what can be said of it
        Some(Document::Foreign(foreign)) => return foreign::check(desk, foreign),
        Some(Document::Claims(disclosing)) => {
            let (checks, summary) = sd_jwt_vc::check(desk, disclosing);
            (checks, Some(summary))
        }
    };
    ([vec![format], more].concat(), summary)
}

/// What is wrong with the shape of a credential, as [`check`] sees it.
pub(crate) fn schema_problems(credential: &Map<String, Value>) -> Vec<String> {
    schema::problems(credential).into_list()
}
