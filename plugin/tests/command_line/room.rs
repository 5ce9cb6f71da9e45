//! A folder to try things in: inputs are made in it, the program runs in it, and what it wrote is read back.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::process::{Command, Output};

pub struct Room {
    dir: tempfile::TempDir,
}

/// A row of a csv file: cells by column.
pub type Row = BTreeMap<String, String>;

impl Room {
    pub fn new() -> Self {
        Self { dir: tempfile::tempdir().unwrap() }
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.dir.path().join(name)
    }

    pub fn bytes(&self, name: &str) -> Vec<u8> {
        std::fs::read(self.path(name)).unwrap_or_else(|error| panic!("{name}: {error}"))
    }

    pub fn write(&self, name: &str, bytes: impl AsRef<[u8]>) {
        std::fs::write(self.path(name), bytes).unwrap();
    }

    /// `antiphon` with `arguments`, in this folder.
    pub fn command(&self, arguments: &[&str]) -> Command {
        let mut antiphon = Command::new(env!("CARGO_BIN_EXE_antiphon"));
        antiphon.current_dir(self.dir.path()).args(arguments);
        antiphon
    }

    /// Runs `antiphon` with `arguments`, in this folder.
    pub fn run(&self, arguments: &[&str]) -> Output {
        self.command(arguments).output().unwrap()
    }

    /// Renders `input` into the folder `out`, which must succeed.
    pub fn render(&self, input: &str, out: &str, options: &[&str]) {
        let output = self.run(&[&["render", input, "--out", out], options].concat());
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    }

    /// What the program says on stderr when it refuses `arguments`.
    pub fn refusal(&self, arguments: &[&str]) -> String {
        let output = self.run(arguments);
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(!output.status.success(), "{arguments:?} was not refused: {said}");
        said
    }

    pub fn rows(&self, name: &str) -> Vec<Row> {
        let mut reader = csv::Reader::from_path(self.path(name)).unwrap();
        reader.deserialize().collect::<Result<_, _>>().unwrap_or_else(|error| panic!("{name}: {error}"))
    }

    /// Rate, channels, and samples of each channel interleaved.
    pub fn wav(&self, name: &str) -> (u32, u16, Vec<f32>) {
        let reader = hound::WavReader::open(self.path(name)).unwrap();
        let spec = reader.spec();
        assert_eq!((spec.bits_per_sample, spec.sample_format), (32, hound::SampleFormat::Float));
        (spec.sample_rate, spec.channels, reader.into_samples().collect::<Result<_, _>>().unwrap())
    }

    /// Writes a wav file: `frames` of a melody of steady tones with rests between them, the same in each channel.
    pub fn sing(&self, name: &str, rate: u32, channels: u16, frames: u32) {
        let spec = hound::WavSpec {
            channels,
            sample_rate: rate,
            bits_per_sample: 16,
            sample_format: hound::SampleFormat::Int,
        };
        let mut writer = hound::WavWriter::create(self.path(name), spec).unwrap();
        for frame in 0..frames {
            let seconds = f64::from(frame) / f64::from(rate);
            let (tone, within) = ((seconds / 0.5) as usize, seconds % 0.5);
            let hz = [220.0, 246.9, 261.6, 220.0, 196.0, 220.0][tone % 6];
            let loudness = (within / 0.02).min((0.4 - within) / 0.02).clamp(0.0, 1.0);
            let wave: f64 =
                (1..6).map(|k| (seconds * hz * f64::from(k) * std::f64::consts::TAU).sin() / f64::from(k)).sum();
            for _ in 0..channels {
                writer.write_sample((wave * loudness * 6_000.0) as i16).unwrap();
            }
        }
        writer.finalize().unwrap();
    }
}

/// The number in `column`.
pub fn number(row: &Row, column: &str) -> f64 {
    row[column].parse().unwrap_or_else(|_| panic!("{column} is '{}'", row[column]))
}

/// Cues that make the accompaniment play without a client.
pub const CADENCE_CUES: &str = "time_s,name,value\n0.5,state,holding\n1,cadence,\n";
