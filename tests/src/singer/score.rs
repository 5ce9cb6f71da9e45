//! What is written: notes in beats, in lines, with the slowing of the end.

use super::tempo::Ritard;

/// How a sung note begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Consonant {
    /// On the vowel; after a note it glides over without a gap.
    Open,
    /// Voiced and soft, like m or l; no gap.
    Nasal,
    /// Noise without voice, like s.
    Hiss,
    /// A silent closure, then a short burst, like t.
    Stop,
}

/// A written note or rest.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Note {
    /// MIDI key; `None` is a rest.
    pub key: Option<u8>,
    /// When it begins, in beats from the start of the score.
    pub onset_beats: f64,
    /// How long it lasts, in beats.
    pub length_beats: f64,
    /// How it begins.
    pub consonant: Consonant,
    /// How loud, as MIDI velocity, 1-127.
    pub velocity: u8,
}

/// A phrase sung in one breath.
#[derive(Clone, Debug, PartialEq)]
pub struct Line {
    /// Its notes, in time order.
    pub notes: Vec<Note>,
    /// Beats from its first beat to the next line's, breath included.
    pub length_beats: f64,
}

/// A melody.
#[derive(Clone, Debug, PartialEq)]
pub struct Score {
    /// Tempo before any slowing, beats a minute.
    pub bpm: f64,
    /// Its phrases.
    pub lines: Vec<Line>,
    /// Where it slows down, if anywhere.
    pub ritard: Option<Ritard>,
}

impl Score {
    /// An empty score at `bpm`.
    pub fn new(bpm: f64) -> Self {
        Self { bpm, lines: Vec::new(), ritard: None }
    }

    /// A score of one line: `(key, beats)` in a row, each sung on the vowel, key 0 a rest.
    pub fn melody(bpm: f64, notes: &[(u8, f64)]) -> Self {
        let beats = notes.iter().map(|note| note.1).sum();
        Self::new(bpm).with_line(&"o".repeat(notes.len()), 80, beats, notes)
    }

    /// The same score and one line more, as long as `length_beats`. `consonants` has a letter for each note: o open,
    /// m nasal, s hiss, t stop; missing letters are open. `notes` are `(key, beats)` in a row, key 0 a rest.
    /// Within the line the velocity arches: `velocity` at its first and last note, [`ARCH`] above in the middle.
    pub fn with_line(mut self, consonants: &str, velocity: u8, length_beats: f64, notes: &[(u8, f64)]) -> Self {
        let mut onset_beats = self.length_beats();
        let mut letters = consonants.chars();
        let last = (notes.len().max(2) - 1) as f64;
        let written = notes.iter().enumerate().map(|(index, &(key, beats))| {
            let along = index as f64 / last;
            let note = Note {
                key: (key > 0).then_some(key),
                onset_beats,
                length_beats: beats,
                consonant: match letters.next() {
                    Some('m') => Consonant::Nasal,
                    Some('s') => Consonant::Hiss,
                    Some('t') => Consonant::Stop,
                    _ => Consonant::Open,
                },
                velocity: (f64::from(velocity) + ARCH * 4.0 * along * (1.0 - along)).round().clamp(1.0, 127.0) as u8,
            };
            onset_beats += beats;
            note
        });
        self.lines.push(Line { notes: written.collect(), length_beats });
        self
    }

    /// Beats in all.
    pub fn length_beats(&self) -> f64 {
        self.lines.iter().map(|line| line.length_beats).sum()
    }

    /// When, in seconds from the first beat, `beat` comes if the score is sung exactly.
    pub fn seconds(&self, beat: f64) -> f64 {
        let steady_beats = self.ritard.map_or(beat, |ritard| ritard.steady_beats(beat));
        steady_beats * 60.0 / self.bpm
    }

    /// The same score, `semitones` higher.
    pub fn transposed(mut self, semitones: i8) -> Self {
        for note in self.lines.iter_mut().flat_map(|line| &mut line.notes) {
            note.key = note.key.map(|key| key.saturating_add_signed(semitones).min(127));
        }
        self
    }
}

/// How much louder the middle of a line is than its ends, in velocity: the phrase arch, chosen by ear.
pub const ARCH: f64 = 12.0;
