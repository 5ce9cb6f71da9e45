//! A keyboard: where each key lies, and what sounds on it; the client's note in her colour, ours in theirs.

use crate::panel::scene::Scene;
use crate::panel::space::SMALLEST_TEXT;
use crate::params::note_name;
use egui::{Align2, Color32, FontId, Painter, Rect, Ui, pos2, vec2};
use std::ops::RangeInclusive;

/// Lowest and highest key drawn, MIDI: those of a piano.
pub const KEYS: RangeInclusive<u8> = 21..=108;

/// Which keys of an octave are black.
const BLACK: [bool; 12] = [false, true, false, true, false, false, true, false, true, false, true, false];

/// Height of a black key against a white one, and half its width.
const BLACK_HEIGHT: f32 = 0.62;
const BLACK_HALF: f32 = 0.3;

/// The keys in their place.
pub struct Keyboard {
    rect: Rect,
    /// Width of a white key, points.
    white: f32,
}

impl Keyboard {
    /// A keyboard in `rect`.
    pub fn new(rect: Rect) -> Self {
        let whites = KEYS.filter(|&key| !is_black(key)).count();
        Self { rect, white: rect.width() / whites as f32 }
    }

    /// Where a key lies.
    pub fn place(&self, key: u8) -> Rect {
        let before = (*KEYS.start()..key).filter(|&key| !is_black(key)).count();
        let left = self.rect.min.x + before as f32 * self.white;
        if is_black(key) {
            let half = self.white * BLACK_HALF;
            let bottom = self.rect.min.y + self.rect.height() * BLACK_HEIGHT;
            Rect::from_min_max(pos2(left - half, self.rect.min.y), pos2(left + half, bottom))
        } else {
            Rect::from_min_max(pos2(left + 0.5, self.rect.min.y), pos2(left + self.white - 0.5, self.rect.max.y))
        }
    }

    /// The key whose middle is nearest to `x`.
    pub fn nearest(&self, x: f32) -> u8 {
        let off = |key: u8| (self.place(key).center().x - x).abs();
        KEYS.min_by(|a, b| off(*a).total_cmp(&off(*b))).unwrap_or(*KEYS.start())
    }

    /// Draws the keys; those outside `register` are dim.
    pub fn paint(&self, ui: &Ui, scene: &Scene<'_>, register: &RangeInclusive<i32>) {
        let painter = ui.painter();
        painter.rect_filled(self.rect, 4.0, scene.ink.well);
        for black in [false, true] {
            for key in KEYS.filter(|&key| is_black(key) == black) {
                self.key(painter, scene, key, register.contains(&key.into()));
            }
        }
    }

    /// Draws one key. Where the client and Antiphon sound the same one it has both colours; every C is named.
    fn key(&self, painter: &Painter, scene: &Scene<'_>, key: u8, inside: bool) {
        let hers = scene.view.pitch.is_some_and(|pitch| pitch.key == key);
        let ours = scene.view.played.iter().find(|note| note.key == key);
        let grey = match (is_black(key), inside) {
            (false, true) => 0xf4,
            (false, false) => 0x9c,
            (true, true) => 0x26,
            (true, false) => 0x5c,
        };
        let place = self.place(key);
        // Ours alone hides the key.
        if hers || ours.is_none() {
            painter.rect_filled(place, 2.0, if hers { scene.ink.client } else { Color32::from_gray(grey) });
        }
        if let Some(note) = ours {
            let (_, lower) = place.split_top_bottom_at_fraction(if hers { 0.5 } else { 0.0 });
            painter.rect_filled(lower, 2.0, scene.ink.of_voice(note.voice));
        }
        let name = note_name(key.into());
        let font = FontId::proportional(SMALLEST_TEXT.min(self.white * 0.8).max(8.0));
        if key.is_multiple_of(12) && self.white >= 15.0 {
            let at = place.center_bottom() - vec2(0.0, 2.0);
            painter.text(at, Align2::CENTER_BOTTOM, name, font, Color32::from_gray(0x20));
        }
    }
}

fn is_black(key: u8) -> bool {
    BLACK[usize::from(key % 12)]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_key_is_found_again_where_it_lies_and_none_lies_outside() {
        let rect = Rect::from_min_size(pos2(10.0, 0.0), vec2(600.0, 60.0));
        let keyboard = Keyboard::new(rect);
        for key in KEYS {
            let place = keyboard.place(key);
            assert!(rect.contains_rect(place), "{key} at {place}");
            assert_eq!(keyboard.nearest(place.center().x), key);
        }
        assert_eq!((keyboard.nearest(-99.0), keyboard.nearest(9_999.0)), (21, 108));
    }
}
