//! What the client sang or played, read block by block: an audio file, or the notes of a MIDI file over silence.

mod audio;
mod midi;

use crate::problem::Problem;
use antiphon_engine::listen::heard::Player;
use antiphon_engine::time::{SAMPLE_RATE_LIMITS_HZ, SampleTime};
use antiphon_engine::transport::Transport;
use audio::AudioFile;
use midi::MidiFile;
use std::io::Read;
use std::path::{Path, PathBuf};

/// A note message, at a sample of the input.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PlayedMessage {
    /// When.
    pub time: SampleTime,
    /// Who played it.
    pub by: Player,
    /// MIDI key.
    pub key: u8,
    /// MIDI velocity; 0 is a note-off.
    pub velocity: u8,
}

/// Where tempo or metre of a song change.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct SongChange {
    /// The first sample of what is new.
    pub time: SampleTime,
    /// How the song goes on from there.
    pub transport: Transport,
}

/// An input that is being read.
pub struct Source {
    path: PathBuf,
    rate_hz: f64,
    channels: usize,
    length: Option<SampleTime>,
    messages: Vec<PlayedMessage>,
    song: Vec<SongChange>,
    inner: Inner,
}

enum Inner {
    Audio(AudioFile),
    /// Silence of which so many samples are left.
    Silence(SampleTime),
}

impl Source {
    /// Opens `path`, whatever of the two it is; its bytes tell, not its name.
    pub fn open(path: &Path) -> Result<Self, Problem> {
        let mut first = Vec::new();
        let file = std::fs::File::open(path).map_err(Problem::read(path))?;
        file.take(4).read_to_end(&mut first).map_err(Problem::read(path))?;
        match first.as_slice() {
            [] => Err(Problem::Empty { path: path.to_owned() }),
            b"MThd" => Self::midi(path),
            _ => Self::audio(path),
        }
    }

    fn midi(path: &Path) -> Result<Self, Problem> {
        let MidiFile { messages, song, length } = midi::read(path)?;
        Ok(Self {
            path: path.to_owned(),
            rate_hz: midi::RATE_HZ,
            channels: 1,
            length: Some(length),
            messages,
            song,
            inner: Inner::Silence(length),
        })
    }

    fn audio(path: &Path) -> Result<Self, Problem> {
        let file = AudioFile::open(path)?;
        let (rate_hz, channels) = (f64::from(file.rate_hz()), file.channels());
        let (low, high) = SAMPLE_RATE_LIMITS_HZ;
        if !(low..=high).contains(&rate_hz) {
            return Err(Problem::Rate { path: path.to_owned(), rate_hz, low, high });
        }
        let (length, inner) = (file.length(), Inner::Audio(file));
        let (messages, song) = (Vec::new(), Vec::new());
        Ok(Self { path: path.to_owned(), rate_hz, channels, length, messages, song, inner })
    }

    /// Where it lies.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Samples a second, Hz.
    pub fn rate_hz(&self) -> f64 {
        self.rate_hz
    }

    /// 1 or 2.
    pub fn channels(&self) -> usize {
        self.channels
    }

    /// Samples in all, if the file says so.
    pub fn length(&self) -> Option<SampleTime> {
        self.length
    }

    /// The note messages in time order, if the input is a MIDI file.
    pub fn messages(&self) -> &[PlayedMessage] {
        &self.messages
    }

    /// Tempo and metre at the beginning and wherever they change; none if the input has none.
    pub fn song(&self) -> &[SongChange] {
        &self.song
    }

    /// Whether the input is a MIDI file.
    pub fn is_midi(&self) -> bool {
        matches!(self.inner, Inner::Silence(_))
    }

    /// Reads the next `frames` samples of each channel into `out`; fewer at the end, none after it.
    pub fn read(&mut self, frames: usize, out: &mut Vec<Vec<f32>>) -> Result<usize, Problem> {
        match &mut self.inner {
            Inner::Audio(file) => file.read(frames, out),
            Inner::Silence(left) => {
                let count = (frames as SampleTime).min(*left) as usize;
                *left -= count as SampleTime;
                out.resize(1, Vec::new());
                out[0].clear();
                out[0].resize(count, 0.0);
                Ok(count)
            }
        }
    }

    /// What was wrong with the input without making it unusable, for the person who asked; known once all is read.
    pub fn warning(&self) -> Option<String> {
        match &self.inner {
            Inner::Audio(file) => file.warning(),
            Inner::Silence(_) => None,
        }
    }
}
