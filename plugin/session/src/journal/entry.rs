//! What stands in a session file.

use crate::record::{Control, Label, Moment, Played};
use antiphon_engine::intend::intent::{Reason, State};
use antiphon_engine::key::{Key, Mode};
use antiphon_engine::listen::heard::{Cause, HeardNote, NoteChange, Onset, OnsetKind, PitchReading};
use antiphon_engine::names::Named;
use antiphon_engine::respond::plan::{Behaviour, Voice};
use antiphon_engine::time::SampleTime;
use antiphon_engine::transport::Transport;
use antiphon_engine::understand::meaning::BeatGrid;
use serde::{Deserialize, Serialize};

/// Version of the form of the file. A reader knows every version up to its own; entries are only ever added at the end.
pub const VERSION: u16 = 2;

/// What is known before anything happens. Holds no name of a person.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Header {
    /// [`VERSION`] of whoever wrote it.
    pub version: u16,
    /// Version of Antiphon that wrote it.
    pub written_by: String,
    /// Local date and time at which the recording was begun, as ISO 8601.
    pub begun: String,
    /// What the numbers in the entries stand for.
    pub names: Names,
}

/// The words that entries name by their places, so that a table which grows later changes nothing in an old file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Names {
    states: Vec<String>,
    reasons: Vec<String>,
    voices: Vec<String>,
    behaviours: Vec<String>,
    modes: Vec<String>,
}

impl Default for Names {
    fn default() -> Self {
        Self {
            states: words::<State>(),
            reasons: words::<Reason>(),
            voices: words::<Voice>(),
            behaviours: words::<Behaviour>(),
            modes: words::<Mode>(),
        }
    }
}

fn words<T: Named>() -> Vec<String> {
    T::ALL.iter().map(|value| value.name().to_owned()).collect()
}

/// What the word at `place` names today, if it still names anything.
fn named<T: Named>(words: &[String], place: u8) -> Option<T> {
    T::parse(words.get(usize::from(place))?).ok()
}

/// How a recording ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum How {
    /// The therapist stopped it, or the plugin was closed.
    Stopped,
    /// It had reached its greatest size.
    Full,
    /// It broke off, and was completed later.
    BrokeOff,
}

/// One thing that became known.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Entry {
    /// The first sample: rate, Hz.
    Begin(f64),
    /// Pitch known at `now`.
    Pitch {
        /// When it was known.
        now: SampleTime,
        /// The instant described.
        time: SampleTime,
        /// Fundamental, Hz.
        f0_hz: f32,
        /// Probability of a pitch, 0-1.
        voicing: f32,
    },
    /// A beginning.
    Onset(KeptOnset),
    /// A note of the client's, as it is known now; a later entry with the same id replaces it.
    Note(KeptNote),
    /// That note was none.
    NoNote(u32),
    /// What was understood and decided.
    Moment(KeptMoment),
    /// A note message of the accompaniment's.
    Played(KeptPlayed),
    /// A key of the therapist's own; velocity 0 lifts it.
    Hand {
        /// When.
        time: SampleTime,
        /// MIDI key.
        key: u8,
        /// MIDI velocity.
        velocity: u8,
    },
    /// The therapist chose or acted, as a cue says it.
    Choice {
        /// When.
        time: SampleTime,
        /// Setting or button.
        name: String,
        /// Its value.
        value: String,
    },
    /// The therapist marked this place.
    Mark {
        /// When.
        time: SampleTime,
        /// Her words.
        text: String,
    },
    /// What the host's transport does from here on, as far as it differs from going on; `None` if the host says nothing.
    Transport {
        /// When.
        time: SampleTime,
        /// Playing, quarters a minute, position and beginning of the bar in quarters, beats a bar, beat unit.
        said: Option<(bool, f64, f64, f64, u8, u8)>,
    },
    /// The plugin began to hear anew: what the client sounded is over.
    Anew(SampleTime),
    /// So many things that happened before this could not be kept.
    Lost {
        /// When.
        time: SampleTime,
        /// How many.
        count: u64,
    },
    /// Nothing comes after this.
    End {
        /// When.
        time: SampleTime,
        /// How.
        how: How,
    },
    /// A controller of the accompaniment's; since version 2.
    Control(KeptControl),
}

/// An onset as it is kept.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct KeptOnset {
    time: SampleTime,
    available: SampleTime,
    percussive: bool,
    strength: f32,
    velocity: u8,
}

/// A note of the client's as it is kept.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct KeptNote {
    id: u32,
    onset: SampleTime,
    available: SampleTime,
    offset: Option<SampleTime>,
    key: u8,
    cents: f32,
    velocity: u8,
}

/// A moment as it is kept.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct KeptMoment {
    now: SampleTime,
    key: Option<(u8, u8)>,
    key_confidence: f32,
    /// Tempo, last and next beat, place in the bar, beats a bar, from the host.
    grid: Option<(f32, SampleTime, SampleTime, u8, u8, bool)>,
    clarity: f32,
    phrase: u32,
    similarity: Option<f32>,
    arousal: Option<f32>,
    valence: Option<f32>,
    state: u8,
    reason: u8,
}

/// A note message of the accompaniment's as it is kept.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct KeptPlayed {
    time: SampleTime,
    channel: u8,
    key: u8,
    velocity: u8,
    /// Voice, part, behaviour.
    label: Option<(u8, u8, u8)>,
}

/// A controller of the accompaniment's as it is kept.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct KeptControl {
    time: SampleTime,
    channel: u8,
    controller: u8,
    value: u8,
    voice: u8,
}

/// An entry in the terms of whoever records.
#[derive(Clone, Debug, PartialEq)]
pub enum Kept {
    /// Pitch known at the instant.
    Pitch(SampleTime, PitchReading),
    /// A beginning.
    Onset(Onset),
    /// What became of a note.
    Note(NoteChange),
    /// What was understood and decided.
    Moment(Moment),
    /// A note message.
    Played(Played),
    /// A controller.
    Control(Control),
    /// Anything else.
    Other(Entry),
}

impl From<&Onset> for Entry {
    fn from(onset: &Onset) -> Self {
        Self::Onset(KeptOnset {
            time: onset.time,
            available: onset.available,
            percussive: onset.kind == OnsetKind::Percussive,
            strength: onset.strength,
            velocity: onset.velocity,
        })
    }
}

impl From<&NoteChange> for Entry {
    fn from(change: &NoteChange) -> Self {
        match *change {
            NoteChange::Began(note) | NoteChange::Revised(note) | NoteChange::Ended(note) => {
                let HeardNote { id, onset, available, offset, key, cents, velocity } = note;
                Self::Note(KeptNote { id, onset, available, offset, key, cents, velocity })
            }
            NoteChange::Withdrawn(note) => Self::NoNote(note.id),
        }
    }
}

impl From<&Moment> for Entry {
    fn from(moment: &Moment) -> Self {
        let grid = |grid: BeatGrid| {
            (grid.tempo_bpm, grid.last_beat, grid.next_beat, grid.number, grid.per_bar, grid.from_host)
        };
        Self::Moment(KeptMoment {
            now: moment.now,
            key: moment.key.map(|key| (key.tonic, key.mode.index() as u8)),
            key_confidence: moment.key_confidence,
            grid: moment.grid.map(grid),
            clarity: moment.clarity,
            phrase: moment.phrase,
            similarity: moment.similarity,
            arousal: moment.arousal,
            valence: moment.valence,
            state: moment.state.index() as u8,
            reason: moment.reason.index() as u8,
        })
    }
}

impl From<&Played> for Entry {
    fn from(played: &Played) -> Self {
        let Played { time, channel, key, velocity, label } = *played;
        let label = label.map(|label| (label.voice.index() as u8, label.part, label.behaviour.index() as u8));
        Self::Played(KeptPlayed { time, channel, key, velocity, label })
    }
}

impl From<&Control> for Entry {
    fn from(control: &Control) -> Self {
        let Control { time, channel, controller, value, voice } = *control;
        Self::Control(KeptControl { time, channel, controller, value, voice: voice.index() as u8 })
    }
}

impl Entry {
    /// What the host says of its transport at `time`.
    pub fn transport(time: SampleTime, said: Option<&Transport>) -> Self {
        let said = said.map(|said| {
            (said.playing, said.tempo_qpm, said.position, said.bar_start, said.beats_per_bar, said.beat_unit)
        });
        Self::Transport { time, said }
    }

    /// The last instant that it tells of.
    pub fn latest(&self) -> SampleTime {
        match self {
            Self::Begin(_) | Self::NoNote(_) => 0,
            Self::Anew(time) => *time,
            Self::Pitch { now, .. } => *now,
            Self::Onset(onset) => onset.available,
            Self::Note(note) => note.available.max(note.offset.unwrap_or(0)),
            Self::Moment(moment) => moment.now,
            Self::Played(played) => played.time,
            Self::Control(control) => control.time,
            Self::Hand { time, .. }
            | Self::Choice { time, .. }
            | Self::Mark { time, .. }
            | Self::Transport { time, .. }
            | Self::Lost { time, .. }
            | Self::End { time, .. } => *time,
        }
    }

    /// The entry in the terms of whoever records; `None` if `names` has no word for what it says.
    pub fn kept(self, names: &Names) -> Option<Kept> {
        Some(match self {
            Self::Pitch { now, time, f0_hz, voicing } => Kept::Pitch(now, PitchReading { time, f0_hz, voicing }),
            Self::Onset(KeptOnset { time, available, percussive, strength, velocity }) => {
                let (kind, cause) =
                    if percussive { (OnsetKind::Percussive, Cause::Hit) } else { (OnsetKind::Note, Cause::Attack) };
                Kept::Onset(Onset { time, available, kind, cause, strength, velocity })
            }
            Self::Note(KeptNote { id, onset, available, offset, key, cents, velocity }) => {
                let note = HeardNote { id, onset, available, offset, key: key.min(127), cents, velocity };
                Kept::Note(NoteChange::Revised(note))
            }
            Self::NoNote(id) => {
                let (onset, available, offset) = (0, 0, None);
                let none = HeardNote { id, onset, available, offset, key: 0, cents: 0.0, velocity: 1 };
                Kept::Note(NoteChange::Withdrawn(none))
            }
            Self::Moment(moment) => Kept::Moment(moment.moment(names)?),
            Self::Played(KeptPlayed { time, channel, key, velocity, label }) => {
                let known = |(voice, part, behaviour)| {
                    let (voice, behaviour) = (named(&names.voices, voice)?, named(&names.behaviours, behaviour)?);
                    Some(Label { voice, part, behaviour })
                };
                let (channel, key, velocity) = (channel.min(15), key.min(127), velocity.min(127));
                Kept::Played(Played { time, channel, key, velocity, label: label.and_then(known) })
            }
            Self::Control(KeptControl { time, channel, controller, value, voice }) => {
                let (channel, controller, value) = (channel.min(15), controller.min(127), value.min(127));
                Kept::Control(Control { time, channel, controller, value, voice: named(&names.voices, voice)? })
            }
            other => Kept::Other(other),
        })
    }
}

impl KeptMoment {
    fn moment(self, names: &Names) -> Option<Moment> {
        let key = |(tonic, mode)| Some(Key { tonic: tonic % 12, mode: named(&names.modes, mode)? });
        let grid = |(tempo_bpm, last_beat, next_beat, number, per_bar, from_host)| BeatGrid {
            tempo_bpm,
            last_beat,
            next_beat,
            number,
            per_bar,
            swing: 1.0,
            from_host,
        };
        Some(Moment {
            now: self.now,
            key: self.key.and_then(key),
            key_confidence: self.key_confidence,
            grid: self.grid.map(grid),
            clarity: self.clarity,
            phrase: self.phrase,
            similarity: self.similarity,
            arousal: self.arousal,
            valence: self.valence,
            state: named(&names.states, self.state)?,
            reason: named(&names.reasons, self.reason)?,
        })
    }
}
