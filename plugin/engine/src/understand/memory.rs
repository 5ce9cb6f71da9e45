//! Memory: the last phrases as intervals and rhythm, and how alike the phrase being heard is to the best of them.
//!
//! Phrases are compared by an edit distance over their steps, each an interval and a duration against the phrase's own
//! pace, so that neither transposition nor tempo matters. One remembered phrase is compared a hop, so that no hop costs
//! more than another.

use super::meaning::{MotifNote, PHRASE_NOTES};
use arrayvec::ArrayVec;

/// Phrases remembered.
const PHRASES: usize = 32;

/// Steps of the longest phrase.
const STEPS: usize = PHRASE_NOTES - 1;

/// Fewest notes that can be compared; two notes are one interval, and alike by chance.
const NOTES_MIN: usize = 3;

/// An interval this far off is another interval, semitones.
const INTERVAL_LIMIT: f32 = 2.0;

/// A duration this far off is another rhythm, octaves of time.
const RHYTHM_LIMIT: f32 = 1.0;

/// Weight of the interval against the rhythm: melodies are known by their tones first.
const INTERVAL_WEIGHT: f32 = 0.65;

/// What a note too many or too few costs; two of them cost more than one wrong step.
const GAP_COST: f32 = 0.8;

/// Cost per step of two phrases that have nothing in common: unrelated tunes of one style share many of their steps. Of
/// 396 phrases of Nottingham tunes, held against up to 32 phrases of other tunes, 11 come to 0.6.
const UNRELATED_COST: f32 = 0.83;

/// From a note to the next.
#[derive(Clone, Copy, Debug, Default)]
struct Step {
    /// Semitones.
    interval: f32,
    /// Log2 of the inter-onset interval over the phrase's median.
    duration: f32,
}

type Steps = ArrayVec<Step, STEPS>;

/// The memory of phrases.
pub struct Memory {
    /// The oldest is overwritten first.
    phrases: ArrayVec<Steps, PHRASES>,
    /// Where the next phrase goes once the memory is full.
    oldest: usize,
    heard: Steps,
    /// The phrase being heard has ended: compare it as a whole, then keep it.
    ended: bool,
    /// Remembered phrases compared so far in this round; `phrases.len()` when the round is over.
    compared: usize,
    best: f32,
    similarity: Option<f32>,
}

impl Memory {
    /// Nothing remembered.
    pub fn new() -> Self {
        Self {
            phrases: ArrayVec::new(),
            oldest: 0,
            heard: Steps::new(),
            ended: false,
            compared: 0,
            best: 0.0,
            similarity: None,
        }
    }

    /// Back to the state after `new`.
    pub fn reset(&mut self) {
        self.phrases.clear();
        self.oldest = 0;
        self.forget_round();
    }

    /// One hop: `motif` is the phrase being heard, `changed` says that it is not what it was, `began` and `ended` that
    /// it begins or ends here. Similarity, 0-1, of the phrase to the best remembered one.
    pub fn process(&mut self, motif: &[MotifNote], changed: bool, began: bool, ended: bool) -> Option<f32> {
        if began {
            self.keep();
            self.forget_round();
        }
        if changed || ended {
            self.heard = steps(motif);
            self.ended |= ended;
            (self.compared, self.best) = (0, 0.0);
        }
        let enough = self.heard.len() + 1 >= NOTES_MIN;
        if !enough || self.phrases.is_empty() {
            self.similarity = None;
        } else if let Some(phrase) = self.phrases.get(self.compared) {
            self.best = self.best.max(alike(&self.heard, phrase, self.ended));
            self.compared += 1;
            if self.compared == self.phrases.len() {
                self.similarity = Some(self.best);
            }
        }
        self.similarity
    }

    /// Remembers the phrase that was heard. It waits until the next one begins, since its last note may be revised.
    fn keep(&mut self) {
        if self.heard.len() + 1 < NOTES_MIN || !self.ended {
            return;
        }
        if self.phrases.is_full() {
            self.phrases[self.oldest] = self.heard.clone();
            self.oldest = (self.oldest + 1) % PHRASES;
        } else {
            self.phrases.push(self.heard.clone());
        }
    }

    fn forget_round(&mut self) {
        self.heard.clear();
        self.ended = false;
        (self.compared, self.best, self.similarity) = (0, 0.0, None);
    }
}

fn steps(motif: &[MotifNote]) -> Steps {
    let between = |pair: &[MotifNote]| (pair[1].onset_s - pair[0].onset_s).max(0.01);
    let mut sorted: ArrayVec<f32, STEPS> = motif.windows(2).map(between).take(STEPS).collect();
    sorted.sort_unstable_by(f32::total_cmp);
    let Some(&median) = sorted.get(sorted.len() / 2) else { return Steps::new() };
    let step = |pair: &[MotifNote]| Step {
        interval: f32::from(pair[1].key) - f32::from(pair[0].key),
        duration: (between(pair) / median).log2(),
    };
    motif.windows(2).map(step).take(STEPS).collect()
}

/// How alike `heard` is to `known`, 0-1: to the whole of it, or to any beginning of it while `heard` goes on.
fn alike(heard: &[Step], known: &[Step], whole: bool) -> f32 {
    let mut costs: [f32; STEPS + 1] = std::array::from_fn(|column| column as f32 * GAP_COST);
    for (row, step) in heard.iter().enumerate() {
        let mut diagonal = std::mem::replace(&mut costs[0], (row + 1) as f32 * GAP_COST);
        for (column, other) in known.iter().enumerate() {
            let replaced = diagonal + difference(step, other);
            let shifted = costs[column].min(costs[column + 1]) + GAP_COST;
            diagonal = std::mem::replace(&mut costs[column + 1], replaced.min(shifted));
        }
    }
    let from = if whole { known.len() } else { 0 };
    let likeness = |columns: usize| 1.0 - costs[columns] / (UNRELATED_COST * heard.len().max(columns).max(1) as f32);
    (from..=known.len()).map(likeness).fold(0.0, f32::max)
}

fn difference(a: &Step, b: &Step) -> f32 {
    let interval = ((a.interval - b.interval).abs() / INTERVAL_LIMIT).min(1.0);
    let rhythm = ((a.duration - b.duration).abs() / RHYTHM_LIMIT).min(1.0);
    INTERVAL_WEIGHT * interval + (1.0 - INTERVAL_WEIGHT) * rhythm
}

#[cfg(test)]
mod tests {
    use super::super::testing::{Sound, end_s, line, notes, understand};
    use crate::settings::Settings;

    /// A line with a rhythm of its own: 1 1 2 1 1 3, a unit lasting `unit_s`.
    fn motif(keys: [u8; 6], start_s: f64, unit_s: f64) -> Vec<Sound> {
        let mut at = start_s;
        keys.iter()
            .zip([1.0, 1.0, 2.0, 1.0, 1.0, 3.0])
            .flat_map(|(&key, units)| {
                let on = at;
                at += units * unit_s;
                notes(&[(key, on, at - 0.1 * unit_s, 70)])
            })
            .collect()
    }

    fn similarity_at_the_end(sounds: Vec<Sound>) -> Option<f32> {
        let seconds = end_s(&sounds) + 1.5;
        understand(sounds, seconds, &Settings::default(), |_| ()).similarity
    }

    #[test]
    fn a_phrase_repeated_in_another_key_and_tempo_is_known_again() {
        let first = motif([60, 62, 64, 67, 65, 64], 0.0, 0.3);
        let again = motif([65, 67, 69, 72, 70, 69], 5.0, 0.4);
        let similarity = similarity_at_the_end([first, again].concat());
        assert!(similarity.is_some_and(|s| s >= 0.95), "{similarity:?}");
    }

    #[test]
    fn a_phrase_repeated_with_one_wrong_note_is_still_known() {
        let first = motif([60, 62, 64, 67, 65, 64], 0.0, 0.3);
        let again = motif([60, 62, 64, 66, 65, 64], 5.0, 0.3);
        let similarity = similarity_at_the_end([first, again].concat());
        assert!(similarity.is_some_and(|s| s >= 0.8), "{similarity:?}");
    }

    #[test]
    fn an_unrelated_phrase_is_not_taken_for_a_repetition() {
        let first = motif([60, 62, 64, 67, 65, 64], 0.0, 0.3);
        let other = line(&[72, 67, 69, 62, 64, 57, 60], 5.0, 0.3);
        let similarity = similarity_at_the_end([first, other].concat());
        assert!(similarity.is_some_and(|s| s < 0.6), "{similarity:?}");
    }

    #[test]
    fn there_is_nothing_to_compare_in_the_first_phrase_nor_before_its_third_note() {
        let first = motif([60, 62, 64, 67, 65, 64], 0.0, 0.3);
        assert_eq!(similarity_at_the_end(first.clone()), None);
        assert_eq!(similarity_at_the_end([first, line(&[60, 62], 5.0, 0.3)].concat()), None);
    }

    #[test]
    fn the_best_of_many_phrases_is_found_within_a_tenth_of_a_second() {
        let mut sounds: Vec<Sound> = (0..40_u8)
            .flat_map(|n| line(&[60, 60 + n % 11, 62, 60 + n % 7, 65, 60 + n % 5, 59], f64::from(n) * 3.5, 0.3))
            .collect();
        sounds.extend(motif([60, 62, 64, 67, 65, 64], 140.0, 0.3));
        let again = motif([62, 64, 66, 69, 67, 66], 144.0, 0.3);
        sounds.extend(again);
        let (mut ended, mut found) = (0, 0);
        understand(sounds, 148.0, &Settings::default(), |meaning| {
            if meaning.phrase.ended {
                ended = meaning.now;
            }
            if meaning.phrase.number == 42 && !meaning.phrase.open && meaning.similarity.is_some_and(|s| s > 0.95) {
                found = if found == 0 { meaning.now } else { found };
            }
        });
        assert!(found > 0 && found - ended < 4_800, "ended {ended}, found {found}");
    }
}
