//! What the promises are checked with: hosts that load the plugin in this process, and a singer whose truth is exact.
//!
//! Nothing here depends on the plugin itself: a host is given the plugin's entry point, or the path of its file.

pub mod host;
pub mod singer;
