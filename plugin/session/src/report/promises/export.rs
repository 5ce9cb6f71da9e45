//! What a host exported gives the figures of the session itself.

use super::*;
use crate::cues::{Change, Cue};
use crate::render::{Plan, render};
use crate::report::read::{Request, read};
use crate::source::Source;
use antiphon_engine::intend::intent::{Act, State};
use antiphon_engine::key::KeyChoice;
use antiphon_engine::settings::Settings;
use std::path::PathBuf;

/// A client's melody of steady tones with rests between phrases, as sound.
fn sing(path: &Path, rate_hz: u32, seconds: u32, from_s: f64) {
    let spec = hound::WavSpec {
        channels: 1,
        sample_rate: rate_hz,
        bits_per_sample: 16,
        sample_format: hound::SampleFormat::Int,
    };
    let mut writer = hound::WavWriter::create(path, spec).unwrap();
    for frame in 0..seconds * rate_hz {
        let at_s = f64::from(frame) / f64::from(rate_hz) + from_s;
        let (tone, within) = ((at_s / 0.6) as usize, at_s % 0.6);
        let hz = [220.0, 246.94, 261.63, 293.66, 261.63, 0.0, 329.63, 293.66, 261.63, 246.94, 220.0, 0.0][tone % 12];
        let loudness = (within / 0.03).min((0.5 - within) / 0.03).clamp(0.0, 1.0);
        let wave: f64 = (1..6).map(|k| (at_s * hz * f64::from(k) * std::f64::consts::TAU).sin() / f64::from(k)).sum();
        writer.write_sample((wave * loudness * 6_000.0) as i16).unwrap();
    }
    writer.finalize().unwrap();
}

/// The session that Antiphon itself wrote.
fn rendered(dir: &Path) -> PathBuf {
    let input = dir.join("song.wav");
    sing(&input, 48_000, 30, 0.0);
    let act = |time_s, act| Cue { time_s, change: Change::Act(act) };
    let settings = Settings { key: KeyChoice::parse("A:min").unwrap(), ..Settings::default() };
    let cues = vec![act(0.5, Act::Go(State::Holding)), act(20.0, Act::Cadence)];
    let plan = Plan { settings, cues, ..Plan::default() };
    render(&mut Source::open(&input).unwrap(), &plan, dir, None, &mut |_| {}).unwrap();
    dir.join("session.mid")
}

fn of(request: &Request) -> Session {
    read(request, &mut |_| {}).unwrap()
}

fn request(client: &Path, accompaniment: Option<&Path>) -> Request {
    Request { client: client.to_owned(), accompaniment: accompaniment.map(Path::to_owned), ..Request::default() }
}

/// Figures that must agree, and by how much.
const AGREE: [(&str, f64); 7] = [
    ("density", 0.1),
    ("sounding", 0.06),
    ("longest_rest_s", 0.3),
    ("mean_key", 0.3),
    ("velocity", 4.0),
    ("key_clarity", 0.05),
    ("mode", 0.08),
];
const AGREE_BOTH: [(&str, f64); 5] =
    [("joint_share", 0.15), ("asynchrony_s", 0.02), ("overlap", 0.06), ("floor", 0.06), ("roughness", 0.2)];

#[track_caller]
fn check_agree(own: &Report, exported: &Report) {
    for (name, tolerance) in AGREE {
        check_near(name, client(&exported.whole, name), client(&own.whole, name), tolerance);
        check_near(name, accompaniment(&exported.whole, name), accompaniment(&own.whole, name), tolerance);
    }
    for (name, tolerance) in AGREE_BOTH {
        check_near(name, both(&exported.whole, name), both(&own.whole, name), tolerance);
    }
}

#[test]
fn another_rate_offset_tempo_and_type_of_export_give_the_figures_of_the_session_itself() {
    let dir = tempfile::tempdir().unwrap();
    let own = of(&request(&rendered(dir.path()), None));
    assert!(own.client.count() > 20 && own.accompaniment.count() > 5 && !own.arc().is_empty());
    // The host began to record the client at another rate, and its MIDI track begins 2.5 s before.
    let (audio, midi) = (dir.path().join("client.wav"), dir.path().join("accompaniment.mid"));
    sing(&audio, 44_100, 30, 0.0);
    let moved = |part: &Part| -> Vec<Note> {
        part.notes.iter().map(|one| note(one.on_s + 2.5, one.off_s - one.on_s, one.key, one.velocity)).collect()
    };
    let lane = Lane { channel: 3, notes: moved(&own.accompaniment), ..Lane::default() };
    write_midi(&midi, Format::SingleTrack, 87.0, &[lane]);
    let exported = of(&Request { offset_s: Some(-2.5), ..request(&audio, Some(&midi)) });
    assert!(exported.assumptions[0].contains("-2.500 s") && exported.assumptions[0].contains("as you said"));
    check_near("length", exported.length_s, own.length_s, 1.0);
    let own = Report::of(own);
    check_agree(&own, &Report::of(exported));

    // A marker where the recording begins, or the client's own notes beside the accompaniment's, tell the offset.
    let lane = Lane { markers: vec![(2.5, "client")], notes: moved(&own.session.accompaniment), ..Lane::default() };
    write_midi(&midi, Format::Parallel, 120.0, &[lane]);
    let by_marker = of(&request(&audio, Some(&midi)));
    assert!(by_marker.assumptions[0].contains("marker"), "{:?}", by_marker.assumptions);
    check_agree(&own, &Report::of(by_marker));
    let hers = Lane { name: "client", channel: 14, notes: moved(&own.session.client), ..Lane::default() };
    let ours = Lane { name: "harmony", notes: moved(&own.session.accompaniment), ..Lane::default() };
    write_midi(&midi, Format::Parallel, 120.0, &[hers, ours]);
    let by_notes = of(&request(&audio, Some(&midi)));
    assert!(by_notes.assumptions[0].contains("notes are in both files"), "{:?}", by_notes.assumptions);
    check_near("length", by_notes.length_s, own.session.length_s, 1.0);
    check_agree(&own, &Report::of(by_notes));
}

#[test]
fn nothing_known_of_the_offset_is_said() {
    let dir = tempfile::tempdir().unwrap();
    let (hers, ours) = (dir.path().join("client.mid"), dir.path().join("ours.mid"));
    let notes = |from_s: f64| (0..8).map(|n| note(from_s + f64::from(n), 0.5, 60, 80)).collect();
    write_midi(&hers, Format::SingleTrack, 120.0, &[Lane { notes: notes(0.0), ..Lane::default() }]);
    write_midi(&ours, Format::Parallel, 90.0, &[Lane { notes: notes(20.0), ..Lane::default() }]);
    let read = of(&request(&hers, Some(&ours)));
    assert!(read.assumptions[0].contains("taken to begin at the same instant"), "{:?}", read.assumptions);
    assert!(read.assumptions[1].contains("differ in length") && read.assumptions[1].contains("20 s"));
    check_near("length", read.length_s, 27.5, 1e-3);
}

#[test]
fn type_0_and_type_1_are_read_alike_and_drums_have_no_pitch() {
    let dir = tempfile::tempdir().unwrap();
    let notes: Vec<Note> = (0..10).map(|n| note(f64::from(n), 0.5, 60 + wander(n), 80)).collect();
    let drums: Vec<Note> = (0..10).map(|n| note(f64::from(n) + 0.5, 0.1, 38, 100)).collect();
    let lanes = [Lane { notes, ..Lane::default() }, Lane { channel: 9, notes: drums, ..Lane::default() }];
    let read = [Format::SingleTrack, Format::Parallel].map(|format| {
        let path = dir.path().join("ours.mid");
        write_midi(&path, format, 100.0, &lanes);
        of(&request(&path, Some(&path))).accompaniment
    });
    assert_eq!(read[0], read[1]);
    assert_eq!((read[0].notes.len(), read[0].strokes.len()), (10, 10));
    let report = Report::of(Session { length_s: 10.0, accompaniment: read[0].clone(), ..Session::default() });
    check_near("density", accompaniment(&report.whole, "density"), 2.0, 1e-9);
    assert!(accompaniment(&report.whole, "low_key") >= 60.0);
}
