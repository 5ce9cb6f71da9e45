//! Echo: the end of her phrase is softly given back by one line, in her rhythm, at an interval where it sounds well with
//! what sounds (imitating, Bruscia 1987; Turry 2010, line 4). It comes in the rest after her phrase or, where she leaves
//! little room, inside the long tone at its end; and when she comes back it yields.

use super::plan::{Behaviour, Order, Orders, PlannedNote, Voice};
use super::{LEAVE_S, Moment, loudness};
use crate::intend::idioms::idiom_row;
use crate::key::Key;
use crate::time::{Clock, SampleTime};
use crate::understand::meaning::Meaning;
use arrayvec::ArrayVec;

/// Fewest and most notes: three are heard as hers, seven are one gesture.
pub(super) const NOTES: (usize, usize) = (3, 7);
/// It is a little quicker than she was: lighter, and over before she wants to go on; well within what is heard as the same
/// rhythm (a third).
const PACE: f64 = 0.86;
/// It begins so long after her phrase, s.
const AFTER_S: f32 = 0.22;
/// Her phrase has ended if it probably has, after so much silence.
const ENDED: f32 = 0.5;
/// It may begin inside a tone that she has held for so long, s, and so many times her usual step, as the last of so many.
const HELD_S: f64 = 0.8;
const HELD_STEPS: f64 = 1.4;
const HELD_NOTES: usize = 4;
/// She leaves room enough for an echo after the phrase if she usually rests so long, s.
const ROOM_S: f32 = 2.0;
/// Usual rest between lines until hers is known, s, and the share of a new one in it.
const USUAL_REST_S: f32 = 0.8;
const REST_SHARE: f32 = 0.4;
/// However long the client usually rests, an echo begins its last note within so long, s: it is over within four seconds.
const ROOM_MAX_S: f32 = 2.4;
/// A tone that she holds goes on for about so long once it is long, s.
const HELD_ON_S: f32 = 0.25;
/// So many notes may follow once she is back.
const AFTER_RETURN: usize = 2;
/// A note that began so long before the state did belongs to it, s.
const EARLY_S: f64 = 0.3;
/// Under her mean velocity at least, a stray finger and her softer notes counted in.
const UNDER_HERS: f32 = 14.0;
/// The last note is softer.
const CLOSES_SOFTER: f32 = 3.0;
/// Share of a step that a note fills, and how long the last one lasts against its step or hers, s.
const LEGATO: f64 = 0.94;
const LAST_S: (f64, f64) = (0.5, 1.2);
/// Notes are handed over so long before they begin, s.
const AHEAD_S: f64 = 0.01;

/// Steps of the scale that it may lie above or below her.
const STEPS: std::ops::RangeInclusive<i32> = -14..=9;
/// It lies best so many semitones below her, and not lower than this key: else it goes above.
const BELOW_HER: f32 = 9.0;
const LOWEST: f32 = 50.0;
const ABOVE_HER: f32 = 9.0;
/// Away from there costs so much a semitone, and under that key, where it would be a second bass, so much more.
const AWAY: f32 = 0.5;
const LOW: f32 = 2.0;
/// What a dissonance costs with the lowest tone and with her, and a key that sounds already, in semitones away from there.
const DISSONANT: f32 = 9.0;
const TAKEN: f32 = 30.0;
/// A shift other than by octaves.
const NOT_HERS: f32 = 3.0;

/// A note of an echo.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Tone {
    on: SampleTime,
    off: SampleTime,
    key: u8,
    velocity: f32,
}

/// The echo.
#[derive(Debug, Default)]
pub struct Echo {
    /// The notes that are still to come, the last one first.
    coming: ArrayVec<Tone, { NOTES.1 }>,
    /// When the note that sounds began, and when it ends.
    last_on: SampleTime,
    until: SampleTime,
    /// Her onset when it began: another one is her return; and her onsets, pitched or not.
    began_at: (Option<SampleTime>, u32),
    returned: bool,
    /// The phrase echoed last.
    echoed: u32,
    /// When her last phrase ended, and her usual rest, s.
    phrase_end: Option<SampleTime>,
    usual_rest_s: Option<f32>,
    /// The strokes of a phrase without pitch.
    strokes: ArrayVec<SampleTime, { NOTES.1 }>,
    onsets: u32,
}

/// What sounds beside it, MIDI keys.
pub type Beside = ArrayVec<u8, 8>;

impl Echo {
    /// An echo is going on.
    pub fn sounds(&self, now: SampleTime) -> bool {
        !self.coming.is_empty() || now < self.until
    }

    /// Plans for one hop. `wanted`: the state echoes; `ends`: the music ends, and so does the echo at once.
    pub fn process(&mut self, moment: &Moment, wanted: bool, ends: bool, beside: &Beside, orders: &mut Orders) {
        let Moment { clock, meaning, settings, .. } = *moment;
        self.listen(meaning, clock);
        if ends && self.sounds(meaning.now) {
            orders.push(Order::Withdraw { behaviour: Behaviour::Echo, within: clock.samples(LEAVE_S) });
            (self.until, self.coming) = (meaning.now, ArrayVec::new());
        }
        if self.sounds(meaning.now) {
            self.go_on(moment, orders);
        } else if wanted && !settings.hold && self.begins(moment) {
            self.begin(moment, beside);
        }
    }

    /// Follows her rests and strokes.
    fn listen(&mut self, meaning: &Meaning, clock: Clock) {
        if meaning.phrase.ended {
            self.phrase_end = Some(meaning.phrase.end);
        }
        if meaning.phrase.began {
            self.strokes.clear();
            if let Some(end) = self.phrase_end.take() {
                let rest_s = clock.between(end, meaning.phrase.start) as f32;
                let before = self.usual_rest_s.unwrap_or(rest_s);
                self.usual_rest_s = Some(before + REST_SHARE * (rest_s - before));
            }
        }
        if meaning.onsets > self.onsets {
            if self.strokes.is_full() {
                self.strokes.remove(0);
            }
            self.strokes.push(meaning.now);
        }
        self.onsets = meaning.onsets;
    }

    fn go_on(&mut self, moment: &Moment, orders: &mut Orders) {
        let Moment { clock, meaning, .. } = *moment;
        let (tone, onsets) = self.began_at;
        let sings = meaning.sounding_since.filter(|_| meaning.sounding_since > tone);
        let strikes = meaning.motif.is_empty() && meaning.onsets > onsets;
        if !self.returned && (sings.is_some() || strikes) {
            self.returned = true;
            // What began while her return was not known yet counts.
            let since = sings.unwrap_or(meaning.now);
            let begun = usize::from(self.last_on >= since);
            let left = AFTER_RETURN.saturating_sub(begun).min(self.coming.len());
            let given_up = self.coming.len() - left;
            self.coming.drain(..given_up);
        }
        let ahead = meaning.now + clock.samples(AHEAD_S);
        while let Some(note) = self.coming.last().copied().filter(|note| note.on <= ahead) {
            self.coming.pop();
            (self.until, self.last_on) = (note.off, note.on);
            orders.push(Order::Play(PlannedNote {
                on: note.on,
                off: note.off,
                key: note.key,
                velocity: note.velocity,
                voice: Voice::Counter,
                part: 1,
                behaviour: Behaviour::Echo,
            }));
        }
    }

    /// The end of her phrase has come: in the rest after it, or in the long tone at its end.
    fn begins(&self, moment: &Moment) -> bool {
        let Moment { clock, meaning, intent, .. } = *moment;
        let (phrase, motif) = (&meaning.phrase, &meaning.motif);
        let begun = motif.last().map_or(phrase.end, |last| phrase.start + clock.samples(last.onset_s.into()));
        let in_state = begun + clock.samples(EARLY_S) >= intent.since;
        let says_enough = motif.len() >= NOTES.0 || motif.is_empty() && self.strokes.len() >= NOTES.0;
        if phrase.number == self.echoed || !in_state || !says_enough {
            return false;
        }
        let over = !phrase.open || phrase.ending >= ENDED;
        let after = over && !meaning.sounding && meaning.silence_s >= AFTER_S / moment.promptness();
        let held_s = meaning.sounding_since.map_or(0.0, |since| clock.between(since, meaning.now));
        let usual_s = motif.last().map_or(0.0, |last| f64::from(last.onset_s) / (motif.len().max(2) - 1) as f64);
        let is_long = held_s >= HELD_S.max(HELD_STEPS * usual_s) && motif.len() >= HELD_NOTES;
        let leaves_room = self.usual_rest_s.is_some_and(|rest_s| rest_s >= ROOM_S);
        after || is_long && meaning.sounding_key.is_some() && phrase.open && !leaves_room
    }

    fn begin(&mut self, moment: &Moment, beside: &Beside) {
        let Moment { clock, meaning, .. } = *moment;
        self.echoed = meaning.phrase.number;
        self.began_at = (meaning.sounding_since, meaning.onsets);
        self.returned = false;
        let inside = meaning.sounding_key.is_some();
        let usual_s = self.usual_rest_s.unwrap_or(USUAL_REST_S);
        let room_s = if inside { usual_s + HELD_ON_S } else { (usual_s - meaning.silence_s).max(USUAL_REST_S) };
        let hers = self.hers(moment);
        let count = fitting(&hers, f64::from(room_s.min(ROOM_MAX_S)));
        let tail = &hers[hers.len() - count..];
        let keys: ArrayVec<u8, { NOTES.1 }> = tail.iter().map(|note| note.key).collect();
        let shifted = place(&keys, moment, beside);
        let velocity = loudness(moment).min(softest(meaning) - UNDER_HERS);
        let start = meaning.now + clock.samples(2.0 * AHEAD_S);
        let on = |index: usize| start + clock.samples(PACE * (tail[index].on_s - tail[0].on_s));
        for (index, &key) in shifted.iter().enumerate().rev() {
            let is_last = index + 1 == count;
            let off = if is_last {
                on(index) + clock.samples((PACE * tail[index].length_s).clamp(LAST_S.0, LAST_S.1))
            } else {
                on(index) + clock.samples(clock.seconds(on(index + 1) - on(index)) * LEGATO)
            };
            let velocity = velocity - if is_last { CLOSES_SOFTER } else { 0.0 };
            self.coming.push(Tone { on: on(index), off, key, velocity });
        }
    }

    /// What is echoed: the last notes of her phrase; of strokes, their rhythm on one soft tone.
    fn hers(&self, moment: &Moment) -> ArrayVec<Hers, { NOTES.1 }> {
        let Moment { clock, meaning, .. } = *moment;
        let motif = &meaning.motif;
        if motif.is_empty() {
            let root = meaning.tonality.key.map_or(UNPITCHED_KEY, |key| UNPITCHED_KEY - 2 + key.tonic);
            let first = self.strokes.first().copied().unwrap_or(meaning.now);
            let stroke = |at: &SampleTime| Hers { on_s: clock.between(first, *at), length_s: LAST_S.0, key: root };
            return self.strokes.iter().map(stroke).collect();
        }
        let notes = motif[motif.len().saturating_sub(NOTES.1)..].iter();
        notes.map(|note| Hers { on_s: note.onset_s.into(), length_s: note.length_s.into(), key: note.key }).collect()
    }
}

/// Where strokes are echoed, MIDI key: D4, or the therapist's tonic near it.
pub(super) const UNPITCHED_KEY: u8 = 62;

/// A note of hers to be echoed.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Hers {
    on_s: f64,
    length_s: f64,
    key: u8,
}

/// How many of her last notes find room in `room_s`: as many as begin within it, and [`NOTES`] at least and at most.
fn fitting(hers: &[Hers], room_s: f64) -> usize {
    let last_s = hers.last().map_or(0.0, |last| last.on_s);
    let fits = |count: &usize| PACE * (last_s - hers[hers.len() - count].on_s) <= room_s;
    let most = hers.len().min(NOTES.1);
    (NOTES.0..=most).rev().find(fits).unwrap_or(NOTES.0.min(most))
}

/// Her mean velocity, or that of her last phrase if it was softer.
fn softest(meaning: &Meaning) -> f32 {
    let sum: f32 = meaning.motif.iter().map(|note| f32::from(note.velocity)).sum();
    let phrase = sum / meaning.motif.len().max(1) as f32;
    if meaning.motif.is_empty() { meaning.energy.velocity } else { meaning.energy.velocity.min(phrase) }
}

/// Her keys moved along the scale to where they sound best.
pub(super) fn place(hers: &[u8], moment: &Moment, beside: &Beside) -> ArrayVec<u8, { NOTES.1 }> {
    let Moment { meaning, settings, .. } = *moment;
    let key = meaning.tonality.key;
    let mean = |keys: &[u8]| keys.iter().map(|&key| f32::from(key)).sum::<f32>() / keys.len().max(1) as f32;
    let higher = moment.intent.character.manner.register;
    let below = mean(hers) - BELOW_HER + higher.min(0.0);
    let target = if below >= LOWEST { below + higher.max(0.0) } else { mean(hers) + ABOVE_HER };
    let cost = |moved: &[u8], octaves: bool| {
        let lowest = beside.iter().min().copied();
        let mut cost = AWAY * (mean(moved) - target).abs() + if octaves { 0.0 } else { NOT_HERS };
        for (index, &at) in moved.iter().enumerate() {
            let in_register = (settings.register_low..=settings.register_high).contains(&at);
            let beside_her = meaning.sounding_key.filter(|_| 2 * index < moved.len());
            let clashes = [lowest, beside_her].iter().flatten().filter(|&&other| !is_consonant(at, other)).count();
            cost += LOW * (LOWEST - f32::from(at)).max(0.0);
            cost += DISSONANT * clashes as f32;
            cost += if beside.contains(&at) || !in_register { TAKEN } else { 0.0 };
        }
        cost
    };
    let style = idiom_row(settings.idiom);
    // By octaves the tones are hers; else they are the style's.
    let of_style = |at: &u8, steps: i32| steps % 7 == 0 || key.is_none_or(|key| style.has(at + 12 - key.tonic));
    let moved = |steps: i32| -> Option<ArrayVec<u8, { NOTES.1 }>> {
        hers.iter().map(|&from| shift(from, steps, key).filter(|at| of_style(at, steps))).collect()
    };
    let priced = STEPS.filter_map(|steps| moved(steps).map(|keys| (cost(&keys, steps % 7 == 0), keys)));
    let best = priced.min_by(|a, b| a.0.total_cmp(&b.0));
    best.map_or_else(|| hers.iter().copied().collect(), |best| best.1)
}

/// `from` moved by `steps` of the scale; a tone outside it keeps its distance to the one below. Without a key, by octaves.
pub fn shift(from: u8, steps: i32, key: Option<Key>) -> Option<u8> {
    let octave = 12 * steps.div_euclid(7);
    let Some(key) = key else {
        return if steps % 7 == 0 { u8::try_from(i32::from(from) + octave).ok() } else { None };
    };
    let above = i32::from((from % 12 + 12 - key.tonic % 12) % 12);
    let scale = key.mode.scale().map(i32::from);
    let degree = scale.iter().rposition(|&tone| tone <= above)? as i32;
    let to = degree + steps;
    let semitones = 12 * to.div_euclid(7) + scale[to.rem_euclid(7) as usize] - scale[degree as usize];
    u8::try_from(i32::from(from) + semitones).ok().filter(|&key| key <= 127)
}

fn is_consonant(a: u8, b: u8) -> bool {
    matches!(a.abs_diff(b) % 12, 0 | 3 | 4 | 5 | 7 | 8 | 9)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::key::Mode;

    #[test]
    fn an_echo_along_the_scale_keeps_every_interval_to_the_semitone() {
        let key = Some(Key { tonic: 2, mode: Mode::Minor });
        let hers = [72_u8, 70, 69, 67, 65];
        for steps in STEPS {
            let moved: Vec<u8> = hers.iter().filter_map(|&from| shift(from, steps, key)).collect();
            for (ours, her) in moved.windows(2).zip(hers.windows(2)) {
                let (a, b) = (i32::from(ours[1]) - i32::from(ours[0]), i32::from(her[1]) - i32::from(her[0]));
                assert!((a - b).abs() <= 1 && a.signum() == b.signum(), "{steps}: {moved:?}");
            }
        }
        assert_eq!(shift(69, -7, None), Some(57));
        assert_eq!(shift(69, -5, None), None);
    }

    #[test]
    fn as_many_of_her_last_notes_are_echoed_as_find_room() {
        let hers: Vec<Hers> =
            (0..7).map(|index| Hers { on_s: f64::from(index) * 0.5, length_s: 0.45, key: 60 + index as u8 }).collect();
        assert_eq!(fitting(&hers, 1.35), 4);
        assert_eq!(fitting(&hers, 9.0), 7);
        assert_eq!(fitting(&hers, 0.1), 3);
        assert_eq!(fitting(&hers[..2], 9.0), 2);
    }
}
