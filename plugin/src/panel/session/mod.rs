//! The room *Session*: what is kept of it.

use super::scene::Scene;
use super::widgets::{card, text};
use egui::{Rect, Ui};

/// Draws the room in `rect`.
pub fn show(ui: &mut Ui, scene: &Scene<'_>, rect: Rect) {
    let inner = card(ui, scene, rect);
    let words = "Nothing is kept of a session unless you ask for it.";
    text::block(ui.painter(), inner, words, &scene.space.font(16.0), scene.ink.quiet);
}
