//! The musician: hears a client, understands, and answers in MIDI. Knows no host, no screen, no file and no clock.
//!
//! Data walks one way: samples, [`listen`], [`understand`], [`intend`], [`respond`], [`speak`], events. Everything is
//! decided at a fixed internal hop, so that the same input, settings and seed give the same events at the same
//! samples, whatever the block size. Nothing allocates after [`Musician::new`].

pub mod chance;
pub mod chord;
pub mod intend;
pub mod key;
pub mod listen;
pub mod names;
#[cfg(test)]
mod promises;
pub mod respond;
pub mod set;
pub mod settings;
pub mod speak;
pub mod time;
pub mod transport;
pub mod understand;

use chord::Chord;
use intend::intent::{Act, Intent};
use intend::{Acts, Intend};
use listen::Listen;
use listen::heard::{Heard, KeyMessage, Player};
use listen::held::Held;
use respond::Respond;
use respond::plan::Orders;
use settings::Settings;
use speak::{NoRoom, Sounding, Speak, Spoken, Take};
use time::{Clock, SampleTime};
use transport::{HostGrid, Transport};
use understand::Understand;
use understand::meaning::Meaning;

/// Everything one hop made known, for telemetry and for the session.
#[derive(Clone, Copy, Debug)]
pub struct Report<'a> {
    /// The instant of the decision.
    pub now: SampleTime,
    /// The engine's clock.
    pub clock: Clock,
    /// Facts.
    pub heard: &'a Heard,
    /// Meaning.
    pub meaning: &'a Meaning,
    /// Intent.
    pub intent: &'a Intent,
    /// The chord that is played, if any.
    pub chord: Option<Chord>,
    /// What sounds, before the events of this instant.
    pub sounding: &'a [Sounding],
}

/// Who receives what the musician does.
pub trait Audience {
    /// A MIDI event `offset` samples after the first sample of the block being processed; offsets never decrease.
    /// What finds no room is offered again (note-offs) or given up (note-ons).
    fn event(&mut self, offset: u32, event: &Spoken) -> Result<(), NoRoom>;

    /// The report of a hop; called between events, in time order.
    fn hop(&mut self, _report: &Report<'_>) {}
}

/// The musician.
pub struct Musician {
    clock: Clock,
    listen: Listen,
    understand: Understand,
    intend: Intend,
    respond: Respond,
    speak: Speak,
    /// Samples of the hop being filled.
    hop: Box<[f32]>,
    filled: usize,
    /// What the client played on MIDI during the hop being filled.
    midi: arrayvec::ArrayVec<KeyMessage, MIDI_PER_HOP>,
    /// Her keys that are down.
    held: Held,
    /// Samples processed.
    now: SampleTime,
    /// The host's beats.
    host: HostGrid,
    acts: Acts,
    buttons: Buttons,
    orders: Orders,
    /// Settings in force when `process` was last called; a changed goal is an ending.
    last_goal: Option<settings::Goal>,
}

/// Most MIDI messages from the client within one hop: all keys down and up again. Notes beyond are a stuck
/// controller's and are not heard; note-offs are never lost.
const MIDI_PER_HOP: usize = 256;

/// The momentary buttons as they were, to find those that went from off to on.
#[derive(Clone, Copy, Default)]
struct Buttons {
    next: bool,
    skip: bool,
    recall: bool,
    rest: bool,
    cadence: bool,
    panic: bool,
}

impl Musician {
    /// A musician for `sample_rate_hz` (brought into [`time::SAMPLE_RATE_LIMITS_HZ`]). Allocates all it will ever need.
    pub fn new(sample_rate_hz: f64) -> Self {
        let clock = Clock::new(sample_rate_hz);
        Self {
            clock,
            listen: Listen::new(clock),
            understand: Understand::new(clock),
            intend: Intend::new(clock),
            respond: Respond::new(clock),
            speak: Speak::new(clock),
            hop: vec![0.0; clock.hop()].into_boxed_slice(),
            filled: 0,
            midi: arrayvec::ArrayVec::new(),
            held: Held::default(),
            now: 0,
            host: HostGrid::new(clock),
            acts: Acts::new(),
            buttons: Buttons::default(),
            orders: Orders::new(),
            last_goal: None,
        }
    }

    /// The clock: rate and hop.
    pub fn clock(&self) -> Clock {
        self.clock
    }

    /// Back to the state after `new`. What sounds is owed its note-offs: they come first in the next `process`.
    pub fn reset(&mut self) {
        self.listen.reset();
        self.understand.reset();
        self.intend.reset();
        self.respond.reset();
        self.speak.reset();
        self.filled = 0;
        self.midi.clear();
        self.held = Held::default();
        self.now = 0;
        self.host = HostGrid::new(self.clock);
        self.acts.clear();
        self.buttons = Buttons::default();
        self.last_goal = None;
    }

    /// Takes over the notes that `other` still owes, when a host changes the sample rate in mid-note.
    pub fn inherit(&mut self, other: &mut Self) {
        self.speak.inherit(&mut other.speak);
    }

    /// What sounds now.
    pub fn sounding(&self) -> &[Sounding] {
        self.speak.sounding()
    }

    /// Ends everything that sounds at the next sample processed and forgets what was planned: the host stopped, was
    /// bypassed, located or loaded a state.
    pub fn end_all(&mut self) {
        self.speak.end_all();
        self.respond.end_all();
    }

    /// The therapist's act, effective at the next hop; panic ends what sounds at the next sample.
    pub fn act(&mut self, act: Act) {
        if act == Act::Panic {
            self.end_all();
        }
        let _ = self.acts.try_push(act);
    }

    /// What the host says of tempo, metre and position at the first sample of the next block; `None` if nothing. It goes
    /// on from there until the host says otherwise.
    pub fn transport(&mut self, transport: Option<&Transport>) {
        self.host.tell(self.now, transport);
    }

    /// Hears one block of any length. `samples` is the client in mono, `midi` what she and the
    /// therapist played meanwhile, in time order.
    pub fn process(&mut self, samples: &[f32], midi: &[KeyMessage], settings: &Settings, audience: &mut impl Audience) {
        let settings = &settings.clamped();
        self.notice(settings);
        let block_start = self.now;
        let mut midi = midi.iter().peekable();
        let mut rest = samples;
        while !rest.is_empty() {
            if self.filled == self.hop.len() {
                self.decide(settings, audience);
            }
            let (chunk, later) = rest.split_at(rest.len().min(self.hop.len() - self.filled));
            let chunk_offset = (self.now - block_start) as u32;
            while let Some(&&message) = midi.peek() {
                let within = message.offset.saturating_sub(chunk_offset) as usize;
                if within >= chunk.len() && !later.is_empty() {
                    break;
                }
                midi.next();
                if message.by == Player::Therapist {
                    self.understand.guided_by(message.key, message.velocity);
                    continue;
                }
                let offset = (self.filled + within.min(chunk.len() - 1)) as u32;
                if self.held.admit(message.key, message.velocity, self.midi.remaining_capacity()) {
                    self.midi.push(KeyMessage { offset, ..message });
                }
            }
            for (place, &sample) in self.hop[self.filled..].iter_mut().zip(chunk) {
                *place = listen::scrub(sample);
            }
            self.filled += chunk.len();
            let until = self.now + chunk.len() as SampleTime;
            self.speak.speak(self.now, until, settings, &mut Offset { block_start, audience });
            self.now = until;
            rest = later;
        }
    }

    /// What changed with the settings of this block: buttons pressed, and a changed goal, which is an ending.
    fn notice(&mut self, settings: &Settings) {
        let was = std::mem::replace(
            &mut self.buttons,
            Buttons {
                next: settings.next,
                skip: settings.skip,
                recall: settings.recall,
                rest: settings.rest,
                cadence: settings.cadence,
                panic: settings.panic,
            },
        );
        let pressed = [
            (settings.panic && !was.panic, Act::Panic),
            (settings.rest && !was.rest, Act::Rest),
            (settings.cadence && !was.cadence, Act::Cadence),
            (settings.next && !was.next, Act::Next),
            (settings.skip && !was.skip, Act::Skip),
            (settings.recall && !was.recall, Act::Recall),
        ];
        for (_, act) in pressed.iter().filter(|(pressed, _)| *pressed) {
            self.act(*act);
        }
        if self.last_goal.replace(settings.goal).is_some_and(|goal| goal != settings.goal) {
            self.end_all();
        }
    }

    /// One hop is full: walk the line from sound to orders.
    fn decide(&mut self, settings: &Settings, audience: &mut impl Audience) {
        let heard = self.listen.process(&self.hop, &self.midi, self.speak.sounding(), settings);
        self.understand.accompanied_by(self.speak.sounding());
        let meaning = self.understand.process(heard, self.host.at(self.now), settings);
        let intent = self.intend.process(meaning, self.respond.answered(), &self.acts, settings);
        self.orders.clear();
        self.respond.process(meaning, intent, settings, &mut self.orders);
        let (now, clock) = (self.now, self.clock);
        let chord = self.respond.answered().chord;
        audience.hop(&Report { now, clock, heard, meaning, intent, chord, sounding: self.speak.sounding() });
        self.speak.process(self.now, &self.orders, intent.state, settings);
        self.acts.clear();
        self.midi.clear();
        self.filled = 0;
    }

    /// The end of a bounce: everything off at the last sample processed, one sample long at least.
    pub fn finish(&mut self, audience: &mut impl Audience) {
        self.speak.end_all();
        let (from, block_start) = (self.now, self.now);
        self.speak.speak(from, from + 1, &Settings::default(), &mut Offset { block_start, audience });
    }
}

/// Turns the engine's instants into offsets within the block.
struct Offset<'a, A> {
    block_start: SampleTime,
    audience: &'a mut A,
}

impl<A: Audience> Take for Offset<'_, A> {
    fn take(&mut self, event: &Spoken) -> Result<(), NoRoom> {
        self.audience.event((event.time - self.block_start) as u32, event)
    }
}
