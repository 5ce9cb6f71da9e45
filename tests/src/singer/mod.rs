//! A synthetic singer whose truth is exact: any melody, sung, bowed, blown, plucked or drummed, at any sample rate,
//! the same samples for the same seed.
//!
//! ```
//! use antiphon_tests::singer::{Performance, sing, thirteen_lines};
//!
//! let take = sing(&thirteen_lines(), &Performance::default(), 16_000.0);
//! assert_eq!(take.truth.lines.len(), 13);
//! ```

mod chance;
mod contour;
pub mod drum;
mod formants;
mod lines;
pub mod performance;
mod pluck;
pub mod room;
pub mod score;
mod tempo;
pub mod truth;
mod voice;

pub use lines::{LINE_BEATS, thirteen_lines, thirteen_lines_without_repetition};
pub use performance::{Performance, Sound, Timing};
pub use score::{Consonant, Line, Note, Score};
pub use tempo::Ritard;
pub use truth::{LineTruth, NoteTruth, Truth};

use std::path::Path;

/// A recording and what is true of it.
#[derive(Clone, Debug, PartialEq)]
pub struct Take {
    /// Samples a second, Hz.
    pub rate_hz: f64,
    /// Mono, full scale 1.
    pub samples: Vec<f32>,
    /// What sounds.
    pub truth: Truth,
}

/// Samples below this are silence, full scale 1: -120 dB, far under the room of any recording and far over subnormals.
const SILENCE: f32 = 1e-6;

impl Take {
    /// Seconds in all.
    pub fn length_s(&self) -> f64 {
        self.samples.len() as f64 / self.rate_hz
    }

    /// Writes the sound to `path` as a wav file of 32-bit floats, the rate rounded to whole Hz.
    pub fn write(&self, path: &Path) -> hound::Result<()> {
        let spec = hound::WavSpec {
            channels: 1,
            sample_rate: self.rate_hz.round() as u32,
            bits_per_sample: 32,
            sample_format: hound::SampleFormat::Float,
        };
        let mut writer = hound::WavWriter::create(path, spec)?;
        self.samples.iter().try_for_each(|&sample| writer.write_sample(sample))?;
        writer.finalize()
    }

    /// The same take, its loudest sample brought to `peak` and what is below [`SILENCE`] made silent.
    fn levelled(mut self, peak: f32) -> Self {
        let loudest = self.samples.iter().fold(0.0_f32, |most, sample| most.max(sample.abs()));
        let gain = if loudest > SILENCE { peak / loudest } else { 0.0 };
        for sample in &mut self.samples {
            let levelled = *sample * gain;
            *sample = if levelled.abs() < SILENCE { 0.0 } else { levelled };
        }
        self
    }
}

/// Sings or plays `score`. The take begins [`performance::LEAD_IN_S`] before the first note and ends
/// [`performance::LEAD_OUT_S`] after the last beat.
pub fn sing(score: &Score, performance: &Performance, rate_hz: f64) -> Take {
    let performed = performance.perform(score);
    let take = match performance.sound {
        Sound::Plucked => pluck::pluck(&performed, performance, rate_hz),
        _ => voice::voice(&performed, performance, rate_hz),
    };
    take.levelled(performance.peak)
}

#[cfg(test)]
mod promises;
