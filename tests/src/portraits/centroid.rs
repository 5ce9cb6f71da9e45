//! Telling kinds of portraits apart by the nearest mean.

use super::FIGURES;

/// A portrait and the kind that it is of.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Named {
    /// The kind, counted from nought.
    pub kind: usize,
    /// The portrait.
    pub figures: [Option<f64>; FIGURES],
}

/// How well kinds were told apart.
#[derive(Clone, Debug, PartialEq)]
pub struct Telling {
    /// Of each kind (row), how many were taken for which (column).
    pub confusion: Vec<Vec<usize>>,
}

impl Telling {
    /// Share that was told rightly, 0-1.
    pub fn right(&self) -> f64 {
        let all: usize = self.confusion.iter().flatten().sum();
        let right: usize = self.confusion.iter().enumerate().map(|(kind, row)| row[kind]).sum();
        right as f64 / all.max(1) as f64
    }
}

/// Learns the mean portrait of each of `kinds` from `known`, every figure brought to the same spread, and tells each of
/// `asked` by the nearest mean. A figure that is missing is taken for the mean of all.
pub fn tell_apart(kinds: usize, known: &[Named], asked: &[Named]) -> Telling {
    let scale: Vec<(f64, f64)> = (0..FIGURES).map(|figure| spread(known, figure)).collect();
    let scaled = |named: &Named| -> [f64; FIGURES] {
        std::array::from_fn(|figure| {
            named.figures[figure].map_or(0.0, |value| (value - scale[figure].0) / scale[figure].1)
        })
    };
    let means: Vec<[f64; FIGURES]> = (0..kinds)
        .map(|kind| {
            let of_kind: Vec<_> = known.iter().filter(|named| named.kind == kind).map(scaled).collect();
            let count = of_kind.len().max(1) as f64;
            std::array::from_fn(|figure| of_kind.iter().map(|figures| figures[figure]).sum::<f64>() / count)
        })
        .collect();
    let mut confusion = vec![vec![0; kinds]; kinds];
    for named in asked {
        let figures = scaled(named);
        let distance = |mean: &[f64; FIGURES]| mean.iter().zip(figures).map(|(a, b)| (a - b).powi(2)).sum::<f64>();
        let nearest = (0..kinds).min_by(|a, b| distance(&means[*a]).total_cmp(&distance(&means[*b])));
        confusion[named.kind][nearest.unwrap_or(0)] += 1;
    }
    Telling { confusion }
}

/// A deviation no greater than this is none.
const SAME: f64 = 1e-6;

/// Mean and standard deviation of a figure; infinite where it is the same for all.
fn spread(known: &[Named], figure: usize) -> (f64, f64) {
    let values: Vec<f64> = known.iter().filter_map(|named| named.figures[figure]).collect();
    let count = values.len().max(1) as f64;
    let mean = values.iter().sum::<f64>() / count;
    let variance = values.iter().map(|value| (value - mean).powi(2)).sum::<f64>() / count;
    // A figure that is the same for all tells nothing.
    let deviation = variance.sqrt();
    (mean, if deviation > SAME { deviation } else { f64::INFINITY })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kinds_that_differ_are_told_and_kinds_that_do_not_are_guessed() {
        let named = |kind: usize, value: f64| {
            let mut figures = [None; FIGURES];
            figures[0] = Some(value);
            Named { kind, figures }
        };
        let apart: Vec<Named> = (0..40).map(|i| named(i % 2, (i % 2) as f64 + 0.01 * (i / 2) as f64)).collect();
        assert_eq!(tell_apart(2, &apart, &apart).right(), 1.0);
        let same: Vec<Named> = (0..40).map(|i| named(i % 2, (i * 7 % 13) as f64)).collect();
        assert!(tell_apart(2, &same[..20], &same[20..]).right() < 0.8);
    }
}
