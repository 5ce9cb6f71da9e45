//! Build: the intensity builds with her (Turry 2010, line 8; intensifying, Bruscia 1987).
//!
//! Entered with her next line if she gives no less than before; passed over where she already sings again what she sang
//! before. It never outgrows her. Where nothing comes back to make the form firm, it settles into the song again.

use super::super::body::{Body, Figure, Ground};
use super::super::state::{Reason, State};
use super::{STILL, Technique, Turn, stops};

/// Phrases after which a build has gone far enough.
const LONGEST_PHRASES: u32 = 2;

/// Build.
pub const BUILD: Technique = Technique {
    state: State::Build,
    body: Body { ground: Ground::Beat, figure: Figure::Song, grows: 1.0, ..STILL },
    enters: |view| match view.new_line() && view.gives_no_less() {
        _ if view.repeats() => Turn::PassOver,
        true => Turn::Enter(Reason::ClientGrows),
        false => Turn::Wait,
    },
    leaves: |view| stops(view).or(view.new_phrase_after(LONGEST_PHRASES).then_some((State::Song, Reason::PhraseBegan))),
};
