//! Notes across the border: what the client plays on MIDI comes in, what the musician plays goes out.

use crate::Antiphon;
use crate::telemetry::Telemetry;
use antiphon_engine::listen::heard::ClientMidi;
use antiphon_engine::speak::{NoRoom, Spoken};
use antiphon_engine::{Audience, Report};
use arrayvec::ArrayVec;
use nice_plug::midi::{Channel, Key, VoiceID};
use nice_plug::prelude::*;
use wmidi::MidiMessage;

/// Most of the client's messages in one chunk; a chunk ends early where more come.
const MESSAGES_PER_CHUNK: usize = 128;

/// MIDI velocity of full scale.
const FULL_VELOCITY: f32 = 127.0;

/// What the client at a keyboard or at pads plays, cut into chunks.
#[derive(Default)]
pub struct ClientNotes {
    messages: ArrayVec<ClientMidi, MESSAGES_PER_CHUNK>,
    /// An event of the host's that lies beyond the chunk: sample of the block and event.
    ahead: Option<(u32, Message)>,
    /// Which keys are down: bit = MIDI key.
    down: u128,
}

/// One event of the host's as far as it concerns the client's keys.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Message {
    /// Key and velocity; velocity 0 lifts the key.
    Key(u8, u8),
    /// Every key is lifted: the host named none in particular.
    AllUp,
}

impl ClientNotes {
    /// Forgets which keys are down.
    pub fn reset(&mut self) {
        *self = Self::default();
    }

    /// The client's messages from sample `from` of the block on, offsets counted from there, and where this chunk ends:
    /// at `until`, or earlier if there are too many messages. `next` hands out the host's events in time order.
    pub fn take<S>(
        &mut self,
        from: usize,
        until: usize,
        mut next: impl FnMut() -> Option<NoteEvent<S>>,
    ) -> (usize, &[ClientMidi]) {
        self.messages.clear();
        loop {
            let Some((at, message)) = self.ahead.take().or_else(|| next_message(&mut next)) else {
                return (until, &self.messages);
            };
            let room = match message {
                Message::Key(..) => 1,
                Message::AllUp => self.down.count_ones() as usize,
            };
            let full = self.messages.remaining_capacity() < room;
            let end = if full { until.min((at as usize).max(from + 1)) } else { until };
            if at as usize >= until || (full && !self.messages.is_empty()) {
                self.ahead = Some((at, message));
                return (end, &self.messages);
            }
            self.write(at.saturating_sub(from as u32), message);
        }
    }

    fn write(&mut self, offset: u32, message: Message) {
        match message {
            Message::Key(key, velocity) => {
                let bit = 1 << key;
                self.down = if velocity > 0 { self.down | bit } else { self.down & !bit };
                let _ = self.messages.try_push(ClientMidi { offset, key, velocity });
            }
            Message::AllUp => {
                for key in (0..128).filter(|key| self.down & (1 << key) != 0) {
                    let _ = self.messages.try_push(ClientMidi { offset, key, velocity: 0 });
                }
                self.down = 0;
            }
        }
    }
}

/// The next event that concerns the client's keys.
fn next_message<S>(next: &mut impl FnMut() -> Option<NoteEvent<S>>) -> Option<(u32, Message)> {
    loop {
        let message = match next()? {
            NoteEvent::NoteOn { timing, key: Key::Number(key), velocity, .. } => {
                // A note-on is one however soft: formats that mean a note-off by velocity 0 have said so before.
                let velocity = (velocity * FULL_VELOCITY).round().clamp(1.0, FULL_VELOCITY) as u8;
                (timing, Message::Key(key.min(127), velocity))
            }
            NoteEvent::NoteOff { timing, key, .. } | NoteEvent::Choke { timing, key, .. } => match key {
                Key::Number(key) => (timing, Message::Key(key.min(127), 0)),
                Key::Wildcard => (timing, Message::AllUp),
            },
            _ => continue,
        };
        return Some(message);
    }
}

/// The way out: what the musician says goes to the host.
pub struct Stage<'a, C> {
    /// The host.
    pub context: &'a mut C,
    /// What the panel is shown.
    pub telemetry: &'a mut Telemetry,
    /// Where in the host's block the chunk begins, samples.
    pub from: u32,
    /// While bypassed, nothing begins; what sounds may end.
    pub silenced: bool,
}

impl<C: ProcessContext<Antiphon>> Audience for Stage<'_, C> {
    fn event(&mut self, offset: u32, event: &Spoken) -> Result<(), NoRoom> {
        let timing = self.from + offset;
        let event = match event.message {
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
            // The ledger speaks of notes alone.
            _ => return Ok(()),
        };
        self.context.try_send_event(event).map_err(|_| NoRoom)
    }

    fn hop(&mut self, report: &Report<'_>) {
        self.telemetry.note(report);
    }
}
