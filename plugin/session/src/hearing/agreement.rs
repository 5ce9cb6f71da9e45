//! How far what was heard agrees with what is true.

use super::{Hearing, Hop};
use antiphon_engine::time::SampleTime;

/// A pitch nearer than this to the true one is right, cents (MIREX melody extraction).
pub const PITCH_WINDOW_CENTS: f64 = 50.0;

/// An onset nearer than this to the true one is right, s (MIREX onset detection and note tracking).
pub const ONSET_WINDOW_S: f64 = 0.05;

/// From this probability on it counts as voiced.
pub const VOICED: f32 = 0.5;

/// How far `f0_hz` is from `true_hz` either way, cents; infinite where either is none.
pub fn off_cents(f0_hz: f64, true_hz: f64) -> f64 {
    if f0_hz > 0.0 && true_hz > 0.0 { (1200.0 * (f0_hz / true_hz).log2()).abs() } else { f64::INFINITY }
}

/// MIDI key of `f0_hz`, between keys where it lies there.
pub fn key_of_hz(f0_hz: f64) -> f64 {
    69.0 + 12.0 * (f0_hz / 440.0).log2()
}

impl Hearing {
    /// The hop whose described instant is nearest to `time`; `None` if nothing was heard.
    pub fn described_at(&self, time: SampleTime) -> Option<&Hop> {
        let after = self.hops.partition_point(|hop| hop.pitch.time < time);
        let nearest = |hop: &&Hop| hop.pitch.time.abs_diff(time);
        let around = self.hops.iter().skip(after.saturating_sub(1)).take(2);
        around.min_by_key(nearest)
    }

    /// The newest hop that was known at `time`; `None` before the first.
    pub fn known_at(&self, time: SampleTime) -> Option<&Hop> {
        let after = self.hops.partition_point(|hop| hop.available <= time);
        after.checked_sub(1).map(|index| &self.hops[index])
    }
}

/// Which of the true instants goes with which of those heard: as many pairs as can be had with none farther apart than
/// `window`, each instant in one pair at most. Both in ascending order.
pub fn pairs(truth: &[f64], heard: &[f64], window: f64) -> Vec<(usize, usize)> {
    let (mut t, mut h) = (0, 0);
    let mut found = Vec::new();
    while t < truth.len() && h < heard.len() {
        if (truth[t] - heard[h]).abs() <= window {
            found.push((t, h));
            (t, h) = (t + 1, h + 1);
        } else if truth[t] < heard[h] {
            t += 1;
        } else {
            h += 1;
        }
    }
    found
}

/// As [`pairs`], for notes of (onset in s, MIDI key): only the same key makes a pair.
pub fn note_pairs(truth: &[(f64, u8)], heard: &[(f64, u8)], window: f64) -> Vec<(usize, usize)> {
    let of_key = |notes: &[(f64, u8)], key: u8| -> (Vec<usize>, Vec<f64>) {
        notes.iter().enumerate().filter(|(_, note)| note.1 == key).map(|(index, note)| (index, note.0)).unzip()
    };
    let mut found = Vec::new();
    for key in 0..128 {
        let ((true_index, true_s), (heard_index, heard_s)) = (of_key(truth, key), of_key(heard, key));
        found.extend(pairs(&true_s, &heard_s, window).into_iter().map(|(t, h)| (true_index[t], heard_index[h])));
    }
    found.sort_unstable();
    found
}

/// F measure of `pairs` among `truth` true things and `heard` that were heard, 0-1; 1 where there is nothing and nothing
/// was heard.
pub fn f_measure(pairs: usize, truth: usize, heard: usize) -> f64 {
    if truth + heard == 0 { 1.0 } else { 2.0 * pairs as f64 / (truth + heard) as f64 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn instants_are_paired_as_often_as_can_be_and_none_twice() {
        assert_eq!(pairs(&[1.0, 2.0], &[0.96, 1.04, 2.1], 0.05), [(0, 0)]);
        assert_eq!(pairs(&[1.0, 1.04], &[1.03, 1.06], 0.05), [(0, 0), (1, 1)]);
        assert_eq!(note_pairs(&[(1.0, 60), (1.01, 64)], &[(1.0, 64), (1.02, 61)], 0.05), [(1, 0)]);
        assert_eq!((f_measure(1, 2, 2), f_measure(0, 0, 0)), (0.5, 1.0));
    }

    #[test]
    fn a_quarter_tone_is_fifty_cents_and_no_pitch_is_never_right() {
        assert!((off_cents(440.0 * 2.0_f64.powf(1.0 / 24.0), 440.0) - 50.0).abs() < 1e-9);
        assert_eq!((off_cents(0.0, 440.0), off_cents(440.0, 0.0)), (f64::INFINITY, f64::INFINITY));
        assert!((key_of_hz(880.0) - 81.0).abs() < 1e-12);
    }
}
