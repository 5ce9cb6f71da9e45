//! Pace: her beat on the way home, followed onset by onset as she slows down.
//!
//! A beat that goes on as it was comes too early in a ritardando. So each beat is expected to be longer than the one
//! before by as much as a last ritard has it, what is heard of her corrects it, and the music strikes a little after the
//! beat that comes of both: late rather than early, for nobody is talked over by waiting.

use super::super::Moment;
use crate::time::{Clock, SampleTime};
use crate::understand::meaning::{MotifNote, ONE_TONE_S, PHRASE_NOTES, PulseSense};

/// A beat on the way home, s: what is faster is counted in twos, what is slower in halves.
const BEAT_S: (f64, f64) = (0.45, 1.1);
/// The beat of one whose pace is not known, s: a calm walk.
const UNKNOWN_BEAT_S: f64 = 0.75;
/// A last ritard: the cube of the tempo falls evenly from beat to beat (Friberg & Sundberg 1999, with their q of 3), to
/// this share of the tempo, over so many beats. A client who does not slow is expected 0.6 % a beat too late.
const RITARD_TO: f64 = 0.7;
const RITARD_BEATS: f64 = 36.0;
/// Share of the error of a beat that was expected in the next: how late an onset is heard varies by 20 ms and her own
/// time by as much, which half of it evens out; and in free time, where her onset is the beat.
const CORRECTS: f64 = 0.5;
const CORRECTS_FREELY: f64 = 1.0;
/// Share of the error in the period: what the ritard does not foresee of hers is followed in five beats. A fifth goes with
/// half of the error of a beat (Benedict & Bordner 1962).
const FOLLOWS: f64 = 0.2;
/// In free time intervals vary by 12 % and more: the mean of many is her pace. With 0.1 to 0.2 fewest onsets of singers
/// drawn at random are counted wrongly.
const FOLLOWS_FREELY: f64 = 0.15;
/// An onset this near to a beat is on it, beats; in free time what is not half way between two is, and after a tone of more
/// beats than this more is, for the longer a tone the more it varies.
const ON_BEAT: f64 = 0.3;
const ON_BEAT_FREELY: f64 = 0.38;
const LONG_BEATS: f64 = 1.75;
/// In free time, and where it waits for her, the music strikes with her, and without her only after so many beats more.
const FREE_WAIT_BEATS: f64 = 2.0;
/// Below this clarity a beat is no beat to strike on without her: a client in time has 0.96 and more on the way home, one
/// in rubato 0.89 at most.
const CLEAR: f32 = 0.92;
/// The music strikes so much after her beat, s: as late as most tones of hers are known, and always the same, so that it
/// slows as she does.
pub(super) const AFTER_HER_S: f64 = 0.08;
/// Where her onset does not come, the strike comes later than that by her usual error; no later than so many beats.
const WAIT_MAX_BEATS: f64 = 0.25;
/// Her usual error before it is known, s, and the share of a new one.
const USUAL_ERROR_S: f64 = 0.02;
const ERROR_SHARE: f64 = 0.25;
/// A strike comes every so many beats.
pub(super) const STRIKE_BEATS: u32 = 2;

/// An onset of hers, as it counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Heard {
    /// On a beat on which the music strikes.
    Strong,
    /// On another beat, or on one that has been struck already.
    Weak,
    /// Between beats.
    Between,
}

/// Her pace.
#[derive(Clone, Copy, Debug)]
pub(super) struct Pace {
    clock: Clock,
    count: Count,
    /// Seconds a beat as the way home began.
    began_s: f64,
    /// The onset counted last, and how many she had made.
    onset: Option<SampleTime>,
    onsets: u32,
    /// Where that onset was a hit alone: the count before it, for its tone to be counted in its stead.
    before_hit: Option<Count>,
    /// There is no steady beat: free time.
    free: bool,
}

/// The beats so far.
#[derive(Clone, Copy, Debug)]
struct Count {
    /// The beat that was heard or struck last, and its place from a strong one.
    beat: Option<(SampleTime, u32)>,
    period_s: f64,
    error_s: f64,
}

impl Pace {
    /// As she went so far: by the beat that is felt or was felt last, or else by the steps of her phrase.
    pub fn new(moment: &Moment, felt_s: Option<f64>) -> Self {
        let meaning = moment.meaning;
        let felt = meaning.pulse.grid.map(|grid| 60.0 / f64::from(grid.tempo_bpm)).or(felt_s);
        let mut period_s = felt.or(step_s(&meaning.motif)).unwrap_or(UNKNOWN_BEAT_S).clamp(0.05, 5.0);
        while period_s < BEAT_S.0 {
            period_s *= 2.0;
        }
        while period_s > BEAT_S.1 {
            period_s /= 2.0;
        }
        Self {
            clock: moment.clock,
            count: Count { beat: None, period_s, error_s: USUAL_ERROR_S },
            began_s: period_s,
            onset: meaning.sounding_since,
            onsets: meaning.onsets,
            before_hit: None,
            free: is_free(&meaning.pulse),
        }
    }

    /// Seconds a beat.
    pub fn period_s(&self) -> f64 {
        self.count.period_s
    }

    /// There is no beat that is steady enough to strike on without her.
    pub fn is_free(&self) -> bool {
        self.free
    }

    /// The beat that was heard or struck last.
    pub fn beat(&self) -> Option<SampleTime> {
        self.count.beat.map(|(at, _)| at)
    }

    /// Follows one hop: what an onset of hers, if one is heard now, is.
    pub fn follow(&mut self, moment: &Moment) -> Option<Heard> {
        let meaning = moment.meaning;
        self.free = is_free(&meaning.pulse);
        // A hit is told a little after it began the line.
        let first = meaning.phrase.start + self.clock.samples(ONE_TONE_S);
        let begins = |onset: SampleTime| meaning.phrase.number > 0 && onset < first;
        if let Some((since, before)) = meaning.sounding_since.zip(self.before_hit) {
            self.before_hit = None;
            let hit = self.onset.unwrap_or(since);
            if self.clock.between(since.min(hit), since.max(hit)) < ONE_TONE_S {
                // A hit is known as it comes, but where her tone began only when that is known.
                (self.count, self.onset) = (before, Some(since));
                self.hear(since, begins(since));
                return None;
            }
        }
        let after = |since: SampleTime| self.onset.is_none_or(|last| self.clock.between(last, since) >= ONE_TONE_S);
        let tone = meaning.sounding_since.filter(|since| self.onset.is_none_or(|last| *since > last) && after(*since));
        let hit = (meaning.onsets > self.onsets && meaning.sounding_since.is_none()).then_some(meaning.now);
        self.onsets = meaning.onsets;
        let onset = tone.or(hit.filter(|at| after(*at)))?;
        self.before_hit = tone.is_none().then_some(self.count);
        self.onset = Some(onset);
        Some(self.hear(onset, begins(onset)))
    }

    /// Counts an onset; `begins`: a line of hers does, with it.
    fn hear(&mut self, onset: SampleTime, begins: bool) -> Heard {
        let (near, corrects, follows) = match self.free {
            true => (ON_BEAT_FREELY, CORRECTS_FREELY, FOLLOWS_FREELY),
            false => (ON_BEAT, CORRECTS, FOLLOWS),
        };
        let Some((last, place)) = self.count.beat else {
            self.count.beat = Some((onset, 0));
            return Heard::Strong;
        };
        let since_s = self.clock.between(last, onset);
        let beats = self.beats_in(since_s);
        let whole = beats.round();
        let near = if self.free { near * (beats / LONG_BEATS).max(1.0) } else { near };
        let off = (beats - whole).abs() > near;
        if whole < 1.0 && !off {
            // She came after all to a beat that was struck without her.
            self.count.beat = Some((last + self.clock.samples(corrects * since_s.max(0.0)), place));
            return Heard::Weak;
        }
        if whole < 1.0 || (off && !begins) {
            return Heard::Between;
        }
        let expected_s = self.seconds_of(whole);
        let error_s = since_s - expected_s;
        let beat = if off { onset } else { last + self.clock.samples(expected_s + corrects * error_s) };
        let followed_s = if off { 0.0 } else { follows * error_s / whole };
        let count = &mut self.count;
        count.error_s += ERROR_SHARE * (error_s.abs() - count.error_s);
        self.go_on(whole);
        self.count.period_s = (self.count.period_s + followed_s).clamp(BEAT_S.0, 2.0 * BEAT_S.1);
        // A line of hers begins on a strong beat.
        let place = if begins { 0 } else { place + whole as u32 };
        self.count.beat = Some((beat, place));
        if place.is_multiple_of(STRIKE_BEATS) { Heard::Strong } else { Heard::Weak }
    }

    /// How much longer the next beat is than this one, as a share: v^3 falls evenly.
    fn slows(&self) -> f64 {
        let slower = (self.count.period_s / self.began_s).min(1.0 / RITARD_TO);
        (1.0 - RITARD_TO.powi(3)) / RITARD_BEATS / 3.0 * slower.powi(3)
    }

    /// What so many beats from the last one on are expected to last, s.
    fn seconds_of(&self, beats: f64) -> f64 {
        beats * self.count.period_s * (1.0 + self.slows() * (beats + 1.0) / 2.0)
    }

    /// How many beats so many seconds from the last one on are.
    fn beats_in(&self, seconds: f64) -> f64 {
        let even = (seconds / self.count.period_s).max(0.0);
        seconds / self.count.period_s / (1.0 + self.slows() * (even + 1.0) / 2.0)
    }

    /// So many beats have passed.
    fn go_on(&mut self, beats: f64) {
        self.count.period_s *= 1.0 + self.slows() * beats;
    }

    /// How long after a beat that is not heard the strike comes, s.
    fn wait_s(&self) -> f64 {
        (AFTER_HER_S + self.count.error_s).min(WAIT_MAX_BEATS * self.count.period_s)
    }

    /// When the next strong beat is struck without her onset; `None` before the first. `waits`: she is there, and what
    /// sounds waits for her. `alone`: she is not.
    pub fn next_strike(&self, alone: bool, waits: bool) -> Option<SampleTime> {
        let (last, place) = self.count.beat?;
        let more = if (self.free || waits) && !alone { FREE_WAIT_BEATS } else { 0.0 };
        let beats = f64::from(STRIKE_BEATS - place % STRIKE_BEATS) + more;
        Some(last + self.clock.samples(self.seconds_of(beats) + self.wait_s()))
    }

    /// It was struck without her at `now`; alone the next comes `slower` times as late.
    pub fn struck_alone(&mut self, now: SampleTime, slower: Option<f64>) {
        let Some((_, before)) = self.count.beat else {
            self.count.beat = Some((now, 0));
            self.count.period_s *= slower.unwrap_or(1.0);
            return;
        };
        let beats = STRIKE_BEATS - before % STRIKE_BEATS;
        let beat = now.saturating_sub(self.clock.samples(self.wait_s()));
        self.count.beat = Some((beat, before + beats));
        match slower {
            Some(slower) => self.count.period_s *= slower,
            None => self.go_on(f64::from(beats)),
        }
    }
}

/// No beat is felt that is steady enough to strike on without her.
fn is_free(pulse: &PulseSense) -> bool {
    pulse.grid.is_none() || pulse.clarity < CLEAR
}

/// The median time between the onsets of her phrase, s.
fn step_s(motif: &[MotifNote]) -> Option<f64> {
    let mut steps: arrayvec::ArrayVec<f32, PHRASE_NOTES> =
        motif.windows(2).map(|pair| pair[1].onset_s - pair[0].onset_s).collect();
    steps.sort_unstable_by(f32::total_cmp);
    steps.get(steps.len() / 2).map(|&step| f64::from(step)).filter(|step| *step > 0.0)
}
