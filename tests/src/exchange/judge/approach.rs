//! 10, approach: begins to cadence, slows, heads for the tonic.

use super::Criterion;
use super::cadence::{SUBDOMINANT, closing_root};
use crate::exchange::files::Note;
use crate::exchange::measure::attack::{attacks, begun, times};
use crate::exchange::measure::beats::{hers, mean_period_s, on_beats};
use crate::exchange::measure::chords::{Segment, segment_at, segments};
use crate::exchange::measure::sounding::{chordal_classes, instants};
use crate::exchange::rig::Exchange;

/// The tonic of the lines, D, and its dominant, A.
pub(super) const TONIC: u8 = 2;
pub(super) const DOMINANT: u8 = 9;

/// The second degree, on which the other predominant stands.
const SUPERTONIC: u8 = 4;

/// Beats in four bars.
const FOUR_BARS: f64 = 16.0;

/// A dominant that pauses for no longer than this goes on, s.
const BRIDGED_S: f64 = 0.75;

/// The slowing at the end of a line is that of its last beats.
const LAST_BEATS: usize = 6;

/// The criteria of the tenth line.
///
/// Readings: the tonic is D, the note that line 12 comes home to. A predominant is a chord on the fourth or second
/// degree, a dominant one on the fifth without a minor third; the predominant sounds after the cue and before the
/// dominant, which begins within sixteen beats of the line's first. The dominant holds while it is the chord and its root
/// the lowest tone. If the last chord before the tonic is that on the fourth degree, that one is meant. Slowing is that of
/// the attacks on the line's last six beats against line 9, and hers that of the same beats.
pub fn approach(exchange: &Exchange) -> Vec<Criterion> {
    let window = exchange.window(9);
    let played = &exchange.files.played;
    let (first, last) = exchange.beats(9);
    let end_s = exchange.window(12).from_s + 3.0;
    let chords = segments(played, window.from_s - 8.0, end_s);
    let plagal = closing_root(exchange) == Some(SUBDOMINANT);
    let goal = if plagal { SUBDOMINANT } else { DOMINANT };
    let is_goal = |chord: &Segment| chord.chord.root == goal && (plagal || chord.chord.minor != Some(true));
    let before = chords
        .iter()
        .filter(|chord| chord.to_s > window.from_s)
        .find(|chord| matches!(chord.chord.root, SUBDOMINANT | SUPERTONIC) && (plagal || !is_goal(chord)));
    let found = chords.iter().find(|chord| {
        is_goal(chord)
            && chord.from_s >= window.from_s
            && (plagal || before.is_some_and(|before| before.from_s < chord.from_s))
    });
    let reached = found.map_or(f64::NAN, |chord| beat_of(exchange, chord.from_s) - first);
    let limit_s = exchange.beat_s(first + FOUR_BARS);
    let holds = |time_s: f64| {
        let lowest = played.iter().filter(|n| n.is_chordal() && n.sounds_at(time_s)).min_by_key(|n| n.key);
        let chord = segment_at(&chords, time_s);
        lowest.map(Note::class) == Some(goal)
            && chord.is_some_and(|c| c.root == goal && (plagal || c.minor != Some(true)))
    };
    let (held_from_s, held_to_s) = longest_run(window.from_s, limit_s, end_s, holds);
    let bar_s = exchange.beat_s(last) - exchange.beat_s(last - 4.0);
    let leads = instants(held_from_s, held_to_s).any(|time_s| {
        let classes = chordal_classes(played, time_s);
        classes.contains(&1) || classes.contains(&7)
    });
    let (slowing, client) = slowing(exchange, &times(&attacks(begun(played, 0.0, f64::INFINITY))));
    vec![
        Criterion::within("predominant, then dominant, beats", reached, -1.0..=FOUR_BARS),
        Criterion::at_least("the fifth degree holds in the bass, bars", (held_to_s - held_from_s) / bar_s, 0.9),
        Criterion::holds("leading tone or seventh", leads || plagal),
        Criterion::at_least("slowing less the client's", slowing - client, -0.02),
    ]
}

/// The longest run of something that begins from `from_s` to before `begin_before_s`, gaps of 0.75 s bridged.
fn longest_run(from_s: f64, begin_before_s: f64, to_s: f64, holds: impl Fn(f64) -> bool) -> (f64, f64) {
    let mut longest = (from_s, from_s);
    let mut run: Option<(f64, f64)> = None;
    for time_s in instants(from_s, to_s).filter(|time_s| holds(*time_s)) {
        let begin = run.filter(|run| time_s - run.1 <= BRIDGED_S).map_or(time_s, |run| run.0);
        run = Some((begin, time_s));
        if begin < begin_before_s && time_s - begin > longest.1 - longest.0 {
            longest = (begin, time_s);
        }
    }
    longest
}

/// The beat of the score at an instant.
pub(super) fn beat_of(exchange: &Exchange, time_s: f64) -> f64 {
    let beats = &exchange.truth.beats_s;
    let after = beats.partition_point(|beat_s| *beat_s <= time_s).clamp(1, beats.len().max(2) - 1);
    match beats.get(after - 1..=after) {
        Some(pair) => (after - 1) as f64 + (time_s - pair[0]) / (pair[1] - pair[0]),
        None => f64::NAN,
    }
}

/// How much slower the attacks are on the last beats of line 10 than in line 9, and how much slower the client is from the
/// first to the last beat of each that has one.
fn slowing(exchange: &Exchange, attacks_s: &[f64]) -> (f64, f64) {
    let beats_s = &exchange.truth.beats_s;
    let own = on_beats(attacks_s, beats_s);
    let ((from, to), end) = (exchange.beats(8), exchange.beats(9).1 as usize);
    let of = |beats: &[Option<f64>]| {
        let period_s = |from: usize, to: usize| mean_period_s(beats.get(from..=to).unwrap_or(&[]));
        1.0 - period_s(from as usize, to as usize) / period_s(end.saturating_sub(LAST_BEATS), end)
    };
    (of(&own), of(&hers(&own, beats_s)))
}
