//! How the music differs with what the therapist chose: clients play songs, the musician answers, and the portraits of
//! what she played are told apart by the nearest of their means.

mod centroid;
mod client;
mod play;

pub use centroid::{Named, Telling, tell_apart};
pub use client::{BREATH_S, Played, client};
pub use play::{accompany, behaviours, end_s, voices};

use antiphon_engine::settings::Settings;
use antiphon_session::analysis::{PORTRAIT_NAMES, portrait};

/// Figures of a portrait.
pub const FIGURES: usize = PORTRAIT_NAMES.len();

/// The portrait of what is played to `client` under `settings`.
pub fn portrait_of(client: &[Played], settings: &Settings) -> [Option<f64>; FIGURES] {
    let ours = accompany(client, settings);
    portrait(&client.iter().map(Played::note).collect::<Vec<_>>(), &ours, end_s(client))
}
