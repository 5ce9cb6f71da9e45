//! Keys and modes, and how they are written: `D:min`, `F:maj`, `E:phrygian`.

use crate::names::{Named, UnknownName, named};
use std::fmt;

/// A pitch class, 0 = C to 11 = B.
pub type PitchClass = u8;

/// Pitch classes as text, the spellings that singers' keys mostly have.
pub const PITCH_NAMES: [&str; 12] = ["C", "Db", "D", "Eb", "E", "F", "Gb", "G", "Ab", "A", "Bb", "B"];

named! {
    /// The scale of a key.
    Mode, "mode":
    /// 0 2 4 5 7 9 11.
    Major = "maj", "major";
    /// 0 2 3 5 7 8 10.
    Minor = "min", "minor";
    /// 0 2 3 5 7 9 10.
    Dorian = "dorian", "Dorian";
    /// 0 1 3 5 7 8 10.
    Phrygian = "phrygian", "Phrygian";
    /// 0 2 4 6 7 9 11.
    Lydian = "lydian", "Lydian";
    /// 0 2 4 5 7 9 10.
    Mixolydian = "mixolydian", "Mixolydian";
}

impl Mode {
    /// Semitones above the tonic, ascending.
    pub fn scale(self) -> [u8; 7] {
        match self {
            Self::Major => [0, 2, 4, 5, 7, 9, 11],
            Self::Minor => [0, 2, 3, 5, 7, 8, 10],
            Self::Dorian => [0, 2, 3, 5, 7, 9, 10],
            Self::Phrygian => [0, 1, 3, 5, 7, 8, 10],
            Self::Lydian => [0, 2, 4, 6, 7, 9, 11],
            Self::Mixolydian => [0, 2, 4, 5, 7, 9, 10],
        }
    }

    /// Whether the tonic triad is minor.
    pub fn is_minor(self) -> bool {
        self.scale()[2] == 3
    }
}

/// A tonic and its mode.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Key {
    /// Tonic.
    pub tonic: PitchClass,
    /// Mode.
    pub mode: Mode,
}

impl Key {
    /// The pitch class of scale degree `degree`, counted from 0 = tonic; any octave.
    pub fn degree(&self, degree: i32) -> PitchClass {
        (self.tonic + self.mode.scale()[degree.rem_euclid(7) as usize]) % 12
    }

    /// Whether `class` belongs to the scale.
    pub fn contains(&self, class: PitchClass) -> bool {
        let above = (class + 12 - self.tonic % 12) % 12;
        self.mode.scale().contains(&above)
    }

    /// The key that `text` names, for example `D:min` or `c#:major`.
    pub fn parse(text: &str) -> Result<Self, UnknownName> {
        let unknown = || UnknownName {
            what: "key",
            word: text.to_owned(),
            known:
                "a pitch from C to B, a colon and a mode (maj, min, dorian, phrygian, lydian, mixolydian), like D:min"
                    .to_owned(),
        };
        let (tonic, mode) = text.trim().split_once([':', ' ']).ok_or_else(unknown)?;
        let tonic = pitch_class(tonic.trim()).ok_or_else(unknown)?;
        Ok(Self { tonic, mode: Mode::parse(mode.trim()).map_err(|_| unknown())? })
    }
}

impl fmt::Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", PITCH_NAMES[usize::from(self.tonic % 12)], self.mode.name())
    }
}

/// The pitch class that a letter with optional sharps (`#`) or flats (`b`) names.
pub fn pitch_class(text: &str) -> Option<PitchClass> {
    let mut letters = text.chars();
    let natural = match letters.next()?.to_ascii_uppercase() {
        'C' => 0,
        'D' => 2,
        'E' => 4,
        'F' => 5,
        'G' => 7,
        'A' => 9,
        'B' => 11,
        _ => return None,
    };
    letters
        .try_fold(natural, |class: i32, accidental| match accidental {
            '#' => Some(class + 1),
            'b' => Some(class - 1),
            _ => None,
        })
        .map(|class| class.rem_euclid(12) as PitchClass)
}

/// Heard, or locked by the therapist.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Default)]
pub enum KeyChoice {
    /// The key is what is heard.
    #[default]
    Auto,
    /// The key is this, whatever is heard.
    Locked(Key),
}

impl KeyChoice {
    /// How many choices there are: heard, and every tonic in every mode.
    pub const COUNT: usize = 1 + 12 * Mode::ALL.len();

    /// Position in the list of choices: 0 heard, then C in every mode, then Db, and so on.
    pub fn index(&self) -> usize {
        match self {
            Self::Auto => 0,
            Self::Locked(key) => 1 + usize::from(key.tonic % 12) * Mode::ALL.len() + key.mode.index(),
        }
    }

    /// The choice at `index`; heard if there is none.
    pub fn at(index: usize) -> Self {
        match index {
            0 => Self::Auto,
            i if i < Self::COUNT => {
                let i = i - 1;
                Self::Locked(Key { tonic: (i / Mode::ALL.len()) as PitchClass, mode: Mode::at(i % Mode::ALL.len()) })
            }
            _ => Self::Auto,
        }
    }

    /// The choice that `text` names: `auto`, or a key as in [`Key::parse`].
    pub fn parse(text: &str) -> Result<Self, UnknownName> {
        if text.trim().eq_ignore_ascii_case("auto") { Ok(Self::Auto) } else { Key::parse(text).map(Self::Locked) }
    }

    pub(crate) fn clamped(&self) -> Self {
        Self::at(self.index())
    }
}

impl fmt::Display for KeyChoice {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Auto => f.write_str("auto"),
            Self::Locked(key) => key.fmt(f),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_key_choice_survives_its_text_and_its_index() {
        for index in 0..KeyChoice::COUNT {
            let choice = KeyChoice::at(index);
            assert_eq!(choice.index(), index);
            assert_eq!(KeyChoice::parse(&choice.to_string()), Ok(choice));
        }
    }

    #[test]
    fn sharps_name_the_same_keys_as_flats_and_nonsense_says_what_would_do() {
        assert_eq!(Key::parse("c#:min"), Key::parse("Db:minor"));
        assert!(Key::parse("H:min").unwrap_err().to_string().contains("like D:min"));
    }
}
