use super::*;
use crate::record::PlayedNote;
use antiphon_engine::intend::intent::{Act, State};
use antiphon_engine::key::KeyChoice;
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
