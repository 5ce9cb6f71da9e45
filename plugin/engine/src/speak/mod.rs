//! Planned notes to MIDI: register, touch, schedule, and the ledger that alone owns sounding notes.

mod ledger;
#[cfg(test)]
mod promises;
mod schedule;
mod touch;

pub use ledger::{POLYPHONY, Sounding};

use crate::respond::plan::{Behaviour, Order, Orders, PlannedNote, Voice};
use crate::settings::{Channels, Settings};
use crate::time::SampleTime;
use ledger::Ledger;
use schedule::Schedule;
use wmidi::MidiMessage;

/// A MIDI event of the accompaniment, with what it belongs to.
#[derive(Clone, Debug, PartialEq)]
pub struct Spoken {
    /// When.
    pub time: SampleTime,
    /// Note-on or note-off.
    pub message: MidiMessage<'static>,
    /// Voice of the note.
    pub voice: Voice,
    /// Line within the voice, from 1.
    pub part: u8,
    /// What the note belongs to.
    pub behaviour: Behaviour,
}

/// Where events go. An event that is not taken is not lost: a note-on is given up, a note-off is offered again with
/// the next samples.
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
    channels: Channels,
}

impl Default for Speak {
    /// Nothing planned, nothing sounding.
    fn default() -> Self {
        Self { schedule: Schedule::new(), ledger: Ledger::new(), channels: Channels::One }
    }
}

impl Speak {
    /// Forgets what is planned; what sounds is owed its note-off, due with the next sample that is spoken.
    pub fn end_all(&mut self) {
        self.schedule.clear();
        self.ledger.end_all(0);
    }

    /// Takes over what `other` owes.
    pub fn inherit(&mut self, other: &mut Self) {
        other.end_all();
        std::mem::swap(&mut self.ledger, &mut other.ledger);
    }

    /// What sounds now.
    pub fn sounding(&self) -> &[Sounding] {
        self.ledger.sounding()
    }

    /// Carries out the orders of one hop, at `now`.
    pub fn process(&mut self, now: SampleTime, orders: &Orders, settings: &Settings) {
        if settings.channels != self.channels {
            self.channels = settings.channels;
            self.ledger.end_all(now);
        }
        for order in orders {
            match *order {
                Order::Play(note) => {
                    self.schedule.add(PlannedNote { on: note.on.max(now), off: note.off.max(now + 1), ..note });
                }
                Order::Withdraw { behaviour, within } => {
                    self.schedule.forget(behaviour);
                    self.ledger.end_behaviour(behaviour, now + within);
                }
                Order::Rest { voice, part } => {
                    self.schedule.forget_held(voice, part);
                    self.ledger.end_part(voice, part, now);
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
            let off = self.ledger.next_off().filter(|&at| at < until);
            let on = self.schedule.next_on().filter(|&at| at < until);
            match (off, on) {
                (Some(off), on) if on.is_none_or(|on| off <= on) => {
                    if self.ledger.release_next(off.max(from), out).is_err() {
                        return;
                    }
                }
                (_, Some(on)) => {
                    if let Some(note) = self.schedule.take_next() {
                        self.begin(&note, on.max(from), settings, out);
                    }
                }
                (_, None) => return,
            }
        }
    }

    fn begin(&mut self, note: &PlannedNote, at: SampleTime, settings: &Settings, out: &mut impl Take) {
        let key = touch::in_register(note.key, settings);
        let velocity = touch::velocity(note, settings);
        let channel = match settings.channels {
            Channels::One => 0,
            Channels::Voices => note.voice as u8,
        };
        let note = PlannedNote { on: at, key, ..*note };
        self.ledger.begin(&note, channel, velocity, out);
    }
}
