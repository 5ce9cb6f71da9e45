//! Free time: where no beat is shared, a hand does not fall on the instant, and the fingers of one hand do not fall together.

use super::plan::PlannedNote;
use crate::chance::{Chance, Stream};
use crate::time::Clock;

/// The hand comes up to this much later than meant, s: evenly drawn, a standard deviation of 12 ms (ensembles that play
/// together have 19 to 31 ms, onsetsync).
const HAND_S: f32 = 0.04;
/// And a finger after the hand, s.
const FINGER_S: f32 = 0.01;
/// The bits of a generator's index that an instant may take.
const INSTANT_MASK: u64 = (1 << 33) - 1;

/// Moves `note` as a hand under `seed` would play it in free time; never earlier than meant.
pub(super) fn play(note: &mut PlannedNote, seed: u32, clock: Clock) {
    let instant = note.on & INSTANT_MASK;
    let hand_s = Chance::new(seed, Stream::FreeTime, instant << 7).between(0.0, HAND_S);
    let finger_s = Chance::new(seed, Stream::FreeTime, instant << 7 | u64::from(note.key & 127)).between(0.0, FINGER_S);
    note.delay(clock.samples(f64::from(hand_s + finger_s)));
}

#[cfg(test)]
mod tests {
    use super::super::plan::{Behaviour, Voice};
    use super::*;

    #[test]
    fn hands_come_a_little_late_and_their_fingers_nearly_together() {
        let clock = Clock::new(48_000.0);
        let note = |on, key| {
            let (voice, behaviour) = (Voice::Harmony, Behaviour::Harmony);
            let mut note = PlannedNote { on, off: on + 48_000, key, velocity: 50.0, voice, part: 1, behaviour };
            play(&mut note, 1, clock);
            assert_eq!(note.off - note.on, 48_000);
            clock.seconds(note.on - on)
        };
        let late: Vec<f64> = (0..500).map(|index| note(index * 4_800, 60)).collect();
        let mean = late.iter().sum::<f64>() / 500.0;
        let deviation = (late.iter().map(|late| (late - mean).powi(2)).sum::<f64>() / 500.0).sqrt();
        assert!((0.01..0.02).contains(&deviation), "{deviation}");
        assert!((0..500).all(|index| (note(index * 4_800, 60) - note(index * 4_800, 67)).abs() <= 0.0101));
    }
}
