//! How loud it is now, how loud it lately was, and how loud the room is when nobody sounds.

use crate::time::Clock;

/// Span of the short-term level, s.
const SPAN_S: f64 = 0.02;

/// What silence reads, dBFS.
pub const SILENCE_DB: f32 = -120.0;

/// Speed at which the remembered peak sinks, dB/s: a phrase's dynamics stay, a change of distance is followed.
const PEAK_FALL_DB_PER_S: f64 = 12.0;

/// Speed at which the remembered valley rises, dB/s: what a swell of the last tenth of a second began from.
const VALLEY_RISE_DB_PER_S: f64 = 100.0;

/// Speeds at which the floor follows the level, dB/s: down at once with the breath between notes, up slowly, and slower
/// still while a pitch sounds.
const FLOOR_FALL_DB_PER_S: f64 = 200.0;
const FLOOR_RISE_DB_PER_S: f64 = 6.0;
const FLOOR_RISE_VOICED_DB_PER_S: f64 = 0.5;

/// At first the room is not known at all: for so long, s, the floor rises so fast where no pitch sounds, dB/s.
const EARLY_S: f64 = 1.0;
const FLOOR_RISE_EARLY_DB_PER_S: f64 = 60.0;

/// Floor assumed before anything was heard, and highest floor believed, dBFS.
const FLOOR_START_DB: f32 = -70.0;
const FLOOR_MAX_DB: f32 = -20.0;

/// Level, recent peak and floor.
pub struct Level {
    /// Mean squares of the last hops.
    hops: Box<[f32]>,
    at: usize,
    hop_s: f64,
    /// Heard so far, s.
    heard_s: f64,
    /// Short-term level, dBFS.
    pub now_db: f32,
    /// Level of the newest hop alone, dBFS.
    pub hop_db: f32,
    /// How far under the usual the gates lie, dB: the therapist's choice.
    pub sensitivity_db: f32,
    /// Slowly sinking peak of the level, dBFS.
    pub peak_db: f32,
    /// Level of the room, dBFS.
    pub floor_db: f32,
    /// Lowest level of the last moments, dBFS.
    pub valley_db: f32,
}

impl Level {
    /// For `clock`.
    pub fn new(clock: Clock) -> Self {
        Self {
            hops: vec![0.0; clock.hops(SPAN_S)].into(),
            at: 0,
            hop_s: clock.hop_s(),
            heard_s: 0.0,
            now_db: SILENCE_DB,
            hop_db: SILENCE_DB,
            sensitivity_db: 0.0,
            peak_db: SILENCE_DB,
            floor_db: FLOOR_START_DB,
            valley_db: SILENCE_DB,
        }
    }

    /// Back to the state after `new`.
    pub fn reset(&mut self) {
        self.hops.fill(0.0);
        self.at = 0;
        (self.now_db, self.hop_db, self.peak_db) = (SILENCE_DB, SILENCE_DB, SILENCE_DB);
        self.heard_s = 0.0;
        self.floor_db = FLOOR_START_DB;
        self.valley_db = SILENCE_DB;
    }

    /// Takes in one hop; `voiced` is whether a pitch sounded in the one before.
    pub fn process(&mut self, samples: &[f32], voiced: bool) {
        let square = samples.iter().map(|sample| sample * sample).sum::<f32>() / samples.len() as f32;
        self.hops[self.at] = square;
        self.at = (self.at + 1) % self.hops.len();
        self.hop_db = decibels(square);
        self.now_db = decibels(self.hops.iter().sum::<f32>() / self.hops.len() as f32);
        self.peak_db = self.now_db.max(self.peak_db - (PEAK_FALL_DB_PER_S * self.hop_s) as f32);
        self.valley_db = self.now_db.min(self.valley_db + (VALLEY_RISE_DB_PER_S * self.hop_s) as f32);
        self.heard_s += self.hop_s;
        let rise = match voiced {
            true => FLOOR_RISE_VOICED_DB_PER_S,
            false if self.heard_s < EARLY_S => FLOOR_RISE_EARLY_DB_PER_S,
            false => FLOOR_RISE_DB_PER_S,
        };
        let step =
            (self.now_db - self.floor_db).clamp(-(FLOOR_FALL_DB_PER_S * self.hop_s) as f32, (rise * self.hop_s) as f32);
        self.floor_db = (self.floor_db + step).clamp(SILENCE_DB, FLOOR_MAX_DB);
    }
}

/// A mean square as dBFS.
pub fn decibels(square: f32) -> f32 {
    10.0 * square.max(1e-12).log10()
}

/// The mean square of a level in dBFS, or the ratio of powers that so many dB are.
pub fn mean_square(level_db: f32) -> f32 {
    10.0_f32.powf(0.1 * level_db)
}

/// Velocity for a level in dBFS: -50 is 20 (barely played), -12 is 110 (as loud as a good recording gets).
pub fn velocity(level_db: f32) -> u8 {
    (20.0 + (level_db + 50.0) / (50.0 - 12.0) * (110.0 - 20.0)).round().clamp(1.0, 127.0) as u8
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn velocity_follows_the_level_and_stays_in_midi() {
        assert_eq!([velocity(-50.0), velocity(-12.0)], [20, 110]);
        assert_eq!([velocity(SILENCE_DB), velocity(20.0)], [1, 127]);
    }

    #[test]
    fn the_floor_falls_to_a_quiet_room_and_stays_under_a_held_note() {
        let clock = Clock::new(48_000.0);
        let mut level = Level::new(clock);
        let room = vec![1e-3; clock.hop()];
        (0..clock.hops(3.0)).for_each(|_| level.process(&room, false));
        assert!((level.floor_db + 60.0).abs() < 0.1);
        let note = vec![0.1; clock.hop()];
        (0..clock.hops(10.0)).for_each(|_| level.process(&note, true));
        assert!((level.now_db + 20.0).abs() < 0.1 && level.floor_db < -50.0);
    }
}
