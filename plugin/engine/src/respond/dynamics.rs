//! The dynamic plan that the therapist fixed: how loud it becomes as it goes on, whatever the client does.

use crate::settings::Dynamics;
use crate::time::{Clock, SampleTime};

/// Loudest of a soft plan, MIDI velocity.
const SOFT: f32 = 48.0;
/// A level plan, MIDI velocity.
const LEVEL: f32 = 62.0;
/// Softest and loudest of a plan that rises or falls, MIDI velocity, and how long it takes, s: a long song.
const ENDS: (f32, f32) = (40.0, 88.0);
const LENGTH_S: f64 = 180.0;

/// The plan and since when it goes.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Plan {
    since: Option<(Dynamics, SampleTime)>,
}

impl Plan {
    /// Follows one hop: a plan that was chosen anew, or a session that begins anew, begins at its beginning.
    pub fn process(&mut self, chosen: Dynamics, begins: bool, now: SampleTime) {
        if begins || self.since.is_none_or(|(plan, _)| plan != chosen) {
            self.since = Some((chosen, now));
        }
    }

    /// The velocity that the plan makes of `velocity` for a note at `at`; the ceiling holds besides.
    pub fn shape(&self, velocity: f32, at: SampleTime, clock: Clock) -> f32 {
        let Some((plan, since)) = self.since else { return velocity };
        let along = (clock.between(since, at) / LENGTH_S).min(1.0) as f32;
        match plan {
            Dynamics::Heard => velocity,
            Dynamics::Soft => velocity.min(SOFT),
            Dynamics::Level => LEVEL,
            Dynamics::Rise => ENDS.0 + (ENDS.1 - ENDS.0) * along,
            Dynamics::Fade => ENDS.1 - (ENDS.1 - ENDS.0) * along,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_plan_goes_its_way_whatever_is_asked_for() {
        let clock = Clock::new(48_000.0);
        let shape = |plan, velocity, seconds: f64| {
            let mut going = Plan::default();
            going.process(plan, false, 0);
            going.shape(velocity, clock.samples(seconds), clock)
        };
        for velocity in [20.0, 70.0, 120.0] {
            assert_eq!(shape(Dynamics::Heard, velocity, 9.0), velocity);
            assert!(shape(Dynamics::Soft, velocity, 9.0) <= SOFT);
            assert_eq!(shape(Dynamics::Level, velocity, 9.0), LEVEL);
            assert!(shape(Dynamics::Rise, velocity, 0.0) < shape(Dynamics::Rise, velocity, 90.0));
            assert!(shape(Dynamics::Fade, velocity, 0.0) > shape(Dynamics::Fade, velocity, 90.0));
            assert_eq!(shape(Dynamics::Rise, velocity, 180.0), shape(Dynamics::Rise, velocity, 1e5));
        }
    }
}
