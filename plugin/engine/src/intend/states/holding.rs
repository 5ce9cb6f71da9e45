//! Holding: a steady ground under what she does, which does not follow every change (Bruscia 1987; Wigram 2004).

use super::super::body::{Body, Ground};
use super::super::state::{Reason, State};
use super::{STILL, Technique, Turn, stays};

/// Holding.
pub const HOLDING: Technique = Technique {
    state: State::Holding,
    body: Body { ground: Ground::Held, ..STILL },
    enters: |view| if view.new_phrase_after(1) { Turn::Enter(Reason::PhraseBegan) } else { Turn::Wait },
    leaves: stays,
};
