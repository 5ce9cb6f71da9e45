//! Title and legend.

use super::look::{HIT, LEVEL, NOTE, NOTE_ONSET, PITCH, TRUE, letters, line, px, tint};
use super::page::Page;
use super::truth::Truth;
use super::{Area, Drawn};
use crate::hearing::Hearing;
use antiphon_engine::listen::heard::OnsetKind;
use plotters::prelude::{Color, PathElement, RGBColor, Rectangle, Text};
use plotters::style::FontStyle;
use plotters::style::text_anchor::HPos;

/// Height of the letters, px.
const TITLE_PX: f64 = 20.0;
const LEGEND_PX: f64 = 15.0;

/// Where the lines of text stand, px from the top.
const TITLE_AT_PX: f64 = 10.0;
const LEGEND_AT_PX: f64 = 34.0;

/// Width of a sample, of the gap after it, and of a letter on average, px.
const SAMPLE_PX: f64 = 22.0;
const GAP_PX: f64 = 6.0;
const LETTER_PX: f64 = 6.3;

enum Sample {
    Line(RGBColor, f64),
    Box(RGBColor, f64),
    Tick(RGBColor),
}

pub(super) fn draw(area: &Area<'_>, title: &str, hearing: &Hearing, truth: Option<&Truth>, page: &Page) -> Drawn {
    let title =
        Text::new(title.to_owned(), (0, px(TITLE_AT_PX) as i32), letters(TITLE_PX, FontStyle::Bold, HPos::Left));
    area.draw(&title)?;
    let has_pitch = page.keys.is_some();
    let has = |kind| hearing.onsets.iter().any(|onset| onset.kind == kind);
    let true_sample = truth.map(|truth| match truth {
        Truth::Pitch(_) => (Sample::Line(TRUE, 5.0), "true pitch"),
        Truth::Notes(_) => (Sample::Box(TRUE, 0.6), "true note"),
        Truth::Onsets(_) => (Sample::Tick(TRUE), "true onset"),
    });
    let heard_pitch = hearing.hops.iter().any(|hop| hop.pitch.f0_hz > 0.0);
    let samples = [
        (has_pitch && heard_pitch).then_some((Sample::Line(PITCH, 1.6), "heard pitch")),
        has_pitch.then_some((Sample::Box(NOTE, 0.6), "heard note")),
        true_sample,
        has(OnsetKind::Note).then_some((Sample::Tick(NOTE_ONSET), "onset of a note")),
        has(OnsetKind::Percussive).then_some((Sample::Tick(HIT), "onset of a hit")),
        page.has_sound.then_some((Sample::Box(PITCH, 1.0), "voiced")),
        page.has_sound.then_some((Sample::Box(LEVEL, 1.0), "level, dBFS")),
    ];
    let mut left_px = 0.0;
    for (sample, words) in samples.into_iter().flatten() {
        let at = |x_px: f64, y_px: f64| (px(x_px) as i32, px(LEGEND_AT_PX + y_px) as i32);
        let (from, to) = (left_px, left_px + SAMPLE_PX);
        match sample {
            Sample::Line(color, width) => {
                area.draw(&PathElement::new([at(from, 6.0), at(to, 6.0)], line(color, width)))?;
            }
            Sample::Box(color, share) => {
                area.draw(&Rectangle::new([at(from, 1.0), at(to, 11.0)], tint(color, share).filled()))?;
            }
            Sample::Tick(color) => {
                let middle = (from + to) / 2.0;
                area.draw(&PathElement::new([at(middle, 0.0), at(middle, 12.0)], line(color, 2.5)))?;
            }
        }
        left_px = to + GAP_PX;
        let text = Text::new(words, at(left_px, 6.0), letters(LEGEND_PX, FontStyle::Normal, HPos::Left));
        area.draw(&text)?;
        left_px += LETTER_PX * words.len() as f64 + 3.0 * GAP_PX;
    }
    Ok(())
}
