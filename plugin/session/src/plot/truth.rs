//! What is known to be true of a recording, from a csv file, and how far the ears agree with it.

use crate::hearing::Hearing;
use crate::hearing::agreement::{ONSET_WINDOW_S, PITCH_WINDOW_CENTS, note_pairs, off_cents, pairs};
use crate::problem::Problem;
use std::path::Path;

/// What is known, by the number of columns in the file.
#[derive(Clone, Debug, PartialEq)]
pub enum Truth {
    /// Instants of beginnings, s.
    Onsets(Vec<f64>),
    /// Fundamental over time, (s, Hz); 0 where there is none, less where it is not known.
    Pitch(Vec<(f64, f64)>),
    /// Notes as (onset in s, offset in s, MIDI key).
    Notes(Vec<(f64, f64, f64)>),
}

impl Truth {
    /// Reads `path`: lines of `onset_s`, of `time_s,f0_hz`, or of `onset_s,offset_s,midi`, in ascending time. A heading
    /// and empty lines are passed over.
    pub fn read(path: &Path) -> Result<Self, Problem> {
        let bytes = std::fs::read(path).map_err(Problem::read(path))?;
        let text = String::from_utf8_lossy(&bytes);
        let mut rows: Vec<Vec<f64>> = Vec::new();
        for (index, line) in text.trim_start_matches('\u{feff}').lines().enumerate() {
            let heading = index == 0 && line.starts_with(|letter: char| letter.is_ascii_alphabetic());
            if heading || line.trim().is_empty() {
                continue;
            }
            let row = row(line, rows.last());
            rows.push(row.map_err(|why| Problem::Truth { path: path.to_owned(), line: index as u64 + 1, why })?);
        }
        match rows.first().map(Vec::len) {
            None => Err(Problem::Empty { path: path.to_owned() }),
            Some(1) => Ok(Self::Onsets(rows.iter().map(|row| row[0]).collect())),
            Some(2) => Ok(Self::Pitch(rows.iter().map(|row| (row[0], row[1])).collect())),
            Some(_) => Ok(Self::Notes(rows.iter().map(|row| (row[0], row[1], row[2])).collect())),
        }
    }

    /// How far `hearing` agrees, in words.
    pub fn agreement(&self, hearing: &Hearing) -> String {
        let clock = hearing.clock;
        match self {
            Self::Pitch(curve) => {
                let voiced = curve.iter().filter(|point| point.1 > 0.0);
                let right = voiced.clone().filter(|&&(time_s, f0_hz)| {
                    let heard = hearing.described_at(clock.samples(time_s));
                    heard.is_some_and(|hop| off_cents(f64::from(hop.pitch.f0_hz), f0_hz) < PITCH_WINDOW_CENTS)
                });
                let share = 100.0 * right.count() as f64 / voiced.count().max(1) as f64;
                format!("{share:.1} % of the true pitch within {PITCH_WINDOW_CENTS} cents")
            }
            Self::Notes(notes) => {
                let truth: Vec<(f64, u8)> = notes.iter().map(|note| (note.0, note.2.round() as u8)).collect();
                let heard: Vec<(f64, u8)> =
                    hearing.notes.iter().map(|note| (clock.seconds(note.onset), note.key)).collect();
                let found = note_pairs(&truth, &heard, ONSET_WINDOW_S).len();
                told(found, truth.len(), heard.len(), "true notes with key and onset right")
            }
            Self::Onsets(truth) => {
                let mut heard: Vec<f64> = hearing.onsets.iter().map(|onset| clock.seconds(onset.time)).collect();
                heard.sort_by(f64::total_cmp);
                told(pairs(truth, &heard, ONSET_WINDOW_S).len(), truth.len(), heard.len(), "true onsets")
            }
        }
    }
}

fn told(found: usize, truth: usize, heard: usize, what: &str) -> String {
    let within_ms = 1e3 * ONSET_WINDOW_S;
    format!("{found} of {truth} {what} within {within_ms} ms, {} heard that are not there", heard - found)
}

fn row(line: &str, before: Option<&Vec<f64>>) -> Result<Vec<f64>, String> {
    let number = |cell: &str| -> Result<f64, String> {
        let number = cell.trim().parse().ok().filter(|number: &f64| number.is_finite());
        number.ok_or_else(|| format!("'{}' is not a number", cell.trim()))
    };
    let row = line.split(',').map(number).collect::<Result<Vec<f64>, _>>()?;
    let columns = before.map_or(row.len(), Vec::len);
    if row.len() != columns || !(1..=3).contains(&columns) {
        return Err(format!("it has {} fields", row.len()));
    }
    if row[0] < before.map_or(0.0, |before| before[0]) {
        return Err(format!("{} s comes before what stands above it", row[0]));
    }
    match row.as_slice() {
        [onset_s, offset_s, _] if offset_s < onset_s => Err(format!("the note ends at {offset_s} s, before it begins")),
        [_, _, midi] if !(0.0..=127.0).contains(midi) => Err(format!("{midi} is not a MIDI key from 0 to 127")),
        _ => Ok(row),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read_text(text: &str) -> Result<Truth, String> {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("truth.csv");
        std::fs::write(&path, text).unwrap();
        Truth::read(&path).map_err(|problem| problem.to_string())
    }

    #[test]
    fn the_number_of_columns_tells_what_is_known() {
        assert_eq!(read_text("0.5\n0.75\n"), Ok(Truth::Onsets(vec![0.5, 0.75])));
        assert_eq!(read_text("time_s,f0_hz\n0,0\n0.1,220\n"), Ok(Truth::Pitch(vec![(0.0, 0.0), (0.1, 220.0)])));
        assert_eq!(read_text("0.1,0.4,60.2\n\n"), Ok(Truth::Notes(vec![(0.1, 0.4, 60.2)])));
    }

    #[test]
    fn a_wrong_line_is_named_with_what_is_wrong() {
        for (text, expected) in [
            ("", "is empty"),
            ("0,220\n0.1,high\n", "line 2: 'high' is not a number"),
            ("0,220\n0.1\n", "line 2: it has 1 fields"),
            ("0,1,60,90\n", "line 1: it has 4 fields"),
            ("1,220\n0.5,220\n", "line 2: 0.5 s comes before"),
            ("1,0.5,60\n", "line 1: the note ends"),
            ("1,2,143\n", "line 1: 143 is not a MIDI key"),
        ] {
            let message = read_text(text).unwrap_err();
            assert!(message.contains(expected) && message.contains("truth.csv"), "{message}");
        }
    }
}
