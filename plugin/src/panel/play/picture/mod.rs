//! The last eight seconds, scrolling: the client's pitch as a line with her notes and phrases, our voices as soft bars,
//! the chords above, the beats below.

mod canvas;
mod hers;
mod ours;

use crate::panel::scene::Scene;
use crate::params::note_name;
use crate::telemetry::trail::SPAN_S;
pub use canvas::Canvas;
use egui::{Align2, Rangef, Rect, Role, Sense, Stroke, Ui, WidgetInfo, pos2};

/// Heights of the lanes of chords and of beats, usual points.
const CHORDS: f32 = 20.0;
const BEATS: f32 = 14.0;

/// Room for the numbers of phrases, usual points.
const NUMBERS: f32 = 16.0;

/// Room for the names of notes, usual points.
const NAMES: f32 = 28.0;

/// Where times and pitches lie.
#[derive(Clone, Copy, Debug)]
pub struct Axes {
    /// Times from left to right; now is at the right end.
    pub x: Rangef,
    /// Pitches from bottom to top: the lane's lower end has the greater y.
    pub y: Rangef,
    /// Now, s.
    pub now_s: f64,
    /// Lowest and highest pitch, MIDI keys.
    pub keys: (f32, f32),
}

impl Axes {
    /// Where a time lies; what is older than the picture lies left of it, what goes on ends now.
    pub fn x(&self, at_s: f64) -> f32 {
        let ago = (self.now_s - at_s.min(self.now_s)) / SPAN_S;
        self.x.max - self.x.span() * ago as f32
    }

    /// Where a pitch lies.
    pub fn y(&self, key: f32) -> f32 {
        self.y.max - self.y.span() * (key - self.keys.0) / (self.keys.1 - self.keys.0)
    }

    /// Height of a semitone, points.
    pub fn semitone(&self) -> f32 {
        self.y.span() / (self.keys.1 - self.keys.0)
    }
}

/// Draws the picture in `rect`.
pub fn show(ui: &Ui, scene: &Scene<'_>, rect: Rect, canvas: &mut Canvas) {
    let (ink, space) = (scene.ink, scene.space);
    if canvas.follow(scene.trail, ui.input(|input| input.stable_dt)) {
        ui.ctx().request_repaint();
    }
    ui.painter().rect_filled(rect, space.u(6.0), ink.well);
    let painter = ui.painter().with_clip_rect(rect.intersect(ui.clip_rect()));
    let x = Rangef::new(rect.min.x + space.u(NAMES), rect.max.x - space.u(8.0));
    let y = Rangef::new(rect.min.y + space.u(CHORDS), rect.max.y - space.u(BEATS));
    let pitches = Rangef::new(y.min + space.u(4.0), y.max - space.u(NUMBERS));
    let axes = Axes { x, y: pitches, now_s: canvas.now_s(), keys: canvas.keys() };
    // What is older than the picture ends at its left edge.
    let inside = painter.with_clip_rect(Rect::from_x_y_ranges(x, rect.y_range()).intersect(painter.clip_rect()));
    let lane = |from: f32, to: f32| Rect::from_x_y_ranges(x, from..=to);
    hers::grounds(&inside, scene, lane(y.min, y.max), &axes);
    for key in (12..120).step_by(12).filter(|key| axes.y.contains(axes.y(*key as f32))) {
        let height = axes.y(key as f32);
        painter.hline(x, height, Stroke::new(1.0, ink.line));
        let at = pos2(rect.min.x + space.u(NAMES - 4.0), height);
        painter.text(at, Align2::RIGHT_CENTER, note_name(key), space.font(11.5), ink.quiet);
    }
    painter.hline(x, y.min, Stroke::new(1.0, ink.line));
    painter.hline(x, y.max, Stroke::new(1.0, ink.line));
    ours::beats(&inside, scene, lane(y.min, rect.max.y), &axes);
    hers::phrases(&inside, scene, lane(y.min, y.max), &axes);
    ours::bars(&inside, scene, &axes);
    hers::notes(&inside, scene, &axes);
    hers::line(&inside, scene, &axes);
    ours::chords(&inside, scene, lane(rect.min.y, y.min), &axes);
    painter.vline(x.max, rect.y_range().shrink(space.u(4.0)), Stroke::new(1.0, ink.quiet));
    let response = ui.interact(rect, ui.scope_id().with("picture"), Sense::hover());
    let about = "What was sung and played in the last eight seconds";
    response.widget_info(|| WidgetInfo::labeled(Role::Image, true, about));
    response.on_hover_text("The line is the client's voice, the bars are Antiphon's. Chords above, beats below.");
}
