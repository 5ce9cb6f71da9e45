//! Keeps the sum of all notes from ever startling: a limiter rides the gain, and what is too quick for it is bent softly.

use crate::note::kept;

/// No sample lies beyond this, full scale 1: -6 dBFS.
pub const CEILING: f32 = 0.5;
/// The limiter keeps peaks here: -10.5 dBFS.
const THRESHOLD: f32 = 0.3;
/// From here on samples are bent.
const KNEE: f32 = 0.36;
/// Time constant with which the gain goes down, s: shorter than the ear judges loudness, longer than a click.
const ATTACK_S: f64 = 0.003;
/// Time constant with which a peak is forgotten and the gain comes back, s: chosen by ear, no pumping.
const RELEASE_S: f64 = 0.15;

pub struct Ceiling {
    peak: f32,
    gain: f32,
    attack_left: f32,
    release_left: f32,
}

impl Ceiling {
    pub fn new(rate_hz: f64) -> Self {
        let (attack_left, release_left) = (kept(ATTACK_S, rate_hz), kept(RELEASE_S, rate_hz));
        Self { peak: 0.0, gain: 1.0, attack_left, release_left }
    }

    pub fn reset(&mut self) {
        (self.peak, self.gain) = (0.0, 1.0);
    }

    /// The next sample of both sides, held under [`CEILING`].
    pub fn hold(&mut self, [left, right]: [f32; 2]) -> [f32; 2] {
        let loudest = left.abs().max(right.abs());
        // Nothing below the threshold matters, so the peak never fades towards a subnormal.
        self.peak = loudest.max(self.peak * self.release_left).max(THRESHOLD);
        let wanted = THRESHOLD / self.peak;
        let way = if wanted < self.gain { self.attack_left } else { self.release_left };
        self.gain = wanted + (self.gain - wanted) * way;
        [bend(self.gain * left), bend(self.gain * right)]
    }
}

/// Straight up to [`KNEE`], then bent towards [`CEILING`].
fn bend(sample: f32) -> f32 {
    let over = (sample.abs() - KNEE) / (CEILING - KNEE);
    if over <= 0.0 { sample } else { (KNEE + (CEILING - KNEE) * over.tanh()).copysign(sample) }
}
