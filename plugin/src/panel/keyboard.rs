//! A keyboard that shows what sounds: the client's note in her colour, ours in ours.

use super::theme;
use crate::telemetry::View;
use egui::{Color32, Rect, Role, Sense, Ui, WidgetInfo, pos2, vec2};
use std::ops::RangeInclusive;

/// Lowest and highest key drawn, MIDI: bass voice to soprano, and the widest register anyone sets.
const KEYS: RangeInclusive<u8> = 24..=96;

/// Which keys of an octave are black.
const BLACK: [bool; 12] = [false, true, false, true, false, false, true, false, true, false, true, false];

/// Draws the keyboard, `height` points high; keys outside `register` are dimmed.
pub fn show(ui: &mut Ui, view: &View, register: RangeInclusive<i32>, height: f32) {
    let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), height), Sense::hover());
    response.widget_info(|| WidgetInfo::labeled(Role::Image, true, "Keyboard: what sounds now"));
    let painter = ui.painter().with_clip_rect(rect.intersect(ui.clip_rect()));
    painter.rect_filled(rect, 4.0, theme::GROOVE);
    let whites = KEYS.filter(|&key| !black(key)).count();
    let width = rect.width() / whites as f32;
    for pass in [false, true] {
        let mut white = 0;
        for key in KEYS {
            let place = if black(key) {
                let middle = rect.min.x + white as f32 * width;
                Rect::from_min_max(
                    pos2(middle - width * 0.3, rect.min.y),
                    pos2(middle + width * 0.3, rect.center().y + height * 0.1),
                )
            } else {
                let left = rect.min.x + white as f32 * width;
                white += 1;
                Rect::from_min_max(pos2(left + 0.5, rect.min.y), pos2(left + width - 0.5, rect.max.y))
            };
            if black(key) == pass {
                painter.rect_filled(place, 2.0, colour(key, view, &register));
            }
        }
    }
}

fn black(key: u8) -> bool {
    BLACK[usize::from(key % 12)]
}

fn colour(key: u8, view: &View, register: &RangeInclusive<i32>) -> Color32 {
    if view.pitch.is_some_and(|pitch| pitch.key == key) {
        return theme::CLIENT;
    }
    if view.played.iter().any(|note| note.key == key) {
        return theme::OURS;
    }
    match (black(key), register.contains(&key.into())) {
        (false, true) => Color32::from_gray(0xc8),
        (false, false) => Color32::from_gray(0x70),
        (true, true) => Color32::from_gray(0x2a),
        (true, false) => Color32::from_gray(0x24),
    }
}
