//! Swing: a rhythmic quality creates a gentle swing (Turry 2010, line 6).
//!
//! Entered with her next line over the pulse, at tempos that let it swing.

use super::super::body::{Body, Figure, Ground};
use super::super::state::{Reason, State};
use super::{STILL, Technique, Turn, stops};

/// Above this the short note of a swing falls under 100 ms (Friberg and Sundstrom 2002), beats a minute.
const FASTEST_BPM: f32 = 140.0;

/// Swing.
pub const SWING: Technique = Technique {
    state: State::Swing,
    body: Body { ground: Ground::Beat, figure: Figure::Swing, ..STILL },
    enters: |view| {
        let swings = view.meaning.pulse.grid.is_none_or(|grid| grid.tempo_bpm <= FASTEST_BPM);
        match (view.new_line(), swings) {
            (false, _) => Turn::Wait,
            (true, true) => Turn::Enter(Reason::PhraseBegan),
            (true, false) => Turn::PassOver,
        }
    },
    leaves: stops,
};
