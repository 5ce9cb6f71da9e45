//! The count: beats, half beats and bars as an accompanist counts along with the beat that is felt.
//!
//! It follows the grid with a little inertia, as an ensemble does, so that the beat of the accompaniment is steadier than
//! what is heard of hers; and it counts on for a phrase where the grid is lost while she goes on.

use super::super::Moment;
use super::super::lead::late_s;
use super::rubato;
use crate::time::SampleTime;

/// Share of the error to the grid that is corrected with each beat: people who tap together correct 0.25 to 0.5 of it
/// (Vorberg and Wing 1996), and the grid has corrected its part already.
const PHASE_CORRECTION: f64 = 0.35;
/// An error from here on is a beat that she bends, or another beat: it is corrected whole, beats.
const BENT: f64 = 0.12;
/// So many beats are corrected whole when the count begins, a bar: it finds into her beat before it keeps its own.
const FINDS_IN: u32 = 4;
/// No beat comes sooner after the one before than this, beats.
const SOONEST: f64 = 0.6;
/// Beats counted on without a grid: a phrase of four bars.
const COUNT_ON: u32 = 16;
/// Beats a bar where none are known.
const USUAL_BAR: u8 = 4;
/// The hand falls this long after the beat that is heard of her, s: two players of an ensemble are 2 to
/// 19 ms apart on average.
const AFTER_HER_S: f64 = 0.012;
/// In a build it leans back so much more, s: weight, and none of a bar falls into the one before.
const LEANS_BACK_S: f64 = 0.02;
/// Beats on which the grid must number the bar otherwise before the count goes along: two bars of four.
const RENUMBERED: u32 = 8;
/// A half beat that is nearer to the next beat than this is left out, s.
const SHORTEST_HALF_S: f64 = 0.06;
/// Nothing is struck sooner after the last stroke than this, beats: a quarter of a beat is the shortest note of these figures,
/// and a beat that the grid moves into the past, or that was missed, is counted and not caught up.
const APART: f64 = 0.25;

/// A beat, or the half beat after it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Tick {
    /// When it falls.
    pub at: SampleTime,
    /// It is the half beat.
    pub half: bool,
    /// Place of its beat in the bar, from 1.
    pub number: u8,
    /// Beats a bar.
    pub per_bar: u8,
    /// Seconds a beat.
    pub period_s: f64,
}

impl Tick {
    /// The first beat of the bar.
    pub fn is_downbeat(&self) -> bool {
        !self.half && self.number == 1
    }

    /// The first of two beats, a strong and a weak one.
    pub fn is_first_of_pair(&self) -> bool {
        self.number % 2 == 1
    }

    /// The first beat, or the middle of a bar of an even number.
    pub fn is_strong(&self) -> bool {
        !self.half && (self.number == 1 || self.per_bar > 2 && 2 * (self.number - 1) == self.per_bar)
    }
}

/// The count.
#[derive(Default)]
pub(super) struct Count {
    /// The last beat, and seconds from beat to beat.
    beat: Option<SampleTime>,
    period_s: f64,
    number: u8,
    per_bar: u8,
    /// The half beat after the last beat has been.
    half_done: bool,
    /// Beats counted since the grid was lost.
    alone: u32,
    /// Beats for which the grid has numbered otherwise.
    otherwise: u32,
    /// Beats counted since it began.
    counted: u32,
    /// When the last stroke fell.
    fell: SampleTime,
    /// Her onset that the next beat falls with.
    comes: Option<SampleTime>,
    /// The next beat, where a half beat that was struck has promised it.
    promised: Option<SampleTime>,
}

impl Count {
    /// A beat is known.
    pub fn runs(&self) -> bool {
        self.beat.is_some()
    }

    /// The last beat.
    pub fn last(&self) -> Option<Tick> {
        self.beat.map(|at| self.tick(at, false))
    }

    /// The half beat that was struck leads to the next beat: it comes where it is due now.
    pub fn promise(&mut self, moment: &Moment) {
        self.promised = self.beat.map(|last| self.next(moment, last));
    }

    /// What falls in this hop; the half beat lies at `half` of the way to the next beat. `leans`: the hand leans back.
    pub fn process(&mut self, moment: &Moment, half: f64, leans: bool) -> Option<Tick> {
        let now = moment.meaning.now;
        let tick = self.falls(moment, half, leans)?;
        let apart = moment.clock.samples(APART * self.period_s);
        let is_missed = self.fell > 0 && now < self.fell + apart;
        if is_missed {
            return None;
        }
        self.fell = now;
        Some(tick)
    }

    /// The beat or half beat that is due; beats that went by unheard are counted.
    fn falls(&mut self, moment: &Moment, half: f64, leans: bool) -> Option<Tick> {
        let Moment { clock, meaning, .. } = *moment;
        let now = meaning.now;
        let grid = meaning.pulse.grid;
        if grid.is_none() && (self.alone >= COUNT_ON || self.beat.is_none()) {
            *self = Self::default();
            return None;
        }
        let Some(last) = self.beat else {
            let grid = grid.filter(|_| meaning.pulse.beat)?;
            self.period_s = 60.0 / f64::from(grid.tempo_bpm);
            return Some(self.beat(moment, grid.last_beat));
        };
        if let Some(grid) = grid {
            (self.period_s, self.alone) = (60.0 / f64::from(grid.tempo_bpm), 0);
        }
        self.realign(moment, last);
        let (mut last, mut next) = (last, self.next(moment, last));
        while now >= next + clock.samples(self.period_s) {
            self.beat(moment, next);
            (last, next) = (next, self.next(moment, next));
        }
        let heard_s = if grid.is_some_and(|grid| grid.from_host) { 0.0 } else { AFTER_HER_S };
        let leans_s = if leans { LEANS_BACK_S } else { 0.0 };
        let hand_s = heard_s + late_s(moment.settings.lead) + leans_s;
        let due = rubato::Due { last, next, period_s: self.period_s };
        let is_promised = self.promised.is_some();
        self.comes = rubato::comes(moment, &due).filter(|_| !is_promised).or(self.comes);
        if let Some(onset) = self.comes {
            return (now >= rubato::falls(moment, onset)).then(|| {
                let tick = self.beat(moment, onset);
                Tick { at: onset + clock.samples(AFTER_HER_S), ..tick }
            });
        }
        // So much later than the beat, or earlier.
        let now = (now + clock.samples((-hand_s).max(0.0))).saturating_sub(clock.samples(hand_s.max(0.0)));
        let begins = self.number == self.per_bar && rubato::is_hers_to_begin(moment);
        let waits_s = match (begins, is_promised) {
            (true, _) => rubato::BREATH * self.period_s,
            (false, true) => 0.0,
            (false, false) => rubato::waits_s(moment, leans),
        };
        if now >= next + clock.samples(waits_s) {
            // After a breath that was longer the beat is where it fell.
            return Some(self.beat(moment, if begins { now } else { next }));
        }
        // Between the two beats as they are played, however much the next one is drawn towards hers.
        let half_at = last + (half * next.saturating_sub(last) as f64) as SampleTime;
        let room = next.saturating_sub(half_at) >= clock.samples(SHORTEST_HALF_S);
        if now >= half_at && !self.half_done && room {
            self.half_done = true;
            return Some(self.tick(half_at, true));
        }
        None
    }

    /// When the next beat falls: a period after the last one, drawn towards the grid.
    fn next(&self, moment: &Moment, last: SampleTime) -> SampleTime {
        let clock = moment.clock;
        if let Some(promised) = self.promised {
            return promised;
        }
        let (last_s, period_s) = (clock.seconds(last), self.period_s);
        let own_s = last_s + period_s;
        let Some(grid) = moment.meaning.pulse.grid else { return clock.samples(own_s) };
        // The beat of the grid nearest to the one that is due.
        let grid_s = clock.seconds(grid.next_beat);
        let error_s = grid_s - own_s;
        let error = error_s / period_s - (error_s / period_s).round();
        let exact = grid.from_host || self.counted < FINDS_IN || error.abs() > BENT;
        let share = if exact { 1.0 } else { PHASE_CORRECTION };
        clock.samples((own_s + share * error * period_s).max(last_s + SOONEST * period_s))
    }

    fn beat(&mut self, moment: &Moment, at: SampleTime) -> Tick {
        let Moment { clock, meaning, .. } = *moment;
        (self.beat, self.half_done, self.comes, self.promised) = (Some(at), false, None, None);
        self.counted = self.counted.saturating_add(1);
        self.alone += u32::from(meaning.pulse.grid.is_none());
        let own = self.number % self.per_bar.max(1) + 1;
        match meaning.pulse.grid {
            Some(grid) if grid.number > 0 && grid.per_bar > 0 => {
                // The grid's beat that is nearest may be its last one or its next.
                let is_next = at + clock.samples(self.period_s).max(1) / 2 > grid.next_beat;
                let told = if is_next { grid.number % grid.per_bar + 1 } else { grid.number };
                let agrees = (told, grid.per_bar) == (own, self.per_bar);
                self.otherwise = if agrees { 0 } else { self.otherwise + 1 };
                if grid.from_host || self.per_bar == 0 || self.otherwise >= RENUMBERED {
                    (self.number, self.per_bar, self.otherwise) = (told, grid.per_bar, 0);
                } else {
                    self.number = own;
                }
            }
            _ if self.per_bar == 0 => (self.number, self.per_bar) = (1, USUAL_BAR),
            _ => self.number = own,
        }
        self.tick(at, false)
    }

    /// Where the grid does not tell the bar, her phrase does: it begins on the first beat. And where both tell the same,
    /// the count goes along at once.
    fn realign(&mut self, moment: &Moment, last: SampleTime) {
        let Moment { clock, meaning, .. } = *moment;
        if !meaning.phrase.began {
            return;
        }
        let half = clock.samples(0.5 * self.period_s);
        let near_last = meaning.phrase.start < last + half;
        match meaning.pulse.grid.filter(|grid| grid.number > 0 && grid.per_bar > 0) {
            None => self.number = if near_last { 1 } else { self.per_bar },
            Some(grid) => {
                let at = if near_last { last } else { last + 2 * half };
                let told = if at + half > grid.next_beat { grid.number % grid.per_bar + 1 } else { grid.number };
                if told == 1 {
                    self.per_bar = grid.per_bar;
                    self.number = if near_last { 1 } else { self.per_bar };
                }
                // Counted to the first beat of her phrase, the bar is right.
                let begins = if near_last { self.number == 1 } else { self.number == self.per_bar };
                self.otherwise = if begins { 0 } else { self.otherwise };
            }
        }
    }

    fn tick(&self, at: SampleTime, half: bool) -> Tick {
        Tick { at, half, number: self.number, per_bar: self.per_bar, period_s: self.period_s }
    }
}
