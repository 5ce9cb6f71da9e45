//! Keys are the DAW's: its space bar plays and stops, its shortcuts stay its own. There is no text to type here, and a
//! key that both the DAW and the panel obeyed would do two things at once.

use egui::{Context, Event, Plugin, RawInput};

/// Takes every key out of what the panel hears; shift for fine moves stays, it comes with the mouse.
pub struct KeysAreTheDaws;

impl Plugin for KeysAreTheDaws {
    fn debug_name(&self) -> &'static str {
        "keys are the DAW's"
    }

    fn input_hook(&mut self, _: &Context, input: &mut RawInput) {
        let of_the_keyboard = |event: &Event| {
            matches!(event, Event::Key { .. } | Event::Text(_) | Event::Cut | Event::Copy | Event::Paste(_))
        };
        input.events.retain(|event| !of_the_keyboard(event));
    }
}
