//! Slowing: the music and her words slow together (Turry 2010, line 11; pacing, Bruscia 1987).
//!
//! Entered with her next phrase on the way home.

use super::super::body::{Body, Figure, Ground};
use super::super::state::{Reason, State};
use super::{STILL, Technique, Turn, stays};

/// Slowing.
pub const SLOWING: Technique = Technique {
    state: State::Slowing,
    body: Body { ground: Ground::Close, figure: Figure::Pulse, velocity: -4.0, ..STILL },
    enters: |view| if view.new_phrase_after(1) { Turn::Enter(Reason::ClientSlows) } else { Turn::Wait },
    leaves: stays,
};
