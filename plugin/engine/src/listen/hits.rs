//! When something was hit: octave bands that leap over all they held a moment before. A soft drum under ringing cymbals
//! leaps in its own bands, however loud the others are; what rings, hums or hisses on leaps nowhere.

use super::bank::{BANDS, Bank};
use super::heard::{Cause, Onset, OnsetKind};
use super::level::{Level, SILENCE_DB, decibels, mean_square, velocity};
use super::thump::{Spread, Verdict};
use crate::time::{Clock, SampleTime};

/// What a band must leap over lies in this span, s: two periods of the lowest ring, so that its swing is no leap, and
/// half the distance of a double hit. 30 to 38 ms do alike.
const SPAN_S: f64 = 0.033;

/// Each band is read over this span, s: low bands swing within their period, and narrow ones are uneven.
const SMOOTHING_S: [f64; BANDS] = [0.0044, 0.0029, 0.0029, 0.0015, 0.0015, 0.0015, 0.0015, 0.0015];

/// A band counts for what it leaps beyond this, dB; less is the unevenness of a noisy ring.
const LEAP_MIN_DB: f32 = 2.0;

/// The lowest band counts for no more than this, dB: what leaps there alone is a hand on the stand or a step on the floor.
const LOWEST_MAX_DB: f32 = 5.0;

/// All bands' leaps together make a hit, dB, and so many times more than they leap of themselves, in the mean over this
/// span, s: a clean ring does not leap at all, loud steady noise does so all the time. 3 dB and 8 times, over 0.5 to 0.7 s, do alike.
const TOGETHER_DB: f32 = 2.5;
const TIMES_UNEVEN: f32 = 10.0;
const UNEVEN_SPAN_S: f64 = 0.6;

/// Most that a moment adds to that mean, dB: hits are no unevenness.
const UNEVEN_MAX_DB: f32 = 5.0;

/// Within this of the gate, dB, more is asked for, dB a dB: breath and the room are soft and uneven.
const SOFT_DB: f32 = 20.0;
const PER_SOFT_DB: f32 = 0.5;

/// Leaps at which a hit is as clear as can be, dB: ten in each band.
const CLEAR_DB: f32 = 80.0;

/// Right after a hit another must leap this share as far, and less and less until so long after, s: what was hit
/// rattles and rings unevenly. Shares of 0.3 to 0.5 do alike.
const RATTLE_SHARE: f32 = 0.4;
const RATTLE_S: f64 = 0.1;

/// Mean square under which a band is silent, and how many times the band's floor is: room noise is uneven too.
const SILENT: f32 = 1e-8;
const FLOORS: f32 = 2.0;

/// Speeds at which a band's floor follows, dB/s, and where it starts, dBFS: as the room's floor.
const FLOOR_FALL_DB_PER_S: f64 = 200.0;
const FLOOR_RISE_DB_PER_S: f64 = 6.0;
const FLOOR_START_DB: f32 = -75.0;

/// Span of the level that the floor follows, s.
const FLOOR_SPAN_S: f64 = 0.02;

/// After a hit nothing is hit for so long, s: hits 60 ms apart stay two.
const DEAD_S: f64 = 0.04;

/// From the leap to the decision, s: the loudest hop of the first 3 ms is the peak that the velocity tells.
const PEAK_WAIT_S: f64 = 0.0015;

/// From the true beginning to the leap, s: the median over hand-labelled drums.
const DELAY_S: f64 = 0.0015;

/// Gate, dBFS, on the newest hop, and the distance from the room's floor that a hit keeps, dB.
const GATE_DB: f32 = -55.0;
const GATE_OVER_FLOOR_DB: f32 = 3.0;

/// A hit whose peak is awaited.
struct Awaited {
    leapt: SampleTime,
    loudest_db: f32,
    leap_db: f32,
    /// The most that each region had since the hop before the leap.
    most: Spread,
}

/// The detector of hits.
pub struct Hits {
    bank: Bank,
    /// Newest mean squares of each band, and the levels, dBFS, that a leap is measured from; both rings.
    newest: Box<[[f32; BANDS]]>,
    past: Box<[[f32; BANDS]]>,
    /// Levels of the hop before, which a hit may have begun in: no leap is measured from them yet.
    last_db: [f32; BANDS],
    count: usize,
    smoothing: [usize; BANDS],
    /// Mean square of each band over the floor's span, and the floor under it, dBFS.
    mean: [f32; BANDS],
    floor_db: [f32; BANDS],
    mean_share: f32,
    floor_fall_db: f32,
    floor_rise_db: f32,
    /// What the bands leap of themselves, together, dB.
    uneven_db: f32,
    uneven_share: f32,
    /// The newest hop by regions, and the one before.
    spread: Spread,
    last_spread: Spread,
    awaited: Option<Awaited>,
    /// When the last hit leapt, and how far.
    leapt: Option<(SampleTime, f32)>,
    clock: Clock,
    dead: SampleTime,
    wait: SampleTime,
    delay: SampleTime,
}

impl Hits {
    /// For `clock`.
    pub fn new(clock: Clock) -> Self {
        let smoothing = SMOOTHING_S.map(|span_s| clock.hops(span_s));
        let longest = smoothing.into_iter().max().unwrap_or(1);
        let mut hits = Self {
            bank: Bank::new(clock.rate_hz()),
            newest: vec![[0.0; BANDS]; longest].into(),
            past: vec![[0.0; BANDS]; clock.hops(SPAN_S)].into(),
            last_db: [0.0; BANDS],
            count: 0,
            smoothing,
            mean: [0.0; BANDS],
            floor_db: [0.0; BANDS],
            mean_share: (clock.hop_s() / FLOOR_SPAN_S) as f32,
            floor_fall_db: (FLOOR_FALL_DB_PER_S * clock.hop_s()) as f32,
            floor_rise_db: (FLOOR_RISE_DB_PER_S * clock.hop_s()) as f32,
            uneven_db: 0.0,
            uneven_share: (clock.hop_s() / UNEVEN_SPAN_S) as f32,
            spread: Spread::default(),
            last_spread: Spread::default(),
            awaited: None,
            leapt: None,
            clock,
            dead: clock.samples(DEAD_S),
            wait: clock.samples(PEAK_WAIT_S) / clock.hop() as SampleTime * clock.hop() as SampleTime,
            delay: clock.samples(DELAY_S),
        };
        hits.reset();
        hits
    }

    /// Back to the state after `new`.
    pub fn reset(&mut self) {
        self.bank.reset();
        self.newest.fill([0.0; BANDS]);
        self.past.fill([decibels(SILENT); BANDS]);
        self.last_db = [decibels(SILENT); BANDS];
        self.count = 0;
        self.mean = [0.0; BANDS];
        self.floor_db = [FLOOR_START_DB; BANDS];
        self.uneven_db = 0.0;
        (self.spread, self.last_spread) = (Spread::default(), Spread::default());
        self.awaited = None;
        self.leapt = None;
    }

    /// The hit that is known with the hop up to `now`, if any.
    pub fn process(&mut self, now: SampleTime, samples: &[f32], level: &Level) -> Option<Onset> {
        let leap_db = self.leap(samples, level.sensitivity_db);
        let gate_db = (GATE_DB - level.sensitivity_db).max(level.floor_db + GATE_OVER_FLOOR_DB);
        let soft_db = PER_SOFT_DB * (GATE_DB - level.sensitivity_db + SOFT_DB - level.hop_db).max(0.0);
        let least_db = TOGETHER_DB + TIMES_UNEVEN * self.uneven_db + soft_db + self.rattle_db(now);
        self.uneven_db += self.uneven_share * (leap_db.min(UNEVEN_MAX_DB) - self.uneven_db);
        let (together, loud) = (leap_db > least_db, level.hop_db > gate_db);
        let alive = self.leapt.is_none_or(|(leapt, _)| now >= leapt + self.dead);
        if together && alive && loud {
            let most = self.last_spread;
            self.leapt = Some((now, 0.0));
            self.awaited = Some(Awaited { leapt: now, loudest_db: SILENCE_DB, leap_db, most });
        }
        let awaited = self.awaited.as_mut()?;
        awaited.loudest_db = awaited.loudest_db.max(level.hop_db);
        awaited.leap_db = awaited.leap_db.max(leap_db);
        awaited.most = awaited.most.max(&self.spread);
        let known = awaited.leapt + self.wait;
        if now < known {
            return None;
        }
        let verdict = awaited.most.judge(self.clock.between(known, now));
        if verdict == Verdict::Unknown {
            return None;
        }
        let Awaited { leapt, loudest_db, leap_db, .. } = self.awaited.take()?;
        if verdict == Verdict::Room {
            return None;
        }
        self.leapt = Some((leapt, leap_db));
        Some(Onset {
            time: leapt.saturating_sub(self.delay),
            available: now,
            kind: OnsetKind::Percussive,
            cause: Cause::Hit,
            strength: (leap_db / CLEAR_DB).min(1.0),
            velocity: velocity(loudest_db),
        })
    }

    /// How far what was hit may yet leap of itself, dB.
    fn rattle_db(&self, now: SampleTime) -> f32 {
        let Some((leapt, leap_db)) = self.leapt else { return 0.0 };
        let left = 1.0 - self.clock.between(leapt, now) / RATTLE_S;
        RATTLE_SHARE * leap_db.min(CLEAR_DB) * left.max(0.0) as f32
    }

    /// How far the bands leap over their last moments, dB, summed.
    fn leap(&mut self, samples: &[f32], sensitivity_db: f32) -> f32 {
        let (first, second) = samples.split_at(samples.len() / 2);
        let (first_half, second_half) = (self.bank.process(first), self.bank.process(second));
        let share = second.len() as f32 / samples.len().max(1) as f32;
        let newest: [f32; BANDS] =
            std::array::from_fn(|band| first_half[band] + share * (second_half[band] - first_half[band]));
        let length = self.newest.len();
        self.newest[self.count % length] = newest;
        let silent = SILENT * 10.0_f32.powf(-0.1 * sensitivity_db);
        let mut together_db = 0.0;
        let mut levels_db = [0.0; BANDS];
        let mut loudest_db = [SILENCE_DB; BANDS];
        let smooth: [f32; BANDS] = std::array::from_fn(|band| {
            let span = self.smoothing[band];
            (0..span).map(|back| self.newest[(self.count + length - back) % length][band]).sum::<f32>() / span as f32
        });
        for band in 0..BANDS {
            self.mean[band] += self.mean_share * (newest[band] - self.mean[band]);
            let step = (decibels(self.mean[band]) - self.floor_db[band]).clamp(-self.floor_fall_db, self.floor_rise_db);
            self.floor_db[band] += step;
            let room = silent + FLOORS * mean_square(self.floor_db[band]);
            loudest_db[band] = self.past.iter().fold(SILENCE_DB, |loudest, levels| levels[band].max(loudest));
            levels_db[band] = decibels(smooth[band] + room);
            let most_db = if band == 0 { LOWEST_MAX_DB } else { f32::INFINITY };
            together_db += (levels_db[band] - loudest_db[band] - LEAP_MIN_DB).clamp(0.0, most_db);
        }
        let span = self.past.len();
        self.past[self.count % span] = self.last_db;
        self.last_db = levels_db;
        self.last_spread = std::mem::replace(&mut self.spread, Spread::new(&newest, &second_half, &loudest_db));
        self.count += 1;
        together_db
    }
}
