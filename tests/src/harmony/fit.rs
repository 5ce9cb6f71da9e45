//! How the harmony fits the melody and what people play to it, counted over songs.

use super::render::{Accompaniment, Chord};
use crate::singer::NoteTruth;
use crate::tunes::Tune;
use antiphon_engine::key::PITCH_NAMES;
use std::ops::Range;

/// Parts of a frame in which it is looked what sounds.
const PARTS: f64 = 8.0;

/// Where there are no frames it is looked this often, s.
const SUNG_STEP_S: f64 = 0.01;

/// The chord of a frame is taken so far into it, frames: a chord that comes with its beat has begun by then.
const INTO_FRAME: f64 = 0.75;

/// Counts; shares are in per cent.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Fit {
    inside: usize,
    together: usize,
    agreeing: usize,
    human: usize,
    changes: usize,
    on_beat: usize,
    bars: usize,
}

impl Fit {
    /// Adds what was played to `tune` at `bpm`.
    pub fn add(&mut self, tune: &Tune, bpm: f64, accompaniment: &Accompaniment) {
        let (inside, together) = Self::note_in_chord_within(tune, bpm, accompaniment, 0..tune.frames());
        self.inside += inside;
        self.together += together;
        self.bars += tune.bars() as usize;
        let frame_s = 60.0 / bpm / f64::from(tune.frames_per_quarter);
        let mut before: Option<&str> = None;
        for frame in 0..tune.frames() {
            let now = chord_at(&accompaniment.music, (f64::from(frame) + INTO_FRAME) * frame_s);
            if let Some(human) = tune.chords.iter().find(|chord| (chord.begin..chord.end).contains(&frame)) {
                self.human += 1;
                self.agreeing += usize::from(tonic_and_minor(now) == Some((human.root, human.is_minor())));
            }
            if !now.is_empty() && before != Some(now) {
                if before.is_some() {
                    self.changes += 1;
                    self.on_beat += usize::from(frame % tune.frames_per_quarter == 0);
                }
                before = Some(now);
            }
        }
    }

    /// In how many moments of `frames` the pitch class of the melody is one of the harmony's, and in how many both sound.
    pub fn note_in_chord_within(
        tune: &Tune,
        bpm: f64,
        accompaniment: &Accompaniment,
        frames: Range<u32>,
    ) -> (usize, usize) {
        let frame_s = 60.0 / bpm / f64::from(tune.frames_per_quarter);
        let notes = tune.notes.iter().map(|note| (note.begin.max(frames.start), note.end.min(frames.end), note.key));
        let sung = notes.filter(|note| note.0 < note.1);
        let in_seconds = sung.map(|note| (f64::from(note.0) * frame_s, f64::from(note.1) * frame_s, note.2));
        in_chord(in_seconds, frame_s / PARTS, accompaniment)
    }

    /// The same of notes that were sung, every 10 ms.
    pub fn of_sung(notes: &[NoteTruth], accompaniment: &Accompaniment) -> (usize, usize) {
        in_chord(notes.iter().map(|note| (note.onset_s, note.offset_s, note.key)), SUNG_STEP_S, accompaniment)
    }

    /// Note-in-chord ratio: of the time in which melody and harmony sound, that in which the melody's pitch class is one
    /// of the harmony's, % (as in ReaLchords, Wu et al. 2024).
    pub fn note_in_chord(&self) -> f64 {
        percent(self.inside, self.together)
    }

    /// Share of the frames whose chord has the root and the third of the one people play, %.
    pub fn agreement(&self) -> f64 {
        percent(self.agreeing, self.human)
    }

    /// Changes of chord in a bar.
    pub fn changes_per_bar(&self) -> f64 {
        self.changes as f64 / self.bars.max(1) as f64
    }

    /// Share of the changes that come on a beat, %.
    pub fn on_beat(&self) -> f64 {
        percent(self.on_beat, self.changes)
    }
}

/// Of the steps of `step_s` in which the `melody` of (begin in s, end in s, key) and the harmony sound, those in which
/// its pitch class is one of the harmony's; and all of them.
fn in_chord(
    melody: impl Iterator<Item = (f64, f64, u8)>,
    step_s: f64,
    accompaniment: &Accompaniment,
) -> (usize, usize) {
    let place = |seconds: f64| (seconds / step_s).round() as usize;
    let chordal = || accompaniment.played.iter().filter(|note| note.is_chordal());
    let mut sounds = vec![[false; 12]; chordal().map(|note| place(note.off_s)).max().unwrap_or(0)];
    for note in chordal() {
        for moment in &mut sounds[place(note.on_s)..place(note.off_s)] {
            moment[usize::from(note.key % 12)] = true;
        }
    }
    let (mut inside, mut together) = (0, 0);
    for (begin, end, key) in melody {
        for sounding in sounds.iter().take(place(end)).skip(place(begin)) {
            together += usize::from(sounding.contains(&true));
            inside += usize::from(sounding[usize::from(key % 12)]);
        }
    }
    (inside, together)
}

fn percent(right: usize, all: usize) -> f64 {
    100.0 * right as f64 / all.max(1) as f64
}

fn chord_at(music: &[Chord], seconds: f64) -> &str {
    let after = music.partition_point(|row| row.time_s <= seconds);
    music[..after].last().map_or("", |row| &row.chord)
}

/// Pitch class of the root of a key or chord like `D:min`, and whether it is minor or diminished; `None` for none.
pub fn tonic_and_minor(chord: &str) -> Option<(u8, bool)> {
    let (root, quality) = chord.split_once(':')?;
    let root = PITCH_NAMES.iter().position(|name| *name == root)?;
    Some((root as u8, ["min", "dim", "hdim"].iter().any(|minor| quality.starts_with(minor))))
}
