//! Build: the intensity builds with her (Turry 2010, line 8; intensifying, Bruscia 1987).
//!
//! Entered with her next phrase if she gives no less than before. It never outgrows her. Where nothing comes back to
//! make the form firm, it settles into the song again.

use super::super::body::{Body, Figure, Ground};
use super::super::state::{Reason, State};
use super::{STILL, Technique, Turn, stops};

/// Phrases after which a build has gone far enough.
const LONGEST_PHRASES: u32 = 2;

/// Build.
pub const BUILD: Technique = Technique {
    state: State::Build,
    body: Body { ground: Ground::Beat, figure: Figure::Song, grows: 1.0, ..STILL },
    enters: |view| {
        if view.new_phrase_after(1) && view.gives_no_less() { Turn::Enter(Reason::ClientGrows) } else { Turn::Wait }
    },
    leaves: |view| stops(view).or((view.phrases >= LONGEST_PHRASES).then_some((State::Song, Reason::PhraseEnded))),
};
