//! What happens now: the client's note, level, key and phrase, and what is played and why.

use super::arc;
use super::keyboard;
use super::meter::Meter;
use super::music;
use super::theme::{self, Space};
use super::words;
use crate::params::AntiphonParams;
use crate::telemetry::View;
use egui::{Align, Align2, Color32, Layout, RichText, Role, Sense, Ui, WidgetInfo, vec2};

/// Width of the left column: captions and the client's note, points.
const LEFT: f32 = 128.0;

/// Whose colour is whose, from the right.
const LEGEND: [(&str, Color32); 2] = [("Antiphon", theme::OURS), ("Client", theme::CLIENT)];

/// The card of what happens now.
pub fn show(ui: &mut Ui, params: &AntiphonParams, view: &View, meter: Meter, space: Space) {
    theme::card().show(ui, |ui| {
        ui.set_width(ui.available_width());
        ui.spacing_mut().item_spacing.y = 4.0;
        hears(ui, view, meter, space);
        music::show(ui, view, space);
        arc::show(ui, view, space);
        ui.add_space(space.gap / 2.0);
        let text = words::sentence(view);
        ui.label(RichText::new(text).size(space.sentence).color(theme::OURS));
        ui.add_space(space.gap / 2.0);
        keyboard::show(ui, view, params.register_low.value()..=params.register_high.value(), space.keyboard);
    });
}

/// The client's note large on the left, level, key and phrase on the right.
fn hears(ui: &mut Ui, view: &View, meter: Meter, space: Space) {
    let (note, cents) = words::heard_note(view);
    let height = space.note + space.grown(24.0);
    ui.allocate_ui_with_layout(vec2(ui.available_width(), height), Layout::left_to_right(Align::Min), |ui| {
        let (left, response) = ui.allocate_exact_size(vec2(space.grown(LEFT), height), Sense::hover());
        response.widget_info(|| WidgetInfo::labeled(Role::Label, true, format!("The client's note: {note} {cents}")));
        let painter = ui.painter();
        painter.text(left.left_top(), Align2::LEFT_TOP, note, theme::font(space.note), theme::CLIENT);
        painter.text(left.left_bottom(), Align2::LEFT_BOTTOM, cents, space.font(14.0), theme::QUIET);
        ui.vertical(|ui| {
            ui.set_min_height(height);
            ui.spacing_mut().interact_size.y = 0.0;
            ui.spacing_mut().item_spacing.y = (height - space.grown(12.0 + 2.0 * 20.0)).max(0.0) / 2.0;
            meter.show(ui, space, view.level_db);
            fact(ui, space, "Key", &words::heard_key(view));
            ui.horizontal(|ui| {
                fact(ui, space, "Phrase", &words::heard_phrase(view));
                music::arc(ui, view, space);
                // In a narrow window the phrase needs the room; colours explain themselves by then.
                let legend: &[_] = if space.wordy { &LEGEND } else { &[] };
                ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
                    for &(who, colour) in legend {
                        ui.label(RichText::new(who).size(space.grown(14.0)).color(colour));
                        let (dot, _) = ui.allocate_exact_size(vec2(10.0, 10.0), Sense::hover());
                        ui.painter().circle_filled(dot.center(), 5.0, colour);
                    }
                });
            });
        });
    });
}

pub fn fact(ui: &mut Ui, space: Space, name: &str, text: &str) {
    ui.horizontal(|ui| {
        ui.label(RichText::new(name).size(space.grown(14.0)).color(theme::QUIET));
        ui.label(RichText::new(text).size(space.grown(16.0)));
    });
}
