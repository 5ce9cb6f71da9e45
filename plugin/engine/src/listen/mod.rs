//! Sound to facts: level, pitch, onsets, notes. MIDI input joins here as heard notes.

pub mod heard;

use crate::settings::Settings;
use crate::time::Clock;
use heard::{ClientMidi, Heard};

/// The ears.
pub struct Listen {
    clock: Clock,
    heard: Heard,
}

impl Listen {
    /// Ears for `clock`; allocates everything they will ever need.
    pub fn new(clock: Clock) -> Self {
        Self { clock, heard: Heard::default() }
    }

    /// Back to the state after `new`, without allocating.
    pub fn reset(&mut self) {
        self.heard = Heard::default();
    }

    /// Hears one hop: `samples` holds exactly `clock.hop()` finite samples, `midi` what was played during it, offsets
    /// counted from the hop's first sample.
    pub fn process(&mut self, samples: &[f32], midi: &[ClientMidi], _settings: &Settings) -> &Heard {
        let _ = (midi, self.clock);
        self.heard.now += samples.len() as u64;
        &self.heard
    }
}

/// Loudest sample that is analysed, full scale 1: beyond it lies no sound, and sums of squares stay exact.
const SAMPLE_LIMIT: f32 = 8.0;

/// `sample` made harmless for analysis: what is not finite or subnormal becomes 0, what is absurd is limited.
pub fn scrub(sample: f32) -> f32 {
    if sample.is_normal() { sample.clamp(-SAMPLE_LIMIT, SAMPLE_LIMIT) } else { 0.0 }
}

/// The client in mono: fills `out` with the mean of `channels` from sample `from` on, each sample scrubbed first. With
/// no channel at all, silence. Every channel holds at least `from + out.len()` samples.
pub fn mono(channels: &[impl AsRef<[f32]>], from: usize, out: &mut [f32]) {
    out.fill(0.0);
    for channel in channels {
        let samples = &channel.as_ref()[from..from + out.len()];
        for (sum, &sample) in out.iter_mut().zip(samples) {
            *sum += scrub(sample);
        }
    }
    let count = channels.len().max(1) as f32;
    for sum in out {
        *sum /= count;
    }
}
