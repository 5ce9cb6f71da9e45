use crate::room::{Room, number};
use midly::num::{u4, u7, u15, u24, u28};
use midly::{Format, Header, MetaMessage, MidiMessage, Smf, Timing, TrackEvent, TrackEventKind};

/// Quarter notes of 480 ticks, 100 a minute: 1.25 ms a tick, which is exactly 60 samples of the silence under it.
const TICK_S: f64 = 0.6 / 480.0;

fn event(delta: u32, kind: TrackEventKind<'_>) -> TrackEvent<'_> {
    TrackEvent { delta: u28::from(delta), kind }
}

fn tempo(us: u32) -> TrackEventKind<'static> {
    TrackEventKind::Meta(MetaMessage::Tempo(u24::from(us)))
}

fn note(key: u8, velocity: u8) -> TrackEventKind<'static> {
    let message = MidiMessage::NoteOn { key: u7::from(key), vel: u7::from(velocity) };
    TrackEventKind::Midi { channel: u4::from(0), message }
}

/// Writes a MIDI file whose first event sets the tempo to 100 quarter notes a minute.
fn write(room: &Room, events: Vec<TrackEvent<'static>>) {
    let mut smf = Smf::new(Header::new(Format::SingleTrack, Timing::Metrical(u15::from(480))));
    let end = event(0, TrackEventKind::Meta(MetaMessage::EndOfTrack));
    smf.tracks.push([vec![event(0, tempo(600_000))], events, vec![end]].concat());
    smf.save(room.path("melody.mid")).unwrap();
}

#[test]
fn the_notes_of_a_midi_file_are_exactly_the_clients() {
    let room = Room::new();
    // Off and on at the same tick, a chord, and repeated keys.
    let melody = [(0, 240, 60, 80), (240, 480, 62, 1), (480, 481, 64, 127), (500, 900, 64, 50), (500, 1_300, 67, 60)];
    let mut timed: Vec<(u32, u8, u8)> = Vec::new();
    for (on, off, key, velocity) in melody {
        timed.extend([(on, key, velocity), (off, key, 0)]);
    }
    timed.sort_by_key(|&(tick, _, velocity)| (tick, velocity > 0));
    let mut last = 0;
    let delta = |(tick, key, velocity)| event(tick - std::mem::replace(&mut last, tick), note(key, velocity));
    write(&room, timed.into_iter().map(delta).collect());
    room.render("melody.mid", "out", &["--set", "pulse=host"]);

    let rows = room.rows("out/notes.csv");
    assert_eq!(rows.len(), melody.len());
    for (row, (on, off, key, velocity)) in rows.iter().zip(melody) {
        assert!((number(row, "onset_s") - f64::from(on) * TICK_S).abs() < 1e-9, "{row:?}");
        assert!((number(row, "offset_s") - f64::from(off) * TICK_S).abs() < 1e-9, "{row:?}");
        assert_eq!((number(row, "midi"), number(row, "velocity")), (f64::from(key), f64::from(velocity)));
        assert_eq!(number(row, "cents"), 0.0);
        assert!(number(row, "available_s") - number(row, "onset_s") < 0.003);
    }
    let (rate, channels, _) = room.wav("out/session.wav");
    assert_eq!((rate, channels), (48_000, 1));
}

#[test]
fn a_change_of_tempo_moves_what_comes_after_it() {
    let room = Room::new();
    let events = vec![
        event(480, note(60, 80)),
        event(480, tempo(300_000)),
        event(480, note(60, 0)),
        event(480, note(72, 80)),
        event(480, note(72, 0)),
    ];
    write(&room, events);
    room.render("melody.mid", "out", &[]);
    let rows = room.rows("out/notes.csv");
    let times: Vec<f64> = rows.iter().flat_map(|row| [number(row, "onset_s"), number(row, "offset_s")]).collect();
    assert_eq!(times, [0.6, 1.5, 1.8, 2.1]);
}

#[test]
fn a_note_that_is_never_ended_ends_with_the_file() {
    let room = Room::new();
    write(&room, vec![event(480, note(60, 80)), event(480, note(62, 80)), event(480, note(62, 0))]);
    room.render("melody.mid", "out", &[]);
    let (_, _, samples) = room.wav("out/session.wav");
    let rows = room.rows("out/notes.csv");
    assert_eq!(rows.len(), 2);
    assert!((number(&rows[0], "offset_s") - samples.len() as f64 / 48_000.0).abs() < 1e-9);
}

#[test]
fn a_client_who_came_as_midi_can_be_heard() {
    let room = Room::new();
    write(&room, vec![event(0, note(60, 80)), event(480, note(60, 0))]);
    room.render("melody.mid", "out", &["--set", "ceiling=1"]);
    let (_, _, samples) = room.wav("out/session.wav");
    assert!(samples.iter().any(|x| x.abs() > 0.02));
}
