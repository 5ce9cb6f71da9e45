//! Tonality of a stretch of notes: how clearly it has a key, and how major that key is.

/// Key profiles of Krumhansl and Kessler 1982, major and minor, from the tonic up.
const MAJOR: [f64; 12] = [6.35, 2.23, 3.48, 2.33, 4.38, 4.09, 2.52, 5.19, 2.39, 3.66, 2.29, 2.88];
const MINOR: [f64; 12] = [6.33, 2.68, 3.52, 5.38, 2.60, 3.53, 2.54, 4.75, 3.98, 2.69, 3.34, 3.17];

/// How clear the key is: the greatest correlation of durations by pitch class with any key's profile; `None` for silence
/// and for durations that are all the same.
pub fn key_clarity(durations: &[f64; 12]) -> Option<f64> {
    Some(best(durations, &MAJOR)?.max(best(durations, &MINOR)?))
}

/// The best major key's correlation less the best minor key's, -2 to 2; `None` as above.
pub fn mode_index(durations: &[f64; 12]) -> Option<f64> {
    Some(best(durations, &MAJOR)? - best(durations, &MINOR)?)
}

fn best(durations: &[f64; 12], profile: &[f64; 12]) -> Option<f64> {
    (0..12)
        .map(|tonic| correlation(durations, profile, tonic))
        .try_fold(f64::NEG_INFINITY, |best, r| Some(best.max(r?)))
}

/// Pearson's, of the durations with the profile moved up to `tonic`.
fn correlation(durations: &[f64; 12], profile: &[f64; 12], tonic: usize) -> Option<f64> {
    let mean = |values: &[f64; 12]| values.iter().sum::<f64>() / 12.0;
    let (mean_d, mean_p) = (mean(durations), mean(profile));
    let (mut both, mut square_d, mut square_p) = (0.0, 0.0, 0.0);
    for class in 0..12 {
        let (d, p) = (durations[class] - mean_d, profile[(class + 12 - tonic) % 12] - mean_p);
        both += d * p;
        square_d += d * d;
        square_p += p * p;
    }
    (square_d > 1e-12).then(|| both / (square_d * square_p).sqrt())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn durations(classes: &[usize]) -> [f64; 12] {
        let mut durations = [0.0; 12];
        classes.iter().for_each(|&class| durations[class] += 1.0);
        durations
    }

    #[test]
    fn a_major_scale_is_major_a_harmonic_minor_one_minor_and_all_twelve_neither() {
        let major = durations(&[0, 0, 2, 4, 4, 5, 7, 7, 9, 11]);
        assert!(mode_index(&major).unwrap() > 0.1 && key_clarity(&major).unwrap() > 0.9);
        let minor = durations(&[9, 9, 11, 0, 0, 2, 4, 4, 5, 8]);
        assert!(mode_index(&minor).unwrap() < -0.1);
        assert_eq!(key_clarity(&durations(&[])), None);
        assert_eq!(key_clarity(&durations(&(0..12).collect::<Vec<_>>())), None);
    }
}
