//! The arc of the exchange as thirteen beads: where it stands, what was before, and what would come next.

use super::theme::{self, Space};
use crate::telemetry::View;
use antiphon_engine::intend::ARC;
use antiphon_engine::names::Named;
use egui::{Align2, Role, Sense, Stroke, Ui, WidgetInfo, pos2, vec2};

/// Radius of a bead, points.
const BEAD: f32 = 5.0;

/// From bead to bead, points.
const STEP: f32 = 17.0;

/// The beads, and the name of the state; a state beside the arc leaves all of them empty.
pub fn show(ui: &mut Ui, view: &View, space: Space) {
    let place = ARC.iter().position(|&state| state == view.state);
    let step = space.grown(STEP).min((ui.available_width() - space.grown(150.0)).max(1.0) / ARC.len() as f32);
    let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), space.grown(18.0)), Sense::hover());
    let next = place.and_then(|place| ARC.get(place + 1));
    let told = match next {
        Some(next) => format!("Now: {}. Next: {}", view.state.label(), next.label()),
        None => format!("Now: {}", view.state.label()),
    };
    response.widget_info(|| WidgetInfo::labeled(Role::Label, true, &told));
    let centre = |index: usize| pos2(rect.min.x + BEAD + step * index as f32, rect.center().y);
    let painter = ui.painter();
    painter.line_segment([centre(0), centre(ARC.len() - 1)], Stroke::new(1.5, theme::GROOVE));
    for index in 0..ARC.len() {
        let radius = if place == Some(index) { BEAD + 1.5 } else { BEAD };
        let colour = match place {
            Some(place) if index == place => theme::OURS,
            Some(place) if index < place => theme::OURS_DEEP,
            _ => theme::GROOVE,
        };
        painter.circle_filled(centre(index), radius.min(step / 2.0), colour);
    }
    let after = centre(ARC.len() - 1) + vec2(space.grown(16.0), 0.0);
    painter.text(after, Align2::LEFT_CENTER, view.state.label(), space.font(15.0), theme::TEXT);
    response.on_hover_text(told);
}
