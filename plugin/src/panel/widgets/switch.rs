//! A name with a switch beside it.

use super::{known, text};
use crate::panel::scene::Scene;
use crate::panel::theme::ROUND;
use egui::{Align2, Rect, Role, Sense, Ui, WidgetInfo, pos2, vec2};
use nice_plug::prelude::*;

/// Inner edge, and size of the switch, usual points.
const EDGE: f32 = 12.0;
const WIDTH: f32 = 30.0;
const HEIGHT: f32 = 16.0;

/// A switch in `rect` for `param`.
pub fn show(ui: &Ui, scene: &Scene<'_>, rect: Rect, param: &BoolParam, hint: &str) {
    let (ink, space, on) = (scene.ink, scene.space, param.value());
    let response = ui.interact(rect, ui.scope_id().with(param.name()), Sense::click());
    let painter = ui.painter();
    painter.rect_filled(rect, ROUND, if response.hovered() { ink.raised } else { ink.card });
    let inner = rect.shrink2(vec2(space.u(EDGE), 0.0));
    let size = vec2(space.u(WIDTH), space.u(HEIGHT));
    let place = Rect::from_center_size(pos2(inner.max.x - size.x / 2.0, inner.center().y), size);
    let room = inner.width() - size.x - space.u(8.0);
    text::line(painter, inner.left_center(), Align2::LEFT_CENTER, param.name(), &space.font(14.0), room, ink.text);
    let round = size.y / 2.0;
    painter.rect_filled(place, round, if on { ink.ours } else { ink.ground });
    let x = if on { place.max.x - round } else { place.min.x + round };
    painter.circle_filled(pos2(x, place.center().y), round - 2.0, if on { ink.ground } else { ink.quiet });
    let response = known(ui, ink, response, hint, || WidgetInfo::selected(Role::CheckBox, true, on, param.name()));
    if response.double_clicked() {
        scene.hand.usual(param);
    } else if response.clicked() {
        scene.hand.put(param, !on);
    }
}
