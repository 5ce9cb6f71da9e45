//! Recording is the therapist's own act, and changes nothing that a host can hear or see.

use crate::client::{TUNE_S, keyed, sung_stereo};
use crate::play::{Cut, alone, clap, inputs, through, vst3};
use antiphon::recorder::{Doing, Home, Recorder, newest};
use antiphon_session::journal::{Session, export};
use antiphon_tests::check;
use antiphon_tests::host::{Host, PlayedEvent, Setup};
use std::path::PathBuf;
use std::time::{Duration, Instant};
use tempfile::TempDir;

const RATE_HZ: f64 = 48_000.0;

const CUES: [(u64, &str, &str); 5] = [
    (48_001, "density", "0.9"),
    (120_007, "goal", "relationships"),
    (301_009, "key", "D:min"),
    (460_013, "rest", "on"),
    (600_011, "cadence", "on"),
];

fn until(recorder: &Recorder, done: impl Fn(Doing) -> bool) {
    let begun = Instant::now();
    while !done(recorder.status().doing) {
        assert!(begun.elapsed() < Duration::from_secs(20), "{:?}", recorder.status());
        std::thread::sleep(Duration::from_millis(2));
    }
}

/// The recorder of the instance that was made last, recording into a folder of its own.
fn recording() -> (Recorder, TempDir) {
    let dir = tempfile::tempdir().expect("a folder");
    let recorder = newest().expect("a plugin in this thread");
    recorder.move_to(Home { folder: dir.path().join("sessions"), choice: None });
    recorder.start();
    until(&recorder, |doing| matches!(doing, Doing::Recording { .. }));
    (recorder, dir)
}

fn stopped(recorder: &Recorder) -> PathBuf {
    recorder.stop();
    until(recorder, |doing| doing == Doing::Idle);
    let status = recorder.status();
    assert_eq!((&status.problem, status.lost), (&None, 0));
    status.session.clone().expect("a session")
}

/// Plays the tune through `host` in the thread's newest plugin, while it is recorded; gives what was played, and the
/// session.
fn recorded(mut host: Box<dyn Host>, cut: Cut) -> (Vec<PlayedEvent>, PathBuf, TempDir) {
    let (audio, keys) = (sung_stereo(RATE_HZ, TUNE_S), keyed(RATE_HZ, TUNE_S));
    let mut all = inputs(&mut *host, &CUES);
    all.extend_from_slice(&keys);
    all.sort_by_key(|(sample, _)| *sample);
    let (recorder, dir) = recording();
    host.activate(Setup { rate_hz: RATE_HZ, longest_block: cut.longest(), channels: 2 }).expect("it activates");
    // Every allocation in here ends the program.
    let played = through(&mut *host, &audio, cut, &all);
    check::sounding(&played).expect("the notes keep the rules");
    (played, stopped(&recorder), dir)
}

#[test]
fn events_and_sound_are_the_same_with_recording_on_and_off_and_nothing_is_allocated() {
    let (audio, keys) = (sung_stereo(RATE_HZ, TUNE_S), keyed(RATE_HZ, TUNE_S));
    for cut in [Cut::Even(64), Cut::Random(3000, 5)] {
        let expected = alone(Box::new(clap()), RATE_HZ, &audio, cut, &CUES, &keys);
        assert!(expected.iter().filter(|event| event.on).count() >= 4, "there was music");
        let hosts: [fn() -> Box<dyn Host>; 2] = [|| Box::new(clap()), || Box::new(vst3())];
        for host in hosts {
            let (played, _, _dir) = recorded(host(), cut);
            assert!(played == expected, "{cut:?}");
        }
    }
}

#[test]
fn what_is_exported_is_what_the_host_received_sample_for_sample() {
    let (played, session, dir) = recorded(Box::new(clap()), Cut::Even(256));
    let exported = dir.path().join("exported");
    let summary = export(&Session::open(&session).expect("a session"), &session, &exported).expect("an export");
    let bytes = std::fs::metadata(&session).expect("a file").len();
    println!("{TUNE_S} s of singing and keys take {bytes} bytes");
    let mut notes: Vec<_> =
        summary.recorded.played.iter().map(|note| (note.on, note.channel, note.key, note.velocity)).collect();
    let mut ons: Vec<_> = played.iter().filter(|e| e.on).map(|e| (e.sample, e.channel, e.key, e.velocity)).collect();
    notes.sort_unstable();
    ons.sort_unstable();
    assert_eq!(notes, ons);
    let mut offs: Vec<_> = summary.recorded.played.iter().map(|note| note.off).collect();
    offs.sort_unstable();
    let sent: Vec<_> = played.iter().filter(|e| !e.on).map(|e| e.sample).collect();
    assert_eq!(offs[..sent.len()], sent[..], "what still sounded ends with the recording");
    let cues = std::fs::read_to_string(exported.join("cues.csv")).expect("cues");
    assert!(cues.contains(",goal,relationships\n") && cues.contains(",cadence,\n"), "{cues}");
}

#[test]
fn no_host_can_begin_a_recording_and_no_state_brings_one_back() {
    for format in [0, 1] {
        let mut host: Box<dyn Host> = if format == 0 { Box::new(clap()) } else { Box::new(vst3()) };
        let names: Vec<_> = host.params().iter().map(|param| param.name.to_lowercase()).collect();
        assert!(!names.iter().any(|name| name.contains("record")), "{names:?}");
        let before = host.save().expect("a state");
        let (recorder, _dir) = recording();
        let during = host.save().expect("a state");
        assert!(during == before, "{}: recording leaves no trace in a state", host.format());
        stopped(&recorder);
        host.load(&during).expect("it loads");
        host.idle();
        assert_eq!(recorder.status().doing, Doing::Idle);
    }
}
