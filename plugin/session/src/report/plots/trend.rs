//! One figure over several sessions.

use super::canvas::{THIRD_PX, panel, svg, values};
use crate::plot::axis::{frame, name_below};
use crate::plot::look::line;
use plotters::prelude::{Color, PathElement, RGBColor, Rectangle};

/// Height of a drawing, px.
const HEIGHT_PX: f64 = 130.0;

/// Half the side of a point, as a share of the panel.
const POINT: (f64, f64) = (0.012, 0.03);

/// A player's colour, and its figure session by session.
pub(in crate::report) type Figure<'a> = (RGBColor, &'a [Option<f64>]);

/// `figures` over sessions counted from 1, with values told by `told`; `label` says what it shows.
pub(in crate::report) fn trend(
    label: &str,
    figures: &[Figure<'_>],
    told: &dyn Fn(f64) -> String,
) -> Result<String, String> {
    let known = || figures.iter().flat_map(|figure| figure.1).copied().flatten();
    let (low, high) = (known().fold(f64::INFINITY, f64::min), known().fold(f64::NEG_INFINITY, f64::max));
    let (low, high) = if low > high { (0.0, 1.0) } else { (low, high) };
    let beyond = (0.15 * (high - low)).max(0.02 * high.abs()).max(0.01);
    let count = figures.iter().map(|figure| figure.1.len()).max().unwrap_or(1);
    let (across, up) = (0.6..count as f64 + 0.4, low - beyond..high + beyond);
    svg((THIRD_PX, HEIGHT_PX), label, |area| {
        let plane = panel(area, across.clone(), up.clone())?;
        values(&plane, &across, &up, told)?;
        let step = count.div_ceil(12);
        for session in (1..=count).step_by(step) {
            name_below(&plane, (session as f64, up.start), session.to_string())?;
        }
        let (half_x, half_y) = (POINT.0 * (across.end - across.start), POINT.1 * (up.end - up.start));
        for (color, values) in figures {
            let points = values.iter().enumerate().filter_map(|(index, value)| Some(((index + 1) as f64, (*value)?)));
            let points: Vec<(f64, f64)> = points.collect();
            plane.draw(&PathElement::new(points.clone(), line(*color, 2.0)))?;
            for (x, y) in points {
                let corners = [(x - half_x, y + half_y), (x + half_x, y - half_y)];
                plane.draw(&Rectangle::new(corners, color.filled()))?;
            }
        }
        frame(&plane, across.clone(), up.clone())
    })
}
