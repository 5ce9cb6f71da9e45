//! Intent to planned notes; one behaviour a file.

pub mod plan;

use crate::intend::intent::Intent;
use crate::settings::Settings;
use crate::time::Clock;
use crate::understand::meaning::Meaning;
use plan::Orders;

/// How far a cadence has come.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum CadenceStage {
    /// None is going on.
    #[default]
    None,
    /// Before the dominant has given way to the tonic.
    Heading,
    /// The closing tonic sounds.
    Arrived,
    /// The closing tonic has ended.
    Done,
}

/// What the answering is in the middle of.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Answered {
    /// A countermelody is planned or sounding.
    pub countermelody: bool,
    /// The drone is planned or sounding.
    pub drone: bool,
    /// The cadence.
    pub cadence: CadenceStage,
}

/// The answering.
pub struct Respond {
    clock: Clock,
    answered: Answered,
}

impl Respond {
    /// For `clock`.
    pub fn new(clock: Clock) -> Self {
        Self { clock, answered: Answered::default() }
    }

    /// Back to the state after `new`.
    pub fn reset(&mut self) {
        self.answered = Answered::default();
    }

    /// What the answering is in the middle of.
    pub fn answered(&self) -> &Answered {
        &self.answered
    }

    /// Plans for one hop and gives its orders.
    pub fn process(&mut self, meaning: &Meaning, intent: &Intent, settings: &Settings, orders: &mut Orders) {
        let _ = (meaning, intent, settings, orders, self.clock);
    }
}
