//! The best that one who follows can do: phase and period corrected after each of the client's onsets on a beat
//! (Vorberg & Wing), with the shares of correction that fit the take best.

use super::deviation;

/// An onset within this share of a period belongs to the expected beat.
const NEAR_PERIODS: f64 = 0.3;

/// Standard deviation, s, of the best corrector's beats against `beats_s`, over the beats that `counted` says. It hears
/// the onsets, knows the period of the first two beats, and predicts each beat from what came before it.
pub fn best_deviation_s(onsets_s: &[f64], beats_s: &[f64], counted: impl Fn(f64) -> bool) -> f64 {
    let shares = |most: f64| (0..=10).map(move |step| most * f64::from(step) / 10.0);
    let mut best = f64::INFINITY;
    for alpha in shares(1.0) {
        for beta in shares(0.5) {
            best = best.min(deviation_s(onsets_s, beats_s, &counted, alpha, beta));
        }
    }
    best
}

fn deviation_s(onsets_s: &[f64], beats_s: &[f64], counted: &impl Fn(f64) -> bool, alpha: f64, beta: f64) -> f64 {
    let Some(pair) = beats_s.get(..2) else { return f64::INFINITY };
    let (mut expected, mut period) = (pair[0], pair[1] - pair[0]);
    let mut errors = Vec::new();
    for &beat_s in beats_s {
        if counted(beat_s) {
            errors.push(expected - beat_s);
        }
        let nearest = super::beats::nearest(onsets_s, expected);
        // `nearest` is how far the expectation lies after the onset.
        let error = if nearest.abs() <= NEAR_PERIODS * period { -nearest } else { 0.0 };
        expected += period + alpha * error;
        period += beta * error;
    }
    if errors.is_empty() { f64::INFINITY } else { deviation(&errors) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_follows_a_metronome_is_never_off_and_who_follows_a_stumbling_one_is() {
        let beats: Vec<f64> = (0..40).map(|beat| 0.5 * f64::from(beat)).collect();
        assert!(best_deviation_s(&beats, &beats, |_| true) < 1e-9);
        let onsets: Vec<f64> = beats.iter().enumerate().map(|(n, beat)| beat + 0.06 * (n as f64 * 2.4).sin()).collect();
        let off = best_deviation_s(&onsets, &onsets, |_| true);
        assert!((0.02..0.08).contains(&off), "{off}");
    }
}
