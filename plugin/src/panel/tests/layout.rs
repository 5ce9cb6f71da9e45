//! Every room in both themes, at every scale and size: nothing is cut, nothing overlaps, and no frame costs much.

use super::{Bench, Opened, SIZES, Seen, song};
use crate::panel::look::{Room, Theme};
use crate::telemetry::{BeatView, HeardPitch, Missing, PlayedNote};
use antiphon_engine::chord::{Chord, Family};
use antiphon_engine::intend::intent::{Reason, State};
use antiphon_engine::key::Key;
use antiphon_engine::respond::plan::Voice;
use egui::accessibility::is_input;
use egui::epaint::{Primitive, TextShape};
use egui::{Rect, Shape, ViewportId, vec2};
use egui_kittest::kittest::{NodeT, Queryable};
use std::time::Duration;

/// What may stand over, points: half a pixel, and what a font's line is higher than its letters.
const SLACK: f32 = 1.5;

/// Most triangles of a frame. The fullest room has fewer, and takes 0.6 to 0.9 ms of one core with the layout that goes with
/// them (`cargo bench -p antiphon --bench frame`).
const TRIANGLES: usize = 20_000;

/// The fullest that there is to show, in the longest words.
fn crowded() -> Seen {
    let mut seen = song::seen();
    let played = |key| PlayedNote { key, voice: Voice::Harmony, velocity: 60 };
    let chord = |root| Some(Chord { root, family: Family::Diminished });
    seen.view.level_db = -18.0;
    seen.view.pitch = Some(HeardPitch { key: 61, cents: -48.0 });
    seen.view.key = Key::parse("Db:mixolydian").ok();
    seen.view.key_confidence = 0.5;
    (seen.view.phrase, seen.view.phrase_open, seen.view.silence_s) = (1_288, false, 128.0);
    (seen.view.chord, seen.view.next_chord) = (chord(1), chord(8));
    seen.view.beat = Some(BeatView { tempo_bpm: 199.6, number: 12, per_bar: 12, phase: 0.1, from_host: true });
    (seen.view.state, seen.view.reason) = (State::Holding, Reason::ClientCloses);
    seen.view.played = [37, 39, 42, 44, 46, 49, 51].into_iter().map(played).collect();
    seen
}

/// Every line of text with what it may be seen in.
fn texts(bench: &Bench) -> Vec<(TextShape, Rect)> {
    fn walk(shape: &Shape, clip: Rect, texts: &mut Vec<(TextShape, Rect)>) {
        match shape {
            Shape::Text(text) => texts.push((text.clone(), clip)),
            Shape::Vec(shapes) => shapes.iter().for_each(|shape| walk(shape, clip, texts)),
            _ => {}
        }
    }
    let mut texts = Vec::new();
    for shape in &bench.harness.output().shapes {
        walk(&shape.shape, shape.clip_rect, &mut texts);
    }
    texts.retain(|(text, _)| !text.galley.is_empty());
    texts
}

pub fn check_texts(bench: &Bench, what: &str) {
    let window = bench.harness.ctx.content_rect();
    let texts = texts(bench);
    assert!(texts.len() > 8, "{what}: {} texts", texts.len());
    let place = |text: &TextShape| text.galley.rect.translate(text.pos.to_vec2());
    for (index, (text, clip)) in texts.iter().enumerate() {
        let (words, rect) = (text.galley.text(), place(text));
        assert!(!text.galley.elided, "{what}: {words:?} is cut");
        let seen = clip.intersect(window).expand(SLACK);
        assert!(seen.contains_rect(rect), "{what}: {words:?} at {rect} stands over {seen}");
        for (other, _) in &texts[index + 1..] {
            let both = rect.shrink(SLACK).intersect(place(other).shrink(SLACK));
            let apart = both.width() <= 0.0 || both.height() <= 0.0;
            assert!(apart, "{what}: {words:?} at {rect} and {:?} at {} overlap", other.galley.text(), place(other));
        }
    }
}

pub fn check_controls(bench: &Bench, what: &str) {
    let window = bench.harness.ctx.content_rect();
    let nodes = bench.harness.root().children_recursive();
    let inputs = nodes.filter(|node| is_input(node.accesskit_node().role()));
    let places: Vec<_> = inputs.map(|node| (node.accesskit_node().label().unwrap_or_default(), node.rect())).collect();
    for (index, (name, rect)) in places.iter().enumerate() {
        assert!(window.expand(0.5).contains_rect(*rect), "{what}: {name} at {rect} lies outside");
        assert!(rect.width() >= 20.0 && rect.height() >= 15.0, "{what}: {name} at {rect} is too small to hit");
        for (other, theirs) in &places[index + 1..] {
            let both = rect.shrink(0.5).intersect(theirs.shrink(0.5));
            assert!(both.width() <= 0.0 || both.height() <= 0.0, "{what}: {name} lies on {other}");
        }
    }
}

#[test]
fn at_every_size_and_scale_no_text_is_cut_or_lies_on_another_and_every_control_is_inside() {
    for opened in Opened::all() {
        let mut silent = Seen::default();
        silent.view.missing = Missing::Sound;
        for (full, seen) in [("crowded", crowded()), ("empty", Seen::default()), ("without sound", silent)] {
            let bench = Bench::new(opened, seen);
            let what = format!("{opened:?}, {full}");
            check_texts(&bench, &what);
            check_controls(&bench, &what);
        }
    }
}

#[test]
fn an_open_list_lies_inside_the_smallest_window() {
    for name in ["Idiom", "Key", "Tempo", "Dynamics", "Channels"] {
        let opened = Opened { size: SIZES[0], scale_percent: 100, theme: Theme::Dark, room: Room::Shape };
        let mut bench = Bench::new(opened, Seen::default());
        bench.click(name);
        bench.harness.run_steps(5);
        let window = bench.harness.ctx.content_rect();
        let items: Vec<_> = bench.harness.query_all_by_role(egui::accesskit::Role::Button).collect();
        assert!(items.len() > 8, "{name} is open: {} buttons", items.len());
        for item in items.iter().filter(|item| item.rect().min.y < window.max.y) {
            let across = item.rect().x_range();
            assert!(
                across.min >= window.min.x && across.max <= window.max.x,
                "{name}: {:?}",
                item.accesskit_node().label()
            );
        }
    }
}

#[test]
fn a_frame_has_no_more_triangles_than_it_has_time_for() {
    for room in Room::ALL {
        let opened = Opened { size: vec2(900.0, 600.0), scale_percent: 100, theme: Theme::Dark, room };
        let bench = Bench::new(opened, crowded());
        let output = bench.harness.output();
        let drawn = bench.harness.ctx.tessellate(output.shapes.clone(), output.pixels_per_point);
        let of = |primitive: &Primitive| match primitive {
            Primitive::Mesh(mesh) => mesh.indices.len() / 3,
            Primitive::Callback(_) => 0,
        };
        let triangles: usize = drawn.iter().map(|clipped| of(&clipped.primitive)).sum();
        assert!(triangles <= TRIANGLES, "{room:?} has {triangles} triangles");
        assert!(drawn.len() <= 60, "{room:?} is drawn in {} parts", drawn.len());
    }
}

#[test]
fn a_room_in_which_nothing_moves_is_not_drawn_again() {
    for opened in Opened::all().into_iter().filter(|opened| opened.size == SIZES[1]) {
        let mut bench = Bench::new(opened, crowded());
        bench.harness.run_steps(60);
        let wait = bench.harness.output().viewport_output[&ViewportId::ROOT].repaint_delay;
        assert!(wait > Duration::from_secs(60), "{opened:?} wants to be drawn again after {wait:?}");
    }
}
