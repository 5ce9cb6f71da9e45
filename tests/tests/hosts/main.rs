//! What a DAW needs of a plugin beside its music: a panel that is painted, keys that stay its own, nothing that hangs or
//! breaks when it opens, closes, starts and stops.
//!
//! The panel needs Xvfb, an X server without a screen, and for some of it openbox, a window manager; where there are none
//! a test says so and passes.
#![cfg(target_os = "linux")]

mod attach;
mod keys;
mod openings;
mod stage;
