//! What a report promises.

mod export;
mod files;
mod truth;

use super::session::{Part, Session};
use super::{Figures, PLAYER, Report, TOGETHER, place};
use crate::analysis::Note;
use midly::num::{u4, u7, u15, u24, u28};
use midly::{Format, Header, MetaMessage, MidiMessage, Smf, Timing, TrackEvent, TrackEventKind};
use std::path::Path;

fn note(on_s: f64, length_s: f64, key: u8, velocity: u8) -> Note {
    Note { on_s, off_s: on_s + length_s, key, velocity }
}

fn session(client: Vec<Note>, accompaniment: Vec<Note>, length_s: f64) -> Session {
    let (client, accompaniment) = (Part::new(client, Vec::new()), Part::new(accompaniment, Vec::new()));
    Session { length_s, client, accompaniment, ..Session::default() }
}

fn client(figures: &Figures, name: &str) -> f64 {
    figures.client[place(&PLAYER, name)].unwrap_or_else(|| panic!("{name} is not told"))
}

fn accompaniment(figures: &Figures, name: &str) -> f64 {
    figures.accompaniment[place(&PLAYER, name)].unwrap_or_else(|| panic!("{name} is not told"))
}

fn both(figures: &Figures, name: &str) -> f64 {
    figures.together[place(&TOGETHER, name)].unwrap_or_else(|| panic!("{name} is not told"))
}

#[track_caller]
fn check_near(what: &str, value: f64, truth: f64, tolerance: f64) {
    assert!((value - truth).abs() <= tolerance, "{what} is {value}, not {truth} within {tolerance}");
}

/// Notes that no two phrases share: the steps of PCG.
fn wander(n: u32) -> u8 {
    let seed = n.wrapping_mul(747_796_405).wrapping_add(2_891_336_453);
    ((((seed >> ((seed >> 28) + 4)) ^ seed).wrapping_mul(277_803_737) >> 22) % 13) as u8
}

/// What a track of a MIDI file holds.
#[derive(Clone, Default)]
struct Lane<'a> {
    name: &'a str,
    channel: u8,
    notes: Vec<Note>,
    markers: Vec<(f64, &'a str)>,
}

/// Writes `lanes` as a MIDI file of `format` at this tempo, all in one track if it is of type 0.
fn write_midi(path: &Path, format: Format, beats_per_minute: f64, lanes: &[Lane<'_>]) {
    let ticks = |s: f64| (s * beats_per_minute / 60.0 * 960.0).round() as u32;
    let of_lane = |lane: &Lane<'_>| -> Vec<(u32, u8, TrackEventKind<'static>)> {
        let text = |text: &str| -> &'static [u8] { Box::leak(text.as_bytes().to_vec().into_boxed_slice()) };
        let message = |note: &Note, vel| TrackEventKind::Midi {
            channel: u4::from(lane.channel),
            message: MidiMessage::NoteOn { key: u7::from(note.key), vel: u7::from(vel) },
        };
        let mut events = vec![(0, 0, TrackEventKind::Meta(MetaMessage::TrackName(text(lane.name))))];
        events.extend(
            lane.markers
                .iter()
                .map(|(s, words)| (ticks(*s), 1, TrackEventKind::Meta(MetaMessage::Marker(text(words))))),
        );
        for note in &lane.notes {
            events.push((ticks(note.on_s), 3, message(note, note.velocity)));
            events.push((ticks(note.off_s), 2, message(note, 0)));
        }
        events
    };
    let track = |mut events: Vec<(u32, u8, TrackEventKind<'static>)>| -> Vec<TrackEvent<'static>> {
        events.sort_by_key(|event| (event.0, event.1));
        let mut last = 0;
        let delta = |(tick, _, kind)| TrackEvent { delta: u28::from(tick - std::mem::replace(&mut last, tick)), kind };
        events.into_iter().map(delta).collect()
    };
    let mut smf = Smf::new(Header::new(format, Timing::Metrical(u15::from(960))));
    let tempo = TrackEventKind::Meta(MetaMessage::Tempo(u24::from((60e6 / beats_per_minute) as u32)));
    if format == Format::SingleTrack {
        let mut all: Vec<_> = lanes.iter().flat_map(&of_lane).filter(|event| event.1 > 0).collect();
        all.insert(0, (0, 0, tempo));
        smf.tracks.push(track(all));
    } else {
        smf.tracks.push(track(vec![(0, 0, tempo)]));
        smf.tracks.extend(lanes.iter().map(|lane| track(of_lane(lane))));
    }
    smf.save(path).unwrap();
}
