//! The therapist's own notes on a session.

use super::heading;
use crate::panel::scene::Scene;
use crate::panel::space::cut_top;
use crate::panel::widgets::field::{self, Field};
use crate::recorder::Status;
use egui::{Rect, Ui};
use std::path::PathBuf;
use std::time::Duration;

/// Notes are kept once she has not typed for so long, s.
const PAUSE_S: f64 = 0.7;

/// Most characters: many pages.
const LIMIT: usize = 20_000;

/// What she has typed.
#[derive(Debug, Default)]
pub struct Notes {
    text: String,
    /// The session that they are on.
    session: Option<PathBuf>,
    /// When she last typed what is not kept yet, s.
    typed_s: Option<f64>,
}

/// The field in `rect`.
pub fn show(ui: &mut Ui, scene: &Scene<'_>, rect: Rect, status: &Status, notes: &mut Notes) {
    if notes.session != status.session {
        *notes = Notes { text: status.notes.clone(), session: status.session.clone(), typed_s: None };
    }
    let mut rest = rect;
    heading(ui, scene, cut_top(&mut rest, scene.space.u(16.0), scene.space.u(4.0)), "Your notes");
    let there = status.session.is_some();
    let field = Field {
        name: "Your notes",
        empty: if there {
            "What you want to remember of this session"
        } else {
            "Record a session to write notes on it"
        },
        hint: "Kept beside the session, and nowhere else",
        limit: LIMIT,
        lines: true,
    };
    let response = ui.add_enabled_ui(there, |ui| field::show(ui, scene, rest, field, &mut notes.text)).inner;
    let now_s = ui.input(|input| input.time);
    if response.changed() {
        notes.typed_s = Some(now_s);
    }
    let Some(typed_s) = notes.typed_s else { return };
    if response.lost_focus() || now_s - typed_s >= PAUSE_S {
        scene.recorder.set_notes(&notes.text);
        notes.typed_s = None;
    } else {
        ui.ctx().request_repaint_after(Duration::from_secs_f64(PAUSE_S));
    }
}
