//! Proxies of arousal and valence: sums of what listeners go by, against the player's own mean. They describe the notes,
//! not the person.

use super::rows::Playing;
use crate::analysis::{deviation, mean};

/// A feature of a player's, and the least deviation that counts as one, in its unit.
type Element = (fn(&Playing) -> Option<f64>, f64);

/// What goes into arousal: density, loudness, tempo, register.
const AROUSAL: [Element; 4] = [
    (|row| sounding(row).and_then(|row| row.feature("density")), 0.25),
    (|row| row.feature("mean_velocity"), 4.0),
    (|row| row.tempo_bpm, 6.0),
    (|row| row.feature("mean_key"), 1.0),
];

/// What goes into valence: the mode, roughness the other way, and a line that goes up.
const VALENCE: [Element; 3] = [
    (|row| row.feature("mode"), 0.1),
    (|row| row.feature("roughness").map(|rough| -rough), 0.2),
    (|row| row.contour, 0.2),
];

/// What tension is made of: density, loudness, roughness, distance from a clear key, tempo.
const TENSION: [Element; 5] = [
    AROUSAL[0],
    AROUSAL[1],
    (|row| row.feature("roughness"), 0.2),
    (|row| row.feature("key_clarity").map(|clear| 1.0 - clear), 0.1),
    AROUSAL[2],
];

/// Names of the elements of tension.
pub(super) const TENSION_NAMES: [&str; TENSION.len()] =
    ["density", "loudness", "dissonance", "distance from a clear key", "tempo"];

fn sounding(row: &Playing) -> Option<&Playing> {
    Some(row).filter(|row| row.feature("silence").is_some_and(|silence| silence < 1.0))
}

/// Fills in both proxies of one player's rows.
pub(super) fn fill(rows: &mut [Playing]) {
    let (arousal, valence) = (means(rows, &AROUSAL), means(rows, &VALENCE));
    for ((row, arousal), valence) in rows.iter_mut().zip(arousal).zip(valence) {
        (row.arousal, row.valence) = (arousal, valence);
    }
}

/// The elements of tension in each row, in standard deviations from the player's own mean.
pub(super) fn tension(rows: &[Playing]) -> Vec<[Option<f64>; TENSION.len()]> {
    let columns = TENSION.map(|element| scores(rows, element));
    (0..rows.len()).map(|index| std::array::from_fn(|column| columns[column][index])).collect()
}

fn means(rows: &[Playing], elements: &[Element]) -> Vec<Option<f64>> {
    let columns: Vec<Vec<Option<f64>>> = elements.iter().map(|element| scores(rows, *element)).collect();
    (0..rows.len()).map(|index| mean(columns.iter().filter_map(|column| column[index]))).collect()
}

fn scores(rows: &[Playing], (element, least): Element) -> Vec<Option<f64>> {
    let values: Vec<f64> = rows.iter().filter_map(element).collect();
    let middle = mean(values.iter().copied()).unwrap_or(0.0);
    let scale = deviation(&values).unwrap_or(0.0).max(least);
    rows.iter().map(|row| element(row).map(|value| (value - middle) / scale)).collect()
}
