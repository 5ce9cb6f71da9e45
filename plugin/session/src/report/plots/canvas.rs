//! A drawing surface that stands within a page, and the axes of time and of values.

use crate::plot::axis::{frame, name_below, name_left};
use crate::plot::look::{GRID, line, px};
use crate::plot::{Area, Drawn, Plane};
use crate::report::html::{clock, escaped};
use plotters::prelude::{ChartBuilder, IntoDrawingArea, PathElement, SVGBackend};
use std::ops::Range;

/// Width of a drawing across the page, px; beside another; and beside two others.
pub(super) const WIDE_PX: f64 = 800.0;
pub(super) const HALF_PX: f64 = 390.0;
pub(super) const THIRD_PX: f64 = 258.0;

/// Room beside the panel, px: names of values at the left, a name's half at the right, instants below.
const LEFT_PX: f64 = 54.0;
const RIGHT_PX: f64 = 18.0;
const BELOW_PX: f64 = 20.0;

/// Steps between instants, s, and how many there are at most.
const STEPS_S: [f64; 15] =
    [1.0, 2.0, 5.0, 10.0, 15.0, 30.0, 60.0, 120.0, 300.0, 600.0, 900.0, 1_200.0, 1_800.0, 3_600.0, 7_200.0];
const INSTANTS: f64 = 11.0;

/// About so many values are named.
const VALUES: f64 = 4.0;

/// Draws on a surface of this size; `label` says what it shows to who cannot see it.
pub(super) fn svg(
    (width_px, height_px): (f64, f64),
    label: &str,
    draw: impl FnOnce(&Area<'_>) -> Drawn,
) -> Result<String, String> {
    let mut text = String::new();
    let drawn = {
        let root = SVGBackend::with_string(&mut text, (px(width_px), px(height_px))).into_drawing_area();
        draw(&root).and_then(|()| root.present())
    };
    drawn.map_err(|error| error.to_string())?;
    // Within a page a drawing needs no namespace, and the page gives its size.
    let head_ends = text.find('>').ok_or("no drawing")?;
    let (width, height) = (px(width_px), px(height_px));
    let label = escaped(label);
    let head = format!("<svg viewBox=\"0 0 {width} {height}\" role=\"img\" aria-label=\"{label}\"");
    Ok(head + &text[head_ends..])
}

/// A panel of `across` by `up` with a frame, over all of `area`.
pub(super) fn panel<'a>(area: &Area<'a>, across: Range<f64>, up: Range<f64>) -> Result<Plane<'a>, PanelError> {
    let chart = ChartBuilder::on(area)
        .margin_left(px(LEFT_PX))
        .margin_right(px(RIGHT_PX))
        .margin_top(px(5.0))
        .margin_bottom(px(BELOW_PX))
        .build_cartesian_2d(across, up)?;
    Ok(chart.plotting_area().clone())
}

type PanelError = plotters::prelude::DrawingAreaErrorKind<std::io::Error>;

/// The span of a session on the axis of time: no session is so short that it has no width.
pub(super) fn session(length_s: f64) -> Range<f64> {
    0.0..length_s.max(1.0)
}

/// Lines and names at round instants.
pub(super) fn instants(plane: &Plane<'_>, across: &Range<f64>, up: &Range<f64>) -> Drawn {
    let length_s = across.end - across.start;
    let step = STEPS_S.into_iter().find(|step| length_s / step <= INSTANTS).unwrap_or(length_s);
    for index in 0..=(length_s / step) as usize {
        let at = across.start + index as f64 * step;
        plane.draw(&PathElement::new([(at, up.start), (at, up.end)], line(GRID, 0.6)))?;
        name_below(plane, (at, up.start), clock(at))?;
    }
    frame(plane, across.clone(), up.clone())
}

/// Lines and names at round values; `told` names them.
pub(super) fn values(plane: &Plane<'_>, across: &Range<f64>, up: &Range<f64>, told: &dyn Fn(f64) -> String) -> Drawn {
    stepped(plane, across, up, round_step(up.end - up.start), told)
}

/// Lines and names at the multiples of `step`.
pub(super) fn stepped(
    plane: &Plane<'_>,
    across: &Range<f64>,
    up: &Range<f64>,
    step: f64,
    told: &dyn Fn(f64) -> String,
) -> Drawn {
    let mut at = (up.start / step).ceil() * step;
    while at <= up.end + step * 1e-6 {
        plane.draw(&PathElement::new([(across.start, at), (across.end, at)], line(GRID, 0.6)))?;
        name_left(plane, (across.start, at), told(at))?;
        at += step;
    }
    Ok(())
}

/// 1, 2, 2.5 or 5 times a power of ten that goes about four times into `span`.
fn round_step(span: f64) -> f64 {
    let rough = span.max(1e-9) / VALUES;
    let ten = 10.0_f64.powf(rough.log10().floor());
    let steps = [1.0, 2.0, 2.5, 5.0, 10.0];
    steps.into_iter().map(|step| step * ten).find(|step| *step >= rough * 0.99).unwrap_or(10.0 * ten)
}

/// A share in per cent.
pub(super) fn per_cent(value: f64) -> String {
    format!("{:.0} %", 100.0 * value)
}

/// A number with as few decimals as tell it.
pub(super) fn plain(value: f64) -> String {
    let text = format!("{value:.2}");
    let text = text.trim_end_matches('0').trim_end_matches('.');
    if text == "-0" { "0".to_owned() } else { text.to_owned() }
}
