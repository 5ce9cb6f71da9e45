//! The goal cards.

use super::hand::Hand;
use super::theme::{self, Space};
use super::words;
use crate::params::{AntiphonParams, chosen};
use antiphon_engine::names::Named;
use antiphon_engine::settings::Goal;
use egui::{Rect, Role, Sense, Stroke, StrokeKind, Ui, WidgetInfo, pos2, vec2};
use std::ops::RangeInclusive;

/// Least and most height of a card, points; the cards share the column.
const HEIGHT: RangeInclusive<f32> = 36.0..=88.0;

/// Size of a title, points.
const TITLE: f32 = 17.0;

/// Between cards, points.
const GAP: f32 = 6.0;

/// Inner edge of a card, points.
const EDGE: f32 = 14.0;

/// One card a goal; the chosen one glows.
pub fn cards(ui: &mut Ui, params: &AntiphonParams, hand: &Hand<'_>, space: Space) {
    let now = chosen::<Goal>(&params.goal);
    ui.spacing_mut().item_spacing.y = GAP;
    let share = (ui.available_height() + GAP) / Goal::ALL.len() as f32 - GAP;
    let height = share.floor().clamp(*HEIGHT.start(), space.grown(*HEIGHT.end()));
    for &goal in Goal::ALL {
        if card(ui, goal, goal == now, height, space) && goal != now {
            hand.put(&params.goal, goal.index() as i32);
        }
    }
}

/// Draws one card; whether it was clicked.
fn card(ui: &mut Ui, goal: Goal, selected: bool, height: f32, space: Space) -> bool {
    let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), height), Sense::click());
    response.widget_info(|| WidgetInfo::selected(Role::RadioButton, true, selected, goal.label()));
    let fill = match (selected, response.hovered()) {
        (true, _) => theme::OURS_DEEP,
        (false, true) => theme::CARD_HOVERED,
        (false, false) => theme::CARD,
    };
    let painter = ui.painter().with_clip_rect(rect.intersect(ui.clip_rect()));
    painter.rect_filled(rect, theme::ROUND, fill);
    if selected || response.has_focus() {
        painter.rect_stroke(rect, theme::ROUND, Stroke::new(2.0, theme::OURS), StrokeKind::Inside);
    }
    let width = rect.width() - 2.0 * EDGE;
    let title_at = |size| painter.layout_no_wrap(goal.label().to_owned(), theme::font(size), theme::TEXT);
    let title = title_at(space.grown(TITLE));
    // A long title in a narrow window is set smaller rather than cut.
    let title =
        if title.size().x > width { title_at((space.grown(TITLE) * width / title.size().x).floor()) } else { title };
    if space.wordy {
        let line = painter.layout(words::of_goal(goal).to_owned(), space.font(14.0), theme::QUIET, width);
        let text = Rect::from_center_size(rect.center(), vec2(width, title.size().y + line.size().y + 2.0));
        painter.galley(text.min, title.clone(), theme::TEXT);
        painter.galley(pos2(text.min.x, text.min.y + title.size().y + 2.0), line, theme::QUIET);
    } else {
        painter.galley(pos2(rect.min.x + EDGE, rect.center().y - title.size().y / 2.0), title, theme::TEXT);
    }
    response.on_hover_text(words::of_goal(goal)).clicked()
}
