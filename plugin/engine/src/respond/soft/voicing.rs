//! How a held chord lies: led from the tones that ring, few or many, by the least motion that sounds clear.
//!
//! The four-part voicing of the harmony asks for four parts before; here one to four tones may ring.

use super::super::harmony::voicing::{Keys, PARTS, are_parallel};
use super::chord::Held;
use crate::chord::Family;
use crate::key::PitchClass;
use arrayvec::ArrayVec;

/// What a voicing is wanted for.
#[derive(Clone, Copy, Debug)]
pub struct Wanted {
    /// The chord.
    pub held: Held,
    /// What rings: the bass, and the tones above it, ascending.
    pub before: [Option<u8>; PARTS],
    /// What she sings.
    pub hers: Option<u8>,
    /// Lowest and highest key allowed.
    pub register: (u8, u8),
    /// Where the top lies best.
    pub top: f32,
    /// How far from their usual places bass and upper lines lie, semitones.
    pub higher: [f32; 2],
    /// This pitch class must not lie in the bass and on top at once: that would close.
    pub open_end: Option<PitchClass>,
}

/// Most keys weighed for one line.
const CANDIDATES: usize = 9;
/// The bass lies best at G2, and this far around it.
const BASS: (u8, u8, f32) = (38, 52, 43.0);
/// The lines above it lie from here to this far above where the top lies best.
const UPPER_LOW: u8 = 48;
const TOP_ABOVE: f32 = 4.0;

// Costs in semitones of motion.

const LEAP: f32 = 0.08;
const BASS_MOTION: f32 = 0.6;
/// No tone stays.
const NOTHING_COMMON: f32 = 9.0;
const MISSING: f32 = 300.0;
const TWO_THIRDS: f32 = 3.0;
const FIRST_INVERSION: f32 = 4.0;
const SECOND_INVERSION: f32 = 12.0;
const UNISON: f32 = 14.0;
const SECONDS: [f32; 2] = [5.0, 1.5];
const MUDDY: f32 = 1.5;
const MUDDY_BELOW: (u8, u8) = (48, 7);
const WIDE: (f32, f32) = (9.0, 19.0);
const TOP_AWAY: f32 = 0.3;
const BASS_AWAY: f32 = 0.12;
const WITH_HER: [f32; 3] = [1.5, 3.0, 3.0];
const ABOVE_HER: f32 = 0.8;
const PARALLEL: f32 = 30.0;
const CLOSES: f32 = 60.0;

/// The best voicing, ascending. Where tones are fewer than lines, two lines have one key.
pub fn voice(wanted: &Wanted) -> Keys {
    let (low, high) = wanted.register;
    let has = |key: &u8| {
        let above = (key % 12 + 12 - wanted.held.chord.root) % 12;
        let tones = wanted.held.chord.family.tones();
        tones[..3].contains(&above) && !(wanted.held.open && above == tones[1])
    };
    let among = |from: u8, to: u8| -> ArrayVec<u8, CANDIDATES> {
        (from.clamp(low, high - 12)..=to.clamp(low + 12, high)).filter(has).take(CANDIDATES).collect()
    };
    let moved = |key: u8, by: f32| (f32::from(key) + by).clamp(0.0, 115.0) as u8;
    let [low_by, high_by] = wanted.higher;
    let basses = among(moved(BASS.0, low_by), moved(BASS.1, low_by));
    // What rings higher may stay.
    let rings = wanted.before.iter().flatten().max().map_or(0, |key| key + 1);
    let uppers = among(moved(UPPER_LOW, high_by), rings.max((wanted.top + TOP_ABOVE) as u8));
    let mut best = (f32::INFINITY, [low; PARTS]);
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

fn cost(keys: &Keys, wanted: &Wanted) -> f32 {
    motion(keys, &wanted.before) + balance(keys, wanted) + spacing(keys, wanted.held.open) + place(keys, wanted)
}

fn motion(keys: &Keys, before: &[Option<u8>; PARTS]) -> f32 {
    if before.iter().all(Option::is_none) {
        return 0.0;
    }
    let mut cost = 0.0;
    for (line, &key) in keys.iter().enumerate() {
        let nearest = before.iter().flatten().map(|&was| was.abs_diff(key)).min();
        let moved = f32::from(before[line].map(|was| was.abs_diff(key)).or(nearest).unwrap_or(0));
        cost += if line == 0 { BASS_MOTION } else { 1.0 } * (moved + LEAP * moved * moved);
    }
    let stays = keys.iter().any(|key| before.iter().flatten().any(|was| was == key));
    cost += if stays { 0.0 } else { NOTHING_COMMON };
    for low in 0..PARTS {
        for high in low + 1..PARTS {
            if let (Some(was_low), Some(was_high)) = (before[low], before[high]) {
                let parallel = keys[low] != keys[high] && are_parallel([was_low, was_high], [keys[low], keys[high]]);
                cost += PARALLEL * f32::from(parallel);
            }
        }
    }
    cost
}

fn balance(keys: &Keys, wanted: &Wanted) -> f32 {
    let chord = wanted.held.chord;
    let tones = chord.family.tones();
    let count = |above: u8| keys.iter().filter(|&&key| (key % 12 + 12 - chord.root) % 12 == above).count();
    let missing = |above: u8| if count(above) == 0 { MISSING } else { 0.0 };
    let mut cost = missing(0) + missing(tones[2]);
    cost += if wanted.held.open { 0.0 } else { missing(tones[1]) };
    cost += if count(tones[1]) > 1 && chord.family == Family::Major { TWO_THIRDS } else { 0.0 };
    let lowest = (keys[0] % 12 + 12 - chord.root) % 12;
    let inverted = if lowest == 0 {
        0.0
    } else if lowest == tones[1] {
        FIRST_INVERSION
    } else {
        SECOND_INVERSION
    };
    let ends = |class: PitchClass| keys[0] % 12 == class && keys[PARTS - 1] % 12 == class;
    cost + inverted + if wanted.open_end.is_some_and(ends) { CLOSES } else { 0.0 }
}

fn spacing(keys: &Keys, open: bool) -> f32 {
    let mut cost = 0.0;
    for (line, pair) in keys.windows(2).enumerate() {
        let gap = pair[1] - pair[0];
        cost += match gap {
            0 => {
                if open {
                    1.0
                } else {
                    UNISON
                }
            }
            1 | 2 => SECONDS[usize::from(gap) - 1],
            _ => 0.0,
        };
        if pair[0] < MUDDY_BELOW.0 && gap < MUDDY_BELOW.1 {
            cost += MUDDY * f32::from(MUDDY_BELOW.1 - gap);
        }
        cost += (f32::from(gap) - if line == 0 { WIDE.1 } else { WIDE.0 }).max(0.0);
    }
    cost
}

fn place(keys: &Keys, wanted: &Wanted) -> f32 {
    let top = f32::from(keys[PARTS - 1]);
    let cost = TOP_AWAY * (top - wanted.top).abs() + BASS_AWAY * (f32::from(keys[0]) - BASS.2 - wanted.higher[0]).abs();
    let Some(hers) = wanted.hers else { return cost };
    let near: f32 = keys.iter().filter_map(|key| WITH_HER.get(usize::from(key.abs_diff(hers)))).sum();
    cost + near + ABOVE_HER * (top - f32::from(hers)).clamp(0.0, 5.0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::chord::Chord;

    fn wanted(chord: Chord, before: [Option<u8>; PARTS]) -> Wanted {
        let held = Held { chord, open: false };
        Wanted { held, before, hers: None, register: (36, 84), top: 60.0, higher: [0.0; 2], open_end: None }
    }

    #[test]
    fn from_a_few_tones_a_chord_grows_by_small_steps_and_keeps_one_of_them() {
        for before in
            [[Some(41), Some(57), Some(52), None], [None, Some(50), Some(57), None], [Some(38), Some(57), None, None]]
        {
            let gm = Chord { root: 7, family: Family::Minor };
            let dm = Chord { root: 2, family: Family::Minor };
            for chord in [gm, dm, Chord { root: 9, family: Family::Minor }] {
                let keys = voice(&wanted(chord, before));
                assert!(chord.classes().all(|class| keys.iter().any(|key| key % 12 == class)), "{chord} {keys:?}");
                let far = keys.iter().all(|key| before.iter().flatten().all(|was| was.abs_diff(*key) > 2));
                assert!(!far && keys.is_sorted(), "{before:?} to {chord} {keys:?}");
            }
        }
    }

    #[test]
    fn a_rest_does_not_close_with_the_tonic_below_and_on_top() {
        for root in 0..12 {
            for family in [Family::Major, Family::Minor] {
                let keys = voice(&Wanted { open_end: Some(root), ..wanted(Chord { root, family }, [None; PARTS]) });
                assert!(keys[0] % 12 != root || keys[3] % 12 != root, "{keys:?}");
            }
        }
    }

    #[test]
    fn every_register_of_two_octaves_has_a_voicing() {
        for low in (0..=103).step_by(4) {
            let register = (low, low + 24);
            for chord in Chord::all().filter(|chord| matches!(chord.family, Family::Major | Family::Minor)) {
                let keys = voice(&Wanted { register, ..wanted(chord, [None; PARTS]) });
                assert!(keys.iter().all(|key| (low..=low + 24).contains(key)), "{register:?} {chord} {keys:?}");
            }
        }
    }
}
