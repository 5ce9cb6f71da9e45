//! What can go wrong with files, each said as what, where and what to do.

use std::path::{Path, PathBuf};
use thiserror::Error;

/// Why nothing (more) could be read or written.
#[derive(Debug, Error)]
pub enum Problem {
    /// The operating system refused to read.
    #[error("cannot read '{}': {cause}. Check the path, and that you may read the file", path.display())]
    Read {
        /// Where.
        path: PathBuf,
        /// What the system said.
        cause: std::io::Error,
    },
    /// The operating system refused to write.
    #[error("cannot write '{}': {why}. Choose a folder you may write to, with room on its disk", path.display())]
    Write {
        /// Where.
        path: PathBuf,
        /// What the system said.
        why: String,
    },
    /// The file has no bytes, or no sound in it.
    #[error("'{}' is empty: there is nothing in it to hear. Export or record it again", path.display())]
    Empty {
        /// Where.
        path: PathBuf,
    },
    /// The file is neither audio nor MIDI that can be read.
    #[error(
        "'{}' cannot be read as audio or MIDI ({why}). Give a wav, flac, aiff or ogg file, or a Standard MIDI File",
        path.display()
    )]
    NotAudio {
        /// Where.
        path: PathBuf,
        /// What the decoder said.
        why: String,
    },
    /// The file is not a session file that can be read.
    #[error("'{}' cannot be read as a session of Antiphon's: {why}. Give a file that Antiphon recorded", path.display())]
    NoSession {
        /// Where.
        path: PathBuf,
        /// What is wrong.
        why: String,
    },
    /// A MIDI file of type 2.
    #[error(
        "'{}' is a MIDI file of type 2: its tracks are separate pieces with no common time, so nobody can say what sounded together. Export it as type 0 or 1",
        path.display()
    )]
    Sequential {
        /// Where.
        path: PathBuf,
    },
    /// A recording without the accompaniment that belongs to it.
    #[error(
        "'{}' is a recording of the client alone. Give the accompaniment as a MIDI file beside it, or a session.mid that holds both",
        path.display()
    )]
    Alone {
        /// Where.
        path: PathBuf,
    },
    /// A MIDI file in which the client is not told from the accompaniment.
    #[error(
        "'{}' does not tell which notes are the client's. Name the client's track 'client', or give the recording and the accompaniment as two files",
        path.display()
    )]
    NoClient {
        /// Where.
        path: PathBuf,
    },
    /// The accompaniment is not MIDI.
    #[error("'{}' is not a MIDI file. Give the accompaniment as a Standard MIDI File: export the MIDI of its track", path.display())]
    NotMidi {
        /// Where.
        path: PathBuf,
    },
    /// A file to compare that no report wrote.
    #[error("'{}' was not written by antiphon report ({why}). Give the .html-data files beside the reports", path.display())]
    NotData {
        /// Where.
        path: PathBuf,
        /// What is wrong.
        why: String,
    },
    /// The input is one of the files that would be written.
    #[error("'{}' would be overwritten by what is made from it. Choose another folder to write to", path.display())]
    WouldOverwrite {
        /// The input.
        path: PathBuf,
    },
    /// Neither mono nor stereo.
    #[error("'{}' has {count} channels. Give a mono or a stereo file", path.display())]
    Channels {
        /// Where.
        path: PathBuf,
        /// How many.
        count: usize,
    },
    /// A sample rate outside what the engine works at.
    #[error("'{}' has a sample rate of {rate_hz} Hz. Convert it to a rate from {low} to {high} Hz", path.display())]
    Rate {
        /// Where.
        path: PathBuf,
        /// The file's rate, Hz.
        rate_hz: f64,
        /// Least rate, Hz.
        low: f64,
        /// Greatest rate, Hz.
        high: f64,
    },
    /// A line of a cue file is wrong.
    #[error("'{}', line {line}: {why}. Each line is time_s,name,value, like '12.5,goal,pain' or '30,cadence,'", path.display())]
    Cue {
        /// Where.
        path: PathBuf,
        /// Line, from 1.
        line: u64,
        /// What is wrong.
        why: String,
    },
    /// A line of a file that says what is true of a recording is wrong.
    #[error(
        "'{}', line {line}: {why}. Each line is time_s,f0_hz, or onset_s,offset_s,midi, or onset_s alone, in time order",
        path.display()
    )]
    Truth {
        /// Where.
        path: PathBuf,
        /// Line, from 1.
        line: u64,
        /// What is wrong.
        why: String,
    },
}

impl Problem {
    pub(crate) fn read(path: &Path) -> impl FnOnce(std::io::Error) -> Self {
        move |cause| Self::Read { path: path.to_owned(), cause }
    }

    pub(crate) fn write(path: &Path, why: impl std::fmt::Display) -> Self {
        Self::Write { path: path.to_owned(), why: why.to_string() }
    }
}
