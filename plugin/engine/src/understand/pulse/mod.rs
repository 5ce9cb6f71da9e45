//! Pulse: where the beat is, by what the client plays or by the host's transport.

mod beat;
mod cell;
mod filter;
#[cfg(test)]
mod promises;
mod rhythm;
mod slowing;

use super::meaning::{BeatGrid, PulseSense};
use super::recent::Recent;
use crate::settings::{Pulse, Settings};
use crate::time::{Clock, SampleTime};
use beat::Beat;
use filter::{EVIDENCE_ONSETS, Filter};
use slowing::Slowing;

/// Which of the filters is that of rubato.
const RUBATO: usize = 1;

/// An onset this old is believed, s: by then the ears have withdrawn most of what was none and moved what began earlier. In
/// strict time and jitter 0.05 to 0.15 are alike; in rubato the beat is the nearer to hers the sooner she is believed.
const SETTLED_S: f64 = 0.1;

/// Onsets nearer than this are one: the notes of a chord.
const ONE_ONSET_S: f64 = 0.05;

/// A rest this long ends the pulse, s and beats, whichever is longer; it may begin anew. A phrase of four bars may be silent:
/// with 8 beats the beat is lost in most ritardandi that a long rest falls into.
const FORGET_S: f64 = 6.0;
const FORGET_BEATS: f64 = 16.0;

/// Onsets from which on a pulse may be claimed: fewer fall into some pattern by chance.
const ONSETS_MIN: u32 = 6;

/// Mean evidence at which a pulse and free playing are told apart best, and the evidence that takes clarity from there to
/// 0.73: melodies of OpenEWLD and Nottingham against times from onset to onset drawn at random.
const EVIDENCE_MIDDLE: f32 = 0.07;
const EVIDENCE_SPREAD: f32 = 0.2;

/// What evidence varies by from onset to onset, so that few must be the clearer: the mean of so many errs by this over the
/// root of their number. Over all the onsets that are remembered the middle is the one above.
const EVIDENCE_ERROR: f32 = 1.2;

/// Mean evidence by which the other way of keeping time must be better supported to be believed instead: it shall not
/// change at every onset.
const ANOTHER_FEEL: f32 = 0.1;

/// Onsets from which on rubato may be believed: loose time fits whatever comes until it has been put to the test, and what
/// of free playing was taken for rubato was taken so in its first 20 onsets.
const RUBATO_ONSETS_MIN: u32 = 16;

/// Clarity from which on a pulse is claimed, and below which it is given up; in time, and in rubato, which must be the
/// surer the more it allows.
const CLAIM: [f32; 2] = [0.5, 0.68];
const GIVE_UP: [f32; 2] = [0.35, 0.4];

/// A beat that was claimed over so many onsets is hers: from then on it is given up below this clarity only. What of free
/// playing is taken for a pulse seldom lasts so long. Nor is it counted twice as fast or slow any more: a chord to every
/// other beat would be another song.
const HERS_ONSETS: u32 = 24;
const GIVE_UP_HERS: f32 = 0.25;

/// Below this the last beats are slower than the tempo she has held by chance: in time, steady
/// lines stay below 0.025, and in rubato below 0.105.
const VARIES: [f32; 2] = [0.03, 0.11];

/// A beat follows the one before by this share of the period at least, however the phase is corrected.
const NEXT_BEAT_MIN: f64 = 0.5;

/// The sense of pulse.
pub struct PulseTracker {
    clock: Clock,
    /// In time and in rubato; the one that is better supported tells the beat.
    filters: [Filter; 2],
    /// Which of them does.
    feel: usize,
    /// The newest onset that was heard.
    newest: Option<SampleTime>,
    /// The last onset that was taken in, and how many since the beginning or the last long rest.
    last_onset: Option<SampleTime>,
    onsets: u32,
    beat: Option<Beat>,
    heard: Option<BeatGrid>,
    /// Onsets since it has been claimed.
    claimed: u32,
    clarity: f32,
    slowing: Slowing,
    sense: PulseSense,
}

impl PulseTracker {
    /// Before the first beat.
    pub fn new(clock: Clock) -> Self {
        Self {
            clock,
            filters: [filter::IN_TIME, filter::RUBATO].map(Filter::new),
            feel: 0,
            newest: None,
            last_onset: None,
            onsets: 0,
            beat: None,
            heard: None,
            claimed: 0,
            clarity: 0.0,
            slowing: Slowing::default(),
            sense: PulseSense::default(),
        }
    }

    /// Back to the state after `new`.
    pub fn reset(&mut self) {
        self.forget();
        (self.newest, self.last_onset) = (None, None);
        self.slowing.reset();
        self.sense = PulseSense::default();
    }

    /// Follows one hop; `host` are the host's beats.
    pub fn process(
        &mut self,
        now: SampleTime,
        recent: &Recent,
        host: Option<BeatGrid>,
        settings: &Settings,
    ) -> &PulseSense {
        self.listen(now, recent);
        self.step(now);
        let from = now.saturating_sub(self.clock.hop() as SampleTime);
        let (grid, clarity) = match settings.pulse {
            Pulse::Host => (host, if host.is_some() { 1.0 } else { 0.0 }),
            Pulse::Heard => (self.heard, self.clarity),
        };
        let beat = grid.is_some_and(|grid| grid.last_beat >= from && self.is_whole(&grid));
        if beat && let Some(grid) = grid {
            self.slowing.beat(60.0 / grid.tempo_bpm);
        }
        if grid.is_none() {
            self.slowing.reset();
        }
        let drift = self.slowing.against_held();
        let slower = drift.filter(|slower| *slower >= VARIES[self.feel]).unwrap_or(0.0);
        let rubato = settings.pulse == Pulse::Heard && grid.is_some() && self.feel == RUBATO;
        let newest =
            recent.onsets().last().map(|onset| onset.time).filter(|time| self.newest.is_none_or(|n| *time > n));
        self.newest = newest.or(self.newest);
        self.sense =
            PulseSense { clarity, grid, beat, slowing: self.slowing.amount(), slower, drift, rubato, onset: newest };
        &self.sense
    }

    fn forget(&mut self) {
        self.filters.iter_mut().for_each(Filter::reset);
        self.feel = 0;
        (self.onsets, self.beat, self.heard, self.claimed, self.clarity) = (0, None, None, 0, 0.0);
    }

    /// Takes in the next onset, bit by bit.
    fn listen(&mut self, now: SampleTime, recent: &Recent) {
        if self.filters.iter().any(Filter::is_busy) {
            self.filters.iter_mut().for_each(Filter::go_on);
            if !self.filters.iter().any(Filter::is_busy) {
                self.taken_in(now);
            }
            return;
        }
        let after = self.last_onset.map_or(0, |last| last + self.clock.samples(ONE_ONSET_S));
        let first = recent.onsets().partition_point(|onset| onset.time < after);
        let settled = |time: SampleTime| now.saturating_sub(time) >= self.clock.samples(SETTLED_S);
        let next = recent.onsets().get(first).map(|onset| onset.time).filter(|time| settled(*time));
        let rest_s = self.last_onset.map_or(0.0, |last| self.clock.between(last, next.unwrap_or(now)));
        if self.onsets > 0 && rest_s > self.beat.map_or(FORGET_S, |beat| FORGET_S.max(FORGET_BEATS * beat.period_s)) {
            self.forget();
        }
        let Some(onset) = next else { return };
        let last = self.last_onset.replace(onset);
        self.onsets += 1;
        if self.onsets > 1 {
            let step_s = last.map_or(0.0, |last| self.clock.between(last, onset)) as f32;
            self.filters.iter_mut().for_each(|filter| filter.begin(step_s));
        }
    }

    /// An onset has been worked in: the beat follows it.
    fn taken_in(&mut self, now: SampleTime) {
        let Some(onset) = self.last_onset else { return };
        let support = self.filters.each_ref().map(|filter| filter.evidence().0);
        let other = 1 - self.feel;
        let better = support[other] > support[self.feel] + ANOTHER_FEEL;
        if better && self.onsets >= RUBATO_ONSETS_MIN {
            self.feel = other;
        }
        let filter = &self.filters[self.feel];
        let beat = Beat::after(filter, self.clock.seconds(onset), self.beat.as_ref(), self.claimed >= HERS_ONSETS);
        let (evidence, onsets) = filter.evidence();
        let doubt = EVIDENCE_ERROR * (onsets.max(1.0).recip().sqrt() - EVIDENCE_ONSETS.recip().sqrt());
        self.clarity = 1.0 / (1.0 + ((EVIDENCE_MIDDLE + doubt - evidence) / EVIDENCE_SPREAD).exp());
        let sure = match self.claimed {
            0 => CLAIM[self.feel],
            1..HERS_ONSETS => GIVE_UP[self.feel],
            _ => GIVE_UP_HERS,
        };
        let claimed = self.onsets >= ONSETS_MIN && self.clarity >= sure;
        self.claimed = if claimed { self.claimed + 1 } else { 0 };
        self.heard = if claimed { Some(self.grid(now, &beat)) } else { None };
        self.beat = Some(beat);
    }

    /// The grid of `beat` about `now`, which goes on from the grid that is there.
    fn grid(&self, now: SampleTime, beat: &Beat) -> BeatGrid {
        let now_s = self.clock.seconds(now);
        let ago = ((now_s - beat.at_s) / beat.period_s).floor();
        let before_s = beat.at_s + ago * beat.period_s;
        // The last beat has been, wherever it should have been.
        let last_s = self.heard.map_or(before_s, |grid| self.clock.seconds(grid.last_beat));
        let mut next_s = before_s;
        while next_s < now_s || next_s < last_s + NEXT_BEAT_MIN * beat.period_s {
            next_s += beat.period_s;
        }
        let (per_bar, number) = Self::bar(beat, last_s);
        BeatGrid {
            tempo_bpm: (60.0 / beat.period_s) as f32,
            last_beat: self.clock.samples(last_s),
            next_beat: self.clock.samples(next_s),
            number,
            per_bar,
            swing: (beat.half / (1.0 - beat.half)) as f32,
            from_host: false,
        }
    }

    /// Beats a bar, and the number in its bar of the beat at `beat_s`; 0 if unknown.
    fn bar(beat: &Beat, beat_s: f64) -> (u8, u8) {
        let Some((per_bar, number)) = beat.bar else { return (0, 0) };
        let beats = ((beat_s - beat.at_s) / beat.period_s).round();
        (per_bar as u8, (number as f64 + beats).rem_euclid(per_bar as f64) as u8 + 1)
    }

    /// Lets the predicted beat fall.
    fn step(&mut self, now: SampleTime) {
        let (Some(grid), Some(beat)) = (&mut self.heard, &self.beat) else { return };
        while grid.next_beat < now {
            grid.last_beat = grid.next_beat;
            grid.next_beat += self.clock.samples(beat.period_s).max(1);
            grid.number = if grid.per_bar == 0 { 0 } else { grid.number % grid.per_bar + 1 };
        }
    }

    /// Whether the last beat lies within the time that the engine counts, and not before it.
    fn is_whole(&self, grid: &BeatGrid) -> bool {
        grid.last_beat > 0 || self.clock.between(0, grid.next_beat) * f64::from(grid.tempo_bpm) > 59.9
    }
}
