//! The soft hand: at most four tones, each on a line of its own, that are played gently and ring.

use super::super::harmony::voicing::{Keys, PARTS};
use super::super::plan::{Behaviour, Order, Orders, PlannedNote, Voice};
use super::super::{LEAVE_S, Moment, loudness};
use crate::key::PitchClass;
use crate::time::SampleTime;

/// Longest tone, s: a phrase (3 to 8 s), a rest of four seconds after it, and its fading.
const LONGEST_S: f64 = 14.0;
/// Against the answer's velocity: ground, not figure, but single tones need more than a chord of four.
const UNDER_THE_ANSWER: f32 = 6.0;
/// At least so far under her own velocity, a stray finger counted in.
const UNDER_HERS: f32 = 13.0;
/// Softest and loudest that it means to play, MIDI velocity: from pianissimo to piano.
const SOFT: (f32, f32) = (22.0, 56.0);
/// From one attack to the next the velocity moves by so much at most.
const VELOCITY_STEP: f32 = 1.2;
/// And with the mirror knob at its end, so much more; and so much louder than piano.
const MIRRORED_STEP: f32 = 12.0;
const MIRRORED_LOUDER: f32 = 30.0;
/// What rings fades tone by tone, so far apart, s: told apart as they go, yet one gesture.
const FADE_APART_S: f64 = 0.35;

/// A tone that rings.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Tone {
    /// MIDI key.
    pub key: u8,
    /// When it began.
    pub on: SampleTime,
    /// When it ends at the latest.
    pub off: SampleTime,
}

/// What rings: the bass first, then the lines of the harmony.
#[derive(Debug, Default)]
pub struct Hand {
    tones: [Option<Tone>; PARTS],
    /// The velocity played last.
    velocity: Option<f32>,
    /// When the tone that faded last did so.
    faded: SampleTime,
}

impl Hand {
    /// Forgets what has ended by `now`.
    pub fn forget_ended(&mut self, now: SampleTime) {
        for tone in &mut self.tones {
            *tone = tone.filter(|tone| now < tone.off);
        }
    }

    /// Nothing rings.
    pub fn is_empty(&self) -> bool {
        self.tones.iter().all(Option::is_none)
    }

    /// What rings on each line.
    pub fn tones(&self) -> &[Option<Tone>; PARTS] {
        &self.tones
    }

    /// The keys that ring: the bass, and those above it, ascending.
    pub fn ascending(&self) -> [Option<u8>; PARTS] {
        let mut keys = self.tones.map(|tone| tone.map(|tone| tone.key));
        keys[1..].sort_unstable_by_key(|key| key.unwrap_or(u8::MAX));
        keys
    }

    /// Which line takes which of the ascending `keys`: the lowest is the bass, the others move as little as can be.
    pub fn lines(&self, keys: &Keys) -> [usize; PARTS] {
        const ORDERS: [[usize; PARTS]; 6] =
            [[0, 1, 2, 3], [0, 1, 3, 2], [0, 2, 1, 3], [0, 2, 3, 1], [0, 3, 1, 2], [0, 3, 2, 1]];
        let moves = |lines: &[usize; PARTS]| -> u32 {
            let moved =
                |(&key, &line): (&u8, &usize)| self.tones[line].map_or(0, |tone| u32::from(tone.key.abs_diff(key)));
            keys.iter().zip(lines).map(moved).sum()
        };
        ORDERS.into_iter().min_by_key(moves).unwrap_or(ORDERS[0])
    }

    /// The tones that ring.
    pub fn ringing(&self) -> impl Iterator<Item = Tone> + '_ {
        self.tones.iter().flatten().copied()
    }

    /// A tone of pitch class `class` rings.
    pub fn has(&self, class: PitchClass) -> bool {
        self.ringing().any(|tone| tone.key % 12 == class)
    }

    /// Strikes `key` on `line`, `after_s` from now; what rang on that line ends with it.
    pub fn play(
        &mut self,
        moment: &Moment,
        line: usize,
        key: u8,
        after_s: f64,
        behaviour: Behaviour,
        orders: &mut Orders,
    ) {
        let (voice, part) = place(line);
        let on = moment.meaning.now + moment.clock.samples(after_s);
        let off = on + moment.clock.samples(LONGEST_S);
        let velocity = self.velocity.unwrap_or_else(|| soft(moment));
        self.tones[line] = Some(Tone { key, on, off });
        orders.push(Order::Play(PlannedNote { on, off, key, velocity, voice, part, behaviour }));
    }

    /// Comes nearer to the loudness wanted, before an attack.
    pub fn weigh(&mut self, moment: &Moment) {
        let wanted = soft(moment);
        let before = self.velocity.unwrap_or(wanted);
        let step = VELOCITY_STEP * moment.promptness() + MIRRORED_STEP * moment.mirrors();
        let near = wanted.clamp(before - step, before + step);
        // Never louder than she allows now, however loud it was.
        self.velocity = Some(near.min(under_her(moment)));
    }

    /// Ends the tone of `line`.
    pub fn end(&mut self, line: usize, orders: &mut Orders) {
        if self.tones[line].take().is_some() {
            let (voice, part) = place(line);
            orders.push(Order::Rest { voice, part });
        }
    }

    /// Lets what rings fade, one tone after another from the top; the bass goes last.
    pub fn fade(&mut self, moment: &Moment, orders: &mut Orders) {
        let now = moment.meaning.now;
        let highest = (0..PARTS).max_by_key(|&line| self.tones[line].map_or(0, |tone| tone.key));
        if let Some(line) = highest.filter(|_| now >= self.faded + moment.clock.samples(FADE_APART_S)) {
            self.end(line, orders);
            self.faded = now;
        }
    }

    /// Gives the ground over: what rings ends within the time to leave.
    pub fn leave(&mut self, moment: &Moment, orders: &mut Orders) {
        if !self.is_empty() {
            let within = moment.clock.samples(LEAVE_S);
            orders.push(Order::Withdraw { behaviour: Behaviour::Tones, within });
            orders.push(Order::Withdraw { behaviour: Behaviour::Holding, within });
            self.tones = [None; PARTS];
        }
    }
}

fn place(line: usize) -> (Voice, u8) {
    if line == 0 { (Voice::Bass, 1) } else { (Voice::Harmony, line as u8) }
}

fn soft(moment: &Moment) -> f32 {
    let loudest = SOFT.1 + MIRRORED_LOUDER * moment.mirrors();
    let wanted = loudness(moment) - UNDER_THE_ANSWER + moment.intent.body.velocity;
    wanted.clamp(SOFT.0, loudest).min(under_her(moment))
}

fn under_her(moment: &Moment) -> f32 {
    (moment.meaning.energy.velocity - UNDER_HERS).max(1.0)
}
