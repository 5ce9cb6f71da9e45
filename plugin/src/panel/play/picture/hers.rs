//! The client in the picture: her line, her notes behind it, her phrases under it, her strokes.

use super::Axes;
use crate::panel::scene::Scene;
use egui::{Align2, Color32, Painter, Pos2, Rect, Shape, Stroke, pos2, vec2};

/// Least distance between two points of the line, points: finer ones are not seen.
const FINEST: f32 = 1.5;

/// A step larger than this between two points is a leap and is not drawn, semitones.
const LEAP: f32 = 3.0;

/// The ground of the phrases: a breath of her colour. It lies upon nothing but the picture's own ground, and so need not
/// let anything shine through.
pub fn grounds(painter: &Painter, scene: &Scene<'_>, lane: Rect, axes: &Axes) {
    let colour = scene.ink.well.lerp_to_gamma(scene.ink.client, 0.07);
    for span in &scene.trail.phrases {
        let behind = Rect::from_x_y_ranges(axes.x(span.from_s)..=axes.x(span.to_s), lane.y_range()).intersect(lane);
        if behind.is_positive() {
            painter.rect_filled(behind, 0.0, colour);
        }
    }
}

/// The phrases: a bracket under each, with its number.
pub fn phrases(painter: &Painter, scene: &Scene<'_>, lane: Rect, axes: &Axes) {
    let (ink, space) = (scene.ink, scene.space);
    for span in &scene.trail.phrases {
        let (from, to) = (axes.x(span.from_s), axes.x(span.to_s));
        if to < lane.min.x {
            continue;
        }
        let line = Rect::from_x_y_ranges(from + 1.0..=to.max(from + 2.0), lane.max.y - space.u(3.0)..=lane.max.y);
        painter.rect_filled(line, 1.5, ink.client.gamma_multiply(0.6));
        let (font, text) = (space.font(11.5), span.number.to_string());
        let galley = painter.layout_no_wrap(text, font, ink.client);
        let left = from.max(lane.min.x) + space.u(3.0);
        if left + galley.size().x + 2.0 <= to && from >= lane.min.x - 1.0 {
            let at = pos2(left, lane.max.y - space.u(4.0));
            painter.galley(Align2::LEFT_BOTTOM.anchor_size(at, galley.size()).min, galley, ink.client);
        }
    }
}

/// Her notes: where each was heard to be; and her strokes without pitch.
pub fn notes(painter: &Painter, scene: &Scene<'_>, axes: &Axes) {
    let (ink, space) = (scene.ink, scene.space);
    let half = (axes.semitone() * 0.7).clamp(space.u(6.0), space.u(10.0));
    for note in &scene.trail.hers {
        let (from, to) = (axes.x(note.on_s), axes.x(note.off_s));
        if to >= axes.x.min {
            let y = axes.y(f32::from(note.key));
            let place = Rect::from_x_y_ranges(from..=to.max(from + 2.0), y - half..=y + half);
            painter.rect_filled(place, half, ink.client.gamma_multiply(0.22));
        }
    }
    for at_s in &scene.trail.hits {
        let centre = pos2(axes.x(*at_s), axes.y.max - space.u(8.0));
        if centre.x >= axes.x.min {
            let r = space.u(5.0);
            let corners = vec![
                centre - vec2(0.0, r),
                centre + vec2(r * 0.7, 0.0),
                centre + vec2(0.0, r),
                centre - vec2(r * 0.7, 0.0),
            ];
            painter.add(Shape::convex_polygon(corners, ink.client, Stroke::NONE));
        }
    }
}

/// Her line, and a bright point where she is now.
pub fn line(painter: &Painter, scene: &Scene<'_>, axes: &Axes) {
    let (ink, space) = (scene.ink, scene.space);
    let mut run: Vec<Pos2> = Vec::new();
    let mut last_key = f32::NAN;
    for (at_s, key) in scene.trail.line() {
        if at_s > axes.now_s {
            break;
        }
        let x = axes.x(at_s);
        if !key.is_finite() || (key - last_key).abs() > LEAP {
            stroke(painter, std::mem::take(&mut run), ink.client, space.u(2.5));
        }
        if key.is_finite() && x >= axes.x.min - 4.0 && run.last().is_none_or(|last| x - last.x >= FINEST) {
            run.push(pos2(x, axes.y(key)));
        }
        last_key = key;
    }
    if let Some(head) = run.last().copied().filter(|_| scene.view.pitch.is_some()) {
        painter.circle_filled(head, space.u(7.0), ink.client.gamma_multiply(0.25));
        painter.circle_filled(head, space.u(4.0), ink.client);
    }
    stroke(painter, run, ink.client, space.u(2.5));
}

fn stroke(painter: &Painter, run: Vec<Pos2>, colour: Color32, width: f32) {
    if run.len() >= 2 {
        painter.add(Shape::line(run, Stroke::new(width, colour)));
    }
}
