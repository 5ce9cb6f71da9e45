//! 3, rest: pauses, a temporary resting place.

use super::Criterion;
use crate::exchange::files::Note;
use crate::exchange::measure::attack::attacks_within;
use crate::exchange::measure::sounding::{classes, instants, sounding};
use crate::exchange::measure::{least, most};
use crate::exchange::rig::Exchange;
use antiphon_engine::key::PITCH_NAMES;

/// The last attack comes no later than this after the line's end, s.
const LAST_S: f64 = 0.3;

/// Nothing begins for as long as this, s, unless the client sings first.
const PAUSE_S: f64 = 1.0;

/// The tonic of the lines: D.
const TONIC: u8 = 2;

/// The criteria of the third line.
///
/// Readings: the pause is from 0.3 s after the line's end for 1 s, or until the client's next onset; no attack at all
/// falls into it, and two pitch classes ring all through it. The tonic is D, and also what music.csv claims. Offs are
/// those of the notes that ring as the pause begins. The music comes back with an attack after the client's onset, not
/// before it.
pub fn rest(exchange: &Exchange) -> Vec<Criterion> {
    let played = &exchange.files.played;
    let (Some(line), Some(next)) = (exchange.line(2), exchange.line(3)) else { return Vec::new() };
    let from_s = line.end_s + LAST_S;
    let to_s = next.start_s.min(from_s + PAUSE_S);
    let in_pause = attacks_within(played, from_s, to_s).len();
    let early = attacks_within(played, line.end_s, next.start_s);
    let ringing = least(instants(from_s, to_s).map(|time_s| classes(played, time_s).len() as f64));
    let claimed =
        exchange.music(from_s).and_then(|row| row.key.split(':').next().map(str::to_owned)).unwrap_or_default();
    let claimed = PITCH_NAMES.iter().position(|name| *name == claimed).map(|class| class as u8);
    let closed = |tonic: u8| {
        let by_key = |time_s: f64| {
            let keys: Vec<&Note> = sounding(played, time_s).collect();
            let low = keys.iter().min_by_key(|note| note.key).map(|note| note.class());
            let high = keys.iter().max_by_key(|note| note.key).map(|note| note.class());
            low == Some(tonic) && high == Some(tonic)
        };
        instants(from_s, to_s).any(by_key)
    };
    let resumes_s = played.iter().map(|note| note.on_s).filter(|on_s| *on_s >= from_s).fold(f64::INFINITY, f64::min);
    let offs: Vec<f64> = sounding(played, from_s).map(|note| note.off_s).collect();
    let spread_s = most(offs.iter().copied()) - least(offs.iter().copied());
    let held = !offs.is_empty() && offs.iter().all(|off_s| *off_s >= resumes_s.max(next.start_s));
    let last = early.iter().filter(|attack| attack.time_s < to_s).map(|attack| attack.time_s - line.end_s);
    vec![
        Criterion::at_most("last attack after the line's end, s", last.fold(0.0, f64::max), LAST_S),
        Criterion::at_most("attacks in the pause", in_pause as f64, 0.0),
        Criterion::at_least("pitch classes that ring through the pause", ringing, 2.0),
        Criterion::holds("not closed: tonic in the bass and on top", !closed(TONIC) && !claimed.is_some_and(closed)),
        Criterion::at_least("offs spread, or held until it goes on, s", if held { 0.06 } else { spread_s }, 0.06),
        Criterion::within("goes on after the client, s", resumes_s - next.start_s, 0.0..=0.5),
    ]
}
