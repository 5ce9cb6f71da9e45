//! The client's level: how loud she is, her latest peak, and whether the microphone is turned up too far.

use super::scene::Scene;
use super::theme::ROUND;
use super::widgets::text;
use egui::{Align2, Rect, Role, Sense, Ui, WidgetInfo, pos2, vec2};

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

    /// Whether a peak is still on show.
    pub fn is_shown(self) -> bool {
        self.peak > 0.0
    }

    /// Draws the client's level in `rect`, with the peak on it.
    pub fn show(self, ui: &Ui, scene: &Scene<'_>, rect: Rect) {
        let (ink, space, level_db) = (scene.ink, scene.space, scene.view.level_db);
        let (short, long) = match level_db {
            _ if self.is_too_loud() => ("Too loud", "Too loud: turn the microphone down a little.".to_owned()),
            level_db if level_db > LOWEST_DB => ("Level", format!("Level {level_db:.0} dB")),
            _ => ("Level", "Level: silent".to_owned()),
        };
        let painter = ui.painter();
        painter.rect_filled(rect, ROUND, ink.card);
        let inner = rect.shrink2(vec2(space.u(12.0), 0.0));
        let colour = if self.is_too_loud() { ink.client } else { ink.text };
        let font = space.font(14.0);
        let name = Align2::LEFT_CENTER;
        let words = text::line(painter, inner.left_center(), name, short, &font, space.u(70.0), colour);
        let from = inner.min.x + words.width().max(space.u(44.0)) + space.u(8.0);
        let bar = Rect::from_min_max(pos2(from, rect.center().y), pos2(inner.max.x, rect.center().y));
        let bar = bar.expand2(vec2(0.0, space.u(5.0)));
        let place = |db: f32| bar.min.x + bar.width() * (1.0 - db / LOWEST_DB).clamp(0.0, 1.0);
        let colour = if self.is_too_loud() { ink.alarm } else { ink.client };
        painter.rect_filled(bar, space.u(5.0), ink.well);
        let filled = Rect::from_min_max(bar.min, pos2(place(level_db), bar.max.y));
        if filled.width() > 1.0 {
            painter.with_clip_rect(filled.intersect(ui.clip_rect())).rect_filled(bar, space.u(5.0), colour);
        }
        let peak_db = 20.0 * self.peak.max(f32::MIN_POSITIVE).log10();
        if peak_db > LOWEST_DB {
            let tick = Rect::from_center_size(pos2(place(peak_db), bar.center().y), vec2(3.0, bar.height()));
            painter.rect_filled(tick.intersect(bar), 1.0, colour);
        }
        let response = ui.interact(rect, ui.scope_id().with("level"), Sense::hover());
        response.widget_info(|| WidgetInfo::labeled(Role::ProgressIndicator, true, &long));
        response.on_hover_text(long);
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
