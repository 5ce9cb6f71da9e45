//! The music between both: the chord now and the one to come, the beat, and how far the client's phrase has come.

use super::now::fact;
use super::theme::{self, Space};
use super::words;
use crate::telemetry::{BeatView, View};
use egui::{Color32, Role, Sense, Shape, Stroke, Ui, WidgetInfo, pos2, vec2};

/// Beats shown where the bar is not known: one, which comes and goes.
const UNKNOWN_BAR: u8 = 1;

/// Most beats of a bar that are shown.
const MOST_BEATS: u8 = 12;

/// Size of the phrase's arc, points.
const ARC: (f32, f32) = (56.0, 16.0);

/// Points of the arc.
const ARC_POINTS: usize = 20;

/// Chord and beat.
pub fn show(ui: &mut Ui, view: &View, space: Space) {
    ui.horizontal(|ui| {
        ui.spacing_mut().interact_size.y = 0.0;
        fact(ui, space, "Chord", &words::chords(view));
        ui.add_space(space.gap);
        fact(ui, space, "Beat", &words::tempo(view));
        if let Some(beat) = view.beat {
            beats(ui, beat, space);
        }
    });
}

/// A dot for each beat of the bar; the one that fell last lights up and fades until the next.
fn beats(ui: &mut Ui, beat: BeatView, space: Space) {
    let count = if beat.per_bar == 0 { UNKNOWN_BAR } else { beat.per_bar.min(MOST_BEATS) };
    let dot = space.grown(10.0);
    let size = vec2(f32::from(count) * (dot + 4.0), dot);
    let (rect, response) = ui.allocate_exact_size(size, Sense::hover());
    let told = if beat.per_bar == 0 { "Beat".to_owned() } else { format!("Beat {} of {}", beat.number, beat.per_bar) };
    response.widget_info(|| WidgetInfo::labeled(Role::Image, true, &told));
    let fresh = (1.0 - beat.phase).clamp(0.0, 1.0);
    for index in 0..count {
        let centre = pos2(rect.min.x + (f32::from(index) + 0.5) * (dot + 4.0), rect.center().y);
        let now = beat.per_bar == 0 || index + 1 == beat.number;
        ui.painter().circle_filled(centre, dot / 2.0, theme::GROOVE);
        if now {
            ui.painter().circle_filled(centre, dot / 2.0, theme::CLIENT.gamma_multiply(0.35 + 0.65 * fresh));
        }
    }
}

/// The arc of the client's phrase: how far it has come against what is usual for her.
pub fn arc(ui: &mut Ui, view: &View, space: Space) {
    let (rect, response) = ui.allocate_exact_size(vec2(space.grown(ARC.0), space.grown(ARC.1)), Sense::hover());
    let told = if view.phrase == 0 { 0.0 } else { 100.0 * view.phrase_share };
    response.widget_info(|| WidgetInfo::labeled(Role::ProgressIndicator, true, format!("Phrase: {told:.0} %")));
    let rect = rect.shrink(2.0);
    let at = |share: f32| {
        let height = (share * std::f32::consts::PI).sin();
        pos2(rect.min.x + share * rect.width(), rect.max.y - height * rect.height())
    };
    let line = |to: f32, colour: Color32| {
        let points = (0..=ARC_POINTS).map(|point| at(to * point as f32 / ARC_POINTS as f32)).collect();
        Shape::line(points, Stroke::new(2.0, colour))
    };
    ui.painter().add(line(1.0, theme::GROOVE));
    if view.phrase > 0 {
        let colour = if view.phrase_open { theme::CLIENT } else { theme::QUIET };
        ui.painter().add(line(view.phrase_share, colour));
        ui.painter().circle_filled(at(view.phrase_share), 3.0, colour);
    }
    response.on_hover_text("How far the client's phrase has come");
}
