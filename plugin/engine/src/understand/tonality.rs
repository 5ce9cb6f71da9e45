//! Key and mode: which of 24 keys, or none, the client's last notes speak for, and the tone she rests on.
//!
//! Each note speaks by the root of its length for the keys whose profile favours its pitch class, and is forgotten as
//! further notes come. The hypothesis "no key", every pitch class alike, competes with the keys; what is claimed is the
//! posterior. On 400 tunes of the Nottingham collection the key is right after 4, 8, 16, 32, 64 notes in 71, 85, 86,
//! 87, 89 % (Euclidean distance to the same profiles, same memory: 65, 79, 76, 79, 82); what is claimed is right in
//! nine of ten cases.

use super::meaning::Tonality;
use super::recent::{RECENT_NOTES, Recent, RecentNote};
use crate::key::{Key, KeyChoice, Mode, PitchClass};
use crate::settings::{Listen, Settings};
use crate::time::{Clock, SampleTime};

/// Share of each degree in major and minor melodies: Albrecht and Shanahan (2013), Music Perception 31(1).
const PROFILES: [(Mode, [f32; 12]); 2] = [
    (Mode::Major, [0.238, 0.006, 0.111, 0.006, 0.137, 0.094, 0.016, 0.214, 0.009, 0.080, 0.008, 0.081]),
    (Mode::Minor, [0.220, 0.006, 0.104, 0.123, 0.019, 0.103, 0.012, 0.214, 0.062, 0.022, 0.061, 0.052]),
];

/// Added to every share before the logarithm, so that one strange note rules out no key. 0.003 to 0.03 score alike.
const PROFILE_FLOOR: f32 = 0.03;

/// Keys weighed.
const KEYS: usize = 24;

/// Notes after which a note counts for 1/e. 24 is within a point of the best on tunes that stay in one key, and
/// follows a new key within a phrase or two.
const MEMORY_NOTES: f32 = 24.0;

/// Weight of a note of one second in nats; set so that the posterior is as sure as it is right (0.87 sure, 0.87 right
/// after 32 notes).
const EVIDENCE_AT_1_S: f32 = 2.9;

/// Longer notes count as this long, s.
const NOTE_LENGTH_MAX_S: f32 = 1.0;

/// A phrase's last note counts this much more.
const PHRASE_FINAL_WEIGHT: f32 = 1.3;

/// Odds of "no key" before the first note, nats: 12 random notes claim a key in 5 of 100 cases.
const NO_KEY_PRIOR: f32 = 3.0;

/// A key is claimed from this confidence on, and a new key takes the place of the old one from it on.
const CLAIM_CONFIDENCE: f32 = 0.5;

/// A claimed key is given up below this confidence.
const GIVE_UP_CONFIDENCE: f32 = 0.3;

/// Fewest pitch classes that can tell a key; one tone repeated is an anchor, not a key.
const PITCH_CLASSES_MIN: usize = 3;

/// How long a note counts towards the anchor at most, s.
const ANCHOR_LENGTH_MAX_S: f32 = 3.0;

/// A phrase's last note counts this much more towards the anchor.
const ANCHOR_FINAL_WEIGHT: f32 = 2.0;

/// A note below the mean of the last ones counts this much more towards the anchor.
const ANCHOR_LOW_WEIGHT: f32 = 1.25;

/// Another tone becomes the anchor when it has this many times the weight.
const ANCHOR_CHANGE: f32 = 1.2;

/// While a note sounds, what it says is weighed again this often, s.
const WEIGH_EVERY_S: f64 = 0.02;

/// The sense of key.
pub struct TonalitySense {
    /// Log probability of each pitch class in each key.
    likelihoods: [[f32; 12]; KEYS],
    /// What is left of a note after so many others.
    memory: [f32; RECENT_NOTES],
    weigh_every_hops: usize,
    hops_since: usize,
    /// The key heard and its confidence, whatever is locked.
    heard: Option<usize>,
    tonality: Tonality,
}

impl TonalitySense {
    /// No key yet.
    pub fn new(clock: Clock) -> Self {
        let likelihood = |key: usize, class: usize| {
            let share = PROFILES[key / 12].1[(class + 12 - key % 12) % 12];
            ((share + PROFILE_FLOOR) / (1.0 + 12.0 * PROFILE_FLOOR)).ln()
        };
        Self {
            likelihoods: std::array::from_fn(|key| std::array::from_fn(|class| likelihood(key, class))),
            memory: std::array::from_fn(|age| (-(age as f32) / MEMORY_NOTES).exp()),
            weigh_every_hops: clock.hops(WEIGH_EVERY_S),
            hops_since: 0,
            heard: None,
            tonality: Tonality::default(),
        }
    }

    /// Back to the state after `new`.
    pub fn reset(&mut self) {
        self.hops_since = 0;
        self.heard = None;
        self.tonality = Tonality::default();
    }

    /// Weighs the client's last notes at `now`.
    pub fn process(&mut self, now: SampleTime, recent: &Recent, settings: &Settings) -> &Tonality {
        self.hops_since += 1;
        let still_sounds = recent.sounding().is_some() && self.hops_since >= self.weigh_every_hops;
        if recent.changed() || still_sounds {
            self.hops_since = 0;
            self.weigh(now, recent);
        }
        let mut posterior = self.tonality.confidence;
        if recent.notes().is_empty() {
            (self.heard, posterior) = (None, 0.0);
        }
        (self.tonality.key, self.tonality.confidence) = match settings.key {
            KeyChoice::Locked(key) => (Some(key), 1.0),
            KeyChoice::Auto if settings.listen == Listen::Untuned => (None, 0.0),
            KeyChoice::Auto => (self.heard.map(key_at), posterior),
        };
        &self.tonality
    }

    fn weigh(&mut self, now: SampleTime, recent: &Recent) {
        let mut evidence = [0.0; 12];
        let mut rest = [0.0; 12];
        let centre = centre_key(recent.notes());
        for (note, memory) in recent.notes().iter().rev().zip(self.memory) {
            let class = usize::from(recent.key(&note.heard) % 12);
            let length_s = recent.length_s(&note.heard, now);
            let final_weight = if note.phrase_final { PHRASE_FINAL_WEIGHT } else { 1.0 };
            evidence[class] += memory * final_weight * EVIDENCE_AT_1_S * length_s.min(NOTE_LENGTH_MAX_S).sqrt();
            let final_weight = if note.phrase_final { ANCHOR_FINAL_WEIGHT } else { 1.0 };
            let low_weight = if f32::from(note.heard.key) < centre { ANCHOR_LOW_WEIGHT } else { 1.0 };
            rest[class] += memory * final_weight * low_weight * length_s.min(ANCHOR_LENGTH_MAX_S);
        }
        let sum: f32 = evidence.iter().sum();
        self.tonality.profile = if sum > 0.0 { evidence.map(|weight| weight / sum) } else { evidence };
        self.find_key(&evidence, sum);
        self.find_anchor(&rest);
    }

    fn find_key(&mut self, evidence: &[f32; 12], sum: f32) {
        let support: [f32; KEYS] =
            std::array::from_fn(|key| self.likelihoods[key].iter().zip(evidence).map(|(likely, e)| likely * e).sum());
        let no_key = -(12.0_f32.ln()) * sum + NO_KEY_PRIOR;
        let most = support.iter().copied().fold(no_key, f32::max);
        let mut posterior = support.map(|support| (support - most).exp());
        let total: f32 = posterior.iter().sum::<f32>() + (no_key - most).exp();
        posterior.iter_mut().for_each(|share| *share /= total);

        let best = (0..KEYS).max_by(|&a, &b| posterior[a].total_cmp(&posterior[b])).unwrap_or(0);
        let enough = evidence.iter().filter(|&&weight| weight > 0.0).count() >= PITCH_CLASSES_MIN;
        let held = self.heard.filter(|&key| enough && posterior[key] >= GIVE_UP_CONFIDENCE);
        self.heard = if enough && posterior[best] >= CLAIM_CONFIDENCE { Some(best) } else { held };
        self.tonality.confidence = if enough { posterior[self.heard.unwrap_or(best)] } else { 0.0 };
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

fn key_at(index: usize) -> Key {
    Key { tonic: (index % 12) as PitchClass, mode: PROFILES[index / 12].0 }
}

fn centre_key(notes: &[RecentNote]) -> f32 {
    notes.iter().map(|note| f32::from(note.heard.key)).sum::<f32>() / notes.len().max(1) as f32
}

#[cfg(test)]
mod tests {
    use super::super::testing::{Sound, end_s, line, understand};
    use super::*;

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
                let late = meaning.now > super::super::testing::clock().samples(known_s);
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
            if meaning.now < super::super::testing::clock().samples(there) {
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
