//! The panel: what Antiphon hears, what it plays and why, and what the therapist may choose. Reads the parameters and
//! the newest view, writes parameters through the host alone.

mod acts;
pub mod embed;
mod fills;
mod hand;
mod head;
mod keys;
pub mod look;
mod meter;
mod play;
mod scene;
mod session;
mod shape;
mod space;
#[cfg(test)]
mod tests;
mod theme;
mod widgets;
mod words;

use crate::params::AntiphonParams;
use crate::recorder::Recorder;
#[cfg(feature = "standalone")]
use crate::standalone;
use crate::telemetry::trail::Trail;
use crate::telemetry::{View, Window};
use egui::{Color32, Rgba, UiBuilder, ViewportCommand, vec2};
#[cfg(target_os = "linux")]
use embed::x11::Seat;
use embed::{Door, PanelEditor};
use hand::Hand;
use look::{Kept, Room, Theme};
pub use meter::Meter;
use nice_plug::context::gui::GuiContext;
use nice_plug::editor::dpi::LogicalSize;
use nice_plug::prelude::*;
use nice_plug_egui::baseview::HandlerError;
use nice_plug_egui::{EguiEditorState, EguiNiceSettings, Frame, GraphicsConfig, KeyCapture, NiceEguiApp};
use scene::Scene;
use space::{Space, cut_bottom, cut_top};
use std::sync::Arc;
#[cfg(target_os = "linux")]
use std::sync::Weak;
use std::time::Duration;
use theme::Ink;

/// Size when first opened, points.
const SIZE: LogicalSize<f32> = LogicalSize { width: 960.0, height: 640.0 };

/// Smallest size, points.
pub const SMALLEST: LogicalSize<f32> = LogicalSize { width: 640.0, height: 420.0 };

/// Most often that the panel is drawn.
const REFRESH: Duration = Duration::from_millis(16);

/// Time after which a peak that nothing has followed is taken off the meter.
const PEAK_FADES: Duration = Duration::from_millis(400);

/// The panel in its window.
pub struct Panel {
    params: Arc<AntiphonParams>,
    window: Window,
    recorder: Recorder,
    /// The client's latest peaks.
    meter: Meter,
    host: Option<GuiContext>,
    touch: Touch,
    /// The window has just opened, and the size it had is still to be asked for.
    opening: bool,
    /// By which the host closes the window.
    door: Door,
    /// The window that is open.
    #[cfg(target_os = "linux")]
    seat: Weak<Seat>,
}

/// What is kept between two frames.
#[derive(Debug, Default)]
pub struct Touch {
    /// The button that the mouse holds down.
    act: Option<acts::Act>,
    /// The picture's own time and range.
    canvas: play::Canvas,
    /// What is being typed in the room *Session*.
    desk: session::Desk,
    /// What ready-made widgets were last made to look like.
    dressed: Option<(Theme, Space)>,
}

/// The panel of one plugin.
pub fn editor(params: Arc<AntiphonParams>, window: Window, recorder: Recorder) -> Option<PanelEditor> {
    let settings = EguiNiceSettings::new()
        .with_tile("Antiphon")
        // There are no gradients, so nothing bands; without it a software renderer has a fifth less to do.
        .with_graphics_config(GraphicsConfig { dithering: false, ..GraphicsConfig::default() })
        .with_resize_hint(ResizeHint::RESIZABLE.with_min_logical_size(SMALLEST))
        .with_repaint_poll_interval(REFRESH);
    let repaint = window.repaint();
    let (meter, touch) = (Meter::default(), Touch::default());
    let door = Door::default();
    let panel = Panel {
        params,
        window,
        recorder,
        meter,
        host: None,
        touch,
        opening: true,
        door: door.clone(),
        #[cfg(target_os = "linux")]
        seat: Weak::new(),
    };
    let size = EguiEditorState::from_size(SIZE, 1.0);
    let egui = nice_plug_egui::create_egui_editor(size, repaint.clone(), settings, panel)?;
    Some(PanelEditor::new(egui, door, repaint))
}

impl NiceEguiApp for Panel {
    fn build(&mut self, context: egui::Context, host: GuiContext, frame: &mut Frame) -> Result<(), HandlerError> {
        prepare(&context);
        #[cfg(target_os = "linux")]
        let embedded = host.plugin_api() != PluginApi::Standalone;
        #[cfg(target_os = "linux")]
        if let Some(seat) = Seat::take(frame.baseview_window(), embedded).ok().flatten().map(Arc::new) {
            self.seat = Arc::downgrade(&seat);
            context.add_plugin(keys::KeysToTheHost(seat));
        }
        #[cfg(not(target_os = "linux"))]
        let _ = frame;
        #[cfg(feature = "standalone")]
        if host.plugin_api() == PluginApi::Standalone {
            context.add_plugin(standalone::Farewell);
            #[cfg(target_os = "linux")]
            context.add_plugin(standalone::ReadAloud::new(self.window.repaint()));
            standalone::watch(self.window.repaint())?;
        }
        self.touch.dressed = None;
        self.opening = true;
        // A window that was closed under a pressed button never saw it released.
        if let Some(act) = self.touch.act.take() {
            acts::release(act, &self.params, &Hand::new(host.param_setter()));
        }
        self.host = Some(host);
        self.recorder.look();
        Ok(())
    }

    fn ui(&mut self, ui: &mut egui::Ui, frame: &mut Frame) {
        let Some(host) = &self.host else { return };
        if self.door.is_closing() {
            frame.baseview_window().request_close();
            return;
        }
        // There is nothing to draw into yet, and no host to ask for a size.
        #[cfg(target_os = "linux")]
        if self.seat.upgrade().is_some_and(|seat| !seat.is_mapped()) {
            return;
        }
        let kept = self.params.look.get();
        frame.set_clear_color(cleared(Ink::of(kept.theme).ground));
        // Shortcuts of the DAW stay its own even while the keyboard is in the panel.
        let shortcut = ui.input(|input| input.modifiers.command || input.modifiers.alt);
        frame.set_key_capture(if shortcut { KeyCapture::IgnoreAll } else { KeyCapture::CaptureAll });
        fit(ui, &self.params, kept, &mut self.opening);
        let (view, trail, peak) = self.window.look();
        #[cfg(feature = "standalone")]
        let alone = View { missing: standalone::missing(), ..view.clone() };
        #[cfg(feature = "standalone")]
        let view = if host.plugin_api() == PluginApi::Standalone { &alone } else { view };
        #[cfg(feature = "standalone")]
        if standalone::ends() {
            ui.ctx().send_viewport_cmd(ViewportCommand::Close);
        }
        self.meter.follow(peak, ui.input(|input| input.stable_dt));
        if self.meter.is_shown() {
            ui.ctx().request_repaint_after(PEAK_FADES);
        }
        let sight = Sight { view, trail, meter: self.meter, recorder: &self.recorder };
        show(ui, &self.params, host.param_setter(), sight, &mut self.touch);
    }
}

/// What the window is cleared with to be of `ground`: it takes shares as they are shown, where egui would name light. A
/// ground that is cleared need not be painted, which spares a software renderer a fifth of its work.
fn cleared(ground: Color32) -> Rgba {
    let [red, green, blue, _] = ground.to_array().map(|share| f32::from(share) / 255.0);
    Rgba::from_rgb(red, green, blue)
}

/// Leaves the keys to the DAW until they are asked for, and fills cheaply where no graphics card does.
pub fn prepare(context: &egui::Context) {
    context.options_mut(|options| options.zoom_with_keyboard = false);
    context.add_plugin(keys::KeysAreTheDaws);
    context.add_plugin(fills::Fills::default());
}

/// Makes everything as large as chosen, as far as the window has room for it, and keeps the window's size; a window that
/// has just opened is asked to have the size that was kept.
fn fit(ui: &egui::Ui, params: &AntiphonParams, kept: Kept, opening: &mut bool) {
    let context = ui.ctx();
    let zoom = context.zoom_factor();
    let size = (ui.max_rect().size() * zoom).round();
    if std::mem::take(opening) && (size - kept.size).abs().max_elem() > 1.0 {
        context.send_viewport_cmd(ViewportCommand::InnerSize(kept.size / zoom));
        return;
    }
    if size != kept.size {
        params.look.change(|kept| kept.size = size);
    }
    let wanted = look::fitting_scale(kept.scale(), size);
    if (wanted - zoom).abs() > 0.005 {
        context.set_zoom_factor(wanted);
        // A changed zoom asks for another window; this one stays.
        context.send_viewport_cmd(ViewportCommand::InnerSize(size / wanted));
    }
}

/// What the panel looks at.
#[derive(Clone, Copy)]
pub struct Sight<'a> {
    /// What happens now.
    pub view: &'a View,
    /// What happened in the last seconds.
    pub trail: &'a Trail,
    /// The client's latest peaks.
    pub meter: Meter,
    /// What keeps the session.
    pub recorder: &'a Recorder,
}

/// Draws the whole panel into `ui`, and carries out what the therapist does there through `setter`.
pub fn show(ui: &mut egui::Ui, params: &AntiphonParams, setter: ParamSetter<'_>, sight: Sight<'_>, touch: &mut Touch) {
    let kept = params.look.get();
    let (ink, space) = (Ink::of(kept.theme), Space::of(ui.max_rect().size()));
    if touch.dressed.replace((kept.theme, space)) != Some((kept.theme, space)) {
        theme::dress(ui.ctx(), kept.theme, space);
    }
    let Sight { view, trail, meter, recorder } = sight;
    let (look, hand) = (&params.look, Hand::new(setter));
    let scene = Scene { params, look, hand, view, trail, meter, recorder, ink, space };
    draw(ui, &scene, touch);
}

/// Head, room and buttons, on a ground that was cleared.
fn draw(ui: &mut egui::Ui, scene: &Scene<'_>, touch: &mut Touch) {
    let space = scene.space;
    let mut rest = ui.max_rect();
    rest = rest.shrink2(vec2(space.u(14.0), space.u(8.0)));
    let head = cut_top(&mut rest, space.u(34.0), space.u(8.0));
    let acts = cut_bottom(&mut rest, space.u(48.0), space.u(8.0));
    head::show(ui, scene, head);
    // Each room has names of its own.
    let room = scene.look.get().room;
    ui.scope_builder(UiBuilder::new().id_salt(room.label()).max_rect(rest), |ui| match room {
        Room::Play => play::show(ui, scene, rest, touch),
        Room::Shape => shape::show(ui, scene, rest),
        Room::Session => session::show(ui, scene, rest, &mut touch.desk),
    });
    acts::row(ui, scene, acts, touch);
}
