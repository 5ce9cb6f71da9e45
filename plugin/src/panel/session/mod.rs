//! The room *Session*: what is kept of it, and only when the therapist asks.

mod kept;
mod notes;
mod record;
mod words;

use super::scene::Scene;
use super::space::cut_left;
use super::widgets::text;
use crate::recorder::{Doing, Status};
use egui::{Align2, Rect, Ui};
use notes::Notes;
use std::time::Duration;
#[cfg(test)]
pub use words::name;

/// Share of the width that recording and notes take.
const LEFT: f32 = 0.54;

/// While something is recorded or written the room is drawn this often: the time is told in seconds.
const REFRESH: Duration = Duration::from_millis(250);

/// After something was asked for its answer is looked for this soon.
const ANSWER: Duration = Duration::from_millis(60);

/// What the therapist has begun to type.
#[derive(Debug, Default)]
pub struct Desk {
    mark: String,
    notes: Notes,
    /// A folder, while it is typed.
    folder: Option<String>,
}

/// Draws the room in `rect`.
pub fn show(ui: &mut Ui, scene: &Scene<'_>, rect: Rect, desk: &mut Desk) {
    let status = scene.recorder.status();
    let mut rest = rect;
    let left = cut_left(&mut rest, rect.width() * LEFT, scene.space.gap());
    let left = record::show(ui, scene, left, &status, &mut desk.mark);
    notes::show(ui, scene, left, &status, &mut desk.notes);
    kept::show(ui, scene, rest, &status, &mut desk.folder);
    if status.doing != Doing::Idle {
        ui.ctx().request_repaint_after(REFRESH);
    }
}

/// Looks soon for what the recorder answers.
fn asked(ui: &Ui) {
    for tries in [1, 4, 12] {
        ui.ctx().request_repaint_after(ANSWER * tries);
    }
}

/// A heading over a part of the room.
fn heading(ui: &Ui, scene: &Scene<'_>, rect: Rect, words: &str) {
    let font = scene.space.font(13.0);
    text::line(ui.painter(), rect.left_center(), Align2::LEFT_CENTER, words, &font, rect.width(), scene.ink.quiet);
}

/// Whether a session is being recorded.
fn is_recording(status: &Status) -> bool {
    matches!(status.doing, Doing::Recording { .. })
}
