//! How it plays: the knobs.

use super::places;
use crate::panel::scene::Scene;
use crate::panel::widgets::bar;
use egui::{Rect, Ui};

/// The column of knobs.
pub fn show(ui: &mut Ui, scene: &Scene<'_>, column: Rect) {
    let p = scene.params;
    let shares = [
        (&p.responsiveness, "How soon it replies and how fast it adapts"),
        (&p.mirror, "How far it follows when the client gets louder, busier, higher"),
        (&p.density, "How many notes it plays"),
        (&p.space, "How much silence it leaves"),
        (&p.lead, "Left: it follows the client. Right: it goes ahead"),
        (&p.tension, "How much its notes may rub against each other"),
        (&p.colour, "Left: darker. Right: brighter. Middle: as heard"),
    ];
    let mut places = places(scene, column);
    for ((param, hint), place) in shares.into_iter().zip(places.by_ref()) {
        bar::show(ui, scene, place, param, hint);
    }
    if let Some(place) = places.next() {
        bar::show(ui, scene, place, &p.ceiling, "It never plays louder than this");
    }
}
