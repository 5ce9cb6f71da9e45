//! The client that benches and examples listen to: ten seconds of everything that makes the ears work.

use std::f64::consts::TAU;

/// The rate that the promise about cost is made for, Hz.
pub const RATE_HZ: f64 = 48_000.0;

/// One thing sung or struck: from, for how long (s), MIDI key (0: a hit or noise), amplitude.
type Sound = (f64, f64, u8, f64);

/// Two sung phrases and their rests, low and high notes, a run, hits alone and double, a shout of noise, two keys at
/// once, a long close.
const SOUNDS: [Sound; 26] = [
    (0.50, 0.50, 62, 0.20),
    (1.00, 0.25, 65, 0.22),
    (1.30, 0.45, 69, 0.25),
    (1.75, 0.90, 67, 0.20),
    (3.20, 0.08, 0, 0.05),
    (3.28, 0.40, 70, 0.30),
    (3.68, 0.40, 69, 0.30),
    (4.08, 0.30, 67, 0.28),
    (4.38, 0.70, 62, 0.20),
    (5.60, 0.12, 74, 0.30),
    (5.72, 0.12, 76, 0.30),
    (5.84, 0.12, 77, 0.30),
    (5.96, 0.12, 79, 0.30),
    (6.08, 0.50, 81, 0.35),
    (6.70, 0.40, 45, 0.35),
    (7.10, 0.40, 38, 0.35),
    (7.60, 0.15, 0, 0.50),
    (7.80, 0.15, 0, 0.30),
    (7.86, 0.15, 0, 0.30),
    (8.00, 0.15, 0, 0.60),
    (8.10, 0.30, 0, 0.90),
    (8.50, 0.25, 69, 0.10),
    (8.50, 0.50, 64, 0.10),
    (8.75, 0.25, 65, 0.15),
    (9.00, 0.25, 64, 0.12),
    (9.25, 0.60, 62, 0.10),
];

/// Length of the client's playing, s: a pass that takes 100 ms costs 1 % of real time.
const LENGTH_S: f64 = 10.0;

/// The client in mono.
pub fn client() -> Vec<f32> {
    let mut samples = vec![0.0; (LENGTH_S * RATE_HZ) as usize];
    let mut noise = 1_u32;
    for (start_s, length_s, key, level) in SOUNDS {
        let mut phase = 0.0_f64;
        let first = (start_s * RATE_HZ) as usize;
        let count = (length_s * RATE_HZ) as usize;
        for (i, sample) in samples.iter_mut().skip(first).take(count).enumerate() {
            let since = i as f64 / RATE_HZ;
            let edge = (since / 0.02).min((length_s - since) / 0.04).clamp(0.0, 1.0);
            // Numerical Recipes' quick generator: white enough to be noise.
            noise = noise.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            let white = f64::from(noise) / f64::from(u32::MAX) * 2.0 - 1.0;
            let sound = if key == 0 {
                white * (-12.0 * since).exp()
            } else {
                let vibrato = 0.4 * (since / 0.5).min(1.0) * (TAU * 5.5 * since).sin();
                let scoop = 1.0 * (-since / 0.03).exp();
                phase += 440.0 * ((f64::from(key) - 69.0 + vibrato - scoop) / 12.0).exp2() / RATE_HZ;
                // The sum of all partials n with amplitudes BRIGHTNESS^n.
                let (sin, cos) = (TAU * phase).sin_cos();
                0.5 * BRIGHTNESS * sin / (1.0 - 2.0 * BRIGHTNESS * cos + BRIGHTNESS * BRIGHTNESS) + 0.003 * white
            };
            *sample += (level * edge * sound) as f32;
        }
    }
    samples
}

/// Each partial is this much softer than the one below.
const BRIGHTNESS: f64 = 0.7;
