//! Countermelody: answers the client's phrase in the rest after it with a motif of its own, and yields when she comes
//! back (interjecting and completing, Bruscia 1987; the dialogue of Wigram 2004).

use super::plan::{Behaviour, Order, Orders, PlannedNote, Voice};
use super::{Moment, loudness};
use crate::chance::{Chance, Stream};
use crate::key::PitchClass;
use crate::settings::Settings;
use crate::time::SampleTime;
use crate::understand::meaning::{Meaning, MotifNote};
use arrayvec::ArrayVec;

/// Fewest and most notes of an answer: an answer is heard as one gesture up to about seven.
const NOTES: (usize, usize) = (3, 7);
/// Shortest and longest time between two of its onsets, s.
const INTER_ONSET_S: (f32, f32) = (0.28, 1.1);
/// Time between onsets where the client's rhythm is not known (one long note), s.
const CALM_INTER_ONSET_S: f32 = 0.6;
/// The last note is this much longer than the ones before (phrase-final lengthening, median 2.0 in Essen folk songs).
const FINAL_LENGTHENING: f32 = 2.0;
/// How much of each time between onsets a note fills; below 1 it breathes.
const ARTICULATION: f32 = 0.92;
/// What still sounds may go on this long once the client is back, s: a release, not a cut.
const YIELD_S: f64 = 0.12;
/// Widest excursion from where the answer began, semitones.
const RANGE_SEMITONES: i32 = 9;
/// Rise and fall of velocity over the answer, MIDI velocity.
const ARC: f32 = 7.0;
/// Chance that a free line turns at a note: about every third, as folk song does between its peaks.
const TURN: f32 = 0.35;
/// Closed enough to need no completing answer.
const CLOSED: f32 = 0.6;

/// The countermelody.
#[derive(Default)]
pub struct Countermelody {
    /// When the answer that is going on will have ended.
    until: SampleTime,
}

/// How an answer's contour relates to the client's.
#[derive(Clone, Copy, PartialEq)]
enum Contour {
    Imitate,
    Complement,
    Contrast,
}

impl Countermelody {
    /// An answer is planned or sounds.
    pub fn sounds(&self, now: SampleTime) -> bool {
        now < self.until
    }

    /// Forgets the answer that is going on.
    pub fn withdraw(&mut self, within: SampleTime, orders: &mut Orders) {
        orders.push(Order::Withdraw { behaviour: Behaviour::Countermelody, within });
        self.until = 0;
    }

    /// Plans for one hop.
    pub fn process(&mut self, moment: &Moment, orders: &mut Orders) {
        let Moment { clock, meaning, intent, .. } = *moment;
        if self.sounds(meaning.now) && intent.give_way {
            self.withdraw(clock.samples(YIELD_S), orders);
        }
        if let Some(at) = intent.answer_at
            && !self.sounds(meaning.now)
        {
            self.answer(at, moment, orders);
        }
    }

    fn answer(&mut self, at: SampleTime, moment: &Moment, orders: &mut Orders) {
        let Moment { clock, meaning, intent, settings } = *moment;
        let mut chance = Chance::new(settings.seed, Stream::Countermelody, meaning.phrase.number.into());
        let tones = tones(meaning);
        let Some(last) = meaning.motif.last().filter(|_| tones.contains(&true)) else { return };
        let character = &intent.character;
        let wanted = (meaning.motif.len() as f32 * character.density_ratio).round() as usize;
        let count = wanted.clamp(NOTES.0, NOTES.1);
        let contour = match chance.unit() {
            draw if draw < character.imitate => Contour::Imitate,
            draw if draw < character.imitate + character.complement => Contour::Complement,
            _ => Contour::Contrast,
        };
        let home = home(meaning, &mut chance);
        let start = f32::from(last.key) + character.register_offset;
        let mut line = Line { motif: &meaning.motif, tones, contour, chance, settings };
        let keys = line.compose(count, start, home);
        let velocity = loudness(moment);
        let mut onset_s = 0.0;
        for (index, &key) in keys.iter().enumerate() {
            let is_last = index + 1 == keys.len();
            let step_s = inter_onset_s(&meaning.motif, index) * if is_last { FINAL_LENGTHENING } else { 1.0 };
            let on = at + clock.samples(f64::from(onset_s));
            let off = on + clock.samples(f64::from(step_s * ARTICULATION));
            let place = (index as f32 + 0.5) / keys.len() as f32;
            let arc = ARC * ((place * std::f32::consts::PI).sin() - 0.5);
            orders.push(Order::Play(PlannedNote {
                on,
                off,
                key,
                velocity: velocity + arc,
                voice: Voice::Counter,
                part: 1,
                behaviour: Behaviour::Countermelody,
            }));
            onset_s += step_s;
            self.until = off;
        }
    }
}

/// The client's own rhythm, kept within what sounds calm: her `index`-th time between onsets, over and over.
fn inter_onset_s(motif: &[MotifNote], index: usize) -> f32 {
    let steps = motif.len().saturating_sub(1);
    let heard = if steps == 0 {
        CALM_INTER_ONSET_S
    } else {
        let from = index % steps;
        motif[from + 1].onset_s - motif[from].onset_s
    };
    heard.clamp(INTER_ONSET_S.0, INTER_ONSET_S.1)
}

/// Intervals above a lower tone that sound consonant: unison, thirds, fourth, fifth, sixths.
const CONSONANT: [bool; 12] = [true, false, false, true, true, true, false, true, true, true, false, false];
/// Share of her singing from which a pitch class counts as hers.
const HERS: f32 = 0.06;

/// Which pitch classes an answer may use: of the scale, those consonant with the tonic (the fourth counted in) and with
/// the tone she holds, if she does; unsure of the key, those of her own that are consonant with the tone she rests on.
fn tones(meaning: &Meaning) -> [bool; 12] {
    let tonality = &meaning.tonality;
    let Some(ground) = tonality.key.map(|key| key.tonic).or(tonality.anchor) else { return [false; 12] };
    std::array::from_fn(|class| {
        let above = |low: u8| (class + 12 - usize::from(low % 12)) % 12;
        let fits_ground = CONSONANT[above(ground)];
        // Above or below her tone: an interval and its inversion.
        let with_hers = |held: u8| CONSONANT[above(held)] || CONSONANT[(12 - above(held)) % 12];
        let fits_her = meaning.sounding_key.is_none_or(with_hers);
        let in_key = match tonality.key {
            Some(key) => key.contains(class as PitchClass),
            None => tonality.profile[class] >= HERS || class == usize::from(ground),
        };
        fits_ground && fits_her && in_key
    })
}

/// The pitch class to end on: an open phrase is completed to the tonic, a closed one is left on its fifth or third.
fn home(meaning: &Meaning, chance: &mut Chance) -> Option<PitchClass> {
    let tonality = &meaning.tonality;
    let key = tonality.key?;
    let leave_open = meaning.phrase.closure >= CLOSED;
    Some(match (leave_open, chance.unit() < 0.5) {
        (false, _) => key.tonic,
        (true, true) => key.degree(4),
        (true, false) => key.degree(2),
    })
}

/// What a line is made from.
struct Line<'a> {
    motif: &'a [MotifNote],
    tones: [bool; 12],
    contour: Contour,
    chance: Chance,
    settings: &'a Settings,
}

impl Line<'_> {
    /// `count` keys that start near `start`, follow the contour, keep to the tones and the register, and end on `home`.
    fn compose(&mut self, count: usize, start: f32, home: Option<PitchClass>) -> ArrayVec<u8, { NOTES.1 }> {
        let centre =
            (start.round() as i32).clamp(self.settings.register_low.into(), self.settings.register_high.into());
        let mut keys = ArrayVec::new();
        let mut key = self.nearest(centre, |_| true).unwrap_or(centre);
        let mut direction = if self.chance.unit() < 0.5 { 1 } else { -1 };
        for index in 0..count {
            if index > 0 {
                direction = self.direction(index, direction);
                if (key - centre) * direction >= RANGE_SEMITONES {
                    direction = -direction;
                }
                key = self.nearest(key + 2 * direction, |other| (other - key) * direction > 0).unwrap_or(key);
            }
            if let Some(home) = home.filter(|_| index + 1 == count) {
                key = self.nearest(key, |other| other.rem_euclid(12) == i32::from(home)).unwrap_or(key);
            }
            keys.push(key as u8);
        }
        keys
    }

    fn direction(&mut self, index: usize, before: i32) -> i32 {
        match (self.contour, heard_direction(self.motif, index)) {
            (Contour::Imitate, Some(heard)) => heard,
            (Contour::Complement, Some(heard)) => -heard,
            _ if self.chance.unit() < TURN => -before,
            _ => before,
        }
    }

    /// The usable key nearest to `from` that `accept` takes.
    fn nearest(&self, from: i32, accept: impl Fn(i32) -> bool) -> Option<i32> {
        let (low, high) = (self.settings.register_low.into(), self.settings.register_high.into());
        let usable = |&key: &i32| key >= low && key <= high && self.tones[key.rem_euclid(12) as usize] && accept(key);
        (low..=high).filter(usable).min_by_key(|key| (key - from).abs())
    }
}

/// Whether the client went up (1) or down (-1) into her `index`-th note, taken over and over; `None` if she stayed.
fn heard_direction(motif: &[MotifNote], index: usize) -> Option<i32> {
    let steps = motif.len().saturating_sub(1);
    if steps == 0 {
        return None;
    }
    let from = (index - 1) % steps;
    match i32::from(motif[from + 1].key) - i32::from(motif[from].key) {
        0 => None,
        step => Some(step.signum()),
    }
}
