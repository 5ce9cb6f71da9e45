//! The arc: where the exchange stands, moved by the client in free guidance and by the therapist in any.
//!
//! Waiting, Holding, Dialogue, Approach, Final, Complete; Rest and Silent beside them. Of itself nothing begins: the
//! client makes a real start, or the therapist asks. A close that was begun runs to its end whoever guides.

use super::goals::{approach_row, goal_row};
use super::intent::{Act, Intent, Reason, State};
use crate::respond::{Answered, CadenceStage};
use crate::settings::{Guidance, Settings};
use crate::time::{Clock, SampleTime};
use crate::understand::meaning::Meaning;

/// A held tone this long is a real start, s; shorter ones may be a cough.
const START_HELD_S: f64 = 0.8;

/// Onsets that are a real start: notes, and hits, which knocks and steps can be mistaken for.
const START_NOTES: u32 = 2;
const START_HITS: u32 = 3;

/// After a silence this long, counting towards a start begins anew, s.
const START_FORGOTTEN_S: f32 = 4.0;

/// A sound is the client returning once it has lasted this long, s: a breath is over by then, and a beat is not.
const RETURN_S: f64 = 0.08;

/// A rest lasts this long at least, s.
const REST_MIN_S: f64 = 1.0;

/// After a panic no attack for this long, s.
const PANIC_S: f64 = 1.0;

/// An armed cadence waits this long for the client's phrase end, s.
const ARMED_MAX_S: f64 = 4.0;

/// The client closes: her phrase ends at least this closed and this much slower, and not before so many phrases.
const CLOSING_CLOSURE: f32 = 0.65;
const CLOSING_SLOWING: f32 = 0.12;
const CLOSING_PHRASES: u32 = 4;

/// And she is silent for longer than a breath between lines, s: four tones at once would talk over who goes on.
const CLOSING_SILENCE_S: f32 = 1.2;

/// Lead from which, in an approach that may begin, the key known and the client silent, the ground may sound first;
/// and how long it waits for her even then, s.
const LEAD_THAT_BEGINS: f32 = 0.9;
const LEAD_WAITS_S: f64 = 4.0;

/// A close that takes longer than this has been lost, s; longer than the slowest cadence.
const CLOSE_MAX_S: f64 = 30.0;

/// The state of the exchange and what it waits for.
pub struct Arc {
    clock: Clock,
    state: State,
    since: SampleTime,
    entered: bool,
    reason: Reason,
    /// Where a rest or a silence returns to.
    back_to: State,
    /// An armed cadence, and when it begins at the latest.
    armed: Option<SampleTime>,
    /// No attack before this instant.
    quiet_until: SampleTime,
    /// What the therapist asked for during the quiet.
    after_quiet: Option<Act>,
    /// The client's onsets when counting towards a start began, and when that was.
    start_onsets: u32,
    start_counted: SampleTime,
    /// The client's own closing began the cadence.
    own_close: bool,
    /// She began a phrase in this state.
    phrase_began: bool,
    /// Her phrases that ended since the music began.
    phrases: u32,
    /// Since when she sounds, and since when a pitch of hers does.
    sounding_since: Option<SampleTime>,
    pitched_since: Option<SampleTime>,
}

impl Arc {
    /// Waiting.
    pub fn new(clock: Clock) -> Self {
        Self {
            clock,
            state: State::Waiting,
            since: 0,
            entered: false,
            reason: Reason::NothingHeard,
            back_to: State::Holding,
            armed: None,
            quiet_until: 0,
            after_quiet: None,
            start_onsets: 0,
            start_counted: 0,
            own_close: false,
            phrase_began: false,
            phrases: 0,
            sounding_since: None,
            pitched_since: None,
        }
    }

    /// Moves by one hop and writes state, since, entered and reason.
    pub fn process(
        &mut self,
        meaning: &Meaning,
        answered: &Answered,
        acts: &[Act],
        settings: &Settings,
        intent: &mut Intent,
    ) {
        let now = meaning.now;
        self.entered = false;
        self.watch(meaning);
        intent.stop = acts.contains(&Act::Panic);
        for &act in acts {
            self.act(act, now, meaning, settings);
        }
        if now >= self.quiet_until
            && let Some(act) = self.after_quiet.take()
        {
            self.act(act, now, meaning, settings);
        }
        if !self.entered && now >= self.quiet_until {
            self.close(now, meaning, answered, settings);
            let by_hearing = settings.guidance == Guidance::Free && !settings.hold && !self.entered;
            if by_hearing {
                self.hear(now, meaning, answered, settings);
            }
        }
        self.explain(meaning, settings);
        (intent.state, intent.since, intent.entered, intent.reason) =
            (self.state, self.since, self.entered, self.reason);
    }

    /// A cadence waits for the phrase's end.
    pub fn is_armed(&self) -> bool {
        self.armed.is_some()
    }

    /// The client has sounded long enough at `now` to be sure that she is back.
    pub fn client_is_back(&self, now: SampleTime) -> bool {
        self.sounding_since.is_some_and(|since| self.clock.between(since, now) >= RETURN_S)
    }

    fn watch(&mut self, meaning: &Meaning) {
        let now = meaning.now;
        self.sounding_since = self.sounding_since.or(Some(now)).filter(|_| meaning.sounding);
        self.pitched_since = self.pitched_since.or(Some(now)).filter(|_| meaning.sounding_key.is_some());
        self.phrase_began |= meaning.phrase.began;
        self.phrases += u32::from(meaning.phrase.ended && self.music());
        if meaning.silence_s > START_FORGOTTEN_S {
            self.count_anew(meaning);
        }
        self.start_onsets = self.start_onsets.min(meaning.onsets);
    }

    /// The client's doings so far no longer count towards a start.
    fn count_anew(&mut self, meaning: &Meaning) {
        (self.start_onsets, self.start_counted) = (meaning.onsets, meaning.now);
    }

    /// The music goes with the client.
    fn music(&self) -> bool {
        matches!(self.state, State::Holding | State::Dialogue)
    }

    fn enter(&mut self, state: State, reason: Reason, meaning: &Meaning) {
        if self.music() {
            self.back_to = self.state;
        }
        if matches!(state, State::Waiting | State::Complete) {
            (self.phrases, self.back_to) = (0, State::Holding);
        }
        (self.state, self.reason, self.since, self.entered) = (state, reason, meaning.now, true);
        (self.armed, self.phrase_began) = (None, false);
        self.own_close = reason == Reason::ClientCloses;
        self.count_anew(meaning);
    }

    fn act(&mut self, act: Act, now: SampleTime, meaning: &Meaning, settings: &Settings) {
        let asked = Reason::TherapistAsked;
        let waits = now < self.quiet_until && act != Act::Panic;
        match act {
            _ if waits => self.after_quiet = Some(act),
            Act::Panic => {
                let begun = self.state != State::Waiting && settings.guidance == Guidance::Free;
                self.enter(if begun { State::Silent } else { State::Waiting }, Reason::Stopped, meaning);
                (self.quiet_until, self.after_quiet) = (now + self.clock.samples(PANIC_S), None);
            }
            Act::Go(state) => self.enter(state, asked, meaning),
            Act::Rest => self.enter(State::Rest, asked, meaning),
            Act::Next => self.enter(self.next(), asked, meaning),
            Act::Cadence if matches!(self.state, State::Approach | State::Final | State::Complete) => {}
            Act::Cadence if meaning.phrase.open => self.armed = Some(now + self.clock.samples(ARMED_MAX_S)),
            Act::Cadence => self.enter(State::Approach, asked, meaning),
        }
    }

    fn next(&self) -> State {
        match self.state {
            State::Waiting | State::Complete => State::Holding,
            State::Holding => State::Dialogue,
            State::Dialogue => State::Approach,
            State::Approach => State::Final,
            State::Final => State::Complete,
            State::Rest | State::Silent => self.back_to,
        }
    }

    /// What was begun by an act or a close goes on: an armed cadence begins, a cadence arrives and ends.
    fn close(&mut self, now: SampleTime, meaning: &Meaning, answered: &Answered, settings: &Settings) {
        let due = self.armed.is_some_and(|latest| now >= latest || !meaning.phrase.open);
        let lost = self.clock.between(self.since, now) > CLOSE_MAX_S;
        match (self.state, answered.cadence) {
            _ if due => self.enter(State::Approach, Reason::TherapistAsked, meaning),
            _ if settings.hold => {}
            (State::Approach, CadenceStage::Arrived) => self.enter(State::Final, Reason::Arrived, meaning),
            (State::Approach | State::Final, CadenceStage::Done) => {
                self.enter(State::Complete, Reason::Finished, meaning);
            }
            (State::Approach | State::Final, _) if lost => self.enter(State::Complete, Reason::Finished, meaning),
            _ => {}
        }
    }

    /// In free guidance, what is heard moves the state.
    fn hear(&mut self, now: SampleTime, meaning: &Meaning, answered: &Answered, settings: &Settings) {
        let approach = approach_row(settings.approach);
        let phrase = &meaning.phrase;
        let in_state_s = self.clock.between(self.since, now);
        let silent = f64::from(meaning.silence_s).min(in_state_s) > f64::from(approach.patience_s);
        let closes = approach.client_may_close
            && self.phrases >= CLOSING_PHRASES
            && phrase.closure >= CLOSING_CLOSURE
            && phrase.slowing >= CLOSING_SLOWING;
        let heard_enough = self.phrases >= goal_row(settings.goal).answers_from;
        let may_begin = approach.may_begin && settings.lead >= LEAD_THAT_BEGINS && meaning.tonality.key.is_some();
        let stopped = self.reason == Reason::Stopped;
        match self.state {
            State::Waiting if stopped && !self.phrase_began => {}
            State::Waiting if self.started(meaning) => self.enter(State::Holding, Reason::ClientSounds, meaning),
            State::Waiting if may_begin && in_state_s >= LEAD_WAITS_S => {
                self.enter(State::Holding, Reason::TherapistAsked, meaning);
            }
            State::Holding | State::Dialogue if self.armed.is_some() => {}
            State::Holding | State::Dialogue if silent => self.enter(State::Silent, Reason::ClientSilent, meaning),
            State::Holding | State::Dialogue if closes && !phrase.open && meaning.silence_s >= CLOSING_SILENCE_S => {
                self.enter(State::Approach, Reason::ClientCloses, meaning);
            }
            State::Holding if phrase.ended && heard_enough => self.enter(State::Dialogue, Reason::PhraseEnded, meaning),
            // She had not closed after all: nothing was asked for, so the way home is left to her.
            State::Approach if self.own_close && answered.cadence == CadenceStage::Heading && self.returns(now) => {
                self.enter(self.back_to, Reason::ClientReturned, meaning);
            }
            State::Rest if self.returns(now) && in_state_s >= REST_MIN_S => {
                self.enter(self.back_to, Reason::ClientReturned, meaning);
            }
            State::Silent if self.returns(now) => {
                self.enter(State::Holding, Reason::ClientReturned, meaning);
            }
            State::Complete if self.woken(meaning) => self.enter(State::Holding, Reason::ClientReturned, meaning),
            _ => {}
        }
    }

    /// She has begun another phrase and goes on.
    fn returns(&self, now: SampleTime) -> bool {
        self.phrase_began && self.client_is_back(now)
    }

    /// The client has made a real start since counting began.
    fn started(&self, meaning: &Meaning) -> bool {
        let held = self.pitched_since.is_some_and(|since| self.clock.between(since, meaning.now) >= START_HELD_S);
        held || self.woken(meaning)
    }

    /// She has sounded two notes, or three hits, since counting began.
    fn woken(&self, meaning: &Meaning) -> bool {
        let onset = |onset_s: f32| meaning.phrase.start + self.clock.samples(onset_s.into());
        let pitched = meaning.motif.last().is_some_and(|note| onset(note.onset_s) >= self.start_counted);
        meaning.onsets.saturating_sub(self.start_onsets) >= if pitched { START_NOTES } else { START_HITS }
    }

    /// While a state lasts, the reason says what the client does now.
    fn explain(&mut self, meaning: &Meaning, settings: &Settings) {
        if self.entered {
            return;
        }
        self.reason = match self.state {
            State::Waiting if self.reason == Reason::Stopped => Reason::Stopped,
            State::Waiting if settings.guidance == Guidance::Guided => Reason::AwaitsTherapist,
            State::Waiting => Reason::NothingHeard,
            State::Holding | State::Dialogue if settings.hold => Reason::TherapistHolds,
            State::Holding | State::Dialogue if meaning.phrase.ended => Reason::PhraseEnded,
            State::Holding | State::Dialogue if self.client_is_back(meaning.now) => Reason::ClientSounds,
            State::Holding | State::Dialogue if !meaning.phrase.open => Reason::ClientRests,
            _ => self.reason,
        };
    }
}
