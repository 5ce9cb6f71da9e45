//! What a drawing promises.

use super::look::NOTE;
use super::*;
use crate::source::Source;
use antiphon_engine::settings::Settings;
use midly::num::{u4, u7, u15, u28};
use midly::{Format, Header, MidiMessage, Smf, Timing, TrackEvent, TrackEventKind};

/// A client at a keyboard: three keys, half a second each, as a file in `dir`.
fn three_keys(dir: &Path) -> Hearing {
    let note = |delta, key, velocity| TrackEvent {
        delta: u28::from(delta),
        kind: TrackEventKind::Midi {
            channel: u4::from(0),
            message: MidiMessage::NoteOn { key: u7::from(key), vel: u7::from(velocity) },
        },
    };
    let mut smf = Smf::new(Header::new(Format::SingleTrack, Timing::Metrical(u15::from(480))));
    smf.tracks.push([60, 64, 67].into_iter().flat_map(|key| [note(0, key, 80), note(480, key, 0)]).collect());
    let path = dir.join("three.mid");
    smf.save(&path).unwrap();
    Hearing::of(&mut Source::open(&path).unwrap(), &Settings::default(), &mut |_| {}).unwrap()
}

/// A second of A3 with its overtones between two of silence, and a hundred seconds of silence if it is `long`.
fn one_tone(long: bool) -> Hearing {
    let rate_hz = 16_000.0;
    let seconds = if long { 103.0 } else { 3.0 };
    let samples: Vec<f32> = (0..(seconds * rate_hz) as usize)
        .map(|index| {
            let at = index as f64 / rate_hz;
            let wave: f64 = (1..6).map(f64::from).map(|n| (std::f64::consts::TAU * 220.0 * n * at).sin() / n).sum();
            if (1.0..2.0).contains(&at) { (0.2 * wave) as f32 } else { 0.0 }
        })
        .collect();
    Hearing::of_samples(&samples, rate_hz, &Settings::default())
}

/// The drawing's text, how often a box of the colour of heard notes is in it after the legend's, and all its words.
fn read(svg: &str) -> (usize, Vec<String>) {
    let document = roxmltree::Document::parse(svg).expect("the drawing is well-formed");
    let color = format!("#{:02X}{:02X}{:02X}", NOTE.0, NOTE.1, NOTE.2);
    let boxes = document.descendants().filter(|node| node.attribute("fill") == Some(&color)).count();
    let words = document
        .descendants()
        .filter(|node| node.is_text())
        .filter_map(|node| node.text())
        .map(|text| text.trim().to_owned());
    (boxes - 1, words.filter(|text| !text.is_empty()).collect())
}

#[test]
fn every_note_of_a_client_at_a_keyboard_is_a_box() {
    let dir = tempfile::tempdir().unwrap();
    let (boxes, words) = read(&draw(&three_keys(dir.path()), None, "Three <keys> & \"more\"").unwrap());
    assert_eq!(boxes, 3);
    assert_eq!(words[0], "Three <keys> & \"more\"");
    assert!(["C4", "E4", "G4", "1.0 s"].iter().all(|name| words.iter().any(|word| word == name)), "{words:?}");
    assert!(!words.iter().any(|word| word.contains("dBFS")), "without a sound there is no level");
}

#[test]
fn a_tone_is_drawn_with_its_truth_and_how_far_they_agree() {
    let hearing = one_tone(false);
    let truth = Truth::Pitch(
        (0..300).map(|i| (f64::from(i) / 100.0, if (100..200).contains(&i) { 220.0 } else { 0.0 })).collect(),
    );
    let agreement = truth.agreement(&hearing);
    let share: f64 = agreement.split(' ').next().unwrap().parse().unwrap();
    assert!(share > 95.0 && agreement.ends_with("% of the true pitch within 50 cents"), "{agreement}");
    let (boxes, words) = read(&draw(&hearing, Some(&truth), "A3").unwrap());
    assert_eq!(boxes, 1);
    for name in ["A3", "heard pitch", "true pitch", "heard note", "onset of a note", "voiced", "level, dBFS"] {
        assert!(words.iter().any(|word| word == name), "{name}: {words:?}");
    }
    let notes = Truth::Notes(vec![(1.0, 2.0, 57.0), (2.5, 2.8, 60.0)]);
    let right = "1 of 2 true notes with key and onset right within 50 ms, 0 heard that are not there";
    assert_eq!(notes.agreement(&hearing), right);
    assert!(Truth::Onsets(vec![1.0]).agreement(&hearing).starts_with("1 of 1 true onsets within 50 ms"));
}

#[test]
fn a_long_recording_wraps_into_rows() {
    let words = read(&draw(&one_tone(true), None, "long").unwrap()).1;
    assert_eq!(words.iter().filter(|word| *word == "A3").count(), 5, "{words:?}");
    assert!(words.iter().any(|word| word == "103 s"));
}

#[test]
fn nothing_heard_is_drawn_as_nothing() {
    for length in [0, 1, 100_000] {
        let hearing = Hearing::of_samples(&vec![0.0; length], 48_000.0, &Settings::default());
        let svg = draw(&hearing, Some(&Truth::Onsets(vec![0.5])), "silence").unwrap();
        assert!(roxmltree::Document::parse(&svg).is_ok());
    }
}

/// The client plays a tune twice in D major, over a host's beat of 120 a minute, with a rest after each.
fn a_tune_twice(dir: &Path) -> Hearing {
    let tune = [62_u8, 66, 69, 66, 67, 64, 61, 62];
    let mut smf = Smf::new(Header::new(Format::SingleTrack, Timing::Metrical(u15::from(480))));
    let mut track = Vec::new();
    for _ in 0..2 {
        for (index, key) in tune.into_iter().enumerate() {
            let rest = if index == 0 && !track.is_empty() { 1_920 } else { 0 };
            for (delta, velocity) in [(rest, 80), (240, 0)] {
                let message = MidiMessage::NoteOn { key: u7::from(key), vel: u7::from(velocity) };
                track.push(TrackEvent {
                    delta: u28::from(delta),
                    kind: TrackEventKind::Midi { channel: u4::from(0), message },
                });
            }
        }
    }
    smf.tracks.push(track);
    let path = dir.join("tune.mid");
    smf.save(&path).unwrap();
    let settings = Settings { pulse: antiphon_engine::settings::Pulse::Host, ..Settings::default() };
    Hearing::of(&mut Source::open(&path).unwrap(), &settings, &mut |_| {}).unwrap()
}

#[test]
fn phrases_key_and_beats_stand_under_the_pitch() {
    let dir = tempfile::tempdir().unwrap();
    let hearing = a_tune_twice(dir.path());
    let beats: Vec<f64> = hearing.understood.beats.iter().map(|beat| hearing.clock.seconds(beat.time)).collect();
    assert!(beats.len() >= 8 && beats.windows(2).all(|pair| (pair[1] - pair[0] - 0.5).abs() < 1e-3), "{beats:?}");
    let words = read(&draw(&hearing, None, "tune").unwrap()).1;
    for word in ["phrase", "key", "chord", "beat", "1", "D:maj"] {
        assert!(words.iter().any(|said| said == word), "{word}: {words:?}");
    }
    assert!(words.iter().any(|said| said.starts_with("2 like 1")), "{words:?}");
}
