//! Plucked strings: whole-number partials, each dying away at its own pace, so that the pitch is exact.

use super::Take;
use super::performance::{Performance, Performed};
use super::truth::{NoteTruth, Truth, amplitude, hz};
use std::f64::consts::{PI, TAU};

/// The fundamental falls by 60 dB in this time, s, at A3; half of it an octave higher.
const RING_S: f64 = 3.0;

/// Partial n falls faster by this much times n - 1.
const DAMPING: f64 = 0.35;

/// The string is plucked at this share of its length, which shapes the partials.
const PLUCKED_AT: f64 = 0.18;

/// A finger stops the string within this time, s.
const STOP_S: f64 = 0.03;

/// The pluck itself, s.
const ATTACK_S: f64 = 0.002;

/// Partials, at most.
const PARTIALS: usize = 24;

/// Pitch counts until the sound has fallen to this share of its beginning: -40 dB.
const AUDIBLE: f64 = 0.01;

pub(super) fn pluck(performed: &Performed, performance: &Performance, rate_hz: f64) -> Take {
    let length = performed.samples(rate_hz);
    let mut samples = vec![0.0_f32; length];
    let mut truth = Truth { f0_hz: vec![0.0; length], ..performed.truth() };
    for note in &performed.notes {
        let f0_hz = hz(f64::from(note.key) + performance.detune_cents / 100.0);
        let ring_s = RING_S * 220.0 / f0_hz;
        let offset_s = note.off_s.min(note.on_s + ring_s * AUDIBLE.log10() / -3.0);
        truth.notes.push(NoteTruth {
            onset_s: note.on_s,
            offset_s,
            attack_s: note.on_s,
            key: note.key,
            velocity: note.velocity,
        });
        let sample_at = |t: f64| ((t * rate_hz).ceil().max(0.0) as usize).min(length);
        truth.f0_hz[sample_at(note.on_s)..sample_at(offset_s)].fill(f0_hz as f32);
        let stop_s = note.off_s + STOP_S;
        for partial in 1..=PARTIALS.min((0.45 * rate_hz / f0_hz) as usize) {
            let n = partial as f64;
            let strength = amplitude(note.velocity) * (PI * n * PLUCKED_AT).sin() / (n * n);
            // 60 dB are a factor of 1000.
            let decay = 1000.0_f64.ln() * (1.0 + DAMPING * (n - 1.0)) / ring_s;
            let (first, last) = (sample_at(note.on_s), sample_at(stop_s));
            for (i, sample) in samples.iter_mut().enumerate().take(last).skip(first) {
                let since = i as f64 / rate_hz - note.on_s;
                let fall = (-decay * since).exp();
                if fall < 1e-5 {
                    break;
                }
                let edge = (since / ATTACK_S).min((stop_s - note.on_s - since) / STOP_S).clamp(0.0, 1.0);
                *sample += (strength * fall * edge * (TAU * n * f0_hz * since).sin()) as f32;
            }
        }
    }
    for (line, notes) in truth.lines.iter_mut().zip(&performed.line_notes) {
        line.end_s = truth.notes[notes.end - 1].offset_s;
    }
    Take { rate_hz, samples, truth }
}
