//! The panel without a window: what is there, and what a hand on it does.

mod controls;
mod keyboard;
mod layout;
mod picture;
mod session;
mod song;

use super::look::{Look, Room, Theme, fitting_scale};
use super::meter::Meter;
use super::{Sight, Touch, prepare, show};
use crate::params::AntiphonParams;
use crate::recorder::{Recorder, recorder};
use crate::telemetry::View;
use crate::telemetry::trail::Trail;
use egui::{UiBuilder, Vec2, vec2};
use egui_kittest::Harness;
use egui_kittest::kittest::Queryable;
use nice_plug::context::PluginApi;
use nice_plug::context::gui::{GuiContext, GuiContextInner};
use nice_plug::prelude::*;
use std::sync::{Arc, Mutex};

/// Windows that are tried, points of the screen.
const SIZES: [Vec2; 5] =
    [vec2(640.0, 420.0), vec2(900.0, 600.0), vec2(960.0, 640.0), vec2(1400.0, 900.0), vec2(700.0, 900.0)];

/// What a host is told.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Told {
    Begin,
    Set(f32),
    End,
}

/// A host that does as it is told and writes it down.
#[derive(Default)]
struct Host {
    told: Mutex<Vec<(ParamPtr, Told)>>,
}

impl GuiContextInner for Host {
    fn plugin_api(&self) -> PluginApi {
        PluginApi::Clap
    }

    unsafe fn raw_begin_set_parameter(&self, param: ParamPtr) {
        self.told.lock().unwrap().push((param, Told::Begin));
    }

    unsafe fn raw_set_parameter_normalized(&self, param: ParamPtr, normalized: f32) {
        self.told.lock().unwrap().push((param, Told::Set(normalized)));
        // SAFETY: the harness keeps the parameters alive.
        unsafe { param._internal_set_normalized_value(normalized) };
    }

    unsafe fn raw_end_set_parameter(&self, param: ParamPtr) {
        self.told.lock().unwrap().push((param, Told::End));
    }

    fn get_state(&self) -> PluginState {
        PluginState { version: String::new(), params: Default::default(), fields: Default::default() }
    }

    fn set_state(&self, _: PluginState) {}

    fn request_restart(&self) {}
}

/// What the panel looks at.
#[derive(Clone, Default)]
struct Seen {
    view: View,
    trail: Trail,
    meter: Meter,
}

struct Bench {
    params: Arc<AntiphonParams>,
    host: Arc<Host>,
    harness: Harness<'static>,
}

/// How a panel is opened.
#[derive(Clone, Copy, Debug)]
struct Opened {
    /// Points of the screen.
    size: Vec2,
    scale_percent: u16,
    theme: Theme,
    room: Room,
}

impl Opened {
    /// Every room in every theme, size and scale.
    fn all() -> Vec<Self> {
        let mut all = Vec::new();
        for theme in [Theme::Dark, Theme::Light] {
            for room in Room::ALL {
                for size in SIZES {
                    for scale_percent in super::look::SCALES_PERCENT {
                        all.push(Self { size, scale_percent, theme, room });
                    }
                }
            }
        }
        all
    }
}

impl Bench {
    fn new(opened: Opened, seen: Seen) -> Self {
        Self::recorded_by(recorder().1, opened, seen)
    }

    fn recorded_by(recorder: Recorder, opened: Opened, seen: Seen) -> Self {
        let (params, host) = (Arc::<AntiphonParams>::default(), Arc::<Host>::default());
        let Opened { size, scale_percent, theme, room } = opened;
        params.look.change(|kept| (kept.theme, kept.room, kept.scale_percent) = (theme, room, scale_percent));
        let zoom = fitting_scale(f32::from(scale_percent) / 100.0, size);
        let (p, context) = (params.clone(), GuiContext::new(host.clone()));
        let mut touch = Touch::default();
        let builder = Harness::builder().with_size(size / zoom).with_pixels_per_point(zoom);
        let builder =
            builder.renderer(picture::Textures::default()).with_context_setup(prepare).with_step_dt(1.0 / 60.0);
        let harness = builder.build_ui(move |ui| {
            let Seen { view, trail, meter } = &seen;
            let sight = Sight { view, trail, meter: *meter, recorder: &recorder };
            // The harness leaves a margin, a window has none.
            let whole = ui.ctx().content_rect();
            ui.scope_builder(UiBuilder::new().max_rect(whole), |ui| {
                ui.set_clip_rect(whole);
                show(ui, &p, context.param_setter(), sight, &mut touch);
            });
        });
        let mut bench = Self { params, host, harness };
        bench.harness.run_steps(3);
        bench
    }

    fn usual(room: Room) -> Self {
        let opened = Opened { size: vec2(960.0, 640.0), scale_percent: 100, theme: Theme::Dark, room };
        Self::new(opened, Seen::default())
    }

    fn look(&self) -> &Look {
        &self.params.look
    }

    /// What the host was told of `param` since last asked.
    fn told(&self, param: &impl Param) -> Vec<Told> {
        let told = std::mem::take(&mut *self.host.told.lock().unwrap());
        told.into_iter().filter(|(of, _)| *of == param.as_ptr()).map(|(_, told)| told).collect()
    }

    fn click(&mut self, label: &str) {
        self.harness.get_by_label(label).click();
        self.harness.run_steps(3);
    }
}
