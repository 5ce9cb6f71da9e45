//! Meaning and the therapist's choices to intent: goal, approach, arc, locks.

pub mod intent;

use crate::respond::Answered;
use crate::settings::Settings;
use crate::time::Clock;
use crate::understand::meaning::Meaning;
use intent::{Act, Intent};

/// Most acts that can wait for one hop.
pub const ACTS_PER_HOP: usize = 16;

/// The acts that arrived since the last hop, in order.
pub type Acts = arrayvec::ArrayVec<Act, ACTS_PER_HOP>;

/// The intention.
pub struct Intend {
    clock: Clock,
    intent: Intent,
}

impl Intend {
    /// For `clock`.
    pub fn new(clock: Clock) -> Self {
        Self { clock, intent: Intent::default() }
    }

    /// Back to the state after `new`.
    pub fn reset(&mut self) {
        self.intent = Intent::default();
    }

    /// Decides for one hop. `acts` are the therapist's since the last one, `answered` what the answering did up to now.
    pub fn process(&mut self, meaning: &Meaning, answered: &Answered, acts: &Acts, settings: &Settings) -> &Intent {
        let _ = (meaning, answered, acts, settings, self.clock);
        &self.intent
    }
}
