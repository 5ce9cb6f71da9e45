//! Where sessions are kept, and those that are.

use super::{asked, heading, is_recording, record::told, words};
use crate::panel::scene::Scene;
use crate::panel::space::{columns, cut_right, cut_top};
use crate::panel::widgets::act::{self, Face};
use crate::panel::widgets::field::{self, Field};
use crate::panel::widgets::{card, text};
use crate::recorder::Status;
use egui::{Align2, Key, Rect, ScrollArea, Sense, Ui, UiBuilder, vec2};

/// The folder, what was recovered, and the sessions in `rect`. `folder` is what she types there.
pub fn show(ui: &mut Ui, scene: &Scene<'_>, rect: Rect, status: &Status, folder: &mut Option<String>) {
    let (space, gap) = (scene.space, scene.space.gap());
    let mut rest = rect;
    heading(ui, scene, cut_top(&mut rest, space.u(16.0), space.u(4.0)), "Sessions are kept in");
    let place = cut_top(&mut rest, space.u(36.0), space.u(4.0));
    let buttons = cut_top(&mut rest, space.u(36.0), 1.5 * gap);
    choose(ui, scene, place, buttons, status, folder);
    if !status.recovered.is_empty() {
        let place = cut_top(&mut rest, space.u(40.0), gap);
        told(ui, scene, place, &status.recovered.join(" "), scene.ink.ours, 14.0);
    }
    heading(ui, scene, cut_top(&mut rest, space.u(16.0), space.u(4.0)), "Sessions");
    if status.sessions.is_empty() {
        let place = card(ui, scene, cut_top(&mut rest, space.u(52.0), 0.0));
        let words = "None yet. What you record is listed here, and exported from here.";
        return told(ui, scene, place, words, scene.ink.quiet, 14.0);
    }
    ui.scope_builder(UiBuilder::new().max_rect(rest), |ui| {
        ScrollArea::vertical().auto_shrink(false).show(ui, |ui| list(ui, scene, status));
    });
}

fn choose(ui: &mut Ui, scene: &Scene<'_>, place: Rect, buttons: Rect, status: &Status, folder: &mut Option<String>) {
    let known = status.folder.display().to_string();
    let mut text = folder.clone().unwrap_or_else(|| known.clone());
    let field = Field {
        name: "Folder",
        empty: "A whole path, like ~/Sessions",
        hint: "The folder that sessions are kept in; on an encrypted disk they are safest",
        limit: 1_000,
        lines: false,
    };
    let typed = field::show(ui, scene, place, field, &mut text);
    let entered = typed.lost_focus() && ui.input(|input| input.key_pressed(Key::Enter));
    let other = text.trim() != known;
    *folder = other.then_some(text.clone());
    let [keep, look] = [
        ("Keep here", "Keep sessions in the folder above from now on", other),
        ("Show folder", "Open the folder as your computer shows it", false),
    ]
    .map(|(name, hint, on)| Face { text: name, name, hint, on, alarm: false, stays: false });
    let mut places = columns(buttons, 2, scene.space.gap());
    let pressed =
        |ui: &Ui, face, place: Option<Rect>| place.is_some_and(|rect| act::show(ui, scene, rect, face).clicked());
    if (pressed(ui, keep, places.next()) || entered) && other {
        scene.recorder.set_folder(&text);
        *folder = None;
        asked(ui);
    }
    if pressed(ui, look, places.next()) {
        scene.recorder.show_folder();
        asked(ui);
    }
}

fn list(ui: &mut Ui, scene: &Scene<'_>, status: &Status) {
    let space = scene.space;
    for session in &status.sessions {
        let size = vec2(ui.available_width() - space.u(10.0), space.u(36.0));
        let (mut row, _) = ui.allocate_exact_size(size, Sense::hover());
        let name = words::name(session);
        // The session that is being recorded is exported once it is complete.
        let going_on = is_recording(status) && status.session.as_ref() == Some(session);
        if !going_on {
            let button = cut_right(&mut row, space.u(96.0), space.u(4.0));
            let known = format!("Export {name}");
            let hint = "Write a report, MIDI and tables of it into a folder beside it";
            let face = Face { text: "Export", name: &known, hint, on: false, alarm: false, stays: false };
            if act::show(ui, scene, button, face).clicked() {
                scene.recorder.export(session.clone());
                asked(ui);
            }
        }
        let mut place = card(ui, scene, row);
        if going_on {
            let now = cut_right(&mut place, space.u(100.0), space.gap());
            let (at, font) = (now.right_center(), space.font(13.0));
            text::line(ui.painter(), at, Align2::RIGHT_CENTER, "being recorded", &font, now.width(), scene.ink.quiet);
        }
        let (at, font) = (place.left_center(), space.font(14.0));
        text::line(ui.painter(), at, Align2::LEFT_CENTER, &name, &font, place.width(), scene.ink.text);
    }
}
