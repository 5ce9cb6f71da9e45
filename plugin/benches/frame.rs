//! Cost of a frame of the panel at 900x600, everything on show and the picture scrolling: layout, and triangles made of
//! it. To fill the triangles is the graphics card's work, or that of the driver in its place.

use antiphon::panel::look::{Room, Theme};
use antiphon::panel::{Meter, Sight, Touch, prepare, show};
use antiphon::params::AntiphonParams;
use antiphon::recorder::recorder;
use antiphon::telemetry::trail::{Moment, Trail};
use antiphon::telemetry::{HeardPitch, PlayedNote, View};
use antiphon_engine::chord::Chord;
use antiphon_engine::respond::plan::{Behaviour, Voice};
use antiphon_engine::speak::Sounding;
use criterion::{Criterion, criterion_group, criterion_main};
use egui::{Context, Pos2, RawInput, Rect, vec2};
use nice_plug::context::PluginApi;
use nice_plug::context::gui::{GuiContext, GuiContextInner};
use nice_plug::prelude::*;
use std::hint::black_box;
use std::sync::Arc;

/// Frames a second.
const FRAMES_HZ: f64 = 60.0;

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

fn frame(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("frame at 900x600");
    for (room, name) in [(Room::Play, "play"), (Room::Shape, "shape"), (Room::Session, "session")] {
        let (params, context, host) =
            (AntiphonParams::default(), Context::default(), GuiContext::new(Arc::new(Nobody)));
        params.look.change(|kept| (kept.room, kept.theme) = (room, Theme::Dark));
        prepare(&context);
        let (_, recorder) = recorder();
        let (mut touch, mut trail, mut frame) = (Touch::default(), Trail::default(), 0);
        let mut view = View { rate_hz: 48_000.0, phrase: 12, phrase_open: true, level_db: -18.0, ..View::default() };
        view.played = (40..72).map(|key| PlayedNote { key, voice: Voice::Harmony, velocity: 80 }).collect();
        let mut next = || {
            frame += 1;
            go_on(&mut trail, frame);
            view.pitch = Some(HeardPitch { key: 60 + (frame % 12) as u8, cents: (frame % 100) as f32 - 50.0 });
            let screen_rect = Some(Rect::from_min_size(Pos2::ZERO, vec2(900.0, 600.0)));
            let input = RawInput { screen_rect, time: Some(frame as f64 / FRAMES_HZ), ..RawInput::default() };
            let mut output = context.run_ui(input, |ui| {
                let sight = Sight { view: &view, trail: &trail, meter: Meter::default(), recorder: &recorder };
                show(ui, &params, host.param_setter(), sight, &mut touch);
            });
            output.textures_delta.clear();
            context.tessellate(output.shapes, 1.0)
        };
        // Eight seconds are on show.
        for _ in 0..(10.0 * FRAMES_HZ) as usize {
            next();
        }
        group.bench_function(name, |bencher| bencher.iter(|| black_box(next())));
    }
}

criterion_group!(benches, frame);
criterion_main!(benches);
