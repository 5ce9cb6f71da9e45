//! What kind of sound the client makes, where the therapist leaves it to be found out.

use super::heard::PitchReading;
use super::level::Level;
use crate::settings::Listen;
use crate::time::Clock;

/// Memory of the guess, s of sound.
const MEMORY_S: f64 = 1.5;

/// Share of the sounding time with a pitch: under the first it is hits, over the second it is notes; between, the guess
/// stays.
const PITCHED_SHARE: (f32, f32) = (0.3, 0.5);

/// Over the gate of hearing, dBFS, it counts as sounding.
const SOUNDING_DB: f32 = -50.0;

/// The guess.
pub struct Source {
    memory: f32,
    /// Share of the sounding time with a pitch, 0-1.
    pitched: f32,
    guess: Listen,
}

impl Source {
    /// For `clock`.
    pub fn new(clock: Clock) -> Self {
        let memory = (clock.hop_s() / MEMORY_S) as f32;
        Self { memory, pitched: START, guess: Listen::Voice }
    }

    /// Back to the state after `new`.
    pub fn reset(&mut self) {
        self.pitched = START;
        self.guess = Listen::Voice;
    }

    /// The kind to listen for: the therapist's, or what it sounds like so far; never [`Listen::Auto`].
    pub fn process(&mut self, pitch: &PitchReading, level: &Level, chosen: Listen) -> Listen {
        if level.now_db > SOUNDING_DB {
            let voiced = if pitch.voicing >= 0.5 { 1.0 } else { 0.0 };
            self.pitched += self.memory * (voiced - self.pitched);
        }
        if self.pitched < PITCHED_SHARE.0 {
            self.guess = Listen::Untuned;
        } else if self.pitched > PITCHED_SHARE.1 {
            self.guess = Listen::Voice;
        }
        if chosen == Listen::Auto { self.guess } else { chosen }
    }
}

/// Share assumed before anything was heard: a singer is likelier than a drum, and worse off misheard.
const START: f32 = 0.6;
