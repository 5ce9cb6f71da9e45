//! 12, final: a final harmonic cadence.

use super::Criterion;
use super::approach::{DOMINANT, TONIC};
use super::slowing::arrival_s;
use crate::exchange::files::Note;
use crate::exchange::measure::chords::{Segment, segments};
use crate::exchange::measure::sounding::chordal_classes;
use crate::exchange::rig::Exchange;
use crate::exchange::take::Cueing;

/// The fourth degree and the lowered seventh.
pub(super) const SUBDOMINANT: u8 = 7;
const SUBTONIC: u8 = 0;

/// The dominant's tones are those that sound so long before the arrival, s.
const LAST_S: f64 = 1.2;

/// A tone has resolved by this time after the arrival, s.
const RESOLVED_S: f64 = 0.4;

/// So long before and after a change it is looked what sounds, s.
const BESIDE_S: f64 = 0.12;

/// An arrival this near to the wanted one is the one that is meant, s.
const NEAR_S: f64 = 1.5;

/// The two chords of the cadence, and when the second begins, s.
struct Close {
    before: Segment,
    home: Segment,
    arrival_s: f64,
}

/// The criteria of the twelfth line.
///
/// Readings: the arrival is the chord on D, with third, whose beginning is nearest to the onset of line 12's last note; it
/// begins with its bass, if that begins at most 0.2 s before. Both chords are in root position. Each leading tone among the
/// dominant's is followed by the key above, each seventh by one a semitone or two below, and does not sound on, 0.4 s after
/// the arrival. Parallels are looked for at every change of chord from the cue to the arrival.
pub fn cadence(exchange: &Exchange) -> Vec<Criterion> {
    let played = &exchange.files.played;
    let wanted_s = arrival_s(exchange);
    let close = close(exchange);
    let beat_s = exchange.beat_s(exchange.beats(11).0 + 1.0) - exchange.beat_s(exchange.beats(11).0);
    let limit_s = if exchange.take.cueing == Cueing::Automatic { beat_s } else { 0.3 };
    let functional = close.as_ref().is_some_and(|close| match close.before.chord.root {
        DOMINANT => close.before.chord.minor != Some(true),
        SUBDOMINANT | SUBTONIC => true,
        _ => false,
    });
    let arrival_s = close.as_ref().map_or(f64::NAN, |close| close.arrival_s);
    let bass = |time_s: f64| {
        played.iter().filter(|n| n.is_chordal() && n.sounds_at(time_s)).min_by_key(|n| n.key).map(Note::class)
    };
    let rooted = close.as_ref().is_some_and(|close| {
        bass(close.arrival_s - BESIDE_S) == Some(close.before.chord.root)
            && bass(close.arrival_s + BESIDE_S) == Some(TONIC)
    });
    // Far from where it is wanted it is another chord; then what sounds in its place is asked.
    let there_s = if (arrival_s - wanted_s).abs() <= NEAR_S { arrival_s } else { wanted_s };
    let classes = chordal_classes(played, there_s + 0.3);
    let unresolved = close.as_ref().map_or(f64::NAN, |close| unresolved(played, close) as f64);
    vec![
        Criterion::holds("dominant, subdominant or lowered seventh, then the tonic", functional),
        Criterion::holds("root position", rooted),
        Criterion::holds("the tonic has its third", classes.contains(&5) || classes.contains(&6)),
        Criterion::at_most("leading tones and sevenths not resolved", unresolved, 0.0),
        Criterion::at_most("arrival off the client's tonic, s", (arrival_s - wanted_s).abs(), limit_s),
        Criterion::at_most("parallel fifths and octaves outside", parallels(exchange, arrival_s) as f64, 0.0),
    ]
}

/// The root of the chord before the tonic.
pub(super) fn closing_root(exchange: &Exchange) -> Option<u8> {
    close(exchange).map(|close| close.before.chord.root)
}

fn close(exchange: &Exchange) -> Option<Close> {
    let played = &exchange.files.played;
    let wanted_s = arrival_s(exchange);
    let chords = segments(played, exchange.window(8).from_s, exchange.window(12).from_s + 4.0);
    let is_home = |chord: &Segment| chord.chord.root == TONIC && chord.chord.minor.is_some();
    let homes = chords.windows(2).filter(|pair| is_home(&pair[1]));
    let off = |pair: &&[Segment]| (pair[1].from_s - wanted_s).abs();
    let pair = homes.min_by(|a, b| off(a).total_cmp(&off(b)))?;
    let lowest = played.iter().filter(|n| n.is_chordal() && n.sounds_at(pair[1].from_s + 0.05)).min_by_key(|n| n.key);
    let bass_s = lowest.map(|note| note.on_s).filter(|on_s| (pair[1].from_s - on_s).abs() <= 0.2);
    Some(Close { before: pair[0], home: pair[1], arrival_s: bass_s.unwrap_or(pair[1].from_s) })
}

/// How many leading tones and sevenths of a dominant do not go where they must.
fn unresolved(played: &[Note], close: &Close) -> usize {
    if close.before.chord.root != DOMINANT {
        return 0;
    }
    let from_s = (close.arrival_s - LAST_S).max(close.before.from_s);
    let sounds = |key: u8| {
        let until_s = close.home.to_s.min(close.arrival_s + RESOLVED_S);
        played.iter().any(|n| n.is_chordal() && n.key == key && n.on_s < until_s && n.off_s > close.arrival_s + 0.05)
    };
    let stays =
        |key: u8| played.iter().any(|n| n.is_chordal() && n.key == key && n.sounds_at(close.arrival_s + RESOLVED_S));
    let tones = played.iter().filter(|n| n.is_chordal() && n.on_s < close.arrival_s - 0.02 && n.off_s > from_s);
    tones
        .filter(|note| match note.class() {
            1 => !sounds(note.key + 1) || stays(note.key),
            7 => !(sounds(note.key - 1) || sounds(note.key - 2)) || stays(note.key),
            _ => false,
        })
        .count()
}

/// Parallel fifths and octaves of the lowest and the highest tone of bass and harmony, from the cue to the arrival.
fn parallels(exchange: &Exchange, arrival_s: f64) -> usize {
    let played = &exchange.files.played;
    let outer = |time_s: f64| -> Option<(i32, i32)> {
        let keys: Vec<u8> = played.iter().filter(|n| n.is_chordal() && n.sounds_at(time_s)).map(|n| n.key).collect();
        Some((i32::from(*keys.iter().min()?), i32::from(*keys.iter().max()?)))
    };
    let chords = segments(played, exchange.window(10).from_s, arrival_s + 1.0);
    let inside = chords.iter().skip(1).map(|chord| chord.from_s);
    inside
        .filter(|change_s| (exchange.window(11).from_s..=arrival_s + 0.5).contains(change_s))
        .filter(|change_s| {
            let (Some(a), Some(b)) = (outer(change_s - BESIDE_S), outer(change_s + BESIDE_S)) else { return false };
            let interval = |(low, high): (i32, i32)| (high - low).rem_euclid(12);
            let moved = (b.0 - a.0, b.1 - a.1);
            interval(a) == interval(b)
                && matches!(interval(a), 0 | 7)
                && moved.0 != 0
                && moved.0.signum() == moved.1.signum()
        })
        .count()
}
