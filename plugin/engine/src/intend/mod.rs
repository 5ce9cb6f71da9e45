//! Meaning and the therapist's choices to intent: goal, approach, arc, locks.

mod arc;
pub mod goals;
pub mod intent;
#[cfg(test)]
mod promises;
mod room;
pub mod sentence;

use crate::chance::{Chance, Stream};
use crate::respond::Answered;
use crate::settings::Settings;
use crate::time::{Clock, SampleTime};
use crate::understand::meaning::Meaning;
use arc::Arc;
use intent::{Act, Intent, Reason, State};
use room::Room;

/// Most acts that can wait for one hop.
pub const ACTS_PER_HOP: usize = 16;

/// The acts that arrived since the last hop, in order.
pub type Acts = arrayvec::ArrayVec<Act, ACTS_PER_HOP>;

/// Shortest phrase that asks for an answer: so many notes, or one held so long, s.
const ANSWERED_NOTES: usize = 2;
const ANSWERED_HELD_S: f32 = 1.0;

/// An answer is planned at least this far ahead, s, so that the client, should she go on, is heard before it begins.
const ANSWER_AHEAD_S: f64 = 0.03;

/// How long the client's return stays the reason, s: long enough to be read in the panel.
const TELL_RETURN_S: f64 = 2.0;

/// The intention.
pub struct Intend {
    clock: Clock,
    arc: Arc,
    room: Room,
    /// The phrase that ended last asks for an answer and has had none yet.
    owed: bool,
    /// Way was given to the client in the answer that is going on.
    gave_way: bool,
    /// Until when the client's return is the reason.
    tell_until: SampleTime,
    intent: Intent,
}

impl Intend {
    /// For `clock`.
    pub fn new(clock: Clock) -> Self {
        Self {
            clock,
            arc: Arc::new(clock),
            room: Room::new(clock),
            owed: false,
            gave_way: false,
            tell_until: 0,
            intent: Intent::default(),
        }
    }

    /// Back to the state after `new`.
    pub fn reset(&mut self) {
        *self = Self::new(self.clock);
    }

    /// Decides for one hop. `acts` are the therapist's since the last one, `answered` what the answering did up to now.
    pub fn process(&mut self, meaning: &Meaning, answered: &Answered, acts: &Acts, settings: &Settings) -> &Intent {
        self.intent.character = goals::character(settings);
        self.arc.process(meaning, answered, acts, settings, &mut self.intent);
        self.intent.answer_at = self.answer_at(meaning, settings);
        self.gave_way &= answered.countermelody;
        self.intent.give_way = answered.countermelody && !self.gave_way && self.arc.client_is_back(meaning.now);
        self.gave_way |= self.intent.give_way;
        if self.intent.give_way {
            self.tell_until = meaning.now + self.clock.samples(TELL_RETURN_S);
        }
        if meaning.now < self.tell_until && self.intent.state == State::Dialogue {
            self.intent.reason = Reason::ClientReturned;
        }
        &self.intent
    }

    /// When to answer the phrase that ended last, once there is room for an answer.
    fn answer_at(&mut self, meaning: &Meaning, settings: &Settings) -> Option<SampleTime> {
        let phrase = &meaning.phrase;
        let character = &self.intent.character;
        self.room.process(phrase);
        let in_dialogue = self.intent.state == State::Dialogue && !self.arc.is_armed() && !settings.hold;
        let held_s = meaning.motif.first().map_or(0.0, |note| note.length_s);
        let says_enough = meaning.motif.len() >= ANSWERED_NOTES || held_s >= ANSWERED_HELD_S;
        let asks = says_enough && !leaves_unanswered(phrase.number, character.silence_share, settings.seed);
        self.owed = in_dialogue && !phrase.open && (self.owed || phrase.ended && asks);
        let rest_s = self.clock.between(phrase.end, meaning.now) as f32;
        let answers = self.owed && self.room.for_answer(character.reply_delay_s, rest_s);
        self.owed &= !answers;
        let reply = self.clock.samples(character.reply_delay_s.into());
        let soonest = meaning.now + self.clock.samples(ANSWER_AHEAD_S);
        answers.then(|| soonest.max(phrase.end + reply))
    }
}

/// Whether phrase `number` is left unanswered, so that `share` of the phrases are, as evenly as can be: the fractions
/// of the multiples of the golden ratio fill the unit interval more evenly than chance, and chance picks the start.
fn leaves_unanswered(number: u32, share: f32, seed: u32) -> bool {
    /// 2^32 over the golden ratio.
    const GOLDEN: u32 = 0x9E37_79B9;
    let start = (Chance::new(seed, Stream::Silence, 0).unit() * u32::MAX as f32) as u32;
    let place = start.wrapping_add(number.wrapping_mul(GOLDEN));
    (place as f32) < share * u32::MAX as f32
}
