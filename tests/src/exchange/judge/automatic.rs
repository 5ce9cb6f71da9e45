//! Automatic: each state is shown at most one line from its place.

use super::{Criterion, Verdict};
use crate::exchange::rig::Exchange;
use crate::exchange::take::STATES;

/// A verdict for each state: how many lines lie between its line and each moment at which music.csv enters it, the most
/// of these; not a number for a state that is never shown.
pub fn places(exchange: &Exchange) -> Vec<Verdict> {
    let entered = entries(exchange);
    let verdict = |index: usize, of: &'static str| {
        let away =
            entered.iter().filter(|(state, _)| state == of).map(|(_, time_s)| lines_away(exchange, index, *time_s));
        let criteria = vec![Criterion::at_most("lines from its place", away.fold(f64::NAN, f64::max), 1.0)];
        Verdict { of, criteria }
    };
    STATES.iter().enumerate().map(|(index, of)| verdict(index, of)).collect()
}

/// The states that music.csv shows in turn, and since when, s.
pub fn entries(exchange: &Exchange) -> Vec<(String, f64)> {
    let mut entries: Vec<(String, f64)> = Vec::new();
    // What comes after the last line is no part of the exchange.
    let end_s = exchange.coda.as_ref().map_or(f64::INFINITY, |coda| coda.one_tone_s);
    for row in exchange.files.music.iter().take_while(|row| row.time_s < end_s) {
        if entries.last().is_none_or(|(state, _)| *state != row.state) {
            entries.push((row.state.clone(), row.time_s));
        }
    }
    entries
}

/// Lines between the window of a state and an instant: 0 inside it, 1 within the one before or after.
fn lines_away(exchange: &Exchange, state: usize, time_s: f64) -> f64 {
    let at = (0..STATES.len()).rev().find(|&index| exchange.window(index).from_s <= time_s).unwrap_or(0);
    at.abs_diff(state) as f64
}
