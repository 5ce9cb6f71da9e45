//! Plucked strings, between harp and nylon guitar: the modes of an ideal plucked string, whose higher ones die sooner.
//! It is what a Karplus-Strong loop rings with (Jaffe and Smith 1983), without the loop's rate-dependent tuning and damping.

use crate::Stroke;
use crate::bank::{MODES, Mode, Side};
use crate::note::{Note, Touch};

/// Where the finger plucks, share of the string: towards the middle, which is round.
const PLUCK: f64 = 0.29;
/// Amplitude of the fundamental of middle C at velocity 64.
const LEVEL: f64 = 0.045;
/// The soft finger takes away what lies above, Hz, at velocity 64; a harder pluck is brighter.
const FINGER_HZ: f64 = 1_500.0;
/// Decay of the fundamental, 1/s, at C3; doubles every 30 keys.
const DECAY_AT_C3: f64 = 0.5;
/// Nylon and gut are hardly stiff.
const STIFFNESS: f64 = 1.5e-5;
/// A string swings in two planes, tuned this far apart, cents.
const PLANES_CENTS: f64 = 0.5;

pub fn strike(note: &mut Note, stroke: Stroke, rate_hz: f64) {
    let (hz, octaves, force) = (stroke.hz(), stroke.octaves(), stroke.force());
    let touch = Touch {
        attack_s: 0.0012,
        release_s: Some(0.05 * (-0.25 * octaves).exp2()),
        pan: (0.15 * octaves).clamp(-0.4, 0.4),
        noise: 0.004 * force,
        noise_s: 0.008,
        noise_hz: 900.0,
    };
    note.begin(stroke.place, stroke.age, &touch, rate_hz);

    let level = LEVEL * stroke.loudness() * (-0.06 * octaves).exp2();
    let finger_hz = (FINGER_HZ * force).max(1.5 * hz);
    let slow = DECAY_AT_C3 * ((f64::from(stroke.place.1) - 48.0) / 30.0).exp2();
    let apart = (PLANES_CENTS / 1_200.0).exp2();
    for index in 0..MODES {
        let n = (index + 1) as f64;
        let partial_hz = n * hz * (1.0 + STIFFNESS * n * n).sqrt();
        let plucked = (n * std::f64::consts::PI * PLUCK).sin() / (n * (std::f64::consts::PI * PLUCK).sin());
        let amplitude = level * plucked * (-(partial_hz - hz) / finger_hz).exp();
        let decay = slow * (1.0 + 0.25 * (n - 1.0)) + 5e-7 * partial_hz * partial_hz;
        for (side, share, decays, detuned) in [(Side::Left, 1.0, 1.0, 1.0), (Side::Right, 0.8, 1.25, apart)] {
            let mode = Mode {
                hz: partial_hz * detuned,
                amplitude: amplitude * share,
                decay_s: 1.0 / (decay * decays),
                phase: 0.0,
            };
            note.bank.strike(side, mode, rate_hz);
        }
    }
}
