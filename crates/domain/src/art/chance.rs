//! Variation that is the same every time.

/// Variation that is the same every time: not for secrets.
pub struct Chance(u64);

impl Chance {
    /// The variation that belongs to these words.
    pub fn of(words: &[&str]) -> Self {
        let mut hash = 0xcbf2_9ce4_8422_2325_u64;
        for byte in words.iter().flat_map(|word| word.bytes().chain([0])) {
            hash = (hash ^ u64::from(byte)).wrapping_mul(0x100_0000_01b3);
        }
        Self(hash | 1)
    }

    /// The variation that begins with this number, which is not 0.
    pub fn starting_at(start: u64) -> Self {
        Self(start)
    }

    /// The number that it is at.
    pub fn number(&self) -> u64 {
        self.0
    }

    /// The next number between these two.
    pub fn between(&mut self, low: f64, high: f64) -> f64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        low + (high - low) * (self.0 >> 11) as f64 / (1_u64 << 53) as f64
    }
}
