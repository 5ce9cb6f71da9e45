//! The filter of the pulse: a joint probability of the beat's period and phase, the metre and the place in the bar, moved
//! on by every time from onset to onset.
//!
//! In the manner of the tempo trackers of Cemgil et al. (2000) and Raphael (2001): the period wanders a little, the next
//! onset falls on a place by the chances of [`super::rhythm`], and it is heard with an error of some milliseconds. Phase,
//! period and its slowing are those of a Kalman filter for each place in the beat and each 2 % of tempo ([`super::cell`]),
//! which are all followed at once. One onset is worked in over some dozens of hops at most, a few cells each, so that no
//! hop costs more than another.

use super::cell::{BEATS, Belief, Cell, Step};
use super::rhythm::{HALF_BEATS, LONGEST_STEP, PLACES_PER_BEAT, Rhythm, place_in_beat};
use arrayvec::ArrayVec;

/// Periods of the beat that are reckoned with: 84 from 40 to 207 beats a minute, 2 % apart.
pub const PERIODS: usize = 84;
const SLOWEST_BPM: f32 = 40.0;
const PERIOD_RATIO: f32 = 1.02;

/// A cell for each swing, place in the beat and period.
const CELLS: usize = HALF_BEATS.len() * PLACES_PER_BEAT * PERIODS;

/// Cells worked on in one hop.
const CELLS_PER_HOP: usize = 10;

/// Middle and spread of the tempo at the outset: sung songs have 79-184, median 124 (CoCoPops-Billboard); the middle lies
/// a little lower since clients are accompanied more often at rest than in a hurry.
const TEMPO_MEDIAN_BPM: f32 = 118.0;
const TEMPO_SPREAD: f32 = 0.22;

/// Error of an onset as it is played and heard, s: players 15 ms, ears 10 ms more.
const ONSET_ERROR_S: f64 = 0.018;

/// How a client keeps time.
#[derive(Clone, Copy, Debug)]
pub struct Feel {
    /// Error of a time between onsets that grows with it, as a share; all that follows comes as much later or earlier.
    step_error: f64,
    /// Seconds beyond which that error grows no more.
    step_error_limit_s: f64,
    /// Wandering of the period over half a second, as a share: mostly little, seldom much.
    wandering: [f64; 2],
    /// Change of the slowing over half a second, as a share of the period a beat: mostly little, seldom much.
    turning: [f64; 2],
    /// Share of the way from the beat that is held on to towards the believed one that an onset takes it.
    pub phase_correction: f64,
    /// The same for the period.
    pub period_correction: f64,
    /// The same for what lies beyond a little: slower it is a ritardando, faster the way back from what was taken for one.
    pub beyond_correction: [f64; 2],
    /// How many times as probable another tempo must be to be believed instead.
    pub tempo_far_better: f32,
    /// The same for another phase.
    pub phase_far_better: f32,
}

/// In time: players keep long notes no better than short ones. Mostly the period wanders little, so that steady lines have a
/// steady beat; a ritardando of 30 % over eight beats is 4.5 % a beat, begins at once and goes on, also where she rests. Of
/// what is believed the beat takes half of the phase with an onset (0.25 to 0.5 of an error, Vorberg and Wing 1996) and a
/// quarter of a little change of period, all of a greater one; and nobody changes her mind about the beat at every
/// syncopation.
pub const IN_TIME: Feel = Feel {
    step_error: 0.02,
    step_error_limit_s: 1.0,
    wandering: [0.015, 0.05],
    turning: [0.0, 0.02],
    phase_correction: 0.5,
    period_correction: 0.25,
    beyond_correction: [1.0, 1.0],
    tempo_far_better: 4.0,
    phase_far_better: 2.0,
};

/// In rubato: each time between onsets is an eighth longer or shorter, about a tempo that wanders little. What one note
/// lingers all later ones come late, so the beat goes with the onset. The period goes a tenth of the way only: a piece has
/// one tempo, and over ten onsets or a rest the deviations even out; what gets much slower is a ritardando.
pub const RUBATO: Feel = Feel {
    step_error: 0.12,
    step_error_limit_s: 2.0,
    wandering: [0.01, 0.03],
    turning: [0.0, 0.0],
    phase_correction: 0.8,
    period_correction: 0.1,
    beyond_correction: [0.8, 0.1],
    tempo_far_better: 2.0,
    phase_far_better: 1.3,
};

/// How often the period wanders much, and the seconds over which it does.
const WANDERING_MUCH: f64 = 0.25;
const WANDERING_PER_S: f64 = 0.5;

/// Beats in which a slowing that has begun fades to a third: ritardandi take eight and more.
const SLOWS_OVER_BEATS: f64 = 8.0;

/// A rest is taken for a slowing that has begun within it as if it lasted so many times [`WANDERING_PER_S`] at most: mostly
/// it is a breath, after which she comes in where she likes.
const TURNING_MOST: f64 = 3.0;

/// Spread of the period within a cell at the outset, as a share: half of what lies between two cells.
const PERIOD_ERROR: f64 = 0.01;

/// Quarters of a beat to either side that a step may be taken for: more than any error that is within reach.
const STEPS_AROUND: usize = 5;

/// Spread of the times from onset to onset in free playing, as a logarithm: the alternative to a pulse.
const FREE_SPREAD: f32 = 0.6;

/// Steps that this is worth against those that were heard.
const FREE_KNOWN: f32 = 4.0;

/// Share of the steps of free playing that are rests or flourishes, and their spread.
const RESTS: f32 = 0.1;
const REST_SPREAD: f32 = 1.2;

/// Times from onset to onset that the free alternative's middle is taken from.
const FREE_STEPS: usize = 16;

/// Onsets that the evidence is remembered over, and so what is remembered of it from one onset to the next.
pub const EVIDENCE_ONSETS: f32 = 20.0;
const EVIDENCE_MEMORY: f32 = 1.0 - 1.0 / EVIDENCE_ONSETS;

/// Evidence that one onset can give, as a logarithm: a single slip proves nothing.
const EVIDENCE_LIMIT: f32 = 3.0;

/// Share of the whole below which a cell is given up: it would take six onsets, each ten times as likely, to come back.
const GIVEN_UP: f32 = 1e-6;

/// Density below which a step is out of every reach.
const NEGLIGIBLE: f32 = 1e-25;

/// The filter.
pub struct Filter {
    feel: Feel,
    rhythms: Vec<Rhythm>,
    now: Cells,
    /// What `now` will be.
    next: Cells,
    /// Probability of each period.
    periods: [f32; PERIODS],
    work: Option<Work>,
    /// The last times from onset to onset, s.
    steps_s: ArrayVec<f32, FREE_STEPS>,
    /// Leaky sum of the evidence for a pulse, and of ones.
    evidence: [f32; 2],
}

/// Cells, most of them empty.
struct Cells {
    all: Box<[Cell]>,
    /// Those that are not, in the order in which they came.
    used: Vec<Place>,
}

/// Where a cell is.
#[derive(Clone, Copy, Debug)]
pub struct Place {
    /// Index of [`HALF_BEATS`].
    pub swing: usize,
    /// Quarter of the beat.
    pub quarter: usize,
    /// Index of the period.
    pub period: usize,
}

impl Place {
    fn index(self) -> usize {
        (self.swing * PLACES_PER_BEAT + self.quarter) * PERIODS + self.period
    }
}

impl Cells {
    fn new() -> Self {
        Self { all: vec![Cell::default(); CELLS].into(), used: Vec::with_capacity(CELLS) }
    }

    fn at(&mut self, place: Place) -> &mut Cell {
        let cell = &mut self.all[place.index()];
        if cell.sum == 0.0 {
            self.used.push(place);
        }
        cell
    }

    fn clear(&mut self) {
        for place in self.used.drain(..) {
            self.all[place.index()] = Cell::default();
        }
    }

    fn iter(&self) -> impl Iterator<Item = (Place, &Cell)> {
        self.used.iter().map(|place| (*place, &self.all[place.index()]))
    }
}

/// An onset that is being worked in.
struct Work {
    step_s: f64,
    done: usize,
}

impl Filter {
    /// Nothing heard yet, from a client who keeps time like `feel`.
    pub fn new(feel: Feel) -> Self {
        let mut filter = Self {
            feel,
            rhythms: Rhythm::all(),
            now: Cells::new(),
            next: Cells::new(),
            periods: [0.0; PERIODS],
            work: None,
            steps_s: ArrayVec::new(),
            evidence: [0.0; 2],
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
        self.next.clear();
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
        self.work = Some(Work { step_s: f64::from(step_s), done: 0 });
    }

    /// Goes on with the work, if there is any.
    pub fn go_on(&mut self) {
        let Some(mut work) = self.work.take() else { return };
        let end = (work.done + CELLS_PER_HOP).min(self.now.used.len());
        for used in work.done..end {
            self.spread(self.now.used[used], work.step_s);
        }
        work.done = end;
        if end < self.now.used.len() {
            self.work = Some(work);
            return;
        }
        let total: f32 = self.next.iter().map(|(_, cell)| cell.sum).sum();
        self.weigh(work.step_s as f32, total);
        if total > NEGLIGIBLE {
            self.now.clear();
            self.periods.fill(0.0);
            for (place, cell) in self.next.iter().filter(|(_, cell)| cell.sum > GIVEN_UP * total) {
                let cell = cell.settled(total);
                self.periods[place.period] += cell.sum;
                *self.now.at(place) = cell;
            }
        } else {
            // Out of every reach, after a long rest: the tempo is remembered, the place is not.
            self.place_anew();
        }
        self.next.clear();
    }

    /// How the client is taken to keep time.
    pub fn feel(&self) -> &Feel {
        &self.feel
    }

    /// Probability of each period.
    pub fn periods(&self) -> &[f32; PERIODS] {
        &self.periods
    }

    /// The cells that are not empty.
    pub fn cells(&self) -> impl Iterator<Item = (Place, &Cell)> {
        self.now.iter()
    }

    /// Calls `each` with rhythm, place in the bar and probability for the periods in `range`; the probabilities sum to
    /// that of the range.
    pub fn each_place(&self, range: std::ops::Range<usize>, mut each: impl FnMut(&Rhythm, usize, f32)) {
        for (place, cell) in self.cells().filter(|(place, _)| range.contains(&place.period)) {
            let mut chances = cell.beats.iter();
            for rhythm in of(&self.rhythms, place.swing) {
                for (beat, chance) in (0..rhythm.places / PLACES_PER_BEAT).zip(chances.by_ref()) {
                    each(rhythm, beat * PLACES_PER_BEAT + place.quarter, *chance);
                }
            }
        }
    }

    /// Mean evidence of the last onsets for a pulse against free playing, as a logarithm; and how many onsets that is.
    pub fn evidence(&self) -> (f32, f32) {
        (self.evidence[0] / self.evidence[1].max(1.0), self.evidence[1])
    }

    /// All places as at the outset, the periods as they are.
    fn place_anew(&mut self) {
        self.now.clear();
        for place in (0..CELLS).map(|cell| Place {
            swing: cell / PERIODS / PLACES_PER_BEAT,
            quarter: cell / PERIODS % PLACES_PER_BEAT,
            period: cell % PERIODS,
        }) {
            let tempo = self.periods[place.period];
            if tempo < GIVEN_UP {
                continue;
            }
            let mut beats = [0.0; BEATS];
            let chances = of(&self.rhythms, place.swing).flat_map(|rhythm| {
                let at_first = rhythm.at_first.iter().skip(place.quarter).step_by(PLACES_PER_BEAT);
                at_first.map(|chance| tempo * rhythm.chance * chance)
            });
            beats.iter_mut().zip(chances).for_each(|(beat, chance)| *beat = chance);
            let period_s = f64::from(period_s(place.period));
            let variance = [ONSET_ERROR_S.powi(2), 0.0, 0.0, (PERIOD_ERROR * period_s).powi(2), 0.0, 0.0];
            let belief = Belief { mean: [0.0, period_s, 0.0], variance };
            *self.now.at(place) = Cell { beats, sum: beats.iter().sum(), belief };
        }
    }

    /// Takes the step from one cell to all the cells it can lead to.
    fn spread(&mut self, from: Place, step_s: f64) {
        let cell = self.now.all[from.index()];
        let [error_s, period_s, _] = cell.belief.mean;
        let places = place_in_beat(from.swing);
        let at = |place: usize| (place / PLACES_PER_BEAT) as f64 + f64::from(places[place % PLACES_PER_BEAT]);
        let grows = (step_s / WANDERING_PER_S).clamp(0.25, 8.0);
        let variance = |share: f64, grows: f64| (share * period_s).powi(2) * grows;
        let lingering = (self.feel.step_error * step_s.min(self.feel.step_error_limit_s)).powi(2);
        let [little, much] = [0, 1].map(|kind| {
            [variance(self.feel.wandering[kind], grows), variance(self.feel.turning[kind], grows.min(TURNING_MOST))]
        });
        let onset = ONSET_ERROR_S.powi(2);
        let middle = ((step_s - error_s) / period_s * PLACES_PER_BEAT as f64).round() as usize;
        for step in middle.saturating_sub(STEPS_AROUND).max(1)..=(middle + STEPS_AROUND).min(LONGEST_STEP) {
            let to = from.quarter + step;
            let beats = at(to) - at(from.quarter);
            let goes_on = (-beats / SLOWS_OVER_BEATS).exp();
            for ([wandering, turning], share) in [(little, 1.0 - WANDERING_MUCH), (much, WANDERING_MUCH)] {
                let taken = Step { seconds: step_s, beats, wandering, turning, goes_on, lingering, onset };
                let Some((belief, density)) = cell.belief.after(&taken) else { continue };
                let Some(period) = period_index(belief.mean[1]) else { continue };
                let next = self.next.at(Place { quarter: to % PLACES_PER_BEAT, period, ..from });
                let density = (share * density) as f32;
                let (mut first, mut sum) = (0, 0.0);
                for rhythm in of(&self.rhythms, from.swing) {
                    let bar = rhythm.places / PLACES_PER_BEAT;
                    for beat in 0..bar {
                        let goes = rhythm.steps[(beat * PLACES_PER_BEAT + from.quarter) * (LONGEST_STEP + 1) + step];
                        let chance = cell.beats[first + beat] * goes * density;
                        next.beats[first + (beat + to / PLACES_PER_BEAT) % bar] += chance;
                        sum += chance;
                    }
                    first += bar;
                }
                // Never quite nothing, so that a cell that is used is known to be.
                next.gather(&belief, sum.max(f32::MIN_POSITIVE));
            }
        }
    }

    /// Adds the evidence of a step that the pulse gave the density `pulsed`.
    fn weigh(&mut self, step_s: f32, pulsed: f32) {
        let mut sorted = self.steps_s.clone();
        sorted.sort_unstable_by(f32::total_cmp);
        let middle = sorted.get(sorted.len() / 2).copied().unwrap_or(step_s);
        let squares: f32 = self.steps_s.iter().map(|before| (before / middle).ln().powi(2)).sum();
        let known = self.steps_s.len() as f32;
        let spread = ((squares + FREE_KNOWN * FREE_SPREAD * FREE_SPREAD) / (known + FREE_KNOWN)).sqrt();
        let log = (step_s / middle).ln();
        let normal =
            |spread: f32| (-0.5 * (log / spread).powi(2)).exp() / (step_s * spread * std::f32::consts::TAU.sqrt());
        let free = (1.0 - RESTS) * normal(spread) + RESTS * normal(REST_SPREAD);
        let evidence = ((pulsed + 1e-9) / (free + 1e-9)).ln().clamp(-EVIDENCE_LIMIT, EVIDENCE_LIMIT);
        self.evidence = [self.evidence[0] * EVIDENCE_MEMORY + evidence, self.evidence[1] * EVIDENCE_MEMORY + 1.0];
        if self.steps_s.is_full() {
            self.steps_s.remove(0);
        }
        self.steps_s.push(step_s);
    }
}

/// The rhythms of a swing.
fn of(rhythms: &[Rhythm], swing: usize) -> impl Iterator<Item = &Rhythm> {
    rhythms.iter().filter(move |rhythm| rhythm.swing == swing)
}

/// The period of an index, s.
pub fn period_s(index: usize) -> f32 {
    60.0 / (SLOWEST_BPM * PERIOD_RATIO.powi(index as i32))
}

/// The index of the nearest period; `None` for what is half a step and more beyond the slowest or fastest.
pub fn period_index(period_s: f64) -> Option<usize> {
    let index = (60.0 / (f64::from(SLOWEST_BPM) * period_s)).ln() / f64::from(PERIOD_RATIO).ln();
    (-0.5..PERIODS as f64 - 0.5).contains(&index).then(|| index.round() as usize)
}
