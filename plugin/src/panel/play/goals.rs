//! What the session is for: a card a goal.

use crate::panel::scene::Scene;
use crate::panel::space::rows;
use crate::panel::theme::ROUND;
use crate::panel::widgets::choice::{Pressed, pressed};
use crate::panel::widgets::{known, text};
use crate::panel::words;
use crate::params::chosen;
use antiphon_engine::names::Named;
use antiphon_engine::settings::Goal;
use egui::{Align2, FontId, Rect, Role, Sense, Ui, WidgetInfo, pos2, vec2};

/// Height from which on a card has a line on what it means, usual points.
const WORDY_FROM: f32 = 62.0;

/// Size of a title, usual points.
const TITLE: f32 = 16.0;

/// Inner edge of a card, usual points.
const EDGE: f32 = 14.0;

/// The cards in `rect`; the chosen one glows.
pub fn cards(ui: &Ui, scene: &Scene<'_>, rect: Rect) {
    let param = &scene.params.goal;
    let now = chosen::<Goal>(param);
    // All titles have the size of the longest.
    let room = rect.width() - 2.0 * scene.space.u(EDGE);
    let set = |goal: &Goal| text::fitted(ui.painter(), goal.label(), &scene.space.font(TITLE), room, scene.ink.text);
    let size = Goal::ALL.iter().map(|goal| set(goal).job.sections[0].format.font_id.size).fold(f32::MAX, f32::min);
    for (place, &goal) in rows(rect, Goal::ALL.len(), scene.space.u(5.0)).zip(Goal::ALL) {
        match card(ui, scene, place, goal, goal == now, size) {
            Pressed::Once => scene.hand.put(param, goal.index() as i32),
            Pressed::TwiceWhileChosen => scene.hand.usual(param),
            Pressed::Not => {}
        }
    }
}

/// Draws one card; what was done to it.
fn card(ui: &Ui, scene: &Scene<'_>, rect: Rect, goal: Goal, selected: bool, title: f32) -> Pressed {
    let (ink, space) = (scene.ink, scene.space);
    let response = ui.interact(rect, ui.scope_id().with(goal.name()), Sense::click());
    let fill = match (selected, response.hovered()) {
        (true, _) => ink.chosen,
        (false, true) => ink.raised,
        (false, false) => ink.card,
    };
    let painter = ui.painter();
    painter.rect_filled(rect, ROUND, fill);
    if selected {
        let mark = Rect::from_min_size(rect.min + vec2(0.0, rect.height() * 0.2), vec2(4.0, rect.height() * 0.6));
        painter.rect_filled(mark, 2.0, ink.ours);
    }
    let inner = rect.shrink2(vec2(space.u(EDGE), 4.0));
    let title = text::fitted(painter, goal.label(), &FontId::proportional(title), inner.width(), ink.text);
    if rect.height() >= space.u(WORDY_FROM) {
        let meaning = words::of_goal(goal).to_owned();
        let meaning = painter.layout(meaning, space.font(13.0), ink.quiet, inner.width());
        let height = title.size().y + meaning.size().y + 2.0;
        let at = pos2(inner.min.x, rect.center().y - height / 2.0);
        let below = at + vec2(0.0, title.size().y + 2.0);
        painter.galley(at, title, ink.text);
        painter.galley(below, meaning, ink.quiet);
    } else {
        let at = Align2::LEFT_CENTER.anchor_size(inner.left_center(), title.size()).min;
        painter.galley(at, title, ink.text);
    }
    let response = known(ui, ink, response, words::of_goal(goal), || {
        WidgetInfo::selected(Role::RadioButton, true, selected, goal.label())
    });
    pressed(ui, response.id, selected, response.clicked(), response.double_clicked())
}
