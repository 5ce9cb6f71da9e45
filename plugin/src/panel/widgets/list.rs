//! A name with what was chosen for it, and the list to choose from. The arrow keys go through the list without opening
//! it, a double click brings back the usual.

use super::{bar, known, text, typed};
use crate::panel::scene::Scene;
use crate::panel::theme::{self, ROUND};
use crate::params::chosen;
use antiphon_engine::names::Named;
use egui::{
    Align2, Color32, Popup, PopupCloseBehavior, Rect, Role, ScrollArea, Sense, Shape, Stroke, Ui, WidgetInfo, pos2,
    vec2,
};
use nice_plug::prelude::*;

/// Inner edge, usual points.
const EDGE: f32 = 12.0;

/// Room for the arrow, usual points.
const ARROW: f32 = 14.0;

/// Room around a list and within its frame, points.
const MARGIN: f32 = 20.0;

/// A list of all values of `T`; `hint` says what each means.
pub fn show<T: Named>(
    ui: &mut Ui,
    scene: &Scene<'_>,
    rect: Rect,
    param: &IntParam,
    hint: &str,
    meaning: impl Fn(T) -> &'static str,
) {
    let now = chosen::<T>(param);
    any(ui, scene, rect, param, now.label(), hint, |ui| {
        let mut wanted = None;
        for &value in T::ALL {
            let item = ui.selectable_label(value == now, value.label()).on_hover_text(meaning(value));
            if item.clicked() {
                wanted = Some(value.index() as i32);
            }
        }
        wanted
    });
}

/// A list that stands at `now`; `content` draws what it opens, and gives the value that was clicked.
pub fn any(
    ui: &mut Ui,
    scene: &Scene<'_>,
    rect: Rect,
    param: &IntParam,
    now: &str,
    hint: &str,
    content: impl FnOnce(&mut Ui) -> Option<i32>,
) {
    let id = ui.scope_id().with(param.name());
    let response = ui.interact(rect, id, Sense::click());
    if typed::wanted(ui, param, &response) {
        typed::show(ui, scene, rect, param, id);
        return;
    }
    let open = Popup::is_id_open(ui.ctx(), Popup::default_response_id(&response));
    let colour = bar::value_colour(scene, param);
    paint(ui, scene, rect, (param.name(), now, colour), response.hovered() || open);
    if !open {
        bar::by_keyboard(ui, scene, param, &response);
    }
    let response = known(ui, scene.ink, response, hint, || {
        let mut info = WidgetInfo::labeled(Role::ComboBox, true, param.name());
        info.current_text_value = Some(now.to_owned());
        info
    });
    if response.double_clicked() {
        scene.hand.usual(param);
        Popup::close_id(ui.ctx(), Popup::default_response_id(&response));
        return;
    }
    // Below or above what it belongs to, never over it: the second click of a double click is not to choose.
    let window = ui.ctx().content_rect();
    let height = (window.max.y - rect.max.y).max(rect.min.y - window.min.y) - MARGIN;
    let popup = Popup::menu(&response)
        .frame(theme::of_lists(scene.ink))
        .width(rect.width())
        .gap(2.0)
        .accessible_name(param.name())
        .close_behavior(PopupCloseBehavior::CloseOnClick);
    let wanted = popup.show(|ui| {
        ui.set_min_width(rect.width() - 12.0);
        ScrollArea::vertical().max_height(height).show(ui, content).inner
    });
    if let Some(value) = wanted.and_then(|shown| shown.inner) {
        scene.hand.put(param, value);
    }
}

fn paint(ui: &Ui, scene: &Scene<'_>, rect: Rect, (name, now, colour): (&str, &str, Color32), touched: bool) {
    let (ink, space, painter) = (scene.ink, scene.space, ui.painter());
    painter.rect_filled(rect, ROUND, if touched { ink.raised } else { ink.card });
    let inner = rect.shrink2(vec2(space.u(EDGE), 0.0));
    let font = space.font(14.0);
    let left = painter.layout_no_wrap(name.to_owned(), font.clone(), ink.text);
    let used = left.size().x;
    painter.galley(Align2::LEFT_CENTER.anchor_size(inner.left_center(), left.size()).min, left, ink.text);
    let right = inner.max.x - space.u(ARROW);
    let room = right - inner.min.x - used - space.u(8.0);
    text::line(painter, pos2(right, inner.center().y), Align2::RIGHT_CENTER, now, &font, room, colour);
    let half = space.u(3.5);
    let at = pos2(inner.max.x - half, inner.center().y);
    let corners = vec![at + vec2(-half, -half * 0.5), at + vec2(0.0, half * 0.6), at + vec2(half, -half * 0.5)];
    painter.add(Shape::line(corners, Stroke::new(1.5, ink.quiet)));
}
