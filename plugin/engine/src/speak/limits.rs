//! Nothing startles: how fast loudness may rise, how many notes may begin at once, and how short a note may be, whoever plans
//! them. A person in a vulnerable state flinches at a sudden rise before its music is heard (the acoustic startle reflex goes
//! by rise and onset: Blumenthal et al. 2005), so these bounds stand behind every player.
//!
//! What was meant louder comes as loud as may be; what is too much at once is left out, never caught up.

use super::Sounding;
use crate::time::{Clock, SampleTime};
use arrayvec::ArrayVec;

/// Shortest note, s: shorter ones are a click rather than a tone. Only an ending from outside makes one shorter.
const SHORTEST_S: f64 = 0.06;

/// At most so many notes begin within so long, s: a chord of four with its bass and one answering voice, four times a second.
const AT_ONCE: usize = 6;
const AT_ONCE_S: f64 = 0.25;

/// From one second to the next velocity rises by at most so much: two dynamic marks, as from piano to mezzo-forte.
const RISE: u8 = 20;
/// What a second is, s.
const SECOND_S: f64 = 1.0;

/// Most notes that begin within two seconds, with the one before and the one that rings.
const BEGUN: usize = 2 * 8 * AT_ONCE + 2;

/// A note that began.
#[derive(Clone, Copy, Debug)]
struct Begun {
    at: SampleTime,
    velocity: u8,
}

/// The bounds, and what has begun in the last two seconds.
pub(super) struct Limits {
    clock: Clock,
    begun: ArrayVec<Begun, BEGUN>,
}

impl Limits {
    /// Nothing has begun yet.
    pub fn new(clock: Clock) -> Self {
        Self { clock, begun: ArrayVec::new() }
    }

    /// Nothing has begun yet.
    pub fn reset(&mut self) {
        self.begun.clear();
    }

    /// The soonest end of a note that began at `on`.
    pub fn soonest_end(&self, on: SampleTime) -> SampleTime {
        on + self.clock.samples(SHORTEST_S)
    }

    /// The velocity at which a note that is meant as loud as `velocity` may begin `at`, beside what is `sounding`; `None` if
    /// too many have begun already.
    pub fn admit(&mut self, velocity: u8, at: SampleTime, sounding: &[Sounding]) -> Option<u8> {
        let [at_once, second] = [AT_ONCE_S, SECOND_S].map(|seconds| self.clock.samples(seconds));
        if self.begun.iter().filter(|begun| begun.at + at_once > at).count() >= AT_ONCE {
            return None;
        }
        self.forget(at, second);
        // After a second without an attack, what still rings is what the next one is heard against as well.
        let is_fresh = self.begun.iter().any(|begun| begun.at + second > at);
        let rings = sounding.iter().map(|note| note.velocity).max().filter(|_| !is_fresh);
        let loudest = rings.map_or(u8::MAX, |rings| rings.saturating_add(RISE)).min(self.loudest(at, second));
        let velocity = velocity.min(loudest);
        if let Some(rings) = rings {
            self.remember(at.saturating_sub(1), rings.min(velocity));
        }
        Some(velocity)
    }

    /// A note began `at`.
    pub fn remember(&mut self, at: SampleTime, velocity: u8) {
        if self.begun.is_full() {
            self.begun.remove(0);
        }
        self.begun.push(Begun { at, velocity });
    }

    /// Forgets what began longer than two seconds before `at`, but for the latest: a rest does not make a jump.
    fn forget(&mut self, at: SampleTime, second: SampleTime) {
        let latest = self.begun.iter().map(|begun| begun.at).max().unwrap_or(0);
        self.begun.retain(|begun| begun.at + 2 * second > at || begun.at == latest);
    }

    /// The loudest that a note may be `at`: [`RISE`] above the loudest of each second that ended within the last one. After a
    /// longer rest, so much above what was before it as seconds have passed.
    fn loudest(&self, at: SampleTime, second: SampleTime) -> u8 {
        // Before the first sample there were seconds as well.
        let [now, second] = [at, second].map(|time| time as i64);
        let begun = || self.begun.iter().map(|begun| (begun.at as i64, begun.velocity));
        // Where a second may begin so that it holds other notes than one that begins a little earlier.
        let starts = begun().flat_map(|(at, _)| [at + 1, at + 1 - second]).chain([now + 1 - 2 * second]);
        let within = |start: i64| {
            let inside = begun().filter(|(at, _)| (start..start + second).contains(at));
            inside.map(|(_, velocity)| velocity).max()
        };
        let softest =
            starts.filter(|start| (now + 1 - 2 * second..=now - second).contains(start)).filter_map(within).min();
        let after_rest = || {
            let (latest, velocity) = begun().max_by_key(|(at, _)| *at).filter(|(at, _)| at + second <= now)?;
            let seconds = ((now - latest) / second).min(127) as u8;
            Some(velocity.saturating_add(RISE.saturating_mul(seconds)))
        };
        softest.map(|velocity| velocity.saturating_add(RISE)).or_else(after_rest).unwrap_or(u8::MAX)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn limits() -> Limits {
        Limits::new(Clock::new(8_000.0))
    }

    /// How loud a note is played that is meant so loud after so many milliseconds.
    fn play(limits: &mut Limits, velocity: u8, milliseconds: u64) -> Option<u8> {
        let at = 8 * milliseconds;
        let played = limits.admit(velocity, at, &[])?;
        limits.remember(at, played);
        Some(played)
    }

    #[test]
    fn a_seventh_note_within_a_quarter_of_a_second_is_left_out() {
        let mut limits = limits();
        let taken = (0..8).filter(|index| play(&mut limits, 50, 10 * index).is_some()).count();
        assert_eq!(taken, 6);
        assert_eq!(play(&mut limits, 50, 249), None);
        assert_eq!(play(&mut limits, 50, 250), Some(50));
    }

    #[test]
    fn after_a_rest_loudness_goes_on_from_where_it_was() {
        let mut limits = limits();
        assert_eq!(play(&mut limits, 15, 0), Some(15), "a first note is as it is meant");
        assert_eq!(play(&mut limits, 79, 900), Some(35));
        assert_eq!(play(&mut limits, 79, 4_000), Some(79), "three seconds later");
        assert_eq!(play(&mut limits, 20, 8_000), Some(20));
        assert_eq!(play(&mut limits, 79, 10_500), Some(60), "two seconds later");
    }

    proptest! {
        #[test]
        fn velocity_rises_by_20_from_one_second_to_the_next_at_most(
            notes in prop::collection::vec((0_u64..400, 1_u8..127), 1..80),
            phase in 0_u64..1_000,
        ) {
            let (mut limits, mut now, mut played) = (limits(), 0, Vec::new());
            for (wait, velocity) in notes {
                now += wait;
                if let Some(velocity) = play(&mut limits, velocity, now) {
                    played.push((now, velocity));
                }
            }
            let loudest = |second: u64| {
                let within = played.iter().filter(|(at, _)| (at + phase) / 1_000 == second);
                within.map(|(_, velocity)| i32::from(*velocity)).max()
            };
            for second in 0..=(now + phase) / 1_000 {
                if let (Some(before), Some(after)) = (loudest(second), loudest(second + 1)) {
                    prop_assert!(after - before <= 20, "{before} then {after} at {second}: {played:?}");
                }
            }
        }
    }
}
