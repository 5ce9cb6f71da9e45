//! The big buttons: hold, recall, next, skip, rest, cadence, panic. Always there, whatever room is open.

use super::Touch;
use super::hand::Hand;
use super::scene::Scene;
use super::space::columns;
use super::widgets::act::{self, Face};
use crate::params::AntiphonParams;
use egui::{Rect, Ui};
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
    (Act::Rest, "Finish gently and leave silence"),
    (Act::Cadence, "Lead the music home and close"),
    (Act::Panic, "Silence, at once"),
];

/// The row of buttons in `rect`. Hold stays on; the others act when pressed.
pub fn row(ui: &Ui, scene: &Scene<'_>, rect: Rect, touch: &mut Touch) {
    let mut places = columns(rect, ACTS.len() + 1, scene.space.gap());
    let params = scene.params;
    let held = params.hold.value();
    let text = if held { "Holding" } else { "Hold" };
    let face = Face {
        text,
        name: "Hold",
        hint: "Stay as it is, for as long as this is on",
        on: held,
        alarm: false,
        stays: true,
    };
    let Some(place) = places.next() else { return };
    if act::show(ui, scene, place, face).clicked() {
        scene.hand.put(&params.hold, !held);
    }
    for ((act, hint), place) in ACTS.into_iter().zip(places) {
        let param = param(act, params);
        let (name, alarm) = (param.name(), act == Act::Panic);
        let face = Face { text: name, name, hint, on: param.value(), alarm, stays: false };
        let response = act::show(ui, scene, place, face);
        let down = response.is_pointer_button_down_on();
        match (down, touch.act == Some(act)) {
            (true, false) => {
                press(act, scene);
                touch.act = Some(act);
            }
            (false, true) => {
                release(act, params, &scene.hand);
                touch.act = None;
            }
            // By keyboard or screen reader there is no button to hold down.
            (false, false) if response.clicked() => {
                press(act, scene);
                release(act, params, &scene.hand);
            }
            _ => {}
        }
    }
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
fn press(act: Act, scene: &Scene<'_>) {
    let param = param(act, scene.params);
    scene.hand.grasp(param);
    scene.hand.pull(param, 1.0);
}

/// The button of `act` comes up.
pub fn release(act: Act, params: &AntiphonParams, hand: &Hand<'_>) {
    hand.pull(param(act, params), 0.0);
    hand.let_go(param(act, params));
}
