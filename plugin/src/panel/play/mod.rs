//! The room *Play*: what the session is for, what is heard, what is played, and why.

mod arc;
mod goals;
mod manner;
mod now;
mod picture;

use super::Touch;
use super::scene::Scene;
use super::space::{cut_bottom, cut_left, cut_right, cut_top};
use super::widgets::{bar, card, text};
use super::words;
use egui::{Rect, Role, Sense, Ui, WidgetInfo};
pub use picture::Canvas;

/// Share of the width that the goals take, and its limits, usual points.
const GOALS: f32 = 0.3;
const GOALS_WIDTH: (f32, f32) = (200.0, 290.0);

/// Width of the sensitivity's bar, usual points.
const SENSITIVITY: f32 = 210.0;

/// Draws the room in `rect`.
pub fn show(ui: &mut Ui, scene: &Scene<'_>, rect: Rect, touch: &mut Touch) {
    let (space, gap) = (scene.space, scene.space.gap());
    let mut rest = rect;
    let width = (rect.width() * GOALS).clamp(space.u(GOALS_WIDTH.0), space.u(GOALS_WIDTH.1));
    let goals = cut_left(&mut rest, width, gap);
    goals::cards(ui, scene, goals);
    let manner = cut_top(&mut rest, space.u(30.0), space.u(6.0));
    manner::show(ui, scene, manner);
    let mut level = cut_bottom(&mut rest, space.u(34.0), space.u(6.0));
    let arc = cut_bottom(&mut rest, space.u(26.0), space.u(6.0));
    let sentence = cut_top(&mut rest, space.u(34.0), space.u(6.0));
    why(ui, scene, sentence);
    now::show(ui, scene, card(ui, scene, rest), touch);
    arc::show(ui, scene, arc);
    let wide = space.u(SENSITIVITY).min(level.width() * 0.5);
    let sensitivity = cut_right(&mut level, wide, gap);
    scene.meter.show(ui, scene, level);
    let hint = "Left: deaf to a noisy room. Right: hears the softest sound";
    bar::show(ui, scene, sensitivity, &scene.params.sensitivity, hint);
}

/// What it plays and why, in one sentence.
fn why(ui: &Ui, scene: &Scene<'_>, rect: Rect) {
    let sentence = words::sentence(scene.view);
    text::block(ui.painter(), rect, &sentence, &scene.space.font(19.0), scene.ink.ours);
    let response = ui.interact(rect, ui.scope_id().with("why"), Sense::hover());
    response.widget_info(|| WidgetInfo::labeled(Role::Label, true, &sentence));
}
