//! Grounding: a firm, plain beat in fifths and octaves to stand on (rhythmic grounding, Bruscia 1987; grounding, Wigram
//! 2004).

use super::super::body::{Body, Figure, Ground};
use super::super::state::State;
use super::{STILL, Technique, by_act, stays};

/// Grounding.
pub const GROUNDING: Technique = Technique {
    state: State::Grounding,
    body: Body { ground: Ground::Beat, figure: Figure::Floor, ..STILL },
    enters: by_act,
    leaves: stays,
};
