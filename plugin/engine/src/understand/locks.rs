//! Tempo and metre as the therapist fixed them: where they are fixed, nothing that is heard changes them.

use super::meaning::{BeatGrid, PulseSense};
use crate::settings::{Settings, TempoChoice};
use crate::time::{Clock, SampleTime};

/// After a silence this long her next onset is the first beat of the fixed tempo, s: then nobody is thrown off.
const ANEW_AFTER_S: f32 = 2.0;

/// Beats of the fixed tempo, and bars of the fixed metre.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Locks {
    /// The last beat of the fixed tempo.
    last_beat: Option<SampleTime>,
    /// The beat counted last, and its place in the bar, from 1.
    counted: Option<(SampleTime, u8)>,
    /// Her silence before this hop, s.
    silence_s: f32,
}

impl Locks {
    /// Brings `pulse` to what is fixed. `began`: a phrase of hers began at that instant.
    pub fn hold(
        &mut self,
        pulse: &mut PulseSense,
        now: SampleTime,
        clock: Clock,
        began: Option<SampleTime>,
        silence_s: f32,
        settings: &Settings,
    ) {
        let was_silent_s = std::mem::replace(&mut self.silence_s, silence_s);
        let host = pulse.grid.is_some_and(|grid| grid.from_host);
        match settings.tempo {
            TempoChoice::Locked(bpm) if !host => {
                self.tempo(pulse, now, clock, f64::from(bpm), began.filter(|_| was_silent_s >= ANEW_AFTER_S))
            }
            _ => self.last_beat = None,
        }
        match (settings.metre.beats(), &mut pulse.grid) {
            (Some(beats), Some(grid)) if !grid.from_host => self.metre(grid, beats, began.is_some()),
            _ => self.counted = None,
        }
    }

    fn tempo(&mut self, pulse: &mut PulseSense, now: SampleTime, clock: Clock, bpm: f64, anew: Option<SampleTime>) {
        let period = clock.samples(60.0 / bpm).max(1);
        let begins = anew.or(if self.last_beat.is_none() { pulse.grid.map(|grid| grid.last_beat) } else { None });
        let before = self.last_beat;
        self.last_beat = begins.or(before);
        let Some(last) = self.last_beat.as_mut() else {
            *pulse = PulseSense { grid: None, beat: false, ..*pulse };
            return;
        };
        while *last + period <= now {
            *last += period;
        }
        let grid = BeatGrid {
            tempo_bpm: bpm as f32,
            last_beat: *last,
            next_beat: *last + period,
            ..pulse.grid.unwrap_or(BeatGrid { swing: 1.0, ..BeatGrid::default() })
        };
        *pulse = PulseSense { clarity: 1.0, grid: Some(grid), beat: before != Some(*last), ..PulseSense::default() };
    }

    /// Counts the beats in bars of `per_bar`; a phrase that begins begins a bar.
    fn metre(&mut self, grid: &mut BeatGrid, per_bar: u8, began: bool) {
        let place = match self.counted {
            Some((beat, place)) if beat == grid.last_beat => place,
            Some((_, place)) if !began => place % per_bar + 1,
            _ => 1,
        };
        self.counted = Some((grid.last_beat, place));
        (grid.per_bar, grid.number) = (per_bar, place);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::settings::Metre;

    const RATE: f64 = 48_000.0;

    #[test]
    fn a_fixed_tempo_begins_with_her_and_then_never_moves() {
        let (mut locks, clock) = (Locks::default(), Clock::new(RATE));
        let settings = Settings { tempo: TempoChoice::Locked(90), metre: Metre::Three, ..Settings::default() };
        let (mut beats, mut silence_s) = (Vec::new(), 3.0);
        for hop in 1..7_500_u64 {
            let now = hop * 64;
            let began = (hop == 750).then_some(now - 64);
            // What is heard wanders; the fixed tempo does not.
            let heard = BeatGrid {
                tempo_bpm: 60.0 + (hop % 50) as f32,
                last_beat: now - 10,
                next_beat: now + 9_000,
                ..BeatGrid::default()
            };
            let mut pulse = PulseSense { clarity: 0.6, grid: (hop > 900).then_some(heard), ..PulseSense::default() };
            locks.hold(&mut pulse, now, clock, began, silence_s, &settings);
            silence_s = if hop >= 750 { 0.0 } else { 3.0 };
            if let Some(grid) = pulse.grid.filter(|_| pulse.beat) {
                assert_eq!((grid.tempo_bpm, grid.per_bar), (90.0, 3));
                beats.push((grid.last_beat, grid.number));
            }
        }
        assert!(beats.len() > 8 && beats[0] == (749 * 64, 1));
        assert!(
            beats.windows(2).all(|pair| pair[1].0 - pair[0].0 == 32_000 && pair[1].1 == pair[0].1 % 3 + 1),
            "{beats:?}"
        );
    }

    #[test]
    fn nothing_fixed_changes_nothing() {
        let grid = BeatGrid {
            tempo_bpm: 77.0,
            last_beat: 100,
            next_beat: 37_000,
            number: 2,
            per_bar: 4,
            ..BeatGrid::default()
        };
        let heard = PulseSense {
            clarity: 0.7,
            grid: Some(grid),
            beat: true,
            slowing: 0.1,
            slower: 0.1,
            drift: Some(0.1),
            ..PulseSense::default()
        };
        let mut pulse = heard;
        Locks::default().hold(&mut pulse, 128, Clock::new(RATE), None, 0.0, &Settings::default());
        assert_eq!(pulse, heard);
    }
}
