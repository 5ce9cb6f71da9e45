//! Synchrony: which attacks of two players belong together, and who is first.

use super::mean;

/// Onsets nearer than this belong together, s.
pub const NEAR_S: f64 = 0.15;

/// An attack of the second player's that belongs to one of the first's.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Asynchrony {
    /// When the second player's attack begins, s.
    pub at_s: f64,
    /// Time from the first's to the second's, s; positive: the second is later.
    pub off_s: f64,
}

/// So near each other nobody was first, s: twice what the ticks of a MIDI file move a note.
const AT_ONCE_S: f64 = 0.002;

/// Who leads, from how much later than the first player's the second's attacks are, s: 1 the first is always first, -1
/// never; `None` without any.
pub fn lead(off_s: &[f64]) -> Option<f64> {
    mean(off_s.iter().map(|off_s| if off_s.abs() < AT_ONCE_S { 0.0 } else { off_s.signum() }))
}

/// Every attack (s, strength) of `second` within 0.15 s of one of `first`, against the nearest; both in time order.
pub fn asynchronies(first: &[(f64, f64)], second: &[(f64, f64)]) -> Vec<Asynchrony> {
    let nearest = |at_s: f64| {
        let after = first.partition_point(|attack| attack.0 < at_s);
        let near = first[after.saturating_sub(1)..(after + 1).min(first.len())].iter();
        near.map(|attack| at_s - attack.0).min_by(|a, b| a.abs().total_cmp(&b.abs()))
    };
    let of = |attack: &(f64, f64)| nearest(attack.0).map(|off_s| Asynchrony { at_s: attack.0, off_s });
    second.iter().filter_map(of).filter(|one| one.off_s.abs() <= NEAR_S).collect()
}
