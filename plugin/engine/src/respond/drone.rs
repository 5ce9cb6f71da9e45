//! Drone: root and fifth held under the client, in long breaths (tonal centering; Bruscia 1987, structuring).
//!
//! It moves with the key, is struck anew breath by breath so that no tone hangs, and leaves room by the space knob.
//! Unsure of the key it holds only the tone that the client rests on; with drums alone, an open fifth.

use super::lead::LEAD_THAT_BEGINS;
use super::plan::{Behaviour, Order, Orders, PlannedNote, Voice};
use super::rhythm::level::BEGINS_UNDER_THE_ANSWER;
use super::{LEAVE_S, Moment, loudness, nearest};
use crate::chance::{Chance, Stream};
use crate::intend::intent;
use crate::key::PitchClass;
use crate::time::SampleTime;
use crate::understand::meaning::Meaning;
use arrayvec::ArrayVec;

/// How long one breath of the drone lasts, s: within a slow sung phrase (3.5-18 quarters, Essen folk songs).
const BREATH_S: (f32, f32) = (5.0, 7.5);
/// The fifth enters after the root by this much, s: one gentle tone at a time, each heard to begin.
const STAGGER_S: (f32, f32) = (0.5, 1.1);
/// Space beyond which the drone really rests between breaths; a rest under a second is heard as legato.
const SHORTEST_REST_S: f32 = 1.0;
/// Longest rest between breaths while the client goes on, s.
const LONGEST_REST_S: f32 = 9.0;
/// How far below the lowest tone of her phrase the root lies, semitones: an octave leaves her range free.
const BELOW_HER: f32 = 12.0;
/// Highest root, MIDI key: above it a drone turns into a melody.
const HIGHEST_ROOT: f32 = 50.0;
/// The drone sinks this far below the answer's velocity: it is ground, not figure.
const UNDER_THE_ANSWER: f32 = 12.0;
/// Another ground must be meant for this long before a sounding drone moves to it, s: it follows a new key, not a
/// passing doubt, and every tone it began is heard.
const MEANT_S: f64 = 1.5;
/// Tension from which the drone takes in a ninth.
const NINTH_FROM_TENSION: f32 = 0.6;
/// Root of the open fifth where nothing pitched was ever heard: D, a middling bass tone on most instruments.
pub(super) const UNTUNED_ROOT: PitchClass = 2;

/// A tone of hers is taken in from this share of her singing on; where it lies above the root, semitones: a fourth above
/// the fifth, more or less, and another above that; and how much softer it is.
pub(super) const HERS: f32 = 0.1;
const HER_TONES_ABOVE: [(u8, u8); 2] = [(9, 15), (16, 22)];
const HER_TONES_SOFTER: f32 = 4.0;

/// The drone.
#[derive(Default)]
pub struct Drone {
    /// What the breath that is going on holds.
    ground: Option<Ground>,
    /// The ground last stood on, breath or rest.
    stood_on: Option<Ground>,
    /// Another ground that the meaning now asks for, and since when.
    asked: Option<(Ground, SampleTime)>,
    /// When that breath ends.
    breath_end: SampleTime,
    /// When the next one may begin.
    next_breath: SampleTime,
    /// Breaths drawn so far.
    breaths: u64,
}

/// What a drone stands on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Ground {
    root: PitchClass,
    with_fifth: bool,
}

impl Drone {
    /// A breath is going on.
    pub fn sounds(&self, now: SampleTime) -> bool {
        self.ground.is_some() && now < self.breath_end
    }

    /// Plans for one hop. `wanted`: the state asks for a ground, and the harmony does not give it.
    pub fn process(&mut self, moment: &Moment, wanted: bool, orders: &mut Orders) {
        let Moment { clock, meaning, settings, .. } = *moment;
        let ground = self.ground_for(meaning);
        let moves = self.is_meant(ground, moment) && !settings.hold;
        if self.ground.is_some() && (!wanted || moves) {
            orders.push(Order::Withdraw { behaviour: Behaviour::Drone, within: clock.samples(LEAVE_S) });
            *self = Self { breaths: self.breaths, stood_on: self.stood_on.filter(|_| wanted), ..Self::default() };
        }
        let client_begins = meaning.phrase.began && meaning.now >= self.breath_end;
        let due = meaning.now >= self.next_breath || client_begins;
        let may_begin = meaning.sounding || settings.lead >= LEAD_THAT_BEGINS;
        if wanted && due && may_begin {
            self.breathe(ground, moment, orders);
        }
    }

    /// What to stand on: the key's tonic and fifth; unsure of the key, what was stood on before, or else the tone she
    /// rests on; with nothing pitched, an open fifth.
    fn ground_for(&self, meaning: &Meaning) -> Ground {
        match (meaning.tonality.key, self.stood_on, meaning.tonality.anchor) {
            (Some(key), ..) => Ground { root: key.tonic, with_fifth: true },
            (None, Some(ground), _) => ground,
            (None, None, Some(anchor)) => Ground { root: anchor, with_fifth: false },
            (None, None, None) => Ground { root: UNTUNED_ROOT, with_fifth: true },
        }
    }

    /// A ground other than the sounding one has been asked for long enough.
    fn is_meant(&mut self, ground: Ground, moment: &Moment) -> bool {
        let now = moment.meaning.now;
        let other = self.sounds(now) && self.ground != Some(ground);
        self.asked = self.asked.filter(|(asked, _)| other && *asked == ground).or(other.then_some((ground, now)));
        self.asked
            .is_some_and(|(_, since)| moment.clock.between(since, now) >= MEANT_S / f64::from(moment.promptness()))
    }

    fn breathe(&mut self, ground: Ground, moment: &Moment, orders: &mut Orders) {
        let Moment { clock, meaning, settings, .. } = *moment;
        self.breaths = self.breaths.wrapping_add(1);
        let mut chance = Chance::new(settings.seed, Stream::Drone, self.breaths);
        // What a detached manner cuts short is breathed sooner again: no hole is left where a long tone was.
        let length_s = chance.between(BREATH_S.0, BREATH_S.1) * moment.intent.character.manner.articulation.min(1.0);
        let rest_s = (length_s * settings.space / (1.0 - settings.space.min(0.9))).min(LONGEST_REST_S);
        let rest_s = if rest_s < SHORTEST_REST_S { 0.0 } else { rest_s };
        let end = meaning.now + clock.samples(length_s.into());
        // While it stands in for a rhythm whose beat is not known yet it is as soft as that comes in: it must not begin below.
        let stands_in = moment.intent.body.ground == intent::Ground::Beat;
        let velocity = loudness(moment) - if stands_in { BEGINS_UNDER_THE_ANSWER } else { UNDER_THE_ANSWER };
        let lowest = meaning.motif.iter().map(|note| f32::from(note.key)).fold(meaning.energy.centre_key, f32::min);
        let target = (lowest - BELOW_HER).min(HIGHEST_ROOT) + moment.intent.character.manner.bass();
        let root = nearest(ground.root, target, settings);
        let mut tone = |key: u8, voice, after_s: f32, softer: f32| {
            orders.push(Order::Play(PlannedNote {
                on: meaning.now + clock.samples(after_s.into()),
                off: end,
                key,
                velocity: velocity - softer,
                voice,
                part: 1,
                behaviour: Behaviour::Drone,
            }));
        };
        tone(root, Voice::Bass, 0.0, 0.0);
        let stagger_s = chance.between(STAGGER_S.0, STAGGER_S.1);
        if ground.with_fifth {
            tone(root.saturating_add(7), Voice::Harmony, stagger_s, 3.0 + chance.between(0.0, 3.0));
        }
        if moment.intent.character.her_tones {
            for (index, key) in her_tones(meaning, root).into_iter().enumerate() {
                orders.push(Order::Play(PlannedNote {
                    on: meaning.now + clock.samples((stagger_s * (index + 2) as f32).into()),
                    off: end,
                    key,
                    velocity: velocity - HER_TONES_SOFTER,
                    voice: Voice::Harmony,
                    part: 3 + index as u8,
                    behaviour: Behaviour::Drone,
                }));
            }
        }
        if ground.with_fifth && settings.tension >= NINTH_FROM_TENSION {
            orders.push(Order::Play(PlannedNote {
                on: meaning.now + clock.samples((2.0 * stagger_s).into()),
                off: end,
                key: root.saturating_add(14),
                velocity: velocity - 8.0,
                voice: Voice::Harmony,
                part: 2,
                behaviour: Behaviour::Drone,
            }));
        }
        (self.ground, self.stood_on, self.asked) = (Some(ground), Some(ground), None);
        self.breath_end = end;
        self.next_breath = end + clock.samples(rest_s.into());
    }
}

/// The tones that she rests on most, besides root and fifth, laid over the drone in fourths and fifths as far as can be
/// (quartal harmony of the client's own tones, Alvin 1975).
pub(super) fn her_tones(meaning: &Meaning, root: u8) -> ArrayVec<u8, 2> {
    let share = |key: u8| meaning.tonality.profile[usize::from(key % 12)];
    let mut tones: ArrayVec<u8, 2> = ArrayVec::new();
    for wide in HER_TONES_ABOVE {
        let clear = |key: &u8| {
            let apart = |other: u8| (key + 12 - other % 12) % 12;
            let near = |other: u8| matches!(apart(other), 0 | 1 | 11);
            !near(root) && !near(root + 7) && !tones.iter().any(|&other| near(other))
        };
        let best = (root + wide.0..=root + wide.1).filter(|&key| share(key) >= HERS && clear(&key));
        if let Some(key) = best.max_by(|&a, &b| share(a).total_cmp(&share(b))) {
            tones.push(key);
        }
    }
    tones
}
