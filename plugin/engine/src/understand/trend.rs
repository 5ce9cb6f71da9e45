//! How fast a proxy rises or falls, over seconds, phrases and minutes.

use super::meaning::Trend;
use crate::time::{Clock, SampleTime};

/// Time between two looks, s: slopes over two seconds have eight looks.
const LOOK_EVERY_S: f64 = 0.25;

/// Times over which slopes are told, in looks: 2, 8 and 30 s.
const SPANS: [usize; 3] = [8, 32, 120];

/// Looks kept.
const LOOKS: usize = SPANS[2];

/// The looks at one proxy. Kept as a ring, so that no look costs more than another.
#[derive(Clone)]
pub struct Trends {
    looks: [f32; LOOKS],
    count: usize,
    trend: Trend,
}

impl Trends {
    /// Before the first look.
    pub fn new() -> Self {
        Self { looks: [0.0; LOOKS], count: 0, trend: Trend::default() }
    }

    /// Looks at `value`; what is not known has no trend, and a new one begins after it.
    pub fn look(&mut self, value: Option<f32>) -> Trend {
        let Some(value) = value else {
            *self = Self::new();
            return self.trend;
        };
        self.looks[self.count % LOOKS] = value;
        self.count += 1;
        let [over_2_s, over_8_s, over_30_s] = SPANS.map(|span| self.slope(span));
        self.trend = Trend { over_2_s, over_8_s, over_30_s };
        self.trend
    }

    /// The slope over the last `span` looks, a second: mean of the later half less mean of the earlier half over half the
    /// time; 0 until there are so many.
    fn slope(&self, span: usize) -> f32 {
        if self.count < span {
            return 0.0;
        }
        let half = span / 2;
        let mean = |from: usize| {
            (from..from + half).map(|ago| self.looks[(self.count - 1 - ago) % LOOKS]).sum::<f32>() / half as f32
        };
        (mean(0) - mean(half)) / (half as f32 * LOOK_EVERY_S as f32)
    }
}

/// Whether a look is due in the hop that ends at `now`.
pub fn is_due(clock: Clock, now: SampleTime) -> bool {
    let look = |time: SampleTime| (clock.seconds(time) / LOOK_EVERY_S).floor();
    look(now) > look(now.saturating_sub(clock.hop() as SampleTime))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_steady_rise_has_its_slope_over_every_span_and_what_stands_still_has_none() {
        let mut trends = Trends::new();
        let rising = (0..200).map(|look| trends.look(Some(0.002 * look as f32))).last().unwrap();
        for slope in [rising.over_2_s, rising.over_8_s, rising.over_30_s] {
            assert!((slope - 0.008).abs() < 1e-4, "{rising:?}");
        }
        let still = (0..200).map(|_| trends.look(Some(0.4))).last().unwrap();
        assert_eq!(still, Trend::default());
        assert_eq!(trends.look(None), Trend::default());
    }
}
