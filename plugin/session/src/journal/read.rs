//! Reads a session file, whole or broken off.

use super::entry::{Entry, Header, VERSION};
use super::frame::{self, FRAME_HEAD_BYTES};
use super::{How, MAGIC};
use crate::problem::Problem;
use antiphon_engine::time::SampleTime;
use std::ops::Range;
use std::path::Path;

/// A session file, read.
#[derive(Clone, Debug)]
pub struct Session {
    /// What was known at its beginning.
    pub header: Header,
    /// Bytes that could not be read: torn off, or damaged.
    pub unread: usize,
    bytes: Vec<u8>,
    /// The payloads.
    frames: Vec<Range<usize>>,
}

impl Session {
    /// Reads the file at `path`.
    pub fn open(path: &Path) -> Result<Self, Problem> {
        let bytes = std::fs::read(path).map_err(Problem::read(path))?;
        Self::read(bytes).map_err(|why| Problem::NoSession { path: path.to_owned(), why })
    }

    /// Reads the contents of a file.
    pub(super) fn read(bytes: Vec<u8>) -> Result<Self, String> {
        if !bytes.starts_with(MAGIC) {
            return Err("it does not begin as one".to_owned());
        }
        let mut frames = Vec::new();
        let (mut from, mut unread) = (MAGIC.len(), 0);
        while from < bytes.len() {
            let Some((skipped, payload)) = frame::first(&bytes[from..]) else {
                unread += bytes.len() - from;
                break;
            };
            let begin = from + skipped + FRAME_HEAD_BYTES;
            unread += skipped;
            from = begin + payload.len();
            frames.push(begin..from);
        }
        let header = frames.first().map(|frame| &bytes[frame.clone()]);
        let header: Option<Header> = header.and_then(|payload| postcard::from_bytes(payload).ok());
        let header = header.ok_or("its beginning is damaged")?;
        if header.version > VERSION {
            return Err(format!("it was written by a newer Antiphon, {}", header.written_by));
        }
        frames.remove(0);
        Ok(Self { header, unread, bytes, frames })
    }

    /// Everything that happened, in order.
    pub fn entries(&self) -> impl Iterator<Item = Entry> {
        self.frames.iter().flat_map(|frame| Entries(&self.bytes[frame.clone()]))
    }

    /// Samples a second, Hz; `None` if the recording broke off before the first sample.
    pub fn rate_hz(&self) -> Option<f64> {
        self.entries().find_map(|entry| match entry {
            Entry::Begin(rate_hz) => Some(rate_hz),
            _ => None,
        })
    }

    /// How it ended; `None` if it broke off.
    pub fn ended(&self) -> Option<How> {
        match Entries(self.last_frame()?).last()? {
            Entry::End { how, .. } => Some(how),
            _ => None,
        }
    }

    /// The last instant that it tells of, samples.
    pub fn length(&self) -> SampleTime {
        self.entries().map(|entry| entry.latest()).max().unwrap_or(0)
    }

    /// Where the last whole frame ends, bytes from the beginning of the file.
    pub(super) fn whole(&self) -> usize {
        let header = self.bytes.len() - self.unread;
        self.frames.last().map_or(header, |frame| frame.end)
    }

    fn last_frame(&self) -> Option<&[u8]> {
        self.frames.last().map(|frame| &self.bytes[frame.clone()])
    }
}

/// The entries of one payload.
struct Entries<'a>(&'a [u8]);

impl Iterator for Entries<'_> {
    type Item = Entry;

    fn next(&mut self) -> Option<Entry> {
        if self.0.is_empty() {
            return None;
        }
        // What the checksum lets through and is no entry all the same ends the frame.
        let (entry, rest) = postcard::take_from_bytes(self.0).ok().unzip();
        self.0 = rest.unwrap_or(&[]);
        entry
    }
}
