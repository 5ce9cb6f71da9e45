//! Frames around panels, and what stands beside them: keys, levels, seconds.

use super::look::{INK, letters, line, px};
use super::{Drawn, Plane};
use plotters::element::EmptyElement;
use plotters::prelude::{PathElement, Text};
use plotters::style::FontStyle;
use plotters::style::text_anchor::HPos;
use std::ops::Range;

/// Height of the letters, px, and their distance from the frame.
const LETTERS_PX: f64 = 13.0;
const BESIDE_PX: f64 = 5.0;
const BELOW_PX: f64 = 10.0;

/// A line round the panel.
pub(crate) fn frame(plot: &Plane<'_>, across: Range<f64>, up: Range<f64>) -> Drawn {
    let (left, right, low, high) = (across.start, across.end, up.start, up.end);
    let corners = [(left, low), (left, high), (right, high), (right, low), (left, low)];
    plot.draw(&PathElement::new(corners, line(INK, 0.8)))
}

/// A name at the left of `place`.
pub(crate) fn name_left(plot: &Plane<'_>, place: (f64, f64), name: String) -> Drawn {
    let style = letters(LETTERS_PX, FontStyle::Normal, HPos::Right);
    plot.draw(&(EmptyElement::at(place) + Text::new(name, (-(px(BESIDE_PX) as i32), 0), style)))
}

/// A name below `place`.
pub(crate) fn name_below(plot: &Plane<'_>, place: (f64, f64), name: String) -> Drawn {
    let style = letters(LETTERS_PX, FontStyle::Normal, HPos::Center);
    plot.draw(&(EmptyElement::at(place) + Text::new(name, (0, px(BELOW_PX) as i32), style)))
}
