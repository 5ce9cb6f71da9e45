//! Key, mode and chord: which key the client's notes speak for, or none, what chord lies under them, and the tone she
//! rests on.
//!
//! One joint filter over key and chord ([`filter`]) is moved on beat by beat ([`steps`]); what is claimed of the key is
//! slower and surer than what the chords go by.

mod filter;
mod mode;
mod spans;
mod steps;
mod tables;

use super::meaning::{ChordSense, PulseSense, Tonality};
use super::recent::{RECENT_NOTES, Recent, RecentNote};
use crate::chord::Chord;
use crate::key::{Key, KeyChoice, PitchClass};
use crate::settings::{Listen, Settings};
use crate::time::{Clock, SampleTime};
use filter::{Filter, KEYS, Place, key_at};
use mode::coloured;
use steps::{Sang, Steps};

/// A key is claimed from this confidence on, and a new key takes the place of the old one from it on.
const CLAIM_CONFIDENCE: f32 = 0.6;

/// A claimed key is given up below this confidence.
const GIVE_UP_CONFIDENCE: f32 = 0.2;

/// Fewest pitch classes that can tell a key; one tone repeated is an anchor, not a key.
const PITCH_CLASSES_MIN: usize = 3;

/// Notes after which a note counts for 1/e towards the profile and the anchor: two or three phrases.
const MEMORY_NOTES: f32 = 20.0;

/// How long a note counts towards the anchor at most, s.
const ANCHOR_LENGTH_MAX_S: f32 = 3.0;

/// A phrase's last note counts this much more towards the anchor.
const ANCHOR_FINAL_WEIGHT: f32 = 2.0;

/// A note below the mean of the last ones counts this much more towards the anchor.
const ANCHOR_LOW_WEIGHT: f32 = 1.25;

/// Another tone becomes the anchor when it has this many times the weight.
const ANCHOR_CHANGE: f32 = 1.2;

/// While a note sounds, what it says of profile and anchor is weighed again this often, s.
const WEIGH_EVERY_S: f64 = 0.02;

/// The sense of key and chord.
pub struct TonalitySense {
    filter: Filter,
    steps: Steps,
    /// What is left of a note after so many others.
    memory: [f32; RECENT_NOTES],
    weigh_every_hops: usize,
    hops_since: usize,
    /// The key heard, whatever is locked, as major or minor.
    heard: Option<usize>,
    /// The same in its mode.
    coloured: Option<Key>,
    /// How sure of it, or of the best candidate.
    posterior: f32,
    tonality: Tonality,
    chords: ChordSense,
}

impl TonalitySense {
    /// No key yet.
    pub fn new(clock: Clock) -> Self {
        let filter = Filter::new();
        Self {
            steps: Steps::new(clock, &filter),
            filter,
            memory: std::array::from_fn(|age| (-(age as f32) / MEMORY_NOTES).exp()),
            weigh_every_hops: clock.hops(WEIGH_EVERY_S),
            hops_since: 0,
            heard: None,
            coloured: None,
            posterior: 0.0,
            tonality: Tonality::default(),
            chords: ChordSense::default(),
        }
    }

    /// Back to the state after `new`.
    pub fn reset(&mut self, clock: Clock) {
        self.filter.lock(None);
        self.steps = Steps::new(clock, &self.filter);
        self.hops_since = 0;
        self.heard = None;
        self.coloured = None;
        self.posterior = 0.0;
        self.tonality = Tonality::default();
        self.chords = ChordSense::default();
    }

    /// Weighs the client's last notes at `now`.
    /// `glides`: the pitch of the note that sounds is still on its way.
    pub fn process(
        &mut self,
        now: SampleTime,
        recent: &Recent,
        glides: bool,
        pulse: &PulseSense,
        settings: &Settings,
    ) -> &Tonality {
        let locked = match settings.key {
            KeyChoice::Locked(key) => Some(key),
            KeyChoice::Auto => None,
        };
        let relocked = self.filter.lock(locked);
        self.hops_since += 1;
        let still_sounds = recent.sounding().is_some() && self.hops_since >= self.weigh_every_hops;
        if recent.changed() || still_sounds {
            self.hops_since = 0;
            self.weigh(now, recent);
        }
        if self.steps.process(&Sang { now, recent, glides, pulse }, &self.filter, relocked) {
            self.claim_key();
            self.name_chords(pulse);
        }
        (self.tonality.key, self.tonality.confidence) = match locked {
            Some(key) => (Some(key), 1.0),
            None if settings.listen == Listen::Untuned => (None, 0.0),
            None => (self.coloured, self.posterior),
        };
        &self.tonality
    }

    /// The chords under what is sung, as of the last hop.
    pub fn chords(&self) -> &ChordSense {
        &self.chords
    }

    fn weigh(&mut self, now: SampleTime, recent: &Recent) {
        let mut sung = [0.0; 12];
        let mut rest = [0.0; 12];
        let centre = centre_key(recent.notes());
        for (note, memory) in recent.notes().iter().rev().zip(self.memory) {
            let class = usize::from(recent.key(&note.heard) % 12);
            let length_s = recent.length_s(&note.heard, now);
            let final_weight = if note.phrase_final { ANCHOR_FINAL_WEIGHT } else { 1.0 };
            let low_weight = if f32::from(note.heard.key) < centre { ANCHOR_LOW_WEIGHT } else { 1.0 };
            sung[class] += memory * length_s;
            rest[class] += memory * final_weight * low_weight * length_s.min(ANCHOR_LENGTH_MAX_S);
        }
        let sum: f32 = sung.iter().sum();
        self.tonality.profile = if sum > 0.0 { sung.map(|weight| weight / sum) } else { sung };
        self.find_anchor(&rest);
    }

    fn claim_key(&mut self) {
        let keys = &self.steps.now.keys;
        let classes = self.tonality.profile.iter().filter(|&&share| share > 0.0).count();
        let enough = classes >= PITCH_CLASSES_MIN;
        let best = (0..KEYS).max_by(|&a, &b| keys[a].total_cmp(&keys[b])).unwrap_or(0);
        let held = self.heard.filter(|&key| enough && keys[key] >= GIVE_UP_CONFIDENCE);
        self.heard = if enough && keys[best] >= CLAIM_CONFIDENCE { Some(best) } else { held };
        let before = self.coloured;
        self.coloured = self.heard.map(|key| coloured(key_at(key), &self.tonality.profile, before));
        self.posterior = if enough { keys[self.heard.unwrap_or(best)] } else { 0.0 };
    }

    fn name_chords(&mut self, pulse: &PulseSense) {
        let spans = &self.steps.now.spans;
        let place = pulse.grid.map_or(Place::Unknown, |grid| Place::after(grid.number, grid.per_bar));
        let next = spans.expect(&self.filter, place).chords();
        let now = spans.belief.chords();
        let likeliest = |chords: &[f32]| (0..chords.len()).max_by(|&a, &b| chords[a].total_cmp(&chords[b]));
        let (chord, after) = (likeliest(&now).map(Chord::at), likeliest(&next).map(Chord::at));
        self.chords = ChordSense {
            now,
            chord,
            confidence: chord.map_or(0.0, |chord| now[chord.index()]),
            next: after,
            next_confidence: after.map_or(0.0, |chord| next[chord.index()]),
        };
    }

    fn find_anchor(&mut self, rest: &[f32; 12]) {
        let best = (0..12).max_by(|&a, &b| rest[a].total_cmp(&rest[b])).filter(|&class| rest[class] > 0.0);
        let kept = self.tonality.anchor.map(usize::from).filter(|&old| {
            let challenger = best.map_or(0.0, |class| rest[class]);
            rest[old] > 0.0 && challenger < ANCHOR_CHANGE * rest[old]
        });
        self.tonality.anchor = kept.or(best).map(|class| class as PitchClass);
    }
}

fn centre_key(notes: &[RecentNote]) -> f32 {
    notes.iter().map(|note| f32::from(note.heard.key)).sum::<f32>() / notes.len().max(1) as f32
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::key::Mode;
    use crate::understand::testing::{Sound, end_s, line, understand};

    fn key(name: &str) -> Option<Key> {
        Some(Key::parse(name).unwrap())
    }

    /// Frère Jacques from `tonic`: stepwise, and it says its key.
    fn tune(tonic: u8) -> Vec<u8> {
        [0, 2, 4, 0, 0, 2, 4, 0, 4, 5, 7, 4, 5, 7].map(|step| tonic + step).to_vec()
    }

    #[test]
    fn the_key_of_a_simple_tune_is_known_within_eight_notes_and_stays() {
        for tonic in 0..12 {
            let sounds = line(&tune(55 + tonic), 0.0, 0.4);
            let expected = Some(Key { tonic: (55 + tonic) % 12, mode: Mode::Major });
            let mut wrong = 0;
            let known_s = 8.0 * 0.4 + 0.1;
            understand(sounds, 6.0, &Settings::default(), |meaning| {
                let late = meaning.now > crate::understand::testing::clock().samples(known_s);
                wrong += usize::from(late && meaning.tonality.key != expected);
            });
            assert_eq!(wrong, 0, "tonic {tonic}");
        }
    }

    #[test]
    fn a_minor_tune_is_minor_and_rests_where_it_ends_long() {
        let mut sounds = line(&[62, 64, 65, 69, 67, 65, 64, 62, 69, 70, 69, 65, 64, 62], 0.0, 0.4);
        sounds[13].off_s += 0.6;
        let meaning = understand(sounds, 6.0, &Settings::default(), |_| ());
        assert_eq!(meaning.tonality.key, key("D:min"));
        assert_eq!(meaning.tonality.anchor, Some(2));
    }

    /// The drunken sailor from `tonic`: dorian, with `sixth` semitones where it shows.
    fn sailor(tonic: u8, sixth: u8) -> Vec<u8> {
        let low = [7, 7, 7, 7, 0, 3, 7, 5, 5, 5, 5, 2, 5];
        let high = [7, 7, 7, 7, sixth, 10, 12, 10, 7, 5, 3, 0, 0];
        low.iter().chain(&high).map(|above| tonic + above).collect()
    }

    #[test]
    fn a_dorian_tune_is_called_dorian_and_a_minor_one_minor() {
        for (sixth, name) in [(9, "D:dorian"), (8, "D:min")] {
            let tune = sailor(62, sixth);
            let meaning = understand(line(&[&tune[..], &tune].concat(), 0.0, 0.4), 20.0, &Settings::default(), |_| ());
            assert_eq!(meaning.tonality.key, key(name));
        }
    }

    #[test]
    fn one_passing_low_seventh_colours_no_key() {
        let mut plain = tune(60);
        plain.extend([67, 71, 72, 70, 69, 67, 65, 64, 62, 71, 72, 64, 60]);
        understand(line(&plain, 0.0, 0.4), 12.0, &Settings::default(), |meaning| {
            assert!(meaning.tonality.key.is_none_or(|key| key.mode == Mode::Major), "at {}", meaning.now);
        });
    }

    #[test]
    fn a_singer_forty_cents_flat_throughout_has_one_key() {
        let mut sounds: Vec<Sound> = line(&[tune(60), tune(60)].concat(), 0.0, 0.4);
        let waver = [-0.40, -0.52, -0.35, -0.44, -0.31, -0.55];
        for (index, sound) in sounds.iter_mut().enumerate() {
            sound.pitch = sound.pitch.map(|pitch| pitch + waver[index % waver.len()]);
        }
        let mut keys = Vec::new();
        understand(sounds, 12.0, &Settings::default(), |meaning| keys.extend(meaning.tonality.key));
        keys.dedup();
        assert_eq!(keys, [Key::parse("C:maj").unwrap()]);
    }

    #[test]
    fn a_locked_key_is_never_changed_whatever_is_sung() {
        let locked = Key::parse("E:phrygian").unwrap();
        let settings = Settings { key: KeyChoice::Locked(locked), ..Settings::default() };
        understand(line(&tune(60), 0.5, 0.4), 8.0, &settings, |meaning| {
            assert_eq!((meaning.tonality.key, meaning.tonality.confidence), (Some(locked), 1.0));
        });
    }

    #[test]
    fn a_melody_that_moves_to_another_key_is_followed_within_two_phrases() {
        let mut sounds = line(&[tune(60), tune(60)].concat(), 0.0, 0.4);
        let there = end_s(&sounds) + 0.5;
        sounds.extend(line(&[tune(66), tune(66)].concat(), there, 0.4));
        let mut before = None;
        let meaning = understand(sounds, there + 12.0, &Settings::default(), |meaning| {
            if meaning.now < crate::understand::testing::clock().samples(there) {
                before = meaning.tonality.key;
            }
        });
        assert_eq!((before, meaning.tonality.key), (key("C:maj"), key("Gb:maj")));
    }

    #[test]
    fn no_key_is_claimed_before_there_is_evidence_nor_for_chromatic_wandering() {
        let few = understand(line(&[60, 67], 0.0, 0.4), 3.0, &Settings::default(), |_| ());
        assert_eq!(few.tonality.key, None);
        let one_tone = understand(line(&[60; 20], 0.0, 0.4), 9.0, &Settings::default(), |_| ());
        assert_eq!((one_tone.tonality.key, one_tone.tonality.anchor), (None, Some(0)));
        let wandering: Vec<u8> = (0..36).map(|index| 55 + (index * 7 % 12 + index * 5 % 7) as u8).collect();
        understand(line(&wandering, 0.0, 0.3), 12.0, &Settings::default(), |meaning| {
            assert_eq!(meaning.tonality.key, None, "at {}", meaning.now);
        });
    }

    #[test]
    fn the_profile_sums_to_one_once_something_was_sung() {
        let meaning = understand(line(&tune(60), 0.0, 0.4), 6.0, &Settings::default(), |_| ());
        assert!((meaning.tonality.profile.iter().sum::<f32>() - 1.0).abs() < 1e-5);
    }
}
