//! Approach: begins to cadence, slows, heads for the tonic (Turry 2010, line 10; shaping, Bruscia 1987).
//!
//! Entered when she slows down after the form has become firm, or much in a song, or when the therapist arms the cadence.

use super::super::body::{Body, Figure, Ground};
use super::super::state::{Reason, State};
use super::{STILL, Technique, Turn, stays};

/// Approach.
pub const APPROACH: Technique = Technique {
    state: State::Approach,
    body: Body { ground: Ground::Close, figure: Figure::Pulse, ..STILL },
    enters: |view| {
        let firm = view.state == State::Solidify && view.phrases >= 1;
        if view.may_close() && firm && view.slows() { Turn::Enter(Reason::ClientSlows) } else { Turn::Wait }
    },
    leaves: stays,
};
