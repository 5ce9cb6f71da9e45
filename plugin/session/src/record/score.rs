//! session.mid: the client's notes, every voice, and the states with their reasons as markers.

use super::Recorded;
use crate::problem::Problem;
use antiphon_engine::names::Named;
use antiphon_engine::respond::plan::Voice;
use antiphon_engine::time::{Clock, SampleTime};
use midly::num::{u4, u7, u15, u24, u28};
use midly::{Format, Header, MetaMessage, MidiMessage, Smf, Timing, TrackEvent, TrackEventKind};
use std::path::Path;

// 1920 ticks a second, so that no time is off by more than 0.26 ms, in a resolution that every DAW reads.
const TICKS_PER_QUARTER: u16 = 960;
const TEMPO_US_PER_QUARTER: u32 = 500_000;
const TICKS_PER_S: f64 = TICKS_PER_QUARTER as f64 * 1e6 / TEMPO_US_PER_QUARTER as f64;

/// The client's channel, 0-15: away from those of the voices.
const CLIENT_CHANNEL: u8 = 15;

/// A track being gathered: ticks, what comes first within a tick, and the event.
struct Gathered<'a> {
    clock: Clock,
    events: Vec<(u64, u8, TrackEventKind<'a>)>,
}

impl<'a> Gathered<'a> {
    fn new(clock: Clock, name: &'a str) -> Self {
        let name = TrackEventKind::Meta(MetaMessage::TrackName(name.as_bytes()));
        Self { clock, events: vec![(0, 0, name)] }
    }

    fn tick(&self, time: SampleTime) -> u64 {
        (self.clock.seconds(time) * TICKS_PER_S).round() as u64
    }

    fn meta(&mut self, time: SampleTime, message: MetaMessage<'a>) {
        self.events.push((self.tick(time), 1, TrackEventKind::Meta(message)));
    }

    /// A note; one too short for a tick lasts a tick.
    fn note(&mut self, from: SampleTime, to: SampleTime, channel: u8, key: u8, velocity: u8) {
        let (channel, key) = (u4::from(channel), u7::from(key));
        let on = self.tick(from);
        let off = self.tick(to).max(on + 1);
        let begin = MidiMessage::NoteOn { key, vel: u7::from(velocity) };
        let end = MidiMessage::NoteOff { key, vel: u7::from(64) };
        self.events.push((on, 3, TrackEventKind::Midi { channel, message: begin }));
        self.events.push((off, 2, TrackEventKind::Midi { channel, message: end }));
    }

    fn track(mut self) -> Vec<TrackEvent<'a>> {
        self.events.sort_by_key(|&(tick, rank, _)| (tick, rank));
        let mut last = 0;
        let event = |(tick, _, kind): (u64, u8, TrackEventKind<'a>)| {
            let delta = u28::from((tick - last).min(u64::from(u28::max_value().as_int())) as u32);
            last = tick;
            TrackEvent { delta, kind }
        };
        let mut track: Vec<_> = self.events.into_iter().map(event).collect();
        track.push(TrackEvent { delta: u28::from(0), kind: TrackEventKind::Meta(MetaMessage::EndOfTrack) });
        track
    }
}

pub(super) fn write(path: &Path, clock: Clock, recorded: &Recorded) -> Result<(), Problem> {
    let timing = Timing::Metrical(u15::from(TICKS_PER_QUARTER));
    let mut smf = Smf::new(Header::new(Format::Parallel, timing));

    // The first track of a parallel file carries what belongs to the whole piece.
    let mut client = Gathered::new(clock, "client");
    client.meta(0, MetaMessage::Tempo(u24::from(TEMPO_US_PER_QUARTER)));
    for turn in &recorded.turns {
        client.meta(turn.time, MetaMessage::Marker(turn.sentence.as_bytes()));
    }
    for note in &recorded.heard {
        client.note(note.onset, note.offset.unwrap_or(note.onset), CLIENT_CHANNEL, note.key, note.velocity);
    }
    smf.tracks.push(client.track());

    for &voice in Voice::ALL {
        let mut track = Gathered::new(clock, voice.name());
        // What has no known voice goes with the harmony, so that nothing played is missing.
        let of_voice = recorded.played.iter().filter(|note| note.label.map_or(Voice::Harmony, |l| l.voice) == voice);
        for note in of_voice {
            track.note(note.on, note.off, note.channel, note.key, note.velocity);
        }
        smf.tracks.push(track.track());
    }
    smf.save(path).map_err(|error| Problem::write(path, error))
}
