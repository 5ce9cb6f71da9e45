//! Which chord to hold: the likeliest that has room for what she sings, near to what rings; of a minor colour only minor
//! ones; with nothing pitched heard, an open fifth.

use super::super::Moment;
use super::hand::Hand;
use crate::chord::{Chord, Family};
use crate::intend::idioms::idiom_row;
use crate::key::{KeyChoice, PitchClass};

/// What is to be held.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Held {
    /// Root, third and fifth.
    pub chord: Chord,
    /// Without its third: nothing tells which one.
    pub open: bool,
}

// What speaks for a chord, as a probability of it.

/// Her tone belongs to it; and where it comes with that tone.
const HER_TONE: f32 = 0.3;
const WITH_HER: f32 = 0.5;
/// Her tone is its seventh: a minor seventh over a minor chord, a major one over a major chord.
const HER_SEVENTH: f32 = 0.1;
/// Her tone is a semitone from one of its tones.
const RUBS: f32 = -0.3;
/// All its tones are of her key, or not.
const IN_KEY: f32 = 0.2;
const NOT_IN_KEY: f32 = -0.4;
/// Each of its tones that rings already.
const RINGS: f32 = 0.05;
/// It is the one that is held.
const STAY: f32 = 0.12;
/// It is the chord before, where another one is asked for; and that chord's root and fifth ring, but no third.
const NOT_NEW: f32 = -1.5;
const HARDLY_NEW: f32 = -0.2;
/// The therapist's colour at its ends.
const COLOUR: f32 = 0.45;
/// A minor colour asks for minor chords from here down.
const MINOR_FROM: f32 = -0.5;

/// Unsure of the key, a chord has its third if she sings it, or if it is this likely.
const SURE: f32 = 0.2;

/// What is asked of the chord.
#[derive(Clone, Copy, Debug, Default)]
pub struct Asked {
    /// The chord held so far.
    pub current: Option<Chord>,
    /// It comes with a tone of hers, or because of one that she holds against it: that tone counts more.
    pub with_her: bool,
    /// It must be another one.
    pub new: bool,
}

/// The chord to hold.
pub fn choose(moment: &Moment, hand: &Hand, asked: Asked) -> Held {
    let Moment { meaning, settings, intent, .. } = *moment;
    let key = meaning.tonality.key;
    // A knob at its end is the therapist's word: then no state is dark.
    let colour = if settings.colour >= 1.0 { 0.0 } else { intent.body.colour };
    let likely = &meaning.chords.now;
    let pitched = likely.iter().any(|&share| share > 0.0) || meaning.sounding_key.is_some();
    if !pitched {
        let root = key.map(|key| key.tonic).or(meaning.tonality.anchor).unwrap_or(super::UNTUNED_ROOT);
        let is_minor = key.is_none_or(|key| key.mode.is_minor()) || colour <= MINOR_FROM;
        let family = if is_minor { Family::Minor } else { Family::Major };
        // The therapist's key gives the third; nothing else does.
        return Held { chord: Chord { root, family }, open: key.is_none() };
    }
    let her_class = meaning.arrived_key().map(|key| key % 12);
    let share = |chord: Chord| -> f32 {
        Chord::all().zip(likely).filter(|(other, _)| other.same_triad(&chord)).map(|(_, share)| share).sum()
    };
    let value = |chord: Chord| {
        let triad = share(chord);
        let mut value = triad;
        value += her_class.map_or(0.0, |class| {
            let above = (class + 12 - chord.root) % 12;
            let seventh = if chord.family.is_minor() { 10 } else { 11 };
            let rubs = chord.classes().any(|tone| matches!((class + 12 - tone) % 12, 1 | 11));
            match () {
                () if chord.contains(class) && asked.with_her => WITH_HER,
                () if chord.contains(class) => HER_TONE,
                () if above == seventh => HER_SEVENTH,
                () if rubs => RUBS,
                () => 0.0,
            }
        });
        value +=
            key.map_or(0.0, |key| if chord.classes().all(|tone| key.contains(tone)) { IN_KEY } else { NOT_IN_KEY });
        value += RINGS * chord.classes().filter(|&tone| hand.has(tone)).count() as f32;
        let [root, third, fifth] = triad_of(chord);
        let stood = asked.current == Some(chord) || hand.has(root) && hand.has(third);
        value += match (asked.new, stood) {
            (true, true) => NOT_NEW,
            (true, false) if hand.has(root) && hand.has(fifth) => HARDLY_NEW,
            (false, _) if asked.current == Some(chord) && !asked.with_her => STAY,
            _ => 0.0,
        };
        if settings.key == KeyChoice::Auto {
            let bright = if chord.family.is_minor() { -1.0 } else { 1.0 };
            value += COLOUR * bright * settings.colour * triad.sqrt();
        }
        value
    };
    let fits = |chord: &Chord| match chord.family {
        Family::Minor => true,
        Family::Major => colour > MINOR_FROM,
        _ => false,
    };
    let best = Chord::all().filter(fits).map(|chord| (value(chord), chord)).max_by(|a, b| a.0.total_cmp(&b.0));
    let chord = best.map_or(Chord { root: super::UNTUNED_ROOT, family: Family::Minor }, |best| best.1);
    let hers = her_class == Some(triad_of(chord)[1]);
    let sure = key.is_some() || hers || share(chord) >= SURE;
    Held { chord, open: !(colour <= MINOR_FROM || sure && has_thirds(moment)) }
}

/// Chords have thirds here.
pub fn has_thirds(moment: &Moment) -> bool {
    moment.intent.character.chords && idiom_row(moment.settings.idiom).thirds
}

fn triad_of(chord: Chord) -> [PitchClass; 3] {
    let tones = chord.family.tones();
    [0, 1, 2].map(|index| (chord.root + tones[index]) % 12)
}
