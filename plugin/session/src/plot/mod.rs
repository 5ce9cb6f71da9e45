//! Draws what was heard as SVG: pitch over the keys, notes, beginnings, voicing and level, and the truth under them;
//! and what was understood: phrases, keys and beats.

pub(crate) mod axis;
mod beginnings;
mod legend;
pub(crate) mod look;
mod page;
mod pitch;
mod strip;
mod truth;
mod understanding;

pub use truth::Truth;

use crate::hearing::Hearing;
use crate::problem::Problem;
use look::px;
use page::Page;
use plotters::coord::Shift;
use plotters::coord::cartesian::Cartesian2d;
use plotters::coord::types::RangedCoordf64;
use plotters::prelude::{DrawingArea, DrawingAreaErrorKind, IntoDrawingArea, SVGBackend, WHITE};
use std::ops::Range;
use std::path::Path;

/// What is drawn on.
pub(crate) type Area<'a> = DrawingArea<SVGBackend<'a>, Shift>;

/// Seconds across, something else up.
pub(crate) type Plane<'a> = DrawingArea<SVGBackend<'a>, Cartesian2d<RangedCoordf64, RangedCoordf64>>;

/// What drawing answers.
pub(crate) type Drawn = Result<(), DrawingAreaErrorKind<std::io::Error>>;

/// Width of the drawing, px: an A4 page across at 100 dots an inch.
const WIDTH_PX: f64 = 1_160.0;

/// Margins around everything, px, and room for the names of keys and levels at the left.
const MARGIN_PX: f64 = 14.0;
const LEFT_PX: f64 = 38.0;

/// Heights, px: title and legend, beginnings above the pitch, what stands below it with its time, the time alone, and the space between two rows.
const HEAD_PX: f64 = 56.0;
const BEGINNINGS_PX: f64 = 20.0;
const BELOW_PX: f64 = 82.0;
const TIME_PX: f64 = 22.0;
const ROW_GAP_PX: f64 = 16.0;

/// Everything that one row shows.
struct Row<'a> {
    hearing: &'a Hearing,
    truth: Option<&'a Truth>,
    /// Seconds of the recording.
    span: Range<f64>,
}

impl Row<'_> {
    /// Whether anything from `begin_s` to `end_s` is seen in this row.
    fn shows(&self, begin_s: f64, end_s: f64) -> bool {
        end_s > self.span.start && begin_s < self.span.end
    }

    /// `begin_s` to `end_s` as far as it lies in this row.
    fn within(&self, begin_s: f64, end_s: f64) -> (f64, f64) {
        (begin_s.max(self.span.start), end_s.min(self.span.end))
    }
}

/// The drawing of `hearing` under `title`, as the text of an SVG file.
pub fn draw(hearing: &Hearing, truth: Option<&Truth>, title: &str) -> Result<String, String> {
    let page = Page::of(hearing, truth);
    let row_px = BEGINNINGS_PX + page.pitch_px + page.understood_px() + below_px(&page);
    let height_px = 2.0 * MARGIN_PX + HEAD_PX + page.rows as f64 * (row_px + ROW_GAP_PX);
    let mut text = String::new();
    let drawn = {
        let root = SVGBackend::with_string(&mut text, (px(WIDTH_PX), px(height_px))).into_drawing_area();
        rows(&root, hearing, truth, title, &page, row_px).and_then(|()| root.present())
    };
    drawn.map_err(|error| error.to_string())?;
    let (in_units, in_px) = (size(px(WIDTH_PX), px(height_px)), size(WIDTH_PX as u32, height_px as u32));
    Ok(text.replacen(&in_units, &in_px, 1))
}

/// As [`draw`], into the file `path`, whose folder is made if need be.
pub fn write(path: &Path, hearing: &Hearing, truth: Option<&Truth>, title: &str) -> Result<(), Problem> {
    let text = draw(hearing, truth, title).map_err(|why| Problem::write(path, why))?;
    let folder = path.parent().map_or(Ok(()), std::fs::create_dir_all);
    folder.and_then(|()| std::fs::write(path, text)).map_err(|error| Problem::write(path, error))
}

/// The size as the backend writes it at the head of the file; the drawing is shown in pixels.
fn size(width: u32, height: u32) -> String {
    format!("width=\"{width}\" height=\"{height}\"")
}

/// Height of what stands below the pitch, px.
fn below_px(page: &Page) -> f64 {
    if page.has_sound { BELOW_PX } else { TIME_PX }
}

fn rows(root: &Area<'_>, hearing: &Hearing, truth: Option<&Truth>, title: &str, page: &Page, row_px: f64) -> Drawn {
    root.fill(&WHITE)?;
    let inner_px = WIDTH_PX - 2.0 * MARGIN_PX;
    let part = |top_px: f64, height_px: f64| {
        let corner = (px(MARGIN_PX) as i32, px(MARGIN_PX + top_px) as i32);
        root.clone().shrink(corner, (px(inner_px), px(height_px)))
    };
    legend::draw(&part(0.0, HEAD_PX), title, hearing, truth, page)?;
    for (index, span) in page.spans().enumerate() {
        let row = Row { hearing, truth, span };
        let top_px = HEAD_PX + index as f64 * (row_px + ROW_GAP_PX);
        beginnings::draw(&part(top_px, BEGINNINGS_PX), &row)?;
        if let Some(keys) = &page.keys {
            pitch::draw(&part(top_px + BEGINNINGS_PX, page.pitch_px), &row, keys.clone())?;
        }
        let understood_top_px = top_px + BEGINNINGS_PX + page.pitch_px;
        understanding::draw(&part(understood_top_px, page.understood_px()), &row, page)?;
        strip::draw(&part(understood_top_px + page.understood_px(), below_px(page)), &row, page)?;
    }
    Ok(())
}

#[cfg(test)]
mod promises;
