//! The room *Shape*: how it plays, what stays as the therapist sets it, and what it hears and drives.

mod ears;
mod keyboard;
mod knobs;
mod locks;
pub mod register;

use super::scene::Scene;
use super::space::{columns, cut_bottom, cut_top};
use super::widgets::text;
use egui::{Align2, Rect, Ui};

/// Controls under each other in a column.
pub const ROWS: usize = 8;

/// Tallest control, usual points.
const TALLEST: f32 = 72.0;

/// What the columns are about.
const HEADINGS: [&str; 3] = ["How it plays", "What you fix", "What it hears and drives"];

/// Draws the room in `rect`.
pub fn show(ui: &mut Ui, scene: &Scene<'_>, rect: Rect) {
    let space = scene.space;
    let mut rest = rect;
    let keys = (rect.height() * 0.2).clamp(space.u(66.0), space.u(120.0));
    let register = cut_bottom(&mut rest, keys, space.gap());
    let places: Vec<Rect> = columns(rest, HEADINGS.len(), space.gap()).collect();
    for (place, heading) in places.iter().zip(HEADINGS) {
        let font = space.font(13.0);
        let at = place.left_top();
        text::line(ui.painter(), at, Align2::LEFT_TOP, heading, &font, place.width(), scene.ink.quiet);
    }
    let below = |place: &Rect| {
        let mut below = *place;
        cut_top(&mut below, space.u(17.0), space.u(3.0));
        below
    };
    knobs::show(ui, scene, below(&places[0]));
    locks::show(ui, scene, below(&places[1]));
    ears::show(ui, scene, below(&places[2]));
    register::show(ui, scene, register);
}

/// Places for [`ROWS`] controls in a column.
fn places(scene: &Scene<'_>, column: Rect) -> impl Iterator<Item = Rect> {
    let gap = scene.space.u(4.0);
    let most = (scene.space.u(TALLEST) + gap) * ROWS as f32 - gap;
    let mut column = column;
    column.max.y = column.max.y.min(column.min.y + most);
    super::space::rows(column, ROWS, gap)
}
