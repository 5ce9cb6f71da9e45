//! What the therapist fixes: style, feeling, key, tempo, metre, form, turns, dynamics. What is chosen stays.

use super::places;
use crate::panel::scene::Scene;
use crate::panel::widgets::list;
use crate::panel::words;
use antiphon_engine::key::{Key, KeyChoice, Mode, PITCH_NAMES};
use antiphon_engine::names::Named;
use antiphon_engine::settings::{Dynamics, Feeling, Form, Idiom, Metre, TEMPO_LIMITS_BPM, TempoChoice, Turns};
use egui::{Grid, Rect, RichText, Ui, vec2};

/// From one tempo to the next in the list, beats a minute; any other is typed.
const TEMPO_STEP_BPM: usize = 4;

/// The column of what is fixed.
pub fn show(ui: &mut Ui, scene: &Scene<'_>, column: Rect) {
    let p = scene.params;
    let places: Vec<Rect> = places(scene, column).collect();
    let [style, feeling, tonic, speed, metre, form, turns, dynamics] = places[..] else { return };
    list::show::<Idiom>(ui, scene, style, &p.idiom, "The style of the music", words::of_idiom);
    list::show::<Feeling>(ui, scene, feeling, &p.feeling, "A feeling you name for the music", words::of_feeling);
    key(ui, scene, tonic);
    tempo(ui, scene, speed);
    list::show::<Metre>(ui, scene, metre, &p.metre, "Beats in a bar", |_| "Beats in a bar");
    list::show::<Form>(ui, scene, form, &p.form, "How the bars make a whole", |_| "How the bars make a whole");
    list::show::<Turns>(ui, scene, turns, &p.turns, "Who plays when", |_| "Who plays when");
    let hint = "How loud it becomes as it goes on";
    list::show::<Dynamics>(ui, scene, dynamics, &p.dynamics, hint, |_| "How loud it becomes as it goes on");
}

/// The key: as heard, or any tonic in any mode.
fn key(ui: &mut Ui, scene: &Scene<'_>, rect: Rect) {
    let param = &scene.params.key;
    let now = KeyChoice::at(usize::try_from(param.value()).unwrap_or(0));
    let text = match now {
        KeyChoice::Auto => "As heard".to_owned(),
        KeyChoice::Locked(key) => words::of_key(key),
    };
    list::any(ui, scene, rect, param, &text, "The key it plays in; or type it, like D:min", |ui| {
        let mut wanted = None;
        if ui.selectable_label(now == KeyChoice::Auto, "As heard").clicked() {
            wanted = Some(KeyChoice::Auto);
        }
        Grid::new("keys").num_columns(Mode::ALL.len()).spacing(vec2(2.0, 2.0)).show(ui, |ui| {
            for tonic in 0..PITCH_NAMES.len() as u8 {
                for &mode in Mode::ALL {
                    let key = Key { tonic, mode };
                    let text = RichText::new(words::of_key(key)).font(scene.space.font(12.5));
                    if ui.selectable_label(now == KeyChoice::Locked(key), text).clicked() {
                        wanted = Some(KeyChoice::Locked(key));
                    }
                }
                ui.end_row();
            }
        });
        wanted.map(|choice| choice.index() as i32)
    });
}

/// The tempo: as heard, or fixed.
fn tempo(ui: &mut Ui, scene: &Scene<'_>, rect: Rect) {
    let param = &scene.params.tempo;
    let now = TempoChoice::at(usize::try_from(param.value()).unwrap_or(0));
    let word = |tempo| match tempo {
        TempoChoice::Heard => "As heard".to_owned(),
        TempoChoice::Locked(bpm) => format!("{bpm} a minute"),
    };
    list::any(ui, scene, rect, param, &word(now), "Beats a minute; or type any number", |ui| {
        let fixed = (TEMPO_LIMITS_BPM.0..=TEMPO_LIMITS_BPM.1).step_by(TEMPO_STEP_BPM).map(TempoChoice::Locked);
        let mut wanted = None;
        for tempo in [TempoChoice::Heard].into_iter().chain(fixed) {
            if ui.selectable_label(tempo == now, word(tempo)).clicked() {
                wanted = Some(tempo.index() as i32);
            }
        }
        wanted
    });
}
