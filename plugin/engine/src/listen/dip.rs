//! A note struck or sung again on its pitch: the level dips and leaps back. A tremolo dips as well, but has no rest
//! between its dips.

use super::level::SILENCE_DB;
use crate::time::Clock;

/// The leap back takes no longer than this, s: a nasal opens, a string is plucked.
const LEAP_S: f64 = 0.07;

/// What was before the dip is seen for so long, s; it was steady where it kept within so many dB of its loudest.
const BEFORE_S: f64 = 0.21;
const STEADY_DB: f32 = 2.5;

/// A note that is sung again was steady for so long, s: half a period of 4 Hz, the slowest tremolo.
const STEADY_S: f64 = 0.13;

/// The dip was so deep, dB, and the leap so far, dB: nasals between vowels fall by 6 to 10 dB, tremolo in 5 Hz of 5 dB
/// leaps 4 in the span. With flux that shows new sound the leap may be shorter; within vibrato, which swings the level
/// too, it must be longer.
const DIP_DB: f32 = 2.0;
const LEAP_DB: f32 = 5.5;
const LEAP_WITH_FLUX_DB: f32 = 3.0;
const MORE_IN_VIBRATO_DB: f32 = 2.0;

/// How far the level lies behind the sound, s: somewhat under half its span.
const BEHIND_S: f64 = 0.008;

/// A leap out of a dip.
#[derive(Clone, Copy)]
pub struct Leap {
    /// How long ago it was half done, s.
    pub ago_s: f64,
    /// How far it went, dB.
    pub rise_db: f32,
}

/// The detector.
pub struct Dip {
    /// Ring of the latest levels, dBFS.
    levels_db: Box<[f32]>,
    count: usize,
    leap: usize,
    before: usize,
    hop_s: f64,
}

impl Dip {
    /// For `clock`.
    pub fn new(clock: Clock) -> Self {
        let (leap, before) = (clock.hops(LEAP_S), clock.hops(BEFORE_S));
        let levels_db = vec![SILENCE_DB; leap + before].into();
        Self { levels_db, count: 0, leap, before, hop_s: clock.hop_s() }
    }

    /// Back to the state after `new`.
    pub fn reset(&mut self) {
        self.levels_db.fill(SILENCE_DB);
        self.count = 0;
    }

    /// Takes in the short-term level, dBFS.
    pub fn process(&mut self, level_db: f32) {
        let length = self.levels_db.len();
        self.levels_db[self.count % length] = level_db;
        self.count += 1;
    }

    /// The leap that the newest level completes, if any; `fresh` is whether flux shows new sound.
    pub fn leap(&self, fresh: bool, vibrato: bool) -> Option<Leap> {
        let lowest = (0..self.leap).min_by(|&a, &b| self.back(a).total_cmp(&self.back(b)))?;
        let (low_db, before) = (self.back(lowest), lowest..lowest + self.before);
        let rise_db = self.back(0) - low_db;
        let least_db = if fresh { LEAP_WITH_FLUX_DB } else { LEAP_DB } + if vibrato { MORE_IN_VIBRATO_DB } else { 0.0 };
        if rise_db < least_db {
            return None;
        }
        let loudest_db = before.clone().map(|hops| self.back(hops)).fold(SILENCE_DB, f32::max);
        let steady = before.filter(|&hops| self.back(hops) > loudest_db - STEADY_DB).count();
        let rested = fresh || steady as f64 * self.hop_s >= STEADY_S;
        let ago_s = BEHIND_S + 0.5 * lowest as f64 * self.hop_s;
        (rested && loudest_db - low_db >= DIP_DB).then_some(Leap { ago_s, rise_db })
    }

    /// The level so many hops ago, dBFS.
    fn back(&self, hops: usize) -> f32 {
        let length = self.levels_db.len();
        self.levels_db[(self.count + 2 * length - 1 - hops) % length]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Instants, s, at which the levels of `level_db(s)` leap, each held for 0.1 s.
    fn leaps(level_db: impl Fn(f64) -> f64) -> Vec<f64> {
        let clock = Clock::new(48_000.0);
        let mut dip = Dip::new(clock);
        let (mut found, mut held_until) = (Vec::new(), 0.0_f64);
        for hop in 0..clock.hops(3.0) {
            let now_s = hop as f64 * clock.hop_s();
            dip.process(level_db(now_s) as f32);
            if let Some(leap) = dip.leap(false, false).filter(|_| now_s > held_until) {
                held_until = now_s + 0.1;
                found.push(now_s - leap.ago_s);
            }
        }
        found
    }

    #[test]
    fn nasals_are_leaps_and_tremolo_and_swells_are_none() {
        let nasal = |t: f64| -20.0 - 8.0 * (-(((t + 0.1) % 0.4 - 0.2) / 0.035).powi(4)).exp();
        let found = leaps(nasal);
        assert_eq!(found.len(), 7, "{found:?}");
        assert!(found.iter().all(|t| ((t + 0.1) % 0.4 - 0.23).abs() < 0.03), "{found:?}");
        for hz in [4.0, 5.5, 7.0] {
            let tremolo = |t: f64| -20.0 + 4.0 * (std::f64::consts::TAU * hz * t).sin();
            assert!(leaps(tremolo).is_empty(), "{hz} Hz");
        }
        assert!(leaps(|t| -40.0 + 20.0 * (1.0 - (t - 1.5).abs() / 1.5)).is_empty());
    }
}
