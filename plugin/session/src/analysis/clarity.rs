//! Pulse clarity: the highest peak of the autocorrelation of the attacks between 0.3 and 1.5 s.

/// Width of an attack, s.
const ATTACK_S: f64 = 0.03;

/// Periods that may be a pulse, s, and the one that most people prefer.
const PERIODS_S: (f64, f64) = (0.3, 1.5);
const PREFERRED_S: f64 = 0.6;

/// Standard deviation of the preference, octaves (Parncutt 1994 has 0.2 decades or less; an octave is the resonance curve
/// of Toiviainen & Snyder 2003).
const PREFERENCE_OCTAVES: f64 = 1.0;

/// Steps between periods, s.
const STEP_S: f64 = 0.005;

/// Clarity of attacks (s, weight): max over tau of r(tau) W(tau) / r(0), where r is the autocorrelation of the attacks,
/// each a bell of 30 ms, and W a log-Gaussian at 0.6 s. 0 for fewer than two attacks.
pub fn clarity(attacks: &[(f64, f64)]) -> f64 {
    // The autocorrelation of a sum of bells is a sum of bells, twice as wide in variance, at all the differences.
    let autocorrelation = |tau: f64| -> f64 {
        let bell = |difference: f64| (-(tau - difference).powi(2) / (4.0 * ATTACK_S * ATTACK_S)).exp();
        attacks.iter().flat_map(|a| attacks.iter().map(move |b| a.1 * b.1 * bell(b.0 - a.0))).sum()
    };
    let at_nought = autocorrelation(0.0);
    if attacks.len() < 2 || at_nought <= 0.0 {
        return 0.0;
    }
    let steps = ((PERIODS_S.1 - PERIODS_S.0) / STEP_S).round() as usize;
    let weighted = |step: usize| {
        let tau = PERIODS_S.0 + step as f64 * STEP_S;
        let octaves = (tau / PREFERRED_S).log2() / PREFERENCE_OCTAVES;
        autocorrelation(tau) * (-0.5 * octaves * octaves).exp() / at_nought
    };
    (0..=steps).map(weighted).fold(0.0, f64::max)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_steady_pulse_is_clear_and_scattered_attacks_are_not() {
        let steady: Vec<(f64, f64)> = (0..16).map(|beat| (0.556 * f64::from(beat), 60.0)).collect();
        assert!(clarity(&steady) > 0.9, "{}", clarity(&steady));
        let scattered: Vec<(f64, f64)> =
            (0..16).map(|n| (f64::from(n) * 0.556 + 0.5 * (f64::from(n) * 2.399).sin(), 60.0)).collect();
        assert!(clarity(&scattered) < 0.6, "{}", clarity(&scattered));
        assert_eq!(clarity(&[(1.0, 60.0)]), 0.0);
    }
}
