//! A client at a keyboard or at pads: her notes are the heard notes, to the sample.

use super::heard::{Cause, Heard, HeardNote, KeyMessage, NoteChange, Onset, OnsetKind};
use super::held::Held;
use crate::time::SampleTime;
use std::collections::VecDeque;

/// Messages that wait while hops are full: the flood of a stuck controller, not music.
const WAITING: usize = 1_024;

/// The client's keys.
pub struct Keys {
    /// Notes that sound, by key.
    down: Box<[Option<HeardNote>]>,
    /// Messages not yet told, with their instants.
    waiting: VecDeque<(SampleTime, u8, u8)>,
    /// Keys that are down after all that waits.
    held: Held,
}

impl Keys {
    /// Nothing is down.
    pub fn new() -> Self {
        Self { down: vec![None; 128].into(), waiting: VecDeque::with_capacity(WAITING), held: Held::default() }
    }

    /// Back to the state after `new`; what was down is forgotten.
    pub fn reset(&mut self) {
        self.down.fill(None);
        self.waiting.clear();
        self.held = Held::default();
    }

    /// Whether a key is down.
    pub fn sounding(&self) -> bool {
        self.down.iter().any(Option::is_some)
    }

    /// Takes in the messages of the hop that began at `start`, and tells what finds room in `heard`.
    pub fn process(&mut self, start: SampleTime, midi: &[KeyMessage], ids: &mut u32, heard: &mut Heard) {
        for message in midi {
            if self.held.admit(message.key, message.velocity, WAITING - self.waiting.len()) {
                let velocity = message.velocity.min(127);
                self.waiting.push_back((start + SampleTime::from(message.offset), message.key, velocity));
            }
        }
        // A retrigger tells two things.
        while heard.notes.remaining_capacity() >= 2 {
            let Some((time, key, velocity)) = self.waiting.pop_front() else { return };
            self.tell(time, key, velocity, ids, heard);
        }
    }

    fn tell(&mut self, time: SampleTime, key: u8, velocity: u8, ids: &mut u32, heard: &mut Heard) {
        let place = &mut self.down[usize::from(key)];
        if let Some(note) = place.take() {
            let offset = Some(time.max(note.onset));
            heard.notes.push(NoteChange::Ended(HeardNote { offset, ..note }));
        }
        if velocity > 0 {
            *ids += 1;
            let note = HeardNote { id: *ids, onset: time, available: time, offset: None, key, cents: 0.0, velocity };
            *place = Some(note);
            heard.notes.push(NoteChange::Began(note));
            let strength = f32::from(velocity) / 127.0;
            let onset = Onset { time, available: time, kind: OnsetKind::Note, cause: Cause::Key, strength, velocity };
            let _ = heard.onsets.try_push(onset);
        }
    }
}
