//! Octave bands of the sound and how strong each is, a hop at a time.

use realfft::num_complex::Complex;
use std::f64::consts::{FRAC_1_SQRT_2, PI};

/// Bands.
pub const BANDS: usize = 8;

/// Lower edge of the lowest band and of the next, Hz; from there on each band is an octave wide.
const LOWEST_HZ: f64 = 30.0;
const SECOND_HZ: f64 = 90.0;

/// Highest edge of a band that can be, share of the rate: over it the low-pass folds.
const HIGHEST_SHARE: f64 = 0.45;

/// Under this a filter has settled, full scale 1: far under any sound, far over subnormals.
const SETTLED: f64 = 1e-15;

/// One number for each band, so that all bands are filtered side by side.
type Each = [f64; BANDS];

/// A resonant section for each band, zeros at DC and at half the rate, transposed direct form II.
struct Sections {
    gain: Each,
    a1: Each,
    a2: Each,
    s1: Each,
    s2: Each,
}

impl Sections {
    fn new(sections: [Section; BANDS]) -> Self {
        Self {
            gain: sections.map(|section| section.gain),
            a1: sections.map(|section| section.a1),
            a2: sections.map(|section| section.a2),
            s1: [0.0; BANDS],
            s2: [0.0; BANDS],
        }
    }

    fn step(&mut self, input: Each) -> Each {
        let mut out = [0.0; BANDS];
        for k in 0..BANDS {
            let x = self.gain[k] * input[k];
            let y = x + self.s1[k];
            self.s1[k] = self.s2[k] - self.a1[k] * y;
            self.s2[k] = -x - self.a2[k] * y;
            out[k] = y;
        }
        out
    }

    fn settle(&mut self) {
        for state in self.s1.iter_mut().chain(&mut self.s2) {
            if state.abs() < SETTLED {
                *state = 0.0;
            }
        }
    }

    fn reset(&mut self) {
        (self.s1, self.s2) = ([0.0; BANDS], [0.0; BANDS]);
    }
}

/// The bands: Butterworth band-passes of fourth order.
pub struct Bank {
    lower: Sections,
    upper: Sections,
}

impl Bank {
    /// For a sample rate in Hz; bands beyond it stay silent.
    pub fn new(rate_hz: f64) -> Self {
        let lower = |k: usize| if k == 0 { LOWEST_HZ } else { SECOND_HZ * 2.0_f64.powi(k as i32 - 1) };
        let edges = |k| (lower(k), lower(k + 1));
        let pairs: [[Section; 2]; BANDS] = std::array::from_fn(|k| band_pass(edges(k), rate_hz));
        Self { lower: Sections::new(pairs.map(|pair| pair[0])), upper: Sections::new(pairs.map(|pair| pair[1])) }
    }

    /// Back to the state after `new`.
    pub fn reset(&mut self) {
        self.lower.reset();
        self.upper.reset();
    }

    /// The mean square of each band over `samples`.
    pub fn process(&mut self, samples: &[f32]) -> [f32; BANDS] {
        let mut sums = [0.0; BANDS];
        for &sample in samples {
            let band = self.lower.step([f64::from(sample); BANDS]);
            let band = self.upper.step(band);
            for (sum, y) in sums.iter_mut().zip(band) {
                *sum += y * y;
            }
        }
        self.lower.settle();
        self.upper.settle();
        sums.map(|sum| (sum / samples.len().max(1) as f64) as f32)
    }
}

/// y = gain (x - x[-2]) - a1 y[-1] - a2 y[-2].
#[derive(Clone, Copy, Default)]
struct Section {
    gain: f64,
    a1: f64,
    a2: f64,
}

/// The two sections of a band between `edges_hz`, each with gain 1 in the middle: the second-order Butterworth low-pass
/// brought to the band and to samples (Oppenheim & Schafer, Discrete-Time Signal Processing, ch. 7). Silent if the band
/// lies beyond the rate.
fn band_pass(edges_hz: (f64, f64), rate_hz: f64) -> [Section; 2] {
    if edges_hz.0 >= HIGHEST_SHARE * rate_hz {
        return [Section::default(); 2];
    }
    let warped = |hz: f64| (PI * hz.min(HIGHEST_SHARE * rate_hz) / rate_hz).tan();
    let (low, high) = (warped(edges_hz.0), warped(edges_hz.1));
    let middle = Complex::new(0.0, 2.0 * (low * high).sqrt().atan()).exp();
    let pole = Complex::new(-FRAC_1_SQRT_2, FRAC_1_SQRT_2) * (high - low);
    let spread = (pole * pole - 4.0 * low * high).sqrt();
    [pole - spread, pole + spread].map(|twice| {
        let analog = twice / 2.0;
        let pole = (analog + 1.0) / (-analog + 1.0);
        let (a1, a2) = (-2.0 * pole.re, pole.norm_sqr());
        let delay = middle.inv();
        let response = (-delay * delay + 1.0) / (delay * delay * a2 + delay * a1 + 1.0);
        Section { gain: 1.0 / response.norm(), a1, a2 }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sine_is_strongest_in_its_own_octave_at_every_rate() {
        for rate_hz in [16_000.0, 44_100.0, 192_000.0] {
            for band in 1..6 {
                let hz = SECOND_HZ * 2.0_f64.powf(band as f64 - 0.5);
                let sine: Vec<f32> = (0..48_000).map(|k| (2.0 * PI * hz * k as f64 / rate_hz).sin() as f32).collect();
                let powers = Bank::new(rate_hz).process(&sine);
                let loudest = (0..BANDS).max_by(|&a, &b| powers[a].total_cmp(&powers[b]));
                assert_eq!(loudest, Some(band), "{hz} Hz at {rate_hz} Hz: {powers:?}");
                assert!((0.4..0.6).contains(&powers[band]), "{hz} Hz at {rate_hz} Hz: {powers:?}");
            }
        }
    }

    #[test]
    fn silence_after_sound_becomes_silence_in_every_band() {
        let mut bank = Bank::new(48_000.0);
        bank.process(&[1.0; 64]);
        bank.process(&vec![0.0; 480_000]);
        assert_eq!(bank.process(&[0.0; 64]), [0.0; BANDS]);
    }
}
