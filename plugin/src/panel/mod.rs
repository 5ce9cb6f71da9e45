//! The panel: what Antiphon hears, what it plays and why, and what the therapist may choose. Reads the parameters and
//! the newest view, writes parameters through the host alone.

mod acts;
mod arc;
mod choices;
mod goals;
mod hand;
mod keyboard;
mod keys;
mod knobs;
mod meter;
mod music;
mod now;
#[cfg(test)]
mod tests;
mod theme;
mod words;

use crate::params::AntiphonParams;
use crate::telemetry::{View, Window};
use egui::{CentralPanel, Panel as EdgePanel, ScrollArea};
use hand::Hand;
use meter::Meter;
use nice_plug::context::gui::GuiContext;
use nice_plug::editor::dpi::LogicalSize;
use nice_plug::prelude::*;
use nice_plug_egui::baseview::HandlerError;
use nice_plug_egui::{EguiEditor, EguiEditorState, EguiNiceSettings, Frame, KeyCapture, NiceEguiApp, RepaintNotifier};
use std::sync::Arc;
use std::time::Duration;

/// Size when first opened, points.
const SIZE: LogicalSize<f32> = LogicalSize { width: 960.0, height: 640.0 };

/// Smallest size, points.
pub const SMALLEST: LogicalSize<f32> = LogicalSize { width: 640.0, height: 420.0 };

/// Time between two looks at the musician: 30 a second are smooth and cost little.
const REFRESH: Duration = Duration::from_millis(33);

/// The panel in its window.
pub struct Panel {
    params: Arc<AntiphonParams>,
    window: Window,
    /// The client's latest peaks.
    meter: Meter,
    host: Option<GuiContext>,
    touch: Touch,
}

/// What the mouse holds down between two frames.
#[derive(Debug, Default)]
pub struct Touch {
    act: Option<acts::Act>,
}

/// The panel of one plugin.
pub fn editor(params: Arc<AntiphonParams>, window: Window) -> Option<EguiEditor<Panel>> {
    let settings = EguiNiceSettings::new()
        .with_tile("Antiphon")
        .with_resize_hint(ResizeHint::RESIZABLE.with_min_logical_size(SMALLEST));
    let panel = Panel { params, window, meter: Meter::default(), host: None, touch: Touch::default() };
    nice_plug_egui::create_egui_editor(EguiEditorState::from_size(SIZE, 1.0), RepaintNotifier::new(), settings, panel)
}

impl NiceEguiApp for Panel {
    fn build(&mut self, context: egui::Context, host: GuiContext, frame: &mut Frame) -> Result<(), HandlerError> {
        prepare(&context);
        frame.set_clear_color(theme::GROUND.into());
        frame.set_key_capture(KeyCapture::IgnoreAll);
        // A window that was closed under a pressed button never saw it released.
        if let Some(act) = self.touch.act.take() {
            acts::release(act, &self.params, &Hand::new(host.param_setter()));
        }
        self.host = Some(host);
        Ok(())
    }

    fn ui(&mut self, ui: &mut egui::Ui, _: &mut Frame) {
        let Some(host) = &self.host else { return };
        let (view, peak) = self.window.look();
        self.meter.follow(peak, ui.input(|input| input.stable_dt));
        draw(ui, &self.params, view, self.meter, host.param_setter(), &mut self.touch);
        ui.ctx().request_repaint_after(REFRESH);
    }
}

/// Gives `context` the panel's look and leaves it no key.
fn prepare(context: &egui::Context) {
    theme::apply(context);
    context.options_mut(|options| options.zoom_with_keyboard = false);
    context.add_plugin(keys::KeysAreTheDaws);
}

/// Draws the whole panel into `ui` and carries out what the therapist does there through `setter`.
pub fn draw(
    ui: &mut egui::Ui,
    params: &AntiphonParams,
    view: &View,
    meter: Meter,
    setter: ParamSetter<'_>,
    touch: &mut Touch,
) {
    let hand = Hand::new(setter);
    let space = theme::Space::of(ui.available_size());
    space.dress(ui);
    EdgePanel::top("head").frame(theme::bar()).show_separator_line(false).resizable(false).show(ui, |ui| {
        choices::head(ui, params, &hand, space);
    });
    EdgePanel::bottom("acts").frame(theme::bar()).show_separator_line(false).resizable(false).show(ui, |ui| {
        acts::row(ui, params, &hand, touch, space);
    });
    let goals = EdgePanel::left("goals").frame(theme::column()).show_separator_line(false).resizable(false);
    goals.exact_size(space.goals_width).show(ui, |ui| {
        ScrollArea::vertical().auto_shrink(false).show(ui, |ui| goals::cards(ui, params, &hand, space));
    });
    CentralPanel::default().frame(theme::column()).show(ui, |ui| {
        now::show(ui, params, view, meter, space);
        ui.add_space(space.gap);
        ScrollArea::vertical().auto_shrink(false).show(ui, |ui| knobs::all(ui, params, &hand, space));
    });
}
