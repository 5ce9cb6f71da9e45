//! The tones of an answer: of all lines that keep to the tones and the register, the one that follows the contour in
//! the smoothest steps, stands on chord tones where it matters, and comes home.

use super::counterpoint::{Pair, standing};
use crate::chance::Chance;
use crate::key::PitchClass;
use arrayvec::ArrayVec;

/// Most notes of a line.
pub const NOTES_MAX: usize = 7;

/// Keys that a line may use: two octaves and a half.
const KEYS_MAX: usize = 31;

// Costs in units of one step against the contour.

/// For each semitone away from where the contour would have it.
const OFF_CONTOUR: f32 = 0.12;
/// The line goes up where the contour goes down, or stays where it moves.
const AGAINST_CONTOUR: f32 = 1.0;
/// Not a tone of the chord, on a strong place.
const OUTSIDE_CHORD: f32 = 1.6;
/// Hers, tone for tone.
const COPIED: f32 = 0.8;
/// The same tone again.
const REPEATED: f32 = 0.7;
/// A third, and each semitone beyond it.
const THIRD: f32 = 0.25;
const LEAP: f32 = 0.22;
/// Farthest leap, semitones: a sixth. A tritone is not leapt.
const LEAP_LIMIT: i32 = 9;
const TRITONE: i32 = 6;
/// Ends anywhere but at home.
const NOT_HOME: f32 = 20.0;
/// Chance has so much to say about each tone.
const WHIM: f32 = 0.7;

/// A place of the line.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Place {
    /// Where the contour would have it, MIDI key, between keys.
    pub contour: f32,
    /// It is long, first, last, or on a beat.
    pub strong: bool,
    /// What she sang at this place of her phrase.
    pub hers: Option<u8>,
}

/// What a line has to keep to.
pub struct Bounds<'a> {
    /// Which pitch classes it may use.
    pub tones: [bool; 12],
    /// Which of them are of the chord; all where none is known.
    pub chord: [bool; 12],
    /// Lowest and highest key.
    pub register: (u8, u8),
    /// Pitch class to end on.
    pub home: Option<PitchClass>,
    /// A key that she holds meanwhile.
    pub held: Option<u8>,
    /// Every choice left to chance.
    pub chance: &'a mut Chance,
}

/// The cheapest line through `places`, found by dynamic programming over all keys (Viterbi 1967); empty if there is no
/// key that may be used.
pub fn compose(places: &[Place], bounds: &mut Bounds<'_>) -> ArrayVec<u8, NOTES_MAX> {
    let places = &places[..places.len().min(NOTES_MAX)];
    let keys = candidates(places, bounds);
    let mut best: ArrayVec<[f32; KEYS_MAX], NOTES_MAX> = ArrayVec::new();
    let mut from: ArrayVec<[usize; KEYS_MAX], NOTES_MAX> = ArrayVec::new();
    if keys.is_empty() {
        return ArrayVec::new();
    }
    for (index, place) in places.iter().enumerate() {
        let (mut costs, mut came) = ([f32::INFINITY; KEYS_MAX], [0; KEYS_MAX]);
        let contour = index.checked_sub(1).map_or(0.0, |before| place.contour - places[before].contour);
        for (to, &key) in keys.iter().enumerate() {
            let here = stand(key, place, bounds, index + 1 == places.len());
            let arrive = |before: usize| best[index - 1][before] + step(keys[before], key, contour);
            let cheapest = (0..keys.len()).map(|before| (before, if index == 0 { 0.0 } else { arrive(before) }));
            let (before, cost) = cheapest.min_by(|a, b| a.1.total_cmp(&b.1)).unwrap_or((0, 0.0));
            (costs[to], came[to]) = (here + cost, before);
        }
        best.push(costs);
        from.push(came);
    }
    let mut line = ArrayVec::new();
    let last = best.last().map_or(&[][..], |costs| &costs[..keys.len()]);
    let mut at = (0..last.len()).min_by(|&a, &b| last[a].total_cmp(&last[b])).unwrap_or(0);
    for came in from.iter().rev() {
        line.push(keys[at]);
        at = came[at];
    }
    line.reverse();
    line
}

/// The usable keys nearest to the contour.
fn candidates(places: &[Place], bounds: &Bounds<'_>) -> ArrayVec<u8, KEYS_MAX> {
    let middle = places.iter().map(|place| place.contour).sum::<f32>() / places.len().max(1) as f32;
    let (low, high) = (i32::from(bounds.register.0), i32::from(bounds.register.1));
    let half = KEYS_MAX as i32 / 2;
    let middle = (middle.round() as i32).clamp(low, high);
    let near = (middle - half).max(low)..=(middle + half).min(high);
    near.map(|key| key as u8).filter(|key| bounds.tones[usize::from(key % 12)]).collect()
}

fn stand(key: u8, place: &Place, bounds: &mut Bounds<'_>, is_last: bool) -> f32 {
    let mut cost = OFF_CONTOUR * (f32::from(key) - place.contour).abs() + WHIM * bounds.chance.unit();
    if place.strong && !bounds.chord[usize::from(key % 12)] {
        cost += OUTSIDE_CHORD;
    }
    if place.hers == Some(key) {
        cost += COPIED;
    }
    if is_last && bounds.home.is_some_and(|home| key % 12 != home) {
        cost += NOT_HOME;
    }
    match bounds.held.map(|hers| standing(Pair { hers, ours: key }, place.strong)) {
        None => cost,
        Some(Some(interval)) => cost + interval,
        Some(None) => cost + NOT_HOME,
    }
}

fn step(from: u8, to: u8, contour: f32) -> f32 {
    let step = i32::from(to) - i32::from(from);
    let size = step.abs();
    if size > LEAP_LIMIT || size == TRITONE {
        return NOT_HOME;
    }
    let against = contour != 0.0 && step as f32 * contour <= 0.0;
    let motion = match size {
        0 => REPEATED,
        1 | 2 => 0.0,
        _ => THIRD + LEAP * (size - 3).max(0) as f32,
    };
    motion + if against { AGAINST_CONTOUR } else { 0.0 }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::chance::Stream;

    const D_MINOR: [bool; 12] = [true, false, true, false, true, true, false, true, false, true, true, false];
    const D_CHORD: [bool; 12] = [false, false, true, false, false, true, false, false, false, true, false, false];

    fn line(contour: &[f32], held: Option<u8>, seed: u32) -> Vec<u8> {
        let places: Vec<Place> = contour.iter().map(|&contour| Place { contour, strong: true, hers: None }).collect();
        let mut chance = Chance::new(seed, Stream::Countermelody, 1);
        let (tones, chord) = (D_MINOR, D_CHORD);
        let mut bounds = Bounds { tones, chord, register: (48, 84), home: Some(2), held, chance: &mut chance };
        compose(&places, &mut bounds).to_vec()
    }

    #[test]
    fn a_line_follows_the_contour_and_comes_home_in_key_whatever_the_chance() {
        for seed in 0..50 {
            let line = line(&[62.0, 65.0, 69.0, 67.0, 65.0, 62.0], None, seed);
            assert_eq!(line.len(), 6);
            assert_eq!(line.last().map(|key| key % 12), Some(2), "{line:?}");
            assert!(line.iter().all(|key| D_MINOR[usize::from(key % 12)]), "{line:?}");
            assert!(line.windows(2).all(|pair| pair[0].abs_diff(pair[1]) <= 9 && pair[0].abs_diff(pair[1]) != 6));
            assert!(line[2] > line[0] && line[2] > line[5], "{line:?}");
        }
    }

    #[test]
    fn under_a_tone_she_holds_every_strong_tone_is_consonant() {
        for seed in 0..50 {
            let line = line(&[60.0, 58.0, 57.0, 60.0, 62.0], Some(69), seed);
            assert!(line.iter().all(|key| matches!(69_u8.abs_diff(*key) % 12, 0 | 3 | 4 | 5 | 7 | 8 | 9)), "{line:?}");
        }
    }

    #[test]
    fn without_a_usable_tone_there_is_no_line() {
        let mut chance = Chance::new(1, Stream::Countermelody, 1);
        let chord = [true; 12];
        let mut bounds =
            Bounds { tones: [false; 12], chord, register: (48, 84), home: None, held: None, chance: &mut chance };
        assert!(compose(&[Place::default()], &mut bounds).is_empty());
    }
}
