//! What happens now: the client's note, level, key and phrase, and what is played and why.

use super::keyboard;
use super::theme::{self, Space};
use super::words;
use crate::params::AntiphonParams;
use crate::telemetry::View;
use egui::{Align, Layout, Rect, RichText, Role, Sense, Ui, WidgetInfo, pos2, vec2};

/// Level at the left end of the bar, dBFS.
const LOWEST_DB: f32 = -60.0;

/// The card of what happens now.
pub fn show(ui: &mut Ui, params: &AntiphonParams, view: &View, space: Space) {
    theme::card().show(ui, |ui| {
        ui.set_width(ui.available_width());
        ui.spacing_mut().item_spacing.y = 4.0;
        hears(ui, view, space);
        ui.add_space(space.gap / 2.0);
        plays(ui, view, space);
        ui.add_space(space.gap / 2.0);
        keyboard::show(ui, view, params.register_low.value()..=params.register_high.value(), space.keyboard);
    });
}

fn hears(ui: &mut Ui, view: &View, space: Space) {
    let (note, cents) = words::heard_note(view);
    ui.horizontal(|ui| {
        ui.allocate_ui_with_layout(vec2(118.0, space.note * 1.35), Layout::top_down(Align::Min), |ui| {
            ui.set_min_width(118.0);
            ui.spacing_mut().item_spacing.y = 0.0;
            ui.label(RichText::new(note).size(space.note).color(theme::CLIENT));
            ui.label(RichText::new(if cents.is_empty() { " " } else { &cents }).size(13.0).color(theme::QUIET));
        });
        ui.vertical(|ui| {
            level(ui, view.level_db);
            fact(ui, "Key", &words::heard_key(view));
            fact(ui, "Phrase", &words::heard_phrase(view));
        });
    });
}

fn fact(ui: &mut Ui, name: &str, text: &str) {
    ui.horizontal(|ui| {
        ui.label(RichText::new(name).size(14.0).color(theme::QUIET));
        ui.label(RichText::new(text).size(16.0));
    });
}

fn level(ui: &mut Ui, level_db: f32) {
    let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), 12.0), Sense::hover());
    let text = if level_db > LOWEST_DB { format!("Level {level_db:.0} dB") } else { "Level: silent".to_owned() };
    response.widget_info(|| WidgetInfo::labeled(Role::ProgressIndicator, true, &text));
    let share = (1.0 - level_db / LOWEST_DB).clamp(0.0, 1.0);
    ui.painter().rect_filled(rect, 6.0, theme::GROOVE);
    let filled = Rect::from_min_max(rect.min, pos2(rect.min.x + rect.width() * share, rect.max.y));
    ui.painter().with_clip_rect(filled).rect_filled(rect, 6.0, theme::CLIENT);
    response.on_hover_text(text);
}

fn plays(ui: &mut Ui, view: &View, space: Space) {
    let text = words::sentence(view);
    ui.label(RichText::new(text).size(space.sentence).color(theme::OURS));
}
