//! What `listen` found out: facts about sound, each with the instant it describes and the instant it was known.

use crate::time::SampleTime;
use arrayvec::ArrayVec;

/// The pitch estimate of one hop.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct PitchReading {
    /// The instant described; a few ms before it is known.
    pub time: SampleTime,
    /// Best guess of the fundamental, Hz, even where unvoiced; 0 if none.
    pub f0_hz: f32,
    /// Probability that there is a pitch, 0-1; from 0.5 on it counts as voiced.
    pub voicing: f32,
}

/// The MIDI key of `f0_hz`, between keys where it lies there; `f0_hz` above 0.
pub fn pitch_of(f0_hz: f32) -> f32 {
    69.0 + 12.0 * (f0_hz / 440.0).log2()
}

/// What began.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OnsetKind {
    /// A hit, with or without pitch.
    Percussive,
    /// A sung or played note.
    Note,
}

/// What showed a beginning.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cause {
    /// A hit's leap.
    Hit,
    /// New sound before or with a pitch: a consonant, a breath, a pluck.
    Attack,
    /// A pitch that began softly.
    Voicing,
    /// A pitch that settled away from the note before.
    Step,
    /// A dip of the level within one pitch: a note struck or sung again.
    Again,
    /// A key of the client's.
    Key,
}

/// A beginning.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Onset {
    /// When the sound began.
    pub time: SampleTime,
    /// The last input sample that was needed to know.
    pub available: SampleTime,
    /// Hit or note.
    pub kind: OnsetKind,
    /// What showed it.
    pub cause: Cause,
    /// How clear it was, 0-1.
    pub strength: f32,
    /// Velocity of a hit as MIDI would have it, 1-127.
    pub velocity: u8,
}

/// A note of the client's, as a musician would write it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct HeardNote {
    /// Counts up from 1; a revision keeps it.
    pub id: u32,
    /// When it began.
    pub onset: SampleTime,
    /// When onset and key were both first right.
    pub available: SampleTime,
    /// When it ended; `None` while it sounds.
    pub offset: Option<SampleTime>,
    /// MIDI key.
    pub key: u8,
    /// Deviation from the key, cents, -50 to 50.
    pub cents: f32,
    /// MIDI velocity, 1-127.
    pub velocity: u8,
}

/// What became of a note in this hop.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum NoteChange {
    /// It began; key and onset are provisional.
    Began(HeardNote),
    /// Its key, onset or velocity is now known better.
    Revised(HeardNote),
    /// It ended; this is its final form.
    Ended(HeardNote),
    /// It was never a note: forget it.
    Withdrawn(HeardNote),
}

/// Most note changes that one hop carries; more wait for the next.
pub const NOTE_CHANGES_PER_HOP: usize = 16;

/// Everything that one hop made known.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Heard {
    /// The instant of the decision: samples heard so far.
    pub now: SampleTime,
    /// Pitch.
    pub pitch: PitchReading,
    /// Short-term level (about 20 ms), dBFS; -120 for silence.
    pub level_db: f32,
    /// Level of the room when nobody sounds, dBFS.
    pub floor_db: f32,
    /// Brightness of the sound now, its spectral centroid, Hz; 0 in silence.
    pub brightness_hz: f32,
    /// Whether the client is sounding now: voiced, or within a hit's ring.
    pub sounding: bool,
    /// What began.
    pub onsets: ArrayVec<Onset, 4>,
    /// What became of notes.
    pub notes: ArrayVec<NoteChange, NOTE_CHANGES_PER_HOP>,
}

/// Who plays.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Player {
    /// The client.
    #[default]
    Client,
    /// The therapist.
    Therapist,
}

/// The MIDI channel, from 0, on which the therapist plays; the others are the client's. The last one: keyboards and pads
/// come set to the first.
pub const THERAPIST_CHANNEL: u8 = 15;

impl Player {
    /// Who plays on MIDI channel `channel`, from 0.
    pub fn on_channel(channel: u8) -> Self {
        if channel == THERAPIST_CHANNEL { Self::Therapist } else { Self::Client }
    }
}

/// What someone at a keyboard or at pads plays.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct KeyMessage {
    /// Who.
    pub by: Player,
    /// Samples from the start of the block that carries it.
    pub offset: u32,
    /// MIDI key.
    pub key: u8,
    /// MIDI velocity; 0 is a note-off.
    pub velocity: u8,
}
