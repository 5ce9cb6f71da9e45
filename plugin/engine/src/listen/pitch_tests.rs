//! What the ears promise of pitch where a note begins, and at every rate.

use super::heard::Heard;
use super::tests::{hear_new, tone};
use crate::settings::Listen as Kind;
use std::f64::consts::TAU;

const RATE_HZ: f64 = 48_000.0;

/// Whether a pitch within 100 cents of `hz` is voiced.
fn right(heard: &Heard, hz: f64) -> bool {
    heard.pitch.voicing >= 0.5 && (1200.0 * (f64::from(heard.pitch.f0_hz) / hz).log2()).abs() < 100.0
}

/// When, s after `from_s`, the pitch `hz` is first voiced.
fn first_right_s(heard: &[Heard], from_s: f64, hz: f64) -> f64 {
    let of = |heard: &Heard| heard.now as f64 / RATE_HZ - from_s;
    heard.iter().find(|heard| of(heard) > 0.0 && right(heard, hz)).map_or(f64::INFINITY, of)
}

#[test]
fn the_thump_of_a_pluck_does_not_make_it_an_octave_lower() {
    let thump = |t: f64| 0.06 * (TAU * 247.0 * t).sin() * (-t / 0.03).exp();
    let mut pluck = tone(RATE_HZ, 0.5, 4, |_| 494.0);
    for (k, sample) in pluck.iter_mut().enumerate() {
        let t = k as f64 / RATE_HZ;
        *sample = (f64::from(*sample) * (-t / 0.4).exp() + thump(t)) as f32;
    }
    let heard = hear_new(RATE_HZ, &pluck, Kind::Tuned);
    let from = heard.iter().position(|heard| heard.now as f64 > 0.02 * RATE_HZ).unwrap_or(0);
    for reading in &heard[from..heard.len() / 2] {
        assert!(right(reading, 494.0), "{} Hz after {} s", reading.pitch.f0_hz, reading.now as f64 / RATE_HZ);
    }
}

#[test]
fn a_soft_attack_after_a_loud_note_is_heard_while_it_swells() {
    let mut sound = tone(RATE_HZ, 0.5, 6, |_| 330.0);
    sound.extend(vec![0.0; 9_600]);
    let from_s = sound.len() as f64 / RATE_HZ;
    let swell = |t: f64| 10.0_f64.powf((-30.0 + 30.0 * (t / 0.1).min(1.0)) / 20.0);
    let soft = tone(RATE_HZ, 0.3, 6, |_| 440.0);
    sound.extend(soft.iter().enumerate().map(|(k, sample)| *sample * swell(k as f64 / RATE_HZ) as f32));
    let first_s = first_right_s(&hear_new(RATE_HZ, &sound, Kind::Tuned), from_s, 440.0);
    assert!(first_s < 0.03, "{first_s} s");
}

#[test]
fn a_struck_bar_rings_until_it_is_softer_than_any_voice() {
    let mut struck = tone(RATE_HZ, 0.8, 3, |_| 523.3);
    for (k, sample) in struck.iter_mut().enumerate() {
        *sample *= (-(k as f32) / RATE_HZ as f32 / 0.12).exp();
    }
    let voiced_s = |kind| {
        let heard = hear_new(RATE_HZ, &struck, kind);
        heard.iter().filter(|heard| right(heard, 523.3)).count() as f64 * 64.0 / RATE_HZ
    };
    assert!(voiced_s(Kind::Tuned) > voiced_s(Kind::Voice) + 0.1);
}

#[test]
fn a_pitch_is_known_after_two_of_its_periods() {
    for hz in [82.4, 110.0, 164.8] {
        let first_s = first_right_s(&hear_new(RATE_HZ, &tone(RATE_HZ, 0.2, 10, |_| hz), Kind::Voice), 0.0, hz);
        assert!(first_s < 2.0 / hz + 0.004, "{hz} Hz after {first_s} s");
    }
}

#[test]
fn every_rate_hears_the_same_pitch() {
    let melody = |t: f64| if t % 0.7 < 0.5 { 165.0 * 2.0_f64.powf((t / 0.7).floor() * 5.0 / 12.0) } else { 0.0 };
    let hear = |rate_hz: f64| {
        let sound = tone(rate_hz, 4.2, 8, melody);
        hear_new(rate_hz, &sound, Kind::Voice)
    };
    for rate_hz in [8_000.0, 11_025.0, 16_000.0, 22_050.0, 44_100.0, 48_000.0, 96_000.0, 192_000.0] {
        let heard = hear(rate_hz);
        let judged = heard.iter().map(|heard| (heard, heard.now as f64 / rate_hz));
        let body: Vec<_> = judged.filter(|(_, t)| (0.04..0.48).contains(&(t % 0.7)) && *t < 4.2).collect();
        let wrong = body.iter().filter(|(heard, t)| !right(heard, melody(*t))).count();
        assert!(wrong * 100 <= body.len(), "{wrong} of {} at {rate_hz} Hz", body.len());
    }
}
