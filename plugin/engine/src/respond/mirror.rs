//! Mirror: her own notes with her, as near in time and pitch as the mirror knob asks (mirroring, Wigram 2004;
//! synchronising, Bruscia 1987): an octave away, or in sixths and thirds.

use super::echo::Beside;
use super::lead::late_s;
use super::plan::{Behaviour, Order, Orders, PlannedNote, Voice};
use super::{LEAVE_S, Moment, loudness};
use crate::chance::{Chance, Stream};
use crate::intend::idioms::idiom_row;
use crate::time::SampleTime;
use crate::understand::meaning::Meaning;
use arrayvec::ArrayVec;

/// From her onset to ours, s: with the mirror knob at 0 and at 1. What the ears need comes on top where it is longer.
const LAG_S: (f32, f32) = (0.7, 0.04);
/// Where she ends, the hand lifts so much after that, s: her last tone is not cut off.
const LIFTS_S: f64 = 0.12;
/// Notes of theirs that may wait for ours.
const WAITING: usize = 8;
/// Notes of ours begin so far apart, s: of faster ones, as in a trill or a slide through a scale, only some are mirrored.
const APART_S: f64 = 0.1;
/// No note lasts longer, s.
const LONGEST_S: f64 = 8.0;
/// Under her velocity, so that she leads.
const SOFTER: f32 = 2.0;
/// Our notes lie an octave below hers, but for a voice so low that they would be a bass.
const LOWEST: u8 = 48;
/// Steps of the scale below her (a sixth) or above (a tenth) where the pitch is not hers.
const IN_SIXTHS: i32 = -5;
const IN_TENTHS: i32 = 9;

/// What is to be done for a note of hers.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Deed {
    Begin(u8),
    End,
}

/// The mirror.
#[derive(Debug, Default)]
pub struct Mirror {
    /// Her note that was heard last.
    heard: Option<(SampleTime, u8)>,
    /// She sounded in the hop before.
    sang: bool,
    waiting: ArrayVec<(SampleTime, Deed), WAITING>,
    /// When the hand lifts, for she has ended.
    lifts: Option<SampleTime>,
    /// When the note that sounds ends at the latest.
    until: SampleTime,
    notes: u64,
    /// Notes of hers that are owed a mirror, with the share of the next one.
    owed: f32,
    /// Her onsets so far.
    onsets: u32,
    /// When our last note was put down for.
    begins: SampleTime,
}

impl Mirror {
    /// A note of it sounds or waits.
    pub fn sounds(&self, now: SampleTime) -> bool {
        now < self.until || !self.waiting.is_empty()
    }

    /// Plans for one hop: so large a `share` of her notes is mirrored, 0 for none. Returns when our hand falls with a note of
    /// hers that it goes with and that is new. `beside`: keys that sound already.
    pub fn process(&mut self, moment: &Moment, share: f32, beside: &Beside, orders: &mut Orders) -> Option<SampleTime> {
        let Moment { clock, meaning, settings, .. } = *moment;
        let now = meaning.now;
        if share <= 0.0 || settings.hold {
            if self.sounds(now) {
                orders.push(Order::Withdraw { behaviour: Behaviour::Mirror, within: clock.samples(LEAVE_S) });
            }
            *self = Self {
                heard: meaning.sounding_since.zip(meaning.sounding_key),
                notes: self.notes,
                begins: self.begins,
                ..Self::default()
            };
            let strokes = std::mem::replace(&mut self.onsets, meaning.onsets) < meaning.onsets;
            return strokes.then_some(now);
        }
        let falls = self.follow(moment, share, beside);
        while let Some(&(at, deed)) = self.waiting.first().filter(|(at, _)| *at <= now) {
            self.waiting.remove(0);
            match deed {
                Deed::Begin(key) => {
                    let [average, departure] = moment.follow.velocity(meaning.energy.velocity);
                    let hers = meaning.energy.velocity.max(average + departure);
                    self.until = now.max(at) + clock.samples(LONGEST_S);
                    orders.push(Order::Play(PlannedNote {
                        on: now,
                        off: self.until,
                        key,
                        velocity: loudness(moment).min(hers) - SOFTER,
                        voice: Voice::Counter,
                        part: 1,
                        behaviour: Behaviour::Mirror,
                    }));
                }
                Deed::End => {
                    self.until = now;
                    orders.push(Order::Rest { voice: Voice::Counter, part: 1 });
                }
            }
        }
        falls
    }

    /// Puts down what her notes ask for, as much later as the knob has it.
    fn follow(&mut self, moment: &Moment, share: f32, beside: &Beside) -> Option<SampleTime> {
        let Moment { clock, meaning, settings, .. } = *moment;
        let lag_s = f64::from(LAG_S.0 + (LAG_S.1 - LAG_S.0) * settings.mirror) + late_s(settings.lead);
        let lag = clock.samples(lag_s.max(0.0));
        let note = meaning.sounding_since.zip(meaning.sounding_key);
        // A stroke has no key to give back, but our hand goes with it.
        let untuned = meaning.tonality.anchor.is_none();
        let strokes = std::mem::replace(&mut self.onsets, meaning.onsets) < meaning.onsets && untuned;
        let mut falls = strokes.then_some(meaning.now);
        if let Some((since, key)) = note.filter(|_| note != self.heard) {
            let is_corrected = self.heard.is_some_and(|(before, _)| before == since);
            self.heard = note;
            let at = (since + lag).max(meaning.now);
            if is_corrected {
                // The ears have heard better what the note is: what has not begun yet is put right, what has stays.
                let ours = self.ours(key, meaning, moment, beside);
                if let Some((_, Deed::Begin(waiting))) = self.waiting.last_mut() {
                    *waiting = ours;
                }
            } else {
                self.notes = self.notes.wrapping_add(1);
                self.owed += share;
                let is_apart = self.notes == 1 || at >= self.begins + clock.samples(APART_S);
                if self.owed >= 1.0 && is_apart {
                    self.owed -= 1.0;
                    let ours = self.ours(key, meaning, moment, beside);
                    let _ = self.waiting.try_push((at, Deed::Begin(ours)));
                    self.begins = at;
                    falls = Some(at);
                }
            }
        }
        if self.sang && note.is_none() {
            self.lifts = Some(meaning.now + lag + clock.samples(LIFTS_S));
        }
        self.lifts = self.lifts.filter(|_| note.is_none());
        if let Some(at) = self.lifts.take_if(|at| meaning.now >= *at) {
            let _ = self.waiting.try_push((at, Deed::End));
        }
        self.sang = note.is_some();
        falls
    }

    fn ours(&self, hers: u8, meaning: &Meaning, moment: &Moment, beside: &Beside) -> u8 {
        let mut chance = Chance::new(moment.settings.seed, Stream::Mirror, self.notes);
        let is_low = hers < LOWEST + 12;
        let octave = match is_low {
            _ if moment.intent.character.in_unison => hers,
            true => hers.saturating_add(12),
            false => hers - 12,
        };
        let same = chance.unit() < moment.settings.mirror * moment.settings.mirror;
        let steps = if is_low { IN_TENTHS } else { IN_SIXTHS };
        let other = meaning.tonality.key.and_then(|key| super::echo::shift(hers, steps, Some(key)));
        let style = idiom_row(moment.settings.idiom);
        let fits = |ours: &u8| meaning.tonality.key.is_none_or(|key| style.has(ours + 12 - key.tonic));
        let ours = other.filter(|_| !same).filter(fits).unwrap_or(octave);
        // A key that sounds already cannot be struck by another voice: then it is the same tone in another octave.
        let chord = moment.voiced.map(|(_, keys)| keys);
        let is_free = |key: &u8| !beside.contains(key) && !chord.is_some_and(|keys| keys.contains(key));
        [ours, hers, ours.saturating_add(12), hers.saturating_add(12)].into_iter().find(is_free).unwrap_or(ours)
    }
}
