//! What happens now: key and phrase, the picture of the last seconds, and beside it the client's note, the chord now and
//! the next, and the beat.

use super::picture;
use crate::panel::Touch;
use crate::panel::scene::Scene;
use crate::panel::space::{cut_bottom, cut_right, cut_top, rows};
use crate::panel::widgets::text;
use crate::panel::words;
use crate::telemetry::BeatView;
use antiphon_engine::names::Named;
use antiphon_engine::respond::plan::Voice;
use egui::{Align2, Color32, Rect, Role, Sense, Ui, WidgetInfo, pos2, vec2};

/// Width of what stands beside the picture, usual points.
const BESIDE: f32 = 112.0;

/// Most height of each thing beside the picture, usual points.
const HIGHEST: f32 = 96.0;

/// Height from which on the colours are told, usual points.
const TOLD_FROM: f32 = 170.0;

/// Most beats of a bar that are shown.
const MOST_BEATS: u8 = 12;

/// Draws it all in `rect`.
pub fn show(ui: &Ui, scene: &Scene<'_>, rect: Rect, touch: &mut Touch) {
    let space = scene.space;
    let mut rest = rect;
    let facts = cut_top(&mut rest, space.u(18.0), space.u(6.0));
    let beside = cut_right(&mut rest, space.u(BESIDE), space.u(12.0));
    if rest.height() >= space.u(TOLD_FROM) {
        let legend = cut_bottom(&mut rest, space.u(16.0), space.u(4.0));
        colours(ui, scene, legend);
    }
    let key = ("Key", words::heard_key(scene.view));
    fact(ui, scene, facts, Align2::LEFT_CENTER, &key);
    fact(ui, scene, facts, Align2::RIGHT_CENTER, &("Phrase", words::heard_phrase(scene.view)));
    picture::show(ui, scene, rest, &mut touch.canvas);
    let high = beside.height().min(space.u(HIGHEST) * 3.0);
    let mut blocks = rows(Rect::from_min_size(beside.min, vec2(beside.width(), high)), 3, space.u(4.0));
    let mut next = || blocks.next().unwrap_or(Rect::NOTHING);
    let (note, cents) = words::heard_note(scene.view);
    let about = format!("The client's note: {note} {cents}");
    big(ui, scene, next(), (&note, 32.0, scene.ink.client), &cents, &about);
    let (chord, then) = words::chords(scene.view);
    let about = format!("Chord: {chord} {then}");
    big(ui, scene, next(), (&chord, 26.0, scene.ink.ours), &then, &about);
    beat(ui, scene, next());
}

/// A name and what is true of it, at the left or right end of `rect`.
fn fact(ui: &Ui, scene: &Scene<'_>, rect: Rect, align: Align2, (name, fact): &(&str, String)) {
    let (ink, painter) = (scene.ink, ui.painter());
    let half = rect.width() / 2.0 - 6.0;
    let name_font = scene.space.font(13.0);
    let name_width = painter.layout_no_wrap((*name).to_owned(), name_font.clone(), ink.quiet).size().x;
    let gap = scene.space.u(6.0);
    let fact_font = scene.space.font(15.0);
    let galley = text::fitted(painter, fact, &fact_font, half - name_width - gap, ink.text);
    let left = if align == Align2::LEFT_CENTER { rect.min.x } else { rect.max.x - galley.size().x - gap - name_width };
    let line = |x: f32| pos2(x, rect.center().y);
    let place = Align2::LEFT_CENTER.anchor_size(line(left + name_width + gap), galley.size());
    text::line(painter, line(left), Align2::LEFT_CENTER, name, &name_font, name_width + 1.0, ink.quiet);
    let whole = Rect::from_min_max(pos2(left, rect.min.y), place.max);
    painter.galley(place.min, galley, ink.text);
    let response = ui.interact(whole, ui.scope_id().with(*name), Sense::hover());
    response.widget_info(|| WidgetInfo::labeled(Role::Label, true, format!("{name}: {fact}")));
}

/// Something large with a line under it.
fn big(ui: &Ui, scene: &Scene<'_>, rect: Rect, (value, size, colour): (&str, f32, Color32), under: &str, about: &str) {
    let (space, painter) = (scene.space, ui.painter());
    let height = space.u(size).min(rect.height() - space.u(15.0));
    let font = egui::FontId::proportional(height * 0.85);
    let top = rect.center().y - (height + space.u(15.0)) / 2.0;
    let at = pos2(rect.min.x, top + height / 2.0);
    text::line(painter, at, Align2::LEFT_CENTER, value, &font, rect.width(), colour);
    let at = pos2(rect.min.x, top + height);
    text::line(painter, at, Align2::LEFT_TOP, under, &space.font(13.0), rect.width(), scene.ink.quiet);
    let response = ui.interact(rect, ui.scope_id().with(about.split(':').next()), Sense::hover());
    response.widget_info(|| WidgetInfo::labeled(Role::Label, true, about));
}

/// Tempo and whose it is, and a dot for each beat of the bar; the one that fell last lights up and fades.
fn beat(ui: &Ui, scene: &Scene<'_>, rect: Rect) {
    let (ink, space) = (scene.ink, scene.space);
    let (tempo, whose) = words::tempo(scene.view);
    let about = format!("Beat: {tempo} {whose}");
    big(ui, scene, rect, (&tempo, 22.0, ink.text), &whose, &about);
    let Some(BeatView { number, per_bar, phase, .. }) = scene.view.beat else { return };
    let count = per_bar.clamp(1, MOST_BEATS);
    let from = rect.min.x + space.u(42.0);
    let step = ((rect.max.x - from) / f32::from(count)).min(space.u(13.0));
    let height = space.u(22.0).min(rect.height() - space.u(15.0));
    let y = rect.center().y - (height + space.u(15.0)) / 2.0 + height / 2.0;
    let fresh = (1.0 - phase).clamp(0.0, 1.0);
    for index in 0..count {
        let centre = pos2(from + (f32::from(index) + 0.5) * step, y);
        let now = per_bar == 0 || index + 1 == number;
        ui.painter().circle_filled(centre, step * 0.34, ink.line);
        if now {
            let lit = ink.line.lerp_to_gamma(ink.ours, 0.35 + 0.65 * fresh);
            ui.painter().circle_filled(centre, step * 0.34 + space.u(1.0) * fresh, lit);
        }
    }
}

/// Whose colour is whose.
fn colours(ui: &Ui, scene: &Scene<'_>, rect: Rect) {
    let (ink, space, painter) = (scene.ink, scene.space, ui.painter());
    let voices = Voice::ALL.iter().map(|&voice| (voice.label(), ink.of_voice(voice)));
    let mut left = rect.min.x;
    for (name, colour) in [("Client", ink.client)].into_iter().chain(voices) {
        let galley = painter.layout_no_wrap(name.to_owned(), space.font(12.5), ink.quiet);
        let right = left + space.u(12.0) + galley.size().x;
        if right > rect.max.x {
            break;
        }
        painter.circle_filled(pos2(left + space.u(4.0), rect.center().y), space.u(4.0), colour);
        let at = Align2::LEFT_CENTER.anchor_size(pos2(left + space.u(12.0), rect.center().y), galley.size()).min;
        painter.galley(at, galley, ink.quiet);
        left = right + space.u(14.0);
    }
    let response = ui.interact(rect, ui.scope_id().with("colours"), Sense::hover());
    response.on_hover_text("Whose colour is whose in the picture above");
}
