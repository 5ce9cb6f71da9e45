//! What hits and the guess at their kind promise, in and out of a room's noise.

use super::heard::{Heard, Onset, OnsetKind};
use super::tests::{hear_new, hear_sensitive, noise, tone};
use crate::settings::Listen as Kind;
use std::f64::consts::TAU;

const RATE_HZ: f64 = 48_000.0;

/// Adds a burst of noise at `time_s` that dies away at `decay` a second.
fn hit(sound: &mut [f32], time_s: f64, loudness: f32, decay: f64) {
    let start = (time_s * RATE_HZ) as usize;
    for (k, x) in noise((0.3 * RATE_HZ) as usize, loudness).into_iter().enumerate() {
        sound[start + k] += x * (-decay * k as f64 / RATE_HZ).exp() as f32;
    }
}

fn onsets(heard: &[Heard]) -> Vec<Onset> {
    heard.iter().flat_map(|heard| heard.onsets.iter().copied()).collect()
}

fn silence(seconds: f64) -> Vec<f32> {
    vec![0.0; (seconds * RATE_HZ) as usize]
}

/// Strokes at each of `times_s`.
fn strokes(times_s: &[f64], seconds: f64) -> Vec<f32> {
    let mut sound = silence(seconds);
    times_s.iter().for_each(|&time_s| hit(&mut sound, time_s, 0.5, 40.0));
    sound
}

fn check_onsets(onsets: &[Onset], times_s: &[f64], what: &str) {
    let heard: Vec<f64> = onsets.iter().map(|onset| onset.time as f64 / RATE_HZ).collect();
    let near = |(heard, time): (&f64, &f64)| (heard - time).abs() < 0.01;
    assert!(heard.len() == times_s.len() && heard.iter().zip(times_s).all(near), "{what}: {heard:?} for {times_s:?}");
}

#[test]
fn a_soft_drum_is_heard_under_a_ringing_cymbal() {
    let mut sound = silence(2.5);
    let start = (0.5 * RATE_HZ) as usize;
    let mut last = 0.0;
    for (k, x) in noise(sound.len() - start, 0.5).into_iter().enumerate() {
        // The difference of noise is bright, as a cymbal is.
        sound[start + k] = (x - last) * (-0.8 * k as f64 / RATE_HZ).exp() as f32;
        last = x;
    }
    for (k, sample) in sound[(1.2 * RATE_HZ) as usize..].iter_mut().enumerate() {
        let t = k as f64 / RATE_HZ;
        *sample += 0.05 * ((-25.0 * t).exp() * (TAU * 120.0 * t).sin()) as f32;
    }
    check_onsets(&onsets(&hear_new(RATE_HZ, &sound, Kind::Untuned)), &[0.5, 1.2], "cymbal and drum");
}

#[test]
fn the_same_hits_20_db_softer_are_the_same_onsets_softer() {
    let times_s = [0.5, 0.56, 1.0, 1.3, 1.36, 2.0];
    let loud = strokes(&times_s, 3.0);
    let soft: Vec<f32> = loud.iter().map(|x| 0.1 * x).collect();
    let (loud, soft) =
        (onsets(&hear_new(RATE_HZ, &loud, Kind::Untuned)), onsets(&hear_new(RATE_HZ, &soft, Kind::Untuned)));
    check_onsets(&loud, &times_s, "loud");
    check_onsets(&soft, &times_s, "soft");
    assert!(loud.iter().zip(&soft).all(|(loud, soft)| loud.velocity > soft.velocity + 30));
    assert!(loud.iter().all(|onset| onset.available - onset.time <= (0.005 * RATE_HZ) as u64));
}

/// What is no beginning, 6 s each: DC and its edges, mains hum, hiss, a hand on the stand, breath, and a held tone that
/// is clipped.
fn rooms() -> Vec<(&'static str, Vec<f32>)> {
    let hum = |hz: f64| tone(RATE_HZ, 6.0, 4, move |_| hz).iter().map(|x| 0.03 * x).collect::<Vec<_>>();
    let mut thumps = silence(6.0);
    for at in [96_000, 168_000] {
        // A hand on the stand: soft skin on a heavy thing.
        for (k, sample) in thumps[at..at + 9_600].iter_mut().enumerate() {
            let t = k as f64 / RATE_HZ;
            *sample = (0.3 * (TAU * 2.5 * t).sin().powi(4) * (TAU * 12.0 * t).sin()) as f32;
        }
    }
    let (mut edges, mut ramps, mut bumps) = (silence(6.0), silence(6.0), silence(6.0));
    for (n, at) in [96_000, 150_017, 210_040].into_iter().enumerate() {
        let sign = if n % 2 == 0 { 0.2 } else { -0.2 };
        for (k, (edge, ramp)) in edges[at..].iter_mut().zip(&mut ramps[at..]).enumerate() {
            *edge += sign;
            *ramp += sign * (k as f32 / 480.0).min(1.0);
        }
        for (k, sample) in bumps[at..at + 24_000].iter_mut().enumerate() {
            let t = k as f64 / RATE_HZ;
            let hz = 20.0 + 8.0 * n as f64;
            *sample = (0.3 * (1.0 - (-t / 0.008).exp()) * (-t / 0.06).exp() * (TAU * hz * t).sin()) as f32;
        }
    }
    let clipped = tone(RATE_HZ, 6.0, 8, |_| 220.0).into_iter().enumerate().map(|(k, x)| {
        let swell = 1.0 + 0.5 * (TAU * 0.7 * k as f64 / RATE_HZ).sin();
        (4.0 * swell as f32 * x).clamp(-0.8, 0.8)
    });
    let breath = noise(288_000, 0.02).into_iter().enumerate().map(|(k, x)| {
        let swell = (TAU * k as f64 / RATE_HZ / 3.0).sin().max(0.0).powi(2);
        x * swell as f32
    });
    vec![
        ("50 Hz", hum(50.0)),
        ("60 Hz", hum(60.0)),
        ("hiss", noise(288_000, 0.01)),
        ("DC", vec![0.3; 288_000]),
        ("thumps", thumps),
        ("edges of DC", edges),
        ("ramps of DC", ramps),
        ("bumps", bumps),
        ("clipping", clipped.collect()),
        ("breath", breath.collect()),
    ]
}

#[test]
fn nothing_begins_in_a_room_where_nobody_plays() {
    for (what, sound) in rooms() {
        for kind in [Kind::Auto, Kind::Voice, Kind::Tuned, Kind::Untuned] {
            let heard = hear_new(RATE_HZ, &sound, kind);
            // Where noise sets in, something does begin.
            let late = if what == "DC" { &heard[..] } else { &heard[heard.len() / 6..] };
            let notes: Vec<_> = late.iter().flat_map(|heard| heard.notes.iter()).collect();
            let onsets = onsets(late);
            assert!(onsets.is_empty() && notes.is_empty(), "{what} as {kind:?}: {onsets:?} {notes:?}");
        }
    }
}

#[test]
fn each_db_of_sensitivity_hears_hits_a_db_softer() {
    let times_s = [0.5, 1.0, 1.5, 2.0];
    let heard = |loudness_db: f32, sensitivity: f32| {
        let gain = 10.0_f32.powf(0.05 * loudness_db);
        let sound: Vec<f32> = strokes(&times_s, 2.5).iter().map(|x| gain * x).collect();
        onsets(&hear_sensitive(RATE_HZ, &sound, Kind::Untuned, sensitivity)).len()
    };
    // A stroke's loudest hop lies 11 dB under full scale, the gate at -55 dBFS.
    for sensitivity in [-12.0, 0.0, 12.0] {
        assert_eq!(heard(-30.0 - sensitivity, sensitivity), 4, "well over the gate at {sensitivity} dB");
        assert_eq!(heard(-52.0 - sensitivity, sensitivity), 0, "under the gate at {sensitivity} dB");
    }
}

#[test]
fn drum_then_voice_then_drum_each_known_within_two_seconds() {
    let mut sound = strokes(&(0..20).map(|k| 0.2 + 0.25 * f64::from(k)).collect::<Vec<_>>(), 5.5);
    let sung = sound.len();
    for k in 0..12 {
        let mut note = tone(RATE_HZ, 0.4, 10, |_| 220.0 * 2.0_f64.powf(f64::from(k % 5) / 6.0));
        let ramp = note.len().min(2_400);
        (0..ramp).for_each(|k| note[k] *= k as f32 / ramp as f32);
        sound.extend(note);
        sound.extend(silence(0.05));
    }
    let drummed = sound.len();
    sound.extend(strokes(&(0..20).map(|k| 0.2 + 0.25 * f64::from(k)).collect::<Vec<_>>(), 5.5));
    for onset in onsets(&hear_new(RATE_HZ, &sound, Kind::Auto)) {
        let since = |from: usize| (onset.time as f64 - from as f64) / RATE_HZ;
        let known = since(sung) < 0.0 || (2.0..5.4).contains(&since(sung)) || since(drummed) > 2.0;
        let drum = since(sung) < 0.0 || since(drummed) >= -0.01;
        let right = (onset.kind == OnsetKind::Percussive) == drum;
        assert!(!known || right, "{onset:?} {:.2} s", since(0));
    }
}
