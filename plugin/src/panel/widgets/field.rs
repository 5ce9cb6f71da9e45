//! A field to type in.

use super::known;
use crate::panel::scene::Scene;
use crate::panel::theme::ROUND;
use egui::{Align, Align2, Color32, Margin, Rect, Response, TextEdit, Ui, WidgetInfo, vec2};

/// How much of a field's ground is there while nothing can be typed.
const DISABLED: f32 = 0.75;

/// What a field is.
#[derive(Clone, Copy, Debug)]
pub struct Field<'a> {
    /// Its name for screen readers.
    pub name: &'a str,
    /// What stands in it while nothing does.
    pub empty: &'a str,
    /// What it is for.
    pub hint: &'a str,
    /// Most characters.
    pub limit: usize,
    /// As many lines as there is room for, or one.
    pub lines: bool,
}

/// The field in `rect`, with `text` in it.
pub fn show(ui: &mut Ui, scene: &Scene<'_>, rect: Rect, field: Field<'_>, text: &mut String) -> Response {
    let (ink, space) = (scene.ink, scene.space);
    let id = ui.scope_id().with(field.name);
    // Fainter while nothing can be typed; mixed here, so that nothing has to shine through.
    let fill = if ui.is_enabled() { ink.card } else { ink.ground.lerp_to_gamma(ink.card, DISABLED) };
    let mut painter = ui.painter().clone();
    painter.set_opacity(1.0);
    painter.rect_filled(rect, ROUND, fill);
    let edit = if field.lines { TextEdit::multiline(text) } else { TextEdit::singleline(text) };
    let edit = edit
        .id(id)
        .hint_text(field.empty)
        .font(space.font(14.0))
        .text_color(ink.text)
        .char_limit(field.limit)
        .margin(Margin::symmetric(12, 6))
        .align(if field.lines { Align2([Align::Min, Align::Min]) } else { Align2::LEFT_CENTER })
        // The card is there already.
        .background_color(Color32::TRANSPARENT)
        .min_size(rect.size())
        .desired_width(rect.width());
    let response = ui.put(Rect::from_min_size(rect.min, vec2(rect.width(), rect.height())), edit);
    let enabled = ui.is_enabled();
    known(ui, ink, response, field.hint, || {
        let mut info = WidgetInfo::text_edit(enabled, "", text.as_str(), field.empty);
        info.label = Some(field.name.to_owned());
        info
    })
}
