//! What the mouse does.

use super::{Bench, Told};
use crate::panel::look::{Room, Theme};
use crate::params::chosen;
use antiphon_engine::key::KeyChoice;
use antiphon_engine::names::Named;
use antiphon_engine::settings::{Approach, Feeling, Goal, Idiom, TempoChoice};
use egui::accesskit::Role;
use egui::{Modifiers, Pos2, Rect, vec2};
use egui_kittest::kittest::{NodeT, Queryable};
use nice_plug::prelude::*;

impl Bench {
    /// Presses and lets go twice.
    fn double_click(&mut self, at: Pos2) {
        self.harness.hover_at(at);
        self.harness.step();
        for _ in 0..2 {
            self.harness.drag_at(at);
            self.harness.step();
            self.harness.drop_at(at);
            self.harness.step();
        }
        self.harness.run_steps(2);
    }

    fn rect(&self, label: &str) -> Rect {
        self.harness.get_by_label(label).rect()
    }

    /// Every gesture that was begun has ended.
    fn gestures_are_whole(&self) -> bool {
        let told = self.host.told.lock().unwrap();
        let count = |wanted: Told| told.iter().filter(|(_, told)| *told == wanted).count();
        count(Told::Begin) == count(Told::End)
    }
}

#[test]
fn a_click_on_a_goal_card_changes_the_goal_in_one_gesture() {
    let mut bench = Bench::usual(Room::Play);
    for &goal in Goal::ALL.iter().filter(|goal| **goal != Goal::Wellbeing) {
        bench.harness.get_by_role_and_label(Role::RadioButton, goal.label()).click();
        bench.harness.run_steps(3);
        assert_eq!(chosen::<Goal>(&bench.params.goal), goal);
        let value = bench.params.goal.preview_normalized(goal.index() as i32);
        assert_eq!(bench.told(&bench.params.goal), [Told::Begin, Told::Set(value), Told::End]);
    }
}

#[test]
fn a_click_on_an_approach_changes_the_approach() {
    let mut bench = Bench::usual(Room::Play);
    bench.click("Approach: Free");
    assert_eq!(chosen::<Approach>(&bench.params.approach), Approach::Free);
    bench.click("Guidance: Guided");
    assert_eq!(bench.params.guidance.value(), 1);
}

#[test]
fn whoever_double_clicks_everything_chooses_and_what_was_chosen_goes_back_to_the_usual() {
    let mut bench = Bench::usual(Room::Play);
    let card = bench.rect("Managing pain").center();
    bench.double_click(card);
    assert_eq!(chosen::<Goal>(&bench.params.goal), Goal::Pain);
    // A pause: three clicks in a row are no double click.
    bench.harness.run_steps(60);
    bench.double_click(card);
    assert_eq!(chosen::<Goal>(&bench.params.goal), Goal::Wellbeing);
}

#[test]
fn a_momentary_button_is_on_while_it_is_pressed_and_hold_stays_on_in_every_room() {
    for room in Room::ALL {
        let mut bench = Bench::usual(room);
        let at = bench.rect("Panic").center();
        bench.harness.drag_at(at);
        bench.harness.run_steps(2);
        assert!(bench.params.panic.value(), "pressed");
        bench.harness.drop_at(at);
        bench.harness.run_steps(2);
        assert!(!bench.params.panic.value(), "released");
        assert_eq!(bench.told(&bench.params.panic), [Told::Begin, Told::Set(1.0), Told::Set(0.0), Told::End]);
        assert!(bench.params.settings().panic, "a press shorter than a block is a press all the same");
        assert!(!bench.params.settings().panic, "and it is told once");
        bench.click("Hold");
        assert!(bench.params.hold.value());
        bench.click("Hold");
        assert!(!bench.params.hold.value());
    }
}

#[test]
fn a_bar_follows_the_mouse_in_one_gesture() {
    let mut bench = Bench::usual(Room::Shape);
    let rect = bench.rect("Density");
    let at = |share: f32| rect.left_center() + vec2(rect.width() * share, 0.0);
    bench.harness.drag_at(at(0.25));
    bench.harness.run_steps(2);
    bench.harness.hover_at(at(0.75));
    bench.harness.run_steps(2);
    assert!((0.7..0.8).contains(&bench.params.density.value()), "{}", bench.params.density.value());
    bench.harness.drop_at(at(0.75));
    bench.harness.run_steps(2);
    let told = bench.told(&bench.params.density);
    assert_eq!((told.first(), told.last()), (Some(&Told::Begin), Some(&Told::End)));
    assert_eq!(told.iter().filter(|told| matches!(told, Told::Begin | Told::End)).count(), 2);
}

#[test]
fn with_shift_a_bar_moves_finely() {
    let mut bench = Bench::usual(Room::Shape);
    let rect = bench.rect("Ceiling");
    let usual = bench.params.ceiling.value();
    bench.harness.event(egui::Event::ModifiersChanged(Modifiers::SHIFT));
    bench.harness.drag_at(rect.left_center() + vec2(20.0, 0.0));
    for step in 1..=20 {
        bench.harness.hover_at(rect.left_center() + vec2(20.0 + 5.0 * step as f32, 0.0));
        bench.harness.step();
    }
    let moved = bench.params.ceiling.value() - usual;
    assert!((3..=7).contains(&moved), "a tenth of 100 points on a bar of {}: moved {moved}", rect.width());
}

#[test]
fn a_double_click_brings_every_bar_list_and_end_back_to_the_usual() {
    for room in [Room::Play, Room::Shape] {
        let bench = Bench::usual(room);
        let controls = [Role::Slider, Role::ComboBox];
        let found = controls.iter().flat_map(|role| bench.harness.query_all_by_role(*role));
        let names: Vec<String> = found.filter_map(|node| node.accesskit_node().label()).collect();
        assert!(names.len() >= if room == Room::Play { 1 } else { 23 }, "{names:?}");
        for name in names {
            let mut bench = Bench::usual(room);
            let params = bench.params.param_map();
            // SAFETY: the bench keeps the parameters alive.
            let of = |param: &ParamPtr| unsafe { param.name() == name };
            let (_, param, _) = params.iter().find(|(_, param, _)| of(param)).expect("a control is a parameter's");
            // SAFETY: as above.
            let (value, usual) =
                (|| unsafe { param.unmodulated_normalized_value() }, unsafe { param.default_normalized_value() });
            // SAFETY: as above.
            unsafe { param._internal_set_normalized_value(if usual > 0.5 { 0.2 } else { 0.7 }) };
            bench.harness.run_steps(2);
            assert_ne!(value(), usual, "{name}");
            let at = bench.rect(&name).center();
            bench.double_click(at);
            assert_eq!(value(), usual, "{name}");
            assert!(bench.gestures_are_whole(), "{name}");
        }
    }
}

#[test]
fn a_list_opens_and_what_is_clicked_there_is_chosen() {
    let mut bench = Bench::usual(Room::Shape);
    bench.click("Idiom");
    bench.click("Waltz");
    assert_eq!(chosen::<Idiom>(&bench.params.idiom), Idiom::Waltz);
    bench.click("Feeling");
    bench.click("Joy");
    assert_eq!(chosen::<Feeling>(&bench.params.feeling), Feeling::Joy);
    bench.click("Key");
    bench.click("D Dorian");
    assert_eq!(KeyChoice::at(bench.params.key.value() as usize).to_string(), "D:dorian");
    bench.click("Tempo");
    bench.click("72 a minute");
    assert_eq!(TempoChoice::at(bench.params.tempo.value() as usize), TempoChoice::Locked(72));
    assert!(bench.gestures_are_whole());
}

#[test]
fn the_ends_of_the_register_are_dragged_and_stay_an_octave_apart() {
    let mut bench = Bench::usual(Room::Shape);
    let from = bench.rect("Register low").center();
    bench.harness.drag_at(from);
    bench.harness.step();
    bench.harness.hover_at(from + vec2(60.0, 0.0));
    bench.harness.run_steps(2);
    let low = bench.params.register_low.value();
    assert!((40..60).contains(&low), "{low}");
    bench.harness.hover_at(from + vec2(800.0, 0.0));
    bench.harness.run_steps(2);
    bench.harness.drop_at(from + vec2(800.0, 0.0));
    bench.harness.run_steps(2);
    assert_eq!(bench.params.register_high.value() - bench.params.register_low.value(), 12);
    assert!(bench.gestures_are_whole());
}

#[test]
fn a_tab_opens_its_room_and_the_look_is_kept() {
    let mut bench = Bench::usual(Room::Play);
    bench.click("Shape");
    assert_eq!(bench.look().get().room, Room::Shape);
    bench.click("Theme: dark");
    assert_eq!(bench.look().get().theme, Theme::Light);
    bench.click("Theme: light");
    assert_eq!(bench.look().get().theme, Theme::Dark);
    bench.click("Scale: 1.5x");
    assert_eq!(bench.look().get().scale_percent, 150);
    bench.click("Session");
    assert_eq!(bench.look().get().room, Room::Session);
    assert!(bench.host.told.lock().unwrap().is_empty(), "no sound depends on the look");
}

#[test]
fn a_value_is_typed_after_a_click_with_the_other_button() {
    let mut bench = Bench::usual(Room::Shape);
    bench.harness.get_by_label("Density").click_secondary();
    bench.harness.run_steps(3);
    bench.harness.event(egui::Event::Text("0.8".to_owned()));
    bench.harness.run_steps(2);
    bench.harness.key_press(egui::Key::Enter);
    bench.harness.run_steps(3);
    assert_eq!(bench.params.density.value(), 0.8);
    let kept = bench.harness.ctx.memory(|memory| memory.focused());
    assert_eq!(kept, None, "the keys are the DAW's again");
}

#[test]
fn what_the_host_automates_shows_at_once() {
    let mut bench = Bench::usual(Room::Shape);
    let param = bench.params.density.as_ptr();
    for (value, text) in [(0.25, "0.25"), (0.9, "0.90")] {
        // SAFETY: the bench keeps the parameters alive.
        unsafe { param._internal_set_normalized_value(value) };
        bench.harness.step();
        assert_eq!(bench.harness.get_by_label("Density").value().as_deref(), Some(text));
    }
    assert!(bench.host.told.lock().unwrap().is_empty(), "and the host hears nothing of it back");
}
