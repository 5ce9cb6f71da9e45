//! The promises of the command line, checked on the program itself.

mod bad_input;
mod cues;
mod export;
mod files;
mod hear;
mod midi;
mod report;
mod room;
