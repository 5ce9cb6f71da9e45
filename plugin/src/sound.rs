//! The built-in sound in its seat: hears what the musician plays while it is told to the host, and adds it to the
//! client's sound. Nothing here allocates but [`Speaker::prepare`].

use crate::CHUNK_SAMPLES;
use antiphon_engine::respond::plan::Voice;
use antiphon_sound::{Choice, Sound};
use nice_plug::prelude::Buffer;

/// The loudspeaker.
#[derive(Default)]
pub struct Speaker {
    /// The instruments and the rate they were made for, Hz.
    sound: Option<(f64, Box<Sound>)>,
    left: Vec<f32>,
    right: Vec<f32>,
    /// Samples of the chunk that are ready.
    ready: usize,
    panicked: bool,
}

impl Speaker {
    /// Gets ready to sound at `rate_hz`.
    pub fn prepare(&mut self, rate_hz: f64) {
        if self.sound.as_ref().is_none_or(|(rate, _)| *rate != rate_hz) {
            self.sound = Some((rate_hz, Box::new(Sound::new(rate_hz))));
        }
        self.left.resize(CHUNK_SAMPLES, 0.0);
        self.right.resize(CHUNK_SAMPLES, 0.0);
    }

    /// Silent at once.
    pub fn reset(&mut self) {
        if let Some((_, sound)) = &mut self.sound {
            sound.reset();
        }
    }

    /// A block begins: the therapist's choice, whether it begins with an ending, and whether *panic* is pressed. Either
    /// fades what sounds.
    pub fn begin_block(&mut self, choice: &Choice, ending: bool, panic: bool) {
        let panics = panic && !std::mem::replace(&mut self.panicked, panic);
        if let Some((_, sound)) = &mut self.sound {
            sound.choose(choice);
            if ending || panics {
                sound.hush();
            }
        }
    }

    /// A note begins at `offset` of the chunk.
    pub fn note_on(&mut self, offset: usize, voice: Voice, channel: u8, key: u8, velocity: u8) {
        if let Some(sound) = self.until(offset) {
            sound.note_on(voice, channel, key, velocity);
        }
    }

    /// A note is let go at `offset` of the chunk.
    pub fn note_off(&mut self, offset: usize, channel: u8, key: u8) {
        if let Some(sound) = self.until(offset) {
            sound.note_off(channel, key);
        }
    }

    /// The sustain pedal of a channel moves at `offset` of the chunk.
    pub fn pedal(&mut self, offset: usize, channel: u8, down: bool) {
        if let Some(sound) = self.until(offset) {
            sound.pedal(channel, down);
        }
    }

    /// The chunk is over: adds it to samples `from` to `until` of the client's sound. A sample to which nothing is added
    /// stays as it is, to the bit.
    pub fn add(&mut self, buffer: &mut Buffer, from: usize, until: usize) {
        let was_silent = self.ready == 0 && self.sound.as_ref().is_none_or(|(_, sound)| sound.is_silent());
        self.until(until - from);
        self.ready = 0;
        if was_silent {
            return;
        }
        let (left, right) = (&self.left[..until - from], &self.right[..until - from]);
        let mono = buffer.channels() == 1;
        for (side, channel) in buffer.as_slice().iter_mut().enumerate() {
            let pairs = left.iter().zip(right);
            for (sample, (&left, &right)) in channel[from..until].iter_mut().zip(pairs) {
                let answer = if mono { 0.5 * (left + right) } else { [left, right][side % 2] };
                if answer != 0.0 {
                    *sample += answer;
                }
            }
        }
    }

    /// The instruments, ready up to `offset` of the chunk.
    fn until(&mut self, offset: usize) -> Option<&mut Sound> {
        let (_, sound) = self.sound.as_mut()?;
        let until = offset.clamp(self.ready, self.left.len());
        sound.process(&mut self.left[self.ready..until], &mut self.right[self.ready..until]);
        self.ready = until;
        Some(sound)
    }
}

/// Makes samples `from` to `until` silent.
pub fn mute(buffer: &mut Buffer, from: usize, until: usize) {
    buffer.as_slice().iter_mut().for_each(|channel| channel[from..until].fill(0.0));
}
