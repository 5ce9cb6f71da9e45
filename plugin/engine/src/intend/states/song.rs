//! Song: a song form with pulse and phrase structure (Turry 2010, line 7; bonding, Bruscia 1987).
//!
//! Entered with her next line once pulse and key are known; a beat that she bends for a phrase or two does not keep
//! the song from beginning.

use super::super::body::{Body, Counter, Figure, Ground};
use super::super::state::{Reason, State};
use super::{STILL, Technique, Turn, stops};

/// Phrases after which pulse and key are no longer waited for.
const LONGEST_WAIT_PHRASES: u32 = 2;

/// Song.
pub const SONG: Technique = Technique {
    state: State::Song,
    body: Body { ground: Ground::Beat, figure: Figure::Song, counter: Counter::Answer, ..STILL },
    enters: |view| {
        let ready = view.has_pulse() && view.meaning.tonality.key.is_some() || view.phrases >= LONGEST_WAIT_PHRASES;
        if ready && view.new_line() { Turn::Enter(Reason::PhraseBegan) } else { Turn::Wait }
    },
    leaves: stops,
};
