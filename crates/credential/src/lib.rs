//! Open Badges 3.0 and W3C Verifiable Credentials, pure: no I/O, no clock, no randomness.
//!
//! Everything from outside (the time, keys, documents fetched from the web) is an argument. The usual
//! way through the crate: build an [`open_badge::OpenBadgeCredential`], sign its JSON with
//! [`proof::sign`] (or secure it with [`jose`], [`sd_jwt`] or [`cose`]), hide it in a picture with [`bake`],
//! and verify any of these with [`check::check`].
//!
//! ```
//! use cairn_credential::check::{Facts, Verdict, check};
//! use cairn_credential::key::SigningKey;
//! use cairn_credential::open_badge::*;
//! use cairn_credential::proof::{self, ProofOptions};
//!
//! // The seed and the time come from outside: 32 random bytes, and the clock.
//! let key = SigningKey::from_seed(&[7; 32]);
//! let now = "2026-01-15T09:00:00Z".parse()?;
//!
//! let criteria = Criteria { narrative: Some("Dig four pits.".into()), ..Criteria::default() };
//! let achievement = Achievement::new("urn:uuid:7b2c0d1e-6d0f-4a5b-9a55-4c5d8c1f2a10", "Soils", "Reads soils.", criteria);
//! let mut subject = AchievementSubject::new(achievement);
//! subject.identifier.push(IdentityObject::hashed_email("amy@example.org", "salt"));
//! let issuer = Profile::new(&key.did_key(), "Riverside College");
//! let id = "urn:uuid:0b9d3a2f-53f3-4c70-a0b8-0c8a94bb6d53";
//! let mut document = OpenBadgeCredential::new(id, "Soils", issuer, now, subject).to_value();
//!
//! let method = format!("{}#{}", key.did_key(), key.public().multibase());
//! proof::sign(&mut document, &key, &ProofOptions::new(&method, now))?;
//!
//! let mut facts = Facts::new(now);
//! facts.trusted_issuers.insert(key.did_key());
//! let checked = check(document.to_string().as_bytes(), &facts);
//! assert!(checked.wanted.is_empty(), "with a did:key nothing has to be fetched");
//! assert_eq!(checked.report.verdict, Verdict::Verified);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
#![deny(missing_docs)]

pub mod bake;
pub mod batch;
pub mod check;
pub mod clr;
pub mod cose;
pub mod did;
pub mod document;
pub mod jcs;
mod jiff_time;
pub mod jose;
pub mod key;
pub mod open_badge;
pub mod presentation;
pub mod proof;
pub mod rdf;
pub mod receipt;
pub mod sd_jwt;
mod signable;
pub mod status_list;
