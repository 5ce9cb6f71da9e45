//! The owner of every sounding note: it alone writes NoteOn, and each NoteOn gets exactly one NoteOff.

use super::limits::Limits;
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

    /// Time begins anew: what sounds began before it.
    pub fn begin_anew(&mut self) {
        self.sounding.iter_mut().for_each(|note| note.on = 0);
    }

    /// Ends what belongs to `behaviour` at `latest` or sooner, but no note before it has been one.
    pub fn end_behaviour(&mut self, behaviour: Behaviour, latest: SampleTime, limits: &Limits) {
        for note in self.sounding.iter_mut().filter(|note| note.behaviour == behaviour) {
            note.off = note.off.min(latest.max(limits.soonest_end(note.on)));
        }
    }

    /// Ends what sounds of one line at `latest` or sooner, but no note before it has been one.
    pub fn end_part(&mut self, voice: Voice, part: u8, latest: SampleTime, limits: &Limits) {
        for note in self.sounding.iter_mut().filter(|note| (note.voice, note.part) == (voice, part)) {
            note.off = note.off.min(latest.max(limits.soonest_end(note.on)));
        }
    }

    /// When `note` may begin: later than it would if the one before it, on its line or its key, is not yet long enough.
    pub fn free_at(&self, note: &PlannedNote, channel: u8, limits: &Limits) -> SampleTime {
        let before = |old: &&Sounding| in_the_way(old, (note.voice, note.part), (channel, note.key));
        self.sounding.iter().filter(before).map(|old| limits.soonest_end(old.on)).fold(note.on, SampleTime::max)
    }

    /// Holds the key of `note` until that ends, if its line struck it so shortly before that striking it again would cut it
    /// short; whether it was.
    pub fn prolong(&mut self, note: &PlannedNote, channel: u8, limits: &Limits) -> bool {
        let place = (note.voice, note.part, channel, note.key);
        let is_it = |old: &&mut Sounding| (old.voice, old.part, old.channel, old.key) == place;
        let young = self.sounding.iter_mut().find(is_it).filter(|old| note.on < limits.soonest_end(old.on));
        young.map(|old| old.off = old.off.max(note.off)).is_some()
    }

    /// `note` is of a figure, in unison with the ground on its channel: it is not to be played, for it would cut a tone of the
    /// chord short.
    pub fn stands_on_ground(&self, note: &PlannedNote, channel: u8) -> bool {
        let is_ground = |voice: Voice| matches!(voice, Voice::Bass | Voice::Harmony);
        let is_it = |old: &Sounding| (old.channel, old.key) == (channel, note.key) && is_ground(old.voice);
        !is_ground(note.voice) && self.sounding.iter().any(is_it)
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

    /// Begins `note` at `note.on`; whether it could. A key that sounds on the channel already is ended first, so is the older
    /// note of the same part: a part is one line. With no room for the NoteOn or its place, the note is not played.
    pub fn begin(&mut self, note: &PlannedNote, channel: u8, velocity: u8, out: &mut impl Take) -> bool {
        let new = Sounding {
            on: note.on,
            off: note.off,
            channel,
            key: note.key,
            velocity,
            voice: note.voice,
            part: note.part,
            behaviour: note.behaviour,
        };
        let ends = |old: &Sounding| in_the_way(old, (new.voice, new.part), (new.channel, new.key));
        while let Some(index) = self.sounding.iter().position(ends) {
            if self.release(index, note.on, out).is_err() {
                self.sounding[index].off = note.on;
                return false;
            }
        }
        if self.sounding.is_full() {
            return false;
        }
        let (place, key) = new.place();
        let begun = out.take(&new.event(new.on, MidiMessage::NoteOn(place, key, U7::from_u8_lossy(velocity)))).is_ok();
        if begun {
            self.sounding.push(new);
        }
        begun
    }
}

/// `old` must have ended before a note of `line` (voice and part) begins at `place` (channel and key).
fn in_the_way(old: &Sounding, line: (Voice, u8), place: (u8, u8)) -> bool {
    (old.voice, old.part) == line || (old.channel, old.key) == place
}

/// Release velocity of every NoteOff: the middle, as keyboards without release sensing send.
const RELEASE_VELOCITY: U7 = U7::from_u8_lossy(64);
