//! The discs that egui keeps among its letters, of which round corners are made.

use egui::epaint::{ClippedShape, Primitive};
use egui::{Color32, Context, Mesh, Pos2, Rect, Shape, Vec2};

/// Radius of the largest circle that egui draws with a disc it keeps, pixels: one of 8, less a quarter of an octave.
const LARGEST: f32 = 6.7;

/// How much larger a disc may be drawn than that: its edge, a pixel wide, becomes no softer than one and a half.
const STRETCHED: f32 = 1.8;

/// A disc among the letters.
#[derive(Clone, Copy, Debug)]
pub struct Disc {
    /// Its middle, shares of the texture.
    pub centre: Pos2,
    /// How far it is to the edge, shares of the texture.
    pub reach: Vec2,
}

/// The discs that were asked for in this frame: as the letters become more, they move.
pub struct Discs<'a> {
    context: &'a Context,
    known: Vec<(f32, Option<Disc>)>,
}

impl<'a> Discs<'a> {
    /// None asked for yet.
    pub fn new(context: &'a Context) -> Self {
        Self { context, known: Vec::new() }
    }

    /// The disc that stands for one of `radius` points, unless that is far larger than those that egui keeps.
    pub fn of(&mut self, radius: f32, pixels_per_point: f32) -> Option<Disc> {
        if radius == 0.0 {
            return Some(Disc { centre: Pos2::ZERO, reach: Vec2::ZERO });
        }
        if let Some((_, disc)) = self.known.iter().find(|(known, _)| *known == radius) {
            return *disc;
        }
        let fits = radius * pixels_per_point <= LARGEST * STRETCHED;
        let disc = fits.then(|| self.kept(radius.min(LARGEST / pixels_per_point), pixels_per_point)).flatten();
        self.known.push((radius, disc));
        disc
    }

    /// The disc with which egui draws a circle of `radius` points.
    fn kept(&self, radius: f32, pixels_per_point: f32) -> Option<Disc> {
        let circle = ClippedShape::new(Rect::EVERYTHING, Shape::circle_filled(Pos2::ZERO, radius, Color32::WHITE));
        let drawn = self.context.tessellate(vec![circle], pixels_per_point);
        match &drawn.first()?.primitive {
            // Any other circle has a soft edge of many corners.
            Primitive::Mesh(Mesh { vertices, .. }) if vertices.len() == 4 => {
                let (nearest, farthest) = (vertices[0], vertices[3]);
                let half = (farthest.uv - nearest.uv) / 2.0;
                Some(Disc { centre: nearest.uv + half, reach: half * radius / farthest.pos.x })
            }
            _ => None,
        }
    }
}
