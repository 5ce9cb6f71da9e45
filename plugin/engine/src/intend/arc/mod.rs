//! The arc: where the exchange stands, moved by the client in free guidance and by the therapist in any.
//!
//! The rules of each state are in [`states`](super::states); here is what moves it from one to the next. Of itself
//! nothing begins: the client makes a real start, or the therapist asks. A close that was begun runs to its end whoever
//! guides.

mod journey;
mod start;
mod view;

use super::approaches::approach_row;
use super::intent::Intent;
use super::state::{Act, Reason, State};
use super::states::{Turn, technique};
use crate::respond::{Answered, CadenceStage};
use crate::settings::{Guidance, Pulse, Settings, TempoChoice};
use crate::time::{Clock, SampleTime};
use crate::understand::meaning::Meaning;
use journey::{after, journey};
use start::Start;
pub use view::View;

/// A rest lasts this long at least, s.
const REST_MIN_S: f64 = 1.0;

/// After a panic no attack for this long, s.
const PANIC_S: f64 = 1.0;

/// The client closes: her phrase ends at least this closed and this much slower, and not before so many phrases.
const CLOSING_CLOSURE: f32 = 0.65;
const CLOSING_SLOWING: f32 = 0.12;
const CLOSING_PHRASES: u32 = 4;

/// And she is silent for longer than a breath between lines, s: four tones at once would talk over who goes on.
const CLOSING_SILENCE_S: f32 = 1.2;

/// Lead from which, in an approach that may begin, the key known and the client silent, the ground may sound first;
/// and how long it waits for her even then, s.
pub(super) const LEAD_THAT_BEGINS: f32 = 0.9;
const LEAD_WAITS_S: f64 = 4.0;

/// A state that the therapist asked for goes on for so many phrases of hers before what is heard leads on.
const ASKED_PHRASES: u32 = 2;

/// A close that takes longer than this has been lost, s; longer than the slowest cadence.
const CLOSE_MAX_S: f64 = 60.0;

/// After completion nothing wakes the music for this long, s.
const COMPLETE_MIN_S: f64 = 1.0;

/// The state of the exchange and what it waits for.
pub struct Arc {
    clock: Clock,
    start: Start,
    state: State,
    since: SampleTime,
    entered: bool,
    reason: Reason,
    /// The state before, for the therapist to recall.
    before: State,
    /// How far the journey of the goal has come: the place after the last of its states.
    place: usize,
    /// Where a state that stands beside the arc returns to.
    back_to: Option<State>,
    /// What was left for the way home because of what was heard; nothing where the therapist asked for it.
    left: Option<State>,
    /// No attack before this instant.
    quiet_until: SampleTime,
    /// What the therapist asked for during the quiet.
    after_quiet: Option<Act>,
    /// The client's own closing began the cadence.
    own_close: bool,
    /// The therapist asked for this state.
    asked: bool,
    /// She began a phrase in this state.
    phrase_began: bool,
    /// Her phrases that ended in this state, and since the music began.
    phrases_here: u32,
    phrases: u32,
    /// Since when a beat is felt.
    pulse_since: Option<SampleTime>,
    /// Since when a beat is felt that is as clear as the approach asks.
    clear_since: Option<SampleTime>,
    /// It has been so for long enough, and there is a beat still.
    metre: bool,
}

impl Arc {
    /// Waiting.
    pub fn new(clock: Clock) -> Self {
        Self {
            clock,
            start: Start::new(clock),
            state: State::Waiting,
            since: 0,
            entered: false,
            reason: Reason::NothingHeard,
            before: State::Waiting,
            place: 0,
            back_to: None,
            left: None,
            quiet_until: 0,
            after_quiet: None,
            own_close: false,
            asked: false,
            phrase_began: false,
            phrases_here: 0,
            phrases: 0,
            pulse_since: None,
            clear_since: None,
            metre: false,
        }
    }

    /// Moves by one hop and writes state, since, entered, body, phrases and reason.
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
        self.feel(meaning, settings);
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
        (intent.body, intent.phrases, intent.metre) = (technique(self.state).body, self.phrases_here, self.metre);
    }

    /// The client has sounded long enough at `now` to be sure that she is back.
    pub fn client_is_back(&self, now: SampleTime) -> bool {
        self.start.is_back(now)
    }

    fn watch(&mut self, meaning: &Meaning) {
        self.start.process(meaning);
        self.phrase_began |= meaning.phrase.began;
        let ended = u32::from(meaning.phrase.ended);
        self.phrases_here += ended;
        self.phrases += ended * u32::from(self.state.is_music());
    }

    /// Whether the music may have a beat: the therapist's or the host's at once, hers once it has been as clear, and for as
    /// long, as the approach asks.
    fn feel(&mut self, meaning: &Meaning, settings: &Settings) {
        let approach = approach_row(settings.approach);
        let felt = meaning.pulse.grid.is_some();
        self.pulse_since = self.pulse_since.or(Some(meaning.now)).filter(|_| felt);
        let fixed = settings.pulse == Pulse::Host || settings.tempo != TempoChoice::Heard;
        let clear = felt && meaning.pulse.clarity >= approach.metre_clarity;
        self.clear_since = self.clear_since.or(Some(meaning.now)).filter(|_| clear);
        let for_long =
            self.clear_since.is_some_and(|since| self.clock.between(since, meaning.now) >= approach.metre_after_s);
        self.metre = felt && (fixed || self.metre || for_long);
    }

    fn enter(&mut self, state: State, reason: Reason, meaning: &Meaning) {
        if state != self.state {
            self.before = self.state;
        }
        self.back_to = match self.back_to {
            _ if state != State::Silent => None,
            Some(back_to) if !self.state.is_music() => Some(back_to),
            _ => self.state.is_music().then_some(self.state),
        };
        self.left = match self.left {
            _ if !state.is_close() || reason == Reason::TherapistAsked => None,
            None if self.state.is_music() => Some(self.state),
            left => left,
        };
        if matches!(state, State::Waiting | State::Complete) {
            (self.phrases, self.place) = (0, 0);
        }
        (self.state, self.reason, self.since, self.entered) = (state, reason, meaning.now, true);
        (self.phrase_began, self.phrases_here) = (false, 0);
        self.own_close = reason == Reason::ClientCloses;
        self.asked = reason == Reason::TherapistAsked;
        self.start.count_anew(meaning);
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
            Act::Rest => {
                let back_to = self.state.is_music().then_some(self.state).or(self.back_to);
                self.enter(State::Rest, asked, meaning);
                self.back_to = back_to;
            }
            Act::Next => self.enter(self.next(self.state), asked, meaning),
            Act::Skip => self.enter(self.next(self.next(self.state)), asked, meaning),
            Act::Recall => self.enter(self.before, asked, meaning),
            Act::Cadence if self.state.is_close() || self.state == State::Complete => {}
            Act::Cadence => self.enter(State::Approach, asked, meaning),
        }
    }

    /// What comes after `state` when the therapist asks for it.
    fn next(&self, state: State) -> State {
        match self.back_to.filter(|_| state == self.state) {
            Some(back_to) => back_to,
            None => after(state).unwrap_or(match state {
                State::Waiting | State::Complete | State::Silent => State::Tones,
                _ => State::Approach,
            }),
        }
    }

    /// A close that was begun goes on: a cadence arrives and ends.
    fn close(&mut self, now: SampleTime, meaning: &Meaning, answered: &Answered, settings: &Settings) {
        let lost = self.clock.between(self.since, now) > CLOSE_MAX_S;
        match (self.state, answered.cadence) {
            _ if settings.hold => {}
            (State::Approach | State::Slowing, CadenceStage::Arrived) => {
                self.enter(State::Final, Reason::Arrived, meaning);
            }
            (state, CadenceStage::Done) if state.is_close() => self.enter(State::Complete, Reason::Finished, meaning),
            (state, _) if state.is_close() && lost => self.enter(State::Complete, Reason::Finished, meaning),
            _ => {}
        }
    }

    /// In free guidance, what is heard moves the state.
    fn hear(&mut self, now: SampleTime, meaning: &Meaning, answered: &Answered, settings: &Settings) {
        let approach = approach_row(settings.approach);
        let view = View {
            meaning,
            answered,
            settings,
            state: self.state,
            here_s: self.clock.between(self.since, now),
            phrases: self.phrases_here,
            phrase_began: self.phrase_began,
            started: self.start.started(meaning),
            pulse_s: self.pulse_since.map_or(0.0, |since| self.clock.between(since, now)),
            metre: self.metre,
        };
        let silent = f64::from(meaning.silence_s).min(view.here_s) > f64::from(approach.patience_s);
        let closes = view.may_close()
            && self.phrases >= CLOSING_PHRASES
            && meaning.phrase.closure >= CLOSING_CLOSURE
            && meaning.phrase.slowing >= CLOSING_SLOWING;
        let may_begin = approach.may_begin && settings.lead >= LEAD_THAT_BEGINS && meaning.tonality.key.is_some();
        let stopped = self.reason.is_stopped();
        let first = journey(meaning, settings)[0];
        match self.state {
            State::Waiting if stopped && !self.phrase_began => {}
            State::Waiting if view.started => self.enter(first, Reason::ClientSounds, meaning),
            State::Waiting if may_begin && view.here_s >= LEAD_WAITS_S => {
                self.enter(first, Reason::TherapistAsked, meaning);
            }
            State::Waiting => {}
            State::Complete
                if answered.cadence.is_over() && view.here_s >= COMPLETE_MIN_S && self.start.woken(meaning) =>
            {
                self.enter(first, Reason::ClientReturned, meaning);
            }
            // What still sounds is completed before another beginning counts.
            State::Complete if !answered.cadence.is_over() => self.start.count_anew(meaning),
            State::Complete => {}
            State::Silent if self.returns(now) => {
                self.enter(self.back_to.unwrap_or(first), Reason::ClientReturned, meaning);
            }
            State::Silent => {}
            State::Rest if self.back_to.is_some() => {
                if self.returns(now) && view.here_s >= REST_MIN_S {
                    self.enter(self.back_to.unwrap_or(first), Reason::ClientReturned, meaning);
                }
            }
            // The client had not closed after all: nothing was asked for, so the way home is left to them.
            state if state.is_close() && self.own_close => {
                if self.returns(now) {
                    self.enter(self.left.unwrap_or(first), Reason::ClientReturned, meaning);
                }
            }
            // She had slowed down for a moment only: what was firm or grew begins again as a song.
            state
                if state.is_close()
                    && self.left.is_some()
                    && answered.cadence.is_heading()
                    && view.goes_on_in_time() =>
            {
                let back = match self.left {
                    Some(left) if !matches!(left, State::Build | State::Solidify) => left,
                    _ => State::Song,
                };
                self.enter(back, Reason::ClientReturned, meaning);
            }
            state if state.is_music() && state != State::Containing && view.is_wild() => {
                self.enter(State::Containing, Reason::ClientWild, meaning);
            }
            state if !state.is_close() && silent => self.enter(State::Silent, Reason::ClientSilent, meaning),
            // The client is at home already: there is no way left to lead, only the closing chord.
            state if !state.is_close() && closes && !meaning.phrase.open && meaning.silence_s >= CLOSING_SILENCE_S => {
                self.enter(State::Final, Reason::ClientCloses, meaning);
            }
            // She goes home without having sung anything twice.
            State::Song | State::Build | State::Solidify
                if view.may_close()
                    && view.slows_home()
                    && self.phrases >= CLOSING_PHRASES
                    && !self.lets_asked_go_on() =>
            {
                self.enter(State::Approach, Reason::ClientSlows, meaning);
            }
            _ => self.travel(&view),
        }
    }

    /// Along the journey of the goal, state by state as the time of each comes.
    fn travel(&mut self, view: &View) {
        if let Some((state, reason)) = (technique(self.state).leaves)(view) {
            return self.enter(state, reason, view.meaning);
        }
        let contains = self.state == State::Containing;
        if contains || self.lets_asked_go_on() {
            return;
        }
        let journey = journey(view.meaning, view.settings);
        self.place = journey.iter().position(|&state| state == self.state).map_or(self.place, |place| place + 1);
        for &state in &journey[self.place.min(journey.len())..] {
            match (technique(state).enters)(view) {
                Turn::Enter(reason) => return self.enter(state, reason, view.meaning),
                Turn::Wait => return,
                Turn::PassOver => {}
            }
        }
    }

    /// The therapist asked for this state, and it has not been there for long.
    fn lets_asked_go_on(&self) -> bool {
        self.asked && self.phrases_here < ASKED_PHRASES
    }

    /// She has begun another phrase and goes on.
    fn returns(&self, now: SampleTime) -> bool {
        self.phrase_began && self.start.is_back(now)
    }

    /// While a state lasts, the reason says what the client does now.
    fn explain(&mut self, meaning: &Meaning, settings: &Settings) {
        if self.entered {
            return;
        }
        self.reason = match self.state {
            State::Waiting | State::Silent if self.reason.is_stopped() => match (settings.guidance, settings.hold) {
                (_, true) => Reason::StoppedWhileHeld,
                (Guidance::Guided, _) => Reason::StoppedWhileGuided,
                (Guidance::Free, _) => Reason::Stopped,
            },
            State::Waiting if settings.guidance == Guidance::Guided => Reason::AwaitsTherapist,
            State::Waiting => Reason::NothingHeard,
            state if !state.is_music() => self.reason,
            _ if settings.hold => Reason::TherapistHolds,
            _ if meaning.phrase.ended => Reason::PhraseEnded,
            _ if self.client_is_back(meaning.now) => Reason::ClientSounds,
            _ if !meaning.phrase.open => Reason::ClientRests,
            _ => self.reason,
        };
    }
}
