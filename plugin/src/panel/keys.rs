//! Keys are the DAW's until Tab brings them into the panel; Escape, or a click beside what has them, gives them back. So
//! the space bar plays and stops the DAW, and presses a button only once the therapist has gone there by keyboard.

#[cfg(target_os = "linux")]
use super::embed::x11::Seat;
#[cfg(target_os = "linux")]
use egui::Ui;
use egui::{Context, Event, Key, Plugin, RawInput};
#[cfg(target_os = "linux")]
use std::sync::Arc;

/// While nothing in the panel has the focus, takes every key but Tab out of what it hears.
pub struct KeysAreTheDaws;

impl Plugin for KeysAreTheDaws {
    fn debug_name(&self) -> &'static str {
        "keys are the DAW's"
    }

    fn input_hook(&mut self, context: &Context, input: &mut RawInput) {
        let (here, typing) = (context.memory(|memory| memory.focused().is_some()), context.text_edit_focused());
        input.events.retain(|event| match event {
            Event::Key { key: Key::Tab, modifiers, .. } => !modifiers.command && !modifiers.alt,
            Event::Key { modifiers, .. } => here && (typing || !modifiers.command && !modifiers.alt),
            Event::Text(_) => here,
            Event::Cut | Event::Copy | Event::Paste(_) => typing,
            _ => true,
        });
    }
}

/// Lets the window listen to keys only while something in the panel has the focus, and gives the keyboard back to the
/// host when nothing has it any more, or when the therapist has gone elsewhere.
#[cfg(target_os = "linux")]
pub struct KeysToTheHost(pub Arc<Seat>);

#[cfg(target_os = "linux")]
impl Plugin for KeysToTheHost {
    fn debug_name(&self) -> &'static str {
        "keys that the panel does not use go to the host"
    }

    fn on_end_pass(&mut self, ui: &mut Ui) {
        let focused = ui.memory(|memory| memory.focused());
        if !self.0.settle_keys(focused.is_some()) {
            if let Some(id) = focused {
                ui.memory_mut(|memory| memory.surrender_focus(id));
            }
            self.0.settle_keys(false);
            ui.request_repaint();
        }
    }
}
