//! The drawings of a report, each a small SVG within the page: client and accompaniment in parallel over the session.

mod canvas;
mod diagrams;
mod lanes;
mod lines;
mod matrices;
mod trend;

pub(super) use diagrams::{asynchronies, imitation_map, imitation_profile, latencies};
pub(super) use lanes::{arc, sounding};
pub(super) use lines::{dynamics, features, register, synchrony};
pub(super) use matrices::{matrices, novelty};
pub(super) use trend::trend;

use plotters::prelude::RGBColor;

/// The client's colour, the accompaniment's, and that of both: Okabe & Ito (2008), told apart by all kinds of colour
/// vision and, dark, light and between, in grey print.
pub(super) const CLIENT: RGBColor = RGBColor(0, 114, 178);
pub(super) const OURS: RGBColor = RGBColor(230, 159, 0);
pub(super) const BOTH: RGBColor = RGBColor(0, 158, 115);

/// A drawing with its heading and what it shows.
pub(super) struct Drawing {
    pub title: &'static str,
    pub says: String,
    pub svg: String,
}
