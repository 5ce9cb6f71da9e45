//! The register: two ends on a keyboard, to drag. It never plays a note outside them.

use super::keyboard::Keyboard;
use crate::panel::scene::Scene;
use crate::panel::space::cut_top;
use crate::panel::theme::ROUND;
use crate::panel::widgets::{bar, card, known, text, typed};
use crate::params::note_name;
use antiphon_engine::settings::REGISTER_SPAN_MIN;
use egui::{Align2, Rect, Role, Sense, Ui, WidgetInfo, pos2, vec2};
use nice_plug::prelude::*;

/// Size of an end's grip, usual points.
const GRIP: (f32, f32) = (46.0, 20.0);

/// Highest MIDI key.
const TOP: f32 = 127.0;

/// Keyboard and ends in `rect`.
pub fn show(ui: &mut Ui, scene: &Scene<'_>, rect: Rect) {
    let mut keys = card(ui, scene, rect);
    let strip = cut_top(&mut keys, scene.space.u(GRIP.1), scene.space.u(3.0));
    let keyboard = Keyboard::new(keys);
    let (low, high) = (&scene.params.register_low, &scene.params.register_high);
    keyboard.paint(ui, scene, &(low.value()..=high.value()));
    let x = |key: i32| keyboard.place(key.clamp(21, 108) as u8).center().x;
    let grip = vec2(scene.space.u(GRIP.0), strip.height());
    // The grips stand outside the span that they mark, so that they never meet.
    let place = |at: f32, side: f32| {
        let middle = (at + side * grip.x / 2.0).clamp(strip.min.x + grip.x / 2.0, strip.max.x - grip.x / 2.0);
        Rect::from_center_size(pos2(middle, strip.center().y), grip)
    };
    let (from, to) = (place(x(low.value()), -1.0), place(x(high.value()), 1.0));
    let span = Rect::from_x_y_ranges(from.max.x..=to.min.x, strip.y_range());
    let middle = Rect::from_center_size(span.center(), vec2(span.width(), scene.space.u(4.0)));
    ui.painter().rect_filled(middle, 2.0, scene.ink.chosen);
    let words = scene.space.u(190.0);
    if span.width() > words + 20.0 {
        let back = Rect::from_center_size(span.center(), vec2(words, strip.height()));
        ui.painter().rect_filled(back, 0.0, scene.ink.card);
        let font = scene.space.font(13.0);
        let line = "It plays between these notes";
        text::line(ui.painter(), back.center(), Align2::CENTER_CENTER, line, &font, words, scene.ink.quiet);
    }
    let gap = i32::from(REGISTER_SPAN_MIN);
    let reach = |x: f32| i32::from(keyboard.nearest(x));
    // Low goes no higher than an octave under high, and the other way round.
    let highest_low = high.value() - gap;
    end(ui, scene, from, low, "The lowest note it plays", |x| reach(x).min(highest_low));
    let lowest_high = low.value() + gap;
    end(ui, scene, to, high, "The highest note it plays", |x| reach(x).max(lowest_high));
}

/// One end: its grip in `rect`; `reach` is the key that a place of the pointer stands for.
fn end(ui: &mut Ui, scene: &Scene<'_>, rect: Rect, param: &IntParam, hint: &str, reach: impl Fn(f32) -> i32) {
    let id = ui.scope_id().with(param.name());
    let response = ui.interact(rect, id, Sense::drag());
    if typed::wanted(ui, param, &response) {
        let wide = Rect::from_center_size(rect.center(), vec2(rect.width() * 1.4, rect.height()));
        typed::show(ui, scene, wide, param, id);
        return;
    }
    let (ink, space) = (scene.ink, scene.space);
    let touched = response.hovered() || response.dragged();
    ui.painter().rect_filled(rect, ROUND, if touched { ink.raised } else { ink.chosen });
    let name = note_name(param.value());
    let width = rect.width() - 6.0;
    text::line(ui.painter(), rect.center(), Align2::CENTER_CENTER, &name, &space.font(13.0), width, ink.text);
    let pointed = |x: f32| reach(x) as f32 / TOP;
    bar::drag(ui, scene, param, &response, pointed, scene.space.u(600.0));
    bar::by_keyboard(ui, scene, param, &response);
    let said = bar::said(param, param.unmodulated_normalized_value());
    known(ui, ink, response, hint, || {
        let mut info = WidgetInfo::slider(true, param.unmodulated_normalized_value().into(), param.name());
        info.current_text_value = Some(said.clone());
        info.role = Role::Slider;
        info
    });
}
