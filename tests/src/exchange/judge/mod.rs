//! The pass criteria of the thirteen states and of the whole, each a number and where it must lie.
//!
//! Where the table leaves something open, the strictest reading that a musician would find reasonable is taken, and the
//! comment of the function says which.

pub mod across;
pub mod approach;
pub mod automatic;
pub mod build;
pub mod cadence;
pub mod complete;
pub mod control;
pub mod echo;
pub mod minor;
pub mod pulse;
pub mod rest;
pub mod slowing;
pub mod solidify;
pub mod song;
pub mod swing;
pub mod therapist;
pub mod tones;

use super::measure::median;
use super::rig::{Exchange, Window};
use super::take::{Cueing, Piece, STATES};
use std::ops::RangeInclusive;

/// What must hold: a number, and where it must lie.
#[derive(Clone, Debug, PartialEq)]
pub struct Criterion {
    /// What is measured, with its unit.
    pub name: &'static str,
    /// The number; not a number where there was nothing to measure, which fails.
    pub measured: f64,
    /// Where it must lie.
    pub wanted: RangeInclusive<f64>,
}

impl Criterion {
    /// A number within a range.
    pub fn within(name: &'static str, measured: f64, wanted: RangeInclusive<f64>) -> Self {
        Self { name, measured, wanted }
    }

    /// A number no greater than `limit`.
    pub fn at_most(name: &'static str, measured: f64, limit: f64) -> Self {
        Self::within(name, measured, f64::NEG_INFINITY..=limit)
    }

    /// A number no less than `limit`.
    pub fn at_least(name: &'static str, measured: f64, limit: f64) -> Self {
        Self::within(name, measured, limit..=f64::INFINITY)
    }

    /// Something that is so: 1, or not: 0.
    pub fn holds(name: &'static str, is_so: bool) -> Self {
        Self::at_least(name, f64::from(u8::from(is_so)), 1.0)
    }

    /// It is met.
    pub fn passes(&self) -> bool {
        // Rounding in the last place is nobody's fault.
        let slack = 1e-9;
        self.measured >= self.wanted.start() - slack && self.measured <= self.wanted.end() + slack
    }
}

/// What is judged together, and how it came out.
#[derive(Clone, Debug, PartialEq)]
pub struct Verdict {
    /// A state, or what else it is about.
    pub of: &'static str,
    /// The criteria.
    pub criteria: Vec<Criterion>,
}

impl Verdict {
    /// Every criterion is met.
    pub fn passes(&self) -> bool {
        self.criteria.iter().all(Criterion::passes)
    }
}

/// Judges an exchange by what it is: the thirteen states and the whole where they are cued, the places of the states
/// where they are not, and what must not happen where something is done to see just that.
pub fn judge(exchange: &Exchange) -> Vec<Verdict> {
    match (exchange.take.piece, exchange.take.cueing) {
        (Piece::Whole, Cueing::Automatic) => automatic::places(exchange),
        (Piece::Whole, _) => {
            let mut verdicts = states(exchange);
            verdicts.push(Verdict { of: "across", criteria: across::across(exchange) });
            verdicts
        }
        (Piece::Therapist, _) => vec![Verdict { of: "therapist", criteria: therapist::therapist(exchange) }],
        _ => vec![Verdict { of: exchange.take.piece.name(), criteria: control::control(exchange) }],
    }
}

/// The judges of the thirteen states.
const JUDGES: [fn(&Exchange) -> Vec<Criterion>; 13] = [
    tones::tones,
    minor::minor,
    rest::rest,
    echo::echo,
    pulse::pulse,
    swing::swing,
    song::song,
    build::build,
    solidify::solidify,
    approach::approach,
    slowing::slowing,
    cadence::cadence,
    complete::complete,
];

/// Judges the thirteen states.
pub fn states(exchange: &Exchange) -> Vec<Verdict> {
    STATES.iter().zip(JUDGES).map(|(of, judge)| Verdict { of, criteria: judge(exchange) }).collect()
}

/// Median velocity of the client's notes as they were heard in a window; not a number if none was.
pub(crate) fn client_velocity(exchange: &Exchange, window: Window) -> f64 {
    median(&client_velocities(exchange, window))
}

/// Velocities of the client's notes as they were heard in a window.
pub(crate) fn client_velocities(exchange: &Exchange, window: Window) -> Vec<f64> {
    let heard = exchange.files.heard.iter().filter(|note| window.holds(note.onset_s));
    heard.map(|note| f64::from(note.velocity)).collect()
}

#[cfg(test)]
mod promises;
