//! What holds across all states.

use super::Criterion;
use crate::exchange::measure::attack::attacks_within;
use crate::exchange::measure::chords::{parts, tones};
use crate::exchange::measure::most;
use crate::exchange::measure::sounding::{instants, share, sounding};
use crate::exchange::rig::Exchange;
use crate::exchange::take::STATES;
use antiphon_engine::settings::Settings;

/// The criteria of the whole.
///
/// Readings: a cue is obeyed when music.csv shows its state; the slowest counts. Attacks and silence are those from the
/// client's first onset to her final release. The chord of music.csv matches a note of bass or harmony if the note is one
/// of its tones, weighted by time.
pub fn across(exchange: &Exchange) -> Vec<Criterion> {
    let played = &exchange.files.played;
    let span = exchange.span();
    let attacks = attacks_within(played, span.from_s, span.to_s).len();
    let ratio = attacks as f64 / exchange.truth.notes.len() as f64;
    let silent = share(span.from_s, span.to_s, |t| Some(sounding(played, t).next().is_none()));
    let loudest = most(played.iter().map(|note| f64::from(note.velocity)));
    let beat_s = exchange.beat_s(1.0) - exchange.beat_s(0.0);
    let obeyed = (0..STATES.len()).map(|state| obeyed_s(exchange, state)).fold(0.0, f64::max);
    vec![
        Criterion::at_most("slowest cue obeyed after, s", obeyed, beat_s),
        Criterion::within("attacks per client's note", ratio, 0.4..=1.2),
        Criterion::at_least("silent, share", silent, 0.15),
        Criterion::at_least("chord of music.csv sounds, share", matching(exchange), 0.8),
        Criterion::at_most("loudest note", loudest, f64::from(Settings::default().ceiling)),
    ]
}

/// From a state's cue to its first row in music.csv, s.
fn obeyed_s(exchange: &Exchange, state: usize) -> f64 {
    let window = exchange.window(state);
    if exchange.music(window.from_s).is_some_and(|row| row.state == STATES[state]) {
        return 0.0;
    }
    let mut shown = exchange.files.music.iter().filter(|row| row.time_s >= window.from_s && row.state == STATES[state]);
    shown.next().map_or(f64::INFINITY, |row| row.time_s - window.from_s)
}

/// Of the time of all notes of bass and harmony, the share in which the named chord has their pitch class.
fn matching(exchange: &Exchange) -> f64 {
    let end_s = exchange.files.played.iter().map(|note| note.off_s).fold(0.0, f64::max);
    let (mut right, mut all) = (0_u32, 0_u32);
    for time_s in instants(0.0, end_s) {
        let name = exchange.music(time_s).map_or("N", |row| row.chord.as_str());
        let named: Vec<u8> = parts(name)
            .map(|(root, quality)| tones(quality).iter().map(|above| (root + above) % 12).collect())
            .unwrap_or_default();
        for note in sounding(&exchange.files.played, time_s).filter(|note| note.is_chordal()) {
            all += 1;
            right += u32::from(named.contains(&note.class()));
        }
    }
    f64::from(right) / f64::from(all)
}
