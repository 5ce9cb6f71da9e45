//! Styles as rows: scale, mode, bass, rhythm cell and cadence of each (after the archetypes of Robbins and Robbins 1998,
//! Wigram 2004, and Lee and Houde 2011).

use super::manner::Manner;
use crate::key::Mode;
use crate::settings::Idiom;

/// What lies in the bass.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Bass {
    /// The roots of the chords.
    Roots,
    /// Root and fifth by turns.
    RootAndFifth,
    /// The tonic throughout.
    Pedal,
    /// Down by step 4 b3 b2 1.
    Descending,
}

/// How chords lie in the bar.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cell {
    /// As the state has it.
    Free,
    /// Bass on one, chords on two and three.
    Three,
    /// Bass and chord in two.
    Two,
    /// Long-short between the beats.
    Swung,
    /// Rocking: bass, chord and chord again, soft.
    Rocking,
}

/// How it closes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Close {
    /// As key and approach have it.
    ByKey,
    /// Dominant and tonic.
    Authentic,
    /// Subdominant and tonic.
    Plagal,
    /// The tone below the tonic, and the tonic.
    Subtonic,
    /// The Andalusian descent.
    Andalusian,
    /// Root and fifth alone.
    Open,
}

/// A style.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct IdiomRow {
    /// The style.
    pub idiom: Idiom,
    /// Tones of its scale above the tonic, bit = semitones; all of them where it follows the key.
    pub scale: u16,
    /// The mode that its chords follow; `None` as heard.
    pub mode: Option<Mode>,
    /// Chords of thirds; otherwise fifths, fourths and octaves.
    pub thirds: bool,
    /// Bass.
    pub bass: Bass,
    /// Rhythm.
    pub cell: Cell,
    /// Close.
    pub close: Close,
    /// How it plays.
    pub manner: Manner,
}

/// A scale from its tones, semitones above the tonic.
const fn scale<const N: usize>(tones: [u8; N]) -> u16 {
    let (mut bits, mut index) = (0, 0);
    while index < N {
        bits |= 1 << tones[index];
        index += 1;
    }
    bits
}

const ANY: u16 = 0xFFF;
const FIVE: u16 = scale([0, 2, 4, 7, 9]);
const IN_SEN: u16 = scale([0, 1, 5, 7, 8]);
const HIJAZ: u16 = scale([0, 1, 4, 5, 7, 8, 10]);
const BLUE: u16 = scale([0, 2, 3, 4, 5, 6, 7, 9, 10]);

macro_rules! idioms {
    ($($idiom:ident: $scale:expr, $mode:expr, $thirds:expr, $bass:ident, $cell:ident, $close:ident, $manner:expr;)+) => {
        [$(IdiomRow {
            idiom: Idiom::$idiom,
            scale: $scale,
            mode: $mode,
            thirds: $thirds,
            bass: Bass::$bass,
            cell: Cell::$cell,
            close: Close::$close,
            manner: Manner::of($manner),
        }),+]
    };
}

/// The styles.
pub const IDIOMS: [IdiomRow; 15] = idioms! {
    // idiom       scale   mode                   thirds bass          cell     close      manner
    Open:          ANY,    None,                  true,  Roots,        Free,    ByKey,     [0.0, 1.0, 0.0, 0.0, 0.0, 1.0, 0.0];
    Pentatonic:    FIVE,   Some(Mode::Major),     false, RootAndFifth, Free,    Plagal,    [0.0, 1.0, 0.0, -0.2, 0.0, 1.0, 0.0];
    Japanese:      IN_SEN, Some(Mode::Phrygian),  false, Pedal,        Free,    Open,      [-3.0, 1.1, 2.0, 0.0, 0.0, 0.6, 0.0];
    MiddleEastern: HIJAZ,  Some(Mode::Phrygian),  false, Pedal,        Free,    Subtonic,  [0.0, 1.0, -2.0, 0.0, 0.0, 1.0, 0.0];
    Spanish:       ANY,    Some(Mode::Phrygian),  true,  Descending,   Three,   Andalusian, [3.0, 0.7, 0.0, 0.0, 0.0, 1.2, 0.0];
    Organum:       ANY,    None,                  false, Roots,        Free,    Open,      [-2.0, 1.2, -2.0, -0.2, 0.0, 0.5, 0.0];
    Dorian:        ANY,    Some(Mode::Dorian),    true,  Roots,        Free,    Subtonic,  [0.0, 1.0, 0.0, 0.0, 0.0, 1.0, 0.0];
    Phrygian:      ANY,    Some(Mode::Phrygian),  true,  Roots,        Free,    Subtonic,  [0.0, 1.0, -2.0, 0.0, 0.0, 0.9, 0.0];
    Lydian:        ANY,    Some(Mode::Lydian),    true,  Roots,        Free,    Plagal,    [-1.0, 1.1, 2.0, 0.1, 0.0, 0.8, 0.0];
    Mixolydian:    ANY,    Some(Mode::Mixolydian), true, Roots,        Free,    Subtonic,  [0.0, 1.0, 0.0, 0.0, 0.0, 1.0, 0.0];
    Romantic:      ANY,    None,                  true,  Roots,        Free,    Authentic, [0.0, 1.15, 0.0, 0.35, 0.0, 1.0, 0.0];
    Blues:         BLUE,   Some(Mode::Mixolydian), true, RootAndFifth, Swung,   Plagal,    [2.0, 0.75, -2.0, 0.3, 0.0, 1.2, 0.0];
    Lullaby:       ANY,    None,                  true,  RootAndFifth, Rocking, Plagal,    [-8.0, 1.1, 0.0, -0.2, 0.3, 0.6, 0.0];
    Waltz:         ANY,    None,                  true,  RootAndFifth, Three,   Authentic, [0.0, 0.8, 0.0, 0.0, 0.0, 1.2, 0.0];
    March:         ANY,    None,                  true,  RootAndFifth, Two,     Authentic, [6.0, 0.55, -2.0, 0.0, 0.2, 1.3, 0.0];
};

/// `idiom` as a row.
pub fn idiom_row(idiom: Idiom) -> &'static IdiomRow {
    IDIOMS.iter().find(|row| row.idiom == idiom).unwrap_or(&IDIOMS[0])
}

impl IdiomRow {
    /// Whether the tone so many semitones above the tonic belongs to the scale.
    pub fn has(&self, above: u8) -> bool {
        self.scale & (1 << (above % 12)) != 0
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::names::Named;

    #[test]
    fn every_style_has_its_row_with_tonic_and_fifth() {
        for &idiom in Idiom::ALL {
            let row = idiom_row(idiom);
            assert!(row.idiom == idiom && row.has(0) && row.has(7), "{idiom:?}");
        }
    }
}
