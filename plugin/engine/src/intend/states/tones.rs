//! Single tones: one gentle sustained tone after another builds a harmony around her line, with momentum and space
//! (Turry 2010, line 1; holding, Bruscia 1987).
//!
//! Entered when she makes a real start. It lasts a phrase at least.

use super::super::body::{Body, Ground};
use super::super::state::{Reason, State};
use super::{STILL, Technique, Turn, stays};

/// Single tones.
pub const TONES: Technique = Technique {
    state: State::Tones,
    body: Body { ground: Ground::Tones, ..STILL },
    enters: |view| if view.started { Turn::Enter(Reason::ClientSounds) } else { Turn::Wait },
    leaves: stays,
};
