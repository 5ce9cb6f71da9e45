//! 9, solidify: repetition solidifies the form.

use super::Criterion;
use super::song::chords_of_line;
use crate::exchange::measure::chords::{alike, segments};
use crate::exchange::measure::most;
use crate::exchange::measure::sounding::note_in_chord;
use crate::exchange::rig::Exchange;
use std::f64::consts::TAU;

/// From this similarity on a phrase is a repetition.
const SIMILAR: f64 = 0.6;

/// The criteria of the ninth line.
///
/// Readings: similarity is the greatest that music.csv shows from 1 s before to 1 s after the line's end. The first
/// statement is line 8. The bar phase is the circular mean of where the changes of chord of the line lie in the client's
/// bars, in bars.
pub fn solidify(exchange: &Exchange) -> Vec<Criterion> {
    vec![
        Criterion::at_least("similarity at the line's end", similarity(exchange, -1.0), SIMILAR),
        Criterion::at_least(
            "beats with the first statement's chords, share",
            alike(&chords_of_line(exchange, 7), &chords_of_line(exchange, 8)),
            0.8,
        ),
        Criterion::at_most("bar phase error, bars", bar_phase(exchange).abs(), 0.125),
    ]
}

/// What must hold of the ninth line if it is a melody of its own: the similarity stays below 0.6 from its onset to 1 s
/// after its end.
pub fn new_melody(exchange: &Exchange) -> Vec<Criterion> {
    let window = exchange.window(8);
    let Some(line) = exchange.line(8) else { return Vec::new() };
    vec![
        Criterion::at_most(
            "similarity of a new melody",
            similarity(exchange, line.start_s - line.end_s),
            SIMILAR - 1e-6,
        ),
        Criterion::at_least("sung note in chord, share", note_in_chord(exchange, window.from_s, window.to_s), 0.6),
    ]
}

/// The greatest similarity in music.csv from `from_s` after the ninth line's end to 1 s after it.
fn similarity(exchange: &Exchange, from_s: f64) -> f64 {
    let Some(line) = exchange.line(8) else { return f64::NAN };
    let (from_s, to_s) = (line.end_s + from_s, line.end_s + 1.0);
    let rows = &exchange.files.music;
    let first = rows.partition_point(|row| row.time_s <= from_s).saturating_sub(1);
    let shown = rows[first..].iter().take_while(|row| row.time_s <= to_s);
    most(shown.map(|row| row.similarity.unwrap_or(0.0)))
}

/// Where in the client's bars the chords of the ninth line change on average, -0.5 to 0.5 bars.
fn bar_phase(exchange: &Exchange) -> f64 {
    let window = exchange.window(8);
    let chords = segments(&exchange.files.played, window.from_s - 8.0, window.to_s);
    let (first, last) = exchange.beats(8);
    let phase = |time_s: f64| {
        let bar = (0..((last - first) / 4.0) as usize).find_map(|bar| {
            let (from_s, to_s) =
                (exchange.beat_s(first + 4.0 * bar as f64), exchange.beat_s(first + 4.0 * (bar + 1) as f64));
            // A change just before the line belongs to its first downbeat.
            (time_s < to_s).then(|| (time_s - from_s) / (to_s - from_s))
        });
        bar.map(|phase| phase * TAU)
    };
    let changes = chords.iter().skip(1).map(|chord| chord.from_s).filter(|time_s| window.holds(*time_s));
    let (sine, cosine, count) = changes
        .filter_map(phase)
        .fold((0.0, 0.0, 0), |(sine, cosine, count), angle: f64| (sine + angle.sin(), cosine + angle.cos(), count + 1));
    if count == 0 { f64::NAN } else { f64::atan2(sine, cosine) / TAU }
}
