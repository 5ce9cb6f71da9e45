//! A value that is typed: opened by typing over a control that has the keyboard, or by a click with the other mouse
//! button. Enter takes it, Escape leaves things as they were; what cannot be read changes nothing.

use crate::panel::scene::Scene;
use egui::text::{CCursor, CCursorRange};
use egui::{Align2, Event, Id, Key, Margin, PointerButton, Rect, Response, TextEdit, Ui};
use nice_plug::prelude::*;

/// What is being typed.
#[derive(Clone, Debug)]
struct Typing {
    text: String,
    /// By keyboard; then the keyboard stays at the control when it is done.
    by_keyboard: bool,
    fresh: bool,
}

/// Begins to type if the therapist asks for it at the control of `response`; whether a value is being typed.
pub fn wanted<P: Param>(ui: &Ui, param: &P, response: &Response) -> bool {
    let typing = |text: String, by_keyboard| Typing { text, by_keyboard, fresh: true };
    // A bar senses drags alone, so the other button is asked for here.
    let other = response.hovered() && ui.input(|input| input.pointer.button_clicked(PointerButton::Secondary));
    if other {
        let value = param.normalized_value_to_string(param.unmodulated_normalized_value(), false);
        ui.data_mut(|data| data.insert_temp(response.id, typing(value, false)));
    } else if response.has_focus() {
        let typed = ui.input(|input| input.events.iter().find_map(typed_character));
        if let Some(text) = typed {
            // It is in the field already, which hears of the same events.
            ui.input_mut(|input| input.events.retain(|event| typed_character(event).is_none()));
            ui.data_mut(|data| data.insert_temp(response.id, typing(text, true)));
        }
    }
    ui.data(|data| data.get_temp::<Typing>(response.id)).is_some()
}

/// A character that begins a value; the space bar presses, and does not.
fn typed_character(event: &Event) -> Option<String> {
    match event {
        Event::Text(text) if !text.trim().is_empty() => Some(text.clone()),
        _ => None,
    }
}

/// The field, over `rect`.
pub fn show<P: Param>(ui: &mut Ui, scene: &Scene<'_>, rect: Rect, param: &P, control: Id) {
    let Some(mut typing) = ui.data(|data| data.get_temp::<Typing>(control)) else { return };
    let id = control.with("typed");
    if typing.fresh {
        ui.memory_mut(|memory| memory.request_focus(id));
        let end = CCursor::new(typing.text.chars().count());
        let from = if typing.by_keyboard { end } else { CCursor::new(0) };
        let mut state = TextEdit::load_state(ui.ctx(), id).unwrap_or_default();
        state.cursor.set_char_range(Some(CCursorRange::two(from, end)));
        state.store(ui.ctx(), id);
    }
    let field = TextEdit::singleline(&mut typing.text)
        .id(id)
        .hint_text(param.name())
        .font(scene.space.font(14.0))
        .char_limit(24)
        .margin(Margin::symmetric(8, 2))
        .align(Align2::LEFT_CENTER)
        .min_size(rect.size())
        .desired_width(rect.width());
    let response = ui.put(rect, field);
    // The click that opened it may have taken the keyboard from it again.
    let begun = typing.fresh;
    typing.fresh = begun && !response.has_focus();
    if !begun && !response.has_focus() {
        let (left, done) = ui.input(|input| (input.key_pressed(Key::Escape), input.key_pressed(Key::Enter)));
        if let Some(value) = param.string_to_normalized_value(&typing.text).filter(|_| !left) {
            scene.hand.grasp(param);
            scene.hand.pull(param, value);
            scene.hand.let_go(param);
        }
        if typing.by_keyboard && (left || done) {
            ui.memory_mut(|memory| memory.request_focus(control));
        }
        ui.data_mut(|data| data.remove::<Typing>(control));
    } else {
        ui.data_mut(|data| data.insert_temp(control, typing));
    }
}
