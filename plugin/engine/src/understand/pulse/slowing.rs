//! Whether the beat slows down: its period now against some beats ago.

use arrayvec::ArrayVec;

/// Beats that each of the two means is taken over: long enough to even out a beat that came early, short enough for a
/// ritardando, which takes 8 beats and more.
const BEATS: usize = 4;

/// A period that changes by this share from one beat to the next is another tempo, and no slowing.
const NEW_TEMPO: f32 = 0.25;

/// The periods of the last beats.
#[derive(Clone, Debug, Default)]
pub struct Slowing {
    periods_s: ArrayVec<f32, { 2 * BEATS }>,
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
        if !self.periods_s.is_full() {
            return 0.0;
        }
        let (before, now) = self.periods_s.split_at(BEATS);
        1.0 - before.iter().sum::<f32>() / now.iter().sum::<f32>()
    }
}
