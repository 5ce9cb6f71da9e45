//! Filters at the door: rumble and DC out, then a slower rate for the pitch.

use std::f64::consts::PI;

/// Corner of the high-pass, Hz: under the lowest voice (55 Hz), over handling thumps and DC.
const RUMBLE_HZ: f64 = 40.0;

/// One-pole high-pass, state in f64 so that a DC step decays to nothing.
pub struct Rumble {
    /// Pole, per sample.
    pole: f64,
    /// `None` before the first sample, so that DC is no step.
    last_in: Option<f64>,
    last_out: f64,
}

impl Rumble {
    /// For a sample rate in Hz.
    pub fn new(rate_hz: f64) -> Self {
        Self { pole: (-2.0 * PI * RUMBLE_HZ / rate_hz).exp(), last_in: None, last_out: 0.0 }
    }

    /// Back to the state after `new`.
    pub fn reset(&mut self) {
        (self.last_in, self.last_out) = (None, 0.0);
    }

    /// Filters `samples` into `out`, which is as long.
    pub fn process(&mut self, samples: &[f32], out: &mut [f32]) {
        for (&sample, place) in samples.iter().zip(out) {
            let input = f64::from(sample);
            self.last_out = self.pole * (self.last_out + input - self.last_in.unwrap_or(input));
            self.last_in = Some(input);
            if self.last_out.abs() < SETTLED {
                self.last_out = 0.0;
            }
            *place = self.last_out as f32;
        }
    }
}

/// Under this the high-pass has settled, full scale 1: far under any sound, far over subnormals.
const SETTLED: f64 = 1e-12;

/// Half the low-pass, in samples of the slow rate: 0.2 ms of delay at 22 kHz.
const HALF_LENGTH: usize = 4;

/// Corner of the low-pass, share of the slow rate.
const CORNER: f64 = 0.4;

/// Takes every n-th sample after a short causal low-pass (a Hann-windowed sinc).
pub struct Decimate {
    factor: usize,
    taps: Box<[f32]>,
    /// The last `taps.len() - 1` samples, then the hop.
    line: Box<[f32]>,
    hop: usize,
}

impl Decimate {
    /// For a sample rate in Hz and hops of `hop` samples, a power of two: to the slowest rate of whole octaves below that
    /// is at least `slowest_hz`.
    pub fn new(rate_hz: f64, hop: usize, slowest_hz: f64) -> Self {
        let mut factor = 1;
        while factor < hop && rate_hz / (2 * factor) as f64 >= slowest_hz {
            factor *= 2;
        }
        let half = (HALF_LENGTH * factor) as i64;
        let tap = |k: i64| {
            let x = k as f64 / factor as f64;
            let window = 0.5 + 0.5 * (PI * k as f64 / (half + 1) as f64).cos();
            let sinc = if k == 0 { 2.0 * CORNER } else { (2.0 * PI * CORNER * x).sin() / (PI * x) };
            window * sinc
        };
        let taps: Vec<f64> = if factor == 1 { vec![1.0] } else { (-half..=half).map(tap).collect() };
        let sum: f64 = taps.iter().sum();
        let line = vec![0.0; taps.len() - 1 + hop].into_boxed_slice();
        Self { factor, taps: taps.iter().map(|tap| (tap / sum) as f32).collect(), line, hop }
    }

    /// Samples in for one sample out.
    pub fn factor(&self) -> usize {
        self.factor
    }

    /// Delay, in samples of the full rate.
    pub fn delay(&self) -> usize {
        self.taps.len() / 2
    }

    /// Back to the state after `new`.
    pub fn reset(&mut self) {
        self.line.fill(0.0);
    }

    /// Turns a hop into `hop / factor` samples.
    pub fn process(&mut self, samples: &[f32], out: &mut [f32]) {
        let past = self.taps.len() - 1;
        self.line.copy_within(self.hop.., 0);
        self.line[past..].copy_from_slice(samples);
        let windows = self.line[self.factor - 1..].windows(self.taps.len()).step_by(self.factor);
        for (window, place) in windows.zip(out) {
            *place = window.iter().zip(&self.taps).map(|(sample, tap)| sample * tap).sum();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_constant_dies_away() {
        let mut rumble = Rumble::new(48_000.0);
        let mut out = vec![0.0; 48_000];
        rumble.process(&vec![1.0; 48_000], &mut out);
        assert_eq!(out[47_999], 0.0);
    }

    #[test]
    fn decimation_keeps_the_band_and_drops_what_would_fold() {
        for (rate_hz, hop) in [(48_000.0, 64), (192_000.0, 256)] {
            let gain = |hz: f64| {
                let mut decimate = Decimate::new(rate_hz, hop, 16_000.0);
                let mut out = vec![0.0; hop / decimate.factor()];
                let mut power = 0.0_f32;
                for start in (0..hop * 100).step_by(hop) {
                    let sine = |k: usize| (2.0 * PI * hz * (start + k) as f64 / rate_hz).sin() as f32;
                    decimate.process(&(0..hop).map(sine).collect::<Vec<_>>(), &mut out);
                    power += if start < 50 * hop { 0.0 } else { 2.0 * out.iter().map(|x| x * x).sum::<f32>() };
                }
                (power / (50 * out.len()) as f32).sqrt()
            };
            for (hz, low, high) in [(750.0, 0.99, 1.01), (3_000.0, 0.97, 1.03), (18_000.0, 0.0, 0.02)] {
                assert!((low..=high).contains(&gain(hz)), "{hz} Hz at {rate_hz} Hz: {}", gain(hz));
            }
        }
    }
}
