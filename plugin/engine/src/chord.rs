//! Chords: a root and what stands on it, and how they are written: `C:maj`, `A:min7`.

use crate::key::{PITCH_NAMES, PitchClass};
use crate::names::{Named, named};
use std::fmt;

named! {
    /// What a chord does in a key, whatever colours it has.
    Family, "family of chords":
    /// A major triad.
    Major = "maj", "Major";
    /// A major triad that leads on by its minor seventh.
    Dominant = "7", "Dominant seventh";
    /// A minor triad.
    Minor = "min", "Minor";
    /// A diminished triad.
    Diminished = "dim", "Diminished";
}

impl Family {
    /// Semitones above the root that make the chord what it is: third, fifth, and the dominant's seventh.
    pub fn tones(self) -> &'static [u8] {
        match self {
            Self::Major => &[0, 4, 7],
            Self::Dominant => &[0, 4, 7, 10],
            Self::Minor => &[0, 3, 7],
            Self::Diminished => &[0, 3, 6],
        }
    }

    /// Whether the third is minor.
    pub fn is_minor(self) -> bool {
        matches!(self, Self::Minor | Self::Diminished)
    }
}

/// How many chords there are: every root in every family.
pub const CHORDS: usize = 12 * Family::ALL.len();

/// A root and a family.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Chord {
    /// Root.
    pub root: PitchClass,
    /// Family.
    pub family: Family,
}

impl Chord {
    /// Position in the list of chords: all families on C, then on Db, and so on.
    pub fn index(&self) -> usize {
        usize::from(self.root % 12) * Family::ALL.len() + self.family.index()
    }

    /// The chord at `index`, taken modulo [`CHORDS`].
    pub fn at(index: usize) -> Self {
        let index = index % CHORDS;
        Self { root: (index / Family::ALL.len()) as PitchClass, family: Family::at(index % Family::ALL.len()) }
    }

    /// Every chord.
    pub fn all() -> impl Iterator<Item = Self> {
        (0..CHORDS).map(Self::at)
    }

    /// Whether `class` is one of its tones.
    pub fn contains(&self, class: PitchClass) -> bool {
        self.family.tones().contains(&((class + 12 - self.root % 12) % 12))
    }

    /// Its pitch classes, from the root up.
    pub fn classes(&self) -> impl Iterator<Item = PitchClass> + use<> {
        let root = self.root;
        self.family.tones().iter().map(move |above| (root + above) % 12)
    }

    /// The same root with the same third, the seventh left out of account.
    pub fn same_triad(&self, other: &Self) -> bool {
        self.root == other.root && self.family.tones()[..3] == other.family.tones()[..3]
    }
}

impl fmt::Display for Chord {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", PITCH_NAMES[usize::from(self.root % 12)], self.family.name())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_chord_survives_its_index_and_contains_its_classes() {
        for (index, chord) in Chord::all().enumerate() {
            assert_eq!((chord.index(), Chord::at(index)), (index, chord));
            assert!(chord.classes().all(|class| chord.contains(class)));
            assert_eq!((0..12).filter(|&class| chord.contains(class)).count(), chord.family.tones().len());
        }
        assert_eq!(Chord { root: 9, family: Family::Minor }.to_string(), "A:min");
    }
}
