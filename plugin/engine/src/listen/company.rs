//! What comes back of the accompaniment although no key explains it: the tail of a room, another instrument than was
//! reckoned with, what was played before. Near a microphone it is softer than the client: while the accompaniment sounds,
//! what is far softer than she of late, no louder than what such soft moments were found to hold, and no louder than
//! there is evidence for, is not she. Evidence is what the keys played were found to come back as, and a floor that does
//! not fall away when she pauses. With headphones there is none, and her softest tones are heard.

use super::level::{Level, decibels, mean_square};
use crate::time::{Clock, SampleTime};

/// Span of the level that counts as the client's, s: a syllable.
const CLIENT_SPAN_S: f64 = 0.15;

/// Speed at which the client's level is forgotten, dB/s: a rest between phrases leaves most of it.
const CLIENT_FALL_DB_PER_S: f64 = 1.0;

/// What comes back lies so far under the client, dB, or it could not be told from her.
const UNDER_CLIENT_DB: f32 = 8.0;

/// What begins on a key of ours and is so much softer than the client of late, dB, is that key, up to so much more than
/// there is evidence for, dB.
const KEY_UNDER_CLIENT_DB: f32 = 3.0;
const KEY_OVER_EVIDENT_DB: f32 = 6.0;

/// Speeds at which the level of soft moments is followed, dB/s: chords beat, and begin and end.
const SOFT_RISE_DB_PER_S: f64 = 40.0;
const SOFT_FALL_DB_PER_S: f64 = 20.0;

/// What comes back may be so much louder than its keys were found to be, dB: several of them, and their room.
const OVER_RETURN_DB: f32 = 6.0;

/// What comes back may be so much louder than the floor under everything, dB: chords come and go.
const OVER_FLOOR_DB: f32 = 15.0;

/// Level of soft moments before any was heard, dBFS: a loud loudspeaker.
const SOFT_START_DB: f32 = -30.0;

/// What comes back may be so much louder than usual, dB: 6 to 14 do alike.
const SOFT_MARGIN_DB: f32 = 10.0;

/// The accompaniment lingers so long in lines and room, s.
const LINGER_S: f64 = 6.0;

/// The company that the client is in.
pub struct Company {
    clock: Clock,
    /// Mean square over [`CLIENT_SPAN_S`].
    mean: f32,
    /// Level of the client of late, dBFS.
    client_db: f32,
    /// Level of soft moments, dBFS.
    soft_db: f32,
    /// When the accompaniment last sounded.
    sounded: Option<SampleTime>,
    /// Whether it sounds or lingers.
    present: bool,
    /// Loudest that there is evidence for, dBFS.
    evident_db: f32,
}

impl Company {
    /// For `clock`.
    pub fn new(clock: Clock) -> Self {
        let none = decibels(0.0);
        Self {
            clock,
            mean: 0.0,
            client_db: none,
            soft_db: SOFT_START_DB,
            sounded: None,
            present: false,
            evident_db: none,
        }
    }

    /// Back to the state after `new`.
    pub fn reset(&mut self) {
        *self = Self::new(self.clock);
    }

    /// Takes in the hop that ends at `now`; `sounds` is whether the accompaniment does, `returns_db` the level at which
    /// its keys were found to come back, dBFS.
    pub fn process(&mut self, now: SampleTime, sounds: bool, returns_db: f32, level: &Level) {
        self.evident_db = (returns_db + OVER_RETURN_DB).max(level.floor_db + OVER_FLOOR_DB);
        let hop_s = self.clock.hop_s();
        self.sounded = if sounds { Some(now) } else { self.sounded };
        self.present = self.sounded.is_some_and(|at| self.clock.between(at, now) < LINGER_S);
        let square = mean_square(level.hop_db);
        self.mean += (hop_s / CLIENT_SPAN_S).min(1.0) as f32 * (square - self.mean);
        self.client_db = decibels(self.mean).max(self.client_db - (CLIENT_FALL_DB_PER_S * hop_s) as f32);
        if self.present && level.now_db < self.client_db - UNDER_CLIENT_DB {
            let (fall, rise) = ((SOFT_FALL_DB_PER_S * hop_s) as f32, (SOFT_RISE_DB_PER_S * hop_s) as f32);
            self.soft_db += (level.now_db - self.soft_db).clamp(-fall, rise);
        }
    }

    /// Level of the client of late, dBFS.
    pub fn client_db(&self) -> f32 {
        self.client_db
    }

    /// Power of what comes back against the client's.
    pub fn share(&self) -> f32 {
        let level_db = self.soft_db.min(self.evident_db);
        if self.present { mean_square(level_db - self.client_db).min(1.0) } else { 0.0 }
    }

    /// Whether a pitch of `level_db` dBFS that begins on a key of ours is more likely that key, come back.
    pub fn explains_key(&self, level_db: f32) -> bool {
        let limit_db = (self.client_db - KEY_UNDER_CLIENT_DB).min(self.evident_db + KEY_OVER_EVIDENT_DB);
        self.present && level_db < limit_db
    }

    /// Whether a sound of `level_db` dBFS is more likely the accompaniment than the client.
    pub fn explains(&self, level_db: f32) -> bool {
        self.present
            && level_db < (self.soft_db + SOFT_MARGIN_DB).min(self.client_db - UNDER_CLIENT_DB).min(self.evident_db)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Whether a sound of `soft_db` dBFS in the client's rests counts as the accompaniment, which is found to come back
    /// at `returns_db` dBFS.
    fn explained(soft_db: f32, returns_db: f32) -> bool {
        let clock = Clock::new(48_000.0);
        let (mut company, mut level) = (Company::new(clock), Level::new(clock));
        let mut now = 0;
        let mut hear = |seconds: f64, db: f32| {
            let hop = vec![10.0_f32.powf(db / 20.0); clock.hop()];
            for _ in 0..clock.hops(seconds) {
                now += clock.hop() as SampleTime;
                level.process(&hop, db > -60.0);
                company.process(now, true, returns_db, &level);
            }
        };
        for _ in 0..4 {
            hear(0.8, -20.0);
            hear(0.2, soft_db);
            hear(0.2, -80.0);
        }
        hear(0.2, soft_db);
        company.explains(soft_db)
    }

    #[test]
    fn soft_tones_are_hers_with_headphones_and_the_loudspeakers_where_keys_come_back() {
        assert!(!explained(-45.0, -100.0), "nothing comes back: she sings softly");
        assert!(explained(-45.0, -45.0), "keys come back as loud as that");
        assert!(!explained(-45.0, -70.0), "keys come back far softer than that");
        assert!(!explained(-24.0, -30.0), "almost as loud as she was: it is she");
    }
}
