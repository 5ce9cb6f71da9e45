//! Meaning and the therapist's choices to intent: goal, approach, arc, locks.

pub mod approaches;
mod arc;
pub mod body;
pub mod character;
pub mod feelings;
pub mod figuration;
pub mod goals;
pub mod idioms;
pub mod intent;
pub mod invite;
pub mod manner;
#[cfg(test)]
mod promises;
mod room;
pub mod sentence;
mod shape;
pub mod state;
mod states;

pub use states::ARC;

use crate::chance::{Chance, Stream};
use crate::respond::Answered;
use crate::settings::{Guidance, Settings, Turns};
use crate::time::{Clock, SampleTime};
use crate::understand::meaning::Meaning;
use arc::Arc;
use intent::{Act, Body, Counter, Ground, Intent, Reason, State};
use invite::Invite;
use room::Room;
use shape::{Given, shape};

/// `body` as the order of turns that the therapist fixed has it: one after the other, the music has only her rests;
/// together, it has no turn of its own. A close is a close.
fn turns(body: Body, turns: Turns) -> Body {
    let plays = !matches!(body.ground, Ground::Silent | Ground::Ring | Ground::Close);
    match turns {
        Turns::Alternate if body.ground == Ground::Ring => Body { ground: Ground::Silent, ..body },
        Turns::Alternate if plays => Body { ground: Ground::Silent, counter: Counter::Answer, ..body },
        Turns::Together if body.counter == Counter::Answer || body.counter == Counter::Echo => {
            Body { counter: Counter::None, ..body }
        }
        _ => body,
    }
}

/// What the music of `state` is made of.
pub fn body(state: State) -> Body {
    states::technique(state).body
}

/// Most acts that can wait for one hop.
pub const ACTS_PER_HOP: usize = 16;

/// The acts that arrived since the last hop, in order.
pub type Acts = arrayvec::ArrayVec<Act, ACTS_PER_HOP>;

/// Shortest phrase that asks for an answer: so many notes, or one held so long, s.
const ANSWERED_NOTES: usize = 2;
const ANSWERED_HELD_S: f32 = 1.0;

/// Her phrase is over for an answer, before that is sure, once she has been silent for so long, s, with no and with all
/// responsiveness, and it probably ends there: between people a turn passes in 0.2 s (Levinson and Torreira 2015).
const SURE_S: (f32, f32) = (0.95, 0.3);
const PROBABLY: f32 = 0.5;

/// An answer is planned at least this far ahead, s, so that the client, should she go on, is heard before it begins.
const ANSWER_AHEAD_S: f64 = 0.03;

/// Where she leaves too little room between phrases, an answer may begin inside a tone she holds so long, s, and so many
/// times her usual step: most likely the last of her phrase (median length of last notes, Essen folk songs).
const HELD_TONE_S: f32 = 1.0;
const HELD_TONE_STEPS: f32 = 2.0;
/// Notes of a phrase from which its usual step is known.
const HELD_TONE_NOTES: usize = 4;

/// A phrase is listened to for so long at most, s: who plays on without a rest is not left alone for longer than a sung phrase
/// lasts (median 6.5 s, CoCoPops-Billboard).
const LISTENS_S: f64 = 6.5;

/// In turns an answer may be so much shorter, s.
const SHORT_TURN_S: f32 = 0.7;

/// How long the client's return stays the reason, s: long enough to be read in the panel.
const TELL_RETURN_S: f64 = 2.0;

/// How long an invitation stays the reason, s.
const TELL_INVITATION_S: f64 = 4.0;

/// The intention.
pub struct Intend {
    clock: Clock,
    arc: Arc,
    room: Room,
    /// The phrase that ended last asks for an answer and has had none yet.
    owed: bool,
    /// The phrase answered last.
    answered: u32,
    /// The client's onsets when an answer began inside a tone of hers; another one is her return.
    inside: Option<u32>,
    /// Way was given to the client in the answer that is going on.
    gave_way: bool,
    /// Until when the client's return is the reason.
    tell_until: SampleTime,
    /// Her phrase that goes on, or the last one, is listened to.
    listens: bool,
    invite: Invite,
    /// Until when an invitation is the reason.
    invites_until: SampleTime,
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
            answered: 0,
            inside: None,
            gave_way: false,
            tell_until: 0,
            listens: false,
            invite: Invite::default(),
            invites_until: 0,
            intent: Intent::default(),
        }
    }

    /// Back to the state after `new`.
    pub fn reset(&mut self) {
        *self = Self::new(self.clock);
    }

    /// Decides for one hop. `acts` are the therapist's since the last one, `answered` what the answering did up to now.
    pub fn process(&mut self, meaning: &Meaning, answered: &Answered, acts: &Acts, settings: &Settings) -> &Intent {
        self.intent.character = character::character(settings);
        if meaning.therapist.playing {
            character::step_back(&mut self.intent.character);
        }
        self.arc.process(meaning, answered, acts, settings, &mut self.intent);
        let given = Given {
            state: self.intent.state,
            metre: self.intent.metre,
            listens: self.listens(meaning, settings),
            room: self.room.at_times(self.needs_s()),
        };
        self.intent.body = turns(shape(self.intent.body, given, settings), settings.turns);
        self.intent.answer_at = self.answer_at(meaning, settings);
        self.gave_way &= answered.countermelody;
        self.inside = self.inside.filter(|_| answered.countermelody || self.intent.answer_at.is_some());
        let goes_on = self.inside.is_none_or(|onsets| meaning.onsets > onsets);
        let in_turns = settings.turns == Turns::Alternate;
        let is_back = self.arc.client_is_back(meaning.now) && goes_on
            || meaning.therapist.pressed
            || in_turns && meaning.sounding;
        self.intent.give_way = answered.countermelody && !self.gave_way && is_back;
        self.gave_way |= self.intent.give_way;
        if self.intent.give_way {
            self.tell_until = meaning.now + self.clock.samples(TELL_RETURN_S);
        }
        if meaning.now < self.tell_until && self.intent.body.counter == Counter::Answer {
            self.intent.reason = Reason::ClientReturned;
        }
        if meaning.therapist.playing && self.intent.state.is_music() {
            self.intent.reason = Reason::TherapistPlays;
        }
        self.invite(meaning, settings);
        &self.intent
    }

    /// What a client who has fallen silent is offered.
    fn invite(&mut self, meaning: &Meaning, settings: &Settings) {
        let Intent { state, reason, .. } = self.intent;
        self.intent.invite = self.invite.process(meaning, state, reason, settings);
        if self.intent.invite.is_some() {
            self.invites_until = meaning.now + self.clock.samples(TELL_INVITATION_S);
        }
        if meaning.now < self.invites_until && !meaning.sounding && !meaning.therapist.playing {
            self.intent.reason = Reason::Invites;
        }
    }

    /// How late an answer may be to need the usual room, s: in turns a short one will do.
    fn needs_s(&self) -> f32 {
        let shorter_s = if self.intent.character.turns_alone { SHORT_TURN_S } else { 0.0 };
        self.intent.character.reply_delay_s - shorter_s
    }

    /// Whether her phrase is one of those that are listened to, from its beginning until the next one; what the therapist
    /// asked for is played.
    fn listens(&mut self, meaning: &Meaning, settings: &Settings) -> bool {
        let phrase = &meaning.phrase;
        if phrase.began {
            let share = self.intent.character.listens;
            self.listens = phrase.number > 1 && is_among(phrase.number, share, settings.seed, Stream::Listening);
        }
        self.listens &= self.clock.between(phrase.start, meaning.now) < LISTENS_S || !phrase.open;
        self.listens && settings.guidance == Guidance::Free && !settings.hold
    }

    /// When to answer her phrase: in the rest after it once there is room for an answer, or else, if she usually leaves
    /// none, inside the tone she holds at its end.
    fn answer_at(&mut self, meaning: &Meaning, settings: &Settings) -> Option<SampleTime> {
        let needs_s = self.needs_s();
        let phrase = &meaning.phrase;
        let character = &self.intent.character;
        self.room.process(phrase);
        let in_dialogue = self.intent.body.counter == Counter::Answer && !settings.hold && !meaning.therapist.playing;
        let held_s = meaning.motif.first().map_or(0.0, |note| note.length_s);
        let says_enough = meaning.motif.len() >= ANSWERED_NOTES || held_s >= ANSWERED_HELD_S;
        let asks = says_enough && !is_among(phrase.number, character.silence_share, settings.seed, Stream::Silence);
        self.owed =
            in_dialogue && !phrase.open && (self.owed || phrase.ended && asks) && self.answered != phrase.number;
        let rest_s = self.clock.between(phrase.end, meaning.now) as f32;
        let in_rest = self.owed && self.room.for_answer(needs_s, rest_s);
        let leaves_no_room = !self.room.for_answer(needs_s, 0.0);
        let unanswered = asks && self.answered != phrase.number;
        let in_tone = in_dialogue
            && settings.turns != Turns::Alternate
            && unanswered
            && leaves_no_room
            && phrase.open
            && holds_a_tone(meaning);
        let sure_s = SURE_S.0 + (SURE_S.1 - SURE_S.0) * settings.responsiveness;
        let ends = phrase.open && !meaning.sounding && meaning.silence_s >= sure_s && phrase.ending >= PROBABLY;
        let ends_now =
            in_dialogue && unanswered && ends && self.room.for_answer(character.reply_delay_s, meaning.silence_s);
        let in_rest = in_rest || ends_now;
        if in_rest || in_tone {
            self.answered = phrase.number;
            self.inside = in_tone.then_some(meaning.onsets);
        }
        let reply = self.clock.samples(character.reply_delay_s.into());
        let soonest = meaning.now + self.clock.samples(ANSWER_AHEAD_S);
        match (in_tone, in_rest) {
            (true, _) => Some(soonest),
            (false, true) => Some(soonest.max(phrase.end + reply)),
            (false, false) => None,
        }
    }
}

/// She holds a tone that is long for her phrase.
fn holds_a_tone(meaning: &Meaning) -> bool {
    let Some(last) = meaning.motif.last().filter(|_| meaning.motif.len() >= HELD_TONE_NOTES) else { return false };
    let usual_step_s = last.onset_s / (meaning.motif.len() - 1) as f32;
    meaning.sounding_key.is_some() && last.length_s >= HELD_TONE_S.max(HELD_TONE_STEPS * usual_step_s)
}

/// Whether phrase `number` is among `share` of the phrases, as evenly as can be: the fractions of the multiples of the
/// golden ratio fill the unit interval more evenly than chance, and chance, by its stream, picks the start.
fn is_among(number: u32, share: f32, seed: u32, stream: Stream) -> bool {
    /// 2^32 over the golden ratio.
    const GOLDEN: u32 = 0x9E37_79B9;
    let start = (Chance::new(seed, stream, 0).unit() * u32::MAX as f32) as u32;
    let place = start.wrapping_add(number.wrapping_mul(GOLDEN));
    (place as f32) < share * u32::MAX as f32
}
