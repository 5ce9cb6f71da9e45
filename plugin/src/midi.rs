//! Notes across the border: what client and therapist play on MIDI comes in; what the musician plays, the pedal included,
//! goes out.

use crate::Antiphon;
use crate::recorder::Tap;
use crate::sound::Speaker;
use crate::telemetry::Telemetry;
use antiphon_engine::listen::heard::{KeyMessage, Player};
use antiphon_engine::speak::{NoRoom, Spoken};
use antiphon_engine::{Audience, Report};
use arrayvec::ArrayVec;
use nice_plug::context::process::SendEventError;
use nice_plug::midi::{Channel, Key, VoiceID};
use nice_plug::prelude::*;
use wmidi::{ControlFunction, MidiMessage};

/// Most messages in one chunk; a chunk ends early where more come.
const MESSAGES_PER_CHUNK: usize = 128;

/// MIDI velocity of full scale.
const FULL_VELOCITY: f32 = 127.0;

/// MIDI controller of full scale.
const FULL_VALUE: f32 = 127.0;

/// What client and therapist at keyboards or pads play, cut into chunks.
#[derive(Default)]
pub struct ClientNotes {
    messages: ArrayVec<KeyMessage, MESSAGES_PER_CHUNK>,
    /// Messages that lie beyond the chunk, in time order: sample of the block and message.
    waiting: ArrayVec<(u32, Message), MESSAGES_PER_CHUNK>,
    /// Which keys are down, the client's and the therapist's: bit = MIDI key.
    down: [u128; 2],
}

/// One event of the host's as far as it concerns keys.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Message {
    /// Key and velocity; velocity 0 lifts the key.
    Key(Player, u8, u8),
    /// Every key of theirs is lifted: the host named none in particular.
    AllUp(Player),
}

impl ClientNotes {
    /// Forgets which keys are down.
    pub fn reset(&mut self) {
        *self = Self::default();
    }

    /// The messages from sample `from` of the block on, offsets counted from there, and where this chunk ends:
    /// at `until`, or earlier if there are too many messages. `next` hands out the host's events in time order.
    pub fn take<S>(
        &mut self,
        from: usize,
        until: usize,
        mut next: impl FnMut() -> Option<NoteEvent<S>>,
    ) -> (usize, &[KeyMessage]) {
        self.messages.clear();
        loop {
            let Some((at, message)) = self.waiting.pop_at(0).or_else(|| next_message(&mut next)) else {
                return (until, &self.messages);
            };
            let room = match message {
                Message::Key(..) => 1,
                Message::AllUp(by) => self.down[by as usize].count_ones() as usize,
            };
            let full = self.messages.remaining_capacity() < room;
            if full || at as usize >= until {
                let _ = self.waiting.try_insert(0, (at, message));
                let end = if full { until.min((at as usize).max(from + 1)) } else { until };
                return (end, &self.messages);
            }
            self.write(at.saturating_sub(from as u32), message);
        }
    }

    /// The block of `samples` is over: what the host gave for its very end is the next block's. A host that changes a
    /// parameter has its block split there, and notes at that sample come with the part before it.
    pub fn next_block<S>(&mut self, samples: usize, mut next: impl FnMut() -> Option<NoteEvent<S>>) {
        for (at, _) in &mut self.waiting {
            *at = at.saturating_sub(samples as u32);
        }
        while let Some((at, message)) = next_message(&mut next) {
            let _ = self.waiting.try_push((at.saturating_sub(samples as u32), message));
        }
    }

    fn write(&mut self, offset: u32, message: Message) {
        match message {
            Message::Key(by, key, velocity) => {
                let (bit, down) = (1 << key, &mut self.down[by as usize]);
                *down = if velocity > 0 { *down | bit } else { *down & !bit };
                let _ = self.messages.try_push(KeyMessage { by, offset, key, velocity });
            }
            Message::AllUp(by) => {
                let down = std::mem::take(&mut self.down[by as usize]);
                for key in (0..128).filter(|key| down & (1 << key) != 0) {
                    let _ = self.messages.try_push(KeyMessage { by, offset, key, velocity: 0 });
                }
            }
        }
    }
}

/// The next event that concerns keys.
fn next_message<S>(next: &mut impl FnMut() -> Option<NoteEvent<S>>) -> Option<(u32, Message)> {
    loop {
        let message = match next()? {
            NoteEvent::NoteOn { timing, channel, key: Key::Number(key), velocity, .. } => {
                // A note-on is one however soft: formats that mean a note-off by velocity 0 have said so before.
                let velocity = (velocity * FULL_VELOCITY).round().clamp(1.0, FULL_VELOCITY) as u8;
                (timing, Message::Key(player(channel), key.min(127), velocity))
            }
            NoteEvent::NoteOff { timing, channel, key, .. } | NoteEvent::Choke { timing, channel, key, .. } => {
                match key {
                    Key::Number(key) => (timing, Message::Key(player(channel), key.min(127), 0)),
                    Key::Wildcard => (timing, Message::AllUp(player(channel))),
                }
            }
            _ => continue,
        };
        return Some(message);
    }
}

/// Who plays on `channel`.
fn player(channel: Channel) -> Player {
    match channel {
        Channel::Number(channel) => Player::on_channel(channel),
        Channel::Wildcard => Player::Client,
    }
}

/// The way out: what the musician says goes to the host.
pub struct Stage<'a, C> {
    /// The host.
    pub context: &'a mut C,
    /// What the panel is shown.
    pub telemetry: &'a mut Telemetry,
    /// What is recorded.
    pub tap: &'a mut Tap,
    /// Lets it be heard.
    pub speaker: &'a mut Speaker,
    /// Where in the host's block the chunk begins, samples.
    pub from: u32,
    /// While bypassed, nothing begins; what sounds may end.
    pub silenced: bool,
}

impl<C: ProcessContext<Antiphon>> Audience for Stage<'_, C> {
    fn event(&mut self, offset: u32, event: &Spoken) -> Result<(), NoRoom> {
        let timing = self.from + offset;
        let note = match event.message {
            MidiMessage::NoteOn(..) if self.silenced => return Err(NoRoom),
            MidiMessage::NoteOn(channel, key, velocity) => NoteEvent::NoteOn {
                timing,
                voice_id: VoiceID::Wildcard,
                channel: Channel::Number(channel.index()),
                key: Key::Number(key.into()),
                velocity: f32::from(u8::from(velocity)) / FULL_VELOCITY,
            },
            MidiMessage::NoteOff(channel, key, velocity) => NoteEvent::NoteOff {
                timing,
                voice_id: VoiceID::Wildcard,
                channel: Channel::Number(channel.index()),
                key: Key::Number(key.into()),
                velocity: f32::from(u8::from(velocity)) / FULL_VELOCITY,
            },
            MidiMessage::ControlChange(_, _, value) if self.silenced && u8::from(value) > 0 => return Err(NoRoom),
            MidiMessage::ControlChange(channel, controller, value) => NoteEvent::MidiCC {
                timing,
                channel: channel.index(),
                cc: controller.into(),
                value: f32::from(u8::from(value)) / FULL_VALUE,
            },
            // Notes and the pedal are all that is spoken.
            _ => return Ok(()),
        };
        match self.context.try_send_event(note) {
            // A host that takes no notes still lets the sound be heard.
            Ok(()) | Err((_, SendEventError::NoOutputBuffer)) => {}
            Err(_) => return Err(NoRoom),
        }
        self.tap.play(event);
        self.sound(offset, event);
        Ok(())
    }

    fn hop(&mut self, report: &Report<'_>) {
        self.telemetry.note(report);
        self.tap.hop(report);
    }
}

impl<C> Stage<'_, C> {
    fn sound(&mut self, offset: u32, event: &Spoken) {
        match event.message {
            MidiMessage::NoteOn(channel, key, velocity) => {
                let (channel, offset) = (channel.index(), offset as usize);
                self.speaker.note_on(offset, event.voice, channel, key.into(), velocity.into());
            }
            MidiMessage::NoteOff(channel, key, _) => {
                self.speaker.note_off(offset as usize, channel.index(), key.into());
            }
            MidiMessage::ControlChange(channel, ControlFunction::DAMPER_PEDAL, value) => {
                self.speaker.pedal(offset as usize, channel.index(), u8::from(value) > 0);
            }
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(timing: u32, key: Key, velocity: f32) -> NoteEvent<()> {
        let (voice_id, channel) = (VoiceID::Wildcard, Channel::Number(0));
        if velocity > 0.0 {
            NoteEvent::NoteOn { timing, voice_id, channel, key, velocity }
        } else {
            NoteEvent::NoteOff { timing, voice_id, channel, key, velocity }
        }
    }

    fn down(timing: u32, number: u8) -> NoteEvent<()> {
        key(timing, Key::Number(number), 1.0)
    }

    /// Takes a block of `samples` in chunks of `chunk`; each message as sample of the block, key and velocity.
    fn take(notes: &mut ClientNotes, samples: usize, chunk: usize, events: &[NoteEvent<()>]) -> Vec<(u32, u8, u8)> {
        let mut events = events.iter().copied();
        let (mut from, mut taken) = (0, Vec::new());
        while from < samples {
            let (until, messages) = notes.take(from, samples.min(from + chunk), || events.next());
            assert!(until > from && until <= samples);
            taken.extend(messages.iter().map(|m| (from as u32 + m.offset, m.key, m.velocity)));
            from = until;
        }
        notes.next_block(samples, || events.next());
        taken
    }

    #[test]
    fn every_midi_velocity_survives_the_way_through_the_host() {
        let events: Vec<_> = (1..=127u8).map(|v| key(0, Key::Number(60), f32::from(v) / 127.0)).collect();
        let taken = take(&mut ClientNotes::default(), 512, 512, &events);
        assert!(taken.iter().map(|(_, _, velocity)| *velocity).eq(1..=127));
    }

    #[test]
    fn messages_keep_their_samples_however_the_block_is_cut() {
        let events: Vec<_> = (0..100).map(|i| down(i * 5, i as u8)).collect();
        let whole = take(&mut ClientNotes::default(), 512, 512, &events);
        for chunk in [1, 7, 64, 100] {
            assert_eq!(take(&mut ClientNotes::default(), 512, chunk, &events), whole);
        }
    }

    #[test]
    fn more_messages_than_a_chunk_holds_are_all_taken_in_order() {
        let events: Vec<_> = (0..500u32).map(|i| down(i, (i % 128) as u8)).collect();
        let taken = take(&mut ClientNotes::default(), 512, 512, &events);
        assert!(taken.iter().map(|(at, ..)| *at).eq(0..500));
    }

    #[test]
    fn notes_at_the_very_end_of_a_split_block_come_first_in_the_next() {
        let mut notes = ClientNotes::default();
        assert_eq!(take(&mut notes, 100, 64, &[down(5, 60), down(100, 62), down(100, 64)]), [(5, 60, 127)]);
        assert_eq!(take(&mut notes, 100, 64, &[down(1, 65)]), [(0, 62, 127), (0, 64, 127), (1, 65, 127)]);
    }

    #[test]
    fn a_note_off_for_every_key_lifts_the_keys_that_are_down() {
        let mut notes = ClientNotes::default();
        take(&mut notes, 64, 64, &[down(0, 60), down(0, 64), key(3, Key::Number(60), 0.0)]);
        assert_eq!(take(&mut notes, 64, 64, &[key(9, Key::Wildcard, 0.0)]), [(9, 64, 0)]);
    }
}
