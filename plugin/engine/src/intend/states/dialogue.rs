//! Dialogue: taking turns with her phrases (Wigram 2004; interjecting and completing, Bruscia 1987).
//!
//! Entered when a phrase of hers ends and leaves room. A pulse found in it leads on into the song.

use super::super::body::{Body, Counter, Ground};
use super::super::state::{Reason, State};
use super::{STILL, Technique, Turn, stays};

/// Dialogue.
pub const DIALOGUE: Technique = Technique {
    state: State::Dialogue,
    body: Body { ground: Ground::Chords, counter: Counter::Answer, ..STILL },
    enters: |view| if view.phrase_ended_after(1) { Turn::Enter(Reason::PhraseEnded) } else { Turn::Wait },
    leaves: stays,
};
