//! Filled rectangles at a fraction of their price, where no graphics card draws.
//!
//! To egui a card is a fan of long thin triangles, each blended in through a texture. Mesa's software renderer takes 4 ms
//! to fill a window of 900x600 so, and 1 ms with one colour. So what is opaque and has nothing drawn under it is filled
//! first, with a brush that does no more, and any other rectangle is made of whole pixels; corners are quarters of the
//! discs that egui keeps among its letters.

mod brush;
mod disc;
mod plain;

use brush::Brush;
use disc::Discs;
use egui::epaint::ClippedShape;
use egui::{Color32, Context, FullOutput, Mesh, PaintCallback, Plugin, Rect, Shape};
use egui_glow::CallbackFn;
use egui_glow::glow::{self, HasContext};
use plain::Plain;
use std::sync::{Arc, OnceLock};

/// What the names of renderers say that work without a graphics card.
const SOFTWARE: [&str; 5] = ["llvmpipe", "softpipe", "swiftshader", "software", "basic render"];

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
        let (mut cheap, mut discs) = (Self::default(), Discs::new(context));
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

#[cfg(test)]
mod tests {
    use super::*;
    use egui::{RawInput, pos2, vec2};

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
