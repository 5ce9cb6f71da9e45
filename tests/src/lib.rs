//! What the promises are checked with: hosts that load the plugin in this process, a singer whose truth is exact, songs
//! with the chords that people play to them, how well both are heard and answered, and what must hold of any playing.
//!
//! Nothing here depends on the plugin itself: a host is given the plugin's entry point, or the path of its file.

pub mod check;
pub mod courtesy;
pub mod exchange;
pub mod harmony;
pub mod host;
pub mod knobs;
pub mod parallel;
pub mod portraits;
pub mod score;
pub mod singer;
mod tables;
pub mod tunes;
#[cfg(target_os = "linux")]
pub mod window;
