//! The filter of the pulse: a joint probability of the beat's period, the metre and the place in the bar, moved on by
//! every time from onset to onset.
//!
//! In the manner of the tempo trackers of Cemgil et al. (2000) and Raphael (2001): the period wanders a little, the next
//! onset falls on a place by the chances of [`super::rhythm`], and it is heard with an error of some milliseconds. One
//! onset is worked in over some dozens of hops, a few periods each, so that no hop costs more than another.

use super::rhythm::{HALF_BEATS, LONGEST_STEP, PLACES_PER_BEAT, Rhythm, place_in_beat};
use arrayvec::ArrayVec;

/// Periods of the beat that are reckoned with: 84 from 40 to 207 beats a minute, 2 % apart.
pub const PERIODS: usize = 84;
const SLOWEST_BPM: f32 = 40.0;
const PERIOD_RATIO: f32 = 1.02;

/// Periods worked on in one hop.
const PERIODS_PER_HOP: usize = 2;

/// Middle and spread of the tempo at the outset: sung songs have 79-184, median 124 (CoCoPops-Billboard); the middle lies
/// a little lower since clients are accompanied more often at rest than in a hurry.
const TEMPO_MEDIAN_BPM: f32 = 118.0;
const TEMPO_SPREAD: f32 = 0.22;

/// Error of an onset as it is played and heard, s: players 15 ms, ears some more.
const ONSET_ERROR_S: f32 = 0.022;

/// How a client keeps time.
#[derive(Clone, Copy, Debug)]
pub struct Feel {
    /// Error of a time between onsets that grows with it, as a share.
    step_error: f32,
    /// Wandering of the period over half a second, as a share: mostly little, seldom much.
    wandering: [f32; 2],
    /// Share of an onset's error by which the beat is moved.
    pub phase_correction: f64,
    /// Share of the way from the period that is held on to towards the likeliest one that an onset takes it.
    pub period_correction: f64,
    /// The same for what lies beyond a little, if it is slower: a ritardando.
    pub slowing_correction: f64,
    /// How many times as probable another tempo must be to be believed instead.
    pub tempo_far_better: f32,
    /// The same for another phase.
    pub phase_far_better: f32,
}

/// In time: players keep long notes no better than short ones, and a ritardando of 30 % over eight beats is 4.5 % a beat.
/// The phase is corrected by 0.25 to 0.5 of an error (Vorberg and Wing 1996), and nobody changes her mind about the beat at
/// every syncopation.
pub const IN_TIME: Feel = Feel {
    step_error: 0.02,
    wandering: [0.025, 0.08],
    phase_correction: 0.35,
    period_correction: 1.0,
    slowing_correction: 1.0,
    tempo_far_better: 4.0,
    phase_far_better: 2.0,
};

/// In rubato: each time between onsets is a tenth longer or shorter, about a tempo that wanders little. What one note
/// lingers all later ones come late, so the beat goes with the onset. The period goes a tenth of the way only: a piece has
/// one tempo, and over ten onsets the deviations of a tenth even out; what gets much slower is a ritardando.
pub const RUBATO: Feel = Feel {
    step_error: 0.1,
    wandering: [0.02, 0.06],
    phase_correction: 0.8,
    period_correction: 0.1,
    slowing_correction: 0.8,
    tempo_far_better: 2.0,
    phase_far_better: 1.3,
};

/// How often the period wanders much, and the seconds over which it does.
const WANDERING_MUCH: f32 = 0.2;
const WANDERING_PER_S: f32 = 0.5;

/// Seconds beyond which the error of a time between onsets grows no more: over long notes rubato evens itself out.
const STEP_ERROR_LIMIT_S: f32 = 1.0;

/// Farthest wandering, periods to either side.
const REACH: usize = 8;

/// Spread of the times from onset to onset in free playing, as a logarithm: the alternative to a pulse.
const FREE_SPREAD: f32 = 0.6;

/// Times from onset to onset that the free alternative's middle is taken from.
const FREE_STEPS: usize = 16;

/// What is remembered of the evidence from one onset to the next: a memory of some 20 onsets.
const EVIDENCE_MEMORY: f32 = 0.95;

/// Evidence that one onset can give, as a logarithm: a single slip proves nothing.
const EVIDENCE_LIMIT: f32 = 3.0;

/// Standard errors beyond which a place is out of reach.
const OUT_OF_REACH: f32 = 4.0;

/// Probabilities below this are nothing; it also keeps numbers from getting too small to be computed with at full speed.
const NEGLIGIBLE: f32 = 1e-18;

/// The filter.
pub struct Filter {
    feel: Feel,
    rhythms: Vec<Rhythm>,
    /// Places of all rhythms together.
    places: usize,
    /// Probability of each period and place, `[period * places + place]`, times `scale`.
    now: Box<[f32]>,
    /// What `now` will be.
    next: Box<[f32]>,
    scale: f32,
    /// Probability of each period.
    periods: [f32; PERIODS],
    work: Option<Work>,
    /// The last times from onset to onset, s.
    steps_s: ArrayVec<f32, FREE_STEPS>,
    /// Leaky sum of the evidence for a pulse, and of ones.
    evidence: [f32; 2],
    moved: Box<[f32]>,
}

/// An onset that is being worked in.
struct Work {
    step_s: f32,
    period: usize,
    wandering: [f32; 2 * REACH + 1],
    total: f32,
}

impl Filter {
    /// Nothing heard yet, from a client who keeps time like `feel`.
    pub fn new(feel: Feel) -> Self {
        let rhythms = Rhythm::all();
        let places = rhythms.iter().map(|rhythm| rhythm.places).sum();
        let table = || vec![0.0; PERIODS * places].into_boxed_slice();
        let (now, next, moved) = (table(), table(), vec![0.0; places].into_boxed_slice());
        let (periods, steps_s) = ([0.0; PERIODS], ArrayVec::new());
        let mut filter = Self {
            feel,
            rhythms,
            places,
            now,
            next,
            scale: 1.0,
            periods,
            work: None,
            steps_s,
            evidence: [0.0; 2],
            moved,
        };
        filter.reset();
        filter
    }

    /// Back to the state after `new`.
    pub fn reset(&mut self) {
        let z = |period: usize| (period_s(period) * TEMPO_MEDIAN_BPM / 60.0).ln() / TEMPO_SPREAD;
        self.periods = std::array::from_fn(|period| (-0.5 * z(period).powi(2)).exp());
        let sum: f32 = self.periods.iter().sum();
        self.periods.iter_mut().for_each(|chance| *chance /= sum);
        self.place_anew();
        self.work = None;
        self.steps_s.clear();
        self.evidence = [0.0; 2];
    }

    /// Whether an onset is still being worked in.
    pub fn is_busy(&self) -> bool {
        self.work.is_some()
    }

    /// Begins to work in an onset `step_s` after the one before.
    pub fn begin(&mut self, step_s: f32) {
        let grows = (step_s / WANDERING_PER_S).clamp(0.25, 8.0).sqrt();
        let bell = |spread: f32| {
            let at = |i: usize| ((i as f32 - REACH as f32) * PERIOD_RATIO.ln() / (spread * grows)).powi(2);
            let bell: [f32; 2 * REACH + 1] = std::array::from_fn(|i| (-0.5 * at(i)).exp());
            let sum: f32 = bell.iter().sum();
            bell.map(|value| value / sum)
        };
        let (little, much) = (bell(self.feel.wandering[0]), bell(self.feel.wandering[1]));
        let wandering =
            std::array::from_fn(|i| ((1.0 - WANDERING_MUCH) * little[i] + WANDERING_MUCH * much[i]) / self.scale);
        self.work = Some(Work { step_s, period: 0, wandering, total: 0.0 });
    }

    /// Goes on with the work; true when the onset is worked in.
    pub fn go_on(&mut self) -> bool {
        let Some(mut work) = self.work.take() else { return false };
        for _ in 0..PERIODS_PER_HOP.min(PERIODS - work.period) {
            self.work_on(&mut work);
            work.period += 1;
        }
        if work.period < PERIODS {
            self.work = Some(work);
            return false;
        }
        self.weigh(work.step_s, work.total);
        if work.total > f32::MIN_POSITIVE * 1e6 {
            std::mem::swap(&mut self.now, &mut self.next);
            self.scale = work.total;
            self.periods.iter_mut().for_each(|chance| *chance /= work.total);
        } else {
            // Out of every reach, after a long rest: the tempo is remembered, the place is not.
            for period in 0..PERIODS {
                self.periods[period] = self.now[period * self.places..][..self.places].iter().sum::<f32>() / self.scale;
            }
            self.place_anew();
        }
        true
    }

    /// How the client is taken to keep time.
    pub fn feel(&self) -> &Feel {
        &self.feel
    }

    /// Probability of each period.
    pub fn periods(&self) -> &[f32; PERIODS] {
        &self.periods
    }

    /// Calls `each` with rhythm, place in the bar and probability for the periods in `range`; the probabilities sum to
    /// that of the range.
    pub fn each_place(&self, range: std::ops::Range<usize>, mut each: impl FnMut(&Rhythm, usize, f32)) {
        let mut first = 0;
        for rhythm in &self.rhythms {
            for place in 0..rhythm.places {
                let chance: f32 = range.clone().map(|period| self.now[period * self.places + first + place]).sum();
                each(rhythm, place, chance / self.scale);
            }
            first += rhythm.places;
        }
    }

    /// Mean evidence of the last onsets for a pulse against free playing, as a logarithm; and how many onsets that is.
    pub fn evidence(&self) -> (f32, f32) {
        (self.evidence[0] / self.evidence[1].max(1.0), self.evidence[1])
    }

    /// All places as at the outset, the periods as they are.
    fn place_anew(&mut self) {
        for (period, row) in self.now.chunks_exact_mut(self.places).enumerate() {
            let mut row = row.iter_mut();
            for rhythm in &self.rhythms {
                for (share, place) in rhythm.at_first.iter().zip(row.by_ref()) {
                    *place = self.periods[period] * rhythm.chance * share;
                }
            }
        }
        self.scale = 1.0;
    }

    /// Works out one period of `next`.
    fn work_on(&mut self, work: &mut Work) {
        let (places, period) = (self.places, work.period);
        self.moved.fill(0.0);
        for (i, weight) in work.wandering.iter().enumerate() {
            let Some(from) = (period + i).checked_sub(REACH).filter(|from| *from < PERIODS) else { continue };
            let row = &self.now[from * places..][..places];
            self.moved.iter_mut().zip(row).for_each(|(moved, chance)| *moved += weight * chance);
        }
        let next = &mut self.next[period * places..][..places];
        next.fill(0.0);
        let likely = Likely::new(self.feel.step_error, work.step_s, period_s(period));
        let mut first = 0;
        for rhythm in &self.rhythms {
            let (moved, next) = (&self.moved[first..][..rhythm.places], &mut next[first..][..rhythm.places]);
            for (place, &chance) in moved.iter().enumerate().filter(|(_, chance)| **chance > NEGLIGIBLE) {
                for &(step, density) in &likely.steps[rhythm.swing][place % PLACES_PER_BEAT] {
                    let goes = rhythm.steps[place * (LONGEST_STEP + 1) + step];
                    next[(place + step) % rhythm.places] += chance * goes * density;
                }
            }
            first += rhythm.places;
        }
        let sum: f32 = next.iter().sum();
        self.periods[period] = sum;
        work.total += sum;
    }

    /// Adds the evidence of a step that the pulse gave the density `pulsed`.
    fn weigh(&mut self, step_s: f32, pulsed: f32) {
        let mut sorted = self.steps_s.clone();
        sorted.sort_unstable_by(f32::total_cmp);
        let middle = sorted.get(sorted.len() / 2).copied().unwrap_or(step_s);
        let z = (step_s / middle).ln() / FREE_SPREAD;
        let free = (-0.5 * z * z).exp() / (step_s * FREE_SPREAD * std::f32::consts::TAU.sqrt());
        let evidence = ((pulsed + 1e-9) / (free + 1e-9)).ln().clamp(-EVIDENCE_LIMIT, EVIDENCE_LIMIT);
        self.evidence = [self.evidence[0] * EVIDENCE_MEMORY + evidence, self.evidence[1] * EVIDENCE_MEMORY + 1.0];
        if self.steps_s.is_full() {
            self.steps_s.remove(0);
        }
        self.steps_s.push(step_s);
    }
}

/// Most steps that a time between onsets can be at one period: the error is a third of a beat at most.
const LIKELY_STEPS: usize = 16;

/// The steps that a time between onsets can be, with the density of the error, by swing and place in the beat.
struct Likely {
    steps: [[ArrayVec<(usize, f32), LIKELY_STEPS>; PLACES_PER_BEAT]; HALF_BEATS.len()],
}

impl Likely {
    fn new(step_error: f32, step_s: f32, period_s: f32) -> Self {
        let growing_s = step_error * step_s.min(STEP_ERROR_LIMIT_S);
        let variance = 2.0 * ONSET_ERROR_S.powi(2) + growing_s.powi(2);
        let (error_s, peak) = (variance.sqrt(), 1.0 / (std::f32::consts::TAU * variance).sqrt());
        let middle = (step_s / period_s * PLACES_PER_BEAT as f32).round() as usize;
        let around = (OUT_OF_REACH * error_s / period_s * PLACES_PER_BEAT as f32) as usize + 1;
        let likely = |swing: usize, from: usize| {
            let places = place_in_beat(swing);
            let at = |place: usize| (place / PLACES_PER_BEAT) as f32 + places[place % PLACES_PER_BEAT];
            let mut steps = ArrayVec::new();
            for step in middle.saturating_sub(around).max(1)..=(middle + around).min(LONGEST_STEP) {
                let z = (step_s - (at(from + step) - at(from)) * period_s) / error_s;
                if z.abs() < OUT_OF_REACH {
                    let _ = steps.try_push((step, peak * (-0.5 * z * z).exp()));
                }
            }
            steps
        };
        Self { steps: std::array::from_fn(|swing| std::array::from_fn(|from| likely(swing, from))) }
    }
}

/// The period of an index, s.
pub fn period_s(index: usize) -> f32 {
    60.0 / (SLOWEST_BPM * PERIOD_RATIO.powi(index as i32))
}

/// The index of the nearest period.
pub fn period_index(period_s: f32) -> usize {
    let index = (60.0 / (SLOWEST_BPM * period_s)).ln() / PERIOD_RATIO.ln();
    (index.round().max(0.0) as usize).min(PERIODS - 1)
}
