//! Vibrato as the note itself: a pitch that swings to and fro around it is expected to come back.

use crate::time::{Clock, SampleTime};

/// Half a swing lasts between these, s: vibrato of 3 to 10 Hz and what is a little uneven in it.
const HALF_S: std::ops::Range<f64> = 0.04..0.17;

/// Least half swing that counts, semitones.
const LEAST: f32 = 0.15;

/// Half swings from here on are vibrato, semitones; and so long after the last one, s: the next half of the slowest.
const VIBRATO: f32 = 0.3;
const MEMORY_S: f64 = 0.16;

/// The next half swing goes no further than so many times the last, and semitones more: vibrato grows within a note.
const GROWTH: f32 = 2.0;
const MORE: f32 = 0.2;

/// The swings of one note.
#[derive(Clone, Copy, Default)]
pub struct Swing {
    /// Where the pitch is, seen from the note: -1, 1, or 0 at first; since when, and how far it went, semitones.
    side: f32,
    since: SampleTime,
    peak: f32,
    /// How far the last half swing went, semitones, and when it ended.
    swung: f32,
    swung_at: SampleTime,
}

impl Swing {
    /// Takes in how far the pitch lies from the note, semitones.
    pub fn process(&mut self, away: f32, now: SampleTime, clock: Clock) {
        if away * self.side < 0.0 || self.side == 0.0 {
            let half = self.side != 0.0 && HALF_S.contains(&clock.between(self.since, now)) && self.peak > LEAST;
            if half {
                (self.swung, self.swung_at) = (self.peak, now);
            }
            (self.side, self.since, self.peak) = (away.signum(), now, 0.0);
        }
        self.peak = self.peak.max(away.abs());
    }

    /// Whether the note has vibrato now.
    pub fn vibrato(&self, now: SampleTime, clock: Clock) -> bool {
        self.swung > VIBRATO && clock.between(self.swung_at, now) < MEMORY_S
    }

    /// Whether a pitch so far from the note, semitones, is where its vibrato would take it.
    pub fn reaches(&self, away: f32, now: SampleTime, clock: Clock) -> bool {
        clock.between(self.swung_at, now) < MEMORY_S && away.abs() < GROWTH * self.swung + MORE
    }
}
