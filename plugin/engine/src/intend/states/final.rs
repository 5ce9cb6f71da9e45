//! Final: a last harmonic cadence, which arrives with her (Turry 2010, line 12; completing, Bruscia 1987).
//!
//! Entered with her next phrase, or as soon as the closing chord sounds.

use super::super::body::{Body, Ground};
use super::super::state::{Reason, State};
use super::{STILL, Technique, Turn, stays};
use crate::respond::CadenceStage;

/// Final.
pub const FINAL: Technique = Technique {
    state: State::Final,
    body: Body { ground: Ground::Close, velocity: -6.0, ..STILL },
    enters: |view| match view.answered.cadence {
        CadenceStage::Arrived => Turn::Enter(Reason::Arrived),
        _ if view.new_phrase_after(1) => Turn::Enter(Reason::ClientSlows),
        _ => Turn::Wait,
    },
    leaves: stays,
};
