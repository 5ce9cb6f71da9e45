//! What becomes of a theme that returns: the chords it had before, others, or whatever is heard.

use super::super::Moment;
use crate::chord::Chord;
use crate::settings::Goal;
use crate::understand::meaning::{Meaning, PlayedChord};

/// How a phrase that returns is harmonised.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Theme {
    /// As if it were new.
    #[default]
    AsHeard,
    /// With the chords it had: it is known again.
    Same,
    /// With others where her tone allows it: it is seen in another light.
    Different,
}

/// What it is worth to be the chord that was played then, or not to be, as a probability of the chord: more than staying
/// where one is, less than a chord that is all but sure.
const THEN: f32 = 0.35;

impl Theme {
    /// What is asked for.
    pub fn of(moment: &Moment) -> Self {
        match (moment.intent.body.same_chords, moment.settings.goal) {
            (true, _) => Self::Same,
            (false, Goal::Insight) => Self::Different,
            (false, _) => Self::AsHeard,
        }
    }

    /// What it adds to `chord` that `then` was played at this place of the theme, pitch classes as bits.
    pub fn worth(self, chord: Chord, then: Option<u16>) -> f32 {
        let was_played = || then.is_some_and(|then| chord.classes().take(3).all(|class| then >> class & 1 == 1));
        match self {
            Self::Same if was_played() => THEN,
            Self::Different if was_played() => -THEN,
            _ => 0.0,
        }
    }
}

/// The pitch classes that were played at this place of the theme that returns, moved to where it is now, as bits; `None`
/// where no theme returns or nothing was played.
pub(super) fn then(meaning: &Meaning) -> Option<u16> {
    let returns = meaning.returns.filter(|_| meaning.phrase.open)?;
    let note = meaning.motif.len().saturating_sub(1);
    let played = |chord: &&PlayedChord| usize::from(chord.note) <= note;
    let classes = meaning.returns_chords.iter().rev().find(played)?.classes;
    let up = u32::from(returns.semitones.rem_euclid(12).unsigned_abs());
    Some((classes << up | classes >> (12 - up)) & 0xFFF)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::chord::Family;
    use crate::understand::meaning::{MotifNote, Return};

    const C: Chord = Chord { root: 0, family: Family::Major };
    const D: Chord = Chord { root: 2, family: Family::Major };
    const A_MINOR: Chord = Chord { root: 9, family: Family::Minor };

    /// The theme returns a tone higher than it was heard over C; `notes` of it have sounded.
    fn returning(notes: usize) -> Meaning {
        let returns = Some(Return { number: 1, similarity: 0.9, semitones: 2 });
        let mut meaning = Meaning { returns, ..Meaning::default() };
        meaning.phrase.open = true;
        meaning.motif.extend(std::iter::repeat_n(MotifNote::default(), notes));
        let c = C.classes().fold(0, |bits, class| bits | 1 << class);
        let a = A_MINOR.classes().fold(0, |bits, class| bits | 1 << class);
        meaning.returns_chords.push(PlayedChord { classes: c, bass: 0, note: 0 });
        meaning.returns_chords.push(PlayedChord { classes: a, bass: 9, note: 4 });
        meaning
    }

    #[test]
    fn the_same_chords_return_where_they_were_moved_with_the_theme() {
        let worth = |notes, chord| Theme::Same.worth(chord, then(&returning(notes)));
        assert_eq!((worth(3, D), worth(3, C)), (THEN, 0.0));
        let b_minor = Chord { root: 11, family: Family::Minor };
        assert_eq!((worth(5, D), worth(5, b_minor)), (0.0, THEN));
    }

    #[test]
    fn different_ones_are_sought_only_while_a_theme_returns() {
        let meaning = returning(3);
        assert_eq!(Theme::Different.worth(D, then(&meaning)), -THEN);
        assert_eq!(Theme::Different.worth(D, then(&Meaning { returns: None, ..meaning.clone() })), 0.0);
        assert_eq!(Theme::AsHeard.worth(D, then(&meaning)), 0.0);
    }
}
