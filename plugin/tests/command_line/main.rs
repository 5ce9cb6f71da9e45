//! The promises of the command line, checked on the program itself.

mod bad_input;
mod cues;
mod files;
mod hear;
mod midi;
mod room;
