//! Pitches that could be: peaks of the NSDF, read between its lags, and what the comb shows beside them.

use super::comb::Comb;
use super::periodicity::Periodicity;
use arrayvec::ArrayVec;

/// Most candidates a hop.
const CANDIDATES: usize = 8;

/// Lowest NSDF of a candidate.
const CANDIDATE_MIN: f32 = 0.3;

/// How far a peak stands over the lowest NSDF at shorter lags: less is a ripple on something slower than any pitch.
const RISE_MIN: f32 = 0.5;

/// Peaks of shorter lags than this are read between lags, s: three points are too few for them.
const FINE_S: f32 = 0.003;

/// Cost of a candidate that is a multiple of another about as clear: the thump of a body or a bow's noise under a young
/// note takes so much from the clarity of its period, and leaves that of the double. 0.07 to 0.12 do as well.
const MULTIPLE_COST: f32 = 0.1;

/// How far from whole a multiple may be, share of it.
const MULTIPLE_WITHIN: f32 = 0.03;

/// Preference for the higher of two equally good candidates, per octave: every multiple of a period is a period too.
pub const OCTAVE_BIAS: f32 = 0.03;

/// A candidate of the comb this near to one of the NSDF is the same, octaves.
const SAME: f32 = 0.025;

/// A pitch that could be.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Candidate {
    /// Samples of the slow rate.
    pub lag: f32,
    /// log2 of the lag.
    pub octave: f32,
    /// NSDF at the peak.
    pub clarity: f32,
    /// Cost of the best path that ends here.
    pub cost: f32,
    /// Whether only the comb shows it.
    pub spectral: bool,
}

/// The candidates of a hop.
pub type Candidates = ArrayVec<Candidate, CANDIDATES>;

/// The clearest peaks.
pub fn find(periodicity: &Periodicity) -> Candidates {
    let nsdf = periodicity.nsdf();
    let mut found = Candidates::new();
    let lags = periodicity.lag_range();
    let mut lowest = nsdf[..lags.start].iter().copied().fold(1.0, f32::min);
    for lag in lags {
        lowest = lowest.min(nsdf[lag]);
        let (before, here, after) = (nsdf[lag - 1], nsdf[lag], nsdf[lag + 1]);
        let peak = here > before && here >= after && here > CANDIDATE_MIN.max(lowest + RISE_MIN);
        if !peak {
            continue;
        }
        let bend = before - 2.0 * here + after;
        let shift = 0.5 * (before - after) / bend;
        let mut clarity = (here - 0.25 * (before - after) * shift).min(1.0);
        let mut lag = lag as f32 + shift;
        if lag < FINE_S * periodicity.rate_hz() as f32 {
            lag = climb(periodicity, lag);
            clarity = periodicity.between(lag).min(1.0);
        }
        let candidate = Candidate { lag, octave: lag.log2(), clarity, cost: 0.0, spectral: false };
        if found.is_full() {
            let worst = (0..found.len()).min_by(|&a, &b| merit(&found[a]).total_cmp(&merit(&found[b])));
            if let Some(worst) = worst.filter(|&worst| merit(&found[worst]) < merit(&candidate)) {
                found[worst] = candidate;
            }
        } else {
            found.push(candidate);
        }
    }
    found
}

/// Adds what the comb shows, unless the NSDF shows it too.
pub fn add_spectral(candidates: &mut Candidates, periodicity: &Periodicity, comb: &Comb) {
    let lag = comb.lag();
    let octave = lag.log2();
    let known = candidates.iter().any(|candidate| (candidate.octave - octave).abs() < SAME);
    if known || !periodicity.lag_range().contains(&(lag as usize)) {
        return;
    }
    if candidates.is_full() {
        candidates.pop();
    }
    let clarity = periodicity.between(lag).clamp(0.0, 1.0);
    candidates.push(Candidate { lag, octave, clarity, cost: 0.0, spectral: true });
}

/// What speaks against each candidate because a period is a multiple of a shorter one.
pub fn multiple_costs(candidates: &Candidates) -> ArrayVec<f32, CANDIDATES> {
    candidates.iter().map(|candidate| multiple_cost(candidate, candidates)).collect()
}

/// All of [`MULTIPLE_COST`] if a shorter period is worse by no more than that, nothing if it is worse by twice as much.
fn multiple_cost(candidate: &Candidate, all: &[Candidate]) -> f32 {
    let whole = |shorter: &&Candidate| {
        let ratio = candidate.lag / shorter.lag;
        ratio > 1.5 && (ratio - ratio.round()).abs() < MULTIPLE_WITHIN * ratio
    };
    let against = |shorter: &Candidate| shorter.clarity - candidate.clarity + 2.0 * MULTIPLE_COST;
    all.iter().filter(whole).map(against).fold(0.0, f32::max).min(MULTIPLE_COST)
}

/// What a candidate is worth when there are too many.
fn merit(candidate: &Candidate) -> f32 {
    candidate.clarity - OCTAVE_BIAS * candidate.octave
}

/// Longest multiple of the period that refinement looks at, s.
const REFINE_SPAN_S: f32 = 0.008;

/// The pitch in Hz from a lag near it: the peak is read between lags, at a multiple of the period for high pitches,
/// where an error of the peak weighs less.
pub fn refine(periodicity: &Periodicity, lag: f32) -> f32 {
    let rate = periodicity.rate_hz() as f32;
    let mut periods = 1.0;
    let mut lag = climb(periodicity, lag);
    while lag / periods * (periods + 1.0) < REFINE_SPAN_S * rate {
        lag = climb(periodicity, lag / periods * (periods + 1.0));
        periods += 1.0;
    }
    rate * periods / lag
}

/// The top of the peak near `lag`, from three points half a sample apart.
fn climb(periodicity: &Periodicity, lag: f32) -> f32 {
    const STEP: f32 = 0.25;
    let mut lag = lag;
    for _ in 0..2 {
        let (before, here, after) =
            (periodicity.between(lag - STEP), periodicity.between(lag), periodicity.between(lag + STEP));
        let bend = before - 2.0 * here + after;
        if bend < 0.0 {
            lag += (0.5 * STEP * (before - after) / bend).clamp(-STEP, STEP);
        }
    }
    lag
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(lag: f32, clarity: f32) -> Candidate {
        Candidate { lag, octave: lag.log2(), clarity, cost: 0.0, spectral: false }
    }

    #[test]
    fn the_double_of_a_period_must_be_much_clearer_to_be_one() {
        let costs = |single, double| multiple_costs(&[of(50.0, single), of(100.2, double)].into_iter().collect());
        assert_eq!(costs(0.92, 0.96)[..], [0.0, MULTIPLE_COST]);
        assert_eq!(costs(0.6, 0.95)[..], [0.0, 0.0]);
        let apart = [of(50.0, 0.92), of(115.0, 0.96)].into_iter().collect();
        assert_eq!(multiple_costs(&apart)[..], [0.0, 0.0]);
    }
}
