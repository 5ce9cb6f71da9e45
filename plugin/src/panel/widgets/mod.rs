//! What the rooms are made of. Every control has a name and a plain hint, is reached by keyboard, shows that it is, and
//! goes back to the usual by a double click.

pub mod act;
pub mod bar;
pub mod choice;
pub mod field;
pub mod list;
pub mod switch;
pub mod text;
pub mod typed;

use super::scene::Scene;
use super::theme::{Ink, ROUND};
use egui::{Rect, Response, Stroke, StrokeKind, Ui, WidgetInfo};

/// Gives a control its name for screen readers, its hint, and a ring while it has the keyboard.
pub fn known(ui: &Ui, ink: &Ink, response: Response, hint: &str, info: impl Fn() -> WidgetInfo) -> Response {
    response.widget_info(info);
    if response.has_focus() {
        ring(ui, ink, response.rect);
    }
    response.on_hover_text(hint)
}

/// The ring around what has the keyboard.
fn ring(ui: &Ui, ink: &Ink, rect: Rect) {
    ui.painter().rect_stroke(rect, ROUND, Stroke::new(2.0, ink.ours), StrokeKind::Inside);
}

/// A card to put things on; gives the room within its edges.
pub fn card(ui: &Ui, scene: &Scene<'_>, rect: Rect) -> Rect {
    ui.painter().rect_filled(rect, ROUND, scene.ink.card);
    rect.shrink(scene.space.u(10.0))
}
