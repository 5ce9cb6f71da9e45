//! The arc of the exchange as thirteen beads: where it stands, what was before, and what would come next.

use crate::panel::scene::Scene;
use crate::panel::space::cut_left;
use crate::panel::widgets::text;
use antiphon_engine::intend::ARC;
use antiphon_engine::names::Named;
use egui::{Align2, Rect, Role, Sense, Stroke, Ui, WidgetInfo, pos2, vec2};

/// Radius of a bead, and most from bead to bead, usual points.
const BEAD: f32 = 5.0;
const STEP: f32 = 26.0;

/// Share of the width that the beads take; the names have the rest.
const BEADS: f32 = 0.52;

/// The beads in `rect`, and the name of the state; a state beside the arc leaves all of them empty.
pub fn show(ui: &Ui, scene: &Scene<'_>, rect: Rect) {
    let (ink, space, now) = (scene.ink, scene.space, scene.view.state);
    let place = ARC.iter().position(|&state| state == now);
    let next = place.and_then(|place| ARC.get(place + 1));
    let mut words = rect;
    let beads = cut_left(&mut words, rect.width() * BEADS, space.u(10.0));
    let step = ((beads.width() - space.u(2.0 * BEAD + 4.0)) / (ARC.len() - 1) as f32).min(space.u(STEP));
    let centre = |index: usize| pos2(beads.min.x + space.u(BEAD + 2.0) + step * index as f32, beads.center().y);
    let painter = ui.painter();
    let line = |from: usize, to: usize, colour| {
        painter.line_segment([centre(from), centre(to)], Stroke::new(space.u(2.0), colour));
    };
    line(0, ARC.len() - 1, ink.line);
    if let Some(place) = place {
        line(0, place, ink.ours);
    }
    for (index, state) in ARC.iter().enumerate() {
        let (radius, colour) = match place {
            Some(place) if index == place => (BEAD + 2.0, ink.ours),
            Some(place) if index < place => (BEAD, ink.ours),
            _ => (BEAD, ink.line),
        };
        painter.circle_filled(centre(index), space.u(radius), colour);
        if place.is_none_or(|place| index > place) {
            painter.circle_filled(centre(index), space.u(radius - 2.0), ink.ground);
        }
        let around = Rect::from_center_size(centre(index), vec2(step, beads.height()));
        ui.interact(around, ui.scope_id().with(("bead", index)), Sense::hover()).on_hover_text(state.label());
    }
    let font = space.font(15.0);
    let x = centre(ARC.len() - 1).x + space.u(18.0);
    let width = rect.max.x - x;
    let shown = text::line(painter, pos2(x, rect.center().y), Align2::LEFT_CENTER, now.label(), &font, width, ink.text);
    let left = rect.max.x - shown.max.x - space.u(10.0);
    if let Some(next) = next {
        let then = format!("then {}", next.label().to_lowercase());
        let galley = painter.layout_no_wrap(then, space.font(13.0), ink.quiet);
        // Not at all rather than in part.
        if galley.size().x <= left {
            let at = pos2(shown.max.x + space.u(10.0), rect.center().y);
            painter.galley(Align2::LEFT_CENTER.anchor_size(at, galley.size()).min, galley, ink.quiet);
        }
    }
    let told = match next {
        Some(next) => format!("Now: {}. Next: {}", now.label(), next.label()),
        None => format!("Now: {}", now.label()),
    };
    let response = ui.interact(words, ui.scope_id().with("arc"), Sense::hover());
    response.widget_info(|| WidgetInfo::labeled(Role::Label, true, &told));
    response.on_hover_text(told);
}
