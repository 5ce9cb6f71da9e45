//! How alike the sound is to itself one lag ago: a normalised square difference (NSDF; McLeod & Wyvill, ICMC 2005) over
//! two backward windows that slide with the hop and end at now, so that it is late by about half a window.

use std::ops::Range;

/// Lowest pitch heard, Hz.
pub const PITCH_MIN_HZ: f64 = 55.0;

/// Highest pitch heard, Hz.
pub const PITCH_MAX_HZ: f64 = 2_300.0;

/// Room beyond the limits, so that a pitch at the limit still shows as a peak.
const MARGIN: f64 = 1.04;

/// Shortest windows, s. The pair was measured to give 5 ms of delay with the steadiness of the longer one.
const SHORT_S: f64 = 0.006;
const LONG_S: f64 = 0.010;

/// Lags that a window holds at least: with less than a lag a low pitch is known a quarter of a period sooner; from 0.6
/// to 1 all is heard as well.
const SHORT_LAGS: f64 = 0.75;
const LONG_LAGS: f64 = 1.5;

/// Weight of the short window, the long one has the rest: before and at the beginning of a pitch, for speed, and once it
/// has sounded for so long, s, for steadiness.
const YOUNG_WEIGHT: f32 = 0.8;
const STEADY_WEIGHT: f32 = 0.4;
const STEADY_S: f64 = 0.02;

/// Half the length of the sinc that reads between lags.
const READ_HALF: usize = 4;

/// Energy under which a window counts as silent, full scale 1 squared and summed: -90 dBFS for some ms.
const SILENT_ENERGY: f32 = 1e-7;

/// Sums of x[t]·x[t-lag] over a window that depends on the lag, kept by adding the newest hop and taking away the very
/// numbers that were added when the oldest came in.
struct Sliding {
    /// Runs of lags that share a window, with its length in hops.
    runs: Vec<(Range<usize>, usize)>,
    sums: Box<[f64]>,
    /// Length of each lag's window, samples.
    lengths: Box<[usize]>,
}

impl Sliding {
    fn new(lags: usize, hop: usize, window: impl Fn(usize) -> f64) -> Self {
        let hops = |lag: usize| ((window(lag) / hop as f64).round() as usize).max(1);
        let mut runs: Vec<(Range<usize>, usize)> = Vec::new();
        for lag in 0..lags {
            match runs.last_mut() {
                Some((run, length)) if *length == hops(lag) => run.end = lag + 1,
                _ => runs.push((lag..lag + 1, hops(lag))),
            }
        }
        Self { runs, sums: vec![0.0; lags].into(), lengths: (0..lags).map(|lag| hops(lag) * hop).collect() }
    }

    fn longest_hops(&self) -> usize {
        self.runs.iter().map(|(_, hops)| *hops).max().unwrap_or(1)
    }

    fn slide(&mut self, partials: &[f32], newest: usize) {
        let lags = self.sums.len();
        let slots = partials.len() / lags;
        let new = &partials[newest * lags..][..lags];
        for (run, hops) in &self.runs {
            let slot = (newest + slots - hops) % slots;
            let old = &partials[slot * lags..][..lags];
            for ((sum, &new), &old) in self.sums[run.clone()].iter_mut().zip(&new[run.clone()]).zip(&old[run.clone()]) {
                *sum += f64::from(new) - f64::from(old);
            }
        }
    }

    /// Adds this window's NSDF; `energy[k]` is the energy of the newest `k` samples.
    fn add_nsdf(&self, weight: f32, energy: &[f32], nsdf: &mut [f32]) {
        for (run, _) in &self.runs {
            let length = self.lengths[run.start];
            let now = energy[length];
            let (then, until) = (&energy[run.clone()], &energy[run.start + length..]);
            let sums = &self.sums[run.clone()];
            for (((place, &sum), &from), &to) in nsdf[run.clone()].iter_mut().zip(sums).zip(then).zip(until) {
                *place += weight * 2.0 * sum as f32 / (now + (to - from) + SILENT_ENERGY);
            }
        }
    }
}

/// The sliding NSDF.
pub struct Periodicity {
    rate_hz: f64,
    hop: usize,
    /// Newest sample first, so that lags ascend.
    history: Box<[f32]>,
    /// Energy of the newest k samples.
    energy: Box<[f32]>,
    /// Ring of [hop][lag] sums of products.
    partials: Box<[f32]>,
    newest: usize,
    short: Sliding,
    long: Sliding,
    nsdf: Box<[f32]>,
    /// Weight of the short window now.
    short_weight: f32,
}

impl Periodicity {
    /// For hops of `hop` samples at `rate_hz`.
    pub fn new(rate_hz: f64, hop: usize) -> Self {
        let lags = (rate_hz / PITCH_MIN_HZ * MARGIN).ceil() as usize + 1 + READ_HALF;
        let short = Sliding::new(lags, hop, |lag| (SHORT_S * rate_hz).max(SHORT_LAGS * lag as f64));
        let long = Sliding::new(lags, hop, |lag| (LONG_S * rate_hz).max(LONG_LAGS * lag as f64));
        let slots = long.longest_hops() + 1;
        let samples = long.longest_hops() * hop + lags + hop;
        Self {
            rate_hz,
            hop,
            history: vec![0.0; samples].into(),
            energy: vec![0.0; samples + 1].into(),
            partials: vec![0.0; slots * lags].into(),
            newest: 0,
            short,
            long,
            nsdf: vec![0.0; lags].into(),
            short_weight: YOUNG_WEIGHT,
        }
    }

    /// Back to the state after `new`.
    pub fn reset(&mut self) {
        self.history.fill(0.0);
        self.partials.fill(0.0);
        self.short.sums.fill(0.0);
        self.long.sums.fill(0.0);
        self.nsdf.fill(0.0);
        self.newest = 0;
        self.short_weight = YOUNG_WEIGHT;
    }

    /// Lags between which a peak can be a pitch, samples.
    pub fn lag_range(&self) -> Range<usize> {
        let shortest = (self.rate_hz / PITCH_MAX_HZ / MARGIN).floor() as usize;
        shortest.max(2)..self.nsdf.len() - READ_HALF
    }

    /// Samples a second, Hz.
    pub fn rate_hz(&self) -> f64 {
        self.rate_hz
    }

    /// NSDF by lag, -1 to 1.
    pub fn nsdf(&self) -> &[f32] {
        &self.nsdf
    }

    /// Takes in one hop; `voiced` is whether a pitch sounded in the one before.
    pub fn process(&mut self, samples: &[f32], voiced: bool) {
        self.history.copy_within(..self.history.len() - self.hop, self.hop);
        for (place, &sample) in self.history.iter_mut().zip(samples.iter().rev()) {
            *place = sample;
        }
        let lags = self.nsdf.len();
        self.newest = (self.newest + 1) % (self.partials.len() / lags);
        let partial = &mut self.partials[self.newest * lags..][..lags];
        correlate(&self.history, self.hop, partial);
        self.short.slide(&self.partials, self.newest);
        self.long.slide(&self.partials, self.newest);
        self.measure_energy();
        let step = (self.hop as f64 / self.rate_hz / STEADY_S) as f32 * (YOUNG_WEIGHT - STEADY_WEIGHT);
        self.short_weight = if voiced { (self.short_weight - step).max(STEADY_WEIGHT) } else { YOUNG_WEIGHT };
        self.nsdf.fill(0.0);
        self.short.add_nsdf(self.short_weight, &self.energy, &mut self.nsdf);
        self.long.add_nsdf(1.0 - self.short_weight, &self.energy, &mut self.nsdf);
    }

    fn measure_energy(&mut self) {
        let mut sum = 0.0_f64;
        for (place, &sample) in self.energy[1..].iter_mut().zip(&self.history) {
            sum += f64::from(sample) * f64::from(sample);
            *place = sum as f32;
        }
        if sum == 0.0 {
            self.short.sums.fill(0.0);
            self.long.sums.fill(0.0);
        }
    }

    /// The NSDF between lags, by a windowed sinc: it has no more bandwidth than the sound.
    pub fn between(&self, lag: f32) -> f32 {
        let base = lag.floor();
        let part = lag - base;
        let first = base as usize + 1 - READ_HALF.min(base as usize + 1);
        let last = (base as usize + READ_HALF).min(self.nsdf.len() - 1);
        if part < 1e-4 {
            return self.nsdf[(base as usize).min(last)];
        }
        let sine = (std::f32::consts::PI * part).sin() / std::f32::consts::PI;
        let (mut sum, mut weights) = (0.0, 0.0);
        for (k, &value) in self.nsdf.iter().enumerate().take(last + 1).skip(first) {
            let x = lag - k as f32;
            let u = x / (READ_HALF as f32 + 0.5);
            let window = (1.0 - u * u) * (1.0 - u * u);
            let sign = if (base as i64 - k as i64) % 2 == 0 { 1.0 } else { -1.0 };
            let weight = sign * sine / x * window;
            sum += weight * value;
            weights += weight;
        }
        sum / weights
    }
}

/// Lags whose sums stay in registers together.
const BESIDE: usize = 16;

/// Sets `sums[lag]` to the products of the newest `hop` samples with those `lag` before; `newest_first` is the sound.
fn correlate(newest_first: &[f32], hop: usize, sums: &mut [f32]) {
    let (blocks, rest) = sums.as_chunks_mut::<BESIDE>();
    let from = blocks.len() * BESIDE;
    for (block, sums) in blocks.iter_mut().enumerate() {
        let then = newest_first[block * BESIDE..][..hop + BESIDE - 1].array_windows::<BESIDE>();
        let mut beside = [0.0_f32; BESIDE];
        for (now, then) in newest_first[..hop].iter().zip(then) {
            for (sum, then) in beside.iter_mut().zip(then) {
                *sum += now * then;
            }
        }
        *sums = beside;
    }
    for (lag, sum) in (from..).zip(rest) {
        *sum = newest_first[..hop].iter().zip(&newest_first[lag..]).map(|(now, then)| now * then).sum();
    }
}
