//! A warm pad: two soft choirs of harmonics, a little apart, that swell and hold.

use crate::Stroke;
use crate::bank::{Mode, Side};
use crate::note::{Note, Touch};

/// Harmonics of a note.
const HARMONICS: usize = 8;
/// Amplitude of the fundamental of middle C at velocity 64.
const LEVEL: f64 = 0.029;
/// A held tone ebbs with this time constant, s: 4 dB a minute, so that none is for ever.
const EBB_S: f64 = 120.0;
/// What lies above is soft, Hz, at velocity 64.
const WARM_HZ: f64 = 500.0;
/// Voices of a choir: share of the distance between the choirs at which each is tuned.
const CHOIR: [f64; 2] = [1.0, -0.37];

pub fn strike(note: &mut Note, stroke: Stroke, rate_hz: f64) {
    let (hz, octaves, force) = (stroke.hz(), stroke.octaves(), stroke.force());
    let touch = Touch {
        attack_s: 0.22 * force.powf(-0.4),
        release_s: Some(0.16),
        pan: (0.08 * octaves).clamp(-0.25, 0.25),
        noise: 0.0,
        noise_s: 0.01,
        noise_hz: 100.0,
    };
    note.begin(stroke.place, stroke.age, &touch, rate_hz);

    let level = LEVEL * stroke.loudness() * (-0.17 * octaves).exp2();
    let warm_hz = (WARM_HZ * force.sqrt()).max(hz);
    // A beat of half a second to two, slower below: chosen by ear.
    let apart_hz = 0.25 + 0.0012 * hz;
    for index in 0..HARMONICS {
        let n = (index + 1) as f64;
        let warm = 1.0 / (1.0 + (n * hz / warm_hz).powi(2));
        let amplitude = level * warm * (1.0 + (hz / warm_hz).powi(2)) / n;
        for (side, sign) in [(Side::Left, 1.0), (Side::Right, -1.0)] {
            for (voice, &tuned) in CHOIR.iter().enumerate() {
                let mode = Mode {
                    hz: n * hz + sign * tuned * apart_hz * n.sqrt(),
                    amplitude: amplitude * if voice == 0 { 1.0 } else { 0.5 },
                    decay_s: EBB_S,
                    // The golden ratio spreads the phases, so that nothing begins as one.
                    phase: ((4 * index + 2 * voice + side as usize) as f64 * 0.618_034).fract(),
                };
                note.bank.strike(side, mode, rate_hz);
            }
        }
    }
}
