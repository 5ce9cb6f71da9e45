//! Mirroring: doing what she does, with her (Wigram 2004; synchronising, Bruscia 1987).

use super::super::body::{Body, Counter, Ground};
use super::super::state::{Reason, State};
use super::{STILL, Technique, Turn, stays};

/// Mirroring.
pub const MIRRORING: Technique = Technique {
    state: State::Mirroring,
    body: Body { ground: Ground::Drone, counter: Counter::Mirror, ..STILL },
    enters: |view| if view.new_phrase_after(1) { Turn::Enter(Reason::PhraseBegan) } else { Turn::Wait },
    leaves: stays,
};
