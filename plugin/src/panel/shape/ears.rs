//! What it hears and what it drives: the kind of sound, the beat, MIDI channels, the seed, the built-in sound, the pedal.

use super::places;
use crate::panel::scene::Scene;
use crate::panel::space::columns;
use crate::panel::widgets::{bar, list, switch};
use crate::panel::words;
use antiphon_engine::settings::{Channels, Listen, Pulse};
use antiphon_sound::Instrument;
use egui::{Rect, Ui};

/// The column of what it hears and drives.
pub fn show(ui: &mut Ui, scene: &Scene<'_>, column: Rect) {
    let p = scene.params;
    let places: Vec<Rect> = places(scene, column).collect();
    list::show::<Listen>(ui, scene, places[0], &p.listen, "What the client sounds with", words::of_listen);
    let hint = "Left: deaf to a noisy room. Right: hears the softest sound";
    bar::show(ui, scene, places[1], &p.sensitivity, hint);
    list::show::<Pulse>(ui, scene, places[2], &p.pulse, "Whose beat it keeps", words::of_pulse);
    let hint = "How its voices are sent to instruments";
    list::show::<Channels>(ui, scene, places[3], &p.channels, hint, words::of_channels);
    let hint = "Another way of playing; the same number plays the same again";
    bar::show(ui, scene, places[4], &p.seed, hint);
    let both: Vec<Rect> = columns(places[5], 2, scene.space.u(4.0)).collect();
    let hint = "Off when its MIDI plays an instrument of your own";
    switch::show(ui, scene, both[0], &p.sound, hint);
    let hint = "Its held chords are joined as a pianist's foot joins them; never what is played on the beat";
    switch::show(ui, scene, both[1], &p.pedal, hint);
    bar::show(ui, scene, places[6], &p.sound_level, "How loud the built-in sound is");
    let hint = "What the built-in sound plays on";
    list::show::<Instrument>(ui, scene, places[7], &p.instrument, hint, words::of_instrument);
}
