//! 8, build: the intensity builds.

use super::{Criterion, client_velocities};
use crate::exchange::measure::attack::{attacks, begun};
use crate::exchange::measure::sounding::{instants, sounding};
use crate::exchange::measure::{least, mean, most, quantile};
use crate::exchange::rig::Exchange;

/// No note is louder than this, whatever the client does.
const LOUDEST: f64 = 110.0;

/// The criteria of the eighth line.
///
/// Readings: the quarters are the line's four bars, breath included. Velocity is the mean of the notes that begin; span is
/// from the lowest to the highest key that begins or sounds; notes at once are a mean over the time. "No quarter below
/// 90 % of the one before" holds for each of the four.
pub fn build(exchange: &Exchange) -> Vec<Criterion> {
    let window = exchange.window(7);
    let played = &exchange.files.played;
    let (first, last) = exchange.beats(7);
    let quarter = |index: f64| exchange.beat_s(first + (last - first) * index / 4.0);
    let quarters: Vec<(f64, f64)> = (0..4).map(|i| (quarter(f64::from(i)), quarter(f64::from(i + 1)))).collect();
    let velocity = |&(from_s, to_s): &(f64, f64)| {
        mean(&begun(played, from_s, to_s).map(|note| f64::from(note.velocity)).collect::<Vec<_>>())
    };
    let rate = |&(from_s, to_s): &(f64, f64)| attacks(begun(played, from_s, to_s)).len() as f64 / (to_s - from_s);
    let span = |&(from_s, to_s): &(f64, f64)| {
        let heard = || played.iter().filter(|n| n.on_s < to_s && n.off_s > from_s).map(|n| f64::from(n.key));
        most(heard()) - least(heard())
    };
    let at_once = |&(from_s, to_s): &(f64, f64)| {
        mean(&instants(from_s, to_s).map(|t| sounding(played, t).count() as f64).collect::<Vec<_>>())
    };
    let of_all = |measure: &dyn Fn(&(f64, f64)) -> f64| -> Vec<f64> { quarters.iter().map(measure).collect() };
    let [velocities, rates, spans, numbers] = [of_all(&velocity), of_all(&rate), of_all(&span), of_all(&at_once)];
    let loudest = most(begun(played, window.from_s, window.to_s).map(|note| f64::from(note.velocity)));
    let ceiling = (quantile(&client_velocities(exchange, window), 0.9) + 6.0).min(LOUDEST);
    vec![
        Criterion::at_least("rise of velocity", velocities[3] - velocities[0], 12.0),
        Criterion::at_least("attacks a second, last to first", rates[3] / rates[0], 1.3),
        Criterion::at_least("span wider, semitones", spans[3] - spans[0], 5.0),
        Criterion::at_least("more notes at once", numbers[3] - numbers[0], 1.0),
        Criterion::at_least("velocity of a quarter to the one before", steepest_fall(&velocities), 0.9),
        Criterion::at_least("attacks of a quarter to the one before", steepest_fall(&rates), 0.9),
        Criterion::at_least("span of a quarter to the one before", steepest_fall(&spans), 0.9),
        Criterion::at_least("notes at once of a quarter to the one before", steepest_fall(&numbers), 0.9),
        Criterion::at_most("loudest note over its limit", loudest - ceiling, 0.0),
    ]
}

/// The least ratio of one to the one before; not a number if any is missing.
fn steepest_fall(quarters: &[f64]) -> f64 {
    let ratios: Vec<f64> = quarters.windows(2).map(|pair| pair[1] / pair[0]).collect();
    if ratios.iter().any(|ratio| ratio.is_nan()) { f64::NAN } else { least(ratios) }
}
