//! Sizes, colours and letters of the drawing.

use plotters::prelude::{Color, RGBAColor, RGBColor, ShapeStyle};
use plotters::style::text_anchor::{HPos, Pos, VPos};
use plotters::style::{FontFamily, FontStyle, IntoFont, TextStyle};

/// Units of the drawing in a pixel: the backend draws on whole units, and a pitch line is finer than a pixel.
pub(crate) const UNITS_PER_PX: f64 = 8.0;

/// `pixels` in units of the drawing.
pub(crate) fn px(pixels: f64) -> u32 {
    (pixels * UNITS_PER_PX).round() as u32
}

// The palette of Okabe & Ito (2008), told apart by all kinds of colour vision and, by lightness, in grey print.

/// What is true.
pub(crate) const TRUE: RGBColor = RGBColor(230, 159, 0);
/// The pitch that was heard.
pub(crate) const PITCH: RGBColor = RGBColor(0, 60, 120);
/// A note that was heard.
pub(crate) const NOTE: RGBColor = RGBColor(86, 180, 233);
/// The beginning of a note.
pub(crate) const NOTE_ONSET: RGBColor = RGBColor(0, 158, 115);
/// A hit.
pub(crate) const HIT: RGBColor = RGBColor(213, 94, 0);
/// The level.
pub(crate) const LEVEL: RGBColor = RGBColor(150, 150, 150);
/// Lines of the note grid, and the rows of the black keys.
pub(crate) const GRID: RGBColor = RGBColor(205, 205, 205);
/// The rows of the black keys.
pub(crate) const BLACK_KEY: RGBColor = RGBColor(244, 244, 244);
/// Letters and axes.
pub(crate) const INK: RGBColor = RGBColor(40, 40, 40);

/// A line of `color`, `width_px` wide.
pub(crate) fn line(color: impl Color, width_px: f64) -> ShapeStyle {
    ShapeStyle { color: color.to_rgba(), filled: false, stroke_width: px(width_px).max(1) }
}

/// `color`, so much of it, 0-1.
pub(crate) fn tint(color: RGBColor, share: f64) -> RGBAColor {
    color.mix(share)
}

/// Letters `size_px` high in the reader's own sans-serif.
pub(crate) fn letters(size_px: f64, weight: FontStyle, across: HPos) -> TextStyle<'static> {
    let font = (FontFamily::SansSerif, f64::from(px(size_px)), weight).into_font();
    TextStyle::from(font).color(&INK).pos(Pos::new(across, VPos::Center))
}
