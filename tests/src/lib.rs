//! What the promises are checked with: hosts that load the plugin in this process, a singer whose truth is exact,
//! how well that singer is heard, and what must hold of any playing.
//!
//! Nothing here depends on the plugin itself: a host is given the plugin's entry point, or the path of its file.

pub mod check;
pub mod host;
pub mod score;
pub mod singer;
