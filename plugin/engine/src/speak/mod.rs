//! Planned notes to MIDI: register, touch, limits, pedal, schedule, and the ledger that alone owns sounding notes.

mod ledger;
mod limits;
mod pedal;
#[cfg(test)]
mod promises;
mod schedule;
mod touch;

pub use ledger::{POLYPHONY, Sounding};

use crate::intend::intent::State;
use crate::respond::plan::{Behaviour, Order, Orders, PlannedNote, Voice};
use crate::settings::{Channels, Settings};
use crate::time::{Clock, SampleTime};
use ledger::Ledger;
use limits::Limits;
use pedal::Pedal;
use schedule::Schedule;
use wmidi::MidiMessage;

/// A MIDI event of the accompaniment, with what it belongs to.
#[derive(Clone, Debug, PartialEq)]
pub struct Spoken {
    /// When.
    pub time: SampleTime,
    /// Note-on, note-off, or the sustain pedal: controller 64, 127 or 0.
    pub message: MidiMessage<'static>,
    /// Voice of the note; for the pedal, the first on its channel.
    pub voice: Voice,
    /// Line within the voice, from 1; 0 for the pedal.
    pub part: u8,
    /// What the note belongs to.
    pub behaviour: Behaviour,
}

/// Where events go. An event that is not taken is not lost: a note-on is given up, as is a pedal that would go down; a
/// note-off or a pedal that goes up is offered again with the next samples.
pub trait Take {
    /// Takes `event`, or says that there is no room.
    fn take(&mut self, event: &Spoken) -> Result<(), NoRoom>;
}

/// There was no room for the event.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NoRoom;

/// The speaking.
pub struct Speak {
    schedule: Schedule,
    ledger: Ledger,
    limits: Limits,
    pedal: Pedal,
    channels: Channels,
}

/// What may be due, in the order in which it is carried out at one instant.
#[derive(Clone, Copy)]
enum Due {
    Lift,
    Off,
    On,
    Press,
}

impl Speak {
    /// For `clock`: nothing planned, nothing sounding.
    pub fn new(clock: Clock) -> Self {
        Self {
            schedule: Schedule::new(),
            ledger: Ledger::new(),
            limits: Limits::new(clock),
            pedal: Pedal::new(clock),
            channels: Channels::One,
        }
    }

    /// Forgets what is planned; what sounds is owed its note-off, due with the next sample that is spoken, after the
    /// pedal has gone up.
    pub fn end_all(&mut self) {
        self.schedule.clear();
        self.ledger.end_all(0);
        self.pedal.lift_by(0);
    }

    /// As at the beginning, at instant 0: what sounds is owed its note-off still.
    pub fn reset(&mut self) {
        self.end_all();
        self.ledger.begin_anew();
        self.limits.reset();
    }

    /// Takes over what `other` owes.
    pub fn inherit(&mut self, other: &mut Self) {
        other.reset();
        std::mem::swap(&mut self.ledger, &mut other.ledger);
        self.pedal.inherit(&mut other.pedal);
    }

    /// What sounds now.
    pub fn sounding(&self) -> &[Sounding] {
        self.ledger.sounding()
    }

    /// Carries out the orders of one hop in `state`, at `now`.
    pub fn process(&mut self, now: SampleTime, orders: &Orders, state: State, settings: &Settings) {
        self.pedal.allow(now, settings.pedal && !state.is_rhythm());
        if settings.channels != self.channels {
            self.channels = settings.channels;
            self.ledger.end_all(now);
            self.pedal.lift_by(now);
        }
        for order in orders {
            match *order {
                Order::Play(note) => {
                    self.schedule.add(PlannedNote { on: note.on.max(now), off: note.off.max(now + 1), ..note });
                }
                Order::Withdraw { behaviour, within } => {
                    self.schedule.forget(behaviour);
                    self.ledger.end_behaviour(behaviour, now + within, &self.limits);
                }
                Order::Rest { voice, part } => {
                    self.schedule.forget_held(voice, part);
                    self.ledger.end_part(voice, part, now, &self.limits);
                }
                Order::WithdrawAll { within } => {
                    self.schedule.clear();
                    self.ledger.end_all(now + within);
                }
            }
        }
    }

    /// Hands over, in time order, every event due before `until`; events that were due before `from` come at `from`.
    pub fn speak(&mut self, from: SampleTime, until: SampleTime, settings: &Settings, out: &mut impl Take) {
        loop {
            let due = [
                (self.pedal.lift_due(self.ledger.sounding()), Due::Lift),
                (self.ledger.next_off(), Due::Off),
                (self.schedule.next_on(), Due::On),
                (self.pedal.press_due(), Due::Press),
            ];
            let due = due.into_iter().filter_map(|(at, due)| Some((at.filter(|&at| at < until)?, due)));
            let Some((at, due)) = due.min_by_key(|(at, _)| *at) else { return };
            if self.carry_out(due, at.max(from), settings, out).is_err() {
                return;
            }
        }
    }

    /// Carries out what is due at `at`; an error if it stays owed.
    fn carry_out(&mut self, due: Due, at: SampleTime, settings: &Settings, out: &mut impl Take) -> Result<(), NoRoom> {
        match due {
            Due::Lift => self.pedal.lift(at, out)?,
            Due::Off => {
                if let Some(note) = self.ledger.release_next(at, out)? {
                    self.pedal.after(&note, at, settings);
                }
            }
            Due::On => {
                if let Some(note) = self.schedule.take_next() {
                    self.begin(&note, at, settings, out);
                }
            }
            Due::Press => {
                let next_on = self.schedule.next_on_of(|voice| pedal::is_under_foot(voice, settings.channels));
                self.pedal.press(at, self.ledger.sounding(), next_on, settings, out);
            }
        }
        Ok(())
    }

    /// Begins `note` as far as the limits let it: a key that has just been struck is held instead, a line whose note is not yet
    /// long enough is waited for.
    fn begin(&mut self, note: &PlannedNote, at: SampleTime, settings: &Settings, out: &mut impl Take) {
        let channel = match settings.channels {
            Channels::One => 0,
            Channels::Voices => note.voice as u8,
        };
        let note = PlannedNote { on: at, key: touch::in_register(note.key, settings), ..*note };
        if self.ledger.stands_on_ground(&note, channel) || self.ledger.prolong(&note, channel, &self.limits) {
            return;
        }
        let on = self.ledger.free_at(&note, channel, &self.limits);
        let note = PlannedNote { on, off: note.off.max(self.limits.soonest_end(on)), ..note };
        if on > at {
            self.schedule.add(note);
            return;
        }
        let meant = touch::velocity(&note, settings);
        let Some(velocity) = self.limits.admit(meant, at, self.ledger.sounding()) else {
            // Its line has gone on: the tone before does not stay in another chord.
            self.ledger.end_part(note.voice, note.part, at, &self.limits);
            return;
        };
        // A note under a pedal that cannot be lifted would be smeared; it is given up, as one that finds no room.
        if self.pedal.before(note.voice, at, settings, out).is_err() {
            return;
        }
        if self.ledger.begin(&note, channel, velocity, out) {
            self.limits.remember(at, velocity);
        }
    }
}
