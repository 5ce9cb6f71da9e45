//! Time as the engine counts it: samples since `new` or `reset`, and the fixed internal hop.

/// An instant: the index of a sample since the engine was made or reset.
pub type SampleTime = u64;

/// Rates outside these are brought to the nearer limit, Hz; hosts have been seen to test 1 kHz and 768 kHz.
pub const SAMPLE_RATE_LIMITS_HZ: (f64, f64) = (1_000.0, 768_000.0);

/// The rate assumed when a host names none that is a number, Hz.
pub const FALLBACK_SAMPLE_RATE_HZ: f64 = 48_000.0;

/// Aim of the internal hop, ms: 64 samples at 44.1 and 48 kHz, well under the 10 ms that players notice.
const HOP_AIM_MS: f64 = 1.4;

/// The sample rate and the hop that follows from it; seconds to samples and back.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Clock {
    rate_hz: f64,
    hop: usize,
}

impl Clock {
    /// A clock at `rate_hz`, brought into [`SAMPLE_RATE_LIMITS_HZ`].
    pub fn new(rate_hz: f64) -> Self {
        let rate_hz = if rate_hz.is_finite() {
            rate_hz.clamp(SAMPLE_RATE_LIMITS_HZ.0, SAMPLE_RATE_LIMITS_HZ.1)
        } else {
            FALLBACK_SAMPLE_RATE_HZ
        };
        let exponent = (rate_hz * HOP_AIM_MS / 1_000.0).log2().round();
        Self { rate_hz, hop: 1 << exponent.max(0.0) as u32 }
    }

    /// Samples a second, Hz.
    pub fn rate_hz(&self) -> f64 {
        self.rate_hz
    }

    /// Samples between two decisions; a power of two.
    pub fn hop(&self) -> usize {
        self.hop
    }

    /// Seconds between two decisions.
    pub fn hop_s(&self) -> f64 {
        self.hop as f64 / self.rate_hz
    }

    /// The nearest sample to `seconds`; 0 for what is negative or not a number.
    pub fn samples(&self, seconds: f64) -> SampleTime {
        (seconds * self.rate_hz).round() as SampleTime
    }

    /// Whole hops nearest to `seconds`, at least one.
    pub fn hops(&self, seconds: f64) -> usize {
        ((seconds / self.hop_s()).round() as usize).max(1)
    }

    /// Seconds from the start to `time`.
    pub fn seconds(&self, time: SampleTime) -> f64 {
        time as f64 / self.rate_hz
    }

    /// Seconds from `earlier` to `later`; 0 if they are the other way round.
    pub fn between(&self, earlier: SampleTime, later: SampleTime) -> f64 {
        self.seconds(later.saturating_sub(earlier))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_hop_is_64_samples_at_the_usual_rates_and_follows_the_others() {
        let hop = |rate| Clock::new(rate).hop();
        assert_eq!([hop(44_100.0), hop(48_000.0), hop(96_000.0), hop(192_000.0)], [64, 64, 128, 256]);
        assert_eq!([hop(1_000.0), hop(8_000.0), hop(768_000.0)], [1, 8, 1024]);
    }

    #[test]
    fn a_rate_that_is_no_rate_is_made_harmless() {
        assert_eq!(Clock::new(f64::NAN).rate_hz(), FALLBACK_SAMPLE_RATE_HZ);
        assert_eq!(Clock::new(0.0).rate_hz(), SAMPLE_RATE_LIMITS_HZ.0);
    }
}
