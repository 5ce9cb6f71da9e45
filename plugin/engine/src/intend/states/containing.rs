//! Containing: strong, ordered music around what is loud and without order (Wigram 2004; Priestley 1994).
//!
//! Entered while she is wild; left when she calms down.

use super::super::body::{Body, Figure, Ground};
use super::super::state::{Reason, State};
use super::{STILL, Technique, Turn};

/// Containing.
pub const CONTAINING: Technique = Technique {
    state: State::Containing,
    body: Body { ground: Ground::Beat, figure: Figure::Floor, ..STILL },
    enters: |view| if view.is_wild() { Turn::Enter(Reason::ClientWild) } else { Turn::Wait },
    leaves: |view| view.is_tame().then_some((State::Holding, Reason::PhraseEnded)),
};
