//! How the recorder stands, for the panel.

use antiphon_session::journal::Recovered;
use std::path::PathBuf;

/// What the recorder does.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Doing {
    /// Nothing.
    #[default]
    Idle,
    /// It records.
    Recording {
        /// Length so far, s.
        seconds: u32,
        /// Size so far, bytes.
        bytes: u64,
        /// Markers so far.
        markers: u32,
    },
    /// It writes an export.
    Exporting,
}

/// How the recorder stands.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Status {
    /// What it does.
    pub doing: Doing,
    /// What went wrong last and what to do, in a sentence or two; until the next thing that goes well.
    pub problem: Option<String>,
    /// What went well last, in a sentence.
    pub news: Option<String>,
    /// Sessions that broke off earlier and were completed, a sentence each.
    pub recovered: Vec<String>,
    /// Where sessions are kept; empty until the recorder was first asked for anything.
    pub folder: PathBuf,
    /// The session that is being recorded, or was last.
    pub session: Option<PathBuf>,
    /// The therapist's own notes on that session.
    pub notes: String,
    /// The sessions in the folder, newest first.
    pub sessions: Vec<PathBuf>,
    /// Events of this session that found no room.
    pub lost: u64,
}

/// `recovered` in a sentence.
pub(super) fn sentence(recovered: &Recovered, today: &str) -> String {
    let (date, time) = recovered.begun.split_once('T').unwrap_or((&recovered.begun, ""));
    let day = if date == today { String::new() } else { format!("{date}, ") };
    let time = time.get(..5).unwrap_or(time);
    let minutes = (recovered.length_s / 60.0).round() as u64;
    let length = match minutes {
        0 => "less than a minute".to_owned(),
        1 => "1 minute".to_owned(),
        minutes => format!("{minutes} minutes"),
    };
    format!("The session of {day}{time} ended unexpectedly; it is kept ({length}).")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_session_that_broke_off_is_told_by_its_time() {
        let begun = "2026-05-04T14:02:11+02:00".to_owned();
        let recovered = Recovered { path: PathBuf::new(), begun, length_s: 1_210.0 };
        let today = "The session of 14:02 ended unexpectedly; it is kept (20 minutes).";
        assert_eq!(sentence(&recovered, "2026-05-04"), today);
        assert!(sentence(&recovered, "2026-05-05").starts_with("The session of 2026-05-04, 14:02 ended"));
    }
}
