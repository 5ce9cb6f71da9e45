//! A keyboard that shows what sounds: the client's note in her colour, ours in ours.

use super::theme;
use crate::params::note_name;
use crate::telemetry::View;
use egui::{Align2, Color32, Painter, Rect, Role, Sense, Ui, WidgetInfo, pos2, vec2};
use std::ops::RangeInclusive;

/// Lowest and highest key drawn, MIDI: bass voice to soprano, and the widest register anyone sets.
const KEYS: RangeInclusive<u8> = 24..=96;

/// From this height on the keys named C have room for it, points.
const NAMED_FROM: f32 = 36.0;

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
                key_at(&painter, place, key, view, &register);
            }
        }
    }
}

/// Draws one key. Where client and Antiphon sound the same one, it has both colours; every C is named.
fn key_at(painter: &Painter, place: Rect, key: u8, view: &View, register: &RangeInclusive<i32>) {
    let hers = view.pitch.is_some_and(|pitch| pitch.key == key);
    let ours = view.played.iter().any(|note| note.key == key);
    let plain = match (black(key), register.contains(&key.into())) {
        (false, true) => Color32::from_gray(0xc8),
        (false, false) => Color32::from_gray(0x70),
        (true, true) => Color32::from_gray(0x2a),
        (true, false) => Color32::from_gray(0x24),
    };
    painter.rect_filled(place, 2.0, if hers { theme::CLIENT } else { plain });
    if ours {
        let (_, lower) = place.split_top_bottom_at_fraction(if hers { 0.5 } else { 0.0 });
        painter.rect_filled(lower, 2.0, theme::OURS);
    }
    if key.is_multiple_of(12) && place.height() >= NAMED_FROM {
        let at = place.center_bottom() - vec2(0.0, 1.0);
        painter.text(at, Align2::CENTER_BOTTOM, note_name(key.into()), theme::font(9.0), theme::GROOVE);
    }
}

fn black(key: u8) -> bool {
    BLACK[usize::from(key % 12)]
}
