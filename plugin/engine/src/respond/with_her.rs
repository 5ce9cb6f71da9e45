//! With her: the ground is never louder without her than it was with her.

use super::plan::{Behaviour, PlannedNote};
use crate::understand::meaning::Meaning;

/// What lies under her.
pub(super) const GROUNDS: [Behaviour; 9] = [
    Behaviour::Drone,
    Behaviour::Harmony,
    Behaviour::Tones,
    Behaviour::Holding,
    Behaviour::Pulse,
    Behaviour::Swing,
    Behaviour::Song,
    Behaviour::Build,
    Behaviour::Grounding,
];

/// How loud the ground was while she sang: without her it is never louder.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct WithHer {
    phrase: u32,
    loudest: f32,
}

/// So much softer than with her, so that no stray finger is louder.
const WITHOUT_HER: f32 = 5.0;
/// She is silent after so long, s; consonants are shorter.
const SILENT_S: f32 = 0.12;

/// An answer over a ground on the beat is so much softer than the ground was at its loudest: it may well sound alone.
const OVER_GROUND: f32 = 4.0;

impl WithHer {
    /// Keeps `note` of an answer within what the ground under it was.
    pub fn beside(&self, note: &mut PlannedNote) {
        if self.loudest > 0.0 {
            note.velocity = note.velocity.min(self.loudest - OVER_GROUND).max(1.0);
        }
    }

    /// Takes in `note`, or keeps it under what was played with her.
    pub fn hold(&mut self, note: &mut PlannedNote, meaning: &Meaning) {
        if meaning.silence_s < SILENT_S {
            let before = if self.phrase == meaning.phrase.number { self.loudest } else { 0.0 };
            (self.phrase, self.loudest) = (meaning.phrase.number, before.max(note.velocity));
        } else if self.loudest > 0.0 && self.phrase == meaning.phrase.number {
            note.velocity = note.velocity.min(self.loudest - WITHOUT_HER).max(1.0);
        }
    }
}
