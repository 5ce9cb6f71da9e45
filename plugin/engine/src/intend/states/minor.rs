//! A minor colour: a new minor harmony supports a dark line (Turry 2010, line 2; reflecting, Bruscia 1987).
//!
//! Entered with a phrase of hers, after one in single tones, if what she sings is dark; passed over if it is bright.

use super::super::body::{Body, Ground};
use super::super::state::{Reason, State};
use super::{STILL, Technique, Turn, stays};

/// A minor colour.
pub const MINOR: Technique = Technique {
    state: State::Minor,
    body: Body { ground: Ground::Held, colour: -1.0, ..STILL },
    enters: |view| match (view.new_phrase_after(1), view.is_dark()) {
        (false, _) => Turn::Wait,
        (true, true) => Turn::Enter(Reason::DarkLine),
        (true, false) => Turn::PassOver,
    },
    leaves: stays,
};
