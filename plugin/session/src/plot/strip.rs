//! Below the pitch: where it is voiced, how loud it is, and the time.

use super::look::{GRID, LEVEL, PITCH, line, px};
use super::page::Page;
use super::{Area, Drawn, LEFT_PX, Plane, Row, axis};
use plotters::prelude::{ChartBuilder, PathElement, Polygon};

/// Levels that are shown, dBFS, and those that are named.
const LEVELS_DB: (f64, f64) = (-72.0, 0.0);
const NAMED_DB: [f64; 3] = [-60.0, -30.0, 0.0];

/// Heights, px: voicing, and the time.
const VOICING_PX: f64 = 14.0;
const TIME_PX: f64 = 20.0;

/// Steps of voicing and level, s: about two pixels.
const STEP_S: f64 = 0.03;

/// Time labels are at most so many in a row.
const MOST_LABELS: f64 = 22.0;

/// Steps between time labels, s.
const LABEL_STEPS_S: [f64; 6] = [0.1, 0.2, 0.5, 1.0, 2.0, 5.0];

pub(super) fn draw(area: &Area<'_>, row: &Row<'_>, page: &Page) -> Drawn {
    if !page.has_sound {
        let chart = ChartBuilder::on(area).margin_left(px(LEFT_PX)).build_cartesian_2d(row.span.clone(), 0.0..1.0)?;
        return times(chart.plotting_area(), row, 1.0);
    }
    let (upper, lower) = area.split_vertically(px(VOICING_PX));
    voicing(&upper, row)?;
    level(&lower, row)
}

fn voicing(area: &Area<'_>, row: &Row<'_>) -> Drawn {
    let chart = ChartBuilder::on(area)
        .margin_left(px(LEFT_PX))
        .margin_top(px(3.0))
        .margin_bottom(px(3.0))
        .build_cartesian_2d(row.span.clone(), 0.0..1.0)?;
    let outline = outline(row, 0.0, |hop| f64::from(hop.pitch.voicing));
    chart.plotting_area().draw(&Polygon::new(outline, PITCH))
}

fn level(area: &Area<'_>, row: &Row<'_>) -> Drawn {
    let chart = ChartBuilder::on(area)
        .margin_left(px(LEFT_PX))
        .margin_bottom(px(TIME_PX))
        .build_cartesian_2d(row.span.clone(), LEVELS_DB.0..LEVELS_DB.1)?;
    let plot = chart.plotting_area();
    let outline = outline(row, LEVELS_DB.0, |hop| f64::from(hop.level_db).clamp(LEVELS_DB.0, LEVELS_DB.1));
    plot.draw(&Polygon::new(outline, LEVEL))?;
    for level in NAMED_DB {
        plot.draw(&PathElement::new([(row.span.start, level), (row.span.end, level)], line(GRID, 0.5)))?;
        axis::name_left(plot, (row.span.start, level), format!("{level:.0}"))?;
    }
    times(plot, row, LEVELS_DB.0)?;
    axis::frame(plot, row.span.clone(), LEVELS_DB.0..LEVELS_DB.1)
}

/// The time, below `foot`.
fn times(plot: &Plane<'_>, row: &Row<'_>, foot: f64) -> Drawn {
    let length_s = row.span.end - row.span.start;
    let step = LABEL_STEPS_S.into_iter().find(|step| length_s / step <= MOST_LABELS).unwrap_or(length_s);
    let decimals = usize::from(step < 1.0);
    let first = (row.span.start / step).ceil() as u64;
    for index in first..=(row.span.end / step) as u64 {
        let seconds = index as f64 * step;
        axis::name_below(plot, (seconds, foot), format!("{seconds:.decimals$} s"))?;
    }
    Ok(())
}

/// The area under `value`, whose lowest is `foot`: its mean over each step.
fn outline(row: &Row<'_>, foot: f64, value: impl Fn(&crate::hearing::Hop) -> f64) -> Vec<(f64, f64)> {
    let (clock, hops) = (row.hearing.clock, &row.hearing.hops);
    let at = |seconds: f64| hops.partition_point(|hop| clock.seconds(hop.available) < seconds);
    let mut points = vec![(row.span.start, foot)];
    let steps = ((row.span.end - row.span.start) / STEP_S).ceil() as usize;
    for step in 0..steps {
        let from = row.span.start + step as f64 * STEP_S;
        let within = &hops[at(from)..at((from + STEP_S).min(row.span.end))];
        if !within.is_empty() {
            let mean = within.iter().map(&value).sum::<f64>() / within.len() as f64;
            points.extend([(from, mean), ((from + STEP_S).min(row.span.end), mean)]);
        }
    }
    let last = points.last().map_or(row.span.start, |point| point.0);
    points.push((last, foot));
    points
}
