//! Below the pitch: phrases as arcs with what they recall, keys, beats.

use super::look::{GRID, INK, NOTE_ONSET, PITCH, letters, line, px, tint};
use super::page::{Lane, Page};
use super::{Area, Drawn, LEFT_PX, Plane, Row, axis};
use crate::hearing::{From, Phrase};
use plotters::element::EmptyElement;
use plotters::prelude::{ChartBuilder, Color, PathElement, Rectangle, Text};
use plotters::style::FontStyle;
use plotters::style::text_anchor::HPos;
use std::ops::Range;

/// Height of the letters in the lanes, px, and their distance from what they name.
const LETTERS_PX: f64 = 11.0;
const BESIDE_PX: f64 = 3.0;

/// What holds for less than this has no room for its name, s.
const NAMED_S: f64 = 0.8;
const CHORD_NAMED_S: f64 = 0.6;

/// Points of an arc.
const ARC_POINTS: u32 = 16;

/// Heights of a beat within a bar, and of the first of a bar, as shares of the lane.
const BEAT_HEIGHT: f64 = 0.45;
const FIRST_HEIGHT: f64 = 0.9;

pub(super) fn draw(area: &Area<'_>, row: &Row<'_>, page: &Page) -> Drawn {
    let mut rest = area.clone();
    for &lane in &page.lanes {
        let (upper, lower) = rest.split_vertically(px(lane.height_px()));
        let chart = ChartBuilder::on(&upper).margin_left(px(LEFT_PX)).build_cartesian_2d(row.span.clone(), 0.0..1.0)?;
        let plot = chart.plotting_area();
        axis::name_left(plot, (row.span.start, 0.5), name(lane).to_owned())?;
        match lane {
            Lane::Phrases => phrases(plot, row)?,
            Lane::Keys => keys(plot, row)?,
            Lane::Chords => chords(plot, row)?,
            Lane::Beats => beats(plot, row)?,
        }
        rest = lower;
    }
    Ok(())
}

fn name(lane: Lane) -> &'static str {
    match lane {
        Lane::Phrases => "phrase",
        Lane::Keys => "key",
        Lane::Chords => "chord",
        Lane::Beats => "beat",
    }
}

fn phrases(plot: &Plane<'_>, row: &Row<'_>) -> Drawn {
    let clock = row.hearing.clock;
    for phrase in &row.hearing.understood.phrases {
        let (begin, end) = (clock.seconds(phrase.start), clock.seconds(phrase.end));
        if !row.shows(begin, end) {
            continue;
        }
        let arc = (0..=ARC_POINTS).map(|point| {
            let along = f64::from(point) / f64::from(ARC_POINTS);
            (begin + along * (end - begin), 0.1 + 0.7 * (along * std::f64::consts::PI).sin())
        });
        let seen: Vec<(f64, f64)> = arc.filter(|point| row.span.contains(&point.0)).collect();
        plot.draw(&PathElement::new(seen, line(PITCH, 1.2)))?;
        let (from, to) = row.within(begin, end);
        write(plot, ((from + to) / 2.0, 0.35), told(phrase), HPos::Center)?;
    }
    Ok(())
}

/// The phrase's number, and the earlier one that it returns.
fn told(phrase: &Phrase) -> String {
    match phrase.returns {
        Some((earlier, similarity)) => format!("{} like {earlier} ({:.0} %)", phrase.number, 100.0 * similarity),
        None => phrase.number.to_string(),
    }
}

fn keys(plot: &Plane<'_>, row: &Row<'_>) -> Drawn {
    for (span, (key, confidence)) in spans(&row.hearing.understood.keys, row) {
        let corners = [(span.start, 0.1), (span.end, 0.9)];
        plot.draw(&Rectangle::new(corners, tint(NOTE_ONSET, 0.15 + 0.35 * f64::from(confidence)).filled()))?;
        if span.end - span.start >= NAMED_S {
            write(plot, (span.start, 0.5), key.to_string(), HPos::Left)?;
        }
    }
    Ok(())
}

/// The chord under what is sung, a tick where it changes.
fn chords(plot: &Plane<'_>, row: &Row<'_>) -> Drawn {
    for (span, chord) in spans(&row.hearing.understood.chords, row) {
        plot.draw(&PathElement::new([(span.start, 0.1), (span.start, 0.9)], line(GRID, 1.0)))?;
        if span.end - span.start >= CHORD_NAMED_S {
            write(plot, (span.start, 0.5), chord.to_string(), HPos::Left)?;
        }
    }
    Ok(())
}

/// What is claimed in `row`, each with the seconds that it holds there.
fn spans<T: Copy>(held: &[From<T>], row: &Row<'_>) -> impl Iterator<Item = (Range<f64>, T)> {
    let clock = row.hearing.clock;
    held.iter().enumerate().filter_map(move |(index, from)| {
        let begin = clock.seconds(from.time);
        let end = held.get(index + 1).map_or(row.hearing.length_s(), |next| clock.seconds(next.time));
        let what = from.what.filter(|_| row.shows(begin, end))?;
        let (left, right) = row.within(begin, end);
        Some((left..right, what))
    })
}

fn beats(plot: &Plane<'_>, row: &Row<'_>) -> Drawn {
    for beat in &row.hearing.understood.beats {
        let at = row.hearing.clock.seconds(beat.time);
        if row.span.contains(&at) {
            let height = if beat.first { FIRST_HEIGHT } else { BEAT_HEIGHT };
            let style = line(tint(INK, 0.3 + 0.7 * f64::from(beat.clarity)), 1.5);
            plot.draw(&PathElement::new([(at, 0.0), (at, height)], style))?;
        }
    }
    Ok(())
}

fn write(plot: &Plane<'_>, place: (f64, f64), words: String, across: HPos) -> Drawn {
    let style = letters(LETTERS_PX, FontStyle::Normal, across);
    let beside = if matches!(across, HPos::Left) { px(BESIDE_PX) as i32 } else { 0 };
    plot.draw(&(EmptyElement::at(place) + Text::new(words, (beside, 0), style)))
}
