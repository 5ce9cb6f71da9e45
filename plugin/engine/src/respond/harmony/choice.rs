//! Which chord: the likeliest one, weighed against staying where one is and against the tone the client sings.

use super::super::Moment;
use super::theme::{Theme, then};
use crate::chord::{CHORDS, Chord, Family};
use crate::key::KeyChoice;
use crate::names::Named;

/// What it is worth that her tone belongs to the chord, as a probability of the chord. From 0.15 to 0.4 it fits her better
/// (82.3 to 86.6 % of 100 lead sheets, 76.2 to 79.0 % of 100 folk tunes) and changes more often (0.97 to 1.22 a bar), but
/// agrees less with what people play (38.2 to 37.5, 60.3 to 58.6 %); measured with one memory and evidence softened to 0.5.
const HER_TONE: f32 = 0.15;
/// The same where she has held that tone against the chord that sounds: it must give way, and staying is worth nothing.
const HER_HELD_TONE: f32 = 0.4;
/// By how much a new chord must be likelier than the one that sounds.
const STAY: [f32; 4] = [0.05, 0.08, 0.15, 0.1];
/// Share of that for a change within the same triad, which adds or drops a seventh.
const STAY_TRIAD: f32 = 0.9;
/// What the finer choice between chords of one triad is worth.
const FINER: f32 = 0.02;
/// What the therapist's colour is worth at its ends.
const COLOUR: f32 = 0.45;
/// What it costs to close as a function where the approach leaves closing to the client.
const FUNCTIONAL_CLOSE: f32 = 0.12;

/// Where a change may come.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(in crate::respond) enum Chance {
    /// The first beat of a bar, or the beginning of a phrase.
    Downbeat = 0,
    /// The middle of a bar.
    Middle = 1,
    /// Another beat.
    Beat = 2,
    /// A note of hers, where there is no beat.
    Note = 3,
}

/// The chord to play at `chance`, where `current` sounds. `held`: she has held her tone for a while.
pub(in crate::respond) fn choose(moment: &Moment, current: Option<Chord>, chance: Chance, held: bool) -> Option<Chord> {
    let Moment { meaning, intent, settings, .. } = *moment;
    let likely = &meaning.chords.now;
    let key = meaning.tonality.key;
    let her_class = meaning.arrived_key().map(|key| key % 12);
    let against = held && her_class.is_some_and(|class| current.is_some_and(|chord| !chord.contains(class)));
    let her_tone = if against { HER_HELD_TONE } else { HER_TONE };
    let open_key = settings.key == KeyChoice::Auto;
    let (theme, then) = (Theme::of(moment), then(meaning));
    let families = Family::ALL.len();
    let utility = |index: usize| {
        let chord = Chord::at(index);
        let of_root = &likely[index / families * families..][..families];
        let triad: f32 = Family::ALL
            .iter()
            .zip(of_root)
            .filter(|(family, _)| chord.same_triad(&Chord { root: chord.root, family: **family }))
            .map(|(_, share)| share)
            .sum();
        let mut utility = triad + FINER * likely[index] / triad.max(1e-6);
        utility += if her_class.is_some_and(|class| chord.contains(class)) { her_tone } else { 0.0 };
        utility += match current {
            _ if against => 0.0,
            Some(current) if current == chord => STAY[chance as usize],
            Some(current) if current.same_triad(&chord) => STAY_TRIAD * STAY[chance as usize],
            _ => 0.0,
        };
        utility += theme.worth(chord, then);
        if open_key {
            let bright = if chord.family.is_minor() { -1.0 } else { 1.0 };
            utility += COLOUR * bright * settings.colour * triad.sqrt();
        }
        let dominant =
            |chord: Chord| key.is_some_and(|key| (key.tonic + 7) % 12 == chord.root) && !chord.family.is_minor();
        let home = key.is_some_and(|key| key.tonic == chord.root);
        let closes = current.is_some_and(dominant) && home;
        let leads = chord.family == Family::Dominant;
        if !intent.character.functional && (closes || leads) {
            utility -= FUNCTIONAL_CLOSE;
        }
        utility
    };
    if likely.iter().all(|&share| share == 0.0) {
        return None;
    }
    let best = (0..CHORDS).max_by(|&a, &b| utility(a).total_cmp(&utility(b)))?;
    Some(Chord::at(best))
}
