//! Similarity matrices, and novelty: where the music changes.

use super::canvas::{THIRD_PX, WIDE_PX, instants, panel, plain, session, svg, values};
use super::diagrams::runs;
use super::{BOTH, CLIENT, Drawing, OURS};
use crate::analysis::{Cells, Vector, matrix, novelty as checkerboard};
use crate::plot::axis::{frame, name_below, name_left};
use crate::plot::look::{line, tint};
use crate::report::Report;
use crate::report::html::clock;
use plotters::prelude::{Color, PathElement, RGBColor, Rectangle};

/// Cells of a side at most: finer is not seen at this size.
const SIDE: usize = 90;

/// Shades of likeness.
const SHADES: f64 = 7.0;

/// The music is new where novelty is a peak at least this high, and so many peaks are told.
const NEW: f64 = 0.15;
const NEW_MAX: usize = 6;

/// Every moment of one against every moment of the other, as likeness.
pub(in crate::report) fn matrices(report: &Report) -> Result<Vec<Drawing>, String> {
    let [hers, ours] = &report.moments;
    Ok(vec![
        drawing(report, "Client", hers, hers, CLIENT)?,
        drawing(report, "Accompaniment", ours, ours, OURS)?,
        drawing(report, "Client with accompaniment", ours, hers, BOTH)?,
    ])
}

fn drawing(
    report: &Report,
    title: &'static str,
    up: &[Vector],
    across: &[Vector],
    color: RGBColor,
) -> Result<Drawing, String> {
    let cells = coarse(&matrix(up, across));
    let side = session(report.session.length_s);
    let cell_s = side.end / cells.len().max(1) as f64;
    let svg = svg((THIRD_PX, THIRD_PX - 47.0), title, |area| {
        let plane = panel(area, side.clone(), side.clone())?;
        for (index, row) in cells.iter().enumerate() {
            let low = index as f64 * cell_s;
            runs(row.iter().map(|likeness| (likeness * SHADES).round() as u8), |from, to, shade| {
                let corners = [(from as f64 * cell_s, low + cell_s), (to as f64 * cell_s, low)];
                plane.draw(&Rectangle::new(corners, tint(color, f64::from(shade) / SHADES).filled()))
            })?;
        }
        for at in [0.0, side.end / 2.0, side.end] {
            name_below(&plane, (at, 0.0), clock(at))?;
            name_left(&plane, (0.0, at), clock(at))?;
        }
        frame(&plane, side.clone(), side.clone())
    })?;
    Ok(Drawing { title, says: String::new(), svg })
}

/// Means of as many cells as bring the side to [`SIDE`].
fn coarse(cells: &Cells) -> Cells {
    let many = cells.len().div_ceil(SIDE).max(1);
    let mean = |rows: &[Vec<f64>], from: usize| {
        let block = rows.iter().flat_map(|row| &row[from..(from + many).min(row.len())]);
        let (sum, count) = block.fold((0.0, 0.0), |(sum, count), value| (sum + value, count + 1.0));
        sum / count
    };
    cells.chunks(many).map(|rows| (0..rows[0].len()).step_by(many).map(|from| mean(rows, from)).collect()).collect()
}

/// Novelty of both together, one value a moment.
fn values_of(report: &Report) -> Vec<f64> {
    let [hers, ours] = report.moments.each_ref().map(|moments| matrix(moments, moments));
    let mean = |(a, b): (&Vec<f64>, &Vec<f64>)| a.iter().zip(b).map(|(a, b)| (a + b) / 2.0).collect();
    checkerboard(&hers.iter().zip(&ours).map(mean).collect())
}

/// Instants at which the music of both changes most, in time order, s.
fn novel(report: &Report) -> Vec<f64> {
    let values = values_of(report);
    let is_peak = |&index: &usize| {
        let around = &values[index.saturating_sub(4)..(index + 5).min(values.len())];
        values[index] >= NEW && around.iter().all(|value| *value <= values[index])
    };
    let mut peaks: Vec<usize> = (0..values.len()).filter(is_peak).collect();
    peaks.sort_by(|&a, &b| values[b].total_cmp(&values[a]));
    peaks.truncate(NEW_MAX);
    peaks.sort_unstable();
    peaks.into_iter().map(|index| at_s(report, index)).collect()
}

/// The windows trail: the middle of the one that begins a moment's change.
fn at_s(report: &Report, index: usize) -> f64 {
    (index as f64 * report.moment_s - crate::analysis::WINDOW_S / 2.0 + report.moment_s / 2.0).max(0.0)
}

/// Novelty over the session.
pub(in crate::report) fn novelty(report: &Report) -> Result<Drawing, String> {
    let points: Vec<(f64, f64)> =
        values_of(report).into_iter().enumerate().map(|(index, value)| (at_s(report, index), value)).collect();
    let high = points.iter().map(|point| point.1).fold(0.3, f64::max) * 1.08;
    let (across, up) = (session(report.session.length_s), 0.0..high);
    let svg = svg((WIDE_PX, 100.0), "Novelty over the session", |area| {
        let plane = panel(area, across.clone(), up.clone())?;
        values(&plane, &across, &up, &plain)?;
        instants(&plane, &across, &up)?;
        let seen = points.into_iter().filter(|point| point.0 <= across.end);
        plane.draw(&PathElement::new(seen.collect::<Vec<_>>(), line(BOTH, 2.0)))
    })?;
    let at: Vec<String> = novel(report).into_iter().map(clock).collect();
    let most = if at.is_empty() { String::new() } else { format!(" Most at {}.", at.join(", ")) };
    let says = format!("How much the music of both changes from what was before to what comes after.{most}");
    Ok(Drawing { title: "Novelty", says, svg })
}
