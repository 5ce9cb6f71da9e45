//! A session to be looked at: a client sings a song, and the musician answers.

use super::Seen;
use crate::panel::meter::Meter;
use crate::telemetry::{Telemetry, telemetry};
use antiphon_engine::settings::Settings;
use antiphon_engine::speak::{NoRoom, Spoken};
use antiphon_engine::{Audience, Musician, Report};
use std::f64::consts::TAU;
use std::sync::OnceLock;

const RATE_HZ: f64 = 48_000.0;
const BLOCK: usize = 256;

/// MIDI keys and lengths in beats of half a second; 0 is a breath.
const SONG: [(f64, f64); 30] = [
    (62.0, 1.0),
    (65.0, 1.0),
    (69.0, 1.5),
    (67.0, 0.5),
    (65.0, 2.0),
    (0.0, 1.0),
    (64.0, 1.0),
    (67.0, 1.0),
    (65.0, 1.5),
    (64.0, 0.5),
    (62.0, 2.0),
    (0.0, 1.0),
    (62.0, 1.0),
    (65.0, 1.0),
    (69.0, 1.5),
    (70.0, 0.5),
    (69.0, 2.0),
    (0.0, 1.0),
    (74.0, 1.0),
    (72.0, 1.0),
    (70.0, 1.0),
    (69.0, 1.0),
    (67.0, 2.0),
    (0.0, 1.0),
    (65.0, 1.0),
    (67.0, 1.0),
    (64.0, 1.0),
    (62.0, 3.0),
    (0.0, 1.0),
    (62.0, 2.0),
];

struct Hall<'a>(&'a mut Telemetry);

impl Audience for Hall<'_> {
    fn event(&mut self, _: u32, _: &Spoken) -> Result<(), NoRoom> {
        Ok(())
    }

    fn hop(&mut self, report: &Report<'_>) {
        self.0.note(report);
    }
}

/// How long she has sung, s: a phrase and a half into the second time.
const SUNG_S: f64 = 27.0;

/// What the panel sees in the middle of the song; it is sung once.
pub fn seen() -> Seen {
    static SEEN: OnceLock<Seen> = OnceLock::new();
    SEEN.get_or_init(|| after(SUNG_S)).clone()
}

/// What the panel sees after `seconds` of the song, sung over and over.
fn after(seconds: f64) -> Seen {
    let (mut telemetry, mut window) = telemetry();
    let mut musician = Musician::new(RATE_HZ);
    let sung = sing(seconds);
    for block in sung.chunks(BLOCK) {
        telemetry.hear(block);
        musician.process(block, &[], &Settings::default(), &mut Hall(&mut telemetry));
        telemetry.show(&musician, false);
    }
    let (view, trail, peak) = window.look();
    let mut meter = Meter::default();
    meter.follow(peak * 0.7, 0.01);
    Seen { view: view.clone(), trail: trail.clone(), meter }
}

/// A voice of eight partials with vibrato, which slides from note to note.
fn sing(seconds: f64) -> Vec<f32> {
    let (mut phase, mut key, mut loud) = (0.0, SONG[0].0, 0.0);
    let beat = 0.5 * RATE_HZ;
    let mut notes = SONG.iter().cycle();
    let (mut note, mut left) = ((0.0, 0.0), 0.0);
    (0..(seconds * RATE_HZ) as usize)
        .map(|sample| {
            if left <= 0.0 {
                note = *notes.next().unwrap();
                left += note.1 * beat;
            }
            left -= 1.0;
            let sounds = note.0 > 0.0 && left > 0.05 * beat;
            if note.0 > 0.0 {
                key += (note.0 - key) * 0.000_8;
            }
            loud += (f64::from(u8::from(sounds)) - loud) * 0.000_6;
            let vibrato = 0.22 * (TAU * 5.5 * sample as f64 / RATE_HZ).sin();
            phase += TAU * 440.0 * ((key + vibrato - 69.0) / 12.0_f64).exp2() / RATE_HZ;
            let tone: f64 = (1..=8).map(|partial| (phase * f64::from(partial)).sin() / f64::from(partial)).sum();
            (0.16 * loud * tone) as f32
        })
        .collect()
}
