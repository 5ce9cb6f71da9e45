//! Calming: meets her where she is, then leads slowly towards slow and soft (the iso principle; calming, Bruscia 1987).

use super::super::body::{Body, Ground};
use super::super::state::{Reason, State};
use super::{STILL, Technique, Turn, stays};

/// Calming.
pub const CALMING: Technique = Technique {
    state: State::Calming,
    body: Body { ground: Ground::Calm, ..STILL },
    enters: |view| if view.new_phrase_after(1) { Turn::Enter(Reason::PhraseBegan) } else { Turn::Wait },
    leaves: stays,
};
