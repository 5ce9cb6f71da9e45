//! The four voices of a chord of the way home: led from those before by a bounded search, strict where a cadence is.
//!
//! The leading tone rises and the seventh falls, always; bass and chord are as the formula has them.

use super::super::harmony::voicing::{Keys, PARTS, are_parallel};
use super::formulas::Sonority;
use crate::chord::{Chord, Family};
use crate::key::PitchClass;
use arrayvec::ArrayVec;

/// What voices are wanted for.
#[derive(Clone, Copy, Debug)]
pub(super) struct Wanted {
    /// What shall sound.
    pub sonority: Sonority,
    /// The chord before and its keys.
    pub before: Option<(Chord, Keys)>,
    /// Home.
    pub tonic: PitchClass,
    /// Lowest and highest key allowed.
    pub register: (u8, u8),
    /// Where the top voice lies best, MIDI key.
    pub top: f32,
}

/// Where the bass lies best, MIDI key (G2), and how far it may go to either side.
const BASS_CENTRE: i32 = 43;
const BASS_REACH: i32 = 8;
/// The upper voices lie within so many semitones, up to so many above where the top lies best.
const REACH: i32 = 19;
const TOP_ABOVE: i32 = 4;
const ROOM_TO_RISE: i32 = 3;
/// Most keys weighed for one voice: four tones in an octave and a half and a few.
const CANDIDATES: usize = 10;

// Costs are in semitones of motion: for what a musician would accept a leap of so many semitones.

/// A tone that makes the chord what it is is missing, or one that must move is doubled.
const WRONG: f32 = 300.0;
const NO_FIFTH: f32 = 8.0;
/// A dominant seventh with its root twice and no fifth leads to a whole tonic.
const FIFTH_IN_SEVENTH: f32 = 3.0;
const TWO_THIRDS: f32 = 6.0;
/// The leading tone or the seventh goes elsewhere.
const UNRESOLVED: f32 = 1_000.0;
const PARALLEL: f32 = 400.0;
/// One leap costs more than two steps.
const LEAP: f32 = 0.12;
const BASS_MOTION: f32 = 0.3;
const OVERLAP: f32 = 4.0;
/// A semitone from where top and bass lie best.
const TOP_AWAY: f32 = 0.35;
const BASS_AWAY: f32 = 0.2;
/// Narrow and low is muddy, wide between upper voices is hollow.
const CLEAR_FROM_KEY: i32 = 48;
const MUDDY_BELOW: i32 = 7;
const MUDDY: f32 = 1.5;
const HOLLOW_FROM: i32 = 10;
const HOLLOW: f32 = 2.0;
const MINOR_SECOND: f32 = 5.0;
const MAJOR_SECOND: f32 = 2.0;
/// A voice outside the therapist's register would be moved by an octave, and its line broken.
const BASS_GAP: i32 = 21;

/// The best keys, ascending.
pub(super) fn lead(wanted: &Wanted) -> Keys {
    let (low, high) = (i32::from(wanted.register.0), i32::from(wanted.register.1));
    let top = (wanted.top.round() as i32 + TOP_ABOVE).clamp((low + REACH).min(high), high);
    // The top voice has room to rise by a third: a leading tone to its tonic, and any tone against a bass that falls.
    let top = wanted.before.map_or(top, |(_, keys)| top.max(i32::from(keys[PARTS - 1]) + ROOM_TO_RISE).min(high));
    let bass_at = BASS_CENTRE.clamp((low + BASS_REACH).min(high), high);
    let is_bass = |key: u8| key % 12 == wanted.sonority.bass;
    let basses = candidates(bass_at - BASS_REACH, bass_at + BASS_REACH, wanted, is_bass);
    let uppers = candidates(top - REACH, top, wanted, |key| wanted.sonority.contains(key % 12));
    let lowest = wanted.register.0;
    let mut best = (f32::INFINITY, [lowest; PARTS]);
    for &bass in &basses {
        for (index, &first) in uppers.iter().enumerate().filter(|(_, key)| **key >= bass) {
            for (later, &second) in uppers.iter().enumerate().skip(index) {
                for &third in &uppers[later..] {
                    let keys = [bass, first, second, third];
                    let cost = cost(&keys, wanted);
                    if cost < best.0 {
                        best = (cost, keys);
                    }
                }
            }
        }
    }
    best.1
}

fn candidates(low: i32, high: i32, wanted: &Wanted, fits: impl Fn(u8) -> bool) -> ArrayVec<u8, CANDIDATES> {
    let (low, high) = (low.max(i32::from(wanted.register.0)), high.min(i32::from(wanted.register.1)));
    (low..=high).map(|key| key as u8).filter(|&key| fits(key)).take(CANDIDATES).collect()
}

fn cost(keys: &Keys, wanted: &Wanted) -> f32 {
    let mut cost = balance(keys, &wanted.sonority) + spacing(keys, wanted.top);
    if let Some((chord, before)) = &wanted.before {
        cost += motion(before, keys) + resolution(*chord, before, keys, wanted);
    }
    cost
}

fn balance(keys: &Keys, sonority: &Sonority) -> f32 {
    let count = |above: u8| keys.iter().filter(|&&key| key % 12 == (sonority.chord.root + above) % 12).count();
    let tones = sonority.chord.family.tones();
    let leads = sonority.chord.family == Family::Dominant;
    let fifth = match (count(tones[2]), leads) {
        (0, true) => 0.0,
        (0, false) => NO_FIFTH,
        (_, true) => FIFTH_IN_SEVENTH,
        (_, false) => 0.0,
    };
    let third = match count(tones[1]) {
        _ if sonority.open => 0.0,
        1 => 0.0,
        0 => WRONG,
        _ if leads => WRONG,
        _ => TWO_THIRDS,
    };
    let seventh = tones.get(3).map_or(0.0, |&seventh| if count(seventh) == 1 { 0.0 } else { WRONG });
    let root = if count(0) == 0 { WRONG } else { 0.0 };
    fifth + third + seventh + root
}

fn spacing(keys: &Keys, top: f32) -> f32 {
    let gap = |low: usize, high: usize| i32::from(keys[high]) - i32::from(keys[low]);
    let mut cost = TOP_AWAY * (f32::from(keys[PARTS - 1]) - top).abs();
    cost += BASS_AWAY * (i32::from(keys[0]) - BASS_CENTRE).abs() as f32;
    for part in 1..PARTS {
        let between = gap(part - 1, part);
        cost += match between {
            0 => WRONG,
            1 => MINOR_SECOND,
            2 => MAJOR_SECOND,
            _ => 0.0,
        };
        if i32::from(keys[part - 1]) < CLEAR_FROM_KEY {
            cost += MUDDY * (MUDDY_BELOW - between).max(0) as f32;
        }
        let wide = if part == 1 { BASS_GAP } else { HOLLOW_FROM };
        cost += HOLLOW * (between - wide).max(0) as f32;
    }
    cost
}

fn motion(before: &Keys, keys: &Keys) -> f32 {
    let step = |part: usize| f32::from(keys[part].abs_diff(before[part]));
    let upper: f32 = (1..PARTS).map(|part| step(part) + LEAP * step(part) * step(part)).sum();
    let overlaps = (1..PARTS).filter(|&part| keys[part - 1] > before[part] || keys[part] < before[part - 1]).count();
    let mut cost = upper + BASS_MOTION * step(0) + OVERLAP * overlaps as f32;
    for low in 0..PARTS {
        for high in low + 1..PARTS {
            cost += PARALLEL * f32::from(are_parallel([before[low], before[high]], [keys[low], keys[high]]));
        }
    }
    cost
}

/// The leading tone goes up to the tonic and the seventh of the dominant down, where the new chord has those tones.
fn resolution(chord: Chord, before: &Keys, keys: &Keys, wanted: &Wanted) -> f32 {
    let dominant = (wanted.tonic + 7) % 12;
    let leads = chord.root == dominant && matches!(chord.family, Family::Major | Family::Dominant);
    if !leads || wanted.sonority.chord.root == dominant {
        return 0.0;
    }
    let leading = (wanted.tonic + 11) % 12;
    let seventh = (wanted.tonic + 5) % 12;
    let has = |class: u8| wanted.sonority.contains(class % 12);
    let mut cost = 0.0;
    for (&was, &is) in before.iter().zip(keys) {
        let rises = is == was + 1;
        let falls = is + 1 == was || is + 2 == was;
        if was % 12 == leading && has(leading + 1) && !rises {
            cost += UNRESOLVED;
        }
        if was % 12 == seventh && (has(seventh + 11) || has(seventh + 10)) && !falls {
            cost += UNRESOLVED;
        }
    }
    cost
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_top_voice_rises_where_all_others_would_fall_in_parallels() {
        // A7 with its fifth on top to G minor, in D minor: from E the top may not fall to D above a bass from A to G.
        let dominant = Chord { root: 9, family: Family::Dominant };
        let before = [45, 55, 61, 64];
        let sonority = Sonority { chord: Chord { root: 7, family: Family::Minor }, bass: 7, open: false };
        let wanted = Wanted { sonority, before: Some((dominant, before)), tonic: 2, register: (34, 74), top: 60.0 };
        let keys = lead(&wanted);
        let pairs = (0..PARTS).flat_map(|low| (low + 1..PARTS).map(move |high| (low, high)));
        let mut parallel = pairs.filter(|&(l, h)| are_parallel([before[l], before[h]], [keys[l], keys[h]]));
        assert_eq!(parallel.next(), None, "{keys:?}");
        assert!(keys.contains(&62) && keys.iter().any(|key| key % 12 == 10), "{keys:?}");
    }
}
