//! What the keyboard does, and a screen reader.

use super::Bench;
use crate::panel::look::Room;
use antiphon_engine::names::Named;
use antiphon_engine::settings::Goal;
use egui::accessibility::is_input;
use egui::accesskit::Role;
use egui::{Key, Modifiers};
use egui_kittest::kittest::{NodeT, Queryable};
use nice_plug::prelude::*;
use std::collections::BTreeSet;

impl Bench {
    fn press(&mut self, key: Key) {
        self.harness.key_press(key);
        self.harness.run_steps(2);
    }

    /// The controls of the room that is open, but for those that have nothing to do yet: role and name.
    fn controls(&self) -> Vec<(Role, String)> {
        let nodes = self.harness.root().children_recursive();
        let inputs =
            nodes.map(|node| node.accesskit_node()).filter(|node| is_input(node.role()) && !node.is_disabled());
        inputs.map(|node| (node.role(), node.label().unwrap_or_default())).collect()
    }

    fn focused(&self) -> Option<String> {
        let mut nodes = self.harness.root().children_recursive();
        nodes.find(|node| node.is_focused()).and_then(|node| node.accesskit_node().label())
    }
}

#[test]
fn every_control_has_a_name_of_its_own_and_a_hint() {
    for room in Room::ALL {
        let bench = Bench::usual(room);
        assert_eq!(bench.harness.unnamed_widgets(), Vec::<String>::new());
        let names: Vec<_> = bench.controls().into_iter().map(|(_, name)| name).collect();
        let different: BTreeSet<_> = names.iter().collect();
        assert_eq!(different.len(), names.len(), "{room:?}: {names:?}");
        for node in bench.harness.root().children_recursive() {
            let node = node.accesskit_node();
            let hint = node.data().description();
            assert!(!is_input(node.role()) || hint.is_some_and(|hint| !hint.is_empty()), "{:?}", node.label());
        }
    }
}

#[test]
fn tab_reaches_every_control_of_every_room_and_each_shows_that_it_has_the_keyboard() {
    for room in Room::ALL {
        let mut bench = Bench::usual(room);
        let without = bench.harness.output().shapes.len();
        let mut left: BTreeSet<_> = bench.controls().into_iter().map(|(_, name)| name).collect();
        for _ in 0..2 * left.len() {
            bench.press(Key::Tab);
            let focused = bench.focused().expect("something has the keyboard");
            assert!(bench.harness.output().shapes.len() > without, "{focused} has no ring");
            left.remove(&focused);
        }
        assert!(left.is_empty(), "{room:?}: Tab does not reach {left:?}");
    }
}

#[test]
fn every_parameter_is_changed_by_keyboard_alone() {
    for (id, _, _) in Bench::usual(Room::Play).params.param_map() {
        if id == "bypass" {
            continue;
        }
        let found = Room::ALL.into_iter().find(|&room| changes_by_keyboard(room, &id));
        assert!(found.is_some(), "{id} is changed nowhere");
    }
}

/// Whether a control of `room` for the parameter `id` changes it by keyboard.
fn changes_by_keyboard(room: Room, id: &str) -> bool {
    let mut bench = Bench::usual(room);
    let params = bench.params.param_map();
    let (_, param, _) = params.iter().find(|(other, _, _)| other == id).unwrap();
    // SAFETY: the bench keeps the parameters alive.
    let name = unsafe { param.name() };
    let of_a_strip = format!("{name}: ");
    let control = bench.controls().into_iter().rfind(|(_, label)| {
        label == name || label.starts_with(&of_a_strip) || id == "goal" && label == Goal::Pain.label()
    });
    let Some((role, label)) = control else { return false };
    bench.harness.get_by_role_and_label(role, &label).focus();
    bench.harness.run_steps(2);
    let key = if matches!(role, Role::Slider | Role::ComboBox) { Key::ArrowRight } else { Key::Space };
    // SAFETY: as above.
    let before = unsafe { param.unmodulated_normalized_value() };
    bench.press(if key == Key::ArrowRight && before == 1.0 { Key::ArrowLeft } else { key });
    let told = bench.host.told.lock().unwrap();
    let begun = told.iter().filter(|(_, told)| *told == super::Told::Begin).count();
    let ended = told.iter().filter(|(_, told)| *told == super::Told::End).count();
    assert!(begun >= 1 && begun == ended, "{label}: {told:?}");
    assert!(told.iter().all(|(of, _)| of == param), "{label} changed something else");
    told.iter().any(|(_, told)| matches!(told, super::Told::Set(value) if *value != before))
}

#[test]
fn the_arrow_keys_step_home_and_end_leap_and_delete_brings_back_the_usual() {
    let mut bench = Bench::usual(Room::Shape);
    bench.harness.get_by_label("Density").focus();
    bench.harness.run_steps(2);
    let density = |bench: &Bench| (bench.params.density.value() * 100.0).round();
    let mut seen = Vec::new();
    for key in [Key::ArrowRight, Key::ArrowLeft, Key::ArrowLeft, Key::End, Key::Home, Key::Delete] {
        bench.press(key);
        seen.push(density(&bench));
    }
    assert_eq!(seen, [55.0, 50.0, 45.0, 100.0, 0.0, 50.0]);
    bench.harness.key_press_modifiers(Modifiers::SHIFT, Key::ArrowRight);
    bench.harness.run_steps(2);
    assert!((bench.params.density.value() - 0.505).abs() < 1e-4, "{}", bench.params.density.value());
}

#[test]
fn a_value_is_typed_over_what_has_the_keyboard() {
    let mut bench = Bench::usual(Room::Shape);
    for (name, typed, id) in [("Tempo", "97", "tempo"), ("Key", "D:min", "key"), ("Register low", "G2", "register_low")]
    {
        bench.harness.get_by_label(name).focus();
        bench.harness.run_steps(2);
        for character in typed.chars() {
            bench.harness.event(egui::Event::Text(character.to_string()));
            bench.harness.run_steps(2);
        }
        bench.press(Key::Enter);
        let params = bench.params.param_map();
        let (_, param, _) = params.iter().find(|(other, _, _)| other == id).unwrap();
        // SAFETY: the bench keeps the parameters alive.
        let text = unsafe { param.normalized_value_to_string(param.unmodulated_normalized_value(), false) };
        assert!(text.starts_with(typed), "{name}: {text}");
        assert_eq!(bench.focused().as_deref(), Some(name), "the keyboard stays where it was");
    }
}

#[test]
fn what_cannot_be_read_and_what_is_escaped_change_nothing() {
    for (typed, key) in [("nonsense", Key::Enter), ("0.9", Key::Escape)] {
        let mut bench = Bench::usual(Room::Shape);
        bench.harness.get_by_label("Density").focus();
        bench.harness.run_steps(2);
        bench.harness.event(egui::Event::Text(typed.to_owned()));
        bench.harness.run_steps(2);
        bench.press(key);
        assert!(bench.host.told.lock().unwrap().is_empty());
        assert!(bench.harness.query_by_label("Density").is_some(), "the bar is back");
    }
}

#[test]
fn a_list_is_opened_and_chosen_from_by_keyboard() {
    let mut bench = Bench::usual(Room::Shape);
    bench.harness.get_by_label("Form").focus();
    bench.harness.run_steps(2);
    bench.press(Key::Enter);
    bench.harness.get_by_label("Eight bars").focus();
    bench.harness.run_steps(2);
    bench.press(Key::Enter);
    assert_eq!(bench.params.form.value(), 2);
}

#[test]
fn keys_are_the_daw_s_until_tab_and_again_after_escape() {
    let mut bench = Bench::usual(Room::Play);
    let nothing = |bench: &mut Bench| {
        for key in [Key::Space, Key::Enter, Key::ArrowRight, Key::ArrowUp, Key::A, Key::Plus, Key::Delete] {
            bench.press(key);
        }
        bench.harness.event(egui::Event::Text("7".to_owned()));
        bench.harness.run_steps(2);
        assert!(bench.host.told.lock().unwrap().is_empty());
        assert_eq!(bench.harness.ctx.memory(|memory| memory.focused()), None);
        assert_eq!(bench.harness.ctx.zoom_factor(), 1.0);
    };
    nothing(&mut bench);
    bench.press(Key::Tab);
    assert!(bench.focused().is_some());
    bench.press(Key::Escape);
    nothing(&mut bench);
}

#[test]
fn a_screen_reader_steps_a_bar() {
    let mut bench = Bench::usual(Room::Shape);
    bench.harness.get_by_label("Mirror").increment_accesskit();
    bench.harness.run_steps(2);
    assert!((bench.params.mirror.value() - 0.55).abs() < 1e-4, "{}", bench.params.mirror.value());
}
