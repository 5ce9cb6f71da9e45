//! Pictures of the panel, drawn without a screen: egui's triangles, filled one by one.

use super::{Bench, Opened, Room, song};
use crate::panel::theme::Ink;
use egui::epaint::{Mesh, Primitive, Vertex};
use egui::{Color32, ColorImage, ImageData, Rect, TextureId, TexturesDelta, pos2, vec2};
use egui_kittest::TestRenderer;
use std::cell::RefCell;
use std::collections::HashMap;
use std::io::Write;
use std::path::Path;
use std::rc::Rc;

thread_local! {
    /// The textures of the harness made last on this thread.
    static TEXTURES: RefCell<Rc<RefCell<HashMap<TextureId, ColorImage>>>> = RefCell::default();
}

/// Keeps the textures that the panel uploads.
pub struct Textures(Rc<RefCell<HashMap<TextureId, ColorImage>>>);

impl Default for Textures {
    fn default() -> Self {
        let kept = Rc::default();
        TEXTURES.with(|textures| *textures.borrow_mut() = Rc::clone(&kept));
        Self(kept)
    }
}

impl TestRenderer for Textures {
    fn handle_delta(&mut self, delta: &mut TexturesDelta) {
        let mut textures = self.0.borrow_mut();
        for (id, deltas) in delta.set.drain() {
            for delta in deltas {
                let ImageData::Color(image) = &delta.image;
                match delta.pos {
                    None => {
                        textures.insert(id, (**image).clone());
                    }
                    Some([left, top]) => {
                        let whole = textures.get_mut(&id).expect("a part comes after the whole");
                        let width = whole.size[0];
                        for (row, line) in image.pixels.chunks(image.size[0]).enumerate() {
                            let at = (top + row) * width + left;
                            whole.pixels[at..at + line.len()].copy_from_slice(line);
                        }
                    }
                }
            }
        }
        delta.clear();
    }
}

/// The panel as it is now.
pub fn take(bench: &Bench) -> ColorImage {
    let output = bench.harness.output();
    let context = &bench.harness.ctx;
    let zoom = context.pixels_per_point();
    let size = (context.content_rect().size() * zoom).round();
    let (width, height) = (size.x as usize, size.y as usize);
    let mut image = ColorImage::filled([width, height], Ink::of(bench.look().get().theme).ground);
    let textures = TEXTURES.with(|textures| textures.borrow().clone());
    for primitive in context.tessellate(output.shapes.clone(), zoom) {
        if let Primitive::Mesh(mesh) = &primitive.primitive {
            let texture = &textures.borrow()[&mesh.texture_id];
            let clip = primitive.clip_rect * zoom;
            fill(&mut image, mesh, texture, clip, zoom);
        }
    }
    image
}

fn fill(image: &mut ColorImage, mesh: &Mesh, texture: &ColorImage, clip: Rect, zoom: f32) {
    for corners in mesh.indices.chunks(3) {
        let [a, b, c] = [0, 1, 2].map(|corner| mesh.vertices[corners[corner] as usize]);
        triangle(image, [a, b, c], texture, clip, zoom);
    }
}

fn triangle(image: &mut ColorImage, corners: [Vertex; 3], texture: &ColorImage, clip: Rect, zoom: f32) {
    let [a, b, c] = corners.map(|corner| corner.pos * zoom);
    let area = (b - a).rot90().dot(c - a);
    if area.abs() < 1e-6 {
        return;
    }
    let bounds = Rect::from_points(&[a, b, c]).intersect(clip);
    let whole = Rect::from_min_size(pos2(0.0, 0.0), vec2(image.size[0] as f32, image.size[1] as f32));
    let bounds = bounds.intersect(whole);
    for y in bounds.min.y.floor().max(0.0) as usize..bounds.max.y.ceil().max(0.0) as usize {
        for x in bounds.min.x.floor().max(0.0) as usize..bounds.max.x.ceil().max(0.0) as usize {
            // A little beside the middle, where no edge of a rectangle or its diagonal passes.
            let at = pos2(x as f32 + 0.501, y as f32 + 0.4993);
            let weights = [(c - b).rot90().dot(at - b), (a - c).rot90().dot(at - c), (b - a).rot90().dot(at - a)];
            let weights = weights.map(|weight| weight / area);
            if !clip.contains(at) || weights.iter().any(|&weight| weight < 0.0) || y >= image.size[1] {
                continue;
            }
            let mix = |value: fn(&Vertex) -> f32| -> f32 {
                weights.iter().zip(&corners).map(|(weight, corner)| weight * value(corner)).sum()
            };
            let texel = sample(texture, mix(|v| v.uv.x), mix(|v| v.uv.y));
            let tint = [mix(|v| v.color.r().into()), mix(|v| v.color.g().into()), mix(|v| v.color.b().into())];
            let opaque = mix(|v| v.color.a().into()) * texel[3] / 255.0;
            let under = &mut image.pixels[y * image.size[0] + x];
            let over = |channel: usize, under: u8| {
                (tint[channel] * texel[channel] + f32::from(under) * (1.0 - opaque)).round().min(255.0) as u8
            };
            *under = Color32::from_rgb(over(0, under.r()), over(1, under.g()), over(2, under.b()));
        }
    }
}

/// The texture at `u`, `v`, between its four nearest points; 0 to 1.
fn sample(texture: &ColorImage, u: f32, v: f32) -> [f32; 4] {
    let [width, height] = texture.size;
    let (x, y) = (u * width as f32 - 0.5, v * height as f32 - 0.5);
    let (left, top) = (x.floor(), y.floor());
    let (right, down) = (x - left, y - top);
    let at = |x: f32, y: f32| {
        let x = (x.max(0.0) as usize).min(width - 1);
        let y = (y.max(0.0) as usize).min(height - 1);
        texture.pixels[y * width + x].to_array().map(|value| f32::from(value) / 255.0)
    };
    let near = [
        (at(left, top), (1.0 - right) * (1.0 - down)),
        (at(left + 1.0, top), right * (1.0 - down)),
        (at(left, top + 1.0), (1.0 - right) * down),
        (at(left + 1.0, top + 1.0), right * down),
    ];
    std::array::from_fn(|channel| near.iter().map(|(texel, share)| texel[channel] * share).sum())
}

pub fn write(image: &ColorImage, path: &Path) -> std::io::Result<()> {
    let mut file = std::io::BufWriter::new(std::fs::File::create(path)?);
    writeln!(file, "P6 {} {} 255", image.size[0], image.size[1])?;
    for pixel in &image.pixels {
        file.write_all(&pixel.to_array()[..3])?;
    }
    file.flush()
}

#[test]
#[ignore = "draws every room in every theme, size and scale into the folder that ANTIPHON_PICTURES names"]
fn pictures_of_every_room() {
    let Some(folder) = std::env::var_os("ANTIPHON_PICTURES") else { return };
    std::fs::create_dir_all(&folder).unwrap();
    let only = std::env::var("ANTIPHON_PICTURES_OF").unwrap_or_default();
    for opened in Opened::all() {
        let Opened { size, scale_percent, theme, room } = opened;
        let name = format!("{room:?}-{theme:?}-{}x{}-{scale_percent}.ppm", size.x, size.y).to_lowercase();
        if name.contains(&only) {
            let mut bench = Bench::new(opened, song::seen());
            write(&take(&bench), &Path::new(&folder).join(&name)).unwrap();
            for list in ["Idiom", "Key"].into_iter().filter(|_| room == Room::Shape) {
                bench.click(list);
                bench.harness.key_press(egui::Key::Tab);
                bench.harness.run_steps(30);
                let name = name.replace("shape", &format!("list-{list}"));
                write(&take(&bench), &Path::new(&folder).join(name)).unwrap();
                bench.harness.key_press(egui::Key::Escape);
                bench.harness.run_steps(5);
            }
        }
    }
}

#[test]
fn every_room_is_drawn_in_the_colours_of_its_theme() {
    for opened in Opened::all().into_iter().filter(|opened| opened.size == vec2(640.0, 420.0)) {
        let bench = Bench::new(opened, super::Seen::default());
        let image = take(&bench);
        let ground = Ink::of(opened.theme).ground;
        assert_eq!(image.pixels[0], ground, "{opened:?}");
        let kinds: std::collections::HashSet<_> = image.pixels.iter().map(|pixel| pixel.to_array()).collect();
        assert!(kinds.len() > 100, "{opened:?} has {} colours", kinds.len());
    }
}
