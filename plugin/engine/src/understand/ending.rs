//! How a phrase ends: how closed its last note sounds, and how probable it is that it is the last one, which can be told
//! while it still sounds.
//!
//! The probability is Bayes' rule over cues that are taken for independent: how many notes the phrase has, how long the
//! note has lasted, its degree, the step into it, and the silence after it.

use super::meaning::Tonality;
use super::recent::{Recent, RecentNote};

/// Chance that a phrase ends with its n-th note, n from 1; the last holds for all after it. Phrases of folk songs have 5 to
/// 16 notes, 8 in the median (Essen).
const ENDS_WITH: [f32; 8] = [0.003, 0.005, 0.01, 0.03, 0.06, 0.12, 0.15, 0.18];

/// How many times as often a last note lasts at least so many usual steps as an inner note does. 69 % of the last notes
/// last 1.5 of them and half last 2 (Essen); of inner notes 13 % outlast 1.1, 6 % 1.6, 1.5 % 2.1 (OpenEWLD).
const LENGTH_EVIDENCE: [(f32, f32); 6] = [(0.95, 1.0), (1.2, 4.0), (1.5, 7.0), (2.0, 12.0), (3.0, 25.0), (4.0, 30.0)];

/// The same for the degree: 30 % of the phrases end on the first, 24 % on the fifth, 17 % and 15 % on third and second, and
/// few on others (Essen), which melodies visit about as often as those.
const TONIC_EVIDENCE: f32 = 1.6;
const FIFTH_EVIDENCE: f32 = 1.2;
const STABLE_EVIDENCE: f32 = 1.0;
const OTHER_EVIDENCE: f32 = 0.5;
/// Without a key, the pitch class that she rests on most.
const ANCHOR_EVIDENCE: f32 = 1.4;

/// The same for a step down and for a step up into the note.
const FALLING_EVIDENCE: f32 = 1.2;
const RISING_EVIDENCE: f32 = 0.85;

/// Silence beyond the longest gap within the phrase that makes an end e times as probable, s. Only 5 % of the rests
/// within sung lines take 0.69 s (CoCoPops-Billboard).
const SILENCE_S: f32 = 0.14;
const SILENCE_EVIDENCE_MAX: f32 = 20.0;

/// The same for a phrase that has, or has not, lasted as long as her phrases usually do; shares of that length.
const USUAL_LENGTH: (f32, f32) = (0.5, 0.75);
const SHORT_EVIDENCE: f32 = 0.6;
const FULL_EVIDENCE: f32 = 1.5;

/// A last note this many times as long as the usual one is lengthened: 69 % of 2,708 folk tunes' phrases end so (Essen).
const LENGTHENED: f32 = 1.5;

/// Weight of the last degree, of the lengthened last note and of the falling contour in the closure.
const CLOSURE_WEIGHTS: [f32; 3] = [0.5, 0.3, 0.2];

/// What a probability is taken from.
#[derive(Clone, Copy, Debug)]
pub struct Cues {
    /// Notes of the phrase, the one in question included.
    pub notes: usize,
    /// Time since its onset, in usual steps.
    pub steps: f32,
    /// Silence since its end, s.
    pub silence_s: f32,
    /// The longest silence before within the phrase, s.
    pub longest_gap_s: f32,
    /// Time since the phrase's start, in usual phrases; `None` while that is not known.
    pub usual_phrases: Option<f32>,
}

/// How a phrase ends, each 0-1.
#[derive(Clone, Copy, Debug, Default)]
pub struct Ending {
    /// How restful its last degree is.
    degree: f32,
    /// The degree is one to rest on.
    pub stable: bool,
    /// How much the last note is lengthened.
    pub lengthened: f32,
    /// How far the line falls into it.
    falling: f32,
    /// What degree and contour say for an end, as odds.
    evidence: f32,
}

impl Ending {
    /// Of the last of `notes`, which has lasted `length_s`; `usual_s` is the usual length of the notes before it.
    pub fn of(notes: &[RecentNote], length_s: f32, usual_s: Option<f32>, recent: &Recent, tonality: &Tonality) -> Self {
        let Some((last, earlier)) = notes.split_last() else { return Self::default() };
        let key = recent.key(&last.heard);
        let step = earlier.last().map_or(0, |before| i32::from(key) - i32::from(recent.key(&before.heard)));
        let above_tonic = tonality.key.map(|tonality| (key + 12 - tonality.tonic) % 12);
        let is_anchor = tonality.anchor == Some(key % 12);
        let (degree, on_degree) = match above_tonic {
            Some(0) => (1.0, TONIC_EVIDENCE),
            Some(7) => (0.5, FIFTH_EVIDENCE),
            Some(3 | 4) => (0.5, STABLE_EVIDENCE),
            Some(2) => (0.0, STABLE_EVIDENCE),
            Some(_) => (0.0, OTHER_EVIDENCE),
            None if is_anchor => (0.6, ANCHOR_EVIDENCE),
            None => (0.2, 1.0),
        };
        let longer = usual_s.map_or(0.0, |usual| length_s / usual.max(0.02));
        let leading_tone = step == 1 && above_tonic == Some(0);
        let (falling, on_contour) = match step {
            _ if earlier.is_empty() => (0.0, 1.0),
            _ if step < 0 || leading_tone => (1.0, FALLING_EVIDENCE),
            0 => (0.5, 1.0),
            _ => (0.0, RISING_EVIDENCE),
        };
        Self {
            degree,
            stable: degree >= 0.5,
            lengthened: if longer >= LENGTHENED { (longer - 1.0).min(1.0) } else { 0.0 },
            falling,
            evidence: on_degree * on_contour,
        }
    }

    /// How closed it sounds, 0 (question) to 1 (answer).
    pub fn closure(&self) -> f32 {
        let parts = [self.degree, self.lengthened, self.falling];
        parts.iter().zip(CLOSURE_WEIGHTS).map(|(part, weight)| part * weight).sum()
    }

    /// The probability that the phrase ends here, 0-1.
    pub fn probability(&self, cues: &Cues) -> f32 {
        let prior = ENDS_WITH[cues.notes.clamp(1, ENDS_WITH.len()) - 1];
        let silence = ((cues.silence_s - cues.longest_gap_s).max(0.0) / SILENCE_S).exp();
        let usual = match cues.usual_phrases {
            Some(share) if share < USUAL_LENGTH.0 => SHORT_EVIDENCE,
            Some(share) if share >= USUAL_LENGTH.1 => FULL_EVIDENCE,
            _ => 1.0,
        };
        let evidence = length_evidence(cues.steps) * silence.min(SILENCE_EVIDENCE_MAX) * usual * self.evidence;
        let odds = prior / (1.0 - prior) * evidence;
        odds / (1.0 + odds)
    }
}

/// [`LENGTH_EVIDENCE`], straight between its points.
fn length_evidence(steps: f32) -> f32 {
    let after = LENGTH_EVIDENCE.partition_point(|(at, _)| *at < steps);
    match (after.checked_sub(1).map(|before| LENGTH_EVIDENCE[before]), LENGTH_EVIDENCE.get(after)) {
        (Some((from, low)), Some(&(to, high))) => low + (high - low) * (steps - from) / (to - from),
        (None, _) => LENGTH_EVIDENCE[0].1,
        (Some((_, last)), None) => last,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_longer_a_note_lasts_and_the_more_came_before_it_the_more_probably_it_is_the_last() {
        let ending = Ending { evidence: 1.0, ..Ending::default() };
        let probability = |notes, steps, silence_s| {
            ending.probability(&Cues { notes, steps, silence_s, longest_gap_s: 0.05, usual_phrases: None })
        };
        assert!(probability(8, 1.0, 0.0) < 0.3 && probability(8, 2.0, 0.0) > 0.7);
        assert!(probability(2, 2.0, 0.0) < 0.1);
        assert!(probability(8, 1.2, 0.4) > 0.8);
    }
}
