//! 1, tones: single gentle sustained tones build harmony, momentum, space.

use super::{Criterion, client_velocity};
use crate::exchange::files::Note;
use crate::exchange::measure::attack::{attacks, begun};
use crate::exchange::measure::sounding::{classes, longest_s, note_in_chord, share, sounding};
use crate::exchange::measure::{beats, median, most};
use crate::exchange::rig::Exchange;

/// Three tones that sound at once do so for as long as this, s.
const AT_ONCE_S: f64 = 0.25;

/// Within this time of a client's onset a tone begins with it, s.
const WITH_CLIENT_S: f64 = 0.06;

/// The criteria of the first line.
///
/// Readings: note-ons are compared to the fewer of the notes sung and the notes heard. Velocities are those of the
/// loudest tone. "At once in the last 1.5 s" of the window, for a quarter of a second on end. Within 2 semitones counts
/// keys, not pitch classes, of the time in which both sound. A pitch class is new if it did not begin in the 2 s before;
/// from the cue to the first new one, from each to the next and from the last to the window's end no more than 2 s pass,
/// until as many tones have begun as are allowed.
pub fn tones(exchange: &Exchange) -> Vec<Criterion> {
    let window = exchange.window(0);
    let notes: Vec<&Note> = begun(&exchange.files.played, window.from_s, window.to_s).collect();
    let attacks = attacks(notes.iter().copied());
    let single = attacks.iter().filter(|attack| attack.notes.len() == 1).count() as f64 / attacks.len() as f64;
    let durations: Vec<f64> = notes.iter().map(|note| note.off_s - note.on_s).collect();
    let sung = exchange.sung(window.from_s, window.to_s).count();
    let heard = exchange.files.heard.iter().filter(|note| window.holds(note.onset_s)).count();
    let budget = 0.5 * sung.min(heard) as f64;
    let loudest = most(notes.iter().map(|note| f64::from(note.velocity)));
    let played = &exchange.files.played;
    let three_s = longest_s(window.to_s - 1.5, window.to_s, |time_s| classes(played, time_s).len() >= 3);
    let near = share(window.from_s, window.to_s, |time_s| {
        let key = exchange.sung_key(time_s)?;
        sounding(played, time_s).next()?;
        Some(sounding(played, time_s).any(|note| note.key.abs_diff(key) <= 2))
    });
    let onsets = &exchange.truth.onsets_s;
    let together = notes.iter().filter(|note| beats::nearest(onsets, note.on_s).abs() <= WITH_CLIENT_S).count();
    vec![
        Criterion::at_least("attacks of one note, share", single, 0.9),
        Criterion::at_least("median duration, s", median(&durations), 1.5),
        Criterion::within("note-ons", notes.len() as f64, 1.0..=budget),
        Criterion::at_most("loudest tone, velocity", loudest, 60.0),
        Criterion::at_most("loudest tone against the client", loudest - client_velocity(exchange, window), -10.0),
        Criterion::at_least("three pitch classes at once at the end, s", three_s, AT_ONCE_S),
        Criterion::at_least("sung note in chord, share", note_in_chord(exchange, window.from_s, window.to_s), 0.65),
        Criterion::at_most("tones that begin with the client", together as f64, (0.2 * notes.len() as f64).max(1.0)),
        Criterion::at_most("within 2 semitones of the client, share", near, 0.25),
        Criterion::at_most(
            "longest wait for a new tone, s",
            longest_wait_s(&notes, window.from_s, window.to_s, budget),
            2.0,
        ),
    ]
}

fn longest_wait_s(notes: &[&Note], from_s: f64, to_s: f64, budget: f64) -> f64 {
    let (mut since, mut longest) = (from_s, 0.0_f64);
    for (index, note) in notes.iter().enumerate() {
        if index as f64 >= budget.floor() {
            return longest;
        }
        let is_new = !notes[..index].iter().any(|other| other.class() == note.class() && note.on_s - other.on_s <= 2.0);
        if is_new {
            longest = longest.max(note.on_s - since);
            since = note.on_s;
        }
    }
    if notes.len() as f64 >= budget.floor() { longest } else { longest.max(to_s - since) }
}
