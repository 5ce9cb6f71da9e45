//! The tempo of session.mid: every beat that was felt falls on a quarter, and no instant is moved by it.

use super::Beat;
use antiphon_engine::time::{Clock, SampleTime};

/// At 60 quarters a minute no time is off by more than 0.13 ms, in a multiple of the resolution that DAWs use (960).
pub(super) const TICKS_PER_QUARTER: u16 = 3840;

/// Length of a quarter where no beat is felt, µs: what a file without a tempo has.
const FREE_US_PER_QUARTER: u32 = 500_000;

/// Longest quarter that the file can hold, µs.
const LONGEST_US_PER_QUARTER: u64 = (1 << 24) - 1;

/// Beats nearer than this to the one before are the same beat, thought over, µs: 300 a minute are felt by nobody.
const SHORTEST_BEAT_US: u64 = 200_000;

/// From here on quarters are so long.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Change {
    /// Whole microseconds from the beginning, so that nothing adds up to a drift.
    us: u64,
    pub tick: u64,
    pub us_per_quarter: u32,
}

/// Instants to ticks.
pub(super) struct TempoMap {
    clock: Clock,
    changes: Vec<Change>,
}

impl TempoMap {
    /// The tempo that `beats` make, which are in time order.
    pub fn of(clock: Clock, beats: &[Beat]) -> Self {
        let mut map = Self { clock, changes: Vec::new() };
        let (mut us, mut tick) = (0, 0);
        for beat in beats {
            let beat_us = map.us(beat.time);
            let gap_us = beat_us.saturating_sub(us);
            if gap_us < SHORTEST_BEAT_US {
                continue;
            }
            // Without a beat for a while, quarters as long as those to come.
            let expected_us = (60e6 / f64::from(beat.tempo_bpm)).clamp(SHORTEST_BEAT_US as f64, 4e6);
            let quarters = ((gap_us as f64 / expected_us).round() as u64).max(1);
            let quarters = quarters.max(gap_us.div_ceil(LONGEST_US_PER_QUARTER));
            let (each_us, rest_us) = (gap_us / quarters, gap_us % quarters);
            map.change(us, tick, each_us as u32);
            if rest_us > 0 {
                let before_last = quarters - 1;
                let ticks = before_last * u64::from(TICKS_PER_QUARTER);
                map.change(us + before_last * each_us, tick + ticks, (each_us + rest_us) as u32);
            }
            (us, tick) = (beat_us, tick + quarters * u64::from(TICKS_PER_QUARTER));
        }
        if map.changes.is_empty() {
            map.change(0, 0, FREE_US_PER_QUARTER);
        }
        map
    }

    fn change(&mut self, us: u64, tick: u64, us_per_quarter: u32) {
        if self.changes.last().is_none_or(|last| last.us_per_quarter != us_per_quarter) {
            self.changes.push(Change { us, tick, us_per_quarter });
        }
    }

    pub fn changes(&self) -> &[Change] {
        &self.changes
    }

    /// The tick nearest to `time`.
    pub fn tick(&self, time: SampleTime) -> u64 {
        let us = self.clock.seconds(time) * 1e6;
        let later = self.changes.partition_point(|change| change.us as f64 <= us);
        let change = &self.changes[later.saturating_sub(1)];
        let ticks = (us - change.us as f64) * f64::from(TICKS_PER_QUARTER) / f64::from(change.us_per_quarter);
        change.tick + ticks.round() as u64
    }

    fn us(&self, time: SampleTime) -> u64 {
        (self.clock.seconds(time) * 1e6).round() as u64
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const RATE_HZ: f64 = 44_100.0;

    /// Where `tick` lies by the changes alone, s: what a reader of the file makes of it.
    fn read(map: &TempoMap, tick: u64) -> f64 {
        let change = map.changes.iter().rfind(|change| change.tick <= tick).unwrap();
        let us: f64 = map
            .changes
            .windows(2)
            .take_while(|pair| pair[1].tick <= tick)
            .map(|pair| us_of(&pair[0], pair[1].tick))
            .sum();
        (us + us_of(change, tick)) / 1e6
    }

    fn us_of(change: &Change, until: u64) -> f64 {
        (until - change.tick) as f64 * f64::from(change.us_per_quarter) / f64::from(TICKS_PER_QUARTER)
    }

    fn beats(times_s: &[f64]) -> Vec<Beat> {
        let gap_s = |index: usize| if index > 0 { times_s[index] - times_s[index - 1] } else { 0.6 };
        let beat = |(index, &time_s): (usize, &f64)| Beat {
            time: Clock::new(RATE_HZ).samples(time_s),
            tempo_bpm: (60.0 / gap_s(index).min(1.5)) as f32,
        };
        times_s.iter().enumerate().map(beat).collect()
    }

    #[test]
    fn every_beat_falls_on_a_quarter() {
        // Slower and slower, a gap without a beat, and a new tempo.
        let times_s = [1.234, 1.834, 2.45, 3.1, 3.8, 4.6, 15.0, 15.4, 15.8];
        let beats = beats(&times_s);
        let map = TempoMap::of(Clock::new(RATE_HZ), &beats);
        for beat in &beats {
            assert_eq!(map.tick(beat.time) % u64::from(TICKS_PER_QUARTER), 0, "{beat:?}");
        }
        let tick = |index: usize| map.tick(beats[index].time);
        assert_eq!(tick(5) - tick(4), u64::from(TICKS_PER_QUARTER));
    }

    #[test]
    fn no_instant_is_moved_however_many_changes_of_tempo_there_were() {
        let clock = Clock::new(RATE_HZ);
        let mut time_s = 0.0;
        let times_s: Vec<f64> = (0..40_000)
            .map(|beat| {
                time_s += 0.6 + 0.1 * f64::from(beat).sin();
                time_s
            })
            .collect();
        let map = TempoMap::of(clock, &beats(&times_s));
        for seconds in [0.0, 0.3, 1.0, 99.123, 1_234.5, time_s - 0.01, time_s + 7.0] {
            let time = clock.samples(seconds);
            let off_s = read(&map, map.tick(time)) - clock.seconds(time);
            assert!(off_s.abs() < 0.000_13, "{seconds} s is off by {off_s} s");
        }
    }

    #[test]
    fn free_time_has_one_tempo_and_keeps_every_instant() {
        let clock = Clock::new(RATE_HZ);
        let map = TempoMap::of(clock, &[]);
        assert_eq!(map.changes.len(), 1);
        let time = clock.samples(3_600.123);
        assert!((read(&map, map.tick(time)) - 3_600.123).abs() < 0.000_1);
    }
}
