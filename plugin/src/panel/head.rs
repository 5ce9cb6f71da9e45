//! The head of the panel: the rooms, and how the panel looks.

use super::look::{Kept, Room, SCALES_PERCENT, Theme};
use super::scene::Scene;
use super::space::{columns, cut_left, cut_right};
use super::theme::ROUND;
use super::widgets::{known, text};
use crate::recorder::Doing;
use egui::{Align2, Rect, Response, Role, Sense, Stroke, Ui, ViewportCommand, WidgetInfo, vec2};
use std::time::Duration;

/// Width of a room's tab, of a scale, and of the theme's button, usual points.
const TAB: f32 = 84.0;
const SCALE: f32 = 44.0;
const THEME: f32 = 34.0;

/// While something is recorded, how often the panel looks whether it goes on.
const WATCH: Duration = Duration::from_millis(500);

/// Name, rooms, theme and scale in `rect`.
pub fn show(ui: &Ui, scene: &Scene<'_>, rect: Rect) {
    let (ink, space, kept) = (scene.ink, scene.space, scene.look.get());
    let mut rest = rect;
    let brand = cut_left(&mut rest, space.u(112.0), space.u(8.0));
    text::line(
        ui.painter(),
        brand.left_center(),
        Align2::LEFT_CENTER,
        "Antiphon",
        &space.font(22.0),
        brand.width(),
        ink.ours,
    );
    for room in Room::ALL {
        let place = cut_left(&mut rest, space.u(TAB), space.u(4.0));
        tab(ui, scene, place, room, kept.room == room);
    }
    let scales = cut_right(&mut rest, space.u(SCALE) * SCALES_PERCENT.len() as f32, space.u(6.0));
    for (place, percent) in columns(scales, SCALES_PERCENT.len(), 2.0).zip(SCALES_PERCENT) {
        let chosen = kept.scale_percent == percent;
        let word = format!("{}x", f32::from(percent) / 100.0);
        let hint = "How large everything is; as far as the window has room";
        let name = format!("Scale: {word}");
        if small(ui, scene, place, chosen, &word, hint, &name, Role::RadioButton).clicked() {
            resize(ui, scene, kept, percent);
        }
    }
    let place = cut_right(&mut rest, space.u(THEME), space.u(6.0));
    theme(ui, scene, place, kept.theme);
}

fn tab(ui: &Ui, scene: &Scene<'_>, rect: Rect, room: Room, open: bool) {
    let hint = match room {
        Room::Play => "What is heard and played, and what the session is for",
        Room::Shape => "How it plays, and what stays as you set it",
        Room::Session => "What is kept of the session",
    };
    let response = small(ui, scene, rect, open, room.label(), hint, room.label(), Role::Tab);
    if room == Room::Session && matches!(scene.recorder.status().doing, Doing::Recording { .. }) {
        let place = rect.right_top() + vec2(-scene.space.u(9.0), scene.space.u(9.0));
        ui.painter().circle_filled(place, scene.space.u(4.5), scene.ink.alarm);
        // A recording that fails is told soon, whatever room is open.
        ui.ctx().request_repaint_after(WATCH);
    }
    if open {
        let line = Rect::from_center_size(rect.center_bottom() - vec2(0.0, 2.0), vec2(rect.width() * 0.4, 3.0));
        ui.painter().rect_filled(line, 2.0, scene.ink.ours);
    }
    if response.clicked() {
        scene.look.change(|kept| kept.room = room);
    }
}

/// A word that is chosen or not.
#[expect(clippy::too_many_arguments, reason = "a word with its place, its name and its hint")]
fn small(
    ui: &Ui,
    scene: &Scene<'_>,
    rect: Rect,
    chosen: bool,
    word: &str,
    hint: &str,
    name: &str,
    role: Role,
) -> Response {
    let (ink, space) = (scene.ink, scene.space);
    let response = ui.interact(rect, ui.scope_id().with(name), Sense::click());
    if chosen || response.hovered() {
        ui.painter().rect_filled(rect, ROUND, if response.hovered() { ink.raised } else { ink.card });
    }
    let colour = if chosen { ink.text } else { ink.quiet };
    let size = if role == Role::Tab { 16.0 } else { 13.0 };
    text::line(ui.painter(), rect.center(), Align2::CENTER_CENTER, word, &space.font(size), rect.width() - 4.0, colour);
    known(ui, ink, response, hint, || WidgetInfo::selected(role, true, chosen, name))
}

/// Takes another scale, and asks the host for a window as much larger.
fn resize(ui: &Ui, scene: &Scene<'_>, kept: Kept, percent: u16) {
    scene.look.change(|kept| kept.scale_percent = percent);
    let zoom = ui.ctx().zoom_factor();
    let now = ui.ctx().content_rect().size();
    let wanted = now * f32::from(percent) / 100.0;
    if percent != kept.scale_percent {
        ui.ctx().send_viewport_cmd(ViewportCommand::InnerSize(wanted / zoom));
    }
}

/// The button that changes from dark to light: a moon, or a sun.
fn theme(ui: &Ui, scene: &Scene<'_>, rect: Rect, theme: Theme) {
    let ink = scene.ink;
    let response = ui.interact(rect, ui.scope_id().with("theme"), Sense::click());
    let painter = ui.painter();
    let under = if response.hovered() { ink.raised } else { ink.ground };
    painter.rect_filled(rect, ROUND, under);
    let (centre, radius) = (rect.center(), scene.space.u(6.0));
    match theme {
        Theme::Dark => {
            painter.circle_filled(centre, radius, ink.quiet);
            painter.circle_filled(centre + vec2(radius * 0.5, -radius * 0.35), radius * 0.85, under);
        }
        Theme::Light => {
            painter.circle_filled(centre, radius * 0.7, ink.quiet);
            for ray in 0..8 {
                let way = egui::Vec2::angled(std::f32::consts::TAU * ray as f32 / 8.0);
                painter.line_segment([centre + way * radius, centre + way * radius * 1.4], Stroke::new(1.5, ink.quiet));
            }
        }
    }
    let (name, hint, other) = match theme {
        Theme::Dark => ("Theme: dark", "Light colours, for daylight", Theme::Light),
        Theme::Light => ("Theme: light", "Dark colours, for a dim room", Theme::Dark),
    };
    let response = known(ui, ink, response, hint, || WidgetInfo::labeled(Role::Button, true, name));
    if response.clicked() {
        scene.look.change(|kept| kept.theme = other);
    }
}
