//! Similarity of moments: the matrix of a session with itself or of one player with the other, and novelty (Foote 2000,
//! "Automatic audio segmentation using a measure of audio novelty").

use super::{Moment, NAMES};

/// Features that a moment is compared by, and the least deviation that counts as one, in the feature's unit: less than
/// that is one and the same playing.
const COMPARED: [(&str, f64); 6] = [
    ("density", 0.25),
    ("silence", 0.1),
    ("articulation", 0.15),
    ("mean_key", 1.0),
    ("mean_velocity", 4.0),
    ("mode", 0.1),
];

/// A moment as it is compared: deviations from the player's own mean; `None` where there is nothing to tell it from.
pub type Vector = [Option<f64>; COMPARED.len()];

/// Rows and columns of likeness, 0-1.
pub type Cells = Vec<Vec<f64>>;

/// Half the side of the checkerboard, cells.
const HALF: usize = 8;

/// `moments` of one player in standard deviations from the player's own mean.
pub fn standardised(moments: &[Moment]) -> Vec<Vector> {
    let scales = COMPARED.map(|(name, least)| {
        let column = NAMES.iter().position(|other| *other == name).unwrap_or(0);
        let values: Vec<f64> = moments.iter().filter_map(|moment| moment[column]).collect();
        let mean = super::mean(values.iter().copied()).unwrap_or(0.0);
        (column, mean, super::deviation(&values).unwrap_or(0.0).max(least))
    });
    let of = |moment: &Moment| scales.map(|(column, mean, scale)| moment[column].map(|value| (value - mean) / scale));
    moments.iter().map(of).collect()
}

/// How alike two moments are, 0-1: a bell of the mean distance over what both have.
pub fn likeness(a: &Vector, b: &Vector) -> f64 {
    let squares = || a.iter().zip(b).filter_map(|(a, b)| Some((a.as_ref()? - b.as_ref()?).powi(2)));
    super::mean(squares()).map_or(0.0, |square| (-0.5 * square).exp())
}

/// Likeness of every moment of `rows` with every one of `columns`.
pub fn matrix(rows: &[Vector], columns: &[Vector]) -> Cells {
    rows.iter().map(|a| columns.iter().map(|b| likeness(a, b)).collect()).collect()
}

/// How much the music after each moment differs from that before it, each alike in itself: the checkerboard along the
/// diagonal of a square matrix, 0-1 at most.
pub fn novelty(matrix: &Cells) -> Vec<f64> {
    let count = matrix.len();
    let taper = |off: usize| (-0.5 * ((off as f64 + 0.5) / (0.5 * HALF as f64)).powi(2)).exp();
    (0..count)
        .map(|at| {
            let (mut within, mut across, mut weight) = (0.0, 0.0, 0.0);
            for i in 0..HALF.min(at).min(count - at) {
                for j in 0..HALF.min(at).min(count - at) {
                    let share = taper(i) * taper(j);
                    let (before_i, after_i, before_j, after_j) = (at - 1 - i, at + i, at - 1 - j, at + j);
                    within += share * (matrix[before_i][before_j] + matrix[after_i][after_j]) / 2.0;
                    across += share * (matrix[before_i][after_j] + matrix[after_i][before_j]) / 2.0;
                    weight += share;
                }
            }
            // At either end there is too little before or after to tell a change from a beginning.
            if HALF / 2 <= at.min(count - at) { ((within - across) / weight).max(0.0) } else { 0.0 }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::super::{Note, series};
    use super::*;

    #[test]
    fn two_sections_are_two_blocks_and_the_music_is_newest_between_them() {
        let note = |n: u32| {
            let late = n >= 80;
            let on_s = if late { 40.0 + f64::from(n - 80) * 0.25 } else { f64::from(n) * 0.5 };
            Note { on_s, off_s: on_s + 0.2, key: if late { 76 } else { 52 }, velocity: if late { 100 } else { 50 } }
        };
        let notes: Vec<Note> = (0..240).map(note).collect();
        let moments: Vec<Moment> = series(&notes, 2.0, 80.0).iter().map(|row| row.1).collect();
        let cells = matrix(&standardised(&moments), &standardised(&moments));
        assert!(cells[5][15] > 0.9 && cells[25][35] > 0.9 && cells[5][35] < 0.3);
        let novelty = novelty(&cells);
        let newest = (0..novelty.len()).max_by(|&a, &b| novelty[a].total_cmp(&novelty[b])).unwrap();
        // The window trails by 6 s, 3 cells.
        assert!((20..=23).contains(&newest), "{newest}");
    }
}
