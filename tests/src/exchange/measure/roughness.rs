//! Roughness of chords against the plainest ones of their kind.

use antiphon_session::analysis::roughness;

/// Roughness of a chord against a close one of as many tones at the same mean pitch: a fifth, a major triad, a minor
/// seventh chord, and that with tones doubled an octave higher.
pub fn against_close(keys: &[f64]) -> f64 {
    let close: Vec<f64> = match keys.len() {
        0 | 1 => return f64::NAN,
        2 => vec![0.0, 7.0],
        3 => vec![0.0, 4.0, 7.0],
        count => (0..count).map(|tone| [0.0, 3.0, 7.0, 10.0][tone % 4] + 12.0 * (tone / 4) as f64).collect(),
    };
    let moved = super::mean(keys) - super::mean(&close);
    roughness(keys) / roughness(&close.iter().map(|key| key + moved).collect::<Vec<_>>())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_close_chord_is_as_rough_as_itself_anywhere_and_a_cluster_rougher() {
        assert!((against_close(&[50.0, 54.0, 57.0]) - 1.0).abs() < 1e-9);
        assert!((against_close(&[62.0, 65.0, 69.0, 72.0]) - 1.0).abs() < 1e-9);
        assert!(against_close(&[60.0, 61.0, 62.0]) > 1.3);
    }
}
