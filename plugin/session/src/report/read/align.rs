//! Where two files lie against each other in time, if the files tell.

use crate::analysis::Note;

/// The name of a marker or track that tells where the client's recording begins, or that holds her notes.
pub(super) const CLIENT: &str = "client";

/// Notes nearer than this after moving are the same, s.
const SAME_S: f64 = 0.1;

/// So many of each are compared, from the beginning: enough to be sure, and quick.
const COMPARED: usize = 400;

/// The files belong together if so many notes, and this share of them, are the same.
const FEWEST: usize = 5;
const SHARE: f64 = 0.5;

/// What has to be added to the times of `written` so that they are those of `heard`, s, and how many notes are then the
/// same; `None` if they are not the same music. Both are one player's notes in the order of their beginnings.
pub(super) fn offset_s(heard: &[Note], written: &[Note]) -> Option<(f64, usize)> {
    let (heard, written) = (&heard[..heard.len().min(COMPARED)], &written[..written.len().min(COMPARED)]);
    let of_one_key = |note: &Note| {
        let Note { on_s, key, .. } = *note;
        heard.iter().filter(move |other| other.key == key).map(move |other| other.on_s - on_s)
    };
    let mut apart: Vec<f64> = written.iter().flat_map(of_one_key).collect();
    apart.sort_unstable_by(f64::total_cmp);
    // The stretch of `SAME_S` that holds most differences.
    let (mut first, mut best) = (0, 0..0);
    for last in 0..apart.len() {
        while apart[last] - apart[first] > SAME_S {
            first += 1;
        }
        if last + 1 - first > best.len() {
            best = first..last + 1;
        }
    }
    let enough = best.len() >= FEWEST && best.len() as f64 >= SHARE * heard.len().min(written.len()) as f64;
    let same = &apart[best];
    enough.then(|| (same[same.len() / 2], same.len()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tune(from_s: f64) -> Vec<Note> {
        let note = |n: u32| {
            let on_s = from_s + f64::from(n) * 0.5 + 0.1 * (f64::from(n) * 1.7).sin();
            Note { on_s, off_s: on_s + 0.4, key: 60 + (n * n % 11) as u8, velocity: 80 }
        };
        (0..30).map(note).collect()
    }

    #[test]
    fn the_same_music_is_found_at_its_offset_and_other_music_is_not() {
        let (offset, same) = offset_s(&tune(1.0), &tune(8.5)).unwrap();
        assert!((offset + 7.5).abs() < 0.01 && same >= 25, "{offset} {same}");
        let other: Vec<Note> = tune(1.0).iter().map(|note| Note { key: 120 - note.key, ..*note }).collect();
        assert_eq!(offset_s(&tune(1.0), &other), None);
        assert_eq!(offset_s(&[], &tune(1.0)), None);
    }
}
