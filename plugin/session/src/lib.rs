//! What happened, kept: a recording is read ([`source`]), played to the musician ([`render`]), and what was heard,
//! understood and played is written down ([`record`]). What the ears alone make of it
//! ([`hearing`]) is drawn ([`plot`]), and what two players played is reported ([`report`]).

pub mod analysis;
pub mod cues;
pub mod hearing;
pub mod journal;
pub mod plot;
pub mod problem;
pub mod record;
pub mod render;
pub mod report;
pub mod source;
pub mod summary;
