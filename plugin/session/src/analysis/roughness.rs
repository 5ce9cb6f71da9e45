//! Sensory dissonance of tones that sound together: Sethares 1993, JASA 94:1218, summed over pairs of partials.

/// Partials of a tone.
const PARTIALS: i32 = 6;

/// Each partial has this share of the amplitude of the one before.
const FALL: f64 = 0.88;

fn pair((f1, a1): (f64, f64), (f2, a2): (f64, f64)) -> f64 {
    let apart = (f2 - f1).abs() * 0.24 / (0.0207 * f1.min(f2) + 18.96);
    // 5 (e^-3.51 x - e^-5.75 x) is at most 1.
    a1.min(a2) * 5.0 * ((-3.51 * apart).exp() - (-5.75 * apart).exp())
}

fn raw(keys: &[f64]) -> f64 {
    let partials: Vec<(f64, f64)> = keys
        .iter()
        .flat_map(|key| {
            let f0_hz = 440.0 * ((key - 69.0) / 12.0).exp2();
            (0..PARTIALS).map(move |k| (f0_hz * f64::from(k + 1), FALL.powi(k)))
        })
        .collect();
    let pairs = partials.iter().enumerate().flat_map(|(i, a)| partials[..i].iter().map(move |b| pair(*a, *b)));
    pairs.sum()
}

/// Roughness of MIDI keys, which may lie between keys, relative to the triad C4 E4 G4; 1 for that.
pub fn roughness(keys: &[f64]) -> f64 {
    let triad = [60.0, 64.0, 67.0];
    raw(keys) / raw(&triad)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn intervals_and_chords_are_as_rough_as_measured_elsewhere() {
        for (above, expected) in [
            (&[0.0, 12.0][..], 0.02),
            (&[0.0, 7.0], 0.16),
            (&[0.0, 4.0], 0.45),
            (&[0.0, 3.0], 0.49),
            (&[0.0, 6.0], 0.44),
            (&[0.0, 1.0], 0.88),
            (&[0.0, 3.0, 7.0], 1.03),
            (&[0.0, 5.0, 7.0], 0.94),
            (&[0.0, 3.0, 6.0], 1.34),
            (&[0.0, 4.0, 7.0, 10.0], 2.04),
            (&[0.0, 3.0, 7.0, 10.0], 1.82),
            (&[-12.0, -5.0, 4.0], 1.06),
            (&[-12.0, -8.0, -5.0], 1.93),
        ] {
            let keys: Vec<f64> = above.iter().map(|semitones| 60.0 + semitones).collect();
            assert!((roughness(&keys) - expected).abs() < 0.02, "{above:?}: {}, not {expected}", roughness(&keys));
        }
    }
}
