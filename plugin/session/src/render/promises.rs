use super::*;
use crate::record::{Control, PlayedNote};
use antiphon_engine::intend::intent::{Act, State};
use antiphon_engine::key::KeyChoice;
use antiphon_sound::{Choice, Instrument};
use midly::{MidiMessage, Smf, TrackEventKind};
use std::path::PathBuf;

const RATE: u32 = 48_000;

/// A cadence over silence, in which something is played.
fn plan() -> Plan {
    let act = |time_s, act| Cue { time_s, change: Change::Act(act) };
    let settings = Settings { key: KeyChoice::parse("D:min").unwrap(), ..Settings::default() };
    Plan { settings, cues: vec![act(0.2, Act::Go(State::Holding)), act(0.5, Act::Cadence)], ..Plan::default() }
}

fn silence(dir: &Path) -> PathBuf {
    let path = dir.join("silence.wav");
    let spec =
        hound::WavSpec { channels: 1, sample_rate: RATE, bits_per_sample: 16, sample_format: hound::SampleFormat::Int };
    let mut writer = hound::WavWriter::create(&path, spec).unwrap();
    (0..4 * RATE).for_each(|_| writer.write_sample(0_i16).unwrap());
    writer.finalize().unwrap();
    path
}

fn rendered(input: &Path, out: &Path, given: Option<Vec<Played>>) -> Summary {
    render(&mut Source::open(input).unwrap(), &plan(), out, given, &mut |_| {}).unwrap()
}

/// The messages of `notes` as a host would have received them.
fn received(notes: &[PlayedNote]) -> Vec<Played> {
    let message = |time, velocity, note: &PlayedNote| Played {
        time,
        channel: note.channel,
        key: note.key,
        velocity,
        label: None,
    };
    let mut messages: Vec<Played> =
        notes.iter().flat_map(|note| [message(note.on, note.velocity, note), message(note.off, 0, note)]).collect();
    messages.sort_by_key(|message| (message.time, message.velocity > 0, message.channel, message.key));
    messages
}

#[test]
fn what_a_host_received_is_written_with_the_labels_of_the_musician_beside_it() {
    let dir = tempfile::tempdir().unwrap();
    let input = silence(dir.path());
    let own = rendered(&input, &dir.path().join("own"), None);
    assert!(own.recorded.played.len() > 4 && own.recorded.unpaired == 0);
    let hosted = rendered(&input, &dir.path().join("hosted"), Some(received(&own.recorded.played)));
    assert_eq!((hosted.differences, &hosted.recorded.played), (0, &own.recorded.played));
    for file in FILES {
        let read = |folder: &str| std::fs::read(dir.path().join(folder).join(file)).unwrap();
        assert!(read("own") == read("hosted"), "{file}");
    }
}

#[test]
fn what_a_host_received_otherwise_is_written_as_received_and_counted() {
    let dir = tempfile::tempdir().unwrap();
    let input = silence(dir.path());
    let own = rendered(&input, &dir.path().join("own"), None);
    let mut late = received(&own.recorded.played);
    late[0].time += 1;
    let hosted = rendered(&input, &dir.path().join("hosted"), Some(late.clone()));
    assert_eq!(hosted.differences, 2, "one that the host lacks, one that the musician lacks");
    let first = hosted.recorded.played.iter().find(|note| note.label.is_none()).unwrap();
    assert_eq!((first.on, first.key), (late[0].time, late[0].key));

    let nothing = rendered(&input, &dir.path().join("nothing"), Some(Vec::new()));
    assert_eq!(nothing.differences, 2 * own.recorded.played.len());
    assert!(nothing.recorded.played.is_empty());
}

/// Samples of a wav that [`rendered`] wrote.
fn samples(dir: &Path, name: &str) -> Vec<f32> {
    hound::WavReader::open(dir.join(name)).unwrap().samples::<f32>().map(Result::unwrap).collect()
}

#[test]
fn the_accompaniment_sounds_as_it_was_chosen_to_and_not_at_all_when_the_sound_is_off() {
    let dir = tempfile::tempdir().unwrap();
    let input = silence(dir.path());
    let play = |name: &str, sound: Choice| {
        let out = dir.path().join(name);
        render(&mut Source::open(&input).unwrap(), &Plan { sound, ..plan() }, &out, None, &mut |_| {}).unwrap();
        assert!(samples(&out, "session.wav") == samples(&out, "accompaniment.wav"), "the client is silent");
        (samples(&out, "accompaniment.wav"), std::fs::read(out.join("played.csv")).unwrap())
    };
    let usual = Choice::default();
    let (piano, played) = play("piano", usual);
    let (pad, played_on_pad) = play("pad", Choice { instrument: Instrument::Pad, ..usual });
    let (off, played_unheard) = play("off", Choice { on: false, ..usual });
    assert!(piano.iter().any(|x| x.abs() > 0.01) && pad.iter().any(|x| x.abs() > 0.01) && piano != pad);
    assert!(off.len() == piano.len() && off.iter().all(|x| *x == 0.0));
    assert!(played == played_on_pad && played == played_unheard, "the notes are the same");
}

#[test]
fn panic_fades_the_sound_at_once() {
    let dir = tempfile::tempdir().unwrap();
    let panics = Cue { time_s: 2.0, change: Change::Act(Act::Panic) };
    let plan = Plan { cues: [plan().cues, vec![panics]].concat(), ..plan() };
    render(&mut Source::open(&silence(dir.path())).unwrap(), &plan, dir.path(), None, &mut |_| {}).unwrap();
    let heard = samples(dir.path(), "accompaniment.wav");
    let at = |seconds: f64| (seconds * f64::from(RATE)) as usize;
    assert!(heard[at(1.9)..at(2.0)].iter().any(|x| x.abs() > 1e-3));
    assert!(heard[at(2.025)..at(2.9)].iter().all(|x| *x == 0.0));
}

#[test]
fn the_pedal_is_written_down_and_up_when_all_is_over_in_every_file() {
    let dir = tempfile::tempdir().unwrap();
    let input = silence(dir.path());
    let usual = plan();
    let plan = Plan { settings: Settings { pedal: true, ..usual.settings }, ..usual };
    let play = |name: &str, plan: &Plan| {
        let out = dir.path().join(name);
        (render(&mut Source::open(&input).unwrap(), plan, &out, None, &mut |_| {}).unwrap(), out)
    };
    let ((with, out), (without, _)) = (play("with", &plan), play("without", &self::plan()));
    assert!(without.recorded.controls.is_empty());
    assert_eq!(with.recorded.played, without.recorded.played, "the notes are the same");
    let controls = &with.recorded.controls;
    assert!(controls.iter().any(Control::is_down), "{controls:?}");
    assert!(!controls.last().unwrap().is_down(), "{controls:?}");
    assert!(controls.last().unwrap().time <= with.length);
    let table = std::fs::read_to_string(out.join("controllers.csv")).unwrap();
    let rows: Vec<_> = table.lines().skip(1).collect();
    assert_eq!(rows.len(), controls.len());
    assert!(rows[0].ends_with(",1,64,127") && rows[rows.len() - 1].ends_with(",1,64,0"), "{table}");

    let midi = std::fs::read(out.join("session.mid")).unwrap();
    let smf = Smf::parse(&midi).unwrap();
    let mut events = Vec::new();
    for (track, written) in smf.tracks.iter().enumerate() {
        let mut tick = 0;
        for (index, event) in written.iter().enumerate() {
            tick += event.delta.as_int();
            events.push((tick, track, index, event.kind));
        }
    }
    events.sort_by_key(|&(tick, track, index, _)| (tick, track, index));
    let (mut moves, mut down) = (0, false);
    for (tick, .., kind) in events {
        match kind {
            TrackEventKind::Midi { message: MidiMessage::Controller { controller, value }, .. } => {
                assert_eq!((controller.as_int(), down), (64, value == 0), "down and up by turns");
                (moves, down) = (moves + 1, value > 0);
            }
            TrackEventKind::Midi { message: MidiMessage::NoteOn { .. }, .. } => {
                assert!(!down, "at {tick} a note begins under the pedal");
            }
            _ => {}
        }
    }
    assert_eq!((moves, down), (controls.len(), false));
}
