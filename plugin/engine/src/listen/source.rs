//! What kind of sound the client makes, where the therapist leaves it to be found out: hits start clearly, die away and
//! hold no pitch; notes start softly or last.

use super::heard::{Onset, PitchReading};
use super::level::Level;
use crate::settings::Listen;
use crate::time::{Clock, SampleTime};

/// Memory for the share of held pitch, s of sound.
const MEMORY_S: f64 = 2.0;

/// Weight of the newest attack in the averages over attacks.
const NEWEST: f32 = 0.3;

/// Pitch without a break for so long is held, s.
const HELD_S: f64 = 0.12;

/// Dying away is measured so long after the attack, s.
const DECAY_S: f64 = 0.1;

/// An attack that does not make it louder by so much is the click of an end, or grain in a sound, dB.
const RISE_MIN_DB: f32 = 2.0;

/// Over this it counts as sounding, dBFS.
const SOUNDING_DB: f32 = -50.0;

/// Assumed before anything was heard: decay in dB, attack strength and share of held pitch between a voice and a drum.
const DECAY_START_DB: f32 = 3.0;
const STRENGTH_START: f32 = 0.2;
const HELD_START: f32 = 0.35;

/// Decay times strength is 0.2-0.7 dB for voices, winds, strings, guitar and piano, 0.8-4 dB for drums, tabla and
/// shakers; the share of held pitch is 0.45-0.8 and 0.01-0.55. Half a share weighs as much as one dB.
const HELD_WEIGHT_DB: f32 = 2.0;

/// Over the upper it is hits, under the lower it is notes; between, the guess stays.
const HITS_OVER_DB: f32 = 1.0;
const NOTES_UNDER_DB: f32 = 0.7;

/// An attack whose decay is awaited.
struct Awaited {
    since: SampleTime,
    /// Short-term level as it began, and the loudest since, dBFS.
    before_db: f32,
    loudest_db: f32,
    strength: f32,
}

/// The guess.
pub struct Source {
    clock: Clock,
    memory: f32,
    /// Averages over attacks and over time.
    decay_db: f32,
    strength: f32,
    held: f32,
    attack: Option<Awaited>,
    voiced_since: Option<SampleTime>,
    hits: bool,
}

impl Source {
    /// For `clock`.
    pub fn new(clock: Clock) -> Self {
        Self {
            clock,
            memory: (clock.hop_s() / MEMORY_S) as f32,
            decay_db: DECAY_START_DB,
            strength: STRENGTH_START,
            held: HELD_START,
            attack: None,
            voiced_since: None,
            hits: false,
        }
    }

    /// Back to the state after `new`.
    pub fn reset(&mut self) {
        *self = Self::new(self.clock);
    }

    /// The kind to listen for: the therapist's, or what it sounds like so far; never [`Listen::Auto`].
    pub fn process(
        &mut self,
        now: SampleTime,
        pitch: &PitchReading,
        attack: Option<&Onset>,
        level: &Level,
        chosen: Listen,
    ) -> Listen {
        self.follow_pitch(now, pitch, level);
        self.follow_decay(now, attack, level);
        let evidence_db = self.decay_db * self.strength - HELD_WEIGHT_DB * (self.held - HELD_START);
        self.hits = evidence_db > if self.hits { NOTES_UNDER_DB } else { HITS_OVER_DB };
        match chosen {
            Listen::Auto if self.hits => Listen::Untuned,
            Listen::Auto => Listen::Voice,
            chosen => chosen,
        }
    }

    fn follow_pitch(&mut self, now: SampleTime, pitch: &PitchReading, level: &Level) {
        if pitch.voicing < 0.5 {
            self.voiced_since = None;
        } else {
            self.voiced_since.get_or_insert(now);
        }
        if level.now_db > SOUNDING_DB {
            let held = self.voiced_since.is_some_and(|since| self.clock.between(since, now) >= HELD_S);
            self.held += self.memory * (f32::from(u8::from(held)) - self.held);
        }
    }

    fn follow_decay(&mut self, now: SampleTime, attack: Option<&Onset>, level: &Level) {
        if let Some(awaited) = &mut self.attack {
            awaited.loudest_db = awaited.loudest_db.max(level.now_db);
            if self.clock.between(awaited.since, now) >= DECAY_S {
                let rose = awaited.loudest_db - awaited.before_db >= RISE_MIN_DB;
                if rose {
                    self.decay_db += NEWEST * (awaited.loudest_db - level.now_db - self.decay_db);
                    self.strength += NEWEST * (awaited.strength - self.strength);
                }
                self.attack = None;
            }
        }
        if let Some(attack) = attack {
            let (before_db, strength) = (level.now_db, attack.strength);
            self.attack = Some(Awaited { since: now, before_db, loudest_db: before_db, strength });
        }
    }
}
