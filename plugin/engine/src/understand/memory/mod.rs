//! Memory: the last phrases as intervals and rhythm, with the chords that were played under them, and how alike the
//! phrase being heard is to the best of them ([`similarity`]). One comparison is made a hop, so that no hop costs more than
//! another.

mod similarity;

use super::meaning::{MotifNote, PHRASE_CHORDS, PlayedChord, Return};
use arrayvec::ArrayVec;
use similarity::{Steps, alike};

/// Phrases remembered.
const PHRASES: usize = 32;

/// Fewest notes that can be compared; two notes are one interval, and alike by chance.
const NOTES_MIN: usize = 3;

/// Fewest notes from which a phrase may be claimed to return: half a phrase of usual length (8 notes, Essen).
const RETURN_NOTES_MIN: usize = 4;

/// Similarity from which a phrase that has ended returns an earlier one, and one that goes on: what has begun alike may
/// go on otherwise. Across songs 1 % of the phrases reach the former.
const RETURNS: f32 = 0.6;
const RETURNS_SO_FAR: f32 = 0.7;

/// While a phrase goes on, so many steps of it are still to come, and are taken to be as alike as those of another song
/// (median of the best of 17 phrases of other songs, OpenEWLD and Nottingham: 0.29): three notes are alike by chance.
const STEPS_TO_COME: f32 = 2.0;
const ALIKE_BY_CHANCE: f32 = 0.29;

/// Paces nearer than this are one, octaves of time.
const SAME_PACE: f32 = 0.07;

/// A phrase that is remembered.
#[derive(Clone, Debug)]
struct Phrase {
    number: u32,
    first_key: u8,
    steps: Steps,
    chords: ArrayVec<PlayedChord, PHRASE_CHORDS>,
}

/// What there is to know of a phrase in one hop.
pub struct Moment<'a> {
    /// Its notes so far.
    pub motif: &'a [MotifNote],
    /// They are not what they were.
    pub changed: bool,
    /// It begins here.
    pub began: bool,
    /// It ends here.
    pub ended: bool,
    /// Its number.
    pub number: u32,
    /// The chord that sounds with it, if it is another than before.
    pub chord: Option<PlayedChord>,
}

/// The memory of phrases.
pub struct Memory {
    /// The oldest is overwritten first.
    phrases: ArrayVec<Phrase, PHRASES>,
    /// Where the next phrase goes once the memory is full.
    oldest: usize,
    heard: Phrase,
    /// The phrase being heard has ended: compare it as a whole, then keep it.
    ended: bool,
    /// Comparisons made so far in this round, two a remembered phrase.
    compared: usize,
    /// The best so far, and which it is.
    best: (f32, usize),
    similarity: Option<f32>,
    returns: Option<Return>,
}

impl Memory {
    /// Nothing remembered.
    pub fn new() -> Self {
        Self {
            phrases: ArrayVec::new(),
            oldest: 0,
            heard: Phrase { number: 0, first_key: 0, steps: Steps::of(&[]), chords: ArrayVec::new() },
            ended: false,
            compared: 0,
            best: (0.0, 0),
            similarity: None,
            returns: None,
        }
    }

    /// Back to the state after `new`.
    pub fn reset(&mut self) {
        self.phrases.clear();
        self.oldest = 0;
        self.forget_round();
    }

    /// One hop. Similarity, 0-1, of the phrase being heard to the best remembered one.
    pub fn process(&mut self, moment: &Moment) -> Option<f32> {
        if moment.began {
            self.keep();
            self.forget_round();
        }
        if let Some(chord) = moment.chord {
            let _ = self.heard.chords.try_push(chord);
        }
        if moment.changed || moment.ended {
            self.heard.number = moment.number;
            self.heard.first_key = moment.motif.first().map_or(0, |note| note.key);
            self.heard.steps = Steps::of(moment.motif);
            self.ended |= moment.ended;
            (self.compared, self.best) = (0, (0.0, 0));
        }
        if self.heard.steps.len + 1 < NOTES_MIN || self.phrases.is_empty() {
            (self.similarity, self.returns) = (None, None);
        } else if self.compared < 2 * self.phrases.len() {
            self.compare();
        }
        self.similarity
    }

    /// The remembered phrase that the one being heard returns, if it is sure enough.
    pub fn returns(&self) -> Option<Return> {
        self.returns
    }

    /// The chords that were played under phrase `number`, as long as it is remembered.
    pub fn chords(&self, number: u32) -> &[PlayedChord] {
        self.phrases.iter().find(|phrase| phrase.number == number).map_or(&[], |phrase| &phrase.chords)
    }

    /// Makes the next comparison: at the ratio of the paces, then at the same tempo unless that is the same.
    fn compare(&mut self) {
        let (index, same_tempo) = (self.compared / 2, self.compared % 2 == 1);
        let (heard, known) = (&self.heard.steps, &self.phrases[index].steps);
        let ratio = heard.pace - known.pace;
        if !same_tempo || ratio.abs() > SAME_PACE {
            let likeness = alike(heard, known, if same_tempo { 0.0 } else { ratio }, self.ended);
            if likeness > self.best.0 {
                self.best = (likeness, index);
            }
        }
        self.compared += 1;
        if self.compared == 2 * self.phrases.len() {
            let similarity = if self.ended { self.best.0 } else { so_far(self.best.0, heard.len) };
            self.similarity = Some(similarity);
            let enough = if self.ended { RETURNS } else { RETURNS_SO_FAR };
            let claimed = similarity >= enough && heard.len + 1 >= RETURN_NOTES_MIN;
            let known = &self.phrases[self.best.1];
            self.returns = claimed.then_some(Return {
                number: known.number,
                similarity,
                semitones: self.heard.first_key as i8 - known.first_key as i8,
            });
        }
    }

    /// Remembers the phrase that was heard. It waits until the next one begins, since its last note may be revised.
    fn keep(&mut self) {
        if self.heard.steps.len + 1 < NOTES_MIN || !self.ended {
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
        self.heard.steps.len = 0;
        self.heard.chords.clear();
        self.ended = false;
        (self.compared, self.best, self.similarity, self.returns) = (0, (0.0, 0), None, None);
    }
}

/// How alike a phrase is that goes on, if `steps` of it are `likeness`.
fn so_far(likeness: f32, steps: usize) -> f32 {
    let steps = steps as f32;
    (likeness * steps + ALIKE_BY_CHANCE * STEPS_TO_COME) / (steps + STEPS_TO_COME)
}

#[cfg(test)]
mod tests {
    use super::super::testing::{Sound, end_s, line, notes, understand};
    use crate::chance::{Chance, Stream};
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
        assert!(similarity.is_some_and(|s| s >= 0.7), "{similarity:?}");
    }

    #[test]
    fn an_ornamented_phrase_in_another_key_is_claimed_to_return_and_so_is_none_other() {
        let first = motif([60, 62, 64, 67, 65, 64], 0.0, 0.3);
        let mut other = line(&[72, 67, 69, 62, 64, 57, 60], 5.0, 0.3);
        let again = motif([65, 67, 69, 72, 70, 69], 10.0, 0.3);
        // A turn on the third note, and a passing note into the last.
        let (third, fifth) = (again[2], again[4]);
        let mut ornamented = again.clone();
        ornamented[2].off_s = third.on_s + 0.28;
        ornamented.push(Sound { pitch: Some(71.0), on_s: third.on_s + 0.3, off_s: third.on_s + 0.44, ..third });
        ornamented.push(Sound { pitch: Some(69.0), on_s: third.on_s + 0.45, ..third });
        ornamented[4].off_s = fifth.on_s + 0.14;
        ornamented.push(Sound { pitch: Some(69.0), on_s: fifth.on_s + 0.15, ..fifth });
        ornamented.sort_by(|a, b| a.on_s.total_cmp(&b.on_s));
        other.extend(first);
        let heard = |sounds: Vec<Sound>| {
            let seconds = end_s(&sounds) + 1.5;
            understand(sounds, seconds, &Settings::default(), |_| ()).returns
        };
        assert_eq!(heard(other.clone()), None);
        other.extend(ornamented);
        let returns = heard(other).unwrap();
        assert_eq!((returns.number, returns.semitones), (1, 5));
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

    /// A phrase of its own: key and length of each note in units.
    fn tune(seed: u32) -> Vec<(u8, f64)> {
        let mut chance = Chance::new(seed, Stream::Silence, 3);
        let mut key = 64.0_f32;
        (0..9)
            .map(|_| {
                key = (key + chance.between(-4.5, 4.5)).clamp(55.0, 76.0);
                (key.round() as u8, [1.0, 1.0, 2.0, 0.5, 1.5][chance.between(0.0, 4.99) as usize])
            })
            .collect()
    }

    /// The same, a third of its longer notes ornamented by the upper neighbour or a repeated note.
    fn ornamented(tune: &[(u8, f64)]) -> Vec<(u8, f64)> {
        let ornament = |(index, &(key, units)): (usize, &(u8, f64))| match index % 3 {
            1 if units >= 1.0 && index % 2 == 1 => vec![(key, units / 2.0), (key + 2, units / 4.0), (key, units / 4.0)],
            1 if units >= 1.0 => vec![(key + 2, units / 4.0), (key, 0.75 * units)],
            _ => vec![(key, units)],
        };
        tune.iter().enumerate().flat_map(ornament).collect()
    }

    #[test]
    fn of_24_songs_none_is_taken_for_another_and_nine_of_ten_are_known_again_ornamented_in_another_key() {
        let songs: Vec<Vec<(u8, f64)>> = (0..24).map(tune).collect();
        let mut phrases = songs.clone();
        let up = |tune: Vec<(u8, f64)>| tune.into_iter().map(|(key, units)| (key + 5, units)).collect::<Vec<_>>();
        // Those heard again are still among the last 32.
        phrases.extend(songs[4..].iter().map(|song| up(ornamented(song))));
        let (mut sounds, mut at) = (Vec::new(), 0.5);
        for (key, units) in phrases
            .iter()
            .flat_map(|phrase| phrase.iter().copied().map(Some).chain([None]))
            .map(|n| n.unwrap_or((0, 4.0)))
        {
            if key > 0 {
                sounds.extend(notes(&[(key, at, at + 0.28 * units, 70)]));
            }
            at += 0.3 * units;
        }
        let mut claims = vec![None; phrases.len() + 1];
        understand(sounds, at, &Settings::default(), |meaning| {
            if !meaning.phrase.open {
                claims[meaning.phrase.number as usize] = meaning.returns.map(|returns| returns.number);
            }
        });
        assert_eq!(claims[..=24].iter().flatten().count(), 0, "{claims:?}");
        let known = (5..=24).filter(|&song| claims[song as usize + 20] == Some(song)).count();
        assert!(known >= 18, "{known} {claims:?}");
    }
}
