//! Resonances of throat and wood: two-pole filters in a row, each of gain 1 at 0 Hz (Klatt 1980, JASA 67:971).

use std::f64::consts::{PI, TAU};

/// Resonances in a row.
pub(super) const FORMANTS: usize = 5;

/// Centre and bandwidth of each resonance, Hz.
pub(super) type Shape = [(f64, f64); FORMANTS];

/// Vowels of a male voice: F1-F3 from Peterson & Barney 1952, the rest from Klatt 1980; a, e, i, o, u.
pub(super) const VOWELS: [Shape; 5] = [
    [(730.0, 80.0), (1090.0, 90.0), (2440.0, 120.0), (3300.0, 250.0), (3750.0, 200.0)],
    [(530.0, 70.0), (1840.0, 90.0), (2480.0, 120.0), (3300.0, 250.0), (3750.0, 200.0)],
    [(300.0, 60.0), (2290.0, 110.0), (3010.0, 150.0), (3300.0, 250.0), (3750.0, 200.0)],
    [(570.0, 70.0), (840.0, 80.0), (2410.0, 120.0), (3300.0, 250.0), (3750.0, 200.0)],
    [(320.0, 60.0), (870.0, 90.0), (2240.0, 120.0), (3300.0, 250.0), (3750.0, 200.0)],
];

/// Female vocal tracts are shorter by about a sixth (Peterson & Barney 1952).
pub(super) const HIGH_VOICE_SCALE: f64 = 1.17;

/// The body of a bowed string: air and main wood resonance of a violin and its bridge hill (Jansson 2002), broad as
/// they act on many strings; the rest only carries the brilliance.
pub(super) const STRING_BODY: Shape =
    [(460.0, 500.0), (1_100.0, 900.0), (2_500.0, 900.0), (4_500.0, 2_500.0), (6_500.0, 4_000.0)];

/// A flute's tube colours little: broad and high.
pub(super) const TUBE: Shape =
    [(900.0, 900.0), (1_800.0, 1_200.0), (3_000.0, 1_800.0), (4_200.0, 2_500.0), (5_200.0, 3_000.0)];

/// `shape` with every centre times `scale`.
pub(super) fn scaled(shape: &Shape, scale: f64) -> Shape {
    shape.map(|(centre, width)| (centre * scale, width))
}

/// `from` to `to`, `share` of the way.
pub(super) fn between(from: &Shape, to: &Shape, share: f64) -> Shape {
    std::array::from_fn(|i| {
        let along = |a: f64, b: f64| a + (b - a) * share;
        (along(from[i].0, to[i].0), along(from[i].1, to[i].1))
    })
}

#[derive(Clone, Copy, Default)]
struct Resonance {
    gain: f64,
    feedback: [f64; 2],
    past: [f64; 2],
}

/// The row of resonances.
#[derive(Default)]
pub(super) struct Tract([Resonance; FORMANTS]);

/// Below this a resonance has died away; far above subnormals.
const DEAD: f64 = 1e-12;

impl Tract {
    /// Takes `shape`. A resonance above 0.45 of the sample rate is left out.
    pub fn set(&mut self, shape: &Shape, rate_hz: f64) {
        for (resonance, &(centre, width)) in self.0.iter_mut().zip(shape) {
            if centre > 0.45 * rate_hz {
                *resonance = Resonance { gain: 1.0, ..Resonance::default() };
                continue;
            }
            let radius = (-PI * width / rate_hz).exp();
            resonance.feedback = [2.0 * radius * (TAU * centre / rate_hz).cos(), -radius * radius];
            resonance.gain = 1.0 - resonance.feedback[0] - resonance.feedback[1];
        }
    }

    /// One sample through the row.
    pub fn process(&mut self, input: f64) -> f64 {
        self.0.iter_mut().fold(input, |x, resonance| {
            let [a, b] = resonance.past;
            let y = resonance.gain * x + resonance.feedback[0] * a + resonance.feedback[1] * b;
            let y = if y.abs() < DEAD { 0.0 } else { y };
            resonance.past = [y, a];
            y
        })
    }

    /// Amplitude that a sine of `hz` leaves with, for 1 going in.
    pub fn gain(&self, hz: f64, rate_hz: f64) -> f64 {
        let (sin, cos) = (TAU * hz / rate_hz).sin_cos();
        let one = |resonance: &Resonance| {
            let [a, b] = resonance.feedback;
            let re = 1.0 - a * cos - b * (2.0 * cos * cos - 1.0);
            let im = a * sin + b * 2.0 * sin * cos;
            resonance.gain / re.hypot(im)
        };
        self.0.iter().map(one).product()
    }
}
