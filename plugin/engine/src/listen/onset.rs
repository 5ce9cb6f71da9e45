//! When a sung or played note may have begun: flux that stands out from the flux of the last moments.

use super::heard::{Cause, Onset, OnsetKind};
use super::level::{Level, velocity};
use crate::time::{Clock, SampleTime};

/// Threshold: this much flux, decades of magnitude, and this many times its running mean.
const FIXED: f32 = 0.05;
const TIMES_MEAN: f32 = 1.6;

/// Span of the running mean, s.
const MEAN_SPAN_S: f64 = 0.12;

/// After an onset nothing begins for so long, s: rolls of 60 ms stay apart.
const DEAD_S: f64 = 0.05;

/// From the true beginning to the decision, s: the median over hand-labelled drums.
const DELAY_S: f64 = 0.003;

/// Gate, dBFS, on the newest hop.
const GATE_DB: f32 = -50.0;

/// Flux at which an onset is as clear as can be, decades of magnitude.
const CLEAR: f32 = 0.6;

/// The onset detector.
pub struct Attacks {
    past: Box<[f32]>,
    at: usize,
    last_flux: f32,
    dead: SampleTime,
    delay: SampleTime,
    silent_until: SampleTime,
}

impl Attacks {
    /// For `clock`.
    pub fn new(clock: Clock) -> Self {
        Self {
            past: vec![0.0; clock.hops(MEAN_SPAN_S)].into(),
            at: 0,
            last_flux: 0.0,
            dead: clock.samples(DEAD_S),
            delay: clock.samples(DELAY_S),
            silent_until: 0,
        }
    }

    /// Back to the state after `new`.
    pub fn reset(&mut self) {
        self.past.fill(0.0);
        self.at = 0;
        self.last_flux = 0.0;
        self.silent_until = 0;
    }

    /// The onset that the flux at `now` shows, if any.
    pub fn process(&mut self, now: SampleTime, flux: f32, level: &Level) -> Option<Onset> {
        let mean = self.past.iter().sum::<f32>() / self.past.len() as f32;
        let threshold = FIXED + TIMES_MEAN * mean;
        let (rising, stands_out) = (flux > self.last_flux, flux > threshold);
        let (alive, loud) = (now >= self.silent_until, level.hop_db > GATE_DB - level.sensitivity_db);
        self.past[self.at] = flux;
        self.at = (self.at + 1) % self.past.len();
        self.last_flux = flux;
        let onset = rising && stands_out && alive && loud;
        onset.then(|| {
            self.silent_until = now + self.dead;
            Onset {
                time: now.saturating_sub(self.delay),
                available: now,
                kind: OnsetKind::Percussive,
                cause: Cause::Attack,
                strength: (flux / CLEAR).min(1.0),
                velocity: velocity(level.hop_db),
            }
        })
    }
}
