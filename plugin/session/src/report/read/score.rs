//! A Standard MIDI File, type 0 or 1, as tracks of notes in seconds, with its markers.

use crate::analysis::Note;
use crate::problem::Problem;
use midly::{Format, MetaMessage, MidiMessage, Smf, Timing, TrackEventKind};
use std::collections::BTreeMap;
use std::path::Path;

/// Tempo until the file names one: 120 beats a minute, as the Standard MIDI File specification says.
const TEMPO_US_PER_QUARTER: u32 = 500_000;

/// A note that has no length lasts so long, s: drum pads send such.
const SHORTEST_S: f64 = 0.01;

/// A track's notes.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Track {
    pub name: String,
    /// Channel, 0-15, and note.
    pub notes: Vec<(u8, Note)>,
}

/// All that is in a file.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Score {
    pub tracks: Vec<Track>,
    /// Markers and texts, s.
    pub markers: Vec<(f64, String)>,
    /// End of the longest track, s.
    pub end_s: f64,
}

pub(super) fn read(path: &Path) -> Result<Score, Problem> {
    let bytes = std::fs::read(path).map_err(Problem::read(path))?;
    let unreadable = |error: midly::Error| Problem::NotAudio { path: path.to_owned(), why: error.to_string() };
    let (header, tracks) = midly::parse(&bytes).map_err(unreadable)?;
    if header.format == Format::Sequential {
        return Err(Problem::Sequential { path: path.to_owned() });
    }
    let smf = Smf { header, tracks: tracks.collect_tracks().map_err(unreadable)? };
    let mut events: Vec<(u64, usize, TrackEventKind)> = Vec::new();
    for (index, track) in smf.tracks.iter().enumerate() {
        let mut tick = 0;
        for event in track {
            tick += u64::from(event.delta.as_int());
            events.push((tick, index, event.kind));
        }
    }
    // At one tick the tempo comes first; all else keeps the order of the file.
    events.sort_by_key(|&(tick, _, kind)| (tick, !matches!(kind, TrackEventKind::Meta(_))));
    Ok(Reader::new(smf.header.timing, smf.tracks.len()).read(&events))
}

struct Reader {
    score: Score,
    /// Ticks of a quarter note; `None` in a file that counts in frames of film.
    ticks_per_quarter: Option<f64>,
    seconds_per_tick: f64,
    /// Track, channel and key of what sounds, with when it began and how loud.
    sounding: BTreeMap<(usize, u8, u8), (f64, u8)>,
}

impl Reader {
    fn new(timing: Timing, tracks: usize) -> Self {
        let (ticks_per_quarter, seconds_per_tick) = match timing {
            Timing::Metrical(per_quarter) => (Some(f64::from(per_quarter.as_int().max(1))), 0.0),
            Timing::Timecode(fps, subframe) => (None, 1.0 / (f64::from(fps.as_f32()) * f64::from(subframe.max(1)))),
        };
        let score = Score { tracks: vec![Track::default(); tracks], ..Score::default() };
        let mut reader = Self { score, ticks_per_quarter, seconds_per_tick, sounding: BTreeMap::new() };
        reader.tempo(TEMPO_US_PER_QUARTER);
        reader
    }

    fn tempo(&mut self, us_per_quarter: u32) {
        if let Some(ticks) = self.ticks_per_quarter {
            self.seconds_per_tick = f64::from(us_per_quarter) / 1e6 / ticks;
        }
    }

    fn read(mut self, events: &[(u64, usize, TrackEventKind)]) -> Score {
        let (mut last_tick, mut at_s) = (0, 0.0);
        for &(tick, track, kind) in events {
            at_s += (tick - last_tick) as f64 * self.seconds_per_tick;
            last_tick = tick;
            match kind {
                TrackEventKind::Meta(MetaMessage::Tempo(us)) => self.tempo(us.as_int()),
                TrackEventKind::Meta(MetaMessage::TrackName(name)) => {
                    self.score.tracks[track].name = String::from_utf8_lossy(name).trim().to_owned();
                }
                TrackEventKind::Meta(MetaMessage::Marker(text)) => {
                    self.score.markers.push((at_s, String::from_utf8_lossy(text).trim().to_owned()));
                }
                TrackEventKind::Midi { channel, message: MidiMessage::NoteOn { key, vel } } => {
                    self.end((track, channel.as_int(), key.as_int()), at_s);
                    if vel > 0 {
                        self.sounding.insert((track, channel.as_int(), key.as_int()), (at_s, vel.as_int()));
                    }
                }
                TrackEventKind::Midi { channel, message: MidiMessage::NoteOff { key, .. } } => {
                    self.end((track, channel.as_int(), key.as_int()), at_s);
                }
                _ => {}
            }
        }
        let left: Vec<_> = self.sounding.keys().copied().collect();
        left.into_iter().for_each(|place| self.end(place, at_s));
        for track in &mut self.score.tracks {
            track.notes.sort_by(|a, b| a.1.on_s.total_cmp(&b.1.on_s));
        }
        Score { end_s: at_s, ..self.score }
    }

    fn end(&mut self, place: (usize, u8, u8), at_s: f64) {
        if let Some((on_s, velocity)) = self.sounding.remove(&place) {
            let (track, channel, key) = place;
            let note = Note { on_s, off_s: at_s.max(on_s + SHORTEST_S), key, velocity };
            self.score.tracks[track].notes.push((channel, note));
        }
    }
}
