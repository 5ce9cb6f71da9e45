//! The therapist holds, skips, recalls, rests and stops, and is obeyed within a beat.

use super::Criterion;
use crate::exchange::measure::attack::begun;
use crate::exchange::measure::most;
use crate::exchange::rig::{Exchange, therapist_expects};

/// All is off within a block of the panic, and a hop: 512 samples at 48 kHz, 1.3 ms, s.
const OFF_S: f64 = 0.013;

/// Nothing begins for so long after a panic, s.
const QUIET_S: f64 = 1.0;

/// The criteria of acts: each state is shown within a beat of its cue; a state that is held is still there when the
/// next line is over; and a panic ends everything.
pub fn therapist(exchange: &Exchange) -> Vec<Criterion> {
    let played = &exchange.files.played;
    let beat_s = exchange.beat_s(1.0) - exchange.beat_s(0.0);
    // A cue stands 0.1 s into the line that follows a hold.
    let state = |line: usize, later_s: f64| {
        exchange.music(exchange.window(line).from_s + later_s).map_or("", |row| row.state.as_str())
    };
    let obeyed = therapist_expects().iter().filter(|(line, wanted)| state(*line, 0.1 + beat_s) == *wanted).count();
    let held = exchange.music(exchange.window(2).from_s - 0.01).is_some_and(|row| row.state == "tones");
    let panic_s = exchange.cues.iter().find(|cue| cue.1 == "panic").map_or(f64::NAN, |cue| cue.0);
    let longest = most(played.iter().filter(|note| note.on_s <= panic_s).map(|note| note.off_s));
    let sounding = played.iter().filter(|note| note.sounds_at(panic_s - 0.02)).count();
    vec![
        Criterion::at_least("acts obeyed within a beat", obeyed as f64, therapist_expects().len() as f64),
        Criterion::holds("a held state stays", held),
        Criterion::at_least("notes that sound as the panic comes", sounding as f64, 1.0),
        Criterion::at_most("off after the panic, s", longest - panic_s, OFF_S),
        Criterion::at_most(
            "attacks in the second after it",
            begun(played, panic_s, panic_s + QUIET_S).count() as f64,
            0.0,
        ),
    ]
}
