//! Tension: sevenths, and from there on ninths, in the place of tones that the chord has twice or can do without.

use super::super::Moment;
use super::voicing::{Keys, PARTS};
use crate::chord::{Chord, Family};
use crate::key::PitchClass;

/// A chord has its seventh from this tension on, and its ninth from this one.
const SEVENTH: f32 = 0.25;
const NINTH: f32 = 0.5;
/// Not all chords at once: some need so much more.
const LATER: f32 = 0.35;
/// Farthest that a part moves for it, semitones.
const REACH: u8 = 6;
/// With less tension than this a chord keeps to its own tones, whatever she sings.
const PLAIN_BELOW: f32 = 0.1;
/// Under this tension nothing lies a semitone from what she sings.
const SPARES_HER: f32 = 0.8;

/// No tone of hers that a chord lacks comes to it.
pub(in crate::respond) fn is_plain(moment: &Moment) -> bool {
    moment.settings.tension < PLAIN_BELOW
}

/// `keys` of `chord` with as much tension as the therapist asks for.
pub(in crate::respond) fn tensed(keys: Keys, chord: Chord, moment: &Moment) -> Keys {
    let settings = moment.settings;
    // Steps of fifths apart, neighbours in a progression differ most.
    let later = LATER * f32::from(7 * chord.root % 12) / 12.0;
    let asked = settings.tension - later;
    if asked < SEVENTH || chord.family == Family::Diminished {
        return keys;
    }
    let mut tense = keys;
    add(&mut tense, chord, seventh(chord, moment), moment);
    if asked >= NINTH {
        add(&mut tense, chord, (chord.root + 2) % 12, moment);
    }
    tense
}

/// The seventh that belongs to the key; without one, the minor one but for a major triad.
fn seventh(chord: Chord, moment: &Moment) -> PitchClass {
    let [minor, major] = [10, 11].map(|above| (chord.root + above) % 12);
    let in_key = |class: PitchClass| moment.meaning.tonality.key.is_none_or(|key| key.contains(class));
    let plain = if chord.family == Family::Major { major } else { minor };
    let other = if plain == major { minor } else { major };
    if in_key(plain) || chord.family != Family::Major { plain } else { other }
}

/// Puts `class` in the place of an upper tone that is doubled, or of the fifth.
fn add(keys: &mut Keys, chord: Chord, class: PitchClass, moment: &Moment) {
    let foreign = moment.meaning.tonality.key.is_some_and(|key| !key.contains(class));
    let beside_her = moment.meaning.sounding_key.is_some_and(|hers| matches!((hers + 12 - class) % 12, 1 | 11));
    if foreign || beside_her && moment.settings.tension < SPARES_HER || keys.iter().any(|key| key % 12 == class) {
        return;
    }
    let third = (chord.root + chord.family.tones()[1]) % 12;
    let doubled = |&part: &usize| (0..PARTS).any(|other| other != part && keys[other] % 12 == keys[part] % 12);
    let fifth = |&part: &usize| keys[part] % 12 == (chord.root + 7) % 12;
    let free = |part: &usize| keys[*part] % 12 != third;
    let mut upper = (1..PARTS).rev();
    let part = upper.clone().filter(free).find(doubled).or_else(|| upper.find(fifth));
    let Some(part) = part else { return };
    let (low, high) = (moment.settings.register_low.max(keys[0] + 3), moment.settings.register_high);
    let near =
        (keys[part].saturating_sub(REACH).max(low)..=(keys[part] + REACH).min(high)).filter(|key| key % 12 == class);
    if let Some(key) = near.min_by_key(|key| key.abs_diff(keys[part])) {
        keys[part] = key;
        keys[1..].sort_unstable();
    }
}
