//! Writes down what was heard, understood and played, while it happens where the order of rows allows.

mod chord;
mod moment;
mod music;
pub(crate) mod rows;
mod score;
pub(crate) mod table;
mod tape;
mod tempo;

pub use chord::chord_name;
pub use moment::Moment;
pub(crate) use score::CLIENT_CHANNEL;
pub use tape::Tape;

use crate::problem::Problem;
use antiphon_engine::Report;
use antiphon_engine::intend::intent::{Reason, State};
use antiphon_engine::intend::sentence::sentence;
use antiphon_engine::listen::heard::{HeardNote, NoteChange, Onset, OnsetKind, PitchReading};
use antiphon_engine::names::Named;
use antiphon_engine::respond::plan::{Behaviour, Voice};
use antiphon_engine::speak::Spoken;
use antiphon_engine::time::{Clock, SampleTime};
use music::Music;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use table::{Table, instant};

/// What a played note belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Label {
    /// Voice.
    pub voice: Voice,
    /// Line within the voice, from 1.
    pub part: u8,
    /// Kind of playing.
    pub behaviour: Behaviour,
}

/// A note message of the accompaniment's, from the musician herself or as a host received it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Played {
    /// When.
    pub time: SampleTime,
    /// MIDI channel, 0-15.
    pub channel: u8,
    /// MIDI key.
    pub key: u8,
    /// MIDI velocity; 0 is a note-off.
    pub velocity: u8,
    /// What it belongs to, if that is known.
    pub label: Option<Label>,
}

impl Played {
    /// The note message that the musician spoke; `None` if it is of another kind.
    pub fn of(event: &Spoken) -> Option<Self> {
        let (channel, key, velocity) = match event.message {
            wmidi::MidiMessage::NoteOn(channel, key, velocity) => (channel, key, u8::from(velocity)),
            wmidi::MidiMessage::NoteOff(channel, key, _) => (channel, key, 0),
            _ => return None,
        };
        let label = Label { voice: event.voice, part: event.part, behaviour: event.behaviour };
        Some(Self { time: event.time, channel: channel.index(), key: key.into(), velocity, label: Some(label) })
    }
}

/// A controller of the accompaniment's: the sustain pedal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Control {
    /// When.
    pub time: SampleTime,
    /// MIDI channel, 0-15.
    pub channel: u8,
    /// Number of the controller; [`SUSTAIN`].
    pub controller: u8,
    /// Its value, 0-127.
    pub value: u8,
    /// In whose track it is written: the first voice on the channel.
    pub voice: Voice,
}

/// The controller that is the sustain pedal; down from [`DOWN_FROM`] on.
pub const SUSTAIN: u8 = 64;
/// Least value at which a pedal is down (MIDI 1.0).
pub const DOWN_FROM: u8 = 64;

impl Control {
    /// The controller that the musician moved; `None` if the event is of another kind.
    pub fn of(event: &Spoken) -> Option<Self> {
        let wmidi::MidiMessage::ControlChange(channel, function, value) = event.message else { return None };
        let (channel, controller, value) = (channel.index(), function.into(), value.into());
        Some(Self { time: event.time, channel, controller, value, voice: event.voice })
    }

    /// Whether a pedal is down from here on.
    pub fn is_down(&self) -> bool {
        self.controller == SUSTAIN && self.value >= DOWN_FROM
    }
}

/// A note of the accompaniment's, from its beginning to its end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PlayedNote {
    /// When it began.
    pub on: SampleTime,
    /// When it ended.
    pub off: SampleTime,
    /// MIDI channel, 0-15.
    pub channel: u8,
    /// MIDI key.
    pub key: u8,
    /// MIDI velocity.
    pub velocity: u8,
    /// What it belongs to, if that is known.
    pub label: Option<Label>,
}

/// Whether a note is part of the chord: what has no known voice counts too.
fn is_chordal(note: &PlayedNote) -> bool {
    note.label.is_none_or(|label| matches!(label.voice, Voice::Bass | Voice::Harmony))
}

/// A change of state or of its reason.
#[derive(Clone, Debug, PartialEq)]
pub struct Turn {
    /// When.
    pub time: SampleTime,
    /// The state.
    pub state: State,
    /// Why.
    pub reason: Reason,
    /// The state's name, and both in words.
    pub sentence: String,
}

/// A beat that was felt, or that the host had.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Beat {
    /// When.
    pub time: SampleTime,
    /// Beats a minute then.
    pub tempo_bpm: f32,
}

/// What the therapist wanted to find again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mark {
    /// When.
    pub time: SampleTime,
    /// Her words.
    pub text: String,
}

/// What is left in memory when everything is written.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Recorded {
    /// The client's notes, in onset order.
    pub heard: Vec<HeardNote>,
    /// The accompaniment's notes, in onset order.
    pub played: Vec<PlayedNote>,
    /// The way through the states.
    pub turns: Vec<Turn>,
    /// Keys that were claimed, with the instant they were.
    pub keys: Vec<(SampleTime, String)>,
    /// The client's phrases.
    pub phrases: u32,
    /// The controllers that were moved, in time order.
    pub controls: Vec<Control>,
    /// The beats, in time order; none in free time.
    pub beats: Vec<Beat>,
    /// What the therapist marked, in time order.
    pub marks: Vec<Mark>,
    /// What the therapist played herself, in onset order.
    pub hands: Vec<PlayedNote>,
    /// Note-offs that no sounding note asked for, and notes that nobody ended: 0 for a sound musician.
    pub unpaired: usize,
}

/// Writes the csv files and session.mid.
pub struct Recorder {
    clock: Clock,
    dir: PathBuf,
    pitch: Table,
    onsets: Table,
    music: Music,
    notes: BTreeMap<u32, HeardNote>,
    sounding: Vec<PlayedNote>,
    /// Keys that the therapist holds.
    pressed: Vec<PlayedNote>,
    recorded: Recorded,
}

impl Recorder {
    /// Begins the files in `dir`, which exists.
    pub fn create(dir: &Path, clock: Clock) -> Result<Self, Problem> {
        Ok(Self {
            clock,
            dir: dir.to_owned(),
            pitch: Table::create(dir, "pitch.csv", &["time_s", "available_s", "f0_hz", "voicing"])?,
            onsets: Table::create(dir, "onsets.csv", &["time_s", "available_s", "kind", "strength"])?,
            music: Music::create(dir, clock)?,
            notes: BTreeMap::new(),
            sounding: Vec::new(),
            pressed: Vec::new(),
            recorded: Recorded::default(),
        })
    }

    /// Takes down what one hop made known.
    pub fn hop(&mut self, report: &Report<'_>) -> Result<(), Problem> {
        self.pitch(report.now, &report.heard.pitch)?;
        for onset in &report.heard.onsets {
            self.onset(onset)?;
        }
        for change in &report.heard.notes {
            self.note(change);
        }
        self.understand(&Moment::of(report), report.sounding.iter().map(|note| (note.key, note.voice)))
    }

    /// Takes down the pitch that was known at `now`.
    pub fn pitch(&mut self, now: SampleTime, pitch: &PitchReading) -> Result<(), Problem> {
        let at = |time| instant(self.clock, time);
        let (f0, voicing) = (format!("{:.3}", pitch.f0_hz), format!("{:.3}", pitch.voicing));
        self.pitch.row(&[at(pitch.time), at(now.saturating_sub(1)), f0, voicing])
    }

    /// Takes down a beginning.
    pub fn onset(&mut self, onset: &Onset) -> Result<(), Problem> {
        let at = |time| instant(self.clock, time);
        let kind = match onset.kind {
            OnsetKind::Percussive => "percussive",
            OnsetKind::Note => "note",
        };
        self.onsets.row(&[at(onset.time), at(onset.available), kind.to_owned(), format!("{:.3}", onset.strength)])
    }

    /// Takes down what became of a note of the client's.
    pub fn note(&mut self, change: &NoteChange) {
        match *change {
            NoteChange::Began(note) | NoteChange::Revised(note) | NoteChange::Ended(note) => {
                self.notes.insert(note.id, note);
            }
            NoteChange::Withdrawn(note) => {
                self.notes.remove(&note.id);
            }
        }
    }

    /// What the client sounds is over at `time`, as far as nothing else becomes known.
    pub fn end_heard(&mut self, time: SampleTime) {
        for note in self.notes.values_mut() {
            note.offset = note.offset.or(Some(time.max(note.onset)));
        }
    }

    /// Takes down what was understood and decided while keys `sounding` sounded in their voices.
    pub fn understand(
        &mut self,
        moment: &Moment,
        sounding: impl IntoIterator<Item = (u8, Voice)>,
    ) -> Result<(), Problem> {
        let recorded = &mut self.recorded;
        let (state, reason) = (moment.state, moment.reason);
        if recorded.turns.last().is_none_or(|last| (last.state, last.reason) != (state, reason)) {
            let sentence = format!("{}: {}", state.name(), sentence(state, reason, sounding));
            recorded.turns.push(Turn { time: moment.now, state, reason, sentence });
        }
        if let Some(key) = moment.key {
            let key = key.to_string();
            if recorded.keys.last().is_none_or(|(_, last)| *last != key) {
                recorded.keys.push((moment.now, key));
            }
        }
        if let Some(grid) = moment.grid
            && recorded.beats.last().is_none_or(|last| last.time < grid.last_beat)
        {
            recorded.beats.push(Beat { time: grid.last_beat, tempo_bpm: grid.tempo_bpm });
        }
        recorded.phrases = recorded.phrases.max(moment.phrase);
        self.music.hop(moment)
    }

    /// Takes down what the therapist marks.
    pub fn mark(&mut self, time: SampleTime, text: &str) {
        self.recorded.marks.push(Mark { time, text: text.to_owned() });
    }

    /// Takes down a key of the therapist's own, pressed or, with velocity 0, lifted.
    pub fn hand(&mut self, time: SampleTime, key: u8, velocity: u8) {
        if let Some(index) = self.pressed.iter().position(|note| note.key == key) {
            let note = self.pressed.swap_remove(index);
            self.recorded.hands.push(PlayedNote { off: time.max(note.on), ..note });
        }
        if velocity > 0 {
            let channel = score::HANDS_CHANNEL;
            self.pressed.push(PlayedNote { on: time, off: time, channel, key, velocity, label: None });
        }
    }

    /// What sounds of the accompaniment.
    pub fn sounding(&self) -> &[PlayedNote] {
        &self.sounding
    }

    /// Takes down what was played; in time order, and after the hops before it.
    pub fn play(&mut self, event: &Played) -> Result<(), Problem> {
        self.music.reach(event.time)?;
        let place = |note: &PlayedNote| (note.channel, note.key) == (event.channel, event.key);
        let ended = self.sounding.iter().position(place);
        match (event.velocity, ended) {
            (0, Some(index)) => {
                let note = self.sounding.remove(index);
                self.recorded.played.push(PlayedNote { off: event.time, ..note });
            }
            (0, None) => self.recorded.unpaired += 1,
            (velocity, _) => {
                let Played { time: on, channel, key, label, .. } = *event;
                self.sounding.push(PlayedNote { on, off: on, channel, key, velocity, label });
            }
        }
        self.music.sound(event.time, &self.sounding);
        Ok(())
    }

    /// Takes down a controller that was moved; in time order.
    pub fn control(&mut self, control: &Control) {
        self.recorded.controls.push(*control);
    }

    /// Every pedal is up at `time`.
    pub fn lift_pedals(&mut self, time: SampleTime) {
        for channel in 0..16 {
            let last = self.recorded.controls.iter().rev().find(|control| control.channel == channel);
            if let Some(down) = last.copied().filter(Control::is_down) {
                self.recorded.controls.push(Control { time: time.max(down.time), value: 0, ..down });
            }
        }
    }

    /// Writes what had to wait for the end of the input at `end`.
    pub fn finish(mut self, end: SampleTime) -> Result<Recorded, Problem> {
        self.lift_pedals(end);
        self.recorded.unpaired += self.sounding.len();
        self.recorded.played.extend(self.sounding.drain(..).map(|note| PlayedNote { off: end.max(note.on), ..note }));
        self.recorded.played.sort_by_key(|note| (note.on, note.channel, note.key));
        let held = self.pressed.drain(..).map(|note| PlayedNote { off: end.max(note.on), ..note });
        self.recorded.hands.extend(held);
        self.recorded.hands.sort_by_key(|note| (note.on, note.key));
        self.end_heard(end);
        self.recorded.heard = self.notes.values().copied().collect();
        self.recorded.heard.sort_by_key(|note| (note.onset, note.id));
        self.write_notes()?;
        self.write_played()?;
        self.write_controls()?;
        score::write(&self.dir.join("session.mid"), self.clock, &self.recorded, end)?;
        self.pitch.finish()?;
        self.onsets.finish()?;
        self.music.finish()?;
        Ok(self.recorded)
    }

    fn write_notes(&self) -> Result<(), Problem> {
        let columns = ["onset_s", "available_s", "offset_s", "midi", "cents", "velocity"];
        let mut table = Table::create(&self.dir, "notes.csv", &columns)?;
        let at = |time| instant(self.clock, time);
        for note in &self.recorded.heard {
            table.row(&[
                at(note.onset),
                at(note.available),
                note.offset.map_or_else(String::new, at),
                note.key.to_string(),
                format!("{:.1}", note.cents),
                note.velocity.to_string(),
            ])?;
        }
        table.finish()
    }

    fn write_controls(&self) -> Result<(), Problem> {
        let mut table = Table::create(&self.dir, "controllers.csv", &["time_s", "channel", "controller", "value"])?;
        for control in &self.recorded.controls {
            let Control { time, channel, controller, value, .. } = *control;
            let number = |number: u8| number.to_string();
            table.row(&[instant(self.clock, time), number(channel + 1), number(controller), number(value)])?;
        }
        table.finish()
    }

    fn write_played(&self) -> Result<(), Problem> {
        let columns = ["on_s", "off_s", "channel", "voice", "part", "key", "velocity", "behaviour"];
        let mut table = Table::create(&self.dir, "played.csv", &columns)?;
        for note in &self.recorded.played {
            let of_label = |text: &dyn Fn(Label) -> String| note.label.map_or_else(String::new, text);
            table.row(&[
                instant(self.clock, note.on),
                instant(self.clock, note.off),
                (note.channel + 1).to_string(),
                of_label(&|label| label.voice.name().to_owned()),
                of_label(&|label| format!("{}.{}", label.voice.name(), label.part)),
                note.key.to_string(),
                note.velocity.to_string(),
                of_label(&|label| label.behaviour.name().to_owned()),
            ])?;
        }
        table.finish()
    }
}
