//! The client's level: how loud she is, her latest peak, and whether the microphone is turned up too far.

use super::theme::{self, Space};
use egui::{Rect, Role, Sense, Ui, WidgetInfo, pos2, vec2};

/// Level at the left end of the bar, dBFS.
const LOWEST_DB: f32 = -60.0;

/// Time that a peak stays to be read, s.
const PEAK_STAYS_S: f32 = 1.5;

/// A peak from here on is too loud, full scale 1: -0.5 dB, where recorders begin to warn.
const TOO_LOUD: f32 = 0.944;

/// The client's latest peak.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Meter {
    /// Loudest sample lately, full scale 1.
    peak: f32,
    /// How long ago, s.
    age_s: f32,
}

impl Meter {
    /// Takes in the loudest sample of the last `passed_s` seconds.
    pub fn follow(&mut self, peak: f32, passed_s: f32) {
        self.age_s += passed_s;
        if peak >= self.peak || self.age_s > PEAK_STAYS_S {
            *self = Self { peak, age_s: 0.0 };
        }
    }

    fn is_too_loud(self) -> bool {
        self.peak >= TOO_LOUD
    }

    /// Draws the bar of `level_db` with the peak on it.
    pub fn show(self, ui: &mut Ui, space: Space, level_db: f32) {
        let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), space.grown(12.0)), Sense::hover());
        let text = match level_db {
            _ if self.is_too_loud() => "Too loud: turn the microphone down a little.".to_owned(),
            level_db if level_db > LOWEST_DB => format!("Level {level_db:.0} dB"),
            _ => "Level: silent".to_owned(),
        };
        response.widget_info(|| WidgetInfo::labeled(Role::ProgressIndicator, true, &text));
        let place = |db: f32| rect.min.x + rect.width() * (1.0 - db / LOWEST_DB).clamp(0.0, 1.0);
        let colour = if self.is_too_loud() { theme::ALARM } else { theme::CLIENT };
        ui.painter().rect_filled(rect, 6.0, theme::GROOVE);
        let filled = Rect::from_min_max(rect.min, pos2(place(level_db), rect.max.y));
        ui.painter().with_clip_rect(filled).rect_filled(rect, 6.0, colour);
        let peak_db = 20.0 * self.peak.max(f32::MIN_POSITIVE).log10();
        if peak_db > LOWEST_DB {
            let tick = Rect::from_center_size(pos2(place(peak_db), rect.center().y), vec2(3.0, rect.height()));
            ui.painter().rect_filled(tick, 1.0, colour);
        }
        response.on_hover_text(text);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_peak_stays_long_enough_to_be_read_and_gives_way_to_a_louder_one() {
        let mut meter = Meter::default();
        meter.follow(0.5, 0.03);
        meter.follow(0.1, 1.0);
        assert_eq!(meter.peak, 0.5);
        meter.follow(0.97, 0.03);
        assert!(meter.is_too_loud());
        meter.follow(0.2, PEAK_STAYS_S + 0.1);
        assert_eq!(meter.peak, 0.2);
    }
}
