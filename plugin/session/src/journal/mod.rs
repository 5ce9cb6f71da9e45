//! The session file: what happened, appended while it happens, so that a crash costs the last moment alone.
//!
//! A file is [`MAGIC`] and then frames, one after the other ([`frame`]). The first frame holds the [`Header`], every
//! other one a run of [`Entry`]s in the order in which they became known; both are in the encoding of `postcard`. A
//! frame carries its length and a checksum: what was torn off by a crash is recognised and cut, and a part that was
//! damaged later is passed over, with everything around it kept. Times are samples from the beginning of the recording,
//! at the rate that [`Entry::Begin`] names.
//!
//! [`Journal`] appends; [`Thinner`] chooses what of each hop need be kept; [`Session`] reads; [`recover`] completes what
//! a crash left; [`export`] writes the files that a render writes.

mod append;
mod entry;
mod export;
pub mod frame;
#[cfg(test)]
mod promises;
mod read;
mod recover;
mod thin;
mod words;

pub use append::{Journal, Medium};
pub use entry::{Entry, Header, How, Kept, Names, VERSION};
pub use export::{EXPORTED, export};
pub use read::Session;
pub use recover::{Recovered, recover, unfinished};
pub use thin::Thinner;
pub use words::{choices, first_choices};

/// How a session file begins.
pub const MAGIC: &[u8; 17] = b"antiphon session\n";

/// What the name of a session file ends in.
pub const EXTENSION: &str = "antiphon";
