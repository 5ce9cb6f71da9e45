//! Withdrawing: stepping back to a thin ground so that she leads (Bruscia 1987).

use super::super::body::{Body, Ground};
use super::super::state::State;
use super::{STILL, Technique, by_act, stays};

/// Withdrawing.
pub const WITHDRAWING: Technique = Technique {
    state: State::Withdrawing,
    body: Body { ground: Ground::Drone, velocity: -8.0, ..STILL },
    enters: by_act,
    leaves: stays,
};
