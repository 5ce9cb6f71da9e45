//! How two players go together: synchrony, who leads, imitation, turns.

use super::turns::{ANSWER_S, TURN_REST_S, common, length_s, spans};
use super::{Note, asynchronies, attacks, deviation, lead, line, mean};

/// Names of the figures, in the order of [`Together::figures`].
pub const TOGETHER_NAMES: [&str; 8] = [
    "joint_share",
    "asynchrony_s",
    "asynchrony_sd_s",
    "lead_index",
    "overlap_share",
    "floor_share",
    "turn_gap_s",
    "imitation",
];

/// Longest wait between what is imitated and its imitation, s.
const IMITATION_S: f64 = 10.0;

/// Notes of a motif.
const MOTIF: usize = 4;

/// How two players go together; `None` where there is nothing to tell it from.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Together {
    /// Share of the second's attacks within 0.15 s of one of the first's.
    pub joint_share: Option<f64>,
    /// Mean time from those to these, s; positive: the second is later.
    pub asynchrony_s: Option<f64>,
    /// Its standard deviation, s.
    pub asynchrony_sd_s: Option<f64>,
    /// Mean sign of the asynchronies: -1 the second always first, 1 always after.
    pub lead_index: Option<f64>,
    /// Share of the second's sounding time in which the first sounds too.
    pub overlap_share: Option<f64>,
    /// Share of all sounding time that is the second's.
    pub floor_share: Option<f64>,
    /// Median time from the end of a turn of the first's to the second's next attack, s.
    pub turn_gap_s: Option<f64>,
    /// Share of the second's motifs of four notes that repeat the intervals of one of the first's.
    pub imitation: Option<f64>,
}

impl Together {
    /// All figures, in the order of [`TOGETHER_NAMES`].
    pub fn figures(&self) -> [Option<f64>; 8] {
        [
            self.joint_share,
            self.asynchrony_s,
            self.asynchrony_sd_s,
            self.lead_index,
            self.overlap_share,
            self.floor_share,
            self.turn_gap_s,
            self.imitation,
        ]
    }
}

/// How `second` goes with `first`; both in the order of their beginnings.
pub fn together(first: &[Note], second: &[Note]) -> Together {
    let (theirs, ours) = (attacks(first), attacks(second));
    let joint: Vec<f64> = asynchronies(&theirs, &ours).iter().map(|one| one.off_s).collect();
    let (sounds, sounds_too) = (spans(first), spans(second));
    let (first_s, second_s) = (length_s(&sounds), length_s(&sounds_too));
    let both_s = length_s(&common(&sounds, &sounds_too));
    let mut gaps: Vec<f64> = turn_ends(&sounds).filter_map(|end_s| answer_s(&ours, end_s)).collect();
    gaps.sort_unstable_by(f64::total_cmp);
    Together {
        joint_share: (!ours.is_empty()).then(|| joint.len() as f64 / ours.len() as f64),
        asynchrony_s: mean(joint.iter().copied()),
        asynchrony_sd_s: deviation(&joint),
        lead_index: lead(&joint),
        overlap_share: (second_s > 0.0).then(|| both_s / second_s),
        floor_share: (first_s + second_s > 0.0).then(|| second_s / (first_s + second_s)),
        turn_gap_s: gaps.get(gaps.len() / 2).copied(),
        imitation: imitation(first, second),
    }
}

fn turn_ends(spans: &[(f64, f64)]) -> impl Iterator<Item = f64> {
    let next = spans.iter().skip(1).map(|span| span.0).chain([f64::INFINITY]);
    spans.iter().zip(next).filter(|(span, next_s)| *next_s - span.1 >= TURN_REST_S).map(|(span, _)| span.1)
}

fn answer_s(attacks: &[(f64, f64)], end_s: f64) -> Option<f64> {
    let next = attacks.iter().find(|attack| attack.0 >= end_s)?;
    Some(next.0 - end_s).filter(|gap_s| *gap_s <= ANSWER_S)
}

/// The top line's motifs: intervals of four notes in a row, and when the first begins.
fn motifs(notes: &[Note]) -> Vec<(f64, [i16; MOTIF - 1])> {
    let line = line(notes);
    let interval = |pair: &[Note], index: usize| i16::from(pair[index + 1].key) - i16::from(pair[index].key);
    line.windows(MOTIF).map(|notes| (notes[0].on_s, std::array::from_fn(|index| interval(notes, index)))).collect()
}

fn imitation(first: &[Note], second: &[Note]) -> Option<f64> {
    let (theirs, ours) = (motifs(first), motifs(second));
    let moves = |motif: &[i16; MOTIF - 1]| motif.iter().any(|interval| *interval != 0);
    let repeats = |(at_s, motif): &(f64, [i16; MOTIF - 1])| {
        let before = theirs.iter().filter(|(before_s, _)| (0.0..=IMITATION_S).contains(&(at_s - before_s)));
        before.into_iter().any(|(_, other)| motif.iter().zip(other).all(|(a, b)| (a - b).abs() <= 1))
    };
    let moving: Vec<_> = ours.iter().filter(|(_, motif)| moves(motif)).collect();
    (!moving.is_empty()).then(|| moving.iter().filter(|motif| repeats(motif)).count() as f64 / moving.len() as f64)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(keys: &[u8], from_s: f64) -> Vec<Note> {
        let note = |(index, &key): (usize, &u8)| {
            let on_s = from_s + 0.5 * index as f64;
            Note { on_s, off_s: on_s + 0.5, key, velocity: 80 }
        };
        keys.iter().enumerate().map(note).collect()
    }

    #[test]
    fn who_plays_a_little_later_follows() {
        let first = line(&[60, 62, 64, 65], 0.0);
        let second: Vec<Note> = first.iter().map(|note| Note { on_s: note.on_s + 0.03, ..*note }).collect();
        let told = together(&first, &second);
        assert!((told.asynchrony_s.unwrap() - 0.03).abs() < 1e-9 && told.lead_index == Some(1.0));
        assert_eq!(told.joint_share, Some(1.0));
    }

    #[test]
    fn turns_have_gaps_no_overlap_and_imitations_are_found_transposed() {
        let first = line(&[60, 62, 64, 67, 65], 0.0);
        let second = line(&[55, 57, 59, 62, 60], 2.9);
        let told = together(&first, &second);
        assert!((told.turn_gap_s.unwrap() - 0.4).abs() < 1e-9);
        assert_eq!((told.overlap_share, told.imitation), (Some(0.0), Some(1.0)));
        assert!((told.floor_share.unwrap() - 0.5).abs() < 1e-9);
        let other = line(&[60, 55, 67, 52, 71], 2.9);
        assert_eq!(together(&first, &other).imitation, Some(0.0));
    }

    #[test]
    fn of_nothing_nothing_is_told() {
        assert_eq!(together(&[], &[]), Together::default());
    }
}
