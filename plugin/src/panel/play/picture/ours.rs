//! Antiphon in the picture: its voices as soft bars, the chords it plays, the beats it keeps.

use super::Axes;
use crate::panel::scene::Scene;
use crate::panel::words;
use egui::{Align2, Painter, Rect, Stroke, pos2};

/// How faint the softest note is, and how full the loudest.
const FAINT: f32 = 0.5;
const FULL: f32 = 1.0;

/// The bars: a note each, fuller the louder it was played.
pub fn bars(painter: &Painter, scene: &Scene<'_>, axes: &Axes) {
    let space = scene.space;
    let half = (axes.semitone() * 0.42).clamp(space.u(2.5), space.u(6.0));
    for note in &scene.trail.ours {
        let (from, to) = (axes.x(note.on_s), axes.x(note.off_s));
        if to < axes.x.min {
            continue;
        }
        let y = axes.y(f32::from(note.key));
        let place = Rect::from_x_y_ranges(from..=to.max(from + 2.0), y - half..=y + half);
        let full = FAINT + (FULL - FAINT) * f32::from(note.velocity) / 127.0;
        painter.rect_filled(place, half, scene.ink.of_voice(note.voice).gamma_multiply(full));
    }
}

/// The chords, each where it began; the one that goes on from before the picture stands at its left end.
pub fn chords(painter: &Painter, scene: &Scene<'_>, lane: Rect, axes: &Axes) {
    let (ink, space) = (scene.ink, scene.space);
    let chords = &scene.trail.chords;
    for (index, (at_s, chord)) in chords.iter().enumerate() {
        let Some(chord) = chord else { continue };
        let until = chords.get(index + 1).map_or(lane.max.x, |(next_s, _)| axes.x(*next_s));
        let from = axes.x(*at_s).max(lane.min.x);
        let galley = painter.layout_no_wrap(words::of_chord(*chord), space.font(13.0), ink.ours);
        let left = from + space.u(4.0);
        if left + galley.size().x + 2.0 <= until.min(lane.max.x) {
            let at = Align2::LEFT_CENTER.anchor_size(pos2(left, lane.center().y), galley.size()).min;
            painter.galley(at, galley, ink.ours);
            if axes.x(*at_s) >= lane.min.x {
                painter.vline(
                    from,
                    lane.y_range().shrink(space.u(3.0)),
                    Stroke::new(1.5, ink.ours.gamma_multiply(0.6)),
                );
            }
        }
    }
}

/// The beats: a tick each, taller and through the picture at the first of a bar.
pub fn beats(painter: &Painter, scene: &Scene<'_>, below: Rect, axes: &Axes) {
    let (ink, space) = (scene.ink, scene.space);
    let floor = below.max.y - space.u(7.0);
    for beat in &scene.trail.beats {
        let x = axes.x(beat.at_s);
        if x < below.min.x {
            continue;
        }
        if beat.first {
            painter.vline(x, below.min.y..=floor - space.u(7.0), Stroke::new(1.0, ink.line));
        }
        let radius = if beat.first { 3.5 } else { 2.0 };
        painter.circle_filled(pos2(x, floor), space.u(radius), ink.quiet);
    }
}
