//! Lanes over the session: who sounds when, and the states of the exchange.

use super::canvas::{WIDE_PX, instants, panel, session, svg};
use super::{CLIENT, Drawing, OURS};
use crate::analysis::Note;
use crate::plot::axis::name_left;
use crate::plot::look::{BLACK_KEY, GRID, INK, letters, line, tint};
use crate::plot::{Drawn, Plane};
use crate::report::Report;
use crate::report::session::Part;
use crate::summary::pitch;
use plotters::prelude::{Color, PathElement, RGBColor, Rectangle, Text};
use plotters::style::FontStyle;
use plotters::style::text_anchor::HPos;

/// More notes than this are not drawn one by one; only when each player sounds.
const NOTES: usize = 3_000;

/// Rests shorter than this share of the session are not seen.
const UNSEEN: f64 = 1.0 / 900.0;

/// Width of a letter of a state's name as a share of the drawing.
const LETTER: f64 = 0.0105;

/// Who plays what and when: every note, or, of very many, when each player sounds.
pub(in crate::report) fn sounding(report: &Report) -> Result<Drawing, String> {
    let (client, ours) = (&report.session.client, &report.session.accompaniment);
    if client.count() + ours.count() <= NOTES { roll(report, client, ours) } else { bars(report, client, ours) }
}

fn roll(report: &Report, client: &Part, ours: &Part) -> Result<Drawing, String> {
    let keys = || client.notes.iter().chain(&ours.notes).map(|note| f64::from(note.key));
    let (low, high) = (keys().fold(60.0, f64::min), keys().fold(67.0, f64::max));
    // Strokes have no pitch: theirs is the lane below all others.
    let has_strokes = client.strokes.len() + ours.strokes.len() > 0;
    let (floor, across) = (low - if has_strokes { 4.0 } else { 1.0 }, session(report.session.length_s));
    let up = floor..high + 1.0;
    let svg = svg((WIDE_PX, 230.0), "Every note of client and accompaniment", |area| {
        let plane = panel(area, across.clone(), up.clone())?;
        for key in (low as u8..=high as u8).filter(|key| key % 12 == 0) {
            let at = f64::from(key);
            plane.draw(&PathElement::new([(across.start, at), (across.end, at)], line(GRID, 0.6)))?;
            name_left(&plane, (across.start, at), pitch(key))?;
        }
        instants(&plane, &across, &up)?;
        let least_s = 0.001 * (across.end - across.start);
        for (part, color) in [(ours, OURS), (client, CLIENT)] {
            for note in &part.notes {
                boxed(&plane, note, f64::from(note.key), least_s, color)?;
            }
            for stroke in &part.strokes {
                boxed(&plane, stroke, floor + 1.5, least_s, color)?;
            }
        }
        Ok(())
    })?;
    let says = "Every note: its length across, its pitch up, stronger in colour where it is louder.";
    Ok(Drawing { title: "What was played", says: says.to_owned(), svg })
}

fn boxed(plane: &Plane<'_>, note: &Note, at: f64, least_s: f64, color: RGBColor) -> Drawn {
    let share = 0.45 + 0.55 * f64::from(note.velocity) / 127.0;
    let corners = [(note.on_s, at + 0.5), (note.off_s.max(note.on_s + least_s), at - 0.5)];
    plane.draw(&Rectangle::new(corners, tint(color, share).filled()))
}

fn bars(report: &Report, client: &Part, ours: &Part) -> Result<Drawing, String> {
    let (across, up) = (session(report.session.length_s), 0.0..2.0);
    let svg = svg((WIDE_PX, 90.0), "When client and accompaniment sound", |area| {
        let plane = panel(area, across.clone(), up.clone())?;
        for (part, color, lane, name) in [(client, CLIENT, 1.0, "client"), (ours, OURS, 0.0, "acc.")] {
            name_left(&plane, (across.start, lane + 0.5), name.to_owned())?;
            let mut seen: Vec<(f64, f64)> = Vec::new();
            for span in part.spans() {
                match seen.last_mut() {
                    Some(last) if span.0 - last.1 < UNSEEN * across.end => last.1 = span.1,
                    _ => seen.push(span),
                }
            }
            for (from, to) in seen {
                plane.draw(&Rectangle::new([(from, lane + 0.85), (to, lane + 0.15)], color.filled()))?;
            }
        }
        instants(&plane, &across, &up)
    })?;
    Ok(Drawing { title: "Who sounds when", says: "Stretches in which each of the two sounds.".to_owned(), svg })
}

/// The states of the exchange; `None` if the session does not tell them.
pub(in crate::report) fn arc(report: &Report) -> Result<Option<Drawing>, String> {
    let arc = report.session.arc();
    if arc.is_empty() {
        return Ok(None);
    }
    let (across, up) = (session(report.session.length_s), 0.0..1.0);
    let ends: Vec<f64> = arc.iter().skip(1).map(|state| state.0).chain([across.end]).collect();
    let svg = svg((WIDE_PX, 66.0), "The states of the exchange", |area| {
        let plane = panel(area, across.clone(), up.clone())?;
        for (index, ((from, name, _), to)) in arc.iter().zip(&ends).enumerate() {
            let color = if index % 2 == 0 { GRID } else { BLACK_KEY };
            plane.draw(&Rectangle::new([(*from, 1.0), (*to, 0.0)], tint(color, 0.8).filled()))?;
            plane.draw(&PathElement::new([(*from, 0.0), (*from, 1.0)], line(INK, 0.8)))?;
            let room = (to - from) / (across.end - across.start);
            // A number stands for a name that has no room; the table below the drawing has both.
            let number = (index + 1).to_string();
            let full = format!("{number} {name}");
            let words = [full, number].into_iter().find(|words| LETTER * (words.len() + 1) as f64 <= room);
            if let Some(words) = words {
                let style = letters(12.5, FontStyle::Normal, HPos::Center);
                plane.draw(&Text::new(words, ((from + to) / 2.0, 0.5), style))?;
            }
        }
        instants(&plane, &across, &up)
    })?;
    Ok(Some(Drawing {
        title: "The course of the exchange",
        says: "The states, numbered as in the table below.".to_owned(),
        svg,
    }))
}
