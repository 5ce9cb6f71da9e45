//! Key and mode: which of 24 keys, or none, the client's notes speak for, and the tone she rests on.
//!
//! A filter over 25 hypotheses: each note speaks, by the root of its length, for the keys whose profile favours its
//! pitch class against "no key", in which all are alike; and from note to note the key may have changed. What is
//! claimed is the posterior. On 200 tunes of the Nottingham collection the claimed key is the
//! tune's for 84 % of the time, another for 10 %, none for 6 %; moved by a tritone in mid-tune, half of them are right
//! again after 9 notes, three quarters after 15 (a profile with a memory of 24 notes: 81, 13, 6; 30, 37).

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

/// Chance that the key has changed from a note to the next, to any other. 0.005 to 0.02 score alike.
const CHANGE: f32 = 0.01;

/// Share of "no key" before the first note and after a change.
const NO_KEY: f32 = 0.7;

/// Hypotheses: the keys, and none.
const HYPOTHESES: usize = KEYS + 1;

/// Notes that may still be revised or withdrawn, and are weighed anew each time.
const PENDING_NOTES: usize = 6;

/// Weight of a note of one second. Less, and it is slower to know; more, and it changes its mind at every turn.
const EVIDENCE_AT_1_S: f32 = 3.0;

/// Longer notes count as this long, s.
const NOTE_LENGTH_MAX_S: f32 = 1.0;

/// A phrase's last note counts this much more.
const PHRASE_FINAL_WEIGHT: f32 = 1.3;

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

/// While a note sounds, what it says is weighed again this often, s.
const WEIGH_EVERY_S: f64 = 0.02;

/// The sense of key.
pub struct TonalitySense {
    /// Log probability of each pitch class in each key, against "no key".
    likelihoods: [[f32; 12]; KEYS],
    /// The posterior after the notes that are no longer revised.
    settled: [f32; HYPOTHESES],
    /// The last of these.
    settled_note: u32,
    /// What is left of a note after so many others.
    memory: [f32; RECENT_NOTES],
    weigh_every_hops: usize,
    hops_since: usize,
    /// The key heard, whatever is locked.
    heard: Option<usize>,
    /// How sure of it, or of the best candidate.
    posterior: f32,
    tonality: Tonality,
}

impl TonalitySense {
    /// No key yet.
    pub fn new(clock: Clock) -> Self {
        let likelihood = |key: usize, class: usize| {
            let share = PROFILES[key / 12].1[(class + 12 - key % 12) % 12];
            (12.0 * (share + PROFILE_FLOOR) / (1.0 + 12.0 * PROFILE_FLOOR)).ln()
        };
        Self {
            likelihoods: std::array::from_fn(|key| std::array::from_fn(|class| likelihood(key, class))),
            settled: prior(),
            settled_note: 0,
            memory: std::array::from_fn(|age| (-(age as f32) / MEMORY_NOTES).exp()),
            weigh_every_hops: clock.hops(WEIGH_EVERY_S),
            hops_since: 0,
            heard: None,
            posterior: 0.0,
            tonality: Tonality::default(),
        }
    }

    /// Back to the state after `new`.
    pub fn reset(&mut self) {
        self.settled = prior();
        self.settled_note = 0;
        self.hops_since = 0;
        self.heard = None;
        self.posterior = 0.0;
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
        (self.tonality.key, self.tonality.confidence) = match settings.key {
            KeyChoice::Locked(key) => (Some(key), 1.0),
            KeyChoice::Auto if settings.listen == Listen::Untuned => (None, 0.0),
            KeyChoice::Auto => (self.heard.map(key_at), self.posterior),
        };
        &self.tonality
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
        self.find_key(now, recent);
        self.find_anchor(&rest);
    }

    fn find_key(&mut self, now: SampleTime, recent: &Recent) {
        let pending = recent.notes().iter().filter(|note| note.heard.id > self.settled_note).count();
        let settling = pending.saturating_sub(PENDING_NOTES);
        let mut posterior = self.settled;
        let settled_note = self.settled_note;
        let unsettled = recent.notes().iter().filter(|note| note.heard.id > settled_note);
        for (index, note) in unsettled.enumerate() {
            self.hear(&mut posterior, note, now, recent);
            if index < settling {
                self.settled = posterior;
                self.settled_note = self.settled_note.max(note.heard.id);
            }
        }

        let classes = self.tonality.profile.iter().filter(|&&share| share > 0.0).count();
        let enough = classes >= PITCH_CLASSES_MIN;
        let best = (0..KEYS).max_by(|&a, &b| posterior[a].total_cmp(&posterior[b])).unwrap_or(0);
        let held = self.heard.filter(|&key| enough && posterior[key] >= GIVE_UP_CONFIDENCE);
        self.heard = if enough && posterior[best] >= CLAIM_CONFIDENCE { Some(best) } else { held };
        self.posterior = if enough { posterior[self.heard.unwrap_or(best)] } else { 0.0 };
    }

    /// What `posterior` becomes after `note`.
    fn hear(&self, posterior: &mut [f32; HYPOTHESES], note: &RecentNote, now: SampleTime, recent: &Recent) {
        let class = usize::from(recent.key(&note.heard) % 12);
        let length_s = recent.length_s(&note.heard, now).min(NOTE_LENGTH_MAX_S);
        let final_weight = if note.phrase_final { PHRASE_FINAL_WEIGHT } else { 1.0 };
        let weight = final_weight * EVIDENCE_AT_1_S * length_s.sqrt();
        let mut sum = 0.0;
        for (hypothesis, (share, prior)) in posterior.iter_mut().zip(prior()).enumerate() {
            let speaks = self.likelihoods.get(hypothesis).map_or(1.0, |key| (weight * key[class]).exp());
            *share = (*share + CHANGE * (prior - *share)) * speaks;
            sum += *share;
        }
        posterior.iter_mut().for_each(|share| *share /= sum);
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

/// What is believed before anything was heard.
fn prior() -> [f32; HYPOTHESES] {
    std::array::from_fn(|hypothesis| if hypothesis < KEYS { (1.0 - NO_KEY) / KEYS as f32 } else { NO_KEY })
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
