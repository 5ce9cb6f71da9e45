//! The host's transport: what it says of tempo, metre and position, and the grid of beats that follows from it.
//!
//! The grid is predicted from one anchor and kept while the host goes along with it, so that positions which differ in
//! their last digits from block to block move no beat, and the block size does not either.

use crate::time::{Clock, SampleTime};
use crate::understand::meaning::BeatGrid;

/// What the host says at one sample.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Transport {
    /// The song runs.
    pub playing: bool,
    /// Quarter notes a minute.
    pub tempo_qpm: f64,
    /// Position at that sample, quarter notes from the beginning of the song; negative in a count-in.
    pub position: f64,
    /// Where the bar begins that is running, or any bar before it in the same metre, quarter notes.
    pub bar_start: f64,
    /// Upper number of the time signature; 0 if unknown.
    pub beats_per_bar: u8,
    /// Lower number of the time signature.
    pub beat_unit: u8,
}

/// Tempi that a host may name, quarter notes a minute; the limits of common hosts, widened.
const TEMPO_LIMITS_QPM: (f64, f64) = (5.0, 1_000.0);

/// Positions nearer than this to the prediction agree with it, s: well under what a listener or a player can tell
/// (ensembles keep together within 20 ms), and far above rounding.
const AGREES_S: f64 = 0.001;

/// Departures up to this must be told twice, s: a framework that splits a block may repeat a position, or name one that
/// runs ahead by the split, and is right again in the next block. Beyond it the host has moved.
const DOUBTFUL_S: f64 = 0.1;

/// Tempi nearer than this are one tempo, as a share.
const SAME_TEMPO: f64 = 1e-6;

/// From the host's words a grid of beats.
pub struct HostGrid {
    clock: Clock,
    anchor: Option<Anchor>,
    /// The position told last, and when.
    told: Option<(SampleTime, f64)>,
    /// The last position told departed a little and was not believed yet.
    doubted: bool,
}

#[derive(Clone, Copy, Debug)]
struct Anchor {
    time: SampleTime,
    transport: Transport,
    samples_per_quarter: f64,
}

impl Anchor {
    fn position(&self, now: SampleTime) -> f64 {
        self.transport.position + (now as f64 - self.time as f64) / self.samples_per_quarter
    }
}

impl HostGrid {
    /// Before the host said anything.
    pub fn new(clock: Clock) -> Self {
        Self { clock, anchor: None, told: None, doubted: false }
    }

    /// Takes what the host says of the sample `now`; `None`, and a song that stands, have no beats.
    pub fn tell(&mut self, now: SampleTime, transport: Option<&Transport>) {
        let Some(said) = transport.copied().filter(usable) else {
            *self = Self::new(self.clock);
            return;
        };
        let told = self.told.replace((now, said.position));
        let samples_per_quarter = 60.0 / said.tempo_qpm * self.clock.rate_hz();
        let Some(anchor) = self.anchor else {
            self.anchor = Some(Anchor { time: now, transport: said, samples_per_quarter });
            return;
        };
        let predicted = anchor.position(now);
        let departure_s = (said.position - predicted).abs() * 60.0 / said.tempo_qpm;
        let repeated = told.is_some_and(|(time, position)| time != now && position == said.position);
        let agrees = departure_s <= AGREES_S || repeated;
        let moved = !agrees && (departure_s > DOUBTFUL_S || self.doubted);
        self.doubted = !agrees && !moved;
        let position = if moved { said.position } else { predicted };
        let transport = Transport { position, ..said };
        if moved || !same_tempo(&anchor.transport, &said) || !same_metre(&anchor.transport, &said) {
            self.anchor = Some(Anchor { time: now, transport, samples_per_quarter });
        }
    }

    /// The beats about `now`: the last one before it, and the next one at or after it.
    pub fn at(&self, now: SampleTime) -> Option<BeatGrid> {
        let anchor = self.anchor?;
        let transport = &anchor.transport;
        let (beat_quarters, per_bar) = tactus(transport.beats_per_bar, transport.beat_unit);
        let sample = |beat: f64| {
            let quarters = transport.bar_start + beat * beat_quarters - transport.position;
            (anchor.time as f64 + quarters * anchor.samples_per_quarter).round()
        };
        let mut last = ((anchor.position(now) - transport.bar_start) / beat_quarters).floor();
        // Rounding to samples decides which side of `now` a beat lies on.
        while sample(last) >= now as f64 {
            last -= 1.0;
        }
        while sample(last + 1.0) < now as f64 {
            last += 1.0;
        }
        Some(BeatGrid {
            tempo_bpm: (transport.tempo_qpm / beat_quarters) as f32,
            last_beat: sample(last) as SampleTime,
            next_beat: sample(last + 1.0) as SampleTime,
            number: if per_bar == 0 { 0 } else { last.rem_euclid(f64::from(per_bar)) as u8 + 1 },
            per_bar,
            swing: 1.0,
            from_host: true,
        })
    }
}

/// Whether it says where the beats are.
fn usable(transport: &Transport) -> bool {
    let (slowest, fastest) = TEMPO_LIMITS_QPM;
    transport.playing
        && (slowest..=fastest).contains(&transport.tempo_qpm)
        && transport.position.is_finite()
        && transport.bar_start.is_finite()
}

fn same_tempo(a: &Transport, b: &Transport) -> bool {
    (a.tempo_qpm - b.tempo_qpm).abs() <= SAME_TEMPO * b.tempo_qpm
}

/// Whether bars are alike and begin at the same places.
fn same_metre(a: &Transport, b: &Transport) -> bool {
    let bar = if b.beats_per_bar == 0 { 1.0 } else { 4.0 * f64::from(b.beats_per_bar) / f64::from(b.beat_unit.max(1)) };
    let apart = (a.bar_start - b.bar_start).rem_euclid(bar);
    let aligned = apart.min(bar - apart) * 60.0 / b.tempo_qpm <= AGREES_S;
    (a.beats_per_bar, a.beat_unit) == (b.beats_per_bar, b.beat_unit) && aligned
}

/// Quarter notes a beat, and beats a bar (0 if unknown). Compound metres (6/8, 9/8, 12/8) are felt in dotted beats.
fn tactus(beats_per_bar: u8, beat_unit: u8) -> (f64, u8) {
    let unit_quarters = 4.0 / f64::from(beat_unit.max(1));
    let compound = beat_unit >= 8 && beats_per_bar > 3 && beats_per_bar.is_multiple_of(3);
    match (beats_per_bar, compound) {
        (0, _) => (1.0, 0),
        (_, true) => (3.0 * unit_quarters, beats_per_bar / 3),
        (_, false) => (unit_quarters, beats_per_bar),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const RATE: f64 = 48_000.0;

    fn song(position: f64, tempo_qpm: f64) -> Transport {
        Transport { playing: true, tempo_qpm, position, bar_start: 0.0, beats_per_bar: 4, beat_unit: 4 }
    }

    fn grid() -> HostGrid {
        HostGrid::new(Clock::new(RATE))
    }

    #[test]
    fn beats_fall_on_the_host_s_quarters_and_are_counted_in_the_bar() {
        let mut grid = grid();
        grid.tell(0, Some(&song(0.0, 120.0)));
        let beats = |now| grid.at(now).map(|beats| (beats.last_beat, beats.next_beat, beats.number)).unwrap();
        assert_eq!([beats(1), beats(24_000), beats(24_001)], [(0, 24_000, 1), (0, 24_000, 1), (24_000, 48_000, 2)]);
        assert_eq!(beats(96_001), (96_000, 120_000, 1));
    }

    #[test]
    fn positions_that_differ_in_the_last_digits_move_no_beat_and_the_block_size_does_not_either() {
        let heard = |block: u64| {
            let mut grid = grid();
            let mut beats = Vec::new();
            for start in (0..480_000).step_by(block as usize) {
                let rounding = 1e-9 * (start as f64).sin();
                grid.tell(start, Some(&song(start as f64 / RATE * 97.3 / 60.0 + rounding, 97.3)));
                for now in (start.next_multiple_of(64)..start + block).step_by(64) {
                    beats.push(grid.at(now));
                }
            }
            beats.truncate(7_000);
            beats
        };
        let (small, large) = (heard(64), heard(4_096));
        assert!(small.len() == 7_000 && small == large);
    }

    #[test]
    fn a_locate_and_a_loop_are_followed_at_once_and_a_split_block_is_not_taken_for_one() {
        let mut grid = grid();
        grid.tell(0, Some(&song(0.0, 60.0)));
        grid.tell(48_000, Some(&song(8.25, 60.0)));
        assert_eq!(grid.at(48_001).map(|beats| (beats.next_beat, beats.number)), Some((84_000, 1)));
        // The same position again for the second part of a block, then one that ran ahead, then right ones.
        grid.tell(49_000, Some(&song(8.25, 60.0)));
        grid.tell(50_000, Some(&song(8.25 + 2_900.0 / 48_000.0, 60.0)));
        assert_eq!(grid.at(50_000).map(|beats| beats.next_beat), Some(84_000));
        grid.tell(51_000, Some(&song(8.25 + 3_000.0 / 48_000.0, 60.0)));
        assert_eq!(grid.at(51_000).map(|beats| beats.next_beat), Some(84_000));
    }

    #[test]
    fn a_new_tempo_and_a_new_metre_hold_from_where_they_are_told() {
        let mut grid = grid();
        grid.tell(0, Some(&song(0.0, 60.0)));
        let waltz = Transport { bar_start: 1.0, beats_per_bar: 6, beat_unit: 8, ..song(1.0, 90.0) };
        grid.tell(48_000, Some(&waltz));
        let beats = grid.at(48_001).unwrap();
        assert_eq!((beats.number, beats.per_bar, beats.tempo_bpm), (1, 2, 60.0));
        assert_eq!((beats.last_beat, beats.next_beat), (48_000, 96_000));
    }

    #[test]
    fn a_song_that_stands_has_no_beats_nor_has_nonsense() {
        let mut grid = grid();
        for said in [
            Transport { playing: false, ..song(0.0, 120.0) },
            song(f64::NAN, 120.0),
            song(0.0, f64::INFINITY),
            song(0.0, 0.0),
        ] {
            grid.tell(0, Some(&song(0.0, 120.0)));
            grid.tell(64, Some(&said));
            assert_eq!(grid.at(128), None);
        }
    }
}
