//! The rules of Cairn: given facts, what may happen next?
//!
//! Pure: no I/O, no clock, no randomness. Times and ids are arguments; the
//! world is handed in. Words are those of `docs/words.md`.

pub mod achievement;
pub mod announcement;
pub mod art;
pub mod assessment;
pub mod award;
pub mod difference;
pub mod display_name;
pub mod enrollment;
pub mod outline;
pub mod password;
pub mod permission;
pub mod requirement;
pub mod review;
pub mod rubric;
pub mod short_text;
pub mod standing;
pub mod submission;
pub mod web_domain;
