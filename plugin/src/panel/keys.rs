//! Keys are the DAW's until Tab brings them into the panel; Escape, or a click beside what has them, gives them back. So
//! the space bar plays and stops the DAW, and presses a button only once the therapist has gone there by keyboard.

#[cfg(target_os = "linux")]
use super::embed::x11::Seat;
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

/// Keeps the window's place at the X server for as long as anything is drawn in it.
#[cfg(target_os = "linux")]
pub struct KeysToTheHost {
    /// The window's place.
    pub _seat: Arc<Seat>,
}

#[cfg(target_os = "linux")]
impl Plugin for KeysToTheHost {
    fn debug_name(&self) -> &'static str {
        "keys that the panel does not use go to the host"
    }
}
