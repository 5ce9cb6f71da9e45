//! Facts to meaning: tonality, phrase, memory, energy; integers and beats, no samples.

pub mod meaning;

use crate::listen::heard::Heard;
use crate::settings::Settings;
use crate::time::Clock;
use meaning::Meaning;

/// The understanding.
pub struct Understand {
    clock: Clock,
    meaning: Meaning,
}

impl Understand {
    /// For `clock`; allocates everything it will ever need.
    pub fn new(clock: Clock) -> Self {
        Self { clock, meaning: Meaning::default() }
    }

    /// Back to the state after `new`, without allocating.
    pub fn reset(&mut self) {
        self.meaning = Meaning::default();
    }

    /// Takes in the facts of one hop.
    pub fn process(&mut self, heard: &Heard, _settings: &Settings) -> &Meaning {
        let _ = self.clock;
        self.meaning.now = heard.now;
        &self.meaning
    }
}
