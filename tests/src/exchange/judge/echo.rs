//! 4, echo: a countermelody gently echoes the melody.

use super::{Criterion, client_velocity};
use crate::exchange::files::Note;
use crate::exchange::measure::likeness::{Tone, limit, similarity};
use crate::exchange::measure::most;
use crate::exchange::measure::sounding::sounding;
use crate::exchange::rig::Exchange;

/// A line of the counter voice goes on over a gap no longer than this, s.
const GAP_S: f64 = 1.0;

/// A note this long may be echoed into, s.
const HELD_S: f64 = 0.8;

/// Doubling: the same key within this time, s.
const DOUBLING_S: f64 = 0.06;

/// So far into an echo's note it is looked what else sounds, s: what comes with it has begun.
const INTO_S: f64 = 0.03;

/// The criteria of the fourth line.
///
/// Readings: notes of the counter voice that begin between this cue and 1.2 s after the line's end are one line if no
/// gap between them is longer than a second, and it may run on over the next cue; there is exactly one such line, on one
/// part. The phrase that ends may be line 4 or, if its echo comes after this cue, line 3. A note held for 0.8 s or more is
/// one that the client does hold so long. Time is compared as played and in relation to the echo's length, and the worse
/// counts. Velocity is that of the loudest note. The client re-enters with the first onset of the next line after the
/// echo began. A note of the echo is consonant if it is so against the sung note and the lowest tone of all others, 30 ms
/// after it began.
pub fn echo(exchange: &Exchange) -> Vec<Criterion> {
    let window = exchange.window(3);
    let (Some(line), Some(before)) = (exchange.line(3), exchange.line(2)) else { return Vec::new() };
    let latest_s = line.end_s + 1.2;
    let lines = counter_lines(&exchange.files.played);
    let begun: Vec<&Vec<&Note>> =
        lines.iter().filter(|line| (window.from_s..=latest_s.max(window.to_s)).contains(&line[0].on_s)).collect();
    let none = Vec::new();
    let echo: &Vec<&Note> = begun.first().copied().unwrap_or(&none);
    let start_s = echo.first().map_or(f64::NAN, |note| note.on_s);
    let held = exchange.truth.notes.iter().any(|note| {
        note.onset_s < start_s
            && start_s < note.offset_s
            && note.offset_s - note.onset_s >= HELD_S
            && window.holds(note.onset_s)
    });
    let after = |end_s: f64| (0.2 - 1e-9..=1.2 + 1e-9).contains(&(start_s - end_s));
    let in_time = held || after(line.end_s) || after(before.end_s);
    let tones: Vec<Tone> = echo.iter().map(|note| (note.on_s, note.key)).collect();
    let alike = similarity(&tones, &sung_before(exchange, start_s));
    let doubled = echo.iter().filter(|note| {
        let twin =
            |sung: &&crate::singer::NoteTruth| (sung.onset_s - note.on_s).abs() <= DOUBLING_S && sung.key == note.key;
        exchange.truth.notes.iter().any(|sung| twin(&sung))
    });
    let doubled = doubled.count() as f64 / echo.len() as f64;
    let re_entry_s = exchange.truth.lines.iter().map(|line| line.start_s).find(|onset_s| *onset_s > start_s);
    let further = echo.iter().filter(|note| re_entry_s.is_some_and(|re_entry_s| note.on_s > re_entry_s)).count();
    let consonant = echo.iter().filter(|note| is_consonant(exchange, note)).count() as f64 / echo.len() as f64;
    let loudest = most(echo.iter().map(|note| f64::from(note.velocity)));
    let parts = echo.iter().filter(|note| note.part != echo[0].part).count();
    vec![
        Criterion::within("lines on the counter voice", begun.len() as f64, 1.0..=1.0),
        Criterion::within("notes", echo.len() as f64, 3.0..=8.0),
        Criterion::holds("one part", !echo.is_empty() && parts == 0),
        Criterion::holds("begins after the phrase or inside a held note", in_time),
        Criterion::at_least("similarity", if echo.is_empty() { f64::NAN } else { alike }, limit(echo.len())),
        Criterion::at_most("doubles the original, share", doubled, 0.9 - 1e-6),
        Criterion::at_most("loudest note against the client", loudest - client_velocity(exchange, window), -8.0),
        Criterion::at_most("notes after the client re-enters", further as f64, 2.0),
        Criterion::at_least("consonant, share", consonant, 0.8),
    ]
}

/// The lines of the counter voice, each with a note at least.
fn counter_lines(played: &[Note]) -> Vec<Vec<&Note>> {
    let mut lines: Vec<Vec<&Note>> = Vec::new();
    for note in played.iter().filter(|note| note.voice == "counter") {
        match lines.last_mut() {
            Some(line) if line.iter().all(|last| note.on_s - last.off_s > GAP_S) => lines.push(vec![note]),
            Some(line) => line.push(note),
            None => lines.push(vec![note]),
        }
    }
    lines
}

/// The client's last two lines, as far as they have been sung at `time_s`.
fn sung_before(exchange: &Exchange, time_s: f64) -> Vec<Vec<Tone>> {
    let begun: Vec<_> = exchange.truth.lines.iter().filter(|line| line.start_s <= time_s).collect();
    let last_two = &begun[begun.len().saturating_sub(2)..];
    let tones = |from_s: f64, to_s: f64| exchange.sung(from_s, to_s.min(time_s)).map(|n| (n.onset_s, n.key)).collect();
    last_two.iter().map(|line| tones(line.start_s - 1e-6, line.end_s)).collect()
}

/// A third, fourth, fifth, sixth or octave, in any octave.
pub(super) fn is_consonant(exchange: &Exchange, note: &Note) -> bool {
    let time_s = note.on_s + INTO_S;
    let others = sounding(&exchange.files.played, time_s).filter(|other| !std::ptr::eq(*other, note));
    let lowest = others.map(|other| other.key).min();
    let fits = |other: Option<u8>| {
        other.is_none_or(|other| matches!(note.key.abs_diff(other) % 12, 0 | 3 | 4 | 5 | 7 | 8 | 9))
    };
    fits(exchange.sung_key(time_s)) && fits(lowest)
}
