//! The room of a render: what reaches the musician's ears, and what sounds in it.

use super::stand::Told;
use super::{Bleed, Plan};
use crate::problem::Problem;
use crate::record::Tape;
use crate::source::Source;
use antiphon_engine::listen::downmix::Downmix;
use antiphon_engine::listen::heard::KeyMessage;
use antiphon_engine::respond::plan::Voice;
use antiphon_engine::time::{Clock, SampleTime};
use antiphon_engine::transport::Transport;
use antiphon_sound::{Choice, Sound};
use std::collections::VecDeque;

/// What the musician hears of a block, and what the client plays on MIDI meanwhile.
type Block<'a> = (&'a [f32], &'a [KeyMessage]);

pub(super) struct Stage<'a> {
    source: &'a mut Source,
    tape: Tape,
    block: usize,
    /// Samples of silence still to come after the input.
    tail: SampleTime,
    /// Samples that have been played.
    pub at: SampleTime,
    /// What the client sounds now, one buffer a channel.
    client: Vec<Vec<f32>>,
    /// What the musician hears of it, bleed included.
    ears: Vec<f32>,
    downmix: Downmix,
    midi: Vec<KeyMessage>,
    /// How many of the client's messages have been heard.
    heard: usize,
    /// How many of the song's changes have been told.
    told: usize,
    /// Loudspeaker to microphone.
    bleed: Option<Room>,
    instrument: Sound,
    /// The accompaniment of the block, left and right.
    accompaniment: [Vec<f32>; 2],
    /// A client who came as MIDI is heard through an instrument of her own.
    clients_instrument: Option<Sound>,
}

/// Echoes a second; each follows its neighbours unevenly.
const ECHOES_PER_S: f64 = 150.0;

/// First echo after the straight sound, s: a wall at a metre.
const FIRST_ECHO_S: f64 = 0.004;

/// All echoes together against the straight sound, power: a microphone near the loudspeaker (-3 dB).
const ECHOES_POWER: f64 = 0.5;

struct Room {
    /// What is under way, oldest first: as many samples as the straight way takes, and before them those that still echo.
    air: VecDeque<f32>,
    /// Samples that the last echo comes after the straight sound.
    longest: usize,
    /// Samples after the straight sound, and gain, of each way; the straight one first.
    ways: Vec<(usize, f32)>,
}

impl Room {
    fn new(bleed: &Bleed, clock: Clock) -> Self {
        let gain = 10_f64.powf(bleed.level_db / 20.0);
        let count = (bleed.echo_s * ECHOES_PER_S).ceil() as usize;
        let echo = |k: usize| {
            // The golden ratio spreads instants and signs without a pattern.
            let share = ((k + 1) as f64 * 0.618_034).fract();
            let later_s = FIRST_ECHO_S + bleed.echo_s * share;
            let sign = if ((share * 1e3) as usize).is_multiple_of(2) { 1.0 } else { -1.0 };
            (later_s, sign * 10_f64.powf(-3.0 * share))
        };
        let power: f64 = (0..count).map(|k| echo(k).1.powi(2)).sum();
        let all = gain * (ECHOES_POWER / power.max(f64::MIN_POSITIVE)).sqrt();
        let echoes =
            (0..count).map(echo).map(|(later_s, level)| (clock.samples(later_s) as usize, (all * level) as f32));
        let ways: Vec<_> = std::iter::once((0, gain as f32)).chain(echoes).collect();
        let longest = ways.iter().map(|way| way.0).max().unwrap_or(0);
        let straight = clock.samples(bleed.delay_s).max(1) as usize;
        Self { air: std::iter::repeat_n(0.0, straight + longest).collect(), longest, ways }
    }

    /// Samples of the straight way.
    fn straight(&self) -> usize {
        self.air.len() - self.longest
    }

    /// What arrives at sample `at` from now, before the straight way is over.
    fn arrives(&self, at: usize) -> f32 {
        self.ways.iter().map(|&(later, gain)| gain * self.air[self.longest + at - later]).sum()
    }
}

impl<'a> Stage<'a> {
    pub fn new(source: &'a mut Source, plan: &Plan, tape: Tape, clock: Clock) -> Self {
        let rate_hz = clock.rate_hz();
        let mut instrument = Sound::new(rate_hz);
        instrument.choose(&plan.sound);
        let bleed = plan.bleed.map(|bleed| Room::new(&bleed, clock));
        // The accompaniment must exist before it comes back, so no block is longer than the way back.
        let block = bleed.as_ref().map_or(plan.block, |room| plan.block.min(room.straight())).max(1);
        Self {
            clients_instrument: source.is_midi().then(|| Sound::new(rate_hz)),
            source,
            tape,
            block,
            tail: clock.samples(plan.tail_s),
            at: 0,
            client: Vec::new(),
            ears: Vec::new(),
            downmix: Downmix::default(),
            midi: Vec::new(),
            heard: 0,
            told: 0,
            bleed,
            instrument,
            accompaniment: Default::default(),
        }
    }

    /// Follows the therapist's choice of sound.
    pub fn choose(&mut self, sound: &Choice) {
        self.instrument.choose(sound);
    }

    /// Lets what sounds fade at once.
    pub fn hush(&mut self) {
        self.instrument.hush();
    }

    /// How the song goes on from here, if its tempo or metre changes here.
    pub fn song_change(&mut self) -> Option<Transport> {
        let change = self.source.song().get(self.told).filter(|change| change.time <= self.at)?;
        self.told += 1;
        Some(change.transport)
    }

    /// Samples until tempo or metre change.
    pub fn until_song_change(&self) -> SampleTime {
        self.source.song().get(self.told).map_or(SampleTime::MAX, |change| change.time - self.at)
    }

    /// The next block, of `limit` samples at most; `None` when input and tail are over.
    pub fn take(&mut self, limit: SampleTime) -> Result<Option<Block<'_>>, Problem> {
        let frames = limit.min(self.block as SampleTime) as usize;
        let mut count = self.source.read(frames, &mut self.client)?;
        if count == 0 {
            count = self.tail.min(frames as SampleTime) as usize;
            self.tail -= count as SampleTime;
            self.client.iter_mut().for_each(|channel| channel.resize(count, 0.0));
        }
        if count == 0 {
            return Ok(None);
        }
        self.ears.resize(count, 0.0);
        self.downmix.process(&self.client, 0, &mut self.ears);
        if let Some(room) = &self.bleed {
            for (at, sample) in self.ears.iter_mut().enumerate() {
                *sample += room.arrives(at);
            }
        }
        let end = self.at + count as SampleTime;
        self.midi.clear();
        for message in self.source.messages()[self.heard..].iter().take_while(|message| message.time < end) {
            let offset = (message.time - self.at) as u32;
            self.midi.push(KeyMessage { offset, by: message.by, key: message.key, velocity: message.velocity });
        }
        self.heard += self.midi.len();
        Ok(Some((&self.ears, &self.midi)))
    }

    /// The instant after the block that was taken last.
    pub fn block_end(&self) -> SampleTime {
        self.at + self.ears.len() as SampleTime
    }

    /// Lets the block that was taken last sound, with what was `played` during it.
    pub fn play(&mut self, played: &[Told]) -> Result<(), Problem> {
        let at = self.at;
        let messages = played.iter().map(|told| match told {
            Told::Note(event) => Message {
                offset: event.time.saturating_sub(at) as usize,
                channel: event.channel,
                what: What::Note(event.label.map_or(Voice::Harmony, |label| label.voice), event.key, event.velocity),
            },
            Told::Control(control) => Message {
                offset: control.time.saturating_sub(at) as usize,
                channel: control.channel,
                what: What::Pedal(control.is_down()),
            },
        });
        self.accompaniment.iter_mut().for_each(|side| side.resize(self.ears.len(), 0.0));
        perform(&mut self.instrument, messages, &mut self.accompaniment);
        if let Some(instrument) = &mut self.clients_instrument {
            let messages = self.midi.iter().map(|message| Message {
                offset: message.offset as usize,
                channel: 0,
                what: What::Note(Voice::Counter, message.key, message.velocity),
            });
            let mut sides = [vec![0.0; self.ears.len()], vec![0.0; self.ears.len()]];
            perform(instrument, messages, &mut sides);
            self.client[0].copy_from_slice(&mono(&sides));
        }
        if let Some(room) = &mut self.bleed {
            room.air.drain(..self.ears.len());
            room.air.extend(mono(&self.accompaniment));
        }
        self.at = self.block_end();
        let [left, right] = &self.accompaniment;
        self.tape.write(&self.client, left, right)
    }

    /// Completes the sound files; tells what was wrong with the input.
    pub fn finish(self) -> Result<Option<String>, Problem> {
        self.tape.finish()?;
        Ok(self.source.warning())
    }
}

/// A message for an instrument.
struct Message {
    offset: usize,
    channel: u8,
    what: What,
}

enum What {
    /// Voice, key and velocity; velocity 0 lets the key go.
    Note(Voice, u8, u8),
    /// Whether the sustain pedal goes down.
    Pedal(bool),
}

/// Plays messages in time order on `instrument` into both sides of `out`.
fn perform(instrument: &mut Sound, messages: impl Iterator<Item = Message>, out: &mut [Vec<f32>; 2]) {
    let [left, right] = out;
    let mut from = 0;
    for message in messages {
        let until = message.offset.clamp(from, left.len());
        instrument.process(&mut left[from..until], &mut right[from..until]);
        from = until;
        match message.what {
            What::Note(_, key, 0) => instrument.note_off(message.channel, key),
            What::Note(voice, key, velocity) => instrument.note_on(voice, message.channel, key, velocity),
            What::Pedal(down) => instrument.pedal(message.channel, down),
        }
    }
    instrument.process(&mut left[from..], &mut right[from..]);
}

/// Both sides as one.
fn mono([left, right]: &[Vec<f32>; 2]) -> Vec<f32> {
    left.iter().zip(right).map(|(left, right)| 0.5 * (left + right)).collect()
}
