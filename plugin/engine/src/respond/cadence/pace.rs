//! Pace: her beat on the way home, followed onset by onset as she slows down.
//!
//! A beat that is only predicted comes too early in a ritardando. So the music strikes with her onsets as they are
//! heard, and on its own only where she holds or rests: late rather than early, for nobody is talked over by waiting.

use super::super::Moment;
use crate::time::{Clock, SampleTime};
use crate::understand::meaning::{MotifNote, ONE_TONE_S, PHRASE_NOTES, PulseSense};

/// A beat on the way home, s: what is faster is counted in twos, what is slower in halves.
const BEAT_S: (f64, f64) = (0.45, 1.1);
/// The beat of one whose pace is not known, s: a calm walk.
const UNKNOWN_BEAT_S: f64 = 0.75;
/// Share of a new interval in the period: half of the error a beat follows a ritard of 1 % a beat within 1 %.
const FOLLOWS: f64 = 0.5;
/// In free time intervals vary by 12 % and phrases stretch: the mean of more of them is her pace.
const FOLLOWS_FREELY: f64 = 0.3;
/// An onset this near to a beat is on it, beats; in free time what is not half way between two is.
const ON_BEAT: f64 = 0.3;
const ON_BEAT_FREELY: f64 = 0.42;
/// In free time, and where it waits for her, the music strikes with her, and without her only after so many beats more.
const FREE_WAIT_BEATS: f64 = 2.0;
/// Below this clarity a beat is no beat to strike on without her: a client in time has 0.96 and more on the way home, one
/// in rubato 0.89 at most.
const CLEAR: f32 = 0.92;
/// Each beat is expected so much longer than the one before: 30 % over the eight bars of a final ritard.
const RITARD_A_BEAT: f64 = 0.01;
/// Where her onset does not come, the strike comes so much after the beat, s: as late as tones of hers are heard, and her
/// usual error more; no later than so many beats.
const HEARD_AFTER_S: f64 = 0.075;
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
    /// The beat that was heard or struck last, and its place from a strong one.
    beat: Option<(SampleTime, u32)>,
    period_s: f64,
    error_s: f64,
    /// The onset counted last, and how many she had made.
    onset: Option<SampleTime>,
    onsets: u32,
    /// There is no steady beat: free time.
    free: bool,
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
            beat: None,
            period_s,
            error_s: USUAL_ERROR_S,
            onset: meaning.sounding_since,
            onsets: meaning.onsets,
            free: is_free(&meaning.pulse),
        }
    }

    /// Seconds a beat.
    pub fn period_s(&self) -> f64 {
        self.period_s
    }

    /// Follows one hop: what an onset of hers, if one is heard now, is.
    pub fn follow(&mut self, moment: &Moment) -> Option<Heard> {
        let meaning = moment.meaning;
        self.free = is_free(&meaning.pulse);
        let (near, follows) = if self.free { (ON_BEAT_FREELY, FOLLOWS_FREELY) } else { (ON_BEAT, FOLLOWS) };
        let after = |since: SampleTime| self.onset.is_none_or(|last| self.clock.between(last, since) >= ONE_TONE_S);
        let tone = meaning.sounding_since.filter(|since| self.onset.is_none_or(|last| *since > last) && after(*since));
        let hit = (meaning.onsets > self.onsets && meaning.sounding_since.is_none()).then_some(meaning.now);
        self.onsets = meaning.onsets;
        let onset = tone.or(hit.filter(|at| after(*at)))?;
        self.onset = Some(onset);
        let Some((last, place)) = self.beat else {
            self.beat = Some((onset, 0));
            return Some(Heard::Strong);
        };
        let begins = meaning.phrase.number > 0 && onset <= meaning.phrase.start;
        let beats = self.clock.between(last, onset) / self.period_s;
        let whole = beats.round();
        let error = beats - whole;
        let on_beat = whole >= 1.0 && (error.abs() <= near || begins);
        if whole < 1.0 && error.abs() <= near {
            // She came after all to a beat that was struck without her.
            self.beat = Some((onset, place));
            return Some(Heard::Weak);
        }
        if !on_beat {
            return Some(Heard::Between);
        }
        self.error_s += ERROR_SHARE * ((error * self.period_s).abs() - self.error_s);
        let interval_s = self.clock.between(last, onset) / whole;
        self.period_s = (self.period_s + follows * (interval_s - self.period_s)).clamp(BEAT_S.0, 2.0 * BEAT_S.1);
        // A line of hers begins on a strong beat.
        let place = if begins { 0 } else { place + whole as u32 };
        self.beat = Some((onset, place));
        Some(if place.is_multiple_of(STRIKE_BEATS) { Heard::Strong } else { Heard::Weak })
    }

    /// When the next strong beat is struck without her onset; `None` before the first. `waits`: she is there, and what
    /// sounds waits for her. `alone`: she is not.
    pub fn next_strike(&self, alone: bool, waits: bool) -> Option<SampleTime> {
        let (last, place) = self.beat?;
        let more = if (self.free || waits) && !alone { FREE_WAIT_BEATS } else { 0.0 };
        let beats = f64::from(STRIKE_BEATS - place % STRIKE_BEATS) + more;
        let wait_s = (HEARD_AFTER_S + self.error_s).min(WAIT_MAX_BEATS * self.period_s);
        let ritard = 1.0 + RITARD_A_BEAT * (beats + 1.0) / 2.0;
        Some(last + self.clock.samples(beats * self.period_s * ritard + wait_s))
    }

    /// It was struck without her at `now`; the next comes `slower` times as late.
    pub fn struck_alone(&mut self, now: SampleTime, slower: f64) {
        let wait_s = (HEARD_AFTER_S + self.error_s).min(WAIT_MAX_BEATS * self.period_s);
        let place = self.beat.map_or(0, |(_, place)| place + STRIKE_BEATS - place % STRIKE_BEATS);
        let beat = if self.beat.is_some() { now.saturating_sub(self.clock.samples(wait_s)) } else { now };
        self.beat = Some((beat, place));
        self.period_s *= slower;
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
