//! Cost of a frame of the panel at 900x600, everything on show and the picture scrolling.
//!
//! `frame` is layout, and triangles made of it. To fill the triangles is the graphics card's work, or that of the driver in
//! its place: `painted frame`, on Linux, is all of it, until the last pixel is there. With Mesa's software renderer:
//!
//! ```text
//! LIBGL_ALWAYS_SOFTWARE=1 LP_NUM_THREADS=0 cargo bench -p antiphon --bench frame
//! ```
//!
//! There (llvmpipe, all of its work on the one thread) a whole frame took 3.8 ms in *Play*, 2.8 ms in *Shape*
//! and 1.4 ms in *Session*. With every rectangle left to egui it was 14 ms in *Play* and *Shape* and 7 ms in *Session*.

use antiphon::panel::look::{Room, Theme};
use antiphon::panel::{Meter, Sight, Touch, prepare, show};
use antiphon::params::AntiphonParams;
use antiphon::recorder::{Recorder, recorder};
use antiphon::telemetry::trail::{Moment, Trail};
use antiphon::telemetry::{HeardPitch, PlayedNote, View};
use antiphon_engine::chord::Chord;
use antiphon_engine::respond::plan::{Behaviour, Voice};
use antiphon_engine::speak::Sounding;
use criterion::{Criterion, criterion_group, criterion_main};
use egui::{ClippedPrimitive, Context, Pos2, RawInput, Rect, TexturesDelta, vec2};
use nice_plug::context::PluginApi;
use nice_plug::context::gui::{GuiContext, GuiContextInner};
use nice_plug::prelude::*;
use std::hint::black_box;
use std::sync::Arc;

/// Frames a second.
const FRAMES_HZ: f64 = 60.0;

/// Size of the window, points of the screen.
const WIDTH: u32 = 900;
const HEIGHT: u32 = 600;

/// A host that is told nothing.
struct Nobody;

impl GuiContextInner for Nobody {
    fn plugin_api(&self) -> PluginApi {
        PluginApi::Clap
    }
    unsafe fn raw_begin_set_parameter(&self, _: ParamPtr) {}
    unsafe fn raw_set_parameter_normalized(&self, _: ParamPtr, _: f32) {}
    unsafe fn raw_end_set_parameter(&self, _: ParamPtr) {}
    fn get_state(&self) -> PluginState {
        PluginState { version: String::new(), params: Default::default(), fields: Default::default() }
    }
    fn set_state(&self, _: PluginState) {}
    fn request_restart(&self) {}
}

/// The next sixtieth of a second: a voice that never rests, eight notes of ours that change four times a second.
fn go_on(trail: &mut Trail, frame: u64) {
    let chord = frame / 15;
    let moment = Moment {
        pitch: Some(62.0 + 5.0 * (frame as f32 * 0.07).sin()),
        key: Some(60 + (chord % 12) as u8),
        onsets: chord as u32,
        phrase: ((frame / 90) as u32 + 1, frame % 90 < 80),
        beat: frame.is_multiple_of(15).then_some(chord.is_multiple_of(4)),
        chord: Some(Chord::at(chord as usize * 7)),
    };
    trail.follow(1.0 / FRAMES_HZ, &moment);
    let notes = [Voice::Bass, Voice::Harmony, Voice::Counter, Voice::Pulse].into_iter().cycle().take(8).enumerate();
    let sounding: Vec<_> = notes
        .map(|(index, voice)| Sounding {
            on: chord,
            off: chord + 1,
            channel: 0,
            key: 40 + 5 * index as u8 + (chord % 5) as u8,
            velocity: 80,
            voice,
            part: 1,
            behaviour: Behaviour::Harmony,
        })
        .collect();
    trail.play(&sounding);
}

/// A panel that is looked at sixty times a second.
struct Looked {
    params: AntiphonParams,
    context: Context,
    host: GuiContext,
    recorder: Recorder,
    touch: Touch,
    trail: Trail,
    view: View,
    frame: u64,
}

impl Looked {
    /// At `room`, with as much in the picture as it shows.
    fn at(room: Room) -> Self {
        let (params, context) = (AntiphonParams::default(), Context::default());
        params.look.change(|kept| (kept.room, kept.theme) = (room, Theme::Dark));
        prepare(&context);
        let mut view = View { rate_hz: 48_000.0, phrase: 12, phrase_open: true, level_db: -18.0, ..View::default() };
        view.played = (40..72).map(|key| PlayedNote { key, voice: Voice::Harmony, velocity: 80 }).collect();
        let (host, recorder) = (GuiContext::new(Arc::new(Nobody)), recorder().1);
        let (touch, trail) = (Touch::default(), Trail::default());
        Self { params, context, host, recorder, touch, trail, view, frame: 0 }
    }

    /// The triangles of the next frame, without the letters that they need.
    fn triangles(&mut self) -> Vec<ClippedPrimitive> {
        let (mut textures, triangles) = self.next();
        textures.clear();
        triangles
    }

    /// The triangles of the next frame, and the letters that they need.
    fn next(&mut self) -> (TexturesDelta, Vec<ClippedPrimitive>) {
        let Self { params, context, host, recorder, touch, trail, view, frame } = self;
        *frame += 1;
        go_on(trail, *frame);
        view.pitch = Some(HeardPitch { key: 60 + (*frame % 12) as u8, cents: (*frame % 100) as f32 - 50.0 });
        let screen_rect = Some(Rect::from_min_size(Pos2::ZERO, vec2(WIDTH as f32, HEIGHT as f32)));
        let input = RawInput { screen_rect, time: Some(*frame as f64 / FRAMES_HZ), ..RawInput::default() };
        let output = context.run_ui(input, |ui| {
            let sight = Sight { view, trail, meter: Meter::default(), recorder };
            show(ui, params, host.param_setter(), sight, touch);
        });
        (output.textures_delta, context.tessellate(output.shapes, 1.0))
    }
}

const ROOMS: [(Room, &str); 3] = [(Room::Play, "play"), (Room::Shape, "shape"), (Room::Session, "session")];

/// Frames after which eight seconds are on show.
const FILLED: usize = (10.0 * FRAMES_HZ) as usize;

fn frame(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("frame at 900x600");
    for (room, name) in ROOMS {
        let mut looked = Looked::at(room);
        (0..FILLED).for_each(|_| drop(looked.triangles()));
        group.bench_function(name, |bencher| bencher.iter(|| black_box(looked.triangles())));
    }
}

#[cfg(target_os = "linux")]
mod painted {
    use super::*;
    use egui_glow::Painter;
    use egui_glow::glow::{self, HasContext};
    use glutin::api::egl::{context::PossiblyCurrentContext, device::Device, display::Display, surface::Surface};
    use glutin::config::{ConfigSurfaceTypes, ConfigTemplateBuilder};
    use glutin::context::{ContextAttributesBuilder, NotCurrentGlContext};
    use glutin::display::GlDisplay;
    use glutin::surface::{PbufferSurface, SurfaceAttributesBuilder};
    use std::error::Error;
    use std::num::NonZeroU32;

    /// A window that nobody sees.
    struct Canvas {
        gl: Arc<glow::Context>,
        painter: Painter,
        _kept: (PossiblyCurrentContext, Surface<PbufferSurface>),
    }

    impl Canvas {
        fn new() -> Result<Self, Box<dyn Error>> {
            let [width, height] = [WIDTH, HEIGHT].map(|side| NonZeroU32::new(side).unwrap_or(NonZeroU32::MIN));
            let device = Device::query_devices()?.last().ok_or("no device that draws")?;
            // SAFETY: no display is handed over; context and surface are of this display and live as long as the painter.
            unsafe {
                let display = Display::with_device(&device, None)?;
                let wanted = ConfigTemplateBuilder::new().with_surface_type(ConfigSurfaceTypes::PBUFFER);
                let config = display.find_configs(wanted.build())?.next().ok_or("no way to draw")?;
                let context = display.create_context(&config, &ContextAttributesBuilder::new().build(None))?;
                let size = SurfaceAttributesBuilder::<PbufferSurface>::new().build(width, height);
                let surface = display.create_pbuffer_surface(&config, &size)?;
                let context = context.make_current(&surface)?;
                let gl = glow::Context::from_loader_function_cstr(|name| display.get_proc_address(name).cast());
                println!("Drawn by {}", gl.get_parameter_string(glow::RENDERER));
                let gl = Arc::new(gl);
                let painter = Painter::new(gl.clone(), "", None, false)?;
                Ok(Self { gl, painter, _kept: (context, surface) })
            }
        }

        /// Paints the next frame of `looked`, until the last pixel is there.
        fn paint(&mut self, looked: &mut Looked) {
            let (mut textures, triangles) = looked.next();
            // SAFETY: the context is current.
            unsafe { self.gl.clear(glow::COLOR_BUFFER_BIT) };
            self.painter.paint_and_update_textures([WIDTH, HEIGHT], 1.0, &triangles, &mut textures);
            // SAFETY: as above.
            unsafe { self.gl.finish() };
        }
    }

    impl Drop for Canvas {
        fn drop(&mut self) {
            self.painter.destroy();
        }
    }

    pub fn frame(criterion: &mut Criterion) {
        let mut canvas = match Canvas::new() {
            Ok(canvas) => canvas,
            Err(why) => return println!("No frame is painted: {why}"),
        };
        let mut group = criterion.benchmark_group("painted frame at 900x600");
        for (room, name) in ROOMS {
            let mut looked = Looked::at(room);
            (0..FILLED).for_each(|_| canvas.paint(&mut looked));
            group.bench_function(name, |bencher| bencher.iter(|| canvas.paint(&mut looked)));
        }
    }
}

#[cfg(target_os = "linux")]
criterion_group!(benches, frame, painted::frame);
#[cfg(not(target_os = "linux"))]
criterion_group!(benches, frame);
criterion_main!(benches);
