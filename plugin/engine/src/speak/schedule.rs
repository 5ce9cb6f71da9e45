//! What is planned and does not sound yet, in the order of its beginnings.

use crate::respond::plan::{Behaviour, PlannedNote, Voice};
use crate::time::SampleTime;
use arrayvec::ArrayVec;

/// Most notes planned ahead: a cadence and an answer together stay well under it.
const PLANNED_NOTES: usize = 96;

pub(super) struct Schedule {
    /// Latest first, so that taking the next is popping the last.
    notes: ArrayVec<PlannedNote, PLANNED_NOTES>,
}

impl Schedule {
    pub fn new() -> Self {
        Self { notes: ArrayVec::new() }
    }

    pub fn clear(&mut self) {
        self.notes.clear();
    }

    /// Plans `note`; after those that begin at the same instant. A full schedule takes no more.
    pub fn add(&mut self, note: PlannedNote) {
        let place = self.notes.iter().position(|other| other.on <= note.on).unwrap_or(self.notes.len());
        let _ = self.notes.try_insert(place, note);
    }

    /// Forgets what belongs to `behaviour`.
    pub fn forget(&mut self, behaviour: Behaviour) {
        self.notes.retain(|note| note.behaviour != behaviour);
    }

    /// Forgets the tones of one line that a ground was to hold; what else is planned for that line is meant to come.
    pub fn forget_held(&mut self, voice: Voice, part: u8) {
        let held = |of: Behaviour| matches!(of, Behaviour::Drone | Behaviour::Harmony | Behaviour::Holding);
        self.notes.retain(|note| (note.voice, note.part) != (voice, part) || !held(note.behaviour));
    }

    /// When the next note begins.
    pub fn next_on(&self) -> Option<SampleTime> {
        self.notes.last().map(|note| note.on)
    }

    /// When the next note of a voice that is `wanted` begins.
    pub fn next_on_of(&self, wanted: impl Fn(Voice) -> bool) -> Option<SampleTime> {
        self.notes.iter().rev().find(|note| wanted(note.voice)).map(|note| note.on)
    }

    /// Takes the note that [`Schedule::next_on`] announced.
    pub fn take_next(&mut self) -> Option<PlannedNote> {
        self.notes.pop()
    }
}
