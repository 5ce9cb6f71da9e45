//! The approach, and who moves the music on.

use crate::panel::scene::Scene;
use crate::panel::space::cut_left;
use crate::panel::widgets::{choice, text};
use crate::panel::words;
use antiphon_engine::names::Named;
use antiphon_engine::settings::{Approach, Guidance};
use egui::{Align2, Rect, Ui};
use nice_plug::prelude::*;

/// Width from which on each strip has its name before it, usual points.
const NAMED_FROM: f32 = 560.0;

/// Share of the width that the approaches take: three words against two.
const APPROACHES: f32 = 0.6;

/// Both strips in `rect`.
pub fn show(ui: &Ui, scene: &Scene<'_>, rect: Rect) {
    let space = scene.space;
    let named = rect.width() >= space.u(NAMED_FROM);
    let mut rest = rect;
    let mut left = cut_left(&mut rest, rect.width() * APPROACHES, space.u(12.0));
    for (strip, param) in [(&mut left, &scene.params.approach), (&mut rest, &scene.params.guidance)] {
        if named {
            let name = cut_left(strip, space.u(66.0), space.u(4.0));
            let font = space.font(13.0);
            let (at, width) = (name.left_center(), name.width());
            text::line(ui.painter(), at, Align2::LEFT_CENTER, param.name(), &font, width, scene.ink.quiet);
        }
    }
    choice::show(ui, scene, left, &scene.params.approach, |approach: Approach| {
        (words::short_approach(approach), words::of_approach(approach))
    });
    choice::show(ui, scene, rest, &scene.params.guidance, |guidance: Guidance| {
        (guidance.label(), words::of_guidance(guidance))
    });
}
