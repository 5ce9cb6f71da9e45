//! The only source of chance: one small seeded generator per stream and index, so that a session can be repeated.

/// Who draws; each has chances of its own, so that one behaviour never disturbs another's.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stream {
    /// Which phrases are answered.
    Silence,
    /// The drone.
    Drone,
    /// The countermelody.
    Countermelody,
    /// The cadence.
    Cadence,
    /// Velocities of single notes.
    Touch,
    /// The harmony.
    Harmony,
    /// Held chords.
    Soft,
    /// The mirror.
    Mirror,
    /// When a hand falls in free time.
    FreeTime,
    /// Which phrases are listened to.
    Listening,
    /// Held chords that are played as figures.
    Figuration,
    /// Tones that calm in free time.
    Calming,
    /// What is struck with her tones alone.
    Together,
    /// When the foot goes down.
    Pedal,
}

/// SplitMix64 (Steele, Lea and Flood 2014): tiny, full period, the same on every machine.
#[derive(Clone, Copy, Debug)]
pub struct Chance(u64);

impl Chance {
    /// The generator of `stream` (who draws) at `index` (for which phrase, note or breath) under the therapist's `seed`.
    pub fn new(seed: u32, stream: Stream, index: u64) -> Self {
        let key = (u64::from(seed) << 44) ^ ((stream as u64 + 1) << 40) ^ index;
        let mut chance = Self(key);
        chance.next();
        chance
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }

    /// Evenly from 0 up to 1.
    pub fn unit(&mut self) -> f32 {
        (self.next() >> 40) as f32 / (1_u64 << 24) as f32
    }

    /// Evenly from `low` up to `high`.
    pub fn between(&mut self, low: f32, high: f32) -> f32 {
        low + (high - low) * self.unit()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn chance_repeats_for_the_same_seed_stream_and_index_and_for_no_other() {
        let draw = |seed, stream, index| Chance::new(seed, stream, index).unit();
        let first = draw(1, Stream::Drone, 1);
        assert_eq!(first, draw(1, Stream::Drone, 1));
        assert_ne!(first, draw(2, Stream::Drone, 1));
        assert_ne!(first, draw(1, Stream::Cadence, 1));
        assert_ne!(first, draw(1, Stream::Drone, 2));
    }

    #[test]
    fn chance_is_even() {
        let mut chance = Chance::new(7, Stream::Drone, 3);
        let mean = (0..10_000).map(|_| chance.unit()).sum::<f32>() / 10_000.0;
        assert!((mean - 0.5).abs() < 0.01, "mean {mean}");
    }
}
