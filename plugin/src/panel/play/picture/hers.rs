//! The client in the picture: her line, her notes behind it, her phrases under it, her strokes.

use super::Axes;
use crate::panel::scene::Scene;
use egui::{Align2, Color32, Painter, Pos2, Rangef, Rect, Shape, Stroke, pos2, vec2};

/// Least distance between two points of the line, points: finer ones are not seen.
const FINEST: f32 = 1.5;

/// How far the line may pass by what was heard, points: a tenth of its width is not seen.
const PASSES: f32 = 0.25;

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
        painter.add(Shape::line(simpler(&run), Stroke::new(width, colour)));
    }
}

/// The fewest corners of `run`, from left to right, whose line passes by none of its points at more than [`PASSES`].
///
/// Each line is drawn on for as long as a slope is left that suits all points since its beginning: Reumann, K. and
/// Witkam, A. (1974); Sklansky, J. and Gonzalez, V. (1980), "Fast polygonal approximation of digitized curves".
fn simpler(run: &[Pos2]) -> Vec<Pos2> {
    let Some((first, rest)) = run.split_first() else { return Vec::new() };
    let (mut corners, mut from, mut last, mut suits) = (vec![*first], *first, *first, Rangef::EVERYTHING);
    let slope = |from: Pos2, to: Pos2| (to.y - from.y) / (to.x - from.x);
    for at in rest {
        if !suits.contains(slope(from, *at)) {
            corners.push(last);
            (from, suits) = (last, Rangef::EVERYTHING);
        }
        let passes = vec2(0.0, PASSES);
        suits = suits.intersection(Rangef::new(slope(from, *at - passes), slope(from, *at + passes)));
        last = *at;
    }
    corners.push(last);
    corners
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::f32::consts::TAU;

    #[test]
    fn a_simpler_line_passes_by_no_point_and_keeps_the_ends() {
        for (wide, high) in [(80.0, 30.0), (10.0, 3.0), (400.0, 0.1)] {
            let run: Vec<Pos2> =
                (0..290).map(|i| i as f32 * FINEST).map(|x| pos2(x, high * (x / wide * TAU).sin())).collect();
            let corners = simpler(&run);
            assert!(corners.len() <= run.len() && corners.first() == run.first() && corners.last() == run.last());
            for at in &run {
                let next = corners.iter().position(|corner| corner.x >= at.x).unwrap_or_default().max(1);
                let (from, to) = (corners[next - 1], corners[next]);
                let y = from.y + (to.y - from.y) * (at.x - from.x) / (to.x - from.x);
                assert!((y - at.y).abs() <= PASSES + 1e-3, "{at} at {y}");
            }
        }
    }

    #[test]
    fn a_held_tone_is_one_stroke_and_a_leap_of_the_voice_keeps_its_corner() {
        let run = |of: fn(i32) -> f32| (0..20).map(|i| pos2(i as f32 * 2.0, of(i))).collect::<Vec<_>>();
        assert_eq!(simpler(&run(|_| 7.0)).len(), 2);
        assert_eq!(simpler(&run(|i| 3.0 * i as f32)).len(), 2);
        let corner = simpler(&run(|i| if i < 10 { 0.0 } else { 20.0 }));
        assert_eq!(corner, [pos2(0.0, 0.0), pos2(18.0, 0.0), pos2(20.0, 20.0), pos2(38.0, 20.0)]);
    }
}
