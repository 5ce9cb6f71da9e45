//! What `understand` made of the facts: meaning, each with a confidence, and `None` where it abstains.

use crate::chord::{CHORDS, Chord};
use crate::key::{Key, PitchClass};
use crate::time::SampleTime;

/// Key and mode.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Tonality {
    /// The key, if sure enough; the therapist's lock is always sure.
    pub key: Option<Key>,
    /// How sure, 0-1.
    pub confidence: f32,
    /// The pitch class that the client rests on most, key or no key.
    pub anchor: Option<PitchClass>,
    /// Share of recent singing on each pitch class; sums to 1, or to 0 before the first note.
    pub profile: [f32; 12],
}

/// The chords that lie under what is sung.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ChordSense {
    /// Probability of each chord now, in the order of [`Chord::index`].
    pub now: [f32; CHORDS],
    /// The likeliest; `None` before anything was heard.
    pub chord: Option<Chord>,
    /// Its probability.
    pub confidence: f32,
    /// The likeliest one beat ahead.
    pub next: Option<Chord>,
    /// Its probability.
    pub next_confidence: f32,
}

impl Default for ChordSense {
    fn default() -> Self {
        Self { now: [0.0; CHORDS], chord: None, confidence: 0.0, next: None, next_confidence: 0.0 }
    }
}

impl ChordSense {
    /// Probabilities that were changed sum to 1 again, and the likeliest chord is theirs.
    pub fn weigh_anew(&mut self) {
        let sum: f32 = self.now.iter().sum();
        if sum > 0.0 {
            self.now.iter_mut().for_each(|likely| *likely /= sum);
            let best = Chord::all().zip(self.now).max_by(|a, b| a.1.total_cmp(&b.1));
            (self.chord, self.confidence) = best.map_or((None, 0.0), |(chord, likely)| (Some(chord), likely));
        }
    }
}

/// Where the client's phrase stands.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct PhraseSense {
    /// The client's phrase, counted from 1; 0 before the first. Stays the same in the rest after it.
    pub number: u32,
    /// A phrase is going on (short breaths included).
    pub open: bool,
    /// It ended in this hop.
    pub ended: bool,
    /// It began in this hop.
    pub began: bool,
    /// When the phrase that `number` names began.
    pub start: SampleTime,
    /// When its last note ended (or the last note so far).
    pub end: SampleTime,
    /// Probability that it ends with the note that sounds or sounded last, 0-1; it can be sure before that note ends.
    pub ending: f32,
    /// How closed its end sounds, 0 (question) to 1 (answer): degree, length of the last note, contour. While it goes on,
    /// how closed it would sound if it ended with the note that sounds.
    pub closure: f32,
    /// How much the client slowed towards its end: 1 - (early / late inter-onset), 0 steady, 0.3 a third slower.
    pub slowing: f32,
}

/// Beats as they are felt or as the host has them.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct BeatGrid {
    /// Beats a minute: of the felt beat, a dotted quarter in 6/8.
    pub tempo_bpm: f32,
    /// The last beat before now.
    pub last_beat: SampleTime,
    /// The next beat, now or later, as predicted.
    pub next_beat: SampleTime,
    /// Place of the last beat in its bar, from 1; 0 if unknown.
    pub number: u8,
    /// Beats a bar; 0 if unknown.
    pub per_bar: u8,
    /// Length of the first half of a beat against the second: 1 is straight, 2 is triplet swing.
    pub swing: f32,
    /// The host named tempo and metre; otherwise they were heard.
    pub from_host: bool,
}

/// Where the beat is.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct PulseSense {
    /// How sure a beat is, 0-1; 1 for the host's.
    pub clarity: f32,
    /// The beats; `None` while there is no pulse that is sure enough: free time.
    pub grid: Option<BeatGrid>,
    /// A beat fell in this hop; it is the grid's last beat.
    pub beat: bool,
    /// How much slower the last four beats are than the four before: 0 steady, 0.1 a tenth slower, negative if faster; 0
    /// without a grid.
    pub slowing: f32,
    /// How much slower her beat is than the tempo she has held; 0 if by no more than her beat varies.
    pub slower: f32,
    /// The same however little it is, negative if faster; `None` until a tempo has been held.
    pub drift: Option<f32>,
    /// She bends the time about her beat: rubato.
    pub rubato: bool,
    /// Her newest onset, in the hop in which it is heard.
    pub onset: Option<SampleTime>,
}

/// How fast a proxy rises or falls, a second, over the last 2, 8 and 30 s; 0 until it was known for so long.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Trend {
    /// Over 2 s.
    pub over_2_s: f32,
    /// Over 8 s.
    pub over_8_s: f32,
    /// Over 30 s.
    pub over_30_s: f32,
}

/// How much is going on. Proxies, not feelings.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Energy {
    /// A proxy of arousal from level, density, register and tempo, 0-1; `None` before anything was heard.
    pub arousal: Option<f32>,
    /// A proxy of valence from mode, contour and roughness, 0 dark to 1 bright; `None` while no key is claimed.
    pub valence: Option<f32>,
    /// A proxy of tension from distance to the tonic and roughness, 0 at rest to 1; `None` while there is no tonic.
    pub tension: Option<f32>,
    /// How the arousal proxy moves.
    pub arousal_trend: Trend,
    /// How the valence proxy moves.
    pub valence_trend: Trend,
    /// How the tension proxy moves.
    pub tension_trend: Trend,
    /// Mean velocity of the client's last notes, MIDI 1-127; 64 before the first.
    pub velocity: f32,
    /// The client's note onsets a second over the last 8 s.
    pub density: f32,
    /// Mean MIDI key of the client's last notes; 62 before the first.
    pub centre_key: f32,
}

/// What the therapist plays herself.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct TherapistSense {
    /// The keys that she holds; bit = MIDI key.
    pub held: u128,
    /// She pressed one in this hop.
    pub pressed: bool,
    /// She plays, or did a moment ago.
    pub playing: bool,
    /// The key that she set.
    pub tonic: Option<Key>,
}

/// Most notes kept of one phrase; a longer one keeps its last ones.
pub const PHRASE_NOTES: usize = 24;

/// Most chords kept of one phrase; what changes more often is no harmony.
pub const PHRASE_CHORDS: usize = 16;

/// A chord that was played under a phrase.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct PlayedChord {
    /// The pitch classes that sounded, bit = pitch class.
    pub classes: u16,
    /// The lowest of them.
    pub bass: PitchClass,
    /// The note of the phrase, from 0, that it began with or after.
    pub note: u8,
}

/// A phrase that was heard before.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Return {
    /// The number of the earlier phrase.
    pub number: u32,
    /// How alike they are, 0-1.
    pub similarity: f32,
    /// How much higher it is than then, semitones.
    pub semitones: i8,
}

/// A note as memory keeps it.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct MotifNote {
    /// MIDI key.
    pub key: u8,
    /// MIDI velocity.
    pub velocity: u8,
    /// Seconds from the phrase's start to its onset.
    pub onset_s: f32,
    /// Seconds it lasted.
    pub length_s: f32,
}

/// Tones of hers that begin nearer than this are one, s: a glide between two, or the end of one, may be taken for another.
pub const ONE_TONE_S: f64 = 0.12;

/// Everything understood at one hop.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Meaning {
    /// The instant of the decision.
    pub now: SampleTime,
    /// Key and mode.
    pub tonality: Tonality,
    /// The chords under what is sung.
    pub chords: ChordSense,
    /// What the therapist plays herself.
    pub therapist: TherapistSense,
    /// Where the beat is.
    pub pulse: PulseSense,
    /// Where the phrase stands.
    pub phrase: PhraseSense,
    /// How much is going on.
    pub energy: Energy,
    /// How alike the phrase being heard is to the best remembered one, 0-1; `None` with nothing to compare.
    pub similarity: Option<f32>,
    /// The earlier phrase that the phrase being heard returns, transposed and ornamented or not; `None` unless sure.
    pub returns: Option<Return>,
    /// The chords that were played under that earlier phrase; empty without one.
    pub returns_chords: arrayvec::ArrayVec<PlayedChord, PHRASE_CHORDS>,
    /// The key that the client sounds now; the latest if several.
    pub sounding_key: Option<u8>,
    /// When that note began.
    pub sounding_since: Option<SampleTime>,
    /// The pitch of that note is still on its way: the key may yet be another.
    pub glides: bool,
    /// The client sounds now, pitched or not.
    pub sounding: bool,
    /// Seconds since the client last sounded; 0 while she sounds, infinite before the first sound.
    pub silence_s: f32,
    /// The client's onsets since the start, hits and notes, without those that were withdrawn.
    pub onsets: u32,
    /// The notes of the phrase that is going on, or of the last one once it has ended.
    pub motif: arrayvec::ArrayVec<MotifNote, PHRASE_NOTES>,
}

impl Meaning {
    /// The key that she sounds, once its pitch has arrived.
    pub fn arrived_key(&self) -> Option<u8> {
        self.sounding_key.filter(|_| !self.glides)
    }
}
