//! A felt piano: stiff strings in pairs, a soft hammer, and the knock of the action.

use crate::Stroke;
use crate::bank::{Mode, Side};
use crate::note::{Note, Touch};

/// Partials of a note.
const PARTIALS: usize = 20;
/// Where the hammer strikes, share of the string: between a seventh and a ninth on real pianos (Fletcher and Rossing,
/// The Physics of Musical Instruments, 12.3).
const STRIKE: f64 = 0.13;
/// Amplitude of the fundamental of middle C at velocity 64.
const LEVEL: f64 = 0.04;
/// The felt takes away what lies above, Hz, at velocity 64; a harder stroke is brighter.
const FELT_HZ: f64 = 750.0;
/// The power of velocity that brightness follows.
const BRIGHTENING: f64 = 0.7;
/// Decay of the first, quick part of the sound, 1/s, at C3; doubles every 28 keys.
const DECAY_AT_C3: f64 = 0.32;
/// The second string of a pair is this much softer and decays this much slower: the double decay of coupled strings
/// (Weinreich 1977).
const AFTERSOUND_LEVEL: f64 = 0.5;
const AFTERSOUND_DECAY: f64 = 0.35;
/// How far the strings of a pair are apart, cents: tuners leave about one (Weinreich 1977).
const PAIR_CENTS: f64 = 0.9;

pub fn strike(note: &mut Note, stroke: Stroke, rate_hz: f64) {
    let (hz, octaves, force) = (stroke.hz(), stroke.octaves(), stroke.force());
    let touch = Touch {
        attack_s: 0.002 * force.powf(-0.5),
        release_s: Some(0.07 * (-0.25 * octaves).exp2()),
        pan: (0.12 * octaves).clamp(-0.35, 0.35),
        noise: 0.006 * force,
        noise_s: 0.022,
        noise_hz: 260.0,
    };
    note.begin(stroke.place, stroke.age, &touch, rate_hz);

    let level = LEVEL * stroke.loudness();
    let felt_hz = (FELT_HZ * force.powf(BRIGHTENING)).max(hz);
    let slow = DECAY_AT_C3 * ((f64::from(stroke.place.1) - 48.0) / 28.0).exp2();
    let stiffness = stiffness(stroke.place.1);
    let detune = (PAIR_CENTS / 1_200.0).exp2();
    for index in 0..PARTIALS {
        let n = (index + 1) as f64;
        let partial_hz = n * hz * (1.0 + stiffness * n * n).sqrt();
        let struck = (n * std::f64::consts::PI * STRIKE).sin() / (n * (std::f64::consts::PI * STRIKE).sin());
        let felt = 1.0 / (1.0 + (partial_hz / felt_hz).powi(2));
        let amplitude = level * struck * felt * (1.0 + (hz / felt_hz).powi(2));
        // Air, and friction that grows with the square of the frequency (Chaigne and Askenfelt 1994).
        let decay = slow * (1.0 + 0.2 * (n - 1.0)) + 4e-7 * partial_hz * partial_hz;
        let (first, second) = if index % 2 == 0 { (Side::Left, Side::Right) } else { (Side::Right, Side::Left) };
        let strings = [(first, 1.0, 1.0, 1.0), (second, AFTERSOUND_LEVEL, AFTERSOUND_DECAY, detune)];
        for (side, share, decays, detuned) in strings {
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

/// Inharmonicity coefficient of a key's strings (Rauhala and Välimäki 2007, their equation for B, keys from 1).
fn stiffness(key: u8) -> f64 {
    let key = f64::from(key) - 20.0;
    (0.0926 * key - 13.64).exp() + (-0.0847 * key - 5.82).exp()
}
