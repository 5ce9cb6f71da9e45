//! Rest: pauses, a temporary resting place (Turry 2010, line 3; pausing, Bruscia 1987).
//!
//! Entered with a phrase of hers: it goes with that phrase and rests at its end, with the last chord ringing. Asked for
//! by the therapist within a phrase, it rests at once.

use super::super::body::{Body, Ground};
use super::super::state::{Reason, State};
use super::{STILL, Technique, Turn, stays};

/// Rest.
pub const REST: Technique = Technique {
    state: State::Rest,
    body: Body { ground: Ground::Ring, ..STILL },
    enters: |view| if view.new_phrase_after(1) { Turn::Enter(Reason::PhraseBegan) } else { Turn::Wait },
    leaves: stays,
};
