//! The client's beats, and which attacks fall on them.

use super::{mean, median};

/// An attack belongs to the beat that is nearer than this share of a beat.
const NEAR_BEATS: f64 = 0.3;

/// For each beat the attack on it, if there is one within 0.3 of a beat.
pub fn on_beats(attacks_s: &[f64], beats_s: &[f64]) -> Vec<Option<f64>> {
    let near = |index: usize| {
        let (before, after) = (index.saturating_sub(1), (index + 1).min(beats_s.len() - 1));
        let beat = (beats_s[after] - beats_s[before]) / (after - before).max(1) as f64;
        let offset = |attack_s: &f64| (attack_s - beats_s[index]).abs();
        attacks_s
            .iter()
            .copied()
            .filter(|a| offset(a) <= NEAR_BEATS * beat)
            .min_by(|a, b| offset(a).total_cmp(&offset(b)))
    };
    (0..beats_s.len()).map(near).collect()
}

/// The client's beats that have an attack on them: what a tempo of the attacks is to be compared with.
pub fn hers(on_beats: &[Option<f64>], beats_s: &[f64]) -> Vec<Option<f64>> {
    on_beats.iter().zip(beats_s).map(|(attack, beat_s)| attack.map(|_| *beat_s)).collect()
}

/// For each beat the attack on it, counted from the first on: the one nearest to where the beat before, as it was played,
/// and the client's interval lead, if there is one within 0.3 of a beat. A pulse that drifts is counted on, however far it
/// comes to lie from the beats.
pub fn counted(attacks_s: &[f64], beats_s: &[f64]) -> Vec<Option<f64>> {
    let mut off_s = 0.0;
    let count = |index: usize| {
        let led: Vec<f64> = beats_s.iter().map(|beat_s| beat_s + off_s).collect();
        let attack_s = on_beats(attacks_s, &led)[index];
        off_s = attack_s.map_or(off_s, |attack_s| attack_s - beats_s[index]);
        attack_s
    };
    (0..beats_s.len()).map(count).collect()
}

/// Seconds from the nearest beat or half-beat to each attack; positive is late. Attacks more than half a beat outside
/// are left out.
pub fn asynchronies(attacks_s: &[f64], beats_s: &[f64]) -> Vec<f64> {
    let grid = with_halves(beats_s);
    let (Some(first), Some(last)) = (grid.first(), grid.last()) else { return Vec::new() };
    let half = (last - first) / (grid.len().max(2) - 1) as f64;
    let inside = attacks_s.iter().filter(|attack| (first - half..=last + half).contains(*attack));
    inside.map(|attack| nearest(&grid, *attack)).collect()
}

/// Beats and the places half way between them.
pub fn with_halves(beats_s: &[f64]) -> Vec<f64> {
    let mut grid: Vec<f64> = beats_s.windows(2).flat_map(|pair| [pair[0], 0.5 * (pair[0] + pair[1])]).collect();
    grid.extend(beats_s.last());
    grid
}

/// Seconds from the nearest of `grid` to `time_s`; positive is late.
pub fn nearest(grid: &[f64], time_s: f64) -> f64 {
    grid.iter().map(|place| time_s - place).min_by(|a, b| a.abs().total_cmp(&b.abs())).unwrap_or(f64::NAN)
}

/// The median interval between neighbouring beats, s.
pub fn tactus_s(beats_s: &[f64]) -> f64 {
    median(&intervals(beats_s))
}

/// From each to the next.
pub fn intervals(times_s: &[f64]) -> Vec<f64> {
    times_s.windows(2).map(|pair| pair[1] - pair[0]).collect()
}

/// Coefficient of variation of the intervals of a pulse of `period_s`: an interval of several periods counts as so many.
/// An interval of no period is one that is far too short.
pub fn folded_cv(times_s: &[f64], period_s: f64) -> f64 {
    let folded: Vec<f64> =
        intervals(times_s).iter().map(|interval| interval / (interval / period_s).round().max(1.0)).collect();
    if folded.len() < 3 { f64::NAN } else { super::deviation(&folded) / mean(&folded) }
}

/// The period of a pulse: the median of the intervals.
pub fn period_s(times_s: &[f64]) -> f64 {
    median(&intervals(times_s))
}

/// Seconds a beat between the first and the last of some beats that have an attack; not a number for fewer than two.
pub fn mean_period_s(on_beats: &[Option<f64>]) -> f64 {
    let places: Vec<(usize, f64)> =
        on_beats.iter().enumerate().filter_map(|(beat, time)| Some((beat, (*time)?))).collect();
    match (places.first(), places.last()) {
        (Some(first), Some(last)) if last.0 > first.0 => (last.1 - first.1) / (last.0 - first.0) as f64,
        _ => f64::NAN,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_steady_pulse_with_a_missing_beat_does_not_vary_and_a_stumbling_one_does() {
        assert!(folded_cv(&[0.0, 0.5, 1.0, 2.0, 2.5], 0.5) < 1e-9);
        assert!(folded_cv(&[0.0, 0.5, 0.62, 1.0, 1.5], 0.5) > 0.2);
        assert!((period_s(&[0.0, 0.5, 1.0, 2.0, 2.5]) - 0.5).abs() < 1e-9);
    }

    #[test]
    fn a_pulse_that_drifts_is_counted_on() {
        let beats: Vec<f64> = (0..16).map(|beat| 0.5 * f64::from(beat)).collect();
        // A beat and a second attack in it, 3 % slower.
        let attacks: Vec<f64> = beats.iter().flat_map(|beat| [1.03 * beat, 1.03 * (beat + 0.31)]).collect();
        let period_s = mean_period_s(&counted(&attacks, &beats));
        assert!((period_s - 0.515).abs() < 1e-9, "{period_s}");
    }

    #[test]
    fn attacks_are_late_or_early_against_beats_and_halves() {
        let beats = [0.0, 0.5, 1.0, 1.5];
        let off = asynchronies(&[0.02, 0.26, 0.49, 1.0], &beats);
        let expected = [0.02, 0.01, -0.01, 0.0];
        assert!(off.iter().zip(expected).all(|(a, b)| (a - b).abs() < 1e-9), "{off:?}");
        assert_eq!(on_beats(&[0.02, 0.25, 1.1], &beats), [Some(0.02), None, Some(1.1), None]);
    }
}
