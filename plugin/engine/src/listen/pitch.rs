//! Which peak of the NSDF, or which comb where noise hides the period, is the pitch: candidates and a tracker that only
//! looks back (Viterbi, newest column alone).

use super::candidates::{Candidate, Candidates, OCTAVE_BIAS, add_spectral, find, multiple_costs, refine};
use super::comb::{Comb, MIDDLE_S};
use super::heard::PitchReading;
use super::level::{Level, mean_square};
use super::periodicity::Periodicity;
use crate::time::{Clock, SampleTime};

/// The most that an accompaniment which comes back adds to it: chords share a long period, and each of their tones moves
/// the NSDF by its power against the client's, either way.
const OCTAVE_BIAS_COMPANY_MAX: f32 = 0.06;

/// A hop whose local costs count as they are, s: those of shorter ones count less, and so the costs of jumps more.
const COST_HOP_S: f64 = 0.00145;

/// Cost of a jump, per octave, and the most that any jump costs: voices do best with 0.3, and instruments leap.
const JUMP_COST: f32 = 0.3;
const JUMP_COST_MAX: f32 = 0.12;

/// Cost of beginning and of ending a pitch.
const BEGIN_COST: f32 = 0.1;
const END_COST: f32 = 0.1;

/// NSDF that makes voiced and unvoiced equally likely at full level.
const VOICED_AT: f32 = 0.73;

/// How much less the NSDF of a voice is where all of the level is the room's noise.
const NOISE_ALLOWANCE: f32 = 0.3;

/// How far under the recent peak the level begins to speak against a pitch, dB, and how much each dB further says.
const FADE_DB: f32 = 8.0;
const FADE_PER_DB: f32 = 0.05;

/// Where the level lies so far over its last valley, dB, it begins to be a swell, and from so much more on it surely is:
/// a soft attack, which does not fade however loud the note before was.
const SWELL_DB: f32 = 1.0;
const SWELL_SURE_DB: f32 = 4.0;

/// The most that a swell can seem to fade: from 0.08 to 0.15 consonants stay unvoiced and soft attacks do not.
const SWELL_FADE: f32 = 0.12;

/// So far under the gate what rings may sink, dB: 10 lose half of what 20 win for bars and tines.
const RINGING_DB: f32 = 20.0;

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

/// The instant described lies so far back, s, and so many periods more: the middle of the short window.
const DELAY_S: f32 = 0.002;
const DELAY_PERIODS: f32 = 0.38;

/// Where nothing is voiced the instant described lies further back, s and periods of the last pitch: a pitch shows only
/// once two periods of it have come. From the one delay to the other time goes on at half and at almost double speed,
/// never back.
const DELAY_UNVOICED_S: f32 = 0.010;
const DELAY_UNVOICED_PERIODS: f32 = 1.3;
const DELAY_GROWTH: f32 = 0.9;
const DELAY_SHRINKAGE: f32 = 0.5;

/// After a pitch ended a guess must be this late to change it, s: what is heard at once is its decay.
const HELD_S: f64 = 0.03;

/// How far the client's peak lies over the room where the comb begins to count, and where it counts in full, dB: at 10 dB
/// of noise the period still does as well.
const COMB_UNDER_DB: f32 = 20.0;
const COMB_FULL_DB: f32 = 12.0;

/// Clearest NSDF of late from which only the period counts, and under which the comb counts most.
const CLEAR: f32 = 0.95;
const HIDDEN: f32 = 0.7;

/// How slowly a clear NSDF is forgotten while the comb fits, s.
const CLEAR_MEMORY_S: f64 = 0.15;

/// The most that the comb counts: the period always has its say.
const COMB_WEIGHT_MAX: f32 = 0.9;

/// What is lost per deficit of the comb's path.
const COMB_COST: f32 = 2.0;

/// Fit of the comb that is a pitch: noise alone reaches 0.2 in the middle and 0.25 at 90 %, voices at 0 dB 0.3 to 0.45.
/// Cost at that fit, and what each bit of fit more or less changes.
const COMB_FITS: f32 = 0.28;
const COMB_FITS_COST: f32 = 0.4;
const COMB_FIT_COST: f32 = 3.0;

/// The tracker.
pub struct Tracker {
    clock: Clock,
    decimation_delay: SampleTime,
    candidates: Candidates,
    unvoiced_cost: f32,
    /// Last pitch, Hz.
    f0_hz: f32,
    /// NSDF of the best candidate.
    pub clarity: f32,
    /// Clearest NSDF of late.
    clear: f32,
    /// How far back the instant described lies, without decimation, s.
    delay_s: f32,
    last_voiced: SampleTime,
    /// Power of an accompaniment that comes back, against the client's.
    pub company_share: f32,
    /// Whether what dies away is the client's: strings and bars ring on, a voice leaves only the room's echo.
    pub rings: bool,
}

impl Tracker {
    /// For `clock`; `decimation_delay` in samples.
    pub fn new(clock: Clock, decimation_delay: usize) -> Self {
        Self {
            clock,
            decimation_delay: decimation_delay as SampleTime,
            candidates: Candidates::new(),
            unvoiced_cost: 0.0,
            f0_hz: 0.0,
            clarity: 0.0,
            clear: 1.0,
            delay_s: DELAY_UNVOICED_S,
            last_voiced: 0,
            company_share: 0.0,
            rings: false,
        }
    }

    /// Back to the state after `new`.
    pub fn reset(&mut self) {
        *self = Self::new(self.clock, self.decimation_delay as usize);
    }

    /// The reading at `now`.
    pub fn process(&mut self, now: SampleTime, periodicity: &Periodicity, comb: &Comb, level: &Level) -> PitchReading {
        let held = self.clock.between(self.last_voiced, now) <= HELD_S;
        let ringing = self.rings && held;
        let least = GATE_DB - level.sensitivity_db - if ringing { RINGING_DB } else { 0.0 };
        let gate = least.max(level.floor_db + GATE_OVER_FLOOR_DB);
        let fade = (level.peak_db - FADE_DB - level.hop_db.max(level.now_db - 6.0)).max(0.0) * FADE_PER_DB;
        let swell = ((level.now_db - level.valley_db - SWELL_DB) / SWELL_SURE_DB).clamp(0.0, 1.0);
        let fade = if ringing { 0.0 } else { fade - swell * (fade - SWELL_FADE).max(0.0) };
        let noise = mean_square(level.floor_db - level.now_db).min(1.0);
        let gated = level.now_db < gate;
        let unvoiced_local =
            if gated { 0.0 } else { 1.0 - (VOICED_AT - NOISE_ALLOWANCE * noise + fade).min(FADED_VOICED_AT) };

        let pace = (self.clock.hop_s() / COST_HOP_S) as f32;
        let mut next = find(periodicity);
        let spectral = self.weigh_comb(&next, comb, level);
        if spectral > 0.0 {
            add_spectral(&mut next, periodicity, comb);
        }
        let multiples = multiple_costs(&next);
        let fit = COMB_FITS_COST + COMB_FIT_COST * (COMB_FITS - comb.strength());
        let longest = comb.octave_of_longest();
        for (candidate, multiple) in next.iter_mut().zip(multiples) {
            let jump = |old: &Candidate| (JUMP_COST * (old.octave - candidate.octave).abs()).min(JUMP_COST_MAX);
            let come = self.candidates.iter().map(|old| old.cost + jump(old));
            let best = come.fold(self.unvoiced_cost + BEGIN_COST, f32::min);
            let period = 1.0 - candidate.clarity + candidate.octave * self.octave_bias() + multiple;
            let combed = fit.clamp(0.0, 1.0) + (COMB_COST * comb.deficit(longest - candidate.octave)).min(1.0);
            let local = (1.0 - spectral) * period + spectral * combed + if gated { 1.0 } else { 0.0 };
            candidate.cost = best + local * pace;
        }
        let voiced_before = self.candidates.iter().map(|old| old.cost).fold(f32::INFINITY, f32::min);
        let unvoiced =
            self.unvoiced_cost.min(voiced_before + END_COST) + pace * (unvoiced_local + self.bias_at_rest(periodicity));
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
            if voicing >= 0.5 || best.clarity > GUESS_MIN && !held {
                let period_hz = periodicity.rate_hz() as f32 / best.lag;
                self.f0_hz = if best.spectral { period_hz } else { refine(periodicity, best.lag) };
            }
            if voicing >= 0.5 {
                self.last_voiced = now;
            }
        }
        let delay = self.follow_delay(voicing, spectral, comb.age());
        PitchReading { time: now.saturating_sub(delay), f0_hz: self.f0_hz, voicing }
    }

    /// How much the comb counts, 0-1: where the room is loud and no period has been clear of late.
    fn weigh_comb(&mut self, candidates: &[Candidate], comb: &Comb, level: &Level) -> f32 {
        let clearest = candidates.iter().map(|candidate| candidate.clarity).fold(0.0, f32::max);
        if comb.strength() > COMB_FITS {
            let forgotten = (self.clock.hop_s() / CLEAR_MEMORY_S) as f32;
            self.clear = clearest.max(self.clear + forgotten * (clearest - self.clear));
        }
        let room =
            ((COMB_UNDER_DB - (level.peak_db - level.floor_db)) / (COMB_UNDER_DB - COMB_FULL_DB)).clamp(0.0, 1.0);
        let hidden = ((CLEAR - self.clear) / (CLEAR - HIDDEN)).clamp(0.0, 1.0);
        COMB_WEIGHT_MAX * room * hidden
    }

    /// How far back the instant described lies, samples.
    fn follow_delay(&mut self, voicing: f32, spectral: f32, comb_age: usize) -> SampleTime {
        let hop_s = self.clock.hop_s() as f32;
        let last_s = if self.f0_hz > 0.0 { 1.0 / self.f0_hz } else { 0.0 };
        let period_s = match voicing >= 0.5 {
            true => DELAY_S + DELAY_PERIODS * last_s,
            false => DELAY_UNVOICED_S + DELAY_UNVOICED_PERIODS * last_s,
        };
        let comb_s = MIDDLE_S + hop_s * comb_age as f32;
        let aim_s = period_s + spectral * (comb_s - period_s).max(0.0);
        self.delay_s += (aim_s - self.delay_s).clamp(-DELAY_SHRINKAGE * hop_s, DELAY_GROWTH * hop_s);
        self.clock.samples(f64::from(self.delay_s)) + self.decimation_delay
    }

    /// What the octave preference gives a pitch of middle height, so that it leaves voicing alone.
    fn bias_at_rest(&self, periodicity: &Periodicity) -> f32 {
        let middle = (periodicity.rate_hz() as f32 / 250.0).log2();
        middle * self.octave_bias()
    }

    fn octave_bias(&self) -> f32 {
        OCTAVE_BIAS + self.company_share.min(OCTAVE_BIAS_COMPANY_MAX)
    }
}
