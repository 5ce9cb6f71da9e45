//! Diagrams of how the two go together: asynchronies, latencies, imitation.

use super::canvas::{HALF_PX, WIDE_PX, instants, panel, plain, session, svg, values};
use super::{BOTH, CLIENT, Drawing, OURS};
use crate::analysis::turns::{ANSWER_S, answers, turns};
use crate::analysis::{LAG_STEP_S, LAGS, NEAR_S, lag_s};
use crate::plot::axis::{frame, name_below, name_left};
use crate::plot::look::{GRID, INK, line, tint};
use crate::plot::{Drawn, Plane};
use crate::report::Report;
use plotters::prelude::{Color, PathElement, RGBColor, Rectangle};
use std::ops::Range;

/// Height of a diagram, px.
const HEIGHT_PX: f64 = 190.0;

/// Bars of asynchronies and of latencies, s.
const ASYNCHRONY_STEP_S: f64 = 0.01;
const LATENCY_STEP_S: f64 = 0.25;

/// Columns of the imitation diagram at most, and lags in a cell.
const COLUMNS: usize = 160;
const LAGS_PER_CELL: usize = 4;

/// Shades of likeness.
const SHADES: f64 = 8.0;

/// How many of `values` lie in each step from `from`.
fn counted(values: impl Iterator<Item = f64>, from: f64, step: f64, bars: usize) -> Vec<f64> {
    let mut counts = vec![0.0; bars];
    values.for_each(|value| counts[(((value - from) / step).max(0.0) as usize).min(bars - 1)] += 1.0);
    counts
}

fn bars(plane: &Plane<'_>, counts: &[f64], from: f64, step: f64, share: Range<f64>, color: RGBColor) -> Drawn {
    for (index, count) in counts.iter().enumerate().filter(|(_, count)| **count > 0.0) {
        let left = from + step * (index as f64 + share.start);
        let right = from + step * (index as f64 + share.end);
        plane.draw(&Rectangle::new([(left, *count), (right, 0.0)], color.filled()))?;
    }
    Ok(())
}

fn most(counts: &[f64]) -> f64 {
    counts.iter().copied().fold(3.0, f64::max) * 1.05
}

/// How far apart attacks are that belong together.
pub(in crate::report) fn asynchronies(report: &Report) -> Result<Drawing, String> {
    let steps = (2.0 * NEAR_S / ASYNCHRONY_STEP_S).round() as usize;
    let counts = counted(report.joint.iter().map(|one| one.off_s), -NEAR_S, ASYNCHRONY_STEP_S, steps);
    let (across, up) = (-NEAR_S..NEAR_S, 0.0..most(&counts));
    let svg = svg((HALF_PX, HEIGHT_PX), "Histogram of asynchronies", |area| {
        let plane = panel(area, across.clone(), up.clone())?;
        values(&plane, &across, &up, &plain)?;
        let (early, late) = counts.split_at(steps / 2);
        bars(&plane, early, -NEAR_S, ASYNCHRONY_STEP_S, 0.1..0.9, OURS)?;
        bars(&plane, late, 0.0, ASYNCHRONY_STEP_S, 0.1..0.9, CLIENT)?;
        for at in [-0.1, 0.0, 0.1] {
            name_below(&plane, (at, 0.0), format!("{:+.0} ms", 1_000.0 * at))?;
        }
        frame(&plane, across.clone(), up.clone())
    })?;
    let says = "How many attacks of the accompaniment came so long after (blue) or before (orange) the client's.";
    Ok(Drawing { title: "Asynchronies", says: says.to_owned(), svg })
}

/// How soon each goes on from the other's turns.
pub(in crate::report) fn latencies(report: &Report) -> Result<Drawing, String> {
    let session = &report.session;
    let after = |turns: &[(f64, f64)], attacks: &[(f64, f64)]| {
        let found = answers(turns, attacks);
        let bars = (ANSWER_S / LATENCY_STEP_S) as usize;
        counted(found.iter().map(|answer| answer.1), 0.0, LATENCY_STEP_S, bars)
    };
    let ours = after(&turns(&session.client.all()), &session.accompaniment.attacks());
    let hers = after(&turns(&session.accompaniment.all()), &session.client.attacks());
    let (across, up) = (0.0..ANSWER_S, 0.0..most(&ours).max(most(&hers)));
    let svg = svg((HALF_PX, HEIGHT_PX), "Histogram of response latencies", |area| {
        let plane = panel(area, across.clone(), up.clone())?;
        values(&plane, &across, &up, &plain)?;
        bars(&plane, &hers, 0.0, LATENCY_STEP_S, 0.08..0.5, CLIENT)?;
        bars(&plane, &ours, 0.0, LATENCY_STEP_S, 0.5..0.92, OURS)?;
        for at in [0.0, 1.0, 2.0, 3.0, 4.0] {
            name_below(&plane, (at, 0.0), format!("{at} s"))?;
        }
        frame(&plane, across.clone(), up.clone())
    })?;
    let says = "How long after the end of a turn the other went on: the accompaniment after the client (orange), the client \
                after the accompaniment (blue).";
    Ok(Drawing { title: "Response latencies", says: says.to_owned(), svg })
}

/// Likeness at every lag over the session.
pub(in crate::report) fn imitation_map(report: &Report) -> Result<Drawing, String> {
    let rows = &report.imitation.rows;
    let many = rows.len().div_ceil(COLUMNS).max(1);
    let cells = LAGS.div_ceil(LAGS_PER_CELL);
    // A cell shows its best lag; a column, which may be many seconds, the mean of their best.
    let column = |rows: &[[Option<f32>; LAGS]], cell: usize| {
        let lags = cell * LAGS_PER_CELL..((cell + 1) * LAGS_PER_CELL).min(LAGS);
        let best = |row: &[Option<f32>; LAGS]| row[lags.clone()].iter().flatten().copied().fold(0.0, f32::max);
        rows.iter().map(best).map(f64::from).sum::<f64>() / rows.len() as f64
    };
    let (across, up) = (session(report.session.length_s), -10.2..10.2);
    let svg = svg((WIDE_PX, 1.15 * HEIGHT_PX), "Imitation diagram", |area| {
        let plane = panel(area, across.clone(), up.clone())?;
        for cell in 0..cells {
            let shades = rows.chunks(many).map(|rows| (column(rows, cell) * SHADES).round() as u8);
            let low = lag_s(cell * LAGS_PER_CELL) - LAG_STEP_S / 2.0;
            let high = low + LAGS_PER_CELL as f64 * LAG_STEP_S;
            runs(shades, |from, to, shade| {
                let at = |index: usize| ((index * many) as f64 - 0.5).clamp(across.start, across.end);
                let corners = [(at(from), high.min(up.end)), (at(to), low)];
                plane.draw(&Rectangle::new(corners, tint(BOTH, f64::from(shade) / SHADES).filled()))
            })?;
        }
        for lag in [-10.0, -5.0, 0.0, 5.0, 10.0] {
            plane.draw(&PathElement::new([(across.start, lag), (across.end, lag)], line(GRID, 0.8)))?;
            name_left(&plane, (across.start, lag), format!("{lag:+} s"))?;
        }
        instants(&plane, &across, &up)
    })?;
    let says = "How like the client's playing at each moment the accompaniment's is so many seconds later (above 0: the \
                accompaniment imitates) or earlier (below: the client imitates): contour, rhythm and loudness within four \
                seconds; stronger colour is more alike.";
    Ok(Drawing { title: "Imitation diagram", says: says.to_owned(), svg })
}

/// Calls `draw` with every run of one shade that is not blank: its first place, the one after its last, and the shade.
pub(super) fn runs(shades: impl Iterator<Item = u8>, mut draw: impl FnMut(usize, usize, u8) -> Drawn) -> Drawn {
    let shades: Vec<u8> = shades.collect();
    let mut from = 0;
    for to in 1..=shades.len() {
        if to == shades.len() || shades[to] != shades[from] {
            if shades[from] > 0 {
                draw(from, to, shades[from])?;
            }
            from = to;
        }
    }
    Ok(())
}

/// Mean likeness by lag, with its peak if one stands out; `None` if nothing could be compared.
pub(in crate::report) fn imitation_profile(report: &Report) -> Result<Option<Drawing>, String> {
    let Some(profile) = &report.imitation.profile else { return Ok(None) };
    let high = profile.iter().copied().fold(0.3, f64::max) * 1.08;
    let (across, up) = (-10.0..10.0, 0.0..high);
    let peak = report.imitation.peak();
    let svg = svg((WIDE_PX, 0.7 * HEIGHT_PX), "Likeness by lag", |area| {
        let plane = panel(area, across.clone(), up.clone())?;
        values(&plane, &across, &up, &plain)?;
        for lag in [-10.0, -5.0, 0.0, 5.0, 10.0] {
            name_below(&plane, (lag, 0.0), format!("{lag:+} s"))?;
        }
        plane.draw(&PathElement::new([(0.0, 0.0), (0.0, high)], line(GRID, 1.4)))?;
        if let Some(peak) = peak {
            plane.draw(&PathElement::new([(peak.lag_s, 0.0), (peak.lag_s, high)], line(INK, 1.2)))?;
        }
        let points: Vec<(f64, f64)> = profile.iter().enumerate().map(|(lag, value)| (lag_s(lag), *value)).collect();
        plane.draw(&PathElement::new(points, line(BOTH, 2.0)))?;
        frame(&plane, across.clone(), up.clone())
    })?;
    let says = match (peak, report.imitation.asymmetry()) {
        (Some(peak), Some(asymmetry)) => format!(
            "Mean over the session. It peaks at {:+.1} s ({:.2}); asymmetry {asymmetry:+.2} (1: only the accompaniment \
             imitates, -1: only the client).",
            peak.lag_s, peak.likeness
        ),
        _ => "Mean over the session. No lag stands out.".to_owned(),
    };
    Ok(Some(Drawing { title: "Likeness by lag", says, svg }))
}
