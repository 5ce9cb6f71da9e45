//! Solidify: her repetition makes the form firm; the same melody has the same chords (Turry 2010, line 9; repeating,
//! Bruscia 1987).
//!
//! Entered as soon as her melody is known to be one that she sang before, and never without.

use super::super::body::{Body, Counter, Figure, Ground};
use super::super::state::{Reason, State};
use super::{STILL, Technique, Turn, stops};

/// Phrases after which the song goes on: a whole A A' B A.
const LONGEST_PHRASES: u32 = 4;

/// Solidify.
pub const SOLIDIFY: Technique = Technique {
    state: State::Solidify,
    body: Body { ground: Ground::Beat, figure: Figure::Song, counter: Counter::Answer, same_chords: true, ..STILL },
    enters: |view| if view.repeats() { Turn::Enter(Reason::ClientRepeats) } else { Turn::Wait },
    leaves: |view| stops(view).or(view.new_phrase_after(LONGEST_PHRASES).then_some((State::Song, Reason::PhraseBegan))),
};
