//! How well what is played fits a melody: against the melody itself, against the chords people play to it, and as voices
//! that move.

mod fit;
mod leading;
mod render;

pub use fit::{Fit, tonic_and_minor};
pub use leading::Leading;
pub use render::{Accompaniment, Chord, Played, accompany};
