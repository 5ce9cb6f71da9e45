//! The promises that Antiphon makes, one theme a file, kept under hosts in this process.

mod bad_rates;
mod client;
mod determinism;
mod endings;
mod no_allocation;
#[cfg(target_os = "linux")]
mod panel_window;
mod params;
mod pedal;
mod play;
mod random_hosts;
mod recording;
mod same_events;
mod sound;
mod state;
