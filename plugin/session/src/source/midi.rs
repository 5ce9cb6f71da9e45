//! Standard MIDI Files as input: all notes of all tracks are the client's but those on the therapist's channel, at the
//! times of the tempo map, and the map itself is the song's transport.

use super::{PlayedMessage, SongChange};
use crate::problem::Problem;
use antiphon_engine::listen::heard::Player;
use antiphon_engine::time::{Clock, SampleTime};
use antiphon_engine::transport::Transport;
use midly::{MetaMessage, MidiMessage, Smf, Timing, TrackEventKind};
use std::path::Path;

/// The rate of the silence under a MIDI file, Hz.
pub(super) const RATE_HZ: f64 = 48_000.0;

/// Tempo until the file names one: 120 beats a minute, as the Standard MIDI File specification says.
const TEMPO_US_PER_QUARTER: u32 = 500_000;

/// Metre until the file names one, by the same.
const METRE: (u8, u8) = (4, 4);

/// Largest power of two of a time signature's lower number: 64ths; beyond it the file is damaged.
const BEAT_UNIT_EXPONENT_MAX: u8 = 6;

/// What a MIDI file holds.
pub(super) struct MidiFile {
    /// The client's messages in time order.
    pub messages: Vec<PlayedMessage>,
    /// Tempo and metre at the beginning and wherever they change; none in a file that counts in frames of film.
    pub song: Vec<SongChange>,
    /// To the end of the longest track, and on until the hop that hears its last note-off is over.
    pub length: SampleTime,
}

pub(super) fn read(path: &Path) -> Result<MidiFile, Problem> {
    let bytes = std::fs::read(path).map_err(Problem::read(path))?;
    let unreadable = |error: midly::Error| Problem::NotAudio { path: path.to_owned(), why: error.to_string() };
    let (header, tracks) = midly::parse(&bytes).map_err(unreadable)?;
    let smf = Smf { header, tracks: tracks.collect_tracks().map_err(unreadable)? };

    let mut events: Vec<(u64, TrackEventKind)> = Vec::new();
    for track in &smf.tracks {
        let mut tick = 0;
        for event in track {
            tick += u64::from(event.delta.as_int());
            events.push((tick, event.kind));
        }
    }
    // At one tick the tempo comes first; all else keeps the order of the file.
    events.sort_by_key(|&(tick, kind)| (tick, !matches!(kind, TrackEventKind::Meta(_))));

    let clock = Clock::new(RATE_HZ);
    let mut song = Song::new(smf.header.timing);
    let (mut last_tick, mut seconds) = (0, 0.0);
    let mut messages = Vec::new();
    for (tick, kind) in events {
        seconds += (tick - last_tick) as f64 * song.seconds_per_tick;
        last_tick = tick;
        let time = clock.samples(seconds);
        match kind {
            TrackEventKind::Meta(MetaMessage::Tempo(us)) => song.tempo(tick, seconds, us.as_int()),
            TrackEventKind::Meta(MetaMessage::TimeSignature(beats, exponent, ..)) => {
                song.metre(tick, seconds, beats, exponent);
            }
            TrackEventKind::Midi { channel, message: MidiMessage::NoteOn { key, vel } } => {
                let by = Player::on_channel(channel.as_int());
                messages.push(PlayedMessage { time, by, key: key.as_int(), velocity: vel.as_int() });
            }
            TrackEventKind::Midi { channel, message: MidiMessage::NoteOff { key, .. } } => {
                let by = Player::on_channel(channel.as_int());
                messages.push(PlayedMessage { time, by, key: key.as_int(), velocity: 0 });
            }
            _ => {}
        }
    }
    if messages.is_empty() {
        return Err(Problem::Empty { path: path.to_owned() });
    }
    let hop = clock.hop() as SampleTime;
    Ok(MidiFile { messages, song: song.changes, length: (clock.samples(seconds) / hop + 1) * hop + 1 })
}

/// The song's tempo and metre as they are read.
struct Song {
    /// `None` in a file that counts in frames of film.
    ticks_per_quarter: Option<f64>,
    seconds_per_tick: f64,
    us_per_quarter: u32,
    metre: (u8, u8),
    /// Where the last metre began, quarter notes.
    bar_start: f64,
    changes: Vec<SongChange>,
}

impl Song {
    fn new(timing: Timing) -> Self {
        let (ticks_per_quarter, seconds_per_tick) = match timing {
            Timing::Metrical(per_quarter) => (Some(f64::from(per_quarter.as_int().max(1))), 0.0),
            Timing::Timecode(fps, subframe) => (None, 1.0 / (f64::from(fps.as_f32()) * f64::from(subframe.max(1)))),
        };
        let mut song = Self {
            ticks_per_quarter,
            seconds_per_tick,
            us_per_quarter: TEMPO_US_PER_QUARTER,
            metre: METRE,
            bar_start: 0.0,
            changes: Vec::new(),
        };
        song.tempo(0, 0.0, TEMPO_US_PER_QUARTER);
        song
    }

    fn tempo(&mut self, tick: u64, seconds: f64, us_per_quarter: u32) {
        let Some(ticks_per_quarter) = self.ticks_per_quarter else { return };
        self.us_per_quarter = us_per_quarter;
        self.seconds_per_tick = f64::from(us_per_quarter) / 1e6 / ticks_per_quarter;
        self.change(tick as f64 / ticks_per_quarter, seconds);
    }

    fn metre(&mut self, tick: u64, seconds: f64, beats: u8, exponent: u8) {
        let Some(ticks_per_quarter) = self.ticks_per_quarter else { return };
        self.metre = (beats, 1 << exponent.min(BEAT_UNIT_EXPONENT_MAX));
        self.bar_start = tick as f64 / ticks_per_quarter;
        self.change(self.bar_start, seconds);
    }

    /// Notes how the song goes on from `quarters` at `seconds`.
    fn change(&mut self, quarters: f64, seconds: f64) {
        let tempo_qpm = 60e6 / f64::from(self.us_per_quarter.max(1));
        let time = Clock::new(RATE_HZ).samples(seconds);
        let transport = Transport {
            playing: true,
            tempo_qpm,
            // The change lies between two samples; this is the position at the nearest.
            position: quarters + (time as f64 / RATE_HZ - seconds) * tempo_qpm / 60.0,
            bar_start: self.bar_start,
            beats_per_bar: self.metre.0,
            beat_unit: self.metre.1,
        };
        self.changes.retain(|change| change.time < time);
        self.changes.push(SongChange { time, transport });
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use midly::{Format, Header, TrackEvent};

    #[test]
    fn the_tempo_map_says_where_the_song_stands_at_every_change() {
        let meta = |delta: u32, message| TrackEvent { delta: delta.into(), kind: TrackEventKind::Meta(message) };
        let note = |delta: u32, vel: u8| TrackEvent {
            delta: delta.into(),
            kind: TrackEventKind::Midi {
                channel: 0.into(),
                message: MidiMessage::NoteOn { key: 60.into(), vel: vel.into() },
            },
        };
        let track = vec![
            meta(0, MetaMessage::Tempo(600_000.into())),
            meta(0, MetaMessage::TimeSignature(3, 2, 24, 8)),
            note(0, 80),
            note(480, 0),
            meta(960, MetaMessage::Tempo(300_000.into())),
            meta(480, MetaMessage::TimeSignature(6, 3, 36, 8)),
            meta(0, MetaMessage::EndOfTrack),
        ];
        let header = Header::new(Format::SingleTrack, Timing::Metrical(480.into()));
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("map.mid");
        Smf { header, tracks: vec![track] }.save(&path).unwrap();
        let song = read(&path).unwrap().song;
        let told: Vec<_> = song
            .iter()
            .map(|SongChange { time, transport: t }| {
                (
                    *time,
                    t.tempo_qpm.round(),
                    (t.position * 1e6).round() / 1e6,
                    t.bar_start,
                    t.beats_per_bar,
                    t.beat_unit,
                )
            })
            .collect();
        let expected = [(0, 100.0, 0.0, 0.0, 3, 4), (86_400, 200.0, 3.0, 0.0, 3, 4), (100_800, 200.0, 4.0, 4.0, 6, 8)];
        assert_eq!(told, expected);
    }
}
