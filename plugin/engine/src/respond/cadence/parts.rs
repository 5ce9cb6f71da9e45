//! A chord of the way home as notes: who plays what, how loud, how long.

use super::super::harmony::voicing::{Keys, PARTS};
use super::super::plan::{Behaviour, Order, Orders, PlannedNote, Voice};
use super::super::{Moment, loudness};
use crate::chance::{Chance, Stream};

/// No tone on the way home lasts longer, s; and the closing chord no longer than this.
const LONGEST_S: f64 = 9.0;
pub(super) const CLOSE_MAX_S: f64 = 45.0;
/// The voices begin one after another from the bass, s apart: a soft roll, within what is heard as one attack.
const ROLL_S: (f32, f32) = (0.002, 0.009);
/// The way home sinks this far below the answer's velocity: it is ground, not figure; the upper voices a little more.
const UNDER_THE_ANSWER: f32 = 12.0;
const UPPER_SOFTER: f32 = 3.0;

/// How loud the way home is now, MIDI velocity of the bass.
pub(super) fn velocity(moment: &Moment) -> f32 {
    loudness(moment) + moment.intent.body.velocity - UNDER_THE_ANSWER
}

/// A chord to be struck.
#[derive(Clone, Copy, Debug)]
pub(super) struct Strike {
    /// Its keys.
    pub keys: Keys,
    /// Velocity of the bass.
    pub velocity: f32,
    /// The bass sounds on from before.
    pub bass_holds: bool,
    /// It is the closing chord.
    pub closing: bool,
    /// Which strike of the session, for chance.
    pub number: u64,
}

/// Orders the notes of `strike` for now.
pub(super) fn play(moment: &Moment, strike: &Strike, orders: &mut Orders) {
    let Moment { clock, meaning, settings, .. } = *moment;
    let mut chance = Chance::new(settings.seed, Stream::Cadence, strike.number);
    let length_s = if strike.closing { CLOSE_MAX_S } else { LONGEST_S };
    let mut roll_s = 0.0;
    for part in usize::from(strike.bass_holds)..PARTS {
        let doubles = part > 0 && strike.keys[part] == strike.keys[part - 1];
        if doubles {
            orders.push(Order::Rest { voice: Voice::Harmony, part: part as u8 });
            continue;
        }
        let (voice, line, softer) =
            if part == 0 { (Voice::Bass, 1, 0.0) } else { (Voice::Harmony, part as u8, UPPER_SOFTER) };
        let on = meaning.now + clock.samples(f64::from(roll_s));
        orders.push(Order::Play(PlannedNote {
            on,
            off: on + clock.samples(length_s),
            key: strike.keys[part],
            velocity: strike.velocity - softer,
            voice,
            part: line,
            behaviour: Behaviour::Cadence,
        }));
        roll_s += chance.between(ROLL_S.0, ROLL_S.1);
    }
}
