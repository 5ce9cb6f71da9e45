//! Fills rectangles in one go, without texture, and without looking at what lies under them.

use egui::{Color32, Rect};
use egui_glow::glow::{self, Buffer, Context, HasContext, Program, VertexArray};

/// Places a corner, given from -1 to 1 across the window.
const VERTEX: &str = "#version 140
in vec2 place;
in vec4 colour;
flat out vec4 filled;
void main() { gl_Position = vec4(place, 0.0, 1.0); filled = colour; }";

const FRAGMENT: &str = "#version 140
flat in vec4 filled;
out vec4 pixel;
void main() { pixel = filled; }";

/// Bytes of a corner: two coordinates and a colour.
const CORNER: i32 = 12;

/// What a window's context keeps to fill with; it goes with the context.
#[derive(Clone, Copy, Debug)]
pub struct Brush {
    program: Program,
    array: VertexArray,
    buffer: Buffer,
}

impl Brush {
    /// A brush for the context that is current.
    ///
    /// # Errors
    /// What the driver says if it does not take the shaders.
    ///
    /// # Safety
    /// The context of `gl` is current.
    pub unsafe fn new(gl: &Context) -> Result<Self, String> {
        // SAFETY: the context is current; everything that is named was made in it.
        unsafe {
            let program = gl.create_program()?;
            for (kind, text) in [(glow::VERTEX_SHADER, VERTEX), (glow::FRAGMENT_SHADER, FRAGMENT)] {
                let shader = gl.create_shader(kind)?;
                gl.shader_source(shader, text);
                gl.compile_shader(shader);
                gl.attach_shader(program, shader);
                // It stays for as long as the program has it.
                gl.delete_shader(shader);
            }
            gl.bind_attrib_location(program, 0, "place");
            gl.bind_attrib_location(program, 1, "colour");
            gl.link_program(program);
            if !gl.get_program_link_status(program) {
                return Err(gl.get_program_info_log(program));
            }
            let (array, buffer) = (gl.create_vertex_array()?, gl.create_buffer()?);
            gl.bind_vertex_array(Some(array));
            gl.bind_buffer(glow::ARRAY_BUFFER, Some(buffer));
            gl.enable_vertex_attrib_array(0);
            gl.vertex_attrib_pointer_f32(0, 2, glow::FLOAT, false, CORNER, 0);
            gl.enable_vertex_attrib_array(1);
            gl.vertex_attrib_pointer_f32(1, 4, glow::UNSIGNED_BYTE, true, CORNER, 8);
            gl.bind_vertex_array(None);
            Ok(Self { program, array, buffer })
        }
    }

    /// Fills each of `rects`, in their order, in a window of `size` points.
    ///
    /// # Safety
    /// The context of `gl` is current, it is the one that the brush was made for, and its viewport is the window.
    pub unsafe fn fill(&self, gl: &Context, size: [f32; 2], rects: &[(Rect, Color32)]) {
        let corners: Vec<u8> = rects.iter().flat_map(|(rect, colour)| of_rect(*rect, *colour, size)).collect();
        // SAFETY: the context is current and has what is named.
        unsafe {
            gl.disable(glow::BLEND);
            gl.use_program(Some(self.program));
            gl.bind_vertex_array(Some(self.array));
            gl.bind_buffer(glow::ARRAY_BUFFER, Some(self.buffer));
            gl.buffer_data_u8_slice(glow::ARRAY_BUFFER, &corners, glow::STREAM_DRAW);
            gl.draw_arrays(glow::TRIANGLES, 0, corners.len() as i32 / CORNER);
            gl.bind_vertex_array(None);
        }
    }
}

/// The corners of two triangles that make `rect`.
fn of_rect(rect: Rect, colour: Color32, [width, height]: [f32; 2]) -> impl Iterator<Item = u8> {
    let [a, b, c, d] = [rect.left_top(), rect.right_top(), rect.left_bottom(), rect.right_bottom()];
    [a, b, c, c, b, d].into_iter().flat_map(move |corner| {
        let [x, y] = [2.0 * corner.x / width - 1.0, 1.0 - 2.0 * corner.y / height].map(f32::to_ne_bytes);
        x.into_iter().chain(y).chain(colour.to_array())
    })
}
