//! Clients with contrasts: lines that are soft and loud, sparse and dense, each in its own time.

use crate::portraits::{BREATH_S, Played, client};
use crate::tunes::Tune;

/// From loud to soft and back, and from dense to sparse and back, s: two periods that share no multiple in a short session.
const LOUD_EACH_S: f64 = 17.0;
const DENSE_EACH_S: f64 = 26.0;

/// How far velocities go either way.
const CONTRAST: f64 = 26.0;

/// Tempo of the songs, beats a minute.
const BPM: f64 = 96.0;

/// A client who plays `tune` for about `length_s` with contrasts: of a sparse stretch only every second note is played.
pub fn contrasting(tune: &Tune, length_s: f64, seed: u64) -> Vec<Played> {
    let swell = |at_s: f64, each_s: f64| (std::f64::consts::TAU * at_s / each_s).sin();
    let plain = client(tune, BPM, BREATH_S, length_s, seed);
    let sparse = |note: &Played| swell(note.on_s, DENSE_EACH_S) < 0.0;
    let mut notes: Vec<Played> = Vec::new();
    let mut left_out = false;
    for note in plain {
        left_out = !left_out && sparse(&note) && notes.last().is_some_and(|last| note.on_s - last.off_s < 0.3);
        if left_out {
            if let Some(last) = notes.last_mut() {
                last.off_s = note.off_s;
            }
            continue;
        }
        let velocity = f64::from(note.velocity) + CONTRAST * swell(note.on_s, LOUD_EACH_S);
        notes.push(Played { velocity: velocity.round().clamp(12.0, 120.0) as u8, ..note });
    }
    notes
}

/// Rests from which on she leaves room for an answer, and how much more room, s.
const REST_S: f64 = 0.9;
const ROOM_S: f64 = 2.5;

/// `client` with more room after each of her lines.
pub fn with_room(client: &[Played]) -> Vec<Played> {
    let (mut later_s, mut end_s) = (0.0, f64::INFINITY);
    client
        .iter()
        .map(|note| {
            later_s += if note.on_s - end_s >= REST_S { ROOM_S } else { 0.0 };
            end_s = note.off_s;
            Played { on_s: note.on_s + later_s, off_s: note.off_s + later_s, ..*note }
        })
        .collect()
}
