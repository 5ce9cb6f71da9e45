//! Cadences as rows of data: what leads away, what leads home, where it ends. A musician may change a row and hear it.

use crate::chord::{Chord, Family};
use crate::key::{Key, Mode, PitchClass};

/// A chord by its place in the key, in root position unless it says otherwise.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::respond) enum Numeral {
    /// The tonic.
    I,
    /// The tonic on its third: at home, but not yet arrived.
    I6,
    /// The tonic over the dominant in the bass, which wants to become it.
    I64,
    /// The second degree on its third, the stronger predominant.
    Ii6,
    /// The lowered or natural second degree, one step above home.
    II,
    /// The third degree.
    Iii,
    /// The fourth degree.
    IV,
    /// The dominant, with its leading tone in minor too.
    V,
    /// The dominant with its seventh.
    V7,
    /// The sixth degree, where a dominant that deceives goes.
    VI,
    /// The lowered seventh degree, the modal way home.
    FlatVII,
}

use Numeral::{FlatVII, I, I64, II, IV, Ii6, Iii, V, V7, VI};

/// The known ways to close, or to leave open.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::respond) enum Formula {
    /// V7-I.
    Authentic,
    /// To V, and no further.
    Half,
    /// IV-I.
    Plagal,
    /// V7-VI.
    Deceptive,
    /// bVII-I, of Dorian and Mixolydian.
    Subtonic,
    /// IV-III-II-I, of Phrygian.
    Andalusian,
}

/// A formula, first to last.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(in crate::respond) struct Row {
    /// Which.
    pub formula: Formula,
    /// What leads away from home, the usual first.
    pub before: &'static [Numeral],
    /// What stands last before the end, and what it becomes while it waits.
    pub last: &'static [Numeral],
    /// What holds `last` back, over the same bass.
    pub suspended: Option<Numeral>,
    /// Where it ends.
    pub end: Numeral,
}

/// The formulas.
const ROWS: [Row; 6] = [
    Row { formula: Formula::Authentic, before: &[IV, Ii6], last: &[V, V7], suspended: Some(I64), end: I },
    Row { formula: Formula::Half, before: &[IV, Ii6], last: &[], suspended: Some(I64), end: V },
    Row { formula: Formula::Plagal, before: &[VI, Iii], last: &[IV], suspended: None, end: I },
    Row { formula: Formula::Deceptive, before: &[IV, Ii6], last: &[V, V7], suspended: None, end: VI },
    Row { formula: Formula::Subtonic, before: &[IV, VI], last: &[FlatVII], suspended: None, end: I },
    Row { formula: Formula::Andalusian, before: &[IV, Iii], last: &[II], suspended: None, end: I },
];

/// The row of `formula`.
pub(in crate::respond) fn row(formula: Formula) -> &'static Row {
    ROWS.iter().find(|row| row.formula == formula).unwrap_or(&ROWS[0])
}

/// How a piece in `key` comes home; without functional harmony by the plagal step or that of its mode.
pub(in crate::respond) fn home_by(key: Key, functional: bool) -> &'static Row {
    row(match (functional, key.mode) {
        (_, Mode::Mixolydian | Mode::Dorian) => Formula::Subtonic,
        (_, Mode::Phrygian) => Formula::Andalusian,
        (true, Mode::Major | Mode::Minor | Mode::Lydian) => Formula::Authentic,
        (false, _) => Formula::Plagal,
    })
}

/// What sounds together: a chord, the tone under it, and whether the third is left out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::respond) struct Sonority {
    /// The chord.
    pub chord: Chord,
    /// The lowest tone.
    pub bass: PitchClass,
    /// Root and fifth alone.
    pub open: bool,
}

impl Sonority {
    /// In root position.
    pub fn on_root(chord: Chord) -> Self {
        Self { chord, bass: chord.root, open: false }
    }

    /// `numeral` in `key`.
    pub fn of(numeral: Numeral, key: Key) -> Self {
        let above = |semitones: u8| (key.tonic + semitones) % 12;
        let triad = |degree: i32| Chord { root: key.degree(degree), family: family(key, degree) };
        match numeral {
            I => Self::on_root(triad(0)),
            Numeral::I6 => Self { bass: key.degree(2), ..Self::on_root(triad(0)) },
            I64 => Self { bass: above(7), ..Self::on_root(triad(0)) },
            Ii6 => Self { bass: key.degree(3), ..Self::on_root(triad(1)) },
            II => Self::on_root(triad(1)),
            Iii => Self::on_root(triad(2)),
            IV => Self::on_root(triad(3)),
            V => Self::on_root(Chord { root: above(7), family: Family::Major }),
            V7 => Self::on_root(Chord { root: above(7), family: Family::Dominant }),
            VI => Self::on_root(triad(5)),
            FlatVII => Self::on_root(Chord { root: above(10), family: Family::Major }),
        }
    }

    /// Whether `class` is one of its tones.
    pub fn contains(&self, class: PitchClass) -> bool {
        let tones = self.chord.family.tones();
        let above = (class + 12 - self.chord.root % 12) % 12;
        if self.open { above == 0 || above == tones[2] } else { tones.contains(&above) }
    }
}

/// The triad that the scale of `key` builds on `degree`.
fn family(key: Key, degree: i32) -> Family {
    let above = |other: i32| (key.degree(degree + other) + 12 - key.degree(degree)) % 12;
    match (above(2), above(4)) {
        (3, 6) => Family::Diminished,
        (3, _) => Family::Minor,
        _ => Family::Major,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::names::Named;

    fn chords(row: &Row, key: Key) -> Vec<String> {
        let all = row.before.iter().chain(row.last).chain([&row.end]);
        all.map(|&numeral| Sonority::of(numeral, key).chord.to_string()).collect()
    }

    #[test]
    fn the_formulas_are_those_of_the_books() {
        let d_minor = Key { tonic: 2, mode: Mode::Minor };
        let e_phrygian = Key { tonic: 4, mode: Mode::Phrygian };
        assert_eq!(chords(row(Formula::Authentic), d_minor), ["G:min", "E:dim", "A:maj", "A:7", "D:min"]);
        assert_eq!(chords(row(Formula::Deceptive), d_minor).last().map(String::as_str), Some("Bb:maj"));
        assert_eq!(chords(row(Formula::Half), d_minor).last().map(String::as_str), Some("A:maj"));
        assert_eq!(chords(row(Formula::Andalusian), e_phrygian), ["A:min", "G:maj", "F:maj", "E:min"]);
        let g_mixolydian = Key { tonic: 7, mode: Mode::Mixolydian };
        assert_eq!(chords(home_by(g_mixolydian, true), g_mixolydian), ["C:maj", "E:min", "F:maj", "G:maj"]);
    }

    #[test]
    fn a_six_four_stands_on_the_fifth_and_waits_for_the_dominant() {
        let key = Key { tonic: 2, mode: Mode::Minor };
        let suspended = Sonority::of(I64, key);
        assert_eq!((suspended.bass, suspended.chord.to_string()), (9, "D:min".to_owned()));
        assert_eq!(suspended.bass, Sonority::of(V7, key).bass);
    }

    #[test]
    fn without_function_no_way_home_has_a_leading_tone() {
        for &mode in Mode::ALL {
            let key = Key { tonic: 0, mode };
            let row = home_by(key, false);
            assert!(row.last.iter().all(|&numeral| !matches!(numeral, V | V7)), "{mode:?}");
        }
    }
}
