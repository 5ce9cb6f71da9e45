//! 7, song: a song form with pulse and phrase structure.

use super::Criterion;
use crate::exchange::measure::attack::{attacks, begun, times};
use crate::exchange::measure::beats::{nearest, on_beats};
use crate::exchange::measure::chords::{Chord, Segment, alike, by_beat, parts, segments};
use crate::exchange::measure::sounding::note_in_chord;
use crate::exchange::measure::{mean, median};
use crate::exchange::rig::Exchange;
use antiphon_engine::key::Mode;
use antiphon_engine::names::Named;

/// Beats in a bar.
const BAR: usize = 4;

/// A change this much before or after a beat is on it, s: the third may come 40 to 90 ms late.
const ON_BEAT_S: (f64, f64) = (-0.07, 0.13);

/// The criteria of the seventh line.
///
/// Readings: a bar is from Antiphon's attack nearest to one downbeat of the client's (within 0.3 of a beat) to that at the
/// next; the criterion is the root mean square of how far its length is off the client's bar, over at least three bars.
/// Chords are told apart by root and third. The loop is looked for over lines 7 to 9, beat by beat. Changes are those
/// from the cue to the next; on downbeats they lie within the same 200 ms. The phrase ends where its last chord gives way:
/// the change that is nearest to the first beat of the next line. Bar 4 is not I: the chord that lasts longest in it is
/// not the triad on the tonic of the key that music.csv claims then, and where none is claimed neither F major nor D
/// minor.
pub fn song(exchange: &Exchange) -> Vec<Criterion> {
    let window = exchange.window(6);
    let keeping = exchange.take.keeping;
    let played = &exchange.files.played;
    let (first, last) = exchange.beats(6);
    let beats = |from: usize, to: usize| -> Vec<f64> { (from..=to).map(|beat| exchange.beat_s(beat as f64)).collect() };
    let own_beats = beats(first as usize, last as usize);
    let downbeats: Vec<f64> = own_beats.iter().copied().step_by(BAR).collect();
    let attacks_s =
        times(&attacks(begun(played, window.from_s, window.to_s + 1.0).filter(|note| note.voice != "counter")));
    let own: Vec<Option<f64>> = on_beats(&attacks_s, &own_beats).into_iter().step_by(BAR).collect();
    let bars: Vec<f64> = own
        .windows(2)
        .zip(downbeats.windows(2))
        .filter_map(|(own, client)| Some(((own[1]? - own[0]?) / (client[1] - client[0]) - 1.0).powi(2)))
        .collect();
    let bar_length = if bars.len() >= 3 { mean(&bars).sqrt() } else { f64::NAN };
    let three_lines = by_beat(played, &beats(first as usize, exchange.beats(8).1 as usize));
    let repeats = [16, 32]
        .map(|lag| alike(&three_lines, three_lines.get(lag..).unwrap_or(&[])))
        .into_iter()
        .fold(f64::NAN, f64::max);
    let chords = segments(played, window.from_s - 8.0, window.to_s + 2.0);
    let changes = changes(&chords, window.from_s, window.to_s);
    let on = |grid: &[f64]| {
        let hits = changes.iter().filter(|change| is_on(grid, **change)).count();
        hits as f64 / changes.len() as f64
    };
    let sounding = chords.iter().filter(|c| c.to_s.min(window.to_s) - c.from_s.max(window.from_s) >= 0.2).count();
    let boundary_s = exchange.beat_s(last);
    let all_changes: Vec<f64> = chords.iter().skip(1).map(|chord| chord.from_s).collect();
    let beat_s = median(&own_beats.windows(2).map(|pair| pair[1] - pair[0]).collect::<Vec<_>>());
    let fourth = (exchange.beat_s(first + 12.0), boundary_s);
    vec![
        Criterion::at_most("bars off the client's, share", bar_length, keeping.limit(0.03, 0.08, 0.03)),
        Criterion::at_least("loop of 4 or 8 bars, share alike", repeats, 0.75),
        Criterion::at_least("changes on the beat, share", on(&own_beats), 0.9),
        Criterion::at_least("changes on downbeats, share", on(&downbeats), 0.58),
        Criterion::within("chords a bar", sounding as f64 / downbeats.len().saturating_sub(1) as f64, 0.7..=1.5),
        Criterion::at_most(
            "phrase's end off the client's, beats",
            nearest(&all_changes, boundary_s).abs() / beat_s,
            1.0,
        ),
        Criterion::holds("bar 4 is not I", fourth_is_open(exchange, &chords, fourth)),
        Criterion::at_least("sung note in chord, share", note_in_chord(exchange, window.from_s, window.to_s), 0.7),
    ]
}

/// When chords give way to others.
fn changes(chords: &[Segment], from_s: f64, to_s: f64) -> Vec<f64> {
    chords.iter().skip(1).map(|chord| chord.from_s).filter(|time_s| (from_s..to_s).contains(time_s)).collect()
}

fn is_on(grid: &[f64], time_s: f64) -> bool {
    grid.iter().any(|beat_s| (ON_BEAT_S.0..=ON_BEAT_S.1).contains(&(time_s - beat_s)))
}

fn fourth_is_open(exchange: &Exchange, chords: &[Segment], (from_s, to_s): (f64, f64)) -> bool {
    let lasts = |segment: &Segment| segment.to_s.min(to_s) - segment.from_s.max(from_s);
    let longest = chords.iter().filter(|segment| lasts(segment) > 0.0).max_by(|a, b| lasts(a).total_cmp(&lasts(b)));
    let Some(chord) = longest.map(|segment| segment.chord) else { return false };
    let key = exchange.music(0.5 * (from_s + to_s)).map(|row| row.key.clone()).unwrap_or_default();
    let tonics: Vec<Chord> = match parts(&key) {
        Some((root, mode)) => {
            let minor = Mode::ALL.iter().find(|m| m.name() == mode).is_some_and(|m| m.is_minor());
            vec![Chord { root, minor: Some(minor) }]
        }
        None => vec![Chord { root: 5, minor: Some(false) }, Chord { root: 2, minor: Some(true) }],
    };
    !tonics.contains(&chord)
}

/// The chords of a line's beats.
pub(super) fn chords_of_line(exchange: &Exchange, state: usize) -> Vec<Option<Chord>> {
    let (first, last) = exchange.beats(state);
    let beats: Vec<f64> = (first as usize..=last as usize).map(|beat| exchange.beat_s(beat as f64)).collect();
    by_beat(&exchange.files.played, &beats)
}
