//! Ticks where something begins: what was heard above, what is true below.

use super::look::{HIT, NOTE_ONSET, TRUE, line, px};
use super::truth::Truth;
use super::{Area, Drawn, LEFT_PX, Row};
use antiphon_engine::listen::heard::OnsetKind;
use plotters::prelude::{ChartBuilder, PathElement};

/// A tick is so wide, px.
const TICK_PX: f64 = 2.0;

/// Shortest tick of something heard, as a share of the longest; the strength gives the rest.
const SHORTEST: f64 = 0.4;

/// What is true has so much of the height where it is known, what was heard the rest.
const TRUE_SHARE: f64 = 0.4;

pub(super) fn draw(area: &Area<'_>, row: &Row<'_>) -> Drawn {
    let chart = ChartBuilder::on(area).margin_left(px(LEFT_PX)).build_cartesian_2d(row.span.clone(), 0.0..1.0)?;
    let plot = chart.plotting_area();
    let true_s: Vec<f64> = match row.truth {
        Some(Truth::Onsets(onsets)) => onsets.clone(),
        Some(Truth::Notes(notes)) => notes.iter().map(|note| note.0).collect(),
        Some(Truth::Pitch(_)) | None => Vec::new(),
    };
    let foot = if true_s.is_empty() { 0.0 } else { TRUE_SHARE };
    for &at in true_s.iter().filter(|at| row.span.contains(at)) {
        plot.draw(&PathElement::new([(at, 0.0), (at, foot)], line(TRUE, TICK_PX)))?;
    }
    for onset in &row.hearing.onsets {
        let at = row.hearing.clock.seconds(onset.time);
        if row.span.contains(&at) {
            let color = match onset.kind {
                OnsetKind::Note => NOTE_ONSET,
                OnsetKind::Percussive => HIT,
            };
            let height = SHORTEST + (1.0 - SHORTEST) * f64::from(onset.strength);
            let top = foot + (1.0 - foot) * height;
            plot.draw(&PathElement::new([(at, foot), (at, top)], line(color, TICK_PX)))?;
        }
    }
    Ok(())
}
