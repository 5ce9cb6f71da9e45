//! What the ears promise as a whole.

use super::heard::{Cause, Heard, HeardNote, KeyMessage, NoteChange, OnsetKind};
use super::{Listen, scrub};
use crate::settings::{Listen as Kind, Settings};
use crate::time::Clock;
use std::f64::consts::TAU;

/// Hears `samples` as `kind`, hop by hop.
fn hear(ears: &mut Listen, clock: Clock, samples: &[f32], kind: Kind) -> Vec<Heard> {
    let settings = Settings { listen: kind, ..Settings::default() };
    samples.chunks_exact(clock.hop()).map(|hop| ears.process(hop, &[], &[], &settings).clone()).collect()
}

pub(super) fn hear_new(rate_hz: f64, samples: &[f32], kind: Kind) -> Vec<Heard> {
    let clock = Clock::new(rate_hz);
    hear(&mut Listen::new(clock), clock, samples, kind)
}

/// The same with the ears made more sensitive by so many dB.
pub(super) fn hear_sensitive(rate_hz: f64, samples: &[f32], kind: Kind, sensitivity: f32) -> Vec<Heard> {
    let (clock, settings) = (Clock::new(rate_hz), Settings { listen: kind, sensitivity, ..Settings::default() });
    let mut ears = Listen::new(clock);
    samples.chunks_exact(clock.hop()).map(|hop| ears.process(hop, &[], &[], &settings).clone()).collect()
}

/// A tone with `partials` that fall off as 1/n; `hz` is a function of seconds.
pub(super) fn tone(rate_hz: f64, seconds: f64, partials: usize, hz: impl Fn(f64) -> f64) -> Vec<f32> {
    let mut phase = 0.0;
    (0..(seconds * rate_hz) as usize)
        .map(|k| {
            let hz = hz(k as f64 / rate_hz);
            phase += hz / rate_hz;
            let audible = (1..=partials).filter(|&n| n as f64 * hz < 0.45 * rate_hz);
            (audible.map(|n| (TAU * phase * n as f64).sin() / n as f64).sum::<f64>() * 0.2) as f32
        })
        .collect()
}

/// Reproducible noise, -amplitude to amplitude.
pub(super) fn noise(samples: usize, amplitude: f32) -> Vec<f32> {
    let mut state = 0x9E37_79B9_7F4A_7C15_u64;
    let mut next = || {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 40) as f32 / (1 << 23) as f32 - 1.0
    };
    (0..samples).map(|_| next() * amplitude).collect()
}

fn cents(heard_hz: f32, true_hz: f64) -> f64 {
    1200.0 * (f64::from(heard_hz) / true_hz).log2()
}

fn final_notes(heard: &[Heard]) -> Vec<HeardNote> {
    let changes = heard.iter().flat_map(|heard| heard.notes.iter());
    changes.filter_map(|change| if let NoteChange::Ended(note) = change { Some(*note) } else { None }).collect()
}

fn check_tone(rate_hz: f64, hz: f64, partials: usize, within_cents: f64) {
    let heard = hear_new(rate_hz, &tone(rate_hz, 0.5, partials, |_| hz), Kind::Voice);
    for reading in &heard[heard.len() / 3..] {
        let off = cents(reading.pitch.f0_hz, hz);
        assert!(off.abs() <= within_cents, "{hz} Hz at {rate_hz} Hz, {partials} partials: {off} cents off");
        assert!(reading.pitch.voicing >= 0.5, "{hz} Hz at {rate_hz} Hz is unvoiced");
    }
}

#[test]
fn pure_and_rich_tones_are_heard_within_5_cents() {
    for hz in [60.0, 82.4, 110.0, 196.0, 261.6, 440.0, 659.3, 987.8, 1318.5, 1760.0, 2000.0] {
        for rate_hz in [44_100.0, 48_000.0, 96_000.0] {
            check_tone(rate_hz, hz, 1, 5.0);
            check_tone(rate_hz, hz, 12, 5.0);
        }
    }
}

#[test]
fn a_tone_is_heard_at_every_rate() {
    check_tone(1_000.0, 110.0, 1, 25.0);
    for rate_hz in [8_000.0, 11_025.0, 16_000.0, 22_050.0, 32_000.0, 44_099.7, 192_000.0, 768_000.0] {
        check_tone(rate_hz, 110.0, 1, 10.0);
    }
    for rate_hz in [8_000.0, 16_000.0, 192_000.0] {
        check_tone(rate_hz, 440.0, 8, 10.0);
        check_tone(rate_hz, 880.0, 3, 10.0);
    }
}

#[test]
fn silence_is_unvoiced_and_nothing_begins_in_it() {
    for reading in hear_new(48_000.0, &vec![0.0; 96_000], Kind::Voice) {
        assert!(reading.pitch.voicing < 0.5 && reading.onsets.is_empty() && reading.notes.is_empty());
        assert!(!reading.sounding && reading.level_db <= -119.0);
    }
}

#[test]
fn dc_and_rumble_are_not_heard() {
    let rumble = tone(48_000.0, 1.0, 1, |_| 15.0).iter().map(|x| 0.5 + 0.05 * x).collect::<Vec<_>>();
    let heard = hear_new(48_000.0, &rumble, Kind::Voice);
    for reading in &heard[heard.len() / 4..] {
        assert!(reading.pitch.voicing < 0.5, "{:?} {}", reading.pitch, reading.level_db);
    }
}

#[test]
fn a_second_after_full_scale_garbage_tracking_is_as_if_nothing_happened() {
    let rate_hz = 48_000.0;
    let garbage = noise(48_000, 1.0).into_iter().enumerate().map(|(k, x)| {
        scrub(match k % 5 {
            0 => f32::NAN,
            1 => f32::INFINITY,
            2 => 1e30 * x,
            3 => f32::MIN_POSITIVE * 0.5,
            _ => x,
        })
    });
    let mut after: Vec<f32> = garbage.collect();
    let melody = tone(rate_hz, 1.5, 6, |_| 220.0);
    after.extend(vec![0.0; 48_000]);
    let start = after.len() / Clock::new(rate_hz).hop();
    after.extend(&melody);
    let heard = &hear_new(rate_hz, &after, Kind::Voice)[start..];
    let clean = hear_new(rate_hz, &melody, Kind::Voice);
    for (heard, clean) in heard.iter().zip(&clean).skip(40) {
        assert!(cents(heard.pitch.f0_hz, f64::from(clean.pitch.f0_hz)).abs() < 0.1);
        assert_eq!(heard.pitch.voicing >= 0.5, clean.pitch.voicing >= 0.5);
    }
}

#[test]
fn reset_equals_new() {
    let clock = Clock::new(44_100.0);
    let sound: Vec<f32> = tone(44_100.0, 0.7, 5, |t| 200.0 + 100.0 * t).into_iter().chain(noise(9_000, 0.3)).collect();
    for kind in [Kind::Auto, Kind::Voice, Kind::Tuned, Kind::Untuned] {
        let mut ears = Listen::new(clock);
        let first = hear(&mut ears, clock, &sound, kind);
        ears.reset();
        assert_eq!(first, hear(&mut ears, clock, &sound, kind));
    }
}

#[test]
fn a_melody_becomes_its_notes_in_time_and_in_tune() {
    let keys = [60, 62, 64, 67, 65, 60];
    let mut sound = vec![0.0; 22_050];
    for key in keys {
        sound.extend(tone(44_100.0, 0.35, 8, |_| 440.0 * 2.0_f64.powf(f64::from(key - 69) / 12.0)));
        sound.extend(vec![0.0; 4_410]);
    }
    sound.extend(vec![0.0; 22_050]);
    for kind in [Kind::Voice, Kind::Tuned, Kind::Auto] {
        let notes = final_notes(&hear_new(44_100.0, &sound, kind));
        assert_eq!(notes.iter().map(|note| i32::from(note.key)).collect::<Vec<_>>(), keys);
        for (k, note) in notes.iter().enumerate() {
            let onset = 22_050 + k as i64 * (15_435 + 4_410);
            assert!((note.onset as i64 - onset).abs() < 44 * 12, "note {k} at {} for {onset}", note.onset);
            assert!((note.offset.unwrap_or(0) as i64 - onset - 15_435).abs() < 44 * 40);
            assert!(note.cents.abs() < 5.0 && note.available >= note.onset);
        }
    }
}

#[test]
fn vibrato_is_one_note_and_one_onset() {
    for (hz, semitones) in [(4.0, 1.0), (5.5, 0.7), (5.5, 1.5), (7.0, 1.2), (8.0, 1.5)] {
        let depth = |t: f64| semitones * ((t - 0.15) / 0.25).clamp(0.0, 1.0);
        let vibrato = |t: f64| 330.0 * 2.0_f64.powf(depth(t) / 12.0 * (TAU * hz * t).sin());
        let mut sound = tone(44_100.0, 2.0, 8, vibrato);
        sound.extend(vec![0.0; 22_050]);
        let heard = hear_new(44_100.0, &sound, Kind::Voice);
        let onsets = heard.iter().map(|heard| heard.onsets.len()).sum::<usize>();
        assert_eq!(final_notes(&heard).len(), 1, "{hz} Hz, {semitones} semitones");
        assert!(onsets <= 2, "{hz} Hz, {semitones} semitones: {onsets} onsets");
    }
}

#[test]
fn a_pitch_sung_again_is_another_note_and_a_tremolo_is_not() {
    let rate_hz = 44_100.0;
    let with_level = |level_db: &dyn Fn(f64) -> f64| {
        let sound = tone(rate_hz, 2.0, 8, |_| 220.0);
        let gain = |k: usize| 10.0_f64.powf(level_db(k as f64 / rate_hz) / 20.0) as f32;
        let mut sound: Vec<f32> = sound.iter().enumerate().map(|(k, x)| gain(k) * x).collect();
        sound.extend(vec![0.0; 22_050]);
        hear_new(rate_hz, &sound, Kind::Voice)
    };
    let again = with_level(&|t| -8.0 * (-((t % 0.4 - 0.37) / 0.04).powi(4)).exp());
    assert_eq!(final_notes(&again).iter().map(|note| note.key).collect::<Vec<_>>(), [57; 5]);
    let causes: Vec<_> = again.iter().flat_map(|heard| heard.onsets.iter().map(|onset| onset.cause)).collect();
    assert!(causes.contains(&Cause::Again), "{causes:?}");
    assert_eq!(final_notes(&with_level(&|t| 2.5 * (TAU * 5.5 * t).sin())).len(), 1);
}

#[test]
fn strings_plucked_again_while_they_ring_are_notes_of_their_own() {
    let rate_hz = 48_000.0;
    let mut sound = vec![0.0_f32; 192_000];
    for start in (9_600..120_000).step_by(14_400) {
        let mut pluck = tone(rate_hz, 0.8, 12, |_| 220.0);
        pluck.iter_mut().enumerate().for_each(|(k, x)| *x *= (-5.0 * k as f64 / rate_hz).exp() as f32);
        sound[start..].iter_mut().enumerate().for_each(|(k, x)| *x *= (-50.0 * k as f64 / rate_hz).exp() as f32);
        sound[start..].iter_mut().zip(pluck).for_each(|(x, more)| *x += more);
    }
    assert_eq!(final_notes(&hear_new(rate_hz, &sound, Kind::Tuned)).len(), 8);
}

#[test]
fn each_note_that_began_ends_or_is_withdrawn_once() {
    let mut sound = noise(66_150, 0.2);
    for k in 0..12 {
        let hz = 150.0 * 1.13_f64.powi(k);
        sound.extend(tone(44_100.0, 0.03 * f64::from(k % 5 + 1), 6, |_| hz));
        sound.extend(noise(1_000 * (k as usize % 3), 0.1));
    }
    sound.extend(vec![0.0; 22_050]);
    for kind in [Kind::Auto, Kind::Voice, Kind::Tuned] {
        let mut open = Vec::new();
        let mut closed = 0;
        for change in hear_new(44_100.0, &sound, kind).iter().flat_map(|heard| &heard.notes) {
            match change {
                NoteChange::Began(note) => open.push(note.id),
                NoteChange::Revised(note) => assert!(open.contains(&note.id)),
                NoteChange::Ended(note) | NoteChange::Withdrawn(note) => {
                    assert!(note.offset > Some(note.onset));
                    open.retain(|&id| id != note.id);
                    closed += 1;
                }
            }
        }
        assert!(open.is_empty() && (closed > 1 || kind == Kind::Auto), "{kind:?}: {open:?} stay open, {closed} closed");
    }
}

#[test]
fn hits_are_onsets_of_their_own_loudness_and_no_notes() {
    let mut sound = vec![0.0; 24_000];
    let hits = [(0.5, 0.9), (0.56, 0.5), (1.0, 0.1), (1.4, 0.9)];
    sound.resize(96_000, 0.0);
    for (time, loudness) in hits {
        let start = (time * 48_000.0) as usize;
        for (k, x) in noise(4_000, loudness).into_iter().enumerate() {
            sound[start + k] += x * (-(k as f32) / 500.0).exp();
        }
    }
    let heard = hear_new(48_000.0, &sound, Kind::Untuned);
    let onsets: Vec<_> = heard.iter().flat_map(|heard| heard.onsets.iter().copied()).collect();
    assert_eq!(onsets.len(), hits.len());
    for (onset, (time, _)) in onsets.iter().zip(hits) {
        let off_ms = (onset.time as f64 / 48.0) - time * 1e3;
        assert!(off_ms.abs() < 5.0 && onset.available as f64 / 48.0 < time * 1e3 + 6.0, "{off_ms} ms");
        assert_eq!(onset.kind, OnsetKind::Percussive);
    }
    assert!(onsets[2].velocity + 20 < onsets[0].velocity);
    assert!(heard.iter().all(|heard| heard.notes.is_empty()));
}

#[test]
fn left_to_itself_it_finds_out_what_is_a_drum_and_what_a_voice() {
    let mut drum = vec![0.0; 144_000];
    for start in (10_000..140_000).step_by(12_000) {
        for (k, x) in noise(6_000, 0.8).into_iter().enumerate() {
            drum[start + k] += x * (-(k as f32) / 800.0).exp();
        }
    }
    let kinds =
        |heard: &[Heard]| heard.iter().flat_map(|heard| heard.onsets.iter()).map(|o| o.kind).collect::<Vec<_>>();
    let hits = kinds(&hear_new(48_000.0, &drum, Kind::Auto));
    assert!(hits.len() >= 9 && hits[2..].iter().all(|&kind| kind == OnsetKind::Percussive), "{hits:?}");
    let sung = tone(48_000.0, 3.0, 10, |t| if t % 0.8 < 0.4 { 220.0 } else { 262.0 });
    // What begins abruptly, and first of all, may be told as a hit before it is known.
    let notes = kinds(&hear_new(48_000.0, &sung, Kind::Auto));
    assert!(notes.len() >= 7 && notes[1..].iter().all(|&kind| kind == OnsetKind::Note), "{notes:?}");
}

#[test]
fn the_clients_midi_is_heard_to_the_sample() {
    let clock = Clock::new(48_000.0);
    let mut ears = Listen::new(clock);
    let settings = Settings::default();
    let at = |offset, key, velocity| KeyMessage { offset, key, velocity, ..KeyMessage::default() };
    let mut told = Vec::new();
    for midi in [vec![at(3, 60, 90), at(10, 64, 80)], vec![at(5, 60, 70)], vec![], vec![at(63, 60, 0), at(63, 64, 0)]] {
        let heard = ears.process(&vec![0.0; clock.hop()], &midi, &[], &settings);
        told.extend(heard.notes.iter().copied());
        assert_eq!(heard.sounding, midi.len() != 2 || midi[0].velocity > 0);
        assert_eq!(heard.onsets.len(), midi.iter().filter(|message| message.velocity > 0).count());
    }
    let ended: Vec<_> = told
        .iter()
        .filter_map(|change| if let NoteChange::Ended(note) = change { Some(note) } else { None })
        .map(|note| (note.id, note.onset, note.offset, note.key, note.velocity))
        .collect();
    let (first, again, other) = ((1, 3, Some(69), 60, 90), (3, 69, Some(255), 60, 70), (2, 10, Some(255), 64, 80));
    assert_eq!(ended, [first, again, other]);
    assert_eq!(told.iter().filter(|change| matches!(change, NoteChange::Began(_))).count(), 3);
}

#[test]
fn a_flood_of_midi_is_told_hop_by_hop_and_all_that_began_ends() {
    let clock = Clock::new(48_000.0);
    let mut ears = Listen::new(clock);
    let (mut began, mut ended) = (0, 0);
    for hop in 0..400_u32 {
        let midi: Vec<_> = (0..128)
            .filter(|_| hop < 20)
            .map(|key| KeyMessage {
                offset: key / 2,
                key: key as u8,
                velocity: if hop % 2 == 0 { 100 } else { 0 },
                ..KeyMessage::default()
            })
            .collect();
        for change in &ears.process(&vec![0.0; clock.hop()], &midi, &[], &Settings::default()).notes {
            match change {
                NoteChange::Began(_) => began += 1,
                NoteChange::Ended(_) => ended += 1,
                _ => {}
            }
        }
    }
    assert!(began >= 128 && began == ended, "{began} began, {ended} ended");
}
