//! Echo: a countermelody gently echoes her melody (Turry 2010, line 4; imitating, Bruscia 1987).
//!
//! Entered with the phrase after the rest. If no pulse comes within three phrases, it opens into dialogue.

use super::super::body::{Body, Counter, Ground};
use super::super::state::{Reason, State};
use super::{STILL, Technique, Turn};

/// Phrases after which a pulse is no longer waited for.
const PHRASES_WITHOUT_PULSE: u32 = 3;

/// Echo.
pub const ECHO: Technique = Technique {
    state: State::Echo,
    body: Body { ground: Ground::Held, counter: Counter::Echo, ..STILL },
    enters: |view| if view.new_phrase_after(1) { Turn::Enter(Reason::PhraseBegan) } else { Turn::Wait },
    leaves: |view| {
        let no_pulse = !view.has_pulse() && view.phrases >= PHRASES_WITHOUT_PULSE;
        no_pulse.then_some((State::Dialogue, Reason::NoPulse))
    },
};
