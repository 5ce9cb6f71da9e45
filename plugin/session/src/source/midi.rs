//! Standard MIDI Files as input: all notes of all tracks are the client's, at the times of the tempo map.

use super::ClientMessage;
use crate::problem::Problem;
use antiphon_engine::time::{Clock, SampleTime};
use midly::{MetaMessage, MidiMessage, Smf, Timing, TrackEventKind};
use std::path::Path;

/// The rate of the silence under a MIDI file, Hz.
pub(super) const RATE_HZ: f64 = 48_000.0;

/// Tempo until the file names one: 120 beats a minute, as the Standard MIDI File specification says.
const TEMPO_US_PER_QUARTER: u32 = 500_000;

/// The client's messages in time order, and the length of the input: to the end of the longest track, and on until the
/// hop that hears its last note-off is over.
pub(super) fn read(path: &Path) -> Result<(Vec<ClientMessage>, SampleTime), Problem> {
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
    let mut seconds_per_tick = match smf.header.timing {
        Timing::Metrical(per_quarter) => quarter(TEMPO_US_PER_QUARTER, per_quarter.as_int()),
        Timing::Timecode(fps, subframe) => 1.0 / (f64::from(fps.as_f32()) * f64::from(subframe.max(1))),
    };
    let (mut last_tick, mut seconds) = (0, 0.0);
    let mut messages = Vec::new();
    for (tick, kind) in events {
        seconds += (tick - last_tick) as f64 * seconds_per_tick;
        last_tick = tick;
        let time = clock.samples(seconds);
        match (kind, smf.header.timing) {
            (TrackEventKind::Meta(MetaMessage::Tempo(us)), Timing::Metrical(per_quarter)) => {
                seconds_per_tick = quarter(us.as_int(), per_quarter.as_int());
            }
            (TrackEventKind::Midi { message: MidiMessage::NoteOn { key, vel }, .. }, _) => {
                messages.push(ClientMessage { time, key: key.as_int(), velocity: vel.as_int() });
            }
            (TrackEventKind::Midi { message: MidiMessage::NoteOff { key, .. }, .. }, _) => {
                messages.push(ClientMessage { time, key: key.as_int(), velocity: 0 });
            }
            _ => {}
        }
    }
    if messages.is_empty() {
        return Err(Problem::Empty { path: path.to_owned() });
    }
    let hop = clock.hop() as SampleTime;
    Ok((messages, (clock.samples(seconds) / hop + 1) * hop + 1))
}

fn quarter(us_per_quarter: u32, ticks_per_quarter: u16) -> f64 {
    f64::from(us_per_quarter) / 1e6 / f64::from(ticks_per_quarter.max(1))
}
