//! Pulse: where the beat is, by the host's transport.

use super::meaning::{BeatGrid, PulseSense};
use super::recent::Recent;
use crate::settings::{Pulse, Settings};
use crate::time::{Clock, SampleTime};

/// The sense of pulse.
pub struct PulseTracker {
    clock: Clock,
    sense: PulseSense,
}

impl PulseTracker {
    /// Before the first beat.
    pub fn new(clock: Clock) -> Self {
        Self { clock, sense: PulseSense::default() }
    }

    /// Back to the state after `new`.
    pub fn reset(&mut self) {
        *self = Self::new(self.clock);
    }

    /// Follows one hop.
    pub fn process(
        &mut self,
        now: SampleTime,
        _recent: &Recent,
        host: Option<BeatGrid>,
        settings: &Settings,
    ) -> &PulseSense {
        let grid = host.filter(|_| settings.pulse == Pulse::Host);
        let from = now.saturating_sub(self.clock.hop() as SampleTime);
        self.sense = PulseSense {
            clarity: if grid.is_some() { 1.0 } else { 0.0 },
            grid,
            beat: grid.is_some_and(|grid| grid.last_beat >= from && self.is_whole(&grid)),
        };
        &self.sense
    }

    /// Whether the last beat lies within the time that the engine counts, and not before it.
    fn is_whole(&self, grid: &BeatGrid) -> bool {
        self.clock.between(grid.last_beat, grid.next_beat) * f64::from(grid.tempo_bpm) > 59.9
    }
}
