//! Pitch against time over the keys: the truth, the notes as boxes, the pitch that was heard as a line.

use super::axis;
use super::look::{BLACK_KEY, GRID, NOTE, PITCH, TRUE, line, px, tint};
use super::truth::Truth;
use super::{Area, Drawn, LEFT_PX, Plane, Row};
use crate::hearing::agreement::{VOICED, key_of_hz};
use crate::summary::pitch;
use plotters::prelude::{ChartBuilder, Color, PathElement, RGBColor, Rectangle, ShapeStyle};
use std::ops::Range;

/// Lines of pitch and truth, px.
const PITCH_PX: f64 = 1.6;
const TRUE_PX: f64 = 5.0;

/// Beyond so many keys only C, E and G are named, and beyond that only C.
const NAMED_KEYS: (f64, f64) = (26.0, 44.0);

/// Two points of a curve farther apart than this are not joined, s.
const BREAK_S: f64 = 0.02;

/// Nor are two that are farther apart than this, keys: between two hops no voice goes so far.
const JUMP: f64 = 1.0;

/// A point that is joined to none is a dash so long, s.
const DASH_S: f64 = 0.01;

/// Half the height of a note's box, keys.
const HALF_NOTE: f64 = 0.42;

/// How much of its colour the softest and the loudest note has.
const NOTE_SHARE: (f64, f64) = (0.2, 0.75);

pub(super) fn draw(area: &Area<'_>, row: &Row<'_>, keys: Range<f64>) -> Drawn {
    let shown = || keys.start.ceil().max(0.0) as u8..=keys.end.floor().min(127.0) as u8;
    let span = keys.end - keys.start;
    let is_named = |key: &u8| match key % 12 {
        0 => true,
        4 | 7 => span <= NAMED_KEYS.1,
        2 | 5 | 9 | 11 => span <= NAMED_KEYS.0,
        _ => false,
    };
    let chart = ChartBuilder::on(area).margin_left(px(LEFT_PX)).build_cartesian_2d(row.span.clone(), keys.clone())?;
    let plot = chart.plotting_area();
    for key in shown().filter(|key| matches!(key % 12, 1 | 3 | 6 | 8 | 10)) {
        let (low, high) = (f64::from(key) - 0.5, f64::from(key) + 0.5);
        plot.draw(&Rectangle::new([(row.span.start, low), (row.span.end, high)], BLACK_KEY.filled()))?;
    }
    for key in shown().filter(|key| key % 12 == 0) {
        plot.draw(&PathElement::new(
            [(row.span.start, f64::from(key)), (row.span.end, f64::from(key))],
            line(GRID, 1.0),
        ))?;
    }
    for second in row.span.start.ceil() as u64..=row.span.end as u64 {
        let at = second as f64;
        plot.draw(&PathElement::new([(at, keys.start), (at, keys.end)], line(GRID, 0.5)))?;
    }
    for key in shown().filter(is_named) {
        axis::name_left(plot, (row.span.start, f64::from(key)), pitch(key))?;
    }
    axis::frame(plot, row.span.clone(), keys.clone())?;
    match row.truth {
        Some(Truth::Pitch(curve)) => curves(plot, row, &keys, curve.iter().copied(), TRUE, TRUE_PX)?,
        Some(Truth::Notes(notes)) => {
            for note in notes.iter().filter(|note| row.shows(note.0, note.1)) {
                let (from, to) = row.within(note.0, note.1);
                frame(plot, from..to, note.2, TRUE, TRUE_PX / 2.0)?;
            }
        }
        Some(Truth::Onsets(_)) | None => {}
    }
    notes(plot, row)?;
    let clock = row.hearing.clock;
    let voiced = row.hearing.hops.iter().map(|hop| {
        let f0_hz = if hop.pitch.voicing >= VOICED { hop.pitch.f0_hz } else { 0.0 };
        (clock.seconds(hop.pitch.time), f64::from(f0_hz))
    });
    curves(plot, row, &keys, voiced, PITCH, PITCH_PX)
}

fn notes(plot: &Plane<'_>, row: &Row<'_>) -> Drawn {
    for note in &row.hearing.notes {
        let (begin, end) = row.hearing.span_s(note);
        if row.shows(begin, end) {
            let (from, to) = row.within(begin, end);
            let (key, loud) = (f64::from(note.key), f64::from(note.velocity) / 127.0);
            let share = NOTE_SHARE.0 + (NOTE_SHARE.1 - NOTE_SHARE.0) * loud;
            let corners = [(from, key + HALF_NOTE), (to, key - HALF_NOTE)];
            plot.draw(&Rectangle::new(corners, tint(NOTE, share).filled()))?;
            frame(plot, from..to, key, PITCH, 0.6)?;
        }
    }
    Ok(())
}

/// The outline of a note.
fn frame(plot: &Plane<'_>, span: Range<f64>, key: f64, color: RGBColor, width_px: f64) -> Drawn {
    let (low, high) = (key - HALF_NOTE, key + HALF_NOTE);
    let corners = [(span.start, low), (span.start, high), (span.end, high), (span.end, low), (span.start, low)];
    plot.draw(&PathElement::new(corners, line(color, width_px)))
}

/// Lines through (s, Hz) wherever there is a pitch; what lies beyond the keys stands at their edge.
fn curves(
    plot: &Plane<'_>,
    row: &Row<'_>,
    keys: &Range<f64>,
    points: impl Iterator<Item = (f64, f64)>,
    color: RGBColor,
    width_px: f64,
) -> Drawn {
    let mut curve: Vec<(f64, f64)> = Vec::new();
    for (at, f0_hz) in points.filter(|point| row.span.contains(&point.0)) {
        let key = key_of_hz(f0_hz).clamp(keys.start, keys.end);
        let joins = |last: &(f64, f64)| at - last.0 < BREAK_S && (key - last.1).abs() < JUMP;
        if f0_hz <= 0.0 || !curve.last().is_none_or(joins) {
            curve_through(plot, &mut curve, line(color, width_px))?;
        }
        if f0_hz > 0.0 {
            curve.push((at, key));
        }
    }
    curve_through(plot, &mut curve, line(color, width_px))
}

/// Draws `curve` and empties it.
fn curve_through(plot: &Plane<'_>, curve: &mut Vec<(f64, f64)>, style: ShapeStyle) -> Drawn {
    if let [(at, key)] = curve[..] {
        curve.push((at + DASH_S, key));
    }
    if curve.is_empty() { Ok(()) } else { plot.draw(&PathElement::new(std::mem::take(curve), style)) }
}
