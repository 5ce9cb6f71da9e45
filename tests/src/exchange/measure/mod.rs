//! What is measured of an exchange.

pub mod attack;
pub mod beats;
pub mod chords;
pub mod corrector;
pub mod likeness;
pub mod ritard;
pub mod roughness;
pub mod sounding;

/// Mean; not a number for nothing.
pub fn mean(values: &[f64]) -> f64 {
    values.iter().sum::<f64>() / values.len() as f64
}

/// Standard deviation of the values themselves; not a number for nothing.
pub fn deviation(values: &[f64]) -> f64 {
    let mean = mean(values);
    (values.iter().map(|value| (value - mean).powi(2)).sum::<f64>() / values.len() as f64).sqrt()
}

/// The value below which a share of all lie, straight between neighbours; not a number for nothing.
pub fn quantile(values: &[f64], share: f64) -> f64 {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    let place = share * (sorted.len().max(1) - 1) as f64;
    let low = place.floor() as usize;
    match (sorted.get(low), sorted.get(low + 1)) {
        (Some(a), Some(b)) => a + (place - low as f64) * (b - a),
        (Some(a), None) => *a,
        _ => f64::NAN,
    }
}

/// The middle one; not a number for nothing.
pub fn median(values: &[f64]) -> f64 {
    quantile(values, 0.5)
}

/// The greatest; not a number for nothing.
pub fn most(values: impl IntoIterator<Item = f64>) -> f64 {
    values.into_iter().fold(f64::NAN, f64::max)
}

/// The least; not a number for nothing.
pub fn least(values: impl IntoIterator<Item = f64>) -> f64 {
    values.into_iter().fold(f64::NAN, f64::min)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_has_no_middle_and_four_have_theirs_between_two() {
        assert!(median(&[]).is_nan() && mean(&[]).is_nan() && most([]).is_nan());
        assert_eq!(median(&[4.0, 1.0, 2.0, 3.0]), 2.5);
        assert_eq!(deviation(&[1.0, 3.0]), 1.0);
    }
}
