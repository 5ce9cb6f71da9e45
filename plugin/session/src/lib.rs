//! What happened, kept: a recording is read ([`source`]), played to the musician ([`render`]), and what was heard,
//! understood and played is written down ([`record`]). What the ears alone make of it ([`hearing`]) is drawn ([`plot`]). The built-in instrument ([`sound`]) lives here, because a
//! render without a screen needs it as much as the plugin does.

pub mod analysis;
pub mod cues;
pub mod hearing;
pub mod journal;
pub mod plot;
pub mod problem;
pub mod record;
pub mod render;
pub mod sound;
pub mod source;
pub mod summary;
