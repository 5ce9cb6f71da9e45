//! The register: two ends on a keyboard, to drag. It never plays a note outside them.

use super::keyboard::{KEYS, Keyboard};
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
    let gap = i32::from(REGISTER_SPAN_MIN);
    keyboard.paint(ui, scene, &(low.value()..=high.value()));
    // As the engine has it: at least an octave apart, whatever the host has set.
    let lowest = low.value().min(TOP as i32 - gap);
    let highest = high.value().max(lowest + gap);
    let x = |key: i32| keyboard.place(in_sight(key)).center().x;
    let (wide, middle) = (scene.space.u(GRIP.0), strip.center().y);
    let grip = |left: f32| Rect::from_min_size(pos2(left, strip.min.y), vec2(wide, strip.height()));
    // The grips stand outside the span that they mark, and never on one another.
    let from = grip((x(lowest) - wide).clamp(strip.min.x, strip.max.x - 2.0 * wide));
    let to = grip(x(highest).clamp(from.max.x, strip.max.x - wide));
    let span = Rect::from_x_y_ranges(from.max.x..=to.min.x, strip.y_range());
    let line = Rect::from_center_size(pos2(span.center().x, middle), vec2(span.width(), scene.space.u(4.0)));
    ui.painter().rect_filled(line, 2.0, scene.ink.chosen);
    let words = scene.space.u(190.0);
    if span.width() > words + 20.0 {
        let back = Rect::from_center_size(span.center(), vec2(words, strip.height()));
        ui.painter().rect_filled(back, 0.0, scene.ink.card);
        let font = scene.space.font(13.0);
        let line = "It plays between these notes";
        text::line(ui.painter(), back.center(), Align2::CENTER_CENTER, line, &font, words, scene.ink.quiet);
    }
    // Low goes no higher than an octave under high, and the other way round.
    let (highest_low, lowest_high) = (high.value() - gap, low.value() + gap);
    end(ui, scene, from, low, "The lowest note it plays", &keyboard, |key| key.min(highest_low));
    end(ui, scene, to, high, "The highest note it plays", &keyboard, |key| key.max(lowest_high));
}

/// One end: its grip in `rect`; `within` keeps the key that the pointer has come to where this end may be.
fn end(
    ui: &mut Ui,
    scene: &Scene<'_>,
    rect: Rect,
    param: &IntParam,
    hint: &str,
    keyboard: &Keyboard,
    within: impl Fn(i32) -> i32,
) {
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
    let pointed = |grasped: bar::Grasped| {
        // To press is not to move.
        if grasped.moved == 0.0 {
            return grasped.began;
        }
        let began = keyboard.place(in_sight((grasped.began * TOP).round() as i32)).center().x;
        within(i32::from(keyboard.nearest(began + grasped.moved))) as f32 / TOP
    };
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

/// The key that is drawn nearest to `key`.
fn in_sight(key: i32) -> u8 {
    key.clamp((*KEYS.start()).into(), (*KEYS.end()).into()) as u8
}
