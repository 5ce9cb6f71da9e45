//! The panel in a real window: an X server of our own, a window for the panel to live in, a hand and a keyboard, and eyes
//! that see whether anything was drawn.

pub mod attach;
mod band;
mod desk;
pub mod opening;
mod screen;

pub use band::Band;
pub use desk::{Desk, PATIENCE};
pub use screen::{Manager, Screen, ended};
