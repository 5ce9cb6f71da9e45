//! A soft drum: a large frame drum under a felt mallet. Its body is tuned to the pitch class of the key, so that it
//! stands in the harmony, and it rings on when the key is let go.

use crate::Stroke;
use crate::bank::{Mode, Side};
use crate::note::{Note, Touch};

/// Modes of a circular membrane: frequency against the lowest (zeros of Bessel functions: Fletcher and Rossing, 3.6),
/// level, and decay, s. A centred stroke excites the round ones most.
const MODES: [(f64, f64, f64); 7] = [
    (1.0, 1.0, 0.22),
    (1.594, 0.35, 0.16),
    (2.136, 0.18, 0.12),
    (2.296, 0.3, 0.10),
    (2.653, 0.1, 0.08),
    (2.918, 0.12, 0.07),
    (3.600, 0.1, 0.05),
];
/// Lowest pitch of the body, MIDI key: E2. Small loudspeakers carry little below.
const LOWEST_KEY: u8 = 40;
/// Amplitude of the lowest mode at velocity 64.
const LEVEL: f64 = 0.075;

pub fn strike(note: &mut Note, stroke: Stroke, rate_hz: f64) {
    let force = stroke.force();
    let touch = Touch {
        attack_s: 0.003 * force.powf(-0.4),
        release_s: None,
        pan: 0.0,
        noise: 0.02 * force.powf(1.2),
        noise_s: 0.03,
        noise_hz: 600.0,
    };
    note.begin(stroke.place, stroke.age, &touch, rate_hz);

    let body_key = LOWEST_KEY + (stroke.place.1 % 12 + 12 - LOWEST_KEY % 12) % 12;
    let hz = 440.0 * ((f64::from(body_key) - 69.0) / 12.0).exp2();
    for (index, (ratio, share, decay_s)) in MODES.into_iter().enumerate() {
        let amplitude = LEVEL * stroke.loudness() * share * force.powf(0.3 * (ratio - 1.0));
        let mode = Mode { hz: ratio * hz, amplitude, decay_s, phase: 0.0 };
        let other = Mode { amplitude: if index == 0 { amplitude } else { 0.6 * amplitude }, ..mode };
        let (near, far) = if index % 2 == 0 { (Side::Left, Side::Right) } else { (Side::Right, Side::Left) };
        note.bank.strike(near, mode, rate_hz);
        note.bank.strike(far, other, rate_hz);
    }
}
