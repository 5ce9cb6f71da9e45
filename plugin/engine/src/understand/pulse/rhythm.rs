//! Rhythm as a chance: how likely the next onset is to fall on each place of the bar, given the place of the last one.
//!
//! A place has a weight: bar, half bar, beat, half beat, quarter of a beat. From an onset on, each later place in turn
//! is struck with a chance that depends on its own weight and on the weight of the place of that onset; the first that
//! is struck is the next onset.

/// Longest time from onset to onset that is counted, quarters of a beat: two bars of four.
pub const LONGEST_STEP: usize = 32;

/// Places a beat.
pub const PLACES_PER_BEAT: usize = 4;

/// Weights of the places: 0 quarter of a beat, 1 half beat, 2 beat, 3 half bar, 4 bar.
const WEIGHTS: usize = 5;

const FOUR_BEATS: [usize; 16] = [4, 0, 1, 0, 2, 0, 1, 0, 3, 0, 1, 0, 2, 0, 1, 0];
const THREE_BEATS: [usize; 12] = [4, 0, 1, 0, 2, 0, 1, 0, 2, 0, 1, 0];

/// A chance for each weight of the last onset's place (row) and of the place in question (column).
type Chances = [[f32; WEIGHTS]; WEIGHTS];

/// Plain songs: quarter notes and longer, and no syncopation. The first of two groups that expectation maximisation
/// finds in the melodies of every second song of OpenEWLD (193 songs).
const PLAIN: Chances = [
    [0.52, 0.02, 0.16, 0.86, 0.90],
    [0.01, 0.24, 0.83, 0.81, 0.95],
    [0.01, 0.09, 0.61, 0.72, 0.87],
    [0.01, 0.07, 0.60, 0.62, 0.67],
    [0.01, 0.04, 0.43, 0.34, 0.57],
];

/// Lively songs: eighths, dots and syncopation; the second of those groups.
const LIVELY: Chances = [
    [0.57, 0.43, 0.87, 0.85, 0.92],
    [0.04, 0.35, 0.53, 0.57, 0.80],
    [0.10, 0.43, 0.46, 0.59, 0.88],
    [0.04, 0.37, 0.56, 0.41, 0.66],
    [0.03, 0.30, 0.38, 0.27, 0.54],
];

/// Running eighths, as in dances and on percussion: every half beat is struck, but for a longer note now and then.
const RUNNING: Chances = [
    [0.60, 0.80, 0.90, 0.95, 0.95],
    [0.04, 0.80, 0.90, 0.95, 0.95],
    [0.04, 0.80, 0.90, 0.95, 0.95],
    [0.04, 0.80, 0.90, 0.90, 0.95],
    [0.04, 0.75, 0.85, 0.85, 0.90],
];

/// Where the half beat falls within a beat: straight, gentle swing (3:2), triplet swing (2:1). Players swing from 1:1 to
/// 3.5:1, the fast ones least (Friberg and Sundstrom 2002).
pub const HALF_BEATS: [f32; 3] = [0.5, 0.6, 2.0 / 3.0];

/// Chance of four beats a bar against three: 296 to 75 of OpenEWLD's songs are so, but a client need not be like them.
const FOUR: f32 = 0.6;

/// Chance of plain, lively and running rhythm, and of each kind of swing.
const STYLES: [f32; 3] = [0.4, 0.4, 0.15];
const SWING: f32 = 0.025;

/// A metre and a style, with all the places of its bar.
pub struct Rhythm {
    /// Places of a bar.
    pub places: usize,
    /// Index of [`HALF_BEATS`].
    pub swing: usize,
    /// Chance at the outset.
    pub chance: f32,
    /// Chance of each place at the outset; sums to 1.
    pub at_first: Box<[f32]>,
    /// Chance of a step of so many places (1 to [`LONGEST_STEP`]) from each place: `steps[place * (LONGEST_STEP + 1) + step]`.
    pub steps: Box<[f32]>,
}

impl Rhythm {
    fn new(weights: &[usize], chances: &Chances, swing: usize, chance: f32) -> Self {
        let places = weights.len();
        let mut steps = vec![0.0; places * (LONGEST_STEP + 1)];
        for (place, row) in steps.chunks_exact_mut(LONGEST_STEP + 1).enumerate() {
            let mut not_yet = 1.0;
            for (step, chance) in row.iter_mut().enumerate().skip(1) {
                let struck = chances[weights[place]][weights[(place + step) % places]];
                *chance = not_yet * struck;
                not_yet *= 1.0 - struck;
            }
            let sum: f32 = row.iter().sum();
            row.iter_mut().for_each(|chance| *chance /= sum);
        }
        let at_first = at_rest(places, &steps);
        Self { places, swing, chance, at_first, steps: steps.into() }
    }

    /// Every rhythm that is reckoned with.
    pub fn all() -> Vec<Self> {
        let styles = [&PLAIN, &LIVELY, &RUNNING].into_iter().zip(STYLES);
        let straight = styles.flat_map(|(chances, chance)| {
            [(&FOUR_BEATS[..], FOUR), (&THREE_BEATS[..], 1.0 - FOUR)]
                .map(|(weights, metre)| Self::new(weights, chances, 0, chance * metre))
        });
        let swung = (1..HALF_BEATS.len()).map(|swing| Self::new(&FOUR_BEATS, &LIVELY, swing, SWING));
        straight.chain(swung).collect()
    }
}

/// How often each place is struck in the long run.
fn at_rest(places: usize, steps: &[f32]) -> Box<[f32]> {
    /// More than enough for the slowest of the rhythms to settle.
    const ROUNDS: usize = 300;
    let mut share = vec![1.0 / places as f32; places];
    for _ in 0..ROUNDS {
        let mut next: Vec<f32> = share.iter().map(|share| 0.5 * share).collect();
        for (place, row) in steps.chunks_exact(LONGEST_STEP + 1).enumerate() {
            for (step, chance) in row.iter().enumerate() {
                next[(place + step) % places] += 0.5 * share[place] * chance;
            }
        }
        share = next;
    }
    share.into()
}

/// Beats from the beginning of a beat to each of its places.
pub fn place_in_beat(swing: usize) -> [f32; PLACES_PER_BEAT] {
    let half = HALF_BEATS[swing];
    [0.0, half / 2.0, half, (1.0 + half) / 2.0]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_rhythm_goes_on_somewhere_and_prefers_the_beat() {
        for rhythm in Rhythm::all() {
            for row in rhythm.steps.chunks_exact(LONGEST_STEP + 1) {
                assert!((row.iter().sum::<f32>() - 1.0).abs() < 1e-4 && row[0] == 0.0);
            }
            assert!((rhythm.at_first.iter().sum::<f32>() - 1.0).abs() < 1e-3);
            assert!(rhythm.at_first[0] > 2.0 * rhythm.at_first[1], "{:?}", rhythm.at_first);
        }
    }
}
