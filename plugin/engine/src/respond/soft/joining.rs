//! Joining: one voice of a held chord goes with her to a tone that the chord does not have, and comes back to its own when
//! she does. The others stay and the bass with them: her tone is a suspension, a sixth, a seventh or a ninth of the chord
//! that holds her (matching within holding, Wigram 2004, Bruscia 1987).

use super::super::Moment;
use super::super::harmony::tension::is_plain;
use super::super::harmony::voicing::{Keys, PARTS};
use super::super::plan::{Behaviour, Orders};
use super::hand::Hand;
use crate::chord::Chord;
use crate::key::PitchClass;
use crate::time::SampleTime;

/// A voice joins a tone of hers that has lasted so long, s: heard as an answer to it and before the next one, as single
/// tones are. With 0.1 s 0.3 % more of the time fits, and there are more attacks.
const AFTER_HER_S: f64 = 0.13;
/// Shortest time between two joins, s: one voice moves gently. With 0.6 s 0.5 % more of the time fits, but there are more
/// than 1.2 attacks for each note of hers.
const APART_S: f64 = 1.0;
/// Farthest that a voice goes for it, semitones, and how near it comes to the bass.
const REACH: u8 = 6;
const ABOVE_BASS: u8 = 3;

/// The voice that goes with her.
#[derive(Debug, Default)]
pub struct Joining {
    /// Her tone that was answered last, by when it began.
    tone: Option<SampleTime>,
    /// When a voice moved last.
    moved: SampleTime,
}

impl Joining {
    /// Plans for one hop over `chord`, held with `keys`. Returns whether a voice moves now.
    pub fn process(
        &mut self,
        moment: &Moment,
        chord: Chord,
        keys: &Keys,
        hand: &mut Hand,
        orders: &mut Orders,
    ) -> bool {
        let Moment { clock, meaning, .. } = *moment;
        let now = meaning.now;
        let (Some(since), Some(class)) = (meaning.sounding_since, meaning.arrived_key().map(|key| key % 12)) else {
            return false;
        };
        let is_new = self.tone != Some(since) && clock.between(since, now) >= AFTER_HER_S;
        let is_apart = clock.between(self.moved, now) >= APART_S * moment.patience();
        let in_key = meaning.tonality.key.is_none_or(|key| key.contains(class));
        let plain = is_plain(moment) && !chord.contains(class);
        if !is_new || !is_apart || !in_key || plain || hand.has(class) {
            return false;
        }
        self.tone = Some(since);
        let to = if chord.contains(class) { back(class, keys, hand) } else { towards(class, chord, moment, hand) };
        let Some((line, key)) = to else { return false };
        // What her tone is held back from does not sound beside it.
        let below = (class + 11) % 12;
        for other in (1..PARTS).filter(|&other| other != line) {
            if hand.tones()[other].is_some_and(|tone| tone.key % 12 == below && !chord.contains(class)) {
                hand.end(other, orders);
            }
        }
        hand.weigh(moment);
        hand.play(moment, line, key, 0.0, Behaviour::Holding, orders);
        self.moved = now;
        true
    }
}

/// The line that left the tone `class` of the chord, and the key that it comes back to.
fn back(class: PitchClass, keys: &Keys, hand: &Hand) -> Option<(usize, u8)> {
    hand.lines(keys).into_iter().zip(keys.iter().copied()).find(|(_, key)| key % 12 == class)
}

/// The line that goes to `class`, and the key: that of the tone a semitone below, as a suspension, or else one whose tone
/// another has as well, or the fifth, which a chord can do without; the one that moves least.
fn towards(class: PitchClass, chord: Chord, moment: &Moment, hand: &Hand) -> Option<(usize, u8)> {
    let settings = moment.settings;
    let of_line = |line: usize| hand.tones()[line].map(|tone| tone.key);
    let tones = chord.family.tones();
    let [third, fifth] = [1, 2].map(|tone| (chord.root + tones[tone]) % 12);
    let below = (class + 11) % 12;
    let rubs = chord.contains(below);
    if below == chord.root || rubs && of_line(0).is_some_and(|key| key % 12 == below) {
        return None;
    }
    let is_doubled = |key: u8| hand.ringing().filter(|tone| tone.key % 12 == key % 12).count() > 1;
    let can_go = |key: u8| match rubs {
        true => key % 12 == below,
        false => key % 12 == fifth || key % 12 != third && is_doubled(key),
    };
    let lowest = of_line(0).map_or(0, |bass| bass + ABOVE_BASS).max(settings.register_low);
    let is_clear =
        |key: u8, from: u8| rubs || !hand.ringing().any(|tone| tone.key != from && tone.key.abs_diff(key) == 1);
    let nearest = |from: u8| {
        let reach = from.saturating_sub(REACH).max(lowest)..=(from + REACH).min(settings.register_high);
        reach.filter(|&key| key % 12 == class && is_clear(key, from)).min_by_key(|key| key.abs_diff(from))
    };
    let ways = (1..PARTS).filter_map(|line| {
        let from = of_line(line).filter(|&key| can_go(key))?;
        nearest(from).map(|key| (key.abs_diff(from), line, key))
    });
    ways.min().map(|(_, line, key)| (line, key))
}
