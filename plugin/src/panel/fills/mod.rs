//! Filled rectangles at a fraction of their price, where no graphics card draws.
//!
//! To egui a card is a fan of long thin triangles, each blended in through a texture. Mesa's software renderer takes 4 ms
//! to fill a window of 900x600 so, and 1 ms with one colour. So what is opaque and has nothing drawn under it is filled
//! first, with a brush that does no more, and any other rectangle is made of whole pixels; corners are quarters of the
//! discs that egui keeps among its letters.

mod brush;

use brush::Brush;
use egui::emath::GuiRounding;
use egui::epaint::{ClippedShape, Primitive, RectShape};
use egui::{Color32, Context, FullOutput, Mesh, PaintCallback, Plugin, Pos2, Rect, Shape, Stroke, Vec2, pos2, vec2};
use egui_glow::CallbackFn;
use egui_glow::glow::{self, HasContext};
use std::sync::{Arc, OnceLock};

/// What the names of renderers say that work without a graphics card.
const SOFTWARE: [&str; 5] = ["llvmpipe", "softpipe", "swiftshader", "software", "basic render"];

/// Radius of the largest circle that egui draws with a disc it keeps, pixels: one of 8, less a quarter of an octave.
const LARGEST: f32 = 6.7;

/// How much larger a disc may be drawn than that: its edge, a pixel wide, becomes no softer than one and a half.
const STRETCHED: f32 = 1.8;

/// Corners rounder than this are drawn round, pixels: of a smaller one hardly a pixel is missing.
const ROUND: f32 = 2.0;

/// Smallest rectangle for which what it hides is cut up, square pixels: a triangle more takes the time of 500.
const HIDES: f32 = 4_000.0;

/// Has the rectangles of a panel filled cheaply, if its window is drawn without a graphics card.
#[derive(Debug, Default)]
pub struct Fills {
    /// What fills them, if it is, once a frame has been drawn.
    brush: Arc<OnceLock<Option<Brush>>>,
}

impl Plugin for Fills {
    fn debug_name(&self) -> &'static str {
        "rectangles are filled cheaply"
    }

    fn output_hook(&mut self, context: &Context, output: &mut FullOutput) {
        let window = context.content_rect();
        match self.brush.get() {
            None => output.shapes.push(ClippedShape::new(window, ask(window, self.brush.clone()))),
            Some(None) => {}
            Some(Some(brush)) => {
                let shapes = std::mem::take(&mut output.shapes);
                let Cheap { ground, rounded, rest, .. } = Cheap::of(shapes, context);
                let first = [fill(window, *brush, ground), Shape::mesh(rounded)];
                output.shapes = first.map(|shape| ClippedShape::new(window, shape)).into_iter().chain(rest).collect();
            }
        }
    }
}

/// Draws nothing; finds out who draws, and whether it takes a brush.
fn ask(window: Rect, brush: Arc<OnceLock<Option<Brush>>>) -> Shape {
    let ask = CallbackFn::new(move |_, painter| {
        // SAFETY: egui's painter calls while its context is current.
        brush.get_or_init(|| unsafe {
            let name = painter.gl().get_parameter_string(glow::RENDERER).to_lowercase();
            let software = SOFTWARE.iter().any(|software| name.contains(software));
            software.then(|| Brush::new(painter.gl()).ok()).flatten()
        });
    });
    PaintCallback { rect: window, callback: Arc::new(ask) }.into()
}

/// Fills each rectangle with its colour.
fn fill(window: Rect, brush: Brush, rects: Vec<(Rect, Color32)>) -> Shape {
    let fill = CallbackFn::new(move |info, painter| {
        let size = info.screen_size_px.map(|side| side as f32 / info.pixels_per_point);
        // SAFETY: egui's painter calls while the context is current that the brush was made in, and sets anew what it needs.
        unsafe { brush.fill(painter.gl(), size, &rects) };
    });
    PaintCallback { rect: window, callback: Arc::new(fill) }.into()
}

/// A frame, sorted by how it is filled.
#[derive(Default)]
struct Cheap {
    /// What is filled before everything else.
    ground: Vec<(Rect, Color32)>,
    /// The corners of that.
    rounded: Mesh,
    /// What is drawn upon it.
    rest: Vec<ClippedShape>,
    /// Where that lies, and the corners: what lies upon one of these is not filled first, for it would come under it.
    taken: Vec<Rect>,
    /// Rectangles that belong at the end of the rest, and where they are cut off.
    run: Option<(Rect, Mesh)>,
}

impl Cheap {
    fn of(shapes: Vec<ClippedShape>, context: &Context) -> Self {
        let (mut cheap, mut discs) = (Self::default(), Discs { context, known: Vec::new() });
        let pixels_per_point = context.pixels_per_point();
        for shape in shapes {
            cheap.take(shape, pixels_per_point, &mut discs);
        }
        cheap.flush();
        cheap
    }

    fn take(&mut self, shape: ClippedShape, pixels_per_point: f32, discs: &mut Discs<'_>) {
        let clip = shape.clip_rect;
        if let Some(plain) = Plain::of(&shape, pixels_per_point)
            && let Some(disc) = discs.of(plain.corner, pixels_per_point)
        {
            let Plain { rect, colour, .. } = plain;
            if colour == Color32::TRANSPARENT {
                return;
            }
            if colour.is_opaque()
                && clip.contains_rect(rect)
                && !self.taken.iter().any(|it| it.intersect(rect).is_positive())
            {
                plain.bands().for_each(|band| self.lay(band, colour, pixels_per_point));
                plain.add_corners(disc, &mut self.rounded);
                self.taken.extend(plain.corners().map(|(corner, _)| corner));
                return;
            }
            if self.run.as_ref().is_some_and(|(of, _)| *of != clip) {
                self.flush();
            }
            let (_, mesh) = self.run.get_or_insert_with(|| (clip, Mesh::default()));
            plain.add(disc, pixels_per_point, mesh);
            self.taken.push(rect.intersect(clip));
            return;
        }
        self.flush();
        // Soft edges reach a pixel further.
        self.taken.push(shape.shape.visual_bounding_rect().expand(1.0 / pixels_per_point).intersect(clip));
        self.rest.push(shape);
    }

    /// Lays `band` on the ground; of what a large one hides, nothing is filled.
    fn lay(&mut self, band: Rect, colour: Color32, pixels_per_point: f32) {
        if band.area() * pixels_per_point.powi(2) >= HIDES {
            let ground = std::mem::take(&mut self.ground);
            self.ground =
                ground.into_iter().flat_map(|(rect, of)| without(rect, band).map(move |rest| (rest, of))).collect();
        }
        self.ground.push((band, colour));
    }

    /// Puts the rectangles of a run where they belong.
    fn flush(&mut self) {
        let run = self.run.take();
        self.rest.extend(run.map(|(clip, mesh)| ClippedShape::new(clip, Shape::mesh(mesh))));
    }
}

/// What is left of `rect` without `hidden`: above, below, left, right.
fn without(rect: Rect, hidden: Rect) -> impl Iterator<Item = Rect> {
    let cut = rect.intersect(hidden);
    let cut = if cut.is_positive() { cut } else { Rect::from_min_max(rect.left_bottom(), rect.max) };
    let beside = |from: f32, to: f32| Rect::from_x_y_ranges(from..=to, cut.y_range());
    let (left, right) = (beside(rect.min.x, cut.min.x), beside(cut.max.x, rect.max.x));
    let lane = |from: f32, to: f32| Rect::from_x_y_ranges(rect.x_range(), from..=to);
    let (above, below) = (lane(rect.min.y, cut.min.y), lane(cut.max.y, rect.max.y));
    [above, below, left, right].into_iter().filter(Rect::is_positive)
}

/// A rectangle of one colour with round corners, on whole pixels.
#[derive(Clone, Copy, Debug)]
struct Plain {
    rect: Rect,
    /// Radius of its corners, points.
    corner: f32,
    colour: Color32,
}

impl Plain {
    /// The rectangle that `shape` is, if it is nothing more: one without edge, or a straight line of whole pixels.
    fn of(shape: &ClippedShape, pixels_per_point: f32) -> Option<Self> {
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
    fn bands(&self) -> impl Iterator<Item = Rect> {
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
    fn corners(&self) -> impl Iterator<Item = (Rect, Vec2)> {
        let (inner, by) = (self.rect.shrink(self.corner), self.corner);
        let ways = [vec2(-1.0, -1.0), vec2(1.0, -1.0), vec2(-1.0, 1.0), vec2(1.0, 1.0)];
        ways.into_iter().filter(move |_| by > 0.0).map(move |way| {
            let centre = inner.center() + way * inner.size() / 2.0;
            (Rect::from_two_pos(centre, centre + way * by), way)
        })
    }

    /// Adds it to `mesh`.
    fn add(&self, disc: Disc, pixels_per_point: f32, mesh: &mut Mesh) {
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
    fn add_corners(&self, disc: Disc, mesh: &mut Mesh) {
        for (corner, way) in self.corners() {
            // From left to right and from top to bottom, whichever way the corner points.
            let (from, to) = (disc.centre, disc.centre + way * disc.reach);
            mesh.add_rect_with_uv(corner, Rect::from_min_max(from.min(to), from.max(to)), self.colour);
        }
    }
}

/// A disc among the letters.
#[derive(Clone, Copy, Debug)]
struct Disc {
    /// Its middle, and how far it is to the edge, shares of the texture.
    centre: Pos2,
    reach: Vec2,
}

/// The discs that were asked for in this frame: as the letters become more, they move.
struct Discs<'a> {
    context: &'a Context,
    known: Vec<(f32, Option<Disc>)>,
}

impl Discs<'_> {
    /// The disc that stands for one of `radius` points, unless that is far larger than those that egui keeps.
    fn of(&mut self, radius: f32, pixels_per_point: f32) -> Option<Disc> {
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

#[cfg(test)]
mod tests {
    use super::*;
    use egui::RawInput;

    const CARD: Color32 = Color32::from_rgb(0x1b, 0x23, 0x2d);

    fn rect(left: f32, top: f32, width: f32, height: f32) -> Rect {
        Rect::from_min_size(pos2(left, top), vec2(width, height))
    }

    fn cheap(shapes: Vec<Shape>) -> Cheap {
        let context = Context::default();
        context.run_ui(RawInput::default(), |_| ()).textures_delta.clear();
        let window = rect(0.0, 0.0, 900.0, 600.0);
        Cheap::of(shapes.into_iter().map(|shape| ClippedShape::new(window, shape)).collect(), &context)
    }

    #[test]
    fn bands_and_corners_cover_a_rectangle_and_no_pixel_twice() {
        for (corner, size) in
            [(0, vec2(40.0, 30.0)), (8, vec2(200.0, 40.0)), (6, vec2(80.0, 11.0)), (9, vec2(9.0, 9.0))]
        {
            let shape = Shape::rect_filled(Rect::from_min_size(pos2(10.3, 20.6), size), corner, CARD);
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

    #[test]
    fn nothing_is_filled_first_that_lies_upon_something_drawn() {
        let under = Shape::circle_filled(pos2(100.0, 100.0), 20.0, Color32::RED);
        let upon = Shape::rect_filled(rect(90.0, 90.0, 200.0, 100.0), 8, CARD);
        let free = Shape::rect_filled(rect(400.0, 90.0, 200.0, 100.0), 8, CARD);
        let veil = Shape::rect_filled(rect(90.0, 300.0, 200.0, 100.0), 8, CARD.gamma_multiply(0.5));
        let cheap = cheap(vec![under, upon, free, veil]);
        assert!(cheap.ground.iter().all(|(rect, _)| rect.min.x >= 400.0), "{:?}", cheap.ground);
        assert_eq!(cheap.ground.iter().map(|(rect, _)| rect.area()).sum::<f32>(), 200.0 * 100.0 - 4.0 * 64.0);
        assert_eq!(cheap.rounded.vertices.len(), 4 * 4);
    }

    #[test]
    fn a_card_upon_a_rounded_corner_hides_it() {
        let card = |left| Shape::rect_filled(rect(left, 90.0, 200.0, 100.0), 8, CARD);
        let beside = cheap(vec![card(100.0), card(300.0)]);
        assert_eq!(beside.ground.len(), 6);
        let upon = cheap(vec![card(100.0), card(295.0)]);
        assert_eq!((upon.ground.len(), upon.rest.len()), (3, 1));
    }
}
