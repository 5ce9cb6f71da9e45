//! Untuned drums: a burst of noise over a few low modes that fit no harmonic series.

use super::Take;
use super::chance::Chance;
use super::truth::{Truth, amplitude};
use std::f64::consts::TAU;

/// A hit.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Hit {
    /// When, s.
    pub time_s: f64,
    /// MIDI velocity, 1-127.
    pub velocity: u8,
}

/// Modes of a round membrane: ratios to the lowest (Rossing 2000), and how fast each dies away, a second.
const MODES: [(f64, f64); 4] = [(1.0, 30.0), (1.594, 38.0), (2.136, 45.0), (2.653, 55.0)];

/// The lowest mode, Hz, lies between these; each hit has its own, so that no pitch settles.
const LOWEST_HZ: (f64, f64) = (140.0, 190.0);

/// The noise of the stick dies away at this pace, a second.
const NOISE_DECAY: f64 = 90.0;

/// A hit has died away after this, s.
const RING_S: f64 = 0.35;

/// From a flam to two hits: ears keep them apart from about 30 ms on; drummers' doubles are about this far, s.
pub const DOUBLE_S: f64 = 0.06;

/// A beat of `bpm` for `beats` beats from `start_s`: accents on every fourth, a soft hit between two beats now and
/// then, and a double hit [`DOUBLE_S`] apart once in eight.
pub fn groove(bpm: f64, beats: usize, start_s: f64, seed: u64) -> Vec<Hit> {
    let mut chance = Chance::new(seed, "groove");
    let beat_s = 60.0 / bpm;
    let mut hits = Vec::new();
    for beat in 0..beats {
        let time_s = start_s + beat as f64 * beat_s;
        let velocity = if beat % 4 == 0 { 108 } else { 72 + (chance.share() * 20.0) as u8 };
        hits.push(Hit { time_s, velocity });
        if beat % 8 == 6 {
            hits.push(Hit { time_s: time_s + DOUBLE_S, velocity: 64 });
        }
        if chance.share() < 0.4 {
            hits.push(Hit { time_s: time_s + beat_s / 2.0, velocity: 40 + (chance.share() * 16.0) as u8 });
        }
    }
    hits
}

/// Hits without a beat for `seconds` from `start_s`: `per_s` a second on average, never closer than [`DOUBLE_S`].
pub fn chaos(per_s: f64, seconds: f64, start_s: f64, seed: u64) -> Vec<Hit> {
    let mut chance = Chance::new(seed, "chaos");
    let mut hits = Vec::new();
    let mut time_s = start_s;
    while time_s < start_s + seconds {
        hits.push(Hit { time_s, velocity: 40 + (chance.share() * 87.0) as u8 });
        let wait_s = -(1.0 - chance.share()).ln() / per_s;
        time_s += wait_s.max(DOUBLE_S);
    }
    hits
}

/// Drums `hits`; the take lasts `length_s`. Its loudest sample is `peak`.
pub fn drum(hits: &[Hit], length_s: f64, peak: f32, seed: u64, rate_hz: f64) -> Take {
    let length = (length_s * rate_hz).ceil() as usize;
    let mut samples = vec![0.0_f32; length];
    let mut chance = Chance::new(seed, "drum");
    for hit in hits {
        let level = amplitude(hit.velocity);
        let lowest_hz = LOWEST_HZ.0 + (LOWEST_HZ.1 - LOWEST_HZ.0) * chance.share();
        let first = (hit.time_s * rate_hz).ceil().max(0.0) as usize;
        let last = (first + (RING_S * rate_hz) as usize).min(length);
        for (i, sample) in samples.iter_mut().enumerate().take(last).skip(first) {
            let since = i as f64 / rate_hz - hit.time_s;
            let mode = |&(ratio, decay): &(f64, f64)| (-decay * since).exp() * (TAU * ratio * lowest_hz * since).sin();
            let ring: f64 = MODES.iter().filter(|mode| mode.0 * lowest_hz < 0.45 * rate_hz).map(mode).sum();
            let stick = (-NOISE_DECAY * since).exp() * chance.either_way();
            let fade = ((RING_S - since) / 0.05).clamp(0.0, 1.0);
            *sample += (level * fade * (0.5 * ring + stick)) as f32;
        }
    }
    let onsets_s = hits.iter().map(|hit| hit.time_s).collect();
    let truth = Truth { f0_hz: vec![0.0; length], onsets_s, ..Truth::default() };
    Take { rate_hz, samples, truth }.levelled(peak)
}
