//! What sounds when, looked at every 10 ms.

use crate::exchange::files::Note;
use crate::exchange::rig::Exchange;
use std::collections::BTreeSet;

/// How often it is looked, s.
pub const STEP_S: f64 = 0.01;

/// Instants from `from_s` to before `to_s`.
pub fn instants(from_s: f64, to_s: f64) -> impl Iterator<Item = f64> {
    let count = ((to_s - from_s) / STEP_S).round().max(0.0) as usize;
    (0..count).map(move |step| from_s + (step as f64 + 0.5) * STEP_S)
}

/// Of the instants that `counts` answers at all, the share of which it says yes; not a number if there are none.
pub fn share(from_s: f64, to_s: f64, counts: impl Fn(f64) -> Option<bool>) -> f64 {
    let answers: Vec<bool> = instants(from_s, to_s).filter_map(counts).collect();
    answers.iter().filter(|yes| **yes).count() as f64 / answers.len() as f64
}

/// The notes that sound at an instant.
pub fn sounding(notes: &[Note], time_s: f64) -> impl Iterator<Item = &Note> {
    notes.iter().filter(move |note| note.sounds_at(time_s))
}

/// The pitch classes that sound at an instant.
pub fn classes(notes: &[Note], time_s: f64) -> BTreeSet<u8> {
    sounding(notes, time_s).map(Note::class).collect()
}

/// The pitch classes of bass and harmony at an instant.
pub fn chordal_classes(notes: &[Note], time_s: f64) -> BTreeSet<u8> {
    sounding(notes, time_s).filter(|note| note.is_chordal()).map(Note::class).collect()
}

/// Note in chord: of the time in which the client and the harmony sound, the share in which the sung pitch class is
/// among those of bass and harmony (as in ReaLchords, Wu et al. 2024).
pub fn note_in_chord(exchange: &Exchange, from_s: f64, to_s: f64) -> f64 {
    share(from_s, to_s, |time_s| {
        let key = exchange.sung_key(time_s)?;
        let classes = chordal_classes(&exchange.files.played, time_s);
        (!classes.is_empty()).then(|| classes.contains(&(key % 12)))
    })
}

/// The longest time for which something holds, s.
pub fn longest_s(from_s: f64, to_s: f64, holds: impl Fn(f64) -> bool) -> f64 {
    let (mut longest, mut run) = (0_usize, 0_usize);
    for time_s in instants(from_s, to_s) {
        run = if holds(time_s) { run + 1 } else { 0 };
        longest = longest.max(run);
    }
    longest as f64 * STEP_S
}
