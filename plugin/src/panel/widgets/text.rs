//! Text that fits: a line that is too long for its place is set smaller, and cut with dots only as a last resort.

use crate::panel::space::SMALLEST_TEXT;
use egui::text::{LayoutJob, TextWrapping};
use egui::{Align2, Color32, FontId, Galley, Painter, Pos2, Rect, TextFormat};
use std::sync::Arc;

/// One line of `text` in at most `width` points, of the size of `font` if there is room for it.
pub fn fitted(painter: &Painter, text: &str, font: &FontId, width: f32, colour: Color32) -> Arc<Galley> {
    let line = painter.layout_no_wrap(text.to_owned(), font.clone(), colour);
    if line.size().x <= width {
        return line;
    }
    let size = (font.size * width / line.size().x * 0.99).max(SMALLEST_TEXT.min(font.size));
    let format = TextFormat::simple(FontId::new(size, font.family.clone()), colour);
    let mut job = LayoutJob::single_section(text.to_owned(), format);
    job.wrap = TextWrapping::truncate_at_width(width.max(1.0));
    painter.layout_job(job)
}

/// Draws such a line; gives where it stands.
pub fn line(
    painter: &Painter,
    at: Pos2,
    align: Align2,
    text: &str,
    font: &FontId,
    width: f32,
    colour: Color32,
) -> Rect {
    let galley = fitted(painter, text, font, width, colour);
    let rect = align.anchor_size(at, galley.size());
    painter.galley(rect.min, galley, colour);
    rect
}

/// Draws `text` in `rect`, in as many lines as it needs, from the left and in the middle of its height; smaller if it
/// would stand over.
pub fn block(painter: &Painter, rect: Rect, text: &str, font: &FontId, colour: Color32) {
    let set = |size: f32| painter.layout(text.to_owned(), FontId::new(size, font.family.clone()), colour, rect.width());
    let mut size = font.size;
    let mut galley = set(size);
    while galley.size().y > rect.height() && size > SMALLEST_TEXT {
        size = (size - 1.0).max(SMALLEST_TEXT);
        galley = set(size);
    }
    let at = Align2::LEFT_CENTER.anchor_size(rect.left_center(), galley.size());
    painter.galley(at.min, galley, colour);
}
