//! Complete: the tonic rings under her last tone and is let go after her; then silence (Turry 2010, line 13).
//!
//! Entered once the closing chord has been reached and her phrase is over, or is singing the last one.

use super::super::body::{Body, Ground};
use super::super::state::{Reason, State};
use super::{STILL, Technique, Turn, stays};
use crate::respond::CadenceStage;

/// Complete.
pub const COMPLETE: Technique = Technique {
    state: State::Complete,
    body: Body { ground: Ground::Close, velocity: -8.0, ..STILL },
    enters: |view| match view.answered.cadence {
        CadenceStage::Done => Turn::Enter(Reason::Finished),
        CadenceStage::Arrived if view.phrases >= 1 && view.phrase_began => Turn::Enter(Reason::Arrived),
        _ => Turn::Wait,
    },
    leaves: stays,
};
