//! session.wav and accompaniment.wav: 32-bit float at the input's rate, as long as the input and with its channels.

use crate::problem::Problem;
use std::fs::File;
use std::io::BufWriter;
use std::path::{Path, PathBuf};

type Writer = hound::WavWriter<BufWriter<File>>;

/// The two sound files being written.
pub struct Tape {
    session: (PathBuf, Writer),
    accompaniment: (PathBuf, Writer),
}

impl Tape {
    /// Begins the files in `dir`, which exists.
    pub fn create(dir: &Path, rate_hz: f64, channels: usize) -> Result<Self, Problem> {
        let spec = hound::WavSpec {
            channels: channels as u16,
            sample_rate: rate_hz.round() as u32,
            bits_per_sample: 32,
            sample_format: hound::SampleFormat::Float,
        };
        let create = |name: &str| {
            let path = dir.join(name);
            match hound::WavWriter::create(&path, spec) {
                Ok(writer) => Ok((path, writer)),
                Err(error) => Err(Problem::write(&path, error)),
            }
        };
        Ok(Self { session: create("session.wav")?, accompaniment: create("accompaniment.wav")? })
    }

    /// Adds samples: `client` has one slice a channel, `left` and `right` are the accompaniment's; one channel has both.
    pub fn write(&mut self, client: &[Vec<f32>], left: &[f32], right: &[f32]) -> Result<(), Problem> {
        for (index, (&left, &right)) in left.iter().zip(right).enumerate() {
            let mono = client.len() == 1;
            for (side, channel) in client.iter().enumerate() {
                let answer = if mono { 0.5 * (left + right) } else { [left, right][side % 2] };
                let own = Some(channel[index]).filter(|sample| sample.is_finite()).unwrap_or(0.0);
                put(&mut self.session, own + answer)?;
                put(&mut self.accompaniment, answer)?;
            }
        }
        Ok(())
    }

    /// Completes the files.
    pub fn finish(self) -> Result<(), Problem> {
        for (path, writer) in [self.session, self.accompaniment] {
            writer.finalize().map_err(|error| Problem::write(&path, error))?;
        }
        Ok(())
    }
}

fn put((path, writer): &mut (PathBuf, Writer), sample: f32) -> Result<(), Problem> {
    writer.write_sample(sample).map_err(|error| Problem::write(path, error))
}
