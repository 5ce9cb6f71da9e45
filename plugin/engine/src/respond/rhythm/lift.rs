//! Lifting: the hand leaves a chord early that her tone turns out not to belong to, and takes another at the half beat.
//!
//! What falls with the beat is chosen before her tone is known. Where it was wrong, nothing is struck beside the beat: the
//! chord ends, as a hand lifts, and the next stroke is right.

use super::super::Moment;
use super::super::harmony::choice::{Chance, choose};
use super::super::plan::Orders;
use super::{LINES, Rhythm, is_tuned};
use crate::intend::intent::Figure;

/// Her tone is known to be another once it has been heard for so long, s.
const KNOWN_S: f64 = 0.06;
/// A chord sounds for so long at least, s: what is shorter is a knock.
const SHORTEST_S: f64 = 0.16;

impl Rhythm {
    /// Ends what she sings against, once her tone is settled; the chord stays that of its place in the song.
    pub(super) fn lift(&mut self, moment: &Moment, orders: &mut Orders) {
        let Moment { clock, meaning, settings, .. } = *moment;
        let settled = self.open.is_none() && clock.between(self.struck_at, meaning.now) >= SHORTEST_S;
        if settings.hold || !settled || !is_tuned(moment) {
            return;
        }
        let sounds = (0..LINES).any(|line| self.sounds[line] > meaning.now);
        if sounds && self.foreign(moment, meaning.arrived_key(), KNOWN_S).is_some() {
            self.fall_silent(moment, 0, orders);
        }
    }

    /// At the half beat another chord is taken where her tone asks for it; a song and a build keep theirs for the beat.
    pub(super) fn turn(&mut self, moment: &Moment) {
        if moment.intent.body.figure == Figure::Song || moment.settings.hold || !is_tuned(moment) {
            return;
        }
        if self.foreign(moment, moment.meaning.arrived_key(), KNOWN_S).is_some_and(|class| self.in_key(class))
            && let Some(chord) = choose(moment, self.chord(), Chance::Beat, true)
        {
            self.take(moment, chord);
        }
    }
}
