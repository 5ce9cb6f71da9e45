//! The knobs: bars with a name, a value and two words for their ends.

use super::hand::Hand;
use super::theme::{self, Space};
use super::words;
use crate::params::{AntiphonParams, chosen};
use antiphon_engine::key::{Key, KeyChoice, Mode, PITCH_NAMES};
use antiphon_engine::names::Named;
use antiphon_engine::settings::{
    Channels, Dynamics, Feeling, Form, Idiom, Listen, Metre, Pulse, SEED_MAX, TEMPO_LIMITS_BPM, TempoChoice, Turns,
};
use egui::{
    Align, Align2, Button, ComboBox, Grid, Label, Layout, PointerButton, Rangef, Rect, Response, RichText, Role, Sense,
    Stroke, StrokeKind, Ui, UiBuilder, WidgetInfo, pos2, vec2,
};
use nice_plug::prelude::*;

/// Inner edge of a bar, points.
const EDGE: f32 = 12.0;

/// Height of the middle of the track over the lower edge, points.
const TRACK_HEIGHT: f32 = 8.0;

/// With shift a bar moves this much slower than the mouse.
const FINE: f32 = 0.1;

/// Rows of knobs in two columns.
const ROWS: f32 = 12.0;

/// Between knobs, points.
const GAP: f32 = 6.0;

/// Tallest knob, points.
const TALLEST: f32 = 52.0;

/// Width of the name beside a list, points.
const NAME_WIDTH: f32 = 66.0;

/// Most height of the list of keys, points: all twelve tonics.
const KEYS_HEIGHT: f32 = 400.0;

/// Narrowest column of knobs, points.
const NARROWEST: f32 = 230.0;

/// Everything that can be set and is not a goal.
pub fn all(ui: &mut Ui, params: &AntiphonParams, hand: &Hand<'_>, space: Space) {
    let p = params;
    let columns = ((ui.available_width() / NARROWEST) as usize).clamp(1, 2);
    ui.spacing_mut().item_spacing = vec2(8.0, GAP);
    let share = (ui.available_height() + GAP) / ROWS - GAP;
    let space = space.with_knob(share.floor().min(space.grown(TALLEST)));
    ui.columns(columns, |columns| {
        let last = columns.len() - 1;
        let ui = &mut columns[0];
        bar(ui, &p.responsiveness, hand, space, "How soon it replies and how fast it adapts");
        bar(ui, &p.mirror, hand, space, "How far it follows when the client gets louder, busier, higher");
        bar(ui, &p.density, hand, space, "How many notes it plays");
        bar(ui, &p.space, hand, space, "How much silence it leaves");
        bar(ui, &p.lead, hand, space, "Left: follows the client. Right: goes ahead");
        bar(ui, &p.tension, hand, space, "How much its notes may rub against each other");
        bar(ui, &p.colour, hand, space, "Left: darker. Right: brighter. Middle: as heard");
        list::<Feeling>(ui, &p.feeling, hand, space, words::of_feeling);
        list::<Idiom>(ui, &p.idiom, hand, space, words::of_idiom);
        list::<Form>(ui, &p.form, hand, space, |_| "How the bars make a whole; what you choose stays");
        list::<Turns>(ui, &p.turns, hand, space, |_| "Who plays when; what you choose stays");
        list::<Dynamics>(ui, &p.dynamics, hand, space, |_| "How loud it becomes as it goes on; what you choose stays");
        let ui = &mut columns[last];
        bar(ui, &p.ceiling, hand, space, "It never plays louder than this");
        bar(ui, &p.register_low, hand, space, "The lowest note it plays");
        bar(ui, &p.register_high, hand, space, "The highest note it plays");
        key(ui, &p.key, hand, space);
        tempo(ui, &p.tempo, hand, space);
        list::<Metre>(ui, &p.metre, hand, space, |_| "Beats in a bar; what you choose stays");
        list::<Listen>(ui, &p.listen, hand, space, words::of_listen);
        list::<Pulse>(ui, &p.pulse, hand, space, words::of_pulse);
        bar(ui, &p.sensitivity, hand, space, "Left: deaf to a noisy room. Right: hears the softest sound");
        list::<Channels>(ui, &p.channels, hand, space, |_| "How its voices are sent to instruments");
        seed(ui, &p.seed, hand, space);
    });
}

/// A bar to drag. A double click brings back the usual value, shift makes it fine.
fn bar<P: Param>(ui: &mut Ui, param: &P, hand: &Hand<'_>, space: Space, meaning: &str) {
    let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), space.knob), Sense::drag());
    let value = param.unmodulated_normalized_value();
    let text = said(param, value);
    let name = format!("{} {text}", param.name());
    response.widget_info(|| WidgetInfo::slider(true, value.into(), &name));
    paint(ui, param, &response, space);

    if response.drag_started() {
        hand.grasp(param);
        ui.data_mut(|data| data.insert_temp(response.id, value));
    }
    let (fine, double) = ui.input(|i| (i.modifiers.shift, i.pointer.button_double_clicked(PointerButton::Primary)));
    let line = track(rect);
    if response.dragged() {
        let pointed = response.interact_pointer_pos().map(|at| (at.x - line.min) / line.span());
        // From where the drag began: steps of a stepped value are larger than those of a fine drag.
        let began: f32 = ui.data(|data| data.get_temp(response.id)).unwrap_or(value);
        let finely = response.total_drag_delta().map(|delta| began + FINE * delta.x / line.span());
        let wanted = if fine { finely } else { pointed };
        if let Some(wanted) = wanted.filter(|_| !double) {
            hand.pull(param, wanted.clamp(0.0, 1.0));
        }
    }
    if response.drag_stopped() {
        hand.let_go(param);
    }
    if double && response.hovered() {
        hand.grasp(param);
        hand.pull(param, param.default_normalized_value());
        hand.let_go(param);
    }
    response.on_hover_text(meaning);
}

fn paint<P: Param>(ui: &Ui, param: &P, response: &Response, space: Space) {
    let (value, usual) = (param.unmodulated_normalized_value(), param.default_normalized_value());
    let rect = response.rect;
    let painter = ui.painter().with_clip_rect(rect.intersect(ui.clip_rect()));
    let touched = response.hovered() || response.dragged();
    painter.rect_filled(rect, theme::ROUND, if touched { theme::CARD_HOVERED } else { theme::CARD });
    if response.has_focus() {
        painter.rect_stroke(rect, theme::ROUND, Stroke::new(2.0, theme::OURS), StrokeKind::Inside);
    }
    let line = track(rect);
    let at = |share: f32| pos2(line.min + line.span() * share, rect.max.y - TRACK_HEIGHT);
    painter.line_segment([at(0.0), at(1.0)], Stroke::new(3.0, theme::GROOVE));
    painter.line_segment([at(0.0), at(value)], Stroke::new(3.0, theme::OURS));
    // A notch where it usually stands.
    painter.vline(at(usual).x, at(0.0).y - 4.0..=at(0.0).y + 4.0, Stroke::new(1.5, theme::QUIET));
    painter.circle_filled(at(value), if touched { 6.0 } else { 5.0 }, theme::OURS);

    let middle = (rect.min.y + rect.max.y - TRACK_HEIGHT) / 2.0;
    painter.text(pos2(line.min, middle), Align2::LEFT_CENTER, param.name(), space.font(15.0), theme::TEXT);
    let text = said(param, value);
    painter.text(pos2(line.max, middle), Align2::RIGHT_CENTER, text, space.font(15.0), theme::TEXT);
}

/// The value as the panel says it: with its unit where a number alone would not tell.
fn said<P: Param>(param: &P, normalized: f32) -> String {
    param.normalized_value_to_string(normalized, param.unit() == " dB")
}

/// Where on `rect` the handle runs from 0 to 1.
fn track(rect: Rect) -> Rangef {
    rect.x_range().shrink(EDGE)
}

/// A name, and a list to choose from.
fn list<T: Named>(ui: &mut Ui, param: &IntParam, hand: &Hand<'_>, space: Space, meaning: impl Fn(T) -> &'static str) {
    let now = chosen::<T>(param);
    named(ui, param.name(), space, |ui| {
        let combo = ComboBox::from_id_salt(param.name()).selected_text(now.label()).width(ui.available_width());
        combo
            .show_ui(ui, |ui| {
                for &value in T::ALL {
                    if ui.selectable_label(value == now, value.label()).on_hover_text(meaning(value)).clicked() {
                        hand.put(param, value.index() as i32);
                    }
                }
            })
            .response
    });
}

/// The key: as heard, or any tonic in any mode.
fn key(ui: &mut Ui, param: &IntParam, hand: &Hand<'_>, space: Space) {
    let now = KeyChoice::at(usize::try_from(param.value()).unwrap_or(0));
    let text = match now {
        KeyChoice::Auto => "As heard".to_owned(),
        KeyChoice::Locked(key) => words::of_key(key),
    };
    let put = |choice: KeyChoice| hand.put(param, choice.index() as i32);
    named(ui, param.name(), space, |ui| {
        let combo = ComboBox::from_id_salt(param.name()).selected_text(text).width(ui.available_width());
        combo
            .height(KEYS_HEIGHT)
            .show_ui(ui, |ui| {
                ui.spacing_mut().interact_size.y = 24.0;
                if ui.selectable_label(now == KeyChoice::Auto, "As heard").clicked() {
                    put(KeyChoice::Auto);
                }
                Grid::new("keys").num_columns(Mode::ALL.len()).spacing(vec2(2.0, 2.0)).show(ui, |ui| {
                    for tonic in 0..PITCH_NAMES.len() as u8 {
                        for &mode in Mode::ALL {
                            let key = Key { tonic, mode };
                            let text = RichText::new(words::of_key(key)).size(13.0);
                            if ui.selectable_label(now == KeyChoice::Locked(key), text).clicked() {
                                put(KeyChoice::Locked(key));
                            }
                        }
                        ui.end_row();
                    }
                });
            })
            .response
    });
}

/// The tempo: as heard, or fixed.
fn tempo(ui: &mut Ui, param: &IntParam, hand: &Hand<'_>, space: Space) {
    let now = TempoChoice::at(usize::try_from(param.value()).unwrap_or(0));
    named(ui, param.name(), space, |ui| {
        let text = match now {
            TempoChoice::Heard => "As heard".to_owned(),
            TempoChoice::Locked(bpm) => format!("{bpm} beats a minute"),
        };
        let combo = ComboBox::from_id_salt(param.name()).selected_text(text).width(ui.available_width());
        combo
            .height(KEYS_HEIGHT)
            .show_ui(ui, |ui| {
                let heard = [TempoChoice::Heard];
                let fixed = (TEMPO_LIMITS_BPM.0..=TEMPO_LIMITS_BPM.1).step_by(4).map(TempoChoice::Locked);
                for tempo in heard.into_iter().chain(fixed) {
                    let text = match tempo {
                        TempoChoice::Heard => "As heard".to_owned(),
                        TempoChoice::Locked(bpm) => bpm.to_string(),
                    };
                    if ui.selectable_label(tempo == now, text).clicked() {
                        hand.put(param, tempo.index() as i32);
                    }
                }
            })
            .response
    });
}

/// The seed: the same music again, or another of its kind.
fn seed(ui: &mut Ui, param: &IntParam, hand: &Hand<'_>, space: Space) {
    named(ui, param.name(), space, |ui| {
        let value = param.value();
        let steps = [("Seed down", "–", value - 1), ("Seed up", "+", value + 1)];
        let width = (ui.available_width() - 70.0) / 2.0;
        let step = |ui: &mut Ui, (name, sign, next): (&str, &str, i32)| {
            let button = ui.add(
                Button::new(RichText::new(sign).size(space.grown(18.0)))
                    .fill(theme::CARD_HOVERED)
                    .min_size(vec2(width, (space.knob - 8.0).min(space.grown(34.0)))),
            );
            button.widget_info(|| WidgetInfo::labeled(Role::Button, true, name));
            if button.on_hover_text("Another way of playing; the same number plays the same again").clicked() {
                hand.put(param, next.clamp(0, SEED_MAX as i32));
            }
        };
        step(ui, steps[0]);
        let label = ui.add_sized(vec2(54.0, (space.knob - 8.0).min(space.grown(34.0))), Label::new(value.to_string()));
        step(ui, steps[1]);
        label
    });
}

/// A row as high as a bar: its name, then what `add` puts there.
fn named(ui: &mut Ui, name: &str, space: Space, add: impl FnOnce(&mut Ui) -> Response) {
    let (rect, _) = ui.allocate_exact_size(vec2(ui.available_width(), space.knob), Sense::hover());
    ui.painter().rect_filled(rect, theme::ROUND, theme::CARD);
    let inner = rect.shrink2(vec2(EDGE, 0.0));
    ui.scope_builder(UiBuilder::new().max_rect(inner).layout(Layout::left_to_right(Align::Center)), |ui| {
        let label = ui.label(name);
        ui.add_space((space.grown(NAME_WIDTH) - label.rect.width()).max(0.0));
        add(ui).labelled_by(label.id);
    });
}
