//! Turn: where nothing lies under the client's turn, our own answer has a chord of its own, no longer than itself
//! (turn-taking, Wigram 2004).

use super::harmony::choice::{Chance, choose};
use super::harmony::tension::tensed;
use super::harmony::voicing::{Keys, Wanted, voice};
use super::plan::{Behaviour, Order, Orders, PlannedNote, Voice};
use super::{Moment, loudness};
use crate::chord::{Chord, Family};
use crate::intend::idioms::idiom_row;

/// The chord sinks so far below the answer: it is ground, not figure.
const UNDER_THE_ANSWER: f32 = 10.0;
/// How far its top lies below the middle of her range, semitones; where it stays; and where the bass lies best.
const BELOW_HER: f32 = 6.0;
const TOP_LIMITS: (f32, f32) = (58.0, 65.0);
const BASS_CENTRE: f32 = 45.0;
/// Where the approach sustains, the chord rings on into the client's turn for so long, s; silence ends it sooner.
const RINGS_ON_S: f64 = 5.5;

/// Where no chords are claimed these lines alone lie under the answer, a fourth or a fifth without a bass.
const WITHOUT_CHORDS: [usize; 2] = [1, 2];

/// Puts a chord under the answer that begins among the orders from the one at `from` on; returns it and its keys.
pub fn under_answer(moment: &Moment, from: usize, orders: &mut Orders) -> Option<(Chord, Keys)> {
    let Moment { meaning, intent, settings, .. } = *moment;
    let answer = || {
        orders[from..].iter().filter_map(|order| match order {
            Order::Play(note) if note.behaviour == Behaviour::Countermelody => Some(note),
            _ => None,
        })
    };
    let (on, off) = (answer().map(|note| note.on).min()?, answer().map(|note| note.off).max()?);
    let thirds = intent.character.chords && idiom_row(settings.idiom).thirds;
    let home = meaning.tonality.key.map(|key| key.tonic).or(meaning.tonality.anchor)?;
    let tonic = Chord { root: home, family: Family::Major };
    let chord = if thirds { choose(moment, None, Chance::Downbeat, false)? } else { tonic };
    let manner = &intent.character.manner;
    let keys = voice(&Wanted {
        chord,
        before: moment.voiced,
        client: [None, meaning.sounding_key],
        register: (settings.register_low, settings.register_high),
        top: (meaning.energy.centre_key - BELOW_HER).clamp(TOP_LIMITS.0, TOP_LIMITS.1) + manner.top(),
        bass: BASS_CENTRE + manner.bass(),
        open: !thirds || meaning.tonality.key.is_none(),
    });
    let keys = if thirds { tensed(keys, chord, moment) } else { keys };
    let off = off + if intent.character.sustains { moment.clock.samples(RINGS_ON_S) } else { 0 };
    for (part, &key) in keys.iter().enumerate() {
        let has_room = intent.character.chords || WITHOUT_CHORDS.contains(&part);
        if !has_room || part > 0 && key == keys[part - 1] {
            continue;
        }
        let voice = if part == 0 { Voice::Bass } else { Voice::Harmony };
        let _ = orders.try_push(Order::Play(PlannedNote {
            on,
            off,
            key,
            velocity: loudness(moment) - UNDER_THE_ANSWER,
            voice,
            part: part.max(1) as u8,
            behaviour: Behaviour::Countermelody,
        }));
    }
    Some((chord, keys))
}
