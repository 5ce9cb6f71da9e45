//! session.mid: the client's notes, every voice, the therapist's own hands if she played; the tempo as it was felt, the
//! states with their reasons and the therapist's marks as markers.

use super::tempo::{TICKS_PER_QUARTER, TempoMap};
use super::{Control, PlayedNote, Recorded};
use crate::problem::Problem;
use antiphon_engine::listen::heard::THERAPIST_CHANNEL;
use antiphon_engine::names::Named;
use antiphon_engine::respond::plan::Voice;
use antiphon_engine::time::{Clock, SampleTime};
use midly::num::{u4, u7, u15, u24, u28};
use midly::{Format, Header, MetaMessage, MidiMessage, Smf, Timing, TrackEvent, TrackEventKind};
use std::path::Path;

/// The client's channel, 0-15: away from those of the voices, and beside the one on which the therapist's are heard.
pub(crate) const CLIENT_CHANNEL: u8 = 14;
pub(super) const HANDS_CHANNEL: u8 = THERAPIST_CHANNEL;

/// A track being gathered: ticks, what comes first within a tick, and the event.
struct Gathered<'a> {
    tempo: &'a TempoMap,
    events: Vec<(u64, u8, TrackEventKind<'a>)>,
}

impl<'a> Gathered<'a> {
    fn new(tempo: &'a TempoMap, name: &'a str) -> Self {
        let name = TrackEventKind::Meta(MetaMessage::TrackName(name.as_bytes()));
        Self { tempo, events: vec![(0, 0, name)] }
    }

    fn marker(&mut self, time: SampleTime, text: &'a str) {
        let marker = TrackEventKind::Meta(MetaMessage::Marker(text.as_bytes()));
        self.events.push((self.tempo.tick(time), 1, marker));
    }

    /// A note; one too short for a tick lasts a tick.
    fn note(&mut self, from: SampleTime, to: SampleTime, channel: u8, key: u8, velocity: u8) {
        let (channel, key) = (u4::from(channel), u7::from(key));
        let on = self.tempo.tick(from);
        let off = self.tempo.tick(to).max(on + 1);
        let begin = MidiMessage::NoteOn { key, vel: u7::from(velocity) };
        let end = MidiMessage::NoteOff { key, vel: u7::from(64) };
        self.events.push((on, 4, TrackEventKind::Midi { channel, message: begin }));
        self.events.push((off, 3, TrackEventKind::Midi { channel, message: end }));
    }

    /// A pedal goes up before what ends and begins in its tick, and down after it.
    fn control(&mut self, control: &Control) {
        let (channel, rank) = (u4::from(control.channel), if control.is_down() { 5 } else { 2 });
        let message =
            MidiMessage::Controller { controller: u7::from(control.controller), value: u7::from(control.value) };
        self.events.push((self.tempo.tick(control.time), rank, TrackEventKind::Midi { channel, message }));
    }

    /// The track, which lasts until `end` or its last event: what is silent at the end belongs to the session.
    fn track(mut self, end: SampleTime) -> Vec<TrackEvent<'a>> {
        let last = self.events.iter().map(|event| event.0).max().unwrap_or(0).max(self.tempo.tick(end));
        self.events.push((last, 6, TrackEventKind::Meta(MetaMessage::EndOfTrack)));
        self.events.sort_by_key(|&(tick, rank, _)| (tick, rank));
        let mut last = 0;
        let event = |(tick, _, kind): (u64, u8, TrackEventKind<'a>)| {
            let delta = u28::from((tick - last).min(u64::from(u28::max_value().as_int())) as u32);
            last = tick;
            TrackEvent { delta, kind }
        };
        self.events.into_iter().map(event).collect()
    }
}

/// Writes what was recorded until `end`.
pub(super) fn write(path: &Path, clock: Clock, recorded: &Recorded, end: SampleTime) -> Result<(), Problem> {
    let timing = Timing::Metrical(u15::from(TICKS_PER_QUARTER));
    let mut smf = Smf::new(Header::new(Format::Parallel, timing));

    let tempo = TempoMap::of(clock, &recorded.beats);

    // The first track of a parallel file carries what belongs to the whole piece.
    let mut client = Gathered::new(&tempo, "client");
    for change in tempo.changes() {
        let message = MetaMessage::Tempo(u24::from(change.us_per_quarter));
        client.events.push((change.tick, 0, TrackEventKind::Meta(message)));
    }
    let marks: Vec<_> = recorded.marks.iter().map(|mark| (mark.time, format!("marker: {}", mark.text))).collect();
    for (time, text) in &marks {
        client.marker(*time, text);
    }
    for turn in &recorded.turns {
        client.marker(turn.time, &turn.sentence);
    }
    for note in &recorded.heard {
        client.note(note.onset, note.offset.unwrap_or(note.onset), CLIENT_CHANNEL, note.key, note.velocity);
    }
    smf.tracks.push(client.track(end));

    for &voice in Voice::ALL {
        // What has no known voice goes with the harmony, so that nothing played is missing.
        let of_voice = recorded.played.iter().filter(|note| note.label.map_or(Voice::Harmony, |l| l.voice) == voice);
        let controls = recorded.controls.iter().filter(|control| control.voice == voice);
        smf.tracks.push(part(&tempo, voice.name(), of_voice, controls, end));
    }
    if !recorded.hands.is_empty() {
        smf.tracks.push(part(&tempo, "therapist", recorded.hands.iter(), [].iter(), end));
    }
    smf.save(path).map_err(|error| Problem::write(path, error))
}

/// A track of `notes` and `controls` that lasts until `end`.
fn part<'a>(
    tempo: &'a TempoMap,
    name: &'a str,
    notes: impl Iterator<Item = &'a PlayedNote>,
    controls: impl Iterator<Item = &'a Control>,
    end: SampleTime,
) -> Vec<TrackEvent<'a>> {
    let mut track = Gathered::new(tempo, name);
    for note in notes {
        track.note(note.on, note.off, note.channel, note.key, note.velocity);
    }
    controls.for_each(|control| track.control(control));
    track.track(end)
}
