//! A whole session as one row of figures: how the second player played, against the first.

use super::{FEATURES, NAMES, Note, moment, together};

/// Names of the figures of a portrait.
pub const PORTRAIT_NAMES: [&str; FEATURES + super::TOGETHER_NAMES.len()] = {
    let mut names = [""; FEATURES + super::TOGETHER_NAMES.len()];
    let mut index = 0;
    while index < names.len() {
        names[index] = if index < FEATURES { NAMES[index] } else { super::TOGETHER_NAMES[index - FEATURES] };
        index += 1;
    }
    names
};

/// Features that are told against the first player's: density as a ratio, register and dynamics as differences.
const RATIO: usize = 0;
const DIFFERENCES: [usize; 2] = [3, 6];

/// The portrait of `second` beside `first` until `end_s`: the means of the moments, density, register and dynamics
/// against the first's, and how they go together. `None` where there is nothing to tell it from.
pub fn portrait(first: &[Note], second: &[Note], end_s: f64) -> [Option<f64>; PORTRAIT_NAMES.len()] {
    let (theirs, ours) = (moment(first, 0.0, end_s), moment(second, 0.0, end_s));
    let both = together(first, second).figures();
    std::array::from_fn(|index| match index {
        RATIO => theirs[index].zip(ours[index]).filter(|(theirs, _)| *theirs > 0.0).map(|(theirs, ours)| ours / theirs),
        index if DIFFERENCES.contains(&index) => theirs[index].zip(ours[index]).map(|(theirs, ours)| ours - theirs),
        index if index < FEATURES => ours[index],
        index => both[index - FEATURES],
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_softer_lower_sparser_second_is_told_as_such() {
        let note = |on_s: f64, key, velocity| Note { on_s, off_s: on_s + 0.4, key, velocity };
        let first: Vec<Note> = (0..20).map(|i| note(0.5 * f64::from(i), 67, 80)).collect();
        let second: Vec<Note> = (0..5).map(|i| note(2.0 * f64::from(i), 48, 60)).collect();
        let told = portrait(&first, &second, 10.0);
        let value = |name: &str| told[PORTRAIT_NAMES.iter().position(|other| *other == name).unwrap()].unwrap();
        assert!((value("density") - 0.25).abs() < 1e-9);
        assert_eq!((value("mean_key"), value("mean_velocity"), value("joint_share")), (-19.0, -20.0, 1.0));
    }
}
