//! How alike two phrases are.
//!
//! Phrases are compared by an edit distance over their steps (Mongeau and Sankoff 1990), each an interval and a time
//! from onset to onset, so that transposition does not matter; one step may stand for two or three, so that ornaments
//! matter little; times are compared at the same tempo and at the ratio of the phrases' paces, so that tempo does not
//! matter.

use super::super::meaning::{MotifNote, PHRASE_NOTES};

/// Steps of the longest phrase.
const STEPS: usize = PHRASE_NOTES - 1;

/// Most steps that one step of the other phrase may stand for: a turn is a note become three.
const JOINED: usize = 3;

/// An interval this far off is another interval, semitones.
const INTERVAL_LIMIT: f32 = 2.0;

/// A duration this far off is another rhythm, octaves of time.
const RHYTHM_LIMIT: f32 = 1.0;

/// Weight of the interval against the rhythm: melodies are known by their tones first.
const INTERVAL_WEIGHT: f32 = 0.65;

/// What a note too many or too few costs; two of them cost more than one wrong step.
const GAP_COST: f32 = 0.8;

/// What it costs that one step stands for several: an ornament is less than a note left out.
const ORNAMENT_COST: f32 = 0.4;

/// Cost per step of two phrases that have nothing in common, so that one phrase in a hundred comes to [`RETURNS`] against
/// 24 phrases of other songs (OpenEWLD and Nottingham), while nine of ten that were transposed or ornamented do.
const UNRELATED_COST: f32 = 0.48;

/// Shortest step that is counted, s.
const STEP_MIN_S: f32 = 0.01;

/// Sums of one, two and three steps that end at a note: the interval in semitones, and log2 of the seconds.
#[derive(Clone, Debug)]
pub struct Steps {
    /// How many there are.
    pub len: usize,
    interval: [[f32; STEPS]; JOINED],
    time: [[f32; STEPS]; JOINED],
    /// Log2 of the median step in seconds.
    pub pace: f32,
}

impl Steps {
    /// The steps of a phrase.
    pub fn of(motif: &[MotifNote]) -> Self {
        let len = motif.len().saturating_sub(1).min(STEPS);
        let mut steps = Self { len, interval: [[0.0; STEPS]; JOINED], time: [[0.0; STEPS]; JOINED], pace: 0.0 };
        for end in 1..=len {
            for joined in 1..=JOINED.min(end) {
                let (from, to) = (&motif[end - joined], &motif[end]);
                steps.interval[joined - 1][end - 1] = f32::from(to.key) - f32::from(from.key);
                steps.time[joined - 1][end - 1] = (to.onset_s - from.onset_s).max(STEP_MIN_S).log2();
            }
        }
        let mut sorted = steps.time[0];
        sorted[..len].sort_unstable_by(f32::total_cmp);
        steps.pace = sorted[len / 2];
        steps
    }
}

/// How alike `heard` is to `known`, 0-1, its times `ratio` longer (log2): to the whole of it, or to any beginning of it
/// while `heard` goes on.
pub fn alike(heard: &Steps, known: &Steps, ratio: f32, whole: bool) -> f32 {
    let mut costs = [[0.0_f32; STEPS + 1]; STEPS + 1];
    for (column, cost) in costs[0].iter_mut().enumerate() {
        *cost = column as f32 * GAP_COST;
    }
    // What it costs that the last `a` steps heard stand for the last `b` steps known.
    let stand = |row: usize, column: usize, a: usize, b: usize| {
        let interval = (heard.interval[a - 1][row - 1] - known.interval[b - 1][column - 1]).abs() / INTERVAL_LIMIT;
        let time = (heard.time[a - 1][row - 1] - known.time[b - 1][column - 1] - ratio).abs() / RHYTHM_LIMIT;
        INTERVAL_WEIGHT * interval.min(1.0) + (1.0 - INTERVAL_WEIGHT) * time.min(1.0)
    };
    for row in 1..=heard.len {
        costs[row][0] = row as f32 * GAP_COST;
        for column in 1..=known.len {
            let gap = costs[row - 1][column].min(costs[row][column - 1]) + GAP_COST;
            let mut cost = gap.min(costs[row - 1][column - 1] + stand(row, column, 1, 1));
            for joined in 2..=JOINED {
                if row >= joined {
                    cost = cost.min(costs[row - joined][column - 1] + stand(row, column, joined, 1) + ORNAMENT_COST);
                }
                if column >= joined {
                    cost = cost.min(costs[row - 1][column - joined] + stand(row, column, 1, joined) + ORNAMENT_COST);
                }
            }
            costs[row][column] = cost;
        }
    }
    let from = if whole { known.len } else { 0 };
    let likeness =
        |columns: usize| 1.0 - costs[heard.len][columns] / (UNRELATED_COST * heard.len.max(columns).max(1) as f32);
    (from..=known.len).map(likeness).fold(0.0, f32::max)
}
