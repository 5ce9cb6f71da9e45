//! One beginning told once, where hits and notes are both listened for.

use super::heard::Onset;
use crate::time::{Clock, SampleTime};

/// A hit and a note that begin within this span are one beginning, s: the pitch shows later than the stroke, and its
/// onset is a guess where no flux marks it.
const SAME_S: f64 = 0.08;

/// What was told last of each kind.
pub struct Joined {
    hit: Option<SampleTime>,
    note: Option<SampleTime>,
    /// The last attack, told or not.
    attack: Option<SampleTime>,
    same: SampleTime,
}

impl Joined {
    /// For `clock`.
    pub fn new(clock: Clock) -> Self {
        Self { hit: None, note: None, attack: None, same: clock.samples(SAME_S) }
    }

    /// Back to the state after `new`.
    pub fn reset(&mut self) {
        (self.hit, self.note, self.attack) = (None, None, None);
    }

    /// Whether `hit` is news.
    pub fn admits_hit(&mut self, hit: &Onset) -> bool {
        let news = self.note.is_none_or(|note| note.abs_diff(hit.time) > self.same);
        self.hit = if news { Some(hit.time) } else { self.hit };
        news
    }

    /// Takes notice of an attack.
    pub fn attacked(&mut self, attack: &Onset) {
        self.attack = Some(attack.time);
    }

    /// Whether the beginning of a note is news; where notes are `struck` only an attack is one, and a pitch that shows
    /// later is its ring.
    pub fn admits_note(&mut self, note: &Onset, struck: bool) -> bool {
        let near = |at: Option<SampleTime>| at.is_some_and(|at| at.abs_diff(note.time) <= self.same);
        let news = !near(self.hit) && (!struck || near(self.attack));
        self.note = if news { Some(note.time) } else { self.note };
        news
    }
}

#[cfg(test)]
mod tests {
    use super::super::heard::{Cause, OnsetKind};
    use super::*;

    #[test]
    fn a_stroke_and_the_note_that_it_begins_are_one_onset_and_the_ring_of_a_stroke_is_none() {
        let at = |time| Onset {
            time,
            available: time,
            kind: OnsetKind::Note,
            cause: Cause::Hit,
            strength: 0.5,
            velocity: 80,
        };
        let mut joined = Joined::new(Clock::new(1_000.0));
        assert!(joined.admits_hit(&at(1_000)) && !joined.admits_note(&at(1_040), false));
        assert!(joined.admits_note(&at(2_000), false) && !joined.admits_hit(&at(2_020)));
        assert!(!joined.admits_note(&at(3_000), true), "nothing was struck");
        joined.attacked(&at(4_000));
        assert!(joined.admits_note(&at(4_010), true));
    }
}
