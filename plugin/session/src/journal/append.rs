//! Appends to a session file.

use super::MAGIC;
use super::entry::{Entry, Header, How};
use super::frame::{FRAME_HEAD_BYTES, head};
use antiphon_engine::time::SampleTime;
use std::fs::File;
use std::io::{self, Seek, SeekFrom, Write};

/// A frame is written when it has grown to this, if nobody asks for it sooner.
const FRAME_BYTES: usize = 32 * 1024;

/// Kept free for the end of the session, bytes.
const RESERVE_BYTES: u64 = 64;

/// What a session file is written to.
pub trait Medium: Write {
    /// Waits until what was written is on the disk.
    fn settle(&mut self) -> io::Result<()>;

    /// Cuts off what lies beyond the first `length` bytes.
    fn cut(&mut self, length: u64) -> io::Result<()>;
}

impl Medium for File {
    fn settle(&mut self) -> io::Result<()> {
        self.sync_data()
    }

    fn cut(&mut self, length: u64) -> io::Result<()> {
        self.set_len(length)?;
        self.seek(SeekFrom::Start(length)).map(drop)
    }
}

/// A session file being written. Holds one frame in memory, whatever the length of the session.
#[derive(Debug)]
pub struct Journal<M> {
    medium: M,
    frame: Vec<u8>,
    /// Bytes of whole frames on the medium.
    written: u64,
    /// Greatest length of the file, bytes.
    limit: u64,
    full: bool,
}

impl<M: Medium> Journal<M> {
    /// Begins a file on `medium`, which is empty; it will not grow beyond `limit` bytes.
    pub fn begin(mut medium: M, header: &Header, limit: u64) -> io::Result<Self> {
        let header = postcard::to_stdvec(header).map_err(io::Error::other)?;
        medium.write_all(MAGIC)?;
        medium.write_all(&head(&header))?;
        medium.write_all(&header)?;
        medium.settle()?;
        let written = (MAGIC.len() + FRAME_HEAD_BYTES + header.len()) as u64;
        Ok(Self { medium, frame: Vec::with_capacity(2 * FRAME_BYTES), written, limit, full: false })
    }

    /// Takes `entry` down; gives whether there was room for it. Once there was none there never is again.
    pub fn append(&mut self, entry: &Entry) -> io::Result<bool> {
        let before = self.frame.len();
        postcard::to_io(entry, &mut self.frame).map_err(io::Error::other)?;
        self.full |= self.length() + RESERVE_BYTES > self.limit;
        if self.full {
            self.frame.truncate(before);
        } else if self.frame.len() >= FRAME_BYTES {
            self.flush()?;
        }
        Ok(!self.full)
    }

    /// Hands everything so far to the system, from where it survives the end of this process. What cannot be written
    /// whole is cut off again.
    pub fn flush(&mut self) -> io::Result<()> {
        if self.frame.is_empty() {
            return Ok(());
        }
        let written = self.medium.write_all(&head(&self.frame)).and_then(|()| self.medium.write_all(&self.frame));
        if let Err(error) = written {
            // A part of a frame that stays is passed over by every reader.
            let _ = self.medium.cut(self.written);
            return Err(error);
        }
        self.written += (FRAME_HEAD_BYTES + self.frame.len()) as u64;
        self.frame.clear();
        Ok(())
    }

    /// Waits until what was flushed is on the disk, from where it survives the end of the power.
    pub fn settle(&mut self) -> io::Result<()> {
        self.medium.settle()
    }

    /// Bytes so far, as they will be in the file.
    pub fn length(&self) -> u64 {
        let frame = self.frame.len() as u64;
        self.written + if frame > 0 { frame + FRAME_HEAD_BYTES as u64 } else { 0 }
    }

    /// Bytes of memory that it holds.
    pub fn memory(&self) -> usize {
        self.frame.capacity()
    }

    /// The file so far.
    pub fn medium(&self) -> &M {
        &self.medium
    }

    /// Ends the session at `time` without what could not be written, as far as that is possible.
    pub fn give_up(mut self, time: SampleTime) {
        self.frame.clear();
        // A file that cannot be ended is completed at the next start.
        let _ = self.end(time, How::BrokeOff);
    }

    /// Ends the session at `time`, in a frame of its own: by it a complete file is known at a glance.
    pub fn end(mut self, time: SampleTime, how: How) -> io::Result<M> {
        self.flush()?;
        postcard::to_io(&Entry::End { time, how }, &mut self.frame).map_err(io::Error::other)?;
        self.flush()?;
        self.settle()?;
        Ok(self.medium)
    }
}
