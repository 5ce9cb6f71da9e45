//! A momentary button: on while it is held down.

use super::known;
use super::text;
use crate::panel::scene::Scene;
use crate::panel::theme::ROUND;
use egui::{Align2, Color32, Rect, Response, Role, Sense, Ui, WidgetInfo};

/// How a button looks.
#[derive(Clone, Copy, Debug)]
pub struct Face<'a> {
    /// What is written on it.
    pub text: &'a str,
    /// Its name for screen readers.
    pub name: &'a str,
    /// What it does.
    pub hint: &'a str,
    /// It is on.
    pub on: bool,
    /// It warns.
    pub alarm: bool,
    /// It stays on when it is let go.
    pub stays: bool,
}

/// Draws the button in `rect`.
pub fn show(ui: &Ui, scene: &Scene<'_>, rect: Rect, face: Face<'_>) -> Response {
    let (ink, space) = (scene.ink, scene.space);
    let response = ui.interact(rect, ui.scope_id().with(face.name), Sense::click());
    let down = response.is_pointer_button_down_on();
    let fill = match (face.alarm, face.on || down, response.hovered()) {
        (true, _, false) => ink.alarm,
        (true, _, true) => ink.alarm.lerp_to_gamma(Color32::BLACK, 0.12),
        (false, true, _) => ink.chosen,
        (false, false, true) => ink.raised,
        (false, false, false) => ink.card,
    };
    let colour = if face.alarm { ink.on_alarm } else { ink.text };
    ui.painter().rect_filled(rect, ROUND, fill);
    let width = rect.width() - 8.0;
    text::line(ui.painter(), rect.center(), Align2::CENTER_CENTER, face.text, &space.font(16.0), width, colour);
    known(ui, ink, response, face.hint, || {
        if face.stays {
            WidgetInfo::selected(Role::CheckBox, true, face.on, face.name)
        } else {
            WidgetInfo::labeled(Role::Button, true, face.name)
        }
    })
}
