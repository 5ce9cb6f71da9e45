//! Record and stop, how long and how much, and marks.

use super::{asked, is_recording, words};
use crate::panel::scene::Scene;
use crate::panel::space::{cut_left, cut_right, cut_top, rows};
use crate::panel::widgets::act::{self, Face};
use crate::panel::widgets::field::{self, Field};
use crate::panel::widgets::{card, text};
use crate::recorder::Status;
use egui::{Align2, Key, Rect, Role, Sense, Ui, WidgetInfo, vec2};

/// Draws them from the top of `rect`; gives what is left of it.
pub fn show(ui: &mut Ui, scene: &Scene<'_>, rect: Rect, status: &Status, mark: &mut String) -> Rect {
    let (space, gap) = (scene.space, scene.space.gap());
    let mut rest = rect;
    let mut head = cut_top(&mut rest, space.u(52.0), gap);
    let recording = is_recording(status);
    let wide = head.width() * 0.36;
    let button = cut_left(&mut head, wide, gap);
    let face = Face {
        text: if recording { "Stop recording" } else { "Record" },
        name: "Record",
        hint: "Keep what is heard and played from now on, and why: notes, no sound",
        on: recording,
        // Red is for panic alone: in haste the hand goes there.
        alarm: false,
        stays: true,
    };
    if act::show(ui, scene, button, face).clicked() {
        if recording {
            scene.recorder.stop()
        } else {
            scene.recorder.start()
        }
        asked(ui);
    }
    progress(ui, scene, head, status);

    let said = cut_top(&mut rest, space.u(42.0), space.u(6.0));
    let colour = if status.problem.is_some() { scene.ink.client } else { scene.ink.ours };
    told(ui, scene, said, &words::said(status), colour, 15.0);

    let mut marks = cut_top(&mut rest, space.u(36.0), 1.5 * gap);
    let button = cut_right(&mut marks, space.u(96.0), gap);
    ui.add_enabled_ui(recording, |ui| {
        let field = Field {
            name: "Marker",
            empty: if recording { "What happens now (may stay empty)" } else { "While you record, mark a moment here" },
            hint: "A word to find this moment again; Enter marks it",
            limit: 200,
            lines: false,
        };
        let typed = field::show(ui, scene, marks, field, mark);
        let entered = typed.lost_focus() && ui.input(|input| input.key_pressed(Key::Enter));
        let face = Face {
            text: "Mark",
            name: "Mark",
            hint: "Mark this moment of the recording",
            on: false,
            alarm: false,
            stays: false,
        };
        if (act::show(ui, scene, button, face).clicked() || entered) && recording {
            scene.recorder.mark(mark);
            mark.clear();
            asked(ui);
        }
    });
    rest
}

/// A light and the time while it records, and under it size and markers; or what there is instead.
fn progress(ui: &Ui, scene: &Scene<'_>, rect: Rect, status: &Status) {
    let (ink, space) = (scene.ink, scene.space);
    let (first, under) = words::progress(status);
    let place = card(ui, scene, rect);
    let whole = match &under {
        None => {
            text::block(ui.painter(), place, &first, &space.font(17.0), ink.quiet);
            first
        }
        Some(under) => {
            let mut lines = rows(rect.shrink2(vec2(space.u(12.0), space.u(5.0))), 2, 0.0);
            let mut line = || lines.next().unwrap_or(Rect::NOTHING);
            let mut top = line();
            let light = cut_left(&mut top, space.u(10.0), space.u(8.0));
            ui.painter().circle_filled(light.center(), light.width() / 2.0, ink.alarm);
            let say = |rect: Rect, words: &str, size: f32, colour| {
                let at = rect.left_center();
                text::line(ui.painter(), at, Align2::LEFT_CENTER, words, &space.font(size), rect.width(), colour);
            };
            say(top, &first, 20.0, ink.text);
            say(line(), under, 13.0, ink.quiet);
            format!("{first}, {under}")
        }
    };
    let response = ui.interact(rect, ui.scope_id().with("progress"), Sense::hover());
    response.widget_info(|| WidgetInfo::labeled(Role::Label, true, &whole));
}

/// Says `words`, to eyes and to screen readers.
pub fn told(ui: &Ui, scene: &Scene<'_>, rect: Rect, words: &str, colour: egui::Color32, size: f32) {
    text::block(ui.painter(), rect, words, &scene.space.font(size), colour);
    let response =
        ui.interact(rect, ui.scope_id().with(("told", rect.min.y as i32, rect.min.x as i32)), Sense::hover());
    response.widget_info(|| WidgetInfo::labeled(Role::Label, true, words));
}
