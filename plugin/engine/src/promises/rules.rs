//! The rules that hold in every session, each watched hop by hop.

use super::session::{Moment, named};
use crate::intend::body::Ground;
use crate::intend::idioms::idiom_row;
use crate::intend::intent::{Act, State};
use crate::key::{Key, KeyChoice};
use crate::respond::plan::{Behaviour, Voice};
use crate::settings::{Dynamics, Guidance, TempoChoice, Turns};
use crate::speak::{Sounding, Spoken};
use crate::time::SampleTime;
use crate::understand::testing::clock;
use std::collections::BTreeSet;
use wmidi::{ControlFunction, MidiMessage};

/// With turns one after the other, nothing begins later after her onset than this, s: the time to know that she sings.
const LATENCY_S: f64 = 0.06;
/// A beat, s: at 100 beats a minute.
const BEAT_S: f64 = 0.6;
/// What begins with a tone or stroke of hers begins so long after it at the latest, s.
const WITH_HER_S: f32 = 0.25;
/// After a panic nothing begins for so long, s.
const PANIC_S: f64 = 1.0;
/// How far a finger strays from a velocity that is fixed, and rounding.
const STRAY: i16 = 3;
/// From one second to the next it becomes louder by so much at most, whatever is planned.
const RISE: i16 = 20;
/// A soft plan and a level one, MIDI velocity.
const SOFT: i16 = 48;
const LEVEL: i16 = 62;

/// The rules, and what was broken.
#[derive(Default)]
pub struct Rules {
    pub broken: Vec<String>,
    state: Option<State>,
    /// When the state was entered, and the last panic was.
    entered: SampleTime,
    panic: Option<SampleTime>,
    /// The pedal is down.
    pedal: bool,
    /// The velocities that were played.
    played: BTreeSet<i16>,
}

impl Rules {
    fn must(&mut self, holds: bool, what: impl FnOnce() -> String) {
        if !holds && self.broken.len() < 3 {
            self.broken.push(what());
        }
    }

    /// Watches one hop.
    pub fn watch(&mut self, moment: &Moment) {
        let at = |what: &str| format!("{what} at {:.3} s", clock().seconds(moment.now));
        for &act in moment.acts {
            self.panic = if act == Act::Panic { Some(moment.now) } else { self.panic };
        }
        self.locks(moment, &at);
        self.moves(moment, &at);
        self.notes(moment, &at);
        self.obeys(moment, &at);
        self.foot(moment, &at);
    }

    /// At the end nothing is left.
    pub fn end(&mut self, leftover: &[Sounding], spoken: &[Spoken]) {
        self.must(leftover.is_empty(), || format!("{} notes hang", leftover.len()));
        spoken.iter().for_each(|event| self.pedal = pedal(event).unwrap_or(self.pedal));
        self.must(!self.pedal, || "the pedal hangs".to_owned());
    }

    /// The pedal is up in music on the beat, in silence, and as something begins.
    fn foot(&mut self, moment: &Moment, at: &impl Fn(&str) -> String) {
        for event in moment.spoken {
            self.pedal = pedal(event).unwrap_or(self.pedal);
            let begins = matches!(event.message, MidiMessage::NoteOn(..));
            self.must(!(begins && self.pedal), || at(&format!("{:?} begins under the pedal", event.behaviour)));
        }
        let state = moment.intent.state;
        let rhythm = matches!(state, State::Pulse | State::Swing | State::Song | State::Build | State::Solidify);
        self.must(!(self.pedal && rhythm), || at(&format!("the pedal is down in {state:?}")));
        self.must(!(self.pedal && moment.sounding.is_empty()), || at("the pedal is down in silence"));
    }

    fn since(&self, then: Option<SampleTime>, now: SampleTime) -> f64 {
        then.map_or(f64::INFINITY, |then| clock().between(then, now))
    }

    /// Key, tempo and metre.
    fn locks(&mut self, moment: &Moment, at: &impl Fn(&str) -> String) {
        let Moment { meaning, settings, .. } = moment;
        if let KeyChoice::Locked(key) = settings.key {
            self.must(meaning.tonality.key == Some(key), || at(&format!("key {:?}", meaning.tonality.key)));
        }
        let Some(grid) = meaning.pulse.grid else { return };
        if let TempoChoice::Locked(bpm) = settings.tempo {
            self.must(grid.tempo_bpm == f32::from(bpm), || at(&format!("tempo {}", grid.tempo_bpm)));
        }
        if let Some(beats) = settings.metre.beats() {
            let counted = (1..=beats).contains(&grid.number);
            self.must(grid.per_bar == beats && counted, || at(&format!("beat {} of {}", grid.number, grid.per_bar)));
        }
    }

    /// Guided and held, nothing but the therapist moves the state; a close that was begun runs to its end.
    fn moves(&mut self, moment: &Moment, at: &impl Fn(&str) -> String) {
        let (state, now) = (moment.intent.state, moment.now);
        let before = self.state.replace(state);
        if before == Some(state) {
            return;
        }
        self.entered = now;
        let waited = self.since(self.panic, now) <= PANIC_S + 0.01;
        let asked = before.is_none() || !moment.acts.is_empty() || waited;
        let runs_on = before.is_some_and(State::is_close) && matches!(state, State::Final | State::Complete);
        let is_free = moment.settings.guidance == Guidance::Free;
        let may = asked || !moment.settings.hold && (is_free || runs_on);
        self.must(may, || at(&format!("{before:?} became {state:?} unasked")));
    }

    /// Ceiling, register, scale, turns and dynamic plan.
    fn notes(&mut self, moment: &Moment, at: &impl Fn(&str) -> String) {
        let Moment { settings, now, .. } = *moment;
        for event in moment.spoken {
            let MidiMessage::NoteOn(_, key, velocity) = event.message else { continue };
            let (key, velocity) = (u8::from(key), u8::from(velocity));
            let told = |what: &str| at(&format!("{what}: {:?} {key} at velocity {velocity}", event.behaviour));
            self.must(velocity <= settings.ceiling, || told("over the ceiling"));
            let register = settings.register_low..=settings.register_high;
            self.must(register.contains(&key), || told("outside the register"));
            self.must(self.since(self.panic, now) >= PANIC_S - 0.01, || told("after a panic"));
            let fits = !matches!(settings.key, KeyChoice::Locked(own)
                if event.voice == Voice::Counter && !fits(key, own, moment));
            self.must(fits, || told("outside the scale"));
            let closes = event.behaviour == Behaviour::Cadence;
            let she_sings = self.since(moment.sings_since, now);
            let turn = settings.turns != Turns::Alternate || closes || she_sings < LATENCY_S || she_sings.is_infinite();
            self.must(turn, || told("out of turn"));
            let (loud, ceiling) = (i16::from(velocity), i16::from(settings.ceiling));
            // What would jump up to its plan comes as loud as may be: so much, or twice as much, above what was before.
            let rises = self.played.iter().any(|&before| before < loud && (loud - before) % RISE == 0);
            self.played.insert(loud);
            let planned = match settings.dynamics {
                Dynamics::Soft => loud <= SOFT + STRAY,
                Dynamics::Level => (loud >= (LEVEL - STRAY).min(ceiling) || rises) && loud <= LEVEL + STRAY,
                _ => true,
            };
            self.must(planned, || told("not as loud as planned"));
        }
    }

    /// Every act shows within its hop and sounds within a beat.
    fn obeys(&mut self, moment: &Moment, at: &impl Fn(&str) -> String) {
        let now = moment.now;
        let (state, ground) = (moment.intent.state, moment.intent.body.ground);
        let quiet = self.panic.is_some_and(|panic| clock().between(panic, now) < PANIC_S);
        for act in moment.acts.iter().filter(|_| !quiet) {
            if let Some(wanted) = named(act) {
                self.must(state == wanted, || at(&format!("{wanted:?} asked for, {state:?} entered")));
            }
        }
        let heads_home =
            moment.acts.last() != Some(&Act::Cadence) || quiet || state.is_close() || state == State::Complete;
        self.must(heads_home, || at(&format!("a cadence asked for, {state:?} entered")));
        if moment.acts.contains(&Act::Panic) {
            self.must(moment.sounding.is_empty(), || at("sounds after a panic"));
        }
        let here_s = clock().between(self.entered, now);
        let still = matches!(state, State::Waiting | State::Silent) && ground == Ground::Silent;
        if still && here_s >= BEAT_S {
            let sounding = moment.sounding.first().map(|note| note.behaviour);
            self.must(sounding.is_none(), || at(&format!("{sounding:?} sounds in {state:?}")));
        }
        let rests = state == State::Rest && here_s >= BEAT_S && !moment.settings.hold;
        let began = moment.spoken.iter().find(|event| matches!(event.message, MidiMessage::NoteOn(..)));
        let began = began.map(|event| event.behaviour).filter(|_| rests && moment.meaning.silence_s > WITH_HER_S);
        self.must(began.is_none(), || at(&format!("{began:?} begins in a rest")));
    }
}

/// Where `event` leaves the pedal, if it moves it.
fn pedal(event: &Spoken) -> Option<bool> {
    let MidiMessage::ControlChange(_, ControlFunction::DAMPER_PEDAL, value) = event.message else { return None };
    Some(u8::from(value) > 0)
}

/// `key` lies in the scale of the style, on the tonic of the locked key; what she sings herself may be given back.
fn fits(key: u8, own: Key, moment: &Moment) -> bool {
    let row = idiom_row(moment.settings.idiom);
    let hers = moment.meaning.motif.iter().map(|note| note.key).chain(moment.meaning.sounding_key);
    row.scale == 0xFFF || row.has(key + 12 - own.tonic) || hers.into_iter().any(|hers| hers % 12 == key % 12)
}
