//! Audio files of any format that the decoding library knows, packet by packet.

use crate::problem::Problem;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use symphonia::core::codecs::audio::{AudioDecoder, AudioDecoderOptions};
use symphonia::core::errors::Error;
use symphonia::core::formats::probe::Hint;
use symphonia::core::formats::{FormatOptions, FormatReader, TrackType};
use symphonia::core::io::MediaSourceStream;
use symphonia::core::meta::MetadataOptions;

pub(super) struct AudioFile {
    path: PathBuf,
    format: Box<dyn FormatReader>,
    decoder: Box<dyn AudioDecoder>,
    track: u32,
    rate_hz: u32,
    channels: usize,
    length: Option<u64>,
    /// Samples decoded so far, each channel.
    decoded: u64,
    /// Packets that could not be decoded.
    damaged: u64,
    /// The packet being handed out, and how much of it has been.
    packet: Vec<Vec<f32>>,
    taken: usize,
    ended: bool,
}

impl AudioFile {
    pub fn open(path: &Path) -> Result<Self, Problem> {
        let unreadable =
            |why: &dyn std::fmt::Display| Problem::NotAudio { path: path.to_owned(), why: why.to_string() };
        let file = std::fs::File::open(path).map_err(Problem::read(path))?;
        let stream = MediaSourceStream::new(Box::new(file), Default::default());
        let mut hint = Hint::new();
        if let Some(extension) = path.extension().and_then(|extension| extension.to_str()) {
            hint.with_extension(extension);
        }
        let format = symphonia::default::get_probe()
            .probe(&hint, stream, FormatOptions::default(), MetadataOptions::default())
            .map_err(|error| unreadable(&error))?;
        let track = format.default_track(TrackType::Audio).ok_or_else(|| unreadable(&"it has no sound track"))?;
        let parameters = track.codec_params.as_ref().and_then(|parameters| parameters.audio());
        let parameters = parameters.ok_or_else(|| unreadable(&"its sound is of no known kind"))?;
        let decoder = symphonia::default::get_codecs()
            .make_audio_decoder(parameters, &AudioDecoderOptions::default())
            .map_err(|error| unreadable(&error))?;
        let mut file = Self {
            path: path.to_owned(),
            track: track.id,
            rate_hz: parameters.sample_rate.unwrap_or(0),
            channels: parameters.channels.as_ref().map_or(0, |channels| channels.count()),
            length: track.num_frames,
            format,
            decoder,
            decoded: 0,
            damaged: 0,
            packet: Vec::new(),
            taken: 0,
            ended: false,
        };
        file.next_packet()?;
        if file.ended {
            let empty = file.damaged == 0 && file.length.unwrap_or(0) == 0;
            return Err(if empty {
                Problem::Empty { path: file.path }
            } else {
                unreadable(&"it is cut off or damaged")
            });
        }
        if !(1..=2).contains(&file.channels) {
            return Err(Problem::Channels { path: file.path, count: file.channels });
        }
        Ok(file)
    }

    pub fn rate_hz(&self) -> u32 {
        self.rate_hz
    }

    pub fn channels(&self) -> usize {
        self.channels
    }

    pub fn length(&self) -> Option<u64> {
        self.length
    }

    pub fn read(&mut self, frames: usize, out: &mut Vec<Vec<f32>>) -> Result<usize, Problem> {
        out.resize(self.channels, Vec::new());
        out.iter_mut().for_each(Vec::clear);
        while out[0].len() < frames && !self.ended {
            let left = self.packet[0].len() - self.taken;
            let count = left.min(frames - out[0].len());
            for (channel, samples) in out.iter_mut().zip(&self.packet) {
                channel.extend_from_slice(&samples[self.taken..self.taken + count]);
            }
            self.taken += count;
            if count == left {
                self.next_packet()?;
            }
        }
        Ok(out[0].len())
    }

    pub fn warning(&self) -> Option<String> {
        let path = self.path.display();
        if let Some(length) = self.length.filter(|&length| self.decoded < length) {
            let seconds = |samples: u64| samples as f64 / f64::from(self.rate_hz);
            let (decoded, length) = (seconds(self.decoded), seconds(length));
            return Some(format!(
                "'{path}' is cut off or damaged: {decoded:.2} s of {length:.2} s could be read and were used"
            ));
        }
        (self.damaged > 0).then(|| format!("'{path}' is damaged in {} places, which were left out", self.damaged))
    }

    /// Decodes the next packet that has sound in it, or notes that there is none.
    fn next_packet(&mut self) -> Result<(), Problem> {
        self.taken = 0;
        loop {
            let packet = match self.format.next_packet() {
                Ok(Some(packet)) if packet.track_id == self.track => packet,
                Ok(Some(_)) => continue,
                Err(Error::IoError(error)) if error.kind() != ErrorKind::UnexpectedEof => {
                    return Err(Problem::read(&self.path)(error));
                }
                Ok(None) | Err(_) => break,
            };
            match self.decoder.decode(&packet) {
                Ok(buffer) if buffer.frames() > 0 => {
                    self.channels = buffer.spec().channels().count();
                    self.rate_hz = buffer.spec().rate();
                    self.decoded += buffer.frames() as u64;
                    buffer.copy_to_vecs_planar(&mut self.packet);
                    return Ok(());
                }
                Ok(_) => {}
                Err(_) => self.damaged += 1,
            }
        }
        self.ended = true;
        self.packet.iter_mut().for_each(Vec::clear);
        Ok(())
    }
}
