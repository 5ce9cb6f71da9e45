//! Which peak of the NSDF is the pitch: candidates and a tracker that only looks back (Viterbi, newest column alone).

use super::heard::PitchReading;
use super::level::Level;
use super::periodicity::Periodicity;
use crate::time::{Clock, SampleTime};
use arrayvec::ArrayVec;

/// Most candidates a hop.
const CANDIDATES: usize = 8;

/// Lowest NSDF of a candidate.
const CANDIDATE_MIN: f32 = 0.3;

/// How far a peak stands over the lowest NSDF at shorter lags: less is a ripple on something slower than any pitch.
const RISE_MIN: f32 = 0.5;

/// Preference for the higher of two equally good candidates, per octave: every multiple of a period is a period too.
const OCTAVE_BIAS: f32 = 0.03;

/// Cost of a jump, per octave: small enough for instruments that leap; voices do as well with 0.1 as with 0.6.
const JUMP_COST: f32 = 0.15;

/// Cost of beginning and of ending a pitch.
const BEGIN_COST: f32 = 0.05;
const END_COST: f32 = 0.2;

/// NSDF that makes voiced and unvoiced equally likely at full level.
const VOICED_AT: f32 = 0.7;

/// How much less the NSDF of a voice is where all of the level is the room's noise.
const NOISE_ALLOWANCE: f32 = 0.3;

/// How far under the recent peak the level begins to speak against a pitch, dB, and how much each dB further says.
const FADE_DB: f32 = 15.0;
const FADE_PER_DB: f32 = 0.04;

/// NSDF that is voiced at any level over the gate.
const FADED_VOICED_AT: f32 = 0.95;

/// NSDF from which an unvoiced moment still changes the best guess; less keeps the last pitch.
const GUESS_MIN: f32 = 0.5;

/// Absolute gate, dBFS: what is softer is not a client. And the distance from the room's floor that a client keeps, dB.
const GATE_DB: f32 = -55.0;
const GATE_OVER_FLOOR_DB: f32 = 3.0;

/// Difference of costs that a voicing probability of 0.73 stands for.
const VOICING_SCALE: f32 = 0.3;

/// Largest cost that counts: bounds how long a settled mistake takes to be overturned.
const COST_MAX: f32 = 2.0;

/// The instant described lies this far back, s: the middle of the short window.
const DELAY_S: f64 = 0.005;

/// A pitch that could be.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Candidate {
    /// Samples of the slow rate.
    lag: f32,
    /// log2 of the lag.
    octave: f32,
    /// NSDF at the peak.
    clarity: f32,
    /// Cost of the best path that ends here.
    cost: f32,
}

/// The tracker.
pub struct Tracker {
    delay: SampleTime,
    candidates: ArrayVec<Candidate, CANDIDATES>,
    unvoiced_cost: f32,
    /// Last pitch, Hz.
    f0_hz: f32,
    /// NSDF of the best candidate.
    pub clarity: f32,
}

impl Tracker {
    /// For `clock`; `decimation_delay` in samples.
    pub fn new(clock: Clock, decimation_delay: usize) -> Self {
        Self {
            delay: clock.samples(DELAY_S) + decimation_delay as SampleTime,
            candidates: ArrayVec::new(),
            unvoiced_cost: 0.0,
            f0_hz: 0.0,
            clarity: 0.0,
        }
    }

    /// Back to the state after `new`.
    pub fn reset(&mut self) {
        self.candidates.clear();
        self.unvoiced_cost = 0.0;
        self.f0_hz = 0.0;
        self.clarity = 0.0;
    }

    /// The reading at `now`.
    pub fn process(&mut self, now: SampleTime, periodicity: &Periodicity, level: &Level) -> PitchReading {
        let gate = (GATE_DB - level.sensitivity_db).max(level.floor_db + GATE_OVER_FLOOR_DB);
        let fade = (level.peak_db - FADE_DB - level.hop_db.max(level.now_db - 6.0)).max(0.0) * FADE_PER_DB;
        let noise = 10.0_f32.powf(0.1 * (level.floor_db - level.now_db)).min(1.0);
        let gated = level.now_db < gate;
        let unvoiced_local =
            if gated { 0.0 } else { 1.0 - (VOICED_AT - NOISE_ALLOWANCE * noise + fade).min(FADED_VOICED_AT) };

        let mut next = self.find(periodicity);
        for candidate in &mut next {
            let come = self.candidates.iter().map(|old| old.cost + JUMP_COST * (old.octave - candidate.octave).abs());
            let best = come.fold(self.unvoiced_cost + BEGIN_COST, f32::min);
            let height = -candidate.octave * OCTAVE_BIAS;
            let local = 1.0 - candidate.clarity - height + if gated { 1.0 } else { 0.0 };
            candidate.cost = best + local;
        }
        let voiced_before = self.candidates.iter().map(|old| old.cost).fold(f32::INFINITY, f32::min);
        let unvoiced =
            self.unvoiced_cost.min(voiced_before + END_COST) + unvoiced_local + self.bias_at_rest(periodicity);
        let least = next.iter().map(|candidate| candidate.cost).fold(unvoiced, f32::min);
        for candidate in &mut next {
            candidate.cost = (candidate.cost - least).min(COST_MAX);
        }
        self.unvoiced_cost = (unvoiced - least).min(COST_MAX);
        self.candidates = next;

        let best = self.candidates.iter().min_by(|a, b| a.cost.total_cmp(&b.cost)).copied();
        let mut voicing = 0.0;
        self.clarity = 0.0;
        if let Some(best) = best {
            self.clarity = best.clarity;
            voicing = 1.0 / (1.0 + ((best.cost - self.unvoiced_cost) / VOICING_SCALE).exp());
            if voicing >= 0.5 || best.clarity > GUESS_MIN {
                self.f0_hz = refine(periodicity, best.lag);
            }
        }
        PitchReading { time: now.saturating_sub(self.delay), f0_hz: self.f0_hz, voicing }
    }

    /// What the octave preference gives a pitch of middle height, so that it leaves voicing alone.
    fn bias_at_rest(&self, periodicity: &Periodicity) -> f32 {
        let middle = (periodicity.rate_hz() as f32 / 250.0).log2();
        middle * OCTAVE_BIAS
    }

    /// The clearest peaks.
    fn find(&self, periodicity: &Periodicity) -> ArrayVec<Candidate, CANDIDATES> {
        let nsdf = periodicity.nsdf();
        let mut found: ArrayVec<Candidate, CANDIDATES> = ArrayVec::new();
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
            let clarity = (here - 0.25 * (before - after) * shift).min(1.0);
            let lag = lag as f32 + shift;
            let candidate = Candidate { lag, octave: lag.log2(), clarity, cost: 0.0 };
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
}

/// What a candidate is worth when there are too many.
fn merit(candidate: &Candidate) -> f32 {
    candidate.clarity - OCTAVE_BIAS * candidate.octave
}

/// Longest multiple of the period that refinement looks at, s.
const REFINE_SPAN_S: f32 = 0.008;

/// The pitch in Hz from a lag near it: the peak is read between lags, at a multiple of the period for high pitches,
/// where an error of the peak weighs less.
fn refine(periodicity: &Periodicity, lag: f32) -> f32 {
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
