//! A client made of a list, for tests: notes and hits as the ears would report them, hop by hop.

use super::Understand;
use super::meaning::Meaning;
use crate::listen::heard::{Cause, Heard, HeardNote, NoteChange, Onset, OnsetKind};
use crate::settings::Settings;
use crate::time::{Clock, SampleTime};

/// The clock of every test here.
pub fn clock() -> Clock {
    Clock::new(48_000.0)
}

/// What the client does.
#[derive(Clone, Copy, Debug)]
pub struct Sound {
    /// MIDI key with cents as its fraction; `None` for a hit.
    pub pitch: Option<f32>,
    /// Start, s.
    pub on_s: f64,
    /// End, s.
    pub off_s: f64,
    /// MIDI velocity.
    pub velocity: u8,
}

/// Notes from (key, on, off, velocity).
pub fn notes(list: &[(u8, f64, f64, u8)]) -> Vec<Sound> {
    list.iter()
        .map(|&(key, on_s, off_s, velocity)| Sound { pitch: Some(f32::from(key)), on_s, off_s, velocity })
        .collect()
}

/// A line of equal notes, `step_s` apart and nearly legato, from `start_s`.
pub fn line(keys: &[u8], start_s: f64, step_s: f64) -> Vec<Sound> {
    let place = |(index, &key): (usize, &u8)| {
        let on_s = start_s + index as f64 * step_s;
        Sound { pitch: Some(f32::from(key)), on_s, off_s: on_s + 0.9 * step_s, velocity: 70 }
    };
    keys.iter().enumerate().map(place).collect()
}

/// Hits, `step_s` apart.
pub fn hits(count: usize, start_s: f64, step_s: f64) -> Vec<Sound> {
    let place = |index: usize| {
        let on_s = start_s + index as f64 * step_s;
        Sound { pitch: None, on_s, off_s: on_s + 0.05, velocity: 80 }
    };
    (0..count).map(place).collect()
}

/// When the last of `sounds` ends, s.
pub fn end_s(sounds: &[Sound]) -> f64 {
    sounds.iter().map(|sound| sound.off_s).fold(0.0, f64::max)
}

/// Reports `sounds` hop by hop.
pub struct Ears {
    sounds: Vec<Sound>,
    now: SampleTime,
}

impl Ears {
    pub fn new(sounds: Vec<Sound>) -> Self {
        Self { sounds, now: 0 }
    }

    /// The facts of the next hop.
    pub fn hop(&mut self) -> Heard {
        let from = self.now;
        self.now += clock().hop() as SampleTime;
        let mut heard = Heard { now: self.now, ..Heard::default() };
        let within = |time: SampleTime| from <= time && time < self.now;
        for (index, sound) in self.sounds.iter().enumerate() {
            let (on, off) = (clock().samples(sound.on_s), clock().samples(sound.off_s));
            heard.sounding |= on < self.now && self.now <= off;
            let Some(pitch) = sound.pitch else {
                if within(on) {
                    let kind = OnsetKind::Percussive;
                    let velocity = sound.velocity;
                    let cause = Cause::Hit;
                    heard.onsets.push(Onset { time: on, available: self.now, kind, cause, strength: 1.0, velocity });
                }
                continue;
            };
            let note = HeardNote {
                id: index as u32 + 1,
                onset: on,
                available: self.now,
                offset: None,
                key: pitch.round() as u8,
                cents: (pitch - pitch.round()) * 100.0,
                velocity: sound.velocity,
            };
            if within(on) {
                heard.notes.push(NoteChange::Began(note));
            }
            if within(off) {
                heard.notes.push(NoteChange::Ended(HeardNote { offset: Some(off), ..note }));
            }
        }
        heard
    }
}

/// Lets a fresh understanding hear `sounds` for `seconds`; `each` sees every hop.
pub fn understand(sounds: Vec<Sound>, seconds: f64, settings: &Settings, mut each: impl FnMut(&Meaning)) -> Meaning {
    let mut ears = Ears::new(sounds);
    let mut understand = Understand::new(clock());
    let mut last = Meaning::default();
    for _ in 0..clock().hops(seconds) {
        let meaning = understand.process(&ears.hop(), None, settings);
        each(meaning);
        last.clone_from(meaning);
    }
    last
}
