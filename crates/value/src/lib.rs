//! Values that every floor of the house shares: what they are, not what may be done with them.
//!
//! Pure: no I/O, no clock, no randomness, nothing of ours beneath.
//!
//! | module | what |
//! |---|---|
//! | [`email`] | addresses, parsed once at the door |
//! | [`id`] | ids with types |
//! | [`mark`] | where a list goes on |
//! | [`policy`] | what an instance lets unconfirmed organisations do |
//! | [`refusal`] | why something is refused: a code with arguments |
//! | [`sign`] | signs that nobody sees |
//! | [`slug`] | the part of an address that a title becomes |
//! | [`steps`] | counts what work costs, for tests |
//! | [`time`] | instants, and days and months after them |
//! | [`words`] | enums with stable names |

pub mod email;
pub mod id;
pub mod mark;
pub mod policy;
pub mod refusal;
pub mod sign;
pub mod slug;
pub mod steps;
pub mod time;
mod words;
