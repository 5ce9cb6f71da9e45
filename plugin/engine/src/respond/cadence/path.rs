//! The way home: which chord comes with the next strike.
//!
//! While she sings, the place on the way is the state's and the chord is the one that fits her tone; without her it is
//! the formula, chord by chord.

use super::formulas::{Numeral, Row, Sonority};
use crate::chord::{Chord, Family};
use crate::intend::intent::State;
use crate::key::{Key, PitchClass};
use Numeral::{I, I6, VI};

/// How far along the way a chord lies.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Place {
    /// At home or about to leave.
    Leaving,
    /// What leads to the last chord.
    Before,
    /// Held back over the last chord's bass.
    Suspended,
    /// The last chord before the end.
    Last,
    /// The end.
    Home,
}

/// Strikes of a line before what leads home, and before the last chord: a bar each, and the last comes by the third bar.
pub(super) const LEAVES: u32 = 2;
const LAST_BY: u32 = 4;
/// In the last line the last chord waits from the third strike on.
const WAITS_FROM: u32 = 2;

/// Home and the way there.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Path {
    /// Home; `None` while no key is known, with the tone she rests on as its tonic.
    pub key: Option<Key>,
    pub tonic: PitchClass,
    pub row: &'static Row,
}

/// Where the next strike lies.
#[derive(Clone, Copy, Debug)]
pub(super) struct Ahead {
    pub state: State,
    /// Strikes since her line, or the state, began.
    pub strike: u32,
    /// Where the chord that sounds lies.
    pub place: Place,
    /// The chord that sounds.
    pub sounds: Option<Numeral>,
    /// The pitch class she sings.
    pub sung: Option<PitchClass>,
    /// Her phrase is about to end.
    pub ending: bool,
}

impl Path {
    /// The next chord with her.
    pub fn with_her(&self, ahead: &Ahead) -> (Place, Numeral) {
        let strike = ahead.strike;
        let dominant = ahead.place >= Place::Suspended;
        match ahead.state {
            State::Approach if dominant => self.over_the_last(ahead, false),
            State::Approach if strike >= LAST_BY || (strike >= LEAVES && ahead.ending) => {
                self.over_the_last(ahead, false)
            }
            State::Approach if strike > LEAVES && ahead.place == Place::Before => self.over_the_last(ahead, true),
            State::Approach if strike < LEAVES => self.fitting(Place::Leaving, &[I, VI], ahead),
            State::Slowing if strike >= LAST_BY || (dominant && strike > LEAVES) || ahead.ending => {
                self.over_the_last(ahead, true)
            }
            State::Slowing if strike < LEAVES => self.fitting(Place::Leaving, &[VI, I6], ahead),
            State::Approach | State::Slowing => self.fitting(Place::Before, self.row.before, ahead),
            _ if strike >= WAITS_FROM || ahead.ending || !self.fits_before(ahead) => self.over_the_last(ahead, true),
            _ => self.fitting(Place::Before, self.row.before, ahead),
        }
    }

    /// What she sings belongs to a chord that leads to the last one, and not to that itself.
    fn fits_before(&self, ahead: &Ahead) -> bool {
        let fits = |numeral: &Numeral| ahead.sung.is_some_and(|sung| self.sonority(*numeral).contains(sung));
        self.row.before.iter().any(fits)
    }

    /// The next chord without her.
    pub fn alone(&self, place: Place) -> (Place, Numeral) {
        match place {
            Place::Leaving => (Place::Before, self.row.before[0]),
            Place::Before | Place::Suspended => (Place::Last, self.row.last.last().copied().unwrap_or(self.row.end)),
            Place::Last | Place::Home => (Place::Home, self.row.end),
        }
    }

    /// The last chord, or what is held back over its bass where she sings that.
    fn over_the_last(&self, ahead: &Ahead, may_suspend: bool) -> (Place, Numeral) {
        // The seventh comes as it waits.
        let fresh = ahead.state == State::Approach && ahead.place < Place::Last;
        let last = if fresh { self.row.last.first() } else { self.row.last.last() };
        let last = last.copied().unwrap_or(self.row.end);
        let belongs = |numeral: Numeral| ahead.sung.is_none_or(|sung| self.sonority(numeral).contains(sung));
        match self.row.suspended.filter(|_| may_suspend && !ahead.ending) {
            Some(held) if ahead.sung.is_some() && belongs(held) && !belongs(last) => (Place::Suspended, held),
            _ => (Place::Last, last),
        }
    }

    /// The first of `choices` that has her tone, another than sounds if there is one. Before the way has begun, what leads
    /// to the last chord may come where only that has it.
    fn fitting(&self, place: Place, choices: &[Numeral], ahead: &Ahead) -> (Place, Numeral) {
        let fits = |numeral: &Numeral| ahead.sung.is_none_or(|sung| self.sonority(*numeral).contains(sung));
        let is_new = |numeral: &Numeral| ahead.sounds != Some(*numeral);
        if place == Place::Leaving
            && !choices.iter().any(fits)
            && let Some(&before) = self.row.before.iter().find(|numeral| fits(numeral))
        {
            return (place, before);
        }
        let both = choices.iter().find(|numeral| fits(numeral) && is_new(numeral));
        let chosen = both.or(choices.iter().find(|numeral| fits(numeral))).or(choices.iter().find(|n| is_new(n)));
        (place, chosen.or(choices.first()).copied().unwrap_or(I))
    }

    /// What `numeral` is here. Without a key there are fifths alone: on the tonic at home, on the dominant before.
    pub fn sonority(&self, numeral: Numeral) -> Sonority {
        match self.key {
            Some(key) => Sonority::of(numeral, key),
            None => {
                let home = numeral == self.row.end;
                let root = if home { self.tonic } else { (self.tonic + 7) % 12 };
                Sonority { open: true, ..Sonority::on_root(Chord { root, family: Family::Major }) }
            }
        }
    }

    /// Her tone leads home: it belongs to the last chord and not to the end, or is the dominant itself.
    pub fn leads_home(&self, class: PitchClass) -> bool {
        let last = self.row.last.last().copied().unwrap_or(self.row.end);
        let own = self.sonority(last).contains(class) && !self.sonority(self.row.end).contains(class);
        own || class == (self.tonic + 7) % 12
    }
}

#[cfg(test)]
mod tests {
    use super::super::formulas;
    use super::*;
    use crate::key::Mode;

    #[test]
    fn before_the_way_has_begun_a_tone_that_home_does_not_have_brings_what_leads_there() {
        let key = Key { tonic: 0, mode: Mode::Major };
        let path = Path { key: Some(key), tonic: 0, row: formulas::home_by(key, true) };
        let next = |sung| {
            let (state, place) = (State::Approach, Place::Leaving);
            path.with_her(&Ahead { state, strike: 0, place, sounds: None, sung: Some(sung), ending: false })
        };
        assert_eq!(next(4), (Place::Leaving, I));
        let (place, numeral) = next(2);
        assert!(place == Place::Leaving && path.sonority(numeral).contains(2), "{numeral:?}");
    }
}
