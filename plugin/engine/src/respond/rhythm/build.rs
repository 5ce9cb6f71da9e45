//! Build: how far it has come, and the lines that come in with it.

use super::super::Moment;
use super::super::harmony::voicing::{Keys, PARTS};
use super::count::Tick;
use super::{BASS_CENTRE, LINES, Rhythm};
use crate::chord::Chord;
use crate::intend::idioms::{Bass, idiom_row};

/// Bars of a line where none were heard yet, and fewest and most of them that are reckoned with; what is shorter is half a
/// line, and a build goes over both halves.
const USUAL_BARS: u64 = 4;
const BARS: (u64, u64) = (3, 8);
/// A bass that goes down by step passes these tones, semitones above the tonic, one a bar.
const DESCENT: [u8; 4] = [5, 3, 1, 0];

/// How far a build has come, and how long her lines are.
#[derive(Clone, Copy, Default)]
pub(super) struct Build {
    /// The velocity it is built on.
    pub ground: f32,
    /// The beat that fell last, from 0 on its first downbeat; and beats in all.
    beats: Option<u64>,
    length: u64,
    /// Beats counted when her last phrase began, and from phrase to phrase, the last two times.
    phrase_at: Option<u64>,
    phrase_beats: [u64; 2],
    per_bar: u64,
}

impl Build {
    /// Her phrase begins at `beats` of the count: how long her lines are is learned.
    pub fn phrase_begins(&mut self, beats: u64) {
        if let Some(before) = self.phrase_at.replace(beats) {
            self.phrase_beats = [beats.saturating_sub(before), self.phrase_beats[0]];
        }
    }

    /// A bar has so many beats.
    pub fn has_bar(&mut self, per_bar: u8) {
        self.per_bar = u64::from(per_bar.max(1));
    }

    /// Bars from phrase to phrase, if they were as many twice.
    pub fn bars(&self) -> Option<usize> {
        let [last, before] = self.phrase_beats.map(|beats| (2 * beats + self.per_bar) / (2 * self.per_bar).max(1));
        (last == before && (BARS.0..=BARS.1).contains(&last)).then_some(last as usize)
    }

    /// It begins on `ground`.
    pub fn begin(&mut self, ground: f32, per_bar: u8) {
        self.has_bar(per_bar);
        let bars = (self.phrase_beats[0] + self.per_bar / 2) / self.per_bar;
        let bars = if bars < BARS.0 { USUAL_BARS } else { bars.min(BARS.1) };
        (self.ground, self.beats, self.length) = (ground, None, bars * self.per_bar);
    }

    /// The count stops and may start anew.
    pub fn paused(self) -> Self {
        Self { phrase_at: None, ..self }
    }

    /// A beat falls in it; its first one is a downbeat.
    pub fn beat(&mut self, is_downbeat: bool) {
        self.beats = self.beats.map(|beats| beats + 1).or(is_downbeat.then_some(0));
    }

    /// How far it has come, 0-1.
    pub fn growth(&self) -> f32 {
        (self.beats.unwrap_or(0) as f32 / self.length.max(1) as f32).min(1.0)
    }

    /// Its quarter, 0 to 3.
    pub fn quarter(&self) -> usize {
        ((4 * self.beats.unwrap_or(0) / self.length.max(1)) as usize).min(3)
    }
}

impl Rhythm {
    /// The keys of the lines, the bass first. A build begins with few and adds one with each of its quarters.
    pub(super) fn lines(&self, moment: &Moment, tick: &Tick, chord: Chord, keys: &Keys) -> [Option<u8>; LINES] {
        let highest = moment.settings.register_high;
        let octave = |key: u8| Some(key + 12).filter(|&key| key <= highest);
        let mut lines = [None; LINES];
        for (line, &key) in lines.iter_mut().zip(keys) {
            *line = Some(key);
        }
        lines[0] = Some(self.bass_key(moment, tick, chord, keys));
        if moment.intent.body.grows > 0.0 {
            let quarter = self.build.quarter();
            if quarter < 1 {
                // The third stays, without which there is no chord, and the root where it may: on beats without a bass,
                // third and fifth alone are another chord.
                let tones = chord.family.tones();
                let has = |tone: u8| (1..PARTS).rev().find(|&line| (keys[line] + 12 - chord.root) % 12 == tone);
                let line = has(tones[2]).or(has(0)).unwrap_or(PARTS - 1);
                lines[line] = None;
            }
            // It begins close together and opens downwards as well.
            let [bass, lowest] = [keys[0], keys[1]];
            lines[0] = match quarter {
                0 | 1 if bass < BASS_CENTRE as u8 && bass + 12 < lowest => octave(bass),
                2.. if bass >= moment.settings.register_low + 12 && bass > BASS_CENTRE as u8 + 4 => Some(bass - 12),
                _ => Some(bass),
            };
            lines[PARTS] = octave(keys[1]).filter(|_| quarter > 1);
            lines[PARTS + 1] = octave(keys[3]).filter(|_| quarter > 2);
        }
        lines
    }

    /// The bass as the style has it.
    fn bass_key(&self, moment: &Moment, tick: &Tick, chord: Chord, keys: &Keys) -> u8 {
        let tonic = self.key.map(|key| key.tonic);
        let step = self.form.bar().unwrap_or(0) % DESCENT.len();
        let class = match idiom_row(moment.settings.idiom).bass {
            Bass::Roots => None,
            Bass::RootAndFifth if tick.number == 1 || self.struck != Some(chord) => None,
            Bass::RootAndFifth => Some((chord.root + chord.family.tones()[2]) % 12),
            Bass::Pedal => tonic,
            Bass::Descending => tonic.map(|tonic| (tonic + DESCENT[step]) % 12).filter(|class| chord.contains(*class)),
        };
        let lowest = keys[1];
        let fitting = |class: u8| {
            let key = super::super::nearest(class, f32::from(keys[0]), moment.settings);
            if key < lowest { key } else { key.saturating_sub(12).max(moment.settings.register_low) }
        };
        class.map_or(keys[0], fitting)
    }
}
