//! What Antiphon plays under the client's phrases, as memory keeps it: chords, and where in the phrase they begin.

use super::meaning::{PhraseSense, PlayedChord};
use crate::respond::plan::Voice;
use crate::speak::Sounding;

/// Fewest pitch classes that are a chord: a fifth is one as well.
const CLASSES_MIN: u32 = 2;

/// The chord that sounds, and the one that was told last.
#[derive(Debug, Default)]
pub struct Accompaniment {
    sounds: PlayedChord,
    told: PlayedChord,
}

impl Accompaniment {
    /// Takes in the notes that sound; bass and harmony are the chord, other voices are lines against it.
    pub fn take(&mut self, sounding: &[Sounding]) {
        let chordal = || sounding.iter().filter(|note| matches!(note.voice, Voice::Bass | Voice::Harmony));
        let classes = chordal().fold(0, |classes: u16, note| classes | 1 << (note.key % 12));
        let bass = chordal().map(|note| note.key).min().unwrap_or(0) % 12;
        self.sounds = PlayedChord { classes, bass, note: 0 };
    }

    /// The chord, if it is another than before in this phrase, which has `notes` notes so far.
    pub fn change(&mut self, phrase: &PhraseSense, notes: usize) -> Option<PlayedChord> {
        if phrase.began {
            self.told = PlayedChord::default();
        }
        let is_chord = self.sounds.classes.count_ones() >= CLASSES_MIN;
        if !phrase.open || !is_chord || self.told == self.sounds {
            return None;
        }
        self.told = self.sounds;
        Some(PlayedChord { note: notes.saturating_sub(1) as u8, ..self.sounds })
    }
}
