//! The ending: the closing chord is held under her last line, struck once more softly as she begins it, sealed with one
//! high tone as she holds its last, and let go after her.

use super::super::plan::{Behaviour, Order, Orders, PlannedNote, Voice};
use super::super::{Moment, nearest};
use super::parts::CLOSE_MAX_S;
use crate::chord::Chord;
use crate::intend::intent::State;
use crate::time::SampleTime;

/// The closing chord sounds for so long at least, s; and after a client who has ended before it, until all is over within four
/// seconds of their last tone.
const HELD_S: f64 = 3.0;
const OVER_AFTER_S: f32 = 3.3;
/// It is let go this long after she has released her last tone, s; while her last line may still come, so long.
const AFTER_HER_S: f32 = 1.0;
/// A tone that was not held may have died away by itself, as a string does, and another may follow: so long, s.
const AFTER_A_SHORT_TONE_S: f32 = 2.5;
const BEFORE_HER_LINE_S: f32 = 3.4;
/// Her last line is waited for so long in the state of completion, s.
const HER_LINE_S: f64 = 3.0;
/// Her last line is one line: a chord that is held for so long in completion is let go under her, s. Sung phrases last 6.5 s
/// (median, CoCoPops-Billboard), and she slows.
const HER_LINE_MAX_S: f64 = 14.0;
/// A chord this old is struck again as her last line begins, s, and so much softer.
const DECAYED_S: f64 = 1.5;
const AGAIN_SOFTER: f32 = 6.0;
/// The high tone comes as she has held a tone for so long, s, and so much softer; and never above this velocity.
const SEAL_AFTER_S: f64 = 1.6;
const SEAL_SOFTER: f32 = 8.0;
const SEAL_VELOCITY_MAX: f32 = 50.0;
/// It lies this high at least, MIDI key, and so far above the chord, semitones.
const SEAL_LOWEST: f32 = 62.0;
const SEAL_ABOVE: f32 = 6.0;
/// Line of the high tone among the harmony's.
const SEAL_PART: u8 = 4;
/// The voices are let go one after another from the top, s apart.
const LETTING_GO_S: f64 = 0.11;
/// The lines that are let go, top first; 0 is the bass.
const LINES: [u8; 5] = [SEAL_PART, 3, 2, 1, 0];

/// What the ending asks for in a hop.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Asks {
    /// Nothing.
    Nothing,
    /// The closing chord once more, at this velocity.
    Again(f32),
}

/// The closing chord, since it was reached.
#[derive(Clone, Copy, Debug)]
pub(super) struct Ending {
    /// When it was struck last, and how loud.
    struck: SampleTime,
    velocity: f32,
    arrived: SampleTime,
    /// The client had ended before it.
    after_close: bool,
    /// Since when the state is that of completion.
    completing: Option<SampleTime>,
    /// Which of her phrases is her last line, once she has begun it.
    line: Option<u32>,
    again: bool,
    sealed: bool,
    /// Since when it is let go, and how many lines have been.
    letting_go: Option<SampleTime>,
    gone: usize,
}

impl Ending {
    /// Reached at `now`; `after_close`: the client had ended before.
    pub fn new(now: SampleTime, velocity: f32, after_close: bool) -> Self {
        Self {
            struck: now,
            velocity,
            arrived: now,
            after_close,
            completing: None,
            line: None,
            again: false,
            sealed: false,
            letting_go: None,
            gone: 0,
        }
    }

    /// Everything has been let go.
    pub fn is_over(&self) -> bool {
        self.gone == LINES.len()
    }

    /// Follows one hop; `chord` sounds, its highest key is `top`, and `onset` is one of hers.
    pub fn process(&mut self, moment: &Moment, chord: Chord, top: u8, onset: bool, orders: &mut Orders) -> Asks {
        let Moment { clock, meaning, intent, .. } = *moment;
        let now = meaning.now;
        if intent.state == State::Complete {
            self.completing = self.completing.or(Some(now));
        }
        if let Some(since) = self.letting_go {
            self.let_go(clock.between(since, now), orders);
            return Asks::Nothing;
        }
        self.line = self.line.or((onset && self.completing.is_some()).then_some(meaning.phrase.number));
        if self.has_ended(moment) {
            self.letting_go = Some(now);
        } else if onset && self.line.is_some() && !self.again && clock.between(self.struck, now) >= DECAYED_S {
            self.velocity -= AGAIN_SOFTER;
            (self.again, self.struck) = (true, now);
            return Asks::Again(self.velocity);
        } else if self.line.is_some() && !self.sealed && self.holds_her_last(moment) {
            self.sealed = true;
            self.seal(moment, chord, top, orders);
        }
        Asks::Nothing
    }

    fn has_ended(&self, moment: &Moment) -> bool {
        let Moment { clock, meaning, .. } = *moment;
        let since_s = |time: SampleTime| clock.between(time, meaning.now);
        // Her last line is one line: with another one she goes on, and the music has to begin anew.
        let goes_on = self.line.is_some_and(|line| meaning.phrase.number > line);
        if goes_on || self.completing.is_some_and(|completing| since_s(completing) >= HER_LINE_MAX_S) {
            return true;
        }
        if meaning.sounding || !self.after_close && since_s(self.arrived) < HELD_S {
            return false;
        }
        match self.completing {
            Some(_) if self.sealed => meaning.silence_s >= AFTER_HER_S,
            Some(_) if self.line.is_some() => meaning.silence_s >= AFTER_A_SHORT_TONE_S,
            _ if self.after_close => meaning.silence_s >= OVER_AFTER_S,
            Some(completing) => since_s(completing) >= HER_LINE_S,
            None => meaning.silence_s >= BEFORE_HER_LINE_S,
        }
    }

    fn holds_her_last(&self, moment: &Moment) -> bool {
        let Moment { clock, meaning, .. } = *moment;
        meaning
            .sounding_since
            .is_some_and(|since| since > self.arrived && clock.between(since, meaning.now) >= SEAL_AFTER_S)
    }

    /// The fifth or the root, high and soft.
    fn seal(&self, moment: &Moment, chord: Chord, top: u8, orders: &mut Orders) {
        let Moment { clock, meaning, settings, .. } = *moment;
        let target = (f32::from(top) + SEAL_ABOVE).max(SEAL_LOWEST + 4.0);
        let high = chord.classes().map(|class| nearest(class, target, settings)).filter(|&key| {
            f32::from(key) >= SEAL_LOWEST && key > top && meaning.sounding_key.is_none_or(|sung| sung != key)
        });
        let away = |key: &u8| (f32::from(*key) - target).abs();
        let Some(key) = high.min_by(|a, b| away(a).total_cmp(&away(b))) else { return };
        orders.push(Order::Play(PlannedNote {
            on: meaning.now,
            off: meaning.now + clock.samples(CLOSE_MAX_S),
            key,
            velocity: (self.velocity - SEAL_SOFTER).clamp(1.0, SEAL_VELOCITY_MAX),
            voice: Voice::Harmony,
            part: SEAL_PART,
            behaviour: Behaviour::Cadence,
        }));
    }

    fn let_go(&mut self, for_s: f64, orders: &mut Orders) {
        while self.gone < LINES.len() && for_s >= LETTING_GO_S * self.gone as f64 {
            let (voice, part) = match LINES[self.gone] {
                0 => (Voice::Bass, 1),
                part => (Voice::Harmony, part),
            };
            orders.push(Order::Rest { voice, part });
            self.gone += 1;
        }
    }
}
