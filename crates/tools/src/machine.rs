//! What commands are given of the machine they run on: its clock and its chance.

use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use jiff::Timestamp;

/// The machine's clock and chance. Plain functions, since both are the process's own.
#[derive(Debug, Clone, Copy)]
pub struct Machine {
    /// Now.
    pub clock: fn() -> Timestamp,
    /// Fills with random bytes that nobody can guess.
    pub chance: fn(&mut [u8]),
}

impl Machine {
    /// Now.
    pub fn now(&self) -> Timestamp {
        (self.clock)()
    }

    /// `N` random bytes.
    pub fn random<const N: usize>(&self) -> [u8; N] {
        let mut bytes = [0; N];
        (self.chance)(&mut bytes);
        bytes
    }

    /// A secret of 256 bits as 43 URL-safe characters.
    pub fn secret(&self) -> String {
        BASE64_URL_SAFE_NO_PAD.encode(self.random::<32>())
    }
}
