//! Pulse: a pulse generated from her melody is present in the harmony (Turry 2010, line 5; rhythmic grounding, Bruscia
//! 1987).
//!
//! Entered once a beat is felt in what she does, after a phrase in the state before.

use super::super::body::{Body, Figure, Ground};
use super::super::state::{Reason, State};
use super::{STILL, Technique, Turn, stops};

/// Pulse.
pub const PULSE: Technique = Technique {
    state: State::Pulse,
    body: Body { ground: Ground::Beat, figure: Figure::Pulse, ..STILL },
    enters: |view| if view.phrases >= 1 && view.has_pulse() { Turn::Enter(Reason::PulseFound) } else { Turn::Wait },
    leaves: stops,
};
