//! A choice of a few words, side by side in one strip.

use super::{known, text};
use crate::panel::scene::Scene;
use crate::panel::theme::ROUND;
use crate::params::chosen;
use antiphon_engine::names::Named;
use egui::{Align2, Id, Rect, Role, Sense, Ui, WidgetInfo, pos2};
use nice_plug::prelude::*;

/// A strip of words in `rect`, one for each value of `param`; `words` gives the word and the hint.
pub fn show<T: Named>(
    ui: &Ui,
    scene: &Scene<'_>,
    rect: Rect,
    param: &IntParam,
    words: impl Fn(T) -> (&'static str, &'static str),
) {
    let now = chosen::<T>(param);
    let texts: Vec<_> = T::ALL.iter().map(|&value| words(value)).collect();
    for (place, (&value, (word, hint))) in places(ui, scene, rect, &texts).into_iter().zip(T::ALL.iter().zip(&texts)) {
        // The same word may be in two strips: a screen reader hears which.
        let name = format!("{}: {word}", param.name());
        match one(ui, scene, place, value == now, word, &name, hint) {
            Pressed::Once => scene.hand.put(param, value.index() as i32),
            Pressed::TwiceWhileChosen => scene.hand.usual(param),
            Pressed::Not => {}
        }
    }
}

/// What was done to one word of a strip.
pub enum Pressed {
    /// Nothing that matters.
    Not,
    /// It was chosen.
    Once,
    /// It was chosen before, and double-clicked: back to the usual.
    TwiceWhileChosen,
}

/// Where each word stands: wider words have more room.
fn places(ui: &Ui, scene: &Scene<'_>, rect: Rect, texts: &[(&str, &str)]) -> Vec<Rect> {
    let font = scene.space.font(14.0);
    let wide = |word: &str| ui.painter().layout_no_wrap(word.to_owned(), font.clone(), scene.ink.text).size().x;
    let widths: Vec<f32> = texts.iter().map(|(word, _)| wide(word)).collect();
    let spare = (rect.width() - widths.iter().sum::<f32>()) / texts.len() as f32;
    let mut left = rect.min.x;
    widths
        .into_iter()
        .map(|width| {
            let right = left + (width + spare).max(1.0);
            let place = Rect::from_min_max(pos2(left, rect.min.y), pos2(right.min(rect.max.x), rect.max.y));
            left = right;
            place
        })
        .collect()
}

/// One word; draws it and says what was done to it.
fn one(ui: &Ui, scene: &Scene<'_>, rect: Rect, selected: bool, word: &str, name: &str, hint: &str) -> Pressed {
    let (ink, space) = (scene.ink, scene.space);
    let response = ui.interact(rect, ui.scope_id().with(name), Sense::click());
    let fill = match (selected, response.hovered()) {
        (true, _) => ink.chosen,
        (false, true) => ink.raised,
        (false, false) => ink.card,
    };
    ui.painter().rect_filled(rect.shrink2(egui::vec2(1.0, 0.0)), ROUND, fill);
    let colour = if selected { ink.text } else { ink.quiet };
    let width = rect.width() - 6.0;
    text::line(ui.painter(), rect.center(), Align2::CENTER_CENTER, word, &space.font(14.0), width, colour);
    let response = known(ui, ink, response, hint, || WidgetInfo::selected(Role::RadioButton, true, selected, name));
    pressed(ui, response.id, selected, response.clicked(), response.double_clicked())
}

/// What clicks on something that may be chosen mean. Whoever double-clicks everything chooses, and no more: only what
/// was chosen already goes back to the usual.
pub fn pressed(ui: &Ui, id: Id, selected: bool, clicked: bool, double_clicked: bool) -> Pressed {
    let was_chosen = id.with("was chosen");
    if double_clicked {
        let before = ui.data(|data| data.get_temp(was_chosen)).unwrap_or(false);
        return if before { Pressed::TwiceWhileChosen } else { Pressed::Not };
    }
    if clicked {
        ui.data_mut(|data| data.insert_temp(was_chosen, selected));
        return if selected { Pressed::Not } else { Pressed::Once };
    }
    Pressed::Not
}
