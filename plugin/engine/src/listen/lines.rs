//! Adaptive lines: the partials of one key, followed in amplitude and phase.

use std::f64::consts::TAU;

/// Partials of a key.
pub const PARTIALS: usize = 8;

/// A value for each partial of a key.
pub type Partials = [f32; PARTIALS];

/// Highest partial, share of the sample rate.
const HIGHEST_SHARE: f64 = 0.42;

/// A line over its cap shrinks by no more in a sample, so that it does not click.
const SHRINK: f32 = 0.9;

/// The partials of a key.
#[derive(Clone, Copy)]
pub struct Lines {
    /// Unit phasors at the next sample, and their rotation a sample.
    cos: Partials,
    sin: Partials,
    turn_cos: Partials,
    turn_sin: Partials,
    /// What is followed: amplitude of cosine and sine.
    real: Partials,
    imaginary: Partials,
    /// 1, or 0 for partials too high for the rate.
    exists: Partials,
    /// Step of adaptation a sample.
    pub step: f32,
    /// Largest amplitude of each.
    pub cap: Partials,
}

impl Lines {
    /// Silent lines of MIDI key `key`, tempered at A4 = 440 Hz.
    pub fn new(key: u8, rate_hz: f64) -> Self {
        let fundamental_hz = 440.0 * 2_f64.powf((f64::from(key) - 69.0) / 12.0);
        let cycles = |k: usize| (k + 1) as f64 * fundamental_hz / rate_hz;
        let none = [0.0; PARTIALS];
        Self {
            cos: [1.0; PARTIALS],
            sin: none,
            turn_cos: std::array::from_fn(|k| (TAU * cycles(k)).cos() as f32),
            turn_sin: std::array::from_fn(|k| (TAU * cycles(k)).sin() as f32),
            real: none,
            imaginary: none,
            exists: std::array::from_fn(|k| f32::from(u8::from(cycles(k) < HIGHEST_SHARE))),
            step: 0.0,
            cap: none,
        }
    }

    /// Adds each line's sample to `sum`.
    pub fn add(&self, sum: &mut Partials) {
        for (k, sum) in sum.iter_mut().enumerate() {
            *sum += self.real[k] * self.cos[k] + self.imaginary[k] * self.sin[k];
        }
    }

    /// Learns from what all lines together left of a sample, and goes on to the next.
    pub fn adapt(&mut self, left: f32) {
        for k in 0..PARTIALS {
            let push = self.step * self.exists[k] * left;
            let (real, imaginary) = (self.real[k] + push * self.cos[k], self.imaginary[k] + push * self.sin[k]);
            let (square, cap) = (real * real + imaginary * imaginary, self.cap[k] * self.cap[k]);
            // One step of Newton's toward the root.
            let share = if square > cap { (0.5 + 0.5 * cap / square).max(SHRINK) } else { 1.0 };
            (self.real[k], self.imaginary[k]) = (real * share, imaginary * share);
            let cos = self.cos[k] * self.turn_cos[k] - self.sin[k] * self.turn_sin[k];
            self.sin[k] = self.cos[k] * self.turn_sin[k] + self.sin[k] * self.turn_cos[k];
            self.cos[k] = cos;
        }
    }

    /// Brings the phasors back to length 1.
    pub fn settle(&mut self) {
        for (cos, sin) in self.cos.iter_mut().zip(&mut self.sin) {
            let length = cos.hypot(*sin);
            (*cos, *sin) = (*cos / length, *sin / length);
        }
    }

    /// Amplitudes, full scale 1.
    pub fn amplitudes(&self) -> Partials {
        std::array::from_fn(|k| self.real[k].hypot(self.imaginary[k]))
    }
}

/// Mean square of partials of such amplitudes.
pub fn power(amplitudes: &Partials) -> f32 {
    0.5 * amplitudes.iter().map(|amplitude| amplitude * amplitude).sum::<f32>()
}
