//! What it hears and what it drives: the kind of sound, the beat, MIDI channels, the seed.

use super::places;
use crate::panel::scene::Scene;
use crate::panel::widgets::{bar, list};
use crate::panel::words;
use antiphon_engine::settings::{Channels, Listen, Pulse};
use egui::{Rect, Ui};

/// The column of what it hears and drives.
pub fn show(ui: &mut Ui, scene: &Scene<'_>, column: Rect) {
    let p = scene.params;
    let places: Vec<Rect> = places(scene, column).collect();
    list::show::<Listen>(ui, scene, places[0], &p.listen, "What the client sounds with", words::of_listen);
    let hint = "Left: deaf to a noisy room. Right: hears the softest sound";
    bar::show(ui, scene, places[1], &p.sensitivity, hint);
    list::show::<Pulse>(ui, scene, places[2], &p.pulse, "Whose beat it keeps", words::of_pulse);
    let hint = "How its voices are sent to instruments";
    list::show::<Channels>(ui, scene, places[3], &p.channels, hint, words::of_channels);
    let hint = "Another way of playing; the same number plays the same again";
    bar::show(ui, scene, places[4], &p.seed, hint);
}
