//! The panel without a window: what is there, and what a hand on it does.

use super::meter::Meter;
use super::{SMALLEST, Touch, draw, prepare};
use crate::params::{AntiphonParams, chosen};
use crate::telemetry::{HeardPitch, PlayedNote, View};
use antiphon_engine::key::Key;
use antiphon_engine::names::Named;
use antiphon_engine::respond::plan::Voice;
use antiphon_engine::settings::{Approach, Goal};
use egui::accesskit::Role;
use egui::{Modifiers, Vec2, vec2};
use egui_kittest::Harness;
use egui_kittest::kittest::Queryable;
use nice_plug::context::PluginApi;
use nice_plug::context::gui::{GuiContext, GuiContextInner};
use nice_plug::prelude::*;
use std::cell::RefCell;
use std::rc::Rc;
use std::sync::{Arc, Mutex};

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

struct Bench {
    params: Arc<AntiphonParams>,
    host: Arc<Host>,
    view: Rc<RefCell<View>>,
    harness: Harness<'static>,
}

impl Bench {
    fn new(size: Vec2) -> Self {
        let (params, host, view) =
            (Arc::<AntiphonParams>::default(), Arc::<Host>::default(), Rc::<RefCell<View>>::default());
        let (p, v, context) = (params.clone(), view.clone(), GuiContext::new(host.clone()));
        let mut touch = Touch::default();
        let mut prepared = false;
        let harness = Harness::builder().with_size(size).build_ui(move |ui| {
            if !std::mem::replace(&mut prepared, true) {
                prepare(ui.ctx());
            }
            draw(ui, &p, &v.borrow(), Meter::default(), context.param_setter(), &mut touch);
        });
        let mut bench = Self { params, host, view, harness };
        bench.harness.run_steps(3);
        bench
    }

    fn usual() -> Self {
        Self::new(vec2(960.0, 640.0))
    }

    /// What the host was told of `param` since last asked.
    fn told(&self, param: &impl Param) -> Vec<Told> {
        let told = std::mem::take(&mut *self.host.told.lock().unwrap());
        told.into_iter().filter(|(of, _)| *of == param.as_ptr()).map(|(_, told)| told).collect()
    }
}

fn full_view() -> View {
    let played = |key, voice| PlayedNote { key, voice, velocity: 60 };
    View {
        rate_hz: 48_000.0,
        level_db: -18.0,
        pitch: Some(HeardPitch { key: 69, cents: 12.0 }),
        key: Key::parse("D:min").ok(),
        key_confidence: 0.8,
        phrase: 123,
        played: (36..68).map(|key| played(key, Voice::Harmony)).collect(),
        ..View::default()
    }
}

#[test]
fn a_click_on_a_goal_card_changes_the_goal_in_one_gesture() {
    let mut bench = Bench::usual();
    for &goal in Goal::ALL {
        if goal == chosen::<Goal>(&bench.params.goal) {
            continue;
        }
        bench.harness.get_by_role_and_label(Role::RadioButton, goal.label()).click();
        bench.harness.run_steps(3);
        assert_eq!(chosen::<Goal>(&bench.params.goal), goal);
        let value = bench.params.goal.preview_normalized(goal.index() as i32);
        assert_eq!(bench.told(&bench.params.goal), [Told::Begin, Told::Set(value), Told::End]);
    }
}

#[test]
fn a_click_on_an_approach_changes_the_approach() {
    let mut bench = Bench::usual();
    bench.harness.get_by_label("Approach: Free").click();
    bench.harness.run_steps(3);
    assert_eq!(chosen::<Approach>(&bench.params.approach), Approach::Free);
    bench.harness.get_by_label("Guidance: Guided").click();
    bench.harness.run_steps(3);
    assert_eq!(bench.params.guidance.value(), 1);
}

#[test]
fn a_momentary_button_is_on_while_it_is_pressed_and_hold_stays_on() {
    let mut bench = Bench::usual();
    let at = bench.harness.get_by_label("Panic").rect().center();
    bench.harness.drag_at(at);
    bench.harness.run_steps(2);
    assert!(bench.params.panic.value(), "pressed");
    bench.harness.drop_at(at);
    bench.harness.run_steps(2);
    assert!(!bench.params.panic.value(), "released");
    assert_eq!(bench.told(&bench.params.panic), [Told::Begin, Told::Set(1.0), Told::Set(0.0), Told::End]);
    assert!(bench.params.settings().panic, "a press shorter than a block is a press all the same");
    assert!(!bench.params.settings().panic, "and it is told once");

    bench.harness.get_by_label("Hold").click();
    bench.harness.run_steps(2);
    assert!(bench.params.hold.value());
    bench.harness.get_by_label("Hold").click();
    bench.harness.run_steps(2);
    assert!(!bench.params.hold.value());
}

#[test]
fn a_bar_follows_the_mouse_in_one_gesture_and_a_double_click_brings_back_the_usual() {
    let mut bench = Bench::usual();
    let rect = bench.harness.get_by_label("Density 0.50").rect();
    bench.harness.drag_at(rect.left_center() + vec2(rect.width() * 0.25, 0.0));
    bench.harness.run_steps(2);
    bench.harness.hover_at(rect.left_center() + vec2(rect.width() * 0.75, 0.0));
    bench.harness.run_steps(2);
    assert!((0.7..0.8).contains(&bench.params.density.value()), "{}", bench.params.density.value());
    bench.harness.drop_at(rect.left_center() + vec2(rect.width() * 0.75, 0.0));
    bench.harness.run_steps(2);
    let told = bench.told(&bench.params.density);
    assert_eq!((told.first(), told.last()), (Some(&Told::Begin), Some(&Told::End)));
    assert_eq!(told.iter().filter(|told| matches!(told, Told::Begin | Told::End)).count(), 2);

    for _ in 0..2 {
        bench.harness.drag_at(rect.center());
        bench.harness.step();
        bench.harness.drop_at(rect.center());
        bench.harness.step();
    }
    bench.harness.run_steps(2);
    assert_eq!(bench.params.density.value(), 0.5);
    let told = bench.told(&bench.params.density);
    let (begun, ended) =
        (told.iter().filter(|t| **t == Told::Begin).count(), told.iter().filter(|t| **t == Told::End).count());
    assert_eq!(begun, ended, "every gesture ends");
}

#[test]
fn with_shift_even_a_stepped_bar_moves_finely() {
    let mut bench = Bench::usual();
    let usual = bench.params.register_low.value();
    let rect = bench.harness.get_by_label_contains("Register low").rect();
    bench.harness.event(egui::Event::ModifiersChanged(Modifiers::SHIFT));
    bench.harness.drag_at(rect.left_center() + vec2(20.0, 0.0));
    for step in 1..=20 {
        bench.harness.hover_at(rect.left_center() + vec2(20.0 + 5.0 * step as f32, 0.0));
        bench.harness.step();
    }
    let moved = bench.params.register_low.value() - usual;
    assert!((3..=7).contains(&moved), "a tenth of 100 points on a bar of {}: moved {moved}", rect.width());
}

#[test]
fn every_parameter_but_the_host_s_bypass_has_a_control_with_its_name() {
    let bench = Bench::usual();
    for (id, param, _) in bench.params.param_map() {
        // SAFETY: the bench keeps the parameters alive.
        let name = unsafe { param.name() };
        let found = bench.harness.query_all_by_label_contains(name).count();
        assert!(found > 0 || id == "bypass" || id == "goal", "{name} has no control");
    }
    for goal in Goal::ALL {
        assert!(bench.harness.query_by_role_and_label(Role::RadioButton, goal.label()).is_some(), "{goal:?}");
    }
}

#[test]
fn it_draws_at_every_size_and_the_buttons_stay_inside() {
    for size in [vec2(SMALLEST.width, SMALLEST.height), vec2(760.0, 560.0), vec2(900.0, 600.0), vec2(2560.0, 1440.0)] {
        let mut bench = Bench::new(size);
        *bench.view.borrow_mut() = full_view();
        bench.harness.run_steps(3);
        let window = egui::Rect::from_min_size(egui::Pos2::ZERO, size);
        for name in ["Hold", "Next", "Rest", "Cadence", "Panic", "Approach: Structured", "Guidance: Guided"] {
            let rect = bench.harness.get_by_label(name).rect();
            assert!(window.contains_rect(rect), "{name} at {rect} in {size}");
        }
    }
}

#[test]
fn every_key_is_the_daw_s() {
    let mut bench = Bench::usual();
    use egui::Key::{A, ArrowRight, ArrowUp, Enter, Plus, Space, Tab};
    for modifiers in [Modifiers::NONE, Modifiers::COMMAND, Modifiers::SHIFT] {
        for key in [Tab, Space, Enter, ArrowRight, Tab, ArrowUp, Space, A, Plus] {
            bench.harness.key_press_modifiers(modifiers, key);
            bench.harness.run_steps(2);
        }
    }
    assert!(bench.host.told.lock().unwrap().is_empty());
    assert_eq!(bench.harness.ctx.memory(|memory| memory.focused()), None);
    assert_eq!(bench.harness.ctx.zoom_factor(), 1.0);
}
