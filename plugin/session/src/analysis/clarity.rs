//! Pulse: where the autocorrelation of the attacks peaks between 0.3 and 1.5 s, how clearly, and what two players share.

/// Width of an attack, s.
const ATTACK_S: f64 = 0.03;

/// Beyond this distance a bell adds less than 1e-8 of itself, s.
const REACH_S: f64 = 0.26;

/// Periods that may be a pulse, s, and the one that most people prefer.
const PERIODS_S: (f64, f64) = (0.3, 1.5);
const PREFERRED_S: f64 = 0.6;

/// Standard deviation of the preference, octaves (Parncutt 1994 has 0.2 decades or less; an octave is the resonance curve
/// of Toiviainen & Snyder 2003).
const PREFERENCE_OCTAVES: f64 = 1.0;

/// Steps between periods, s, and how many there are.
const STEP_S: f64 = 0.005;
const STEPS: usize = 241;

/// A pulse that attacks may have.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Pulse {
    /// Time from beat to beat, s; an octave (half, double) may be another's beat.
    pub period_s: f64,
    /// Autocorrelation there with the preference for 0.6 s, 0-1.
    pub clarity: f64,
    /// Autocorrelation there, 0-1.
    pub strength: f64,
}

/// The clearest pulse of attacks (s, weight) in time order: max over tau of r(tau) W(tau) / r(0), where r is the
/// autocorrelation of the attacks, each a bell of 30 ms, and W a log-Gaussian at 0.6 s. `None` for fewer than two attacks.
pub fn pulse(attacks: &[(f64, f64)]) -> Option<Pulse> {
    peak(&autocorrelation(attacks)?)
}

/// The clearest pulse that both have: the geometric mean of their autocorrelations in place of r. `None` if either has
/// fewer than two attacks.
pub fn common_pulse(first: &[(f64, f64)], second: &[(f64, f64)]) -> Option<Pulse> {
    let (first, second) = (autocorrelation(first)?, autocorrelation(second)?);
    peak(&std::array::from_fn(|step| (first[step] * second[step]).sqrt()))
}

/// How clear the clearest pulse is, 0-1; 0 for fewer than two attacks.
pub fn clarity(attacks: &[(f64, f64)]) -> f64 {
    pulse(attacks).map_or(0.0, |pulse| pulse.clarity)
}

fn period_s(step: usize) -> f64 {
    PERIODS_S.0 + step as f64 * STEP_S
}

/// r(tau) / r(0) at each period.
fn autocorrelation(attacks: &[(f64, f64)]) -> Option<[f64; STEPS]> {
    // The autocorrelation of a sum of bells is a sum of bells, twice as wide in variance, at all the differences.
    let bell = |off_s: f64| (-off_s * off_s / (4.0 * ATTACK_S * ATTACK_S)).exp();
    let mut at = [0.0; STEPS];
    let mut at_nought: f64 = attacks.iter().map(|attack| attack.1 * attack.1).sum();
    for (index, early) in attacks.iter().enumerate() {
        for late in &attacks[index + 1..] {
            let (apart_s, weight) = (late.0 - early.0, late.1 * early.1);
            if apart_s > PERIODS_S.1 + REACH_S {
                break;
            }
            if apart_s < REACH_S {
                at_nought += 2.0 * weight * bell(apart_s);
            }
            let step = |seconds: f64| ((seconds - PERIODS_S.0) / STEP_S).clamp(0.0, STEPS as f64 - 1.0) as usize;
            let first = step(apart_s - REACH_S);
            for (index, value) in at[first..=step(apart_s + REACH_S)].iter_mut().enumerate() {
                *value += weight * bell(period_s(first + index) - apart_s);
            }
        }
    }
    at.iter_mut().for_each(|value| *value /= at_nought);
    (attacks.len() > 1 && at_nought > 0.0).then_some(at)
}

fn peak(at: &[f64; STEPS]) -> Option<Pulse> {
    let weighted = |step: usize| {
        let octaves = (period_s(step) / PREFERRED_S).log2() / PREFERENCE_OCTAVES;
        at[step] * (-0.5 * octaves * octaves).exp()
    };
    let best = (0..STEPS).max_by(|&a, &b| weighted(a).total_cmp(&weighted(b)))?;
    Some(Pulse { period_s: period_s(best), clarity: weighted(best), strength: at[best] })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn steady(count: u32, period_s: f64) -> Vec<(f64, f64)> {
        (0..count).map(|beat| (period_s * f64::from(beat), 60.0)).collect()
    }

    #[test]
    fn a_steady_pulse_is_clear_and_scattered_attacks_are_not() {
        assert!(clarity(&steady(16, 0.556)) > 0.9, "{}", clarity(&steady(16, 0.556)));
        let scattered: Vec<(f64, f64)> =
            (0..16).map(|n| (f64::from(n) * 0.556 + 0.5 * (f64::from(n) * 2.399).sin(), 60.0)).collect();
        assert!(clarity(&scattered) < 0.6, "{}", clarity(&scattered));
        assert_eq!(clarity(&[(1.0, 60.0)]), 0.0);
    }

    #[test]
    fn the_period_is_the_time_between_beats() {
        for period_s in [0.5, 0.556, 0.8, 1.0] {
            assert!((pulse(&steady(16, period_s)).unwrap().period_s - period_s).abs() <= 0.006, "{period_s}");
        }
    }

    #[test]
    fn crotchets_and_quavers_share_a_pulse_and_unrelated_tempi_do_not() {
        let common = |first, second| common_pulse(&steady(20, first), &steady(20, second)).unwrap();
        let shared = common(0.6, 0.3);
        assert!((shared.period_s - 0.6).abs() < 0.01 && shared.strength > 0.9, "{shared:?}");
        assert!(common(0.6, 0.43).strength < 0.5, "{:?}", common(0.6, 0.43));
    }
}
