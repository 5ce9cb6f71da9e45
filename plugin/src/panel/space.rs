//! How much room there is, and how large things are in it.

use egui::{FontId, Rect, Vec2, pos2, vec2};

/// Window in which everything has its usual size, points.
const USUAL: Vec2 = vec2(960.0, 640.0);

/// How much smaller and larger than usual everything may become with its window; more is for the scale to do.
const GROWTH: (f32, f32) = (0.86, 1.2);

/// Smallest text, points.
pub const SMALLEST_TEXT: f32 = 11.5;

/// How large things are.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Space {
    growth: f32,
}

impl Space {
    /// In a window of `size` points.
    pub fn of(size: Vec2) -> Self {
        Self { growth: (size / USUAL).min_elem().clamp(GROWTH.0, GROWTH.1) }
    }

    /// A length of `usual` points.
    pub fn u(self, usual: f32) -> f32 {
        usual * self.growth
    }

    /// A font of `usual` points.
    pub fn font(self, usual: f32) -> FontId {
        FontId::proportional(self.u(usual).max(SMALLEST_TEXT))
    }

    /// Between cards, points.
    pub fn gap(self) -> f32 {
        self.u(8.0)
    }
}

/// Cuts a strip of `height` points from the top of `rest`, and `gap` points after it.
pub fn cut_top(rest: &mut Rect, height: f32, gap: f32) -> Rect {
    let (strip, below) = rest.split_top_bottom_at_y((rest.min.y + height).min(rest.max.y));
    *rest = Rect::from_min_max(pos2(below.min.x, (below.min.y + gap).min(rest.max.y)), below.max);
    strip
}

/// Cuts a strip of `height` points from the bottom of `rest`, and `gap` points before it.
pub fn cut_bottom(rest: &mut Rect, height: f32, gap: f32) -> Rect {
    let (above, strip) = rest.split_top_bottom_at_y((rest.max.y - height).max(rest.min.y));
    *rest = Rect::from_min_max(above.min, pos2(above.max.x, (above.max.y - gap).max(rest.min.y)));
    strip
}

/// Cuts a strip of `width` points from the left of `rest`, and `gap` points after it.
pub fn cut_left(rest: &mut Rect, width: f32, gap: f32) -> Rect {
    let (strip, right) = rest.split_left_right_at_x((rest.min.x + width).min(rest.max.x));
    *rest = Rect::from_min_max(pos2((right.min.x + gap).min(rest.max.x), right.min.y), right.max);
    strip
}

/// Cuts a strip of `width` points from the right of `rest`, and `gap` points before it.
pub fn cut_right(rest: &mut Rect, width: f32, gap: f32) -> Rect {
    let (left, strip) = rest.split_left_right_at_x((rest.max.x - width).max(rest.min.x));
    *rest = Rect::from_min_max(left.min, pos2((left.max.x - gap).max(rest.min.x), left.max.y));
    strip
}

/// Parts `rect` into `count` rows of the same height, `gap` points between them.
pub fn rows(rect: Rect, count: usize, gap: f32) -> impl Iterator<Item = Rect> {
    let height = (rect.height() - gap * (count.max(1) - 1) as f32) / count.max(1) as f32;
    (0..count).map(move |row| {
        let top = rect.min.y + row as f32 * (height + gap);
        Rect::from_min_size(pos2(rect.min.x, top), vec2(rect.width(), height.max(0.0)))
    })
}

/// Parts `rect` into `count` columns of the same width, `gap` points between them.
pub fn columns(rect: Rect, count: usize, gap: f32) -> impl Iterator<Item = Rect> {
    let width = (rect.width() - gap * (count.max(1) - 1) as f32) / count.max(1) as f32;
    (0..count).map(move |column| {
        let left = rect.min.x + column as f32 * (width + gap);
        Rect::from_min_size(pos2(left, rect.min.y), vec2(width.max(0.0), rect.height()))
    })
}
