//! Chance that repeats itself: SplitMix64 (Steele, Lea & Flood 2014), one stream for each purpose.

/// A seeded stream of numbers.
pub(super) struct Chance(u64);

impl Chance {
    /// The stream for `purpose` under `seed`; streams of different purposes do not resemble each other.
    pub fn new(seed: u64, purpose: &str) -> Self {
        // FNV-1a, 64 bits.
        let hash = purpose.bytes().fold(0xcbf2_9ce4_8422_2325, |hash: u64, byte| {
            (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3)
        });
        Self(hash ^ seed.wrapping_mul(0x9e37_79b9_7f4a_7c15))
    }

    fn bits(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let z = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// Evenly from 0 (included) to 1.
    pub fn share(&mut self) -> f64 {
        (self.bits() >> 11) as f64 / (1_u64 << 53) as f64
    }

    /// Evenly from -1 to 1.
    pub fn either_way(&mut self) -> f64 {
        2.0 * self.share() - 1.0
    }

    /// Nearly normal, mean 0, variance 1, never beyond ±6: twelve even numbers summed.
    pub fn normal(&mut self) -> f64 {
        (0..12).map(|_| self.share()).sum::<f64>() - 6.0
    }
}
