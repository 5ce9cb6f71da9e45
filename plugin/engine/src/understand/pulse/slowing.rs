//! Whether the beat slows down: its period now against some beats ago, and against the tempo she has held.

use arrayvec::ArrayVec;

/// Beats that each of the two means is taken over: long enough to even out a beat that came early, short enough for a
/// ritardando, which takes 8 beats and more.
const BEATS: usize = 4;

/// Beats that the tempo she has held is the mean of, and how many it needs at least: a phrase and a half of four bars, and
/// three bars.
const HELD_BEATS: usize = 24;
const HELD_BEATS_MIN: usize = 12;

/// A period that changes by this share from one beat to the next is another tempo, and no slowing.
const NEW_TEMPO: f32 = 0.25;

/// The periods of the last beats.
#[derive(Clone, Debug, Default)]
pub struct Slowing {
    periods_s: ArrayVec<f32, { HELD_BEATS + BEATS }>,
}

impl Slowing {
    /// The beat is lost.
    pub fn reset(&mut self) {
        self.periods_s.clear();
    }

    /// A beat fell that lasts `period_s`.
    pub fn beat(&mut self, period_s: f32) {
        if self.periods_s.last().is_some_and(|last| (period_s / last).ln().abs() > NEW_TEMPO) {
            self.periods_s.clear();
        }
        if self.periods_s.is_full() {
            self.periods_s.remove(0);
        }
        self.periods_s.push(period_s);
    }

    /// How much slower the last beats are than those before, 0 steady, 0.1 a tenth slower, negative if faster; 0 until
    /// there are enough beats.
    pub fn amount(&self) -> f32 {
        self.against(BEATS, BEATS).unwrap_or(0.0)
    }

    /// The same against the tempo she has held, once it is known.
    pub fn against_held(&self) -> Option<f32> {
        self.against(HELD_BEATS, HELD_BEATS_MIN)
    }

    /// The last beats against up to `most` before them, if there are `least`.
    fn against(&self, most: usize, least: usize) -> Option<f32> {
        let (before, now) = self.periods_s.split_at(self.periods_s.len().saturating_sub(BEATS));
        let before = &before[before.len().saturating_sub(most)..];
        if before.len() < least {
            return None;
        }
        let mean_s = |periods_s: &[f32]| periods_s.iter().sum::<f32>() / periods_s.len() as f32;
        Some(1.0 - mean_s(before) / mean_s(now))
    }
}
