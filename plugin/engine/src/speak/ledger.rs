//! The owner of every sounding note: it alone writes NoteOn, and each NoteOn gets exactly one NoteOff.

use super::{NoRoom, Spoken, Take};
use crate::respond::plan::{Behaviour, PlannedNote, Voice};
use crate::time::SampleTime;
use arrayvec::ArrayVec;
use wmidi::{Channel, MidiMessage, Note, U7};

/// Most notes that sound at once; more would not be an accompaniment.
pub const POLYPHONY: usize = 32;

/// A note that sounds.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Sounding {
    /// When it began.
    pub on: SampleTime,
    /// When it will end.
    pub off: SampleTime,
    /// MIDI channel, 0-15.
    pub channel: u8,
    /// MIDI key.
    pub key: u8,
    /// MIDI velocity.
    pub velocity: u8,
    /// Voice.
    pub voice: Voice,
    /// Line within the voice, from 1.
    pub part: u8,
    /// What it belongs to.
    pub behaviour: Behaviour,
}

impl Sounding {
    fn event(&self, time: SampleTime, message: MidiMessage<'static>) -> Spoken {
        Spoken { time, message, voice: self.voice, part: self.part, behaviour: self.behaviour }
    }

    fn place(&self) -> (Channel, Note) {
        (Channel::from_index(self.channel.min(15)).unwrap_or(Channel::Ch1), Note::from_u8_lossy(self.key))
    }
}

pub(super) struct Ledger {
    sounding: ArrayVec<Sounding, POLYPHONY>,
}

impl Ledger {
    pub fn new() -> Self {
        Self { sounding: ArrayVec::new() }
    }

    pub fn sounding(&self) -> &[Sounding] {
        &self.sounding
    }

    /// Ends everything at `latest` or sooner.
    pub fn end_all(&mut self, latest: SampleTime) {
        for note in &mut self.sounding {
            note.off = note.off.min(latest);
        }
    }

    /// Ends what belongs to `behaviour` at `latest` or sooner.
    pub fn end_behaviour(&mut self, behaviour: Behaviour, latest: SampleTime) {
        for note in self.sounding.iter_mut().filter(|note| note.behaviour == behaviour) {
            note.off = note.off.min(latest);
        }
    }

    /// Ends what sounds of one line at `latest` or sooner.
    pub fn end_part(&mut self, voice: Voice, part: u8, latest: SampleTime) {
        for note in self.sounding.iter_mut().filter(|note| (note.voice, note.part) == (voice, part)) {
            note.off = note.off.min(latest);
        }
    }

    /// When the next note ends.
    pub fn next_off(&self) -> Option<SampleTime> {
        self.sounding.iter().map(|note| note.off).min()
    }

    /// Hands over the NoteOff that is due first, and gives the note; keeps owing it if there is no room.
    pub fn release_next(&mut self, at: SampleTime, out: &mut impl Take) -> Result<Option<Sounding>, NoRoom> {
        let first = (0..self.sounding.len()).min_by_key(|&i| self.sounding[i].off);
        let note = first.map(|index| self.sounding[index]);
        first.map_or(Ok(()), |index| self.release(index, at, out))?;
        Ok(note)
    }

    fn release(&mut self, index: usize, at: SampleTime, out: &mut impl Take) -> Result<(), NoRoom> {
        let note = self.sounding[index];
        let (channel, key) = note.place();
        out.take(&note.event(at, MidiMessage::NoteOff(channel, key, RELEASE_VELOCITY)))?;
        self.sounding.remove(index);
        Ok(())
    }

    /// Begins `note` at `note.on`. A key that sounds on the channel already is ended first, so is the older note of
    /// the same part: a part is one line. But a figure gives way to the ground: in unison with it on its channel it is not
    /// played, for it would cut a tone of the chord short. With no room for the NoteOn or its place, the note is not played.
    pub fn begin(&mut self, note: &PlannedNote, channel: u8, velocity: U7, out: &mut impl Take) {
        let new = Sounding {
            on: note.on,
            off: note.off.max(note.on + 1),
            channel,
            key: note.key,
            velocity: velocity.into(),
            voice: note.voice,
            part: note.part,
            behaviour: note.behaviour,
        };
        let is_ground = |voice: Voice| matches!(voice, Voice::Bass | Voice::Harmony);
        let stands_on_ground =
            |old: &Sounding| (old.channel, old.key) == (new.channel, new.key) && is_ground(old.voice);
        if !is_ground(new.voice) && self.sounding.iter().any(stands_on_ground) {
            return;
        }
        let in_the_way = |old: &Sounding| {
            (old.channel == new.channel && old.key == new.key) || (old.voice == new.voice && old.part == new.part)
        };
        while let Some(index) = self.sounding.iter().position(in_the_way) {
            if self.release(index, note.on, out).is_err() {
                self.sounding[index].off = note.on;
                return;
            }
        }
        if self.sounding.is_full() {
            return;
        }
        let (place, key) = new.place();
        if out.take(&new.event(new.on, MidiMessage::NoteOn(place, key, velocity))).is_ok() {
            self.sounding.push(new);
        }
    }
}

/// Release velocity of every NoteOff: the middle, as keyboards without release sensing send.
const RELEASE_VELOCITY: U7 = U7::from_u8_lossy(64);
