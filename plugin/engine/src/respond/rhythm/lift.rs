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
/// Where every beat is struck, as in a pulse or a swing, a hand lifts sooner: there no chord has to carry the form.
const KNOWN_ON_A_BEAT_S: f64 = 0.04;
/// A chord sounds for so long at least, s: what is shorter is a knock. The same where every beat is struck: from 0.16 and
/// 0.06 to 0.14 and 0.04 the sung note is in the chord 0.4 % more of the time (30 folk tunes). In a build or a song the
/// lines would lose their ends (`cargo xtask exchange`).
const SHORTEST_S: f64 = 0.16;
const SHORTEST_ON_A_BEAT_S: f64 = 0.14;

impl Rhythm {
    /// Ends what she sings against, once her tone is settled; the chord stays that of its place in the song.
    pub(super) fn lift(&mut self, moment: &Moment, orders: &mut Orders) {
        let Moment { clock, meaning, settings, .. } = *moment;
        let carries = moment.intent.body.figure == Figure::Song;
        let [shortest_s, known_s] =
            if carries { [SHORTEST_S, KNOWN_S] } else { [SHORTEST_ON_A_BEAT_S, KNOWN_ON_A_BEAT_S] };
        let settled = self.open.is_none() && clock.between(self.struck_at, meaning.now) >= shortest_s;
        if settings.hold || !settled || !is_tuned(moment) {
            return;
        }
        let Some(class) = self.heard_for(moment, meaning.arrived_key(), known_s) else { return };
        let sounding = || (0..LINES).filter(|&line| self.sounds[line] > meaning.now).filter_map(|line| self.keys[line]);
        let with_her = sounding().any(|key| key % 12 == class);
        // Neither what was struck nor what is next may be what she sings against.
        let belongs = [self.struck, self.chord()].iter().flatten().all(|chord| chord.contains(class));
        if sounding().next().is_some() && !belongs && !with_her {
            self.fall_silent(moment, 0, orders);
        }
    }

    /// At the half beat another chord is taken where her tone asks for it; a song keeps its own for the beat, and a build
    /// where it has a loop that fits. Returns whether another one is taken.
    pub(super) fn turn(&mut self, moment: &Moment) -> bool {
        let follows = self.form.is_trusted() && self.form.expected(false).is_some();
        let keeps = moment.intent.body.figure == Figure::Song && (moment.intent.body.grows == 0.0 || follows);
        if keeps || moment.settings.hold || !is_tuned(moment) {
            return false;
        }
        let before = self.chord();
        if self.foreign(moment, moment.meaning.arrived_key(), KNOWN_S).is_some_and(|class| self.in_key(class))
            && let Some(chord) = choose(moment, self.chord(), Chance::Beat, true)
        {
            self.take(moment, chord);
        }
        self.chord() != before
    }
}
