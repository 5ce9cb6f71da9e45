//! Choices of a few words each, side by side; and the head of the panel.

use super::hand::Hand;
use super::theme::{self, Space};
use super::words;
use crate::params::{AntiphonParams, chosen};
use antiphon_engine::names::Named;
use antiphon_engine::settings::Guidance;
use egui::{Align, Button, Layout, RichText, Role, Ui, WidgetInfo};
use nice_plug::prelude::*;

/// Name, approach and guidance.
pub fn head(ui: &mut Ui, params: &AntiphonParams, hand: &Hand<'_>, space: Space) {
    ui.horizontal(|ui| {
        ui.label(RichText::new("Antiphon").size(space.grown(22.0)).color(theme::OURS).strong());
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            let guidance = |guidance: Guidance| (guidance.label(), words::of_guidance(guidance));
            row(ui, &params.guidance, hand, space, guidance);
            ui.add_space(14.0);
            let approach = |approach| (words::short_approach(approach), words::of_approach(approach));
            row(ui, &params.approach, hand, space, approach);
        });
    });
}

/// A right-aligned row of buttons, one for each value, after the parameter's name where there is room.
fn row<T: Named>(
    ui: &mut Ui,
    param: &IntParam,
    hand: &Hand<'_>,
    space: Space,
    words: impl Fn(T) -> (&'static str, &'static str),
) {
    let now = chosen::<T>(param);
    ui.spacing_mut().item_spacing.x = 4.0;
    for &value in T::ALL.iter().rev() {
        let (word, meaning) = words(value);
        let selected = value == now;
        let colour = if selected { theme::TEXT } else { theme::QUIET };
        let button = Button::new(RichText::new(word).size(space.grown(15.0)).color(colour)).selected(selected);
        let response = ui.add(button).on_hover_text(meaning);
        // Free is an approach and a guidance: a screen reader hears which.
        let name = format!("{}: {word}", param.name());
        response.widget_info(|| WidgetInfo::selected(Role::RadioButton, true, selected, &name));
        if response.clicked() && !selected {
            hand.put(param, value.index() as i32);
        }
    }
    if space.wide {
        ui.label(RichText::new(param.name()).size(space.grown(14.0)).color(theme::QUIET));
    }
}
