//! Rectangles that need no more than whole pixels.

use super::disc::Disc;
use egui::emath::GuiRounding;
use egui::epaint::{ClippedShape, RectShape};
use egui::{Color32, Mesh, Pos2, Rect, Shape, Stroke, Vec2, pos2, vec2};

/// Corners rounder than this are drawn round, pixels: of a smaller one hardly a pixel is missing.
const ROUND: f32 = 2.0;

/// A rectangle of one colour with round corners, on whole pixels.
#[derive(Clone, Copy, Debug)]
pub struct Plain {
    /// Where it lies.
    pub rect: Rect,
    /// Radius of its corners, points.
    pub corner: f32,
    /// What it is filled with.
    pub colour: Color32,
}

impl Plain {
    /// The rectangle that `shape` is, if it is nothing more: one without edge, or a straight line of whole pixels.
    pub fn of(shape: &ClippedShape, pixels_per_point: f32) -> Option<Self> {
        if shape.transform_after_tessellation != Default::default() {
            return None;
        }
        match &shape.shape {
            Shape::Rect(rect) => Self::of_rect(rect, pixels_per_point),
            Shape::LineSegment { points, stroke } => Self::of_line(*points, *stroke, pixels_per_point),
            _ => None,
        }
    }

    fn of_rect(shape: &RectShape, pixels_per_point: f32) -> Option<Self> {
        let RectShape { rect, corner_radius, fill, stroke, blur_width, brush, angle, .. } = shape;
        if !stroke.is_empty() || *blur_width != 0.0 || *angle != 0.0 || brush.is_some() || !corner_radius.is_same() {
            return None;
        }
        let rect = rect.round_to_pixels(pixels_per_point);
        // A thinner one is a line, with soft edges.
        if rect.size().min_elem() * pixels_per_point <= 2.5 {
            return None;
        }
        let corner = f32::from(corner_radius.nw).min(rect.size().min_elem() / 2.0);
        let corner = (corner * pixels_per_point).floor() / pixels_per_point;
        let corner = if corner * pixels_per_point > ROUND { corner } else { 0.0 };
        Some(Self { rect, corner, colour: *fill })
    }

    fn of_line([from, to]: [Pos2; 2], stroke: Stroke, pixels_per_point: f32) -> Option<Self> {
        let wide = stroke.width * pixels_per_point;
        let straight = from.x == to.x || from.y == to.y;
        if !straight || wide < 0.9 || (wide - wide.round()).abs() > 0.25 {
            return None;
        }
        let mut rect = Rect::from_two_pos(from, to);
        let across = if from.x == to.x { vec2(stroke.width, 0.0) } else { vec2(0.0, stroke.width) };
        rect = rect.expand2(across / 2.0);
        rect = Rect::from_min_size(
            rect.min.round_to_pixels(pixels_per_point),
            rect.size().round_to_pixels(pixels_per_point),
        );
        rect.is_positive().then_some(Self { rect, corner: 0.0, colour: stroke.color })
    }

    /// All of it but the corners: one from end to end, and one at each side of it. Long thin ones cost more than short.
    pub fn bands(&self) -> impl Iterator<Item = Rect> {
        let (Rect { min, max }, by) = (self.rect, self.corner);
        let (along, across) =
            if self.rect.width() < self.rect.height() { (Vec2::Y, Vec2::X) } else { (Vec2::X, Vec2::Y) };
        let (ends, sides) = (along * by, across * by);
        let middle = Rect::from_min_max(min + ends, max - ends);
        // What is as far along as the first corner, and as the last.
        let first = Rect::from_min_max(min + sides, min + ends + across * (max - min) - sides);
        let last = Rect::from_min_max(max - ends - across * (max - min) + sides, max - sides);
        [middle, first, last].into_iter().filter(Rect::is_positive)
    }

    /// The corners, and which way each points.
    pub fn corners(&self) -> impl Iterator<Item = (Rect, Vec2)> {
        let (inner, by) = (self.rect.shrink(self.corner), self.corner);
        let ways = [vec2(-1.0, -1.0), vec2(1.0, -1.0), vec2(-1.0, 1.0), vec2(1.0, 1.0)];
        ways.into_iter().filter(move |_| by > 0.0).map(move |way| {
            let centre = inner.center() + way * inner.size() / 2.0;
            (Rect::from_two_pos(centre, centre + way * by), way)
        })
    }

    /// Adds it to `mesh`.
    pub fn add(&self, disc: Disc, pixels_per_point: f32, mesh: &mut Mesh) {
        let straight = self.rect.height() - 2.0 * self.corner;
        if self.corner == 0.0 || straight * pixels_per_point > 1.5 {
            self.bands().for_each(|band| mesh.add_colored_rect(band, self.colour));
            return self.add_corners(disc, mesh);
        }
        // All of its ends is round: half a disc each.
        let (left, rest) = self.rect.split_left_right_at_x(self.rect.min.x + self.corner);
        let (middle, right) = rest.split_left_right_at_x(self.rect.max.x - self.corner);
        let (from, to) = (disc.centre - disc.reach, disc.centre + disc.reach);
        mesh.add_rect_with_uv(left, Rect::from_min_max(from, pos2(disc.centre.x, to.y)), self.colour);
        mesh.add_rect_with_uv(right, Rect::from_min_max(pos2(disc.centre.x, from.y), to), self.colour);
        if middle.is_positive() {
            mesh.add_colored_rect(middle, self.colour);
        }
    }

    /// Adds the corners to `mesh`, each a quarter of `disc`.
    pub fn add_corners(&self, disc: Disc, mesh: &mut Mesh) {
        for (corner, way) in self.corners() {
            // From left to right and from top to bottom, whichever way the corner points.
            let (from, to) = (disc.centre, disc.centre + way * disc.reach);
            mesh.add_rect_with_uv(corner, Rect::from_min_max(from.min(to), from.max(to)), self.colour);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bands_and_corners_cover_a_rectangle_and_no_pixel_twice() {
        for (corner, size) in
            [(0, vec2(40.0, 30.0)), (8, vec2(200.0, 40.0)), (6, vec2(80.0, 11.0)), (9, vec2(9.0, 9.0))]
        {
            let shape = Shape::rect_filled(Rect::from_min_size(pos2(10.3, 20.6), size), corner, Color32::RED);
            let plain = Plain::of(&ClippedShape::new(Rect::EVERYTHING, shape), 1.0).expect("nothing but a rectangle");
            let parts: Vec<Rect> = plain.bands().chain(plain.corners().map(|(corner, _)| corner)).collect();
            for x in 0..260 {
                for y in 0..80 {
                    let pixel = pos2(x as f32 + 0.5, y as f32 + 0.5);
                    let times = parts.iter().filter(|part| part.contains(pixel)).count();
                    assert_eq!(times, usize::from(plain.rect.contains(pixel)), "{pixel} of {plain:?}");
                }
            }
        }
    }
}
