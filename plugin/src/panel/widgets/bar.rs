//! A knob as a bar: drag it, step it with the arrow keys, type its value, double-click it back to the usual.

use super::{known, text, typed};
use crate::panel::scene::Scene;
use crate::panel::theme::ROUND;
use egui::accesskit::Action;
use egui::{
    Align2, Color32, EventFilter, Key, PointerButton, Rangef, Rect, Response, Role, Sense, Stroke, Ui, WidgetInfo, pos2,
};
use nice_plug::prelude::*;

/// Inner edge of a bar, usual points.
const EDGE: f32 = 12.0;

/// Height of the middle of the track over the lower edge, usual points.
const TRACK_HEIGHT: f32 = 7.0;

/// With shift a bar moves this much slower than the mouse, and its steps are this much smaller.
const FINE: f32 = 0.1;

/// A step of the arrow keys on what has no steps of its own.
const STEP: f32 = 0.05;

/// The bar of `param` in `rect`.
pub fn show<P: Param>(ui: &mut Ui, scene: &Scene<'_>, rect: Rect, param: &P, hint: &str) {
    let id = ui.scope_id().with(param.name());
    let response = ui.interact(rect, id, Sense::drag());
    if typed::wanted(ui, param, &response) {
        typed::show(ui, scene, rect, param, id);
        return;
    }
    let value = param.unmodulated_normalized_value();
    paint(ui, scene, param, &response);
    let line = track(scene, rect);
    drag(ui, scene, param, &response, |grasped| (grasped.at - line.min) / line.span(), line.span());
    by_keyboard(ui, scene, param, &response);
    let said = said(param, value);
    known(ui, scene.ink, response, hint, || {
        let mut info = WidgetInfo::slider(true, value.into(), param.name());
        info.current_text_value = Some(said.clone());
        info.role = Role::Slider;
        info
    });
}

/// A bar that the mouse holds.
#[derive(Clone, Copy, Debug)]
pub struct Grasped {
    /// Value when it was grasped, 0 to 1.
    pub began: f32,
    /// Where the pointer is, points.
    pub at: f32,
    /// How far it has come since, points.
    pub moved: f32,
}

/// Drags `param` by `response`: `pointed` is the value that a pointer stands for, `span` how many points the whole range
/// takes. A double click brings back the usual value, shift makes it fine.
pub fn drag<P: Param>(
    ui: &Ui,
    scene: &Scene<'_>,
    param: &P,
    response: &Response,
    pointed: impl Fn(Grasped) -> f32,
    span: f32,
) {
    let value = param.unmodulated_normalized_value();
    if response.drag_started_by(PointerButton::Primary) {
        scene.hand.grasp(param);
        ui.data_mut(|data| data.insert_temp(response.id, Began(value)));
    }
    let began = ui.data(|data| data.get_temp::<Began>(response.id));
    let (fine, double) = ui.input(|i| (i.modifiers.shift, i.pointer.button_double_clicked(PointerButton::Primary)));
    if let Some(Began(began)) = began {
        let moved = response.total_drag_delta().map_or(0.0, |delta| delta.x);
        let at = response.interact_pointer_pos().filter(|_| !double && response.dragged());
        if let Some(at) = at {
            // From where the drag began: steps of a stepped value are larger than those of a fine drag.
            let finely = began + FINE * moved / span;
            let wanted = if fine { finely } else { pointed(Grasped { began, at: at.x, moved }) };
            scene.hand.pull(param, wanted.clamp(0.0, 1.0));
        }
        if response.drag_stopped() || !response.dragged() {
            scene.hand.let_go(param);
            ui.data_mut(|data| data.remove::<Began>(response.id));
        }
    }
    if double && response.hovered() {
        scene.hand.usual(param);
    }
}

/// The value that a bar had when it was grasped.
#[derive(Clone, Copy)]
struct Began(f32);

/// Moves `param` by the arrow keys, Home and End, or back to the usual by Backspace or Delete, while `response` has the
/// keyboard; and by what a screen reader asks for.
pub fn by_keyboard<P: Param>(ui: &Ui, scene: &Scene<'_>, param: &P, response: &Response) {
    let filter = EventFilter { horizontal_arrows: true, ..EventFilter::default() };
    ui.memory_mut(|memory| memory.set_focus_lock_filter(response.id, filter));
    let focused = response.has_focus();
    let (mut steps, mut wanted, mut usual) = (0, None, false);
    ui.input(|input| {
        let asked = |action| input.num_accesskit_action_requests(response.id, action) as i32;
        steps = asked(Action::Increment) - asked(Action::Decrement);
        if focused {
            let pressed = |key| input.num_presses(key) as i32;
            steps += pressed(Key::ArrowRight) - pressed(Key::ArrowLeft);
            let ends = [(Key::Home, 0.0), (Key::End, 1.0)];
            wanted = ends.into_iter().find(|(key, _)| pressed(*key) > 0).map(|(_, end)| end);
            usual = pressed(Key::Backspace) + pressed(Key::Delete) > 0;
        }
    });
    let now = param.unmodulated_normalized_value();
    if steps != 0 {
        let fine = ui.input(|input| input.modifiers.shift);
        let step = param.step_count().map_or(if fine { FINE * STEP } else { STEP }, |count| 1.0 / count as f32);
        wanted = Some((now + steps as f32 * step).clamp(0.0, 1.0));
    }
    if usual {
        scene.hand.usual(param);
    } else if let Some(wanted) = wanted {
        scene.hand.grasp(param);
        scene.hand.pull(param, wanted);
        scene.hand.let_go(param);
    }
}

fn paint<P: Param>(ui: &Ui, scene: &Scene<'_>, param: &P, response: &Response) {
    let (value, usual) = (param.unmodulated_normalized_value(), param.default_normalized_value());
    let (ink, space, rect) = (scene.ink, scene.space, response.rect);
    let painter = ui.painter();
    let touched = response.hovered() || response.dragged();
    painter.rect_filled(rect, ROUND, if touched { ink.raised } else { ink.card });
    let line = track(scene, rect);
    let height = rect.max.y - space.u(TRACK_HEIGHT);
    let at = |share: f32| pos2(line.min + line.span() * share, height);
    // From the middle where the middle is the usual and the ends are opposites.
    let from = if (usual - 0.5).abs() < 0.01 && param.normalized_value_to_string(0.0, false).starts_with('-') {
        0.5
    } else {
        0.0
    };
    painter.line_segment([at(0.0), at(1.0)], Stroke::new(space.u(3.0), ink.well));
    painter.line_segment([at(from), at(value)], Stroke::new(space.u(3.0), ink.ours));
    // A notch where it usually stands.
    painter.vline(at(usual).x, height - space.u(4.0)..=height + space.u(4.0), Stroke::new(1.5, ink.quiet));
    painter.circle_filled(at(value), space.u(if touched { 6.0 } else { 5.0 }), ink.ours);

    let middle = (rect.min.y + height - space.u(2.0)) / 2.0;
    let font = space.font(14.0);
    let half = line.span() * 0.62;
    text::line(painter, pos2(line.min, middle), Align2::LEFT_CENTER, param.name(), &font, half, ink.text);
    let rest = line.span() - half;
    let said = said(param, value);
    text::line(painter, pos2(line.max, middle), Align2::RIGHT_CENTER, &said, &font, rest, value_colour(scene, param));
}

/// The colour of a value: what the therapist has changed stands out.
pub fn value_colour<P: Param>(scene: &Scene<'_>, param: &P) -> Color32 {
    let changed = (param.unmodulated_normalized_value() - param.default_normalized_value()).abs() > 1e-6;
    if changed { scene.ink.ours } else { scene.ink.quiet }
}

/// The value as the panel says it: with its unit where a number alone would not tell.
pub fn said<P: Param>(param: &P, normalized: f32) -> String {
    param.normalized_value_to_string(normalized, param.unit() == " dB")
}

/// Where on `rect` the handle runs from 0 to 1.
fn track(scene: &Scene<'_>, rect: Rect) -> Rangef {
    rect.x_range().shrink(scene.space.u(EDGE))
}
