//! 2, minor: a new minor harmony supports.

use super::Criterion;
use crate::exchange::files::Note;
use crate::exchange::measure::attack::{attacks_within, begun};
use crate::exchange::measure::roughness::against_close;
use crate::exchange::measure::sounding::{chordal_classes, instants, share};
use crate::exchange::measure::{mean, most};
use crate::exchange::rig::Exchange;
use std::collections::BTreeSet;

/// The chord stands for this long at least, s; less is a passing meeting of tones.
const STANDS_S: f64 = 0.2;

/// A tone belongs to the chord before if it sounded this long before the new one or less, s.
const BEFORE_S: f64 = 0.5;

/// The criteria of the second line.
///
/// Readings: the chord is what bass and harmony sound, exactly root, minor third and fifth, with a minor seventh or
/// without, for 0.2 s at least; it begins when the last of its tones does. It is another chord than the one before if
/// its root is another, or the one before was not minor. Motion is from the line (`part`) to the same line, and where a
/// line is new or gone, from the nearest tone; a common tone is the same key. Velocity changes from the mean of the
/// window before to each attack of this one.
pub fn minor(exchange: &Exchange) -> Vec<Criterion> {
    let window = exchange.window(1);
    let Some(line) = exchange.line(1) else { return Vec::new() };
    let played = &exchange.files.played;
    let before = exchange.window(0);
    let old_root = last_minor_root(played, before.from_s, window.from_s);
    let found = instants(window.from_s, window.to_s).find_map(|time_s| {
        let root = minor_root(&chordal_classes(played, time_s))?;
        let stands =
            instants(time_s, time_s + STANDS_S).all(|at| minor_root(&chordal_classes(played, at)) == Some(root));
        (stands && Some(root) != old_root).then_some((time_s, root))
    });
    let (begins_s, root) = found.unwrap_or((f64::NAN, 0));
    let holds = |time_s: f64| {
        let classes = chordal_classes(played, time_s);
        found.is_some() && classes.contains(&root) && classes.contains(&((root + 3) % 12))
    };
    let chordal = |time_s: f64| -> Vec<&Note> {
        played.iter().filter(|note| note.is_chordal() && note.sounds_at(time_s)).collect()
    };
    let new = chordal(begins_s + 0.5 * STANDS_S);
    let old: Vec<&Note> = last_sounding(played, window.from_s.min(begins_s), before.from_s);
    let velocity_before =
        mean(&begun(played, before.from_s, window.from_s).map(|note| f64::from(note.velocity)).collect::<Vec<_>>());
    let changes = attacks_within(played, window.from_s, window.to_s);
    let change = most(changes.iter().map(|attack| (attack.velocity() - velocity_before).abs()));
    let keys: Vec<f64> = new.iter().map(|note| f64::from(note.key)).collect();
    let common = new.iter().filter(|note| old.iter().any(|old| old.key == note.key)).count();
    vec![
        Criterion::within("new minor chord after the line's onset, s", begins_s - line.start_s, -0.25..=1.0),
        Criterion::at_least(
            "root and minor third, share of the line",
            share(line.start_s, line.end_s, |t| Some(holds(t))),
            0.6,
        ),
        Criterion::at_most("mean motion, semitones", motion(&old, &new), 3.0),
        Criterion::at_least("common tones", if old.is_empty() { f64::NAN } else { common as f64 }, 1.0),
        Criterion::at_most("roughness against a close chord", against_close(&keys), 1.3),
        Criterion::at_most("change of velocity", change, 8.0),
    ]
}

/// The root of a minor triad or minor seventh chord of exactly these pitch classes.
fn minor_root(classes: &BTreeSet<u8>) -> Option<u8> {
    let is = |root: &u8, above: &[u8]| {
        classes.iter().copied().eq(above.iter().map(|a| (root + a) % 12).collect::<BTreeSet<_>>())
    };
    (0..12).find(|root| is(root, &[0, 3, 7]) || is(root, &[0, 3, 7, 10]))
}

/// The root of the last chord before `to_s` if that is minor, third and root at least.
fn last_minor_root(played: &[Note], from_s: f64, to_s: f64) -> Option<u8> {
    let last = instants(from_s, to_s).filter(|t| chordal_classes(played, *t).len() >= 2).last()?;
    let classes = chordal_classes(played, last);
    let minor = crate::exchange::measure::chords::chord_at(played, last).filter(|chord| chord.minor == Some(true));
    minor.map(|chord| chord.root).filter(|root| classes.contains(root))
}

/// Bass and harmony as they last sounded up to `time_s`.
fn last_sounding(played: &[Note], time_s: f64, from_s: f64) -> Vec<&Note> {
    let at = |time_s: f64| played.iter().filter(move |note| note.is_chordal() && note.sounds_at(time_s));
    let last = instants(from_s, time_s).filter(|t| at(*t).next().is_some()).last();
    last.filter(|last| time_s - last <= BEFORE_S).map_or_else(Vec::new, |last| at(last).collect())
}

/// Mean distance in semitones from the tones before to those after.
fn motion(old: &[&Note], new: &[&Note]) -> f64 {
    let moved = |note: &&Note| {
        let own = old.iter().find(|before| before.part == note.part);
        let nearest = || old.iter().min_by_key(|before| before.key.abs_diff(note.key));
        own.or_else(nearest).map(|before| f64::from(before.key.abs_diff(note.key)))
    };
    mean(&new.iter().filter_map(moved).collect::<Vec<_>>())
}
