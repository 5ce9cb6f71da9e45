//! Completes what a crash left.

use super::append::Medium;
use super::entry::Entry;
use super::frame::{self, FRAME_HEAD_BYTES};
use super::read::Session;
use super::{EXTENSION, How, frame::head};
use crate::problem::Problem;
use std::fs::{File, OpenOptions, TryLockError};
use std::io::{Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
use std::time::Duration;

/// Bytes at the end of a file in which its last frame lies if it is an end.
const END_BYTES: u64 = 64;

/// Where files cannot be locked, one that changed less than this ago is taken for one being written: a recording writes
/// each half second.
const STILL_WARM: Duration = Duration::from_secs(30);

/// A session that broke off and was completed.
#[derive(Clone, Debug, PartialEq)]
pub struct Recovered {
    /// The file.
    pub path: PathBuf,
    /// When it was begun, as its header says.
    pub begun: String,
    /// What it tells of, s.
    pub length_s: f64,
}

/// The session files in `folder` that broke off, oldest name first. Files that are being written are not among them.
pub fn unfinished(folder: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
    let is_session = |path: &PathBuf| path.extension().is_some_and(|extension| extension == EXTENSION);
    let mut paths: Vec<_> = entries.map(|entry| entry.path()).filter(is_session).collect();
    paths.retain(|path| File::open(path).is_ok_and(|mut file| !is_ended(&mut file) && !is_written(&file)));
    paths.sort();
    paths
}

/// Completes the session file at `path`: a torn end is cut off, and an end written behind what is whole. `None` if there
/// is nothing to do: it is complete, or being written by someone.
pub fn recover(path: &Path) -> Result<Option<Recovered>, Problem> {
    let refused = |error: std::io::Error| Problem::write(path, error);
    let mut file = OpenOptions::new().read(true).write(true).open(path).map_err(Problem::read(path))?;
    // Held until the file is closed: of several that want to complete it, one does.
    if !is_taken(&file) {
        return Ok(None);
    }
    let mut bytes = Vec::new();
    file.seek(SeekFrom::Start(0)).and_then(|_| file.read_to_end(&mut bytes)).map_err(Problem::read(path))?;
    let session = Session::read(bytes).map_err(|why| Problem::NoSession { path: path.to_owned(), why })?;
    if session.ended().is_some() {
        return Ok(None);
    }
    let time = session.length();
    let end = postcard::to_stdvec(&Entry::End { time, how: How::BrokeOff }).unwrap_or_default();
    file.cut(session.whole() as u64).map_err(refused)?;
    file.write_all(&head(&end)).and_then(|()| file.write_all(&end)).and_then(|()| file.settle()).map_err(refused)?;
    let length_s = session.rate_hz().map_or(0.0, |rate_hz| time as f64 / rate_hz);
    Ok(Some(Recovered { path: path.to_owned(), begun: session.header.begun, length_s }))
}

/// Whether the last frame of the file is an end.
fn is_ended(file: &mut File) -> bool {
    let mut tail = Vec::new();
    let length = file.metadata().map_or(0, |metadata| metadata.len());
    let read = file.seek(SeekFrom::Start(length.saturating_sub(END_BYTES))).and_then(|_| file.read_to_end(&mut tail));
    let mut rest = &tail[..];
    while let (Ok(_), Some((from, payload))) = (&read, frame::first(rest)) {
        let after = &rest[from + FRAME_HEAD_BYTES + payload.len()..];
        if after.is_empty() {
            return matches!(postcard::from_bytes(payload), Ok(Entry::End { .. }));
        }
        rest = after;
    }
    false
}

/// Whether someone is writing to the file: whoever records holds a lock on it.
fn is_written(file: &File) -> bool {
    let taken = is_taken(file);
    // Gone with the file in any case; another reader need not wait so long.
    let _ = file.unlock();
    !taken
}

/// Takes the lock on the file, if nobody has it.
fn is_taken(file: &File) -> bool {
    match file.try_lock() {
        Ok(()) => true,
        Err(TryLockError::WouldBlock) => false,
        Err(TryLockError::Error(_)) => {
            let changed = file.metadata().and_then(|metadata| metadata.modified());
            !changed.is_ok_and(|at| at.elapsed().is_ok_and(|ago| ago < STILL_WARM))
        }
    }
}
