//! Which pitch the spectrum of a longer window shows: a comb with valleys between its teeth, on prime harmonics alone so
//! that no octave below a pitch shares its teeth (SWIPE'; Camacho & Harris, JASA 124, 2008), followed over time. It holds
//! in noise that hides the period, and it is later than the period by half a window.

use super::filter::Decimate;
use super::periodicity::{PITCH_MAX_HZ, PITCH_MIN_HZ, Periodicity};
use crate::time::Clock;
use realfft::num_complex::Complex;
use realfft::{RealFftPlanner, RealToComplex};
use std::f64::consts::PI;
use std::ops::Range;
use std::sync::Arc;

/// Window, s: 46 and 58 ms do equally well, 35 ms loses low voices.
const WINDOW_S: f64 = 0.046;

/// The middle of the window lies so far before its end, s.
pub const MIDDLE_S: f32 = 0.5 * WINDOW_S as f32;

/// Widest distance between bins, Hz: a fifth of the lowest pitch.
const BIN_MAX_HZ: f64 = 12.0;

/// Slowest rate of the spectra, Hz: what counts lies under 0.45 of it.
const RATE_MIN_HZ: f64 = 11_000.0;

/// Time between two spectra, s: from 6 to 12 ms do equally well. The hops between share the work.
const STEP_S: f64 = 0.0087;

/// Harmonics that count; 11 and 13 add nothing.
const HARMONICS: [f64; 5] = [1.0, 2.0, 3.0, 5.0, 7.0];

/// Highest frequency that counts, Hz: up to 6000 nothing is gained.
const TOP_HZ: f64 = 4_500.0;

/// Weight of a harmonic: its frequency to this power; 0.5 to 1 do as well.
const DECAY: f64 = -0.75;

/// Half the neighbourhood over which a bin must stand out, Hz: under that of a low voice's harmonics to either side.
const AROUND_HZ: f64 = 172.0;

/// Candidates an octave: 40 cents each, and 20 do no better.
const PER_OCTAVE: f32 = 30.0;

/// Cost of a change of pitch from spectrum to spectrum, strength an octave, and the most that any change costs.
const CHANGE_COST: f32 = 1.0;
const CHANGE_COST_MAX: f32 = 0.4;

/// What the NSDF at the candidate's period adds: it knows nothing of octaves below, but all about those above.
const PERIOD_SHARE: f32 = 0.3;

/// Keeps silence from dividing by nothing.
const SILENT: f32 = 1e-6;

/// The spectral comb.
pub struct Comb {
    decimate: Decimate,
    /// The hop at the rate of the spectra.
    slow: Box<[f32]>,
    fft: Arc<dyn RealToComplex<f32>>,
    window: Box<[f32]>,
    /// The last window's samples.
    line: Box<[f32]>,
    input: Box<[f32]>,
    output: Box<[Complex<f32>]>,
    scratch: Box<[Complex<f32>]>,
    /// What makes pink noise white, by bin.
    emphasis: Box<[f32]>,
    /// Bins to either side of which the mean is taken.
    around: usize,
    /// Sums of the magnitudes up to each bin.
    sums: Box<[f32]>,
    /// How far each bin stands out, of unit norm.
    spectrum: Box<[f32]>,
    /// One comb a candidate, from the lowest pitch up.
    combs: Box<[Teeth]>,
    /// Candidates that each hop after the spectrum's looks at.
    shares: Box<[Range<usize>]>,
    /// Period of each candidate, samples.
    lags: Box<[f32]>,
    /// How well each comb fits, -1 to 1.
    strengths: Box<[f32]>,
    /// What the best path to each candidate is worth; 0 for the best.
    worth: Box<[f32]>,
    /// Hop of the step that comes next.
    at: usize,
    /// Hops since the spectrum that `worth` includes.
    age: usize,
    /// Candidate that is best.
    best: usize,
}

impl Comb {
    /// For sound at `pitch_hz` samples a second, Hz, that comes in the hops of `clock`, each of `hop` samples.
    pub fn new(pitch_hz: f64, hop: usize, clock: Clock) -> Self {
        let decimate = Decimate::new(pitch_hz, hop, RATE_MIN_HZ);
        let rate_hz = pitch_hz / decimate.factor() as f64;
        let length = ((WINDOW_S * rate_hz) as usize).max(2);
        let size = ((rate_hz / BIN_MAX_HZ) as usize).max(length).next_power_of_two();
        let fft = RealFftPlanner::new().plan_fft_forward(size);
        let bin_hz = rate_hz / size as f64;
        let bins = ((TOP_HZ.min(0.45 * rate_hz) / bin_hz) as usize).clamp(1, size / 2);
        let hann = |k: usize| 0.5 - 0.5 * (2.0 * PI * (k as f64 + 0.5) / length as f64).cos();
        let count = ((PITCH_MAX_HZ / PITCH_MIN_HZ).log2() * f64::from(PER_OCTAVE)) as usize + 1;
        let hz = |k: usize| PITCH_MIN_HZ * (k as f64 / f64::from(PER_OCTAVE)).exp2();
        let combs: Box<[Teeth]> = (0..count).map(|k| Teeth::new(hz(k) / bin_hz, bins)).collect();
        Self {
            window: (0..length).map(|k| hann(k) as f32).collect(),
            line: vec![0.0; length].into(),
            input: fft.make_input_vec().into(),
            output: fft.make_output_vec().into(),
            scratch: fft.make_scratch_vec().into(),
            emphasis: (0..bins).map(|k| (k as f64 * bin_hz / 1_000.0).sqrt() as f32).collect(),
            around: (AROUND_HZ / bin_hz).round() as usize,
            sums: vec![0.0; bins + 1].into(),
            spectrum: vec![0.0; bins].into(),
            shares: shares(&combs, clock.hops(STEP_S).max(3) - 2),
            combs,
            lags: (0..count).map(|k| (pitch_hz / hz(k)) as f32).collect(),
            strengths: vec![0.0; count].into(),
            worth: vec![0.0; count].into(),
            fft,
            slow: vec![0.0; hop / decimate.factor()].into(),
            decimate,
            at: 0,
            age: 0,
            best: 0,
        }
    }

    /// Back to the state after `new`.
    pub fn reset(&mut self) {
        self.decimate.reset();
        self.line.fill(0.0);
        self.strengths.fill(0.0);
        self.worth.fill(0.0);
        (self.at, self.age, self.best) = (0, 0, 0);
    }

    /// Takes in one hop and does its share of the work.
    pub fn process(&mut self, samples: &[f32], periodicity: &Periodicity) {
        self.decimate.process(samples, &mut self.slow);
        self.line.copy_within(self.slow.len().., 0);
        let kept = self.line.len() - self.slow.len();
        self.line[kept..].copy_from_slice(&self.slow);
        self.age += 1;
        match self.at {
            0 => self.transform(),
            1 => self.whiten(),
            at => {
                let share = self.shares[at - 2].clone();
                for (strength, comb) in self.strengths[share.clone()].iter_mut().zip(&self.combs[share]) {
                    *strength = comb.strength(&self.spectrum);
                }
            }
        }
        self.at += 1;
        if self.at == self.shares.len() + 2 {
            self.age = self.at - 1;
            self.at = 0;
            self.follow(periodicity);
        }
    }

    fn transform(&mut self) {
        self.input[self.line.len()..].fill(0.0);
        for ((place, &sample), &weight) in self.input.iter_mut().zip(&self.line).zip(&self.window) {
            *place = sample * weight;
        }
        // Lengths come from the plan itself; an error would leave the last spectrum.
        let _ = self.fft.process_with_scratch(&mut self.input, &mut self.output, &mut self.scratch);
    }

    /// Takes from the newest spectrum what stands out of the noise.
    fn whiten(&mut self) {
        let mut sum = 0.0;
        for (k, (place, bin)) in self.spectrum.iter_mut().zip(&self.output).enumerate() {
            *place = (bin.norm() * self.emphasis[k]).sqrt();
            sum += *place;
            self.sums[k + 1] = sum;
        }
        let bins = self.spectrum.len();
        let mut power = 0.0;
        for (k, place) in self.spectrum.iter_mut().enumerate() {
            let (from, to) = (k.saturating_sub(self.around), (k + self.around + 1).min(bins));
            let mean = (self.sums[to] - self.sums[from]) / (to - from) as f32;
            *place = (*place - mean).max(0.0);
            power += *place * *place;
        }
        let norm = 1.0 / (power.sqrt() + SILENT);
        self.spectrum.iter_mut().for_each(|value| *value *= norm);
    }

    /// Takes the strengths into the paths (Viterbi; the cost grows with the distance, so two sweeps find the best way).
    fn follow(&mut self, periodicity: &Periodicity) {
        let change = CHANGE_COST / PER_OCTAVE;
        for k in 1..self.worth.len() {
            self.worth[k] = self.worth[k].max(self.worth[k - 1] - change);
        }
        for k in (1..self.worth.len()).rev() {
            self.worth[k - 1] = self.worth[k - 1].max(self.worth[k] - change);
        }
        let nsdf = periodicity.nsdf();
        let (mut most, mut best) = (f32::MIN, 0);
        for (k, worth) in self.worth.iter_mut().enumerate() {
            let (lag, part) = (self.lags[k] as usize, self.lags[k].fract());
            let alike = (nsdf[lag] * (1.0 - part) + nsdf[lag + 1] * part).max(0.0);
            *worth = worth.max(-CHANGE_COST_MAX) + self.strengths[k] + PERIOD_SHARE * alike;
            if *worth > most {
                (most, best) = (*worth, k);
            }
        }
        self.best = best;
        self.worth.iter_mut().for_each(|worth| *worth -= most);
    }

    /// Period of the best candidate, samples, read between candidates.
    pub fn lag(&self) -> f32 {
        let mut shift = 0.0;
        if self.best > 0 && self.best + 1 < self.worth.len() {
            let (below, above) = (self.worth[self.best - 1], self.worth[self.best + 1]);
            let bend = below + above - 2.0 * self.worth[self.best];
            if bend < 0.0 {
                shift = (0.5 * (below - above) / bend).clamp(-0.5, 0.5);
            }
        }
        self.lags[self.best] * (-shift / PER_OCTAVE).exp2()
    }

    /// How well the comb of the best candidate fits, -1 to 1, whatever the level.
    pub fn strength(&self) -> f32 {
        self.strengths[self.best]
    }

    /// How much worse than the best a pitch is whose period is `octaves` over the longest, log2.
    pub fn deficit(&self, octaves: f32) -> f32 {
        let k = (octaves * PER_OCTAVE).round().max(0.0) as usize;
        -self.worth[k.min(self.worth.len() - 1)]
    }

    /// log2 of the longest period, samples.
    pub fn octave_of_longest(&self) -> f32 {
        self.lags[0].log2()
    }

    /// Hops since the window ended that is described.
    pub fn age(&self) -> usize {
        self.age
    }
}

/// One candidate's comb.
struct Teeth {
    /// Stretches of bins, and a weight for each bin in them.
    bins: Vec<Range<usize>>,
    weights: Vec<f32>,
}

impl Teeth {
    /// The comb of a pitch that lies `pitch` bins up.
    fn new(pitch: f64, bins: usize) -> Self {
        let weight = |k: usize| {
            let q = k as f64 / pitch;
            let tooth = |&harmonic: &f64| {
                let off = (q - harmonic).abs();
                let present = harmonic == 1.0 || harmonic * pitch <= bins as f64;
                let height = if off < 0.25 { 1.0 } else { 0.5 };
                if present && off < 0.75 { height } else { 0.0 }
            };
            HARMONICS.iter().map(tooth).sum::<f64>() * (2.0 * PI * q).cos() * (k.max(1) as f64).powf(DECAY)
        };
        let weights: Vec<f64> = (0..bins).map(weight).collect();
        let norm = weights.iter().map(|weight| weight.max(0.0).powi(2)).sum::<f64>().sqrt().max(1e-9);
        let mut teeth = Self { bins: Vec::new(), weights: Vec::new() };
        for (k, weight) in weights.into_iter().enumerate().filter(|(_, weight)| *weight != 0.0) {
            match teeth.bins.last_mut() {
                Some(run) if run.end == k => run.end = k + 1,
                _ => teeth.bins.push(k..k + 1),
            }
            teeth.weights.push((weight / norm) as f32);
        }
        teeth
    }

    fn strength(&self, spectrum: &[f32]) -> f32 {
        let mut weights = &self.weights[..];
        let mut sum = 0.0;
        for bins in &self.bins {
            let (these, rest) = weights.split_at(bins.len());
            sum += dot(&spectrum[bins.clone()], these);
            weights = rest;
        }
        sum
    }
}

/// Splits the candidates into `count` runs of about equal work.
fn shares(combs: &[Teeth], count: usize) -> Box<[Range<usize>]> {
    let all: usize = combs.iter().map(|comb| comb.weights.len()).sum();
    let (mut done, mut from) = (0, 0);
    let mut shares = Vec::new();
    for (k, comb) in combs.iter().enumerate() {
        done += comb.weights.len();
        if done * count >= all * (shares.len() + 1) || k + 1 == combs.len() {
            shares.push(from..k + 1);
            from = k + 1;
        }
    }
    shares.into()
}

/// Eight sums side by side, so that the processor can.
fn dot(a: &[f32], b: &[f32]) -> f32 {
    let mut sums = [0.0_f32; 8];
    let ((whole_a, rest_a), (whole_b, rest_b)) = (a.as_chunks::<8>(), b.as_chunks::<8>());
    for (a, b) in whole_a.iter().zip(whole_b) {
        for ((sum, a), b) in sums.iter_mut().zip(a).zip(b) {
            *sum += a * b;
        }
    }
    sums.iter().sum::<f32>() + rest_a.iter().zip(rest_b).map(|(a, b)| a * b).sum::<f32>()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_best_comb_is_that_of_the_pitch_and_not_of_its_octaves() {
        let clock = Clock::new(16_000.0);
        for hz in [98.0, 220.0, 440.0, 880.0, 1_500.0] {
            let mut comb = Comb::new(16_000.0, clock.hop(), clock);
            let periodicity = Periodicity::new(16_000.0, clock.hop());
            for start in (0..4_800).step_by(clock.hop()) {
                let sample = |k: usize| {
                    let turns = 2.0 * PI * hz * (start + k) as f64 / 16_000.0;
                    ((1..20).filter(|n| f64::from(*n) * hz < 7_000.0))
                        .map(|n| (turns * f64::from(n)).sin() / f64::from(n))
                        .sum::<f64>() as f32
                };
                comb.process(&(0..clock.hop()).map(sample).collect::<Vec<_>>(), &periodicity);
            }
            let heard_hz = 16_000.0 / f64::from(comb.lag());
            assert!((1200.0 * (heard_hz / hz).log2()).abs() < 25.0, "{heard_hz} Hz for {hz} Hz");
            assert!(comb.strength() > 0.35, "{hz} Hz: {}", comb.strength());
        }
    }
}
