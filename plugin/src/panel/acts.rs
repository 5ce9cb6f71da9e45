//! The big buttons: hold, recall, next, skip, rest, cadence, panic.

use super::Touch;
use super::hand::Hand;
use super::theme::{self, Space};
use crate::params::AntiphonParams;
use egui::{Button, RichText, Role, Ui, WidgetInfo, vec2};
use nice_plug::prelude::*;

/// A momentary button.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Act {
    /// Go on.
    Next,
    /// Pass over the next state.
    Skip,
    /// Back to the state before.
    Recall,
    /// Rest.
    Rest,
    /// Head for the close.
    Cadence,
    /// Silence at once.
    Panic,
}

const ACTS: [(Act, &str); 6] = [
    (Act::Recall, "Go back to what was before"),
    (Act::Next, "Go on to what comes next"),
    (Act::Skip, "Leave out what comes next"),
    (Act::Rest, "Rest: finish gently and leave silence"),
    (Act::Cadence, "Lead the music home and close"),
    (Act::Panic, "Silence, at once"),
];

/// The row of buttons. Hold stays on; the others act when pressed.
pub fn row(ui: &mut Ui, params: &AntiphonParams, hand: &Hand<'_>, touch: &mut Touch, space: Space) {
    ui.horizontal(|ui| {
        let gaps = ui.spacing().item_spacing.x * ACTS.len() as f32;
        let size = vec2((ui.available_width() - gaps) / (ACTS.len() + 1) as f32, space.act);

        let held = params.hold.value();
        let text = RichText::new(if held { "Holding" } else { "Hold" }).size(space.grown(18.0));
        let hold = ui.add(Button::new(text).min_size(size).selected(held)).on_hover_text("Stay as it is");
        hold.widget_info(|| WidgetInfo::selected(Role::CheckBox, true, held, "Hold"));
        if hold.clicked() {
            hand.put(&params.hold, !held);
        }
        for (act, meaning) in ACTS {
            let param = param(act, params);
            let mut button = Button::new(RichText::new(param.name()).size(space.grown(18.0))).min_size(size);
            if act == Act::Panic {
                button = button.fill(theme::ALARM);
            } else if param.value() {
                button = button.fill(theme::OURS_DEEP);
            }
            let response = ui.add(button).on_hover_text(meaning);
            let down = response.is_pointer_button_down_on();
            match (down, touch.act == Some(act)) {
                (true, false) => {
                    press(act, params, hand);
                    touch.act = Some(act);
                }
                (false, true) => {
                    release(act, params, hand);
                    touch.act = None;
                }
                // By keyboard or screen reader there is no button to hold down.
                (false, false) if response.clicked() => {
                    press(act, params, hand);
                    release(act, params, hand);
                }
                _ => {}
            }
        }
    });
}

fn param(act: Act, params: &AntiphonParams) -> &BoolParam {
    match act {
        Act::Next => &params.next,
        Act::Skip => &params.skip,
        Act::Recall => &params.recall,
        Act::Rest => &params.rest,
        Act::Cadence => &params.cadence,
        Act::Panic => &params.panic,
    }
}

/// The button of `act` goes down.
fn press(act: Act, params: &AntiphonParams, hand: &Hand<'_>) {
    hand.grasp(param(act, params));
    hand.pull(param(act, params), 1.0);
}

/// The button of `act` comes up.
pub fn release(act: Act, params: &AntiphonParams, hand: &Hand<'_>) {
    hand.pull(param(act, params), 0.0);
    hand.let_go(param(act, params));
}
