//! What the room says.

use crate::recorder::{Doing, Status};
use std::path::Path;

/// How the recording stands: its time, or what there is instead; and its size and markers.
pub fn progress(status: &Status) -> (String, Option<String>) {
    match status.doing {
        Doing::Idle => ("Nothing is being kept.".to_owned(), None),
        Doing::Exporting => ("Exporting.".to_owned(), None),
        Doing::Recording { seconds, bytes, markers } => {
            let marks = match markers {
                0 => String::new(),
                1 => ", 1 marker".to_owned(),
                markers => format!(", {markers} markers"),
            };
            (time(seconds), Some(format!("{}{marks}", size(bytes))))
        }
    }
}

/// What went well or wrong last; before anything did, what recording is.
pub fn said(status: &Status) -> String {
    let lost = match status.lost {
        0 => String::new(),
        1 => " 1 event could not be kept.".to_owned(),
        lost => format!(" {lost} events could not be kept."),
    };
    let said = status.problem.as_ref().or(status.news.as_ref()).map_or(
        "Nothing is kept of a session unless you record it. Then it is what was heard and played, and why: no sound, no \
         name.",
        String::as_str,
    );
    format!("{said}{lost}")
}

/// A session by its day and time.
pub fn name(session: &Path) -> String {
    let name = session.file_stem().unwrap_or_default().to_string_lossy();
    let mut parts = name.split('_');
    match (parts.next(), parts.next().and_then(|time| time.get(..5))) {
        (Some(day), Some(time)) => format!("{day}, {}", time.replace('-', ":")),
        _ => name.into_owned(),
    }
}

fn time(seconds: u32) -> String {
    let (hours, minutes, seconds) = (seconds / 3_600, seconds / 60 % 60, seconds % 60);
    if hours > 0 { format!("{hours}:{minutes:02}:{seconds:02}") } else { format!("{minutes}:{seconds:02}") }
}

fn size(bytes: u64) -> String {
    match bytes {
        0..1_000_000 => format!("{} kB", bytes.div_ceil(1_000)),
        _ => format!("{:.1} MB", bytes as f64 / 1e6),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_recording_tells_its_time_and_size() {
        let recording = |seconds, bytes, markers| {
            progress(&Status { doing: Doing::Recording { seconds, bytes, markers }, ..Status::default() })
        };
        let told = |time: &str, size: &str| (time.to_owned(), Some(size.to_owned()));
        assert_eq!(recording(65, 12_345, 0), told("1:05", "13 kB"));
        assert_eq!(recording(3_725, 1_250_000, 2), told("1:02:05", "1.2 MB, 2 markers"));
    }

    #[test]
    fn a_session_is_called_by_its_day_and_time() {
        assert_eq!(name(Path::new("/x/2026-05-04_14-02-11_3f9c.antiphon")), "2026-05-04, 14:02");
        assert_eq!(name(Path::new("/x/renamed.antiphon")), "renamed");
    }

    #[test]
    fn what_was_lost_is_said_and_a_problem_before_good_news() {
        let status = Status { lost: 3, news: Some("Kept.".to_owned()), ..Status::default() };
        assert_eq!(said(&status), "Kept. 3 events could not be kept.");
        assert!(said(&Status { problem: Some("The disk is full.".to_owned()), ..status }).starts_with("The disk"));
    }
}
