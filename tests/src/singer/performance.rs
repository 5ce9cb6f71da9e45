//! How a score is performed: in what time, with what sound; and the notes as they then come.

use super::chance::Chance;
use super::score::{Consonant, Line, Score};
use super::truth::{LineTruth, Truth};
use std::ops::Range;

/// Silence before the first beat, s; more than any jitter, and room for a breath.
pub const LEAD_IN_S: f64 = 0.8;

/// Silence after the last beat, s.
pub const LEAD_OUT_S: f64 = 1.0;

/// How the written time is kept.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Timing {
    /// As written.
    Metronomic,
    /// Inter-onset intervals, in beats of the score, vary by this coefficient; each line keeps its length.
    Rubato {
        /// Standard deviation over mean, up to 0.2.
        cv: f64,
    },
    /// Each onset is off by up to this much, evenly, either way.
    Jitter {
        /// Largest deviation, s.
        up_to_s: f64,
    },
}

/// What it sounds like.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sound {
    /// A high voice.
    HighVoice,
    /// A low voice; the score is not transposed by it.
    LowVoice,
    /// A bowed string.
    Bowed,
    /// A flute.
    Blown,
    /// A plucked string.
    Plucked,
}

/// How a score is performed.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Performance {
    /// Time.
    pub timing: Timing,
    /// Sound.
    pub sound: Sound,
    /// Every choice left to chance.
    pub seed: u64,
    /// Sharp or flat throughout, cents.
    pub detune_cents: f64,
    /// Vibrato either way, cents; it sets in on notes that last.
    pub vibrato_cents: f64,
    /// Vibrato cycles a second.
    pub vibrato_hz: f64,
    /// How far below its pitch a note after a gap begins, cents.
    pub scoop_cents: f64,
    /// Slow wandering of the pitch, cents either way.
    pub wander_cents: f64,
    /// How long a glide from note to note takes, s.
    pub glide_s: f64,
    /// Breath in the sound and between the lines: 0 none, 1 usual.
    pub breath: f64,
    /// Loudest sample of the take, full scale 1.
    pub peak: f32,
}

impl Default for Performance {
    /// A high voice in strict time. Vibrato of 5.5 Hz and ±45 cents and glides of 80 ms lie in the middle of what is
    /// reported of trained singers (Sundberg 1987; Saitou 2005).
    fn default() -> Self {
        Self {
            timing: Timing::Metronomic,
            sound: Sound::HighVoice,
            seed: 1,
            detune_cents: 0.0,
            vibrato_cents: 45.0,
            vibrato_hz: 5.5,
            scoop_cents: 90.0,
            wander_cents: 4.0,
            glide_s: 0.08,
            breath: 1.0,
            peak: 0.5,
        }
    }
}

impl Performance {
    /// No vibrato, scoop, wandering or breath: every note is exactly its key.
    pub fn plain() -> Self {
        Self { vibrato_cents: 0.0, scoop_cents: 0.0, wander_cents: 0.0, breath: 0.0, ..Self::default() }
    }

    /// The notes of `score` as they come in this performance.
    pub(super) fn perform(&self, score: &Score) -> Performed {
        let mut chance = Chance::new(self.seed, "timing");
        let warp = Warp::new(score, self.timing, &mut chance);
        let second = |beat: f64| LEAD_IN_S + score.seconds(warp.beat(beat));
        let mut notes: Vec<TimedNote> = Vec::new();
        let (mut lines, mut line_notes) = (Vec::new(), Vec::new());
        let mut first_beat = 0.0;
        for line in &score.lines {
            let first = notes.len();
            for note in &line.notes {
                let Some(key) = note.key else { continue };
                let late = match self.timing {
                    Timing::Jitter { up_to_s } => up_to_s * chance.either_way(),
                    _ => 0.0,
                };
                let earliest = notes.last().map_or(0.0, |before| before.on_s + SHORTEST_S);
                let on_s = (second(note.onset_beats) + late).max(earliest);
                if let Some(before) = notes[first..].last_mut().filter(|before| before.off_s > on_s - TOUCHING_S) {
                    before.off_s = on_s;
                }
                let off_s = (second(note.onset_beats + note.length_beats)).max(on_s + SHORTEST_S);
                notes.push(TimedNote { on_s, off_s, key, consonant: note.consonant, velocity: note.velocity });
            }
            if let Some((start, end)) = notes.get(first).zip(notes.last()) {
                lines.push(LineTruth { start_s: start.on_s, end_s: end.off_s, first_beat });
                line_notes.push(first..notes.len());
            }
            first_beat += line.length_beats;
        }
        let beats_s = (0..=score.length_beats().floor() as usize).map(|beat| second(beat as f64)).collect();
        Performed { notes, lines, line_notes, beats_s, end_s: second(score.length_beats()) + LEAD_OUT_S }
    }
}

/// Written notes that touch stay together whatever the jitter, s: gaps below this are none.
const TOUCHING_S: f64 = 0.1;

/// No note is shorter, s.
const SHORTEST_S: f64 = 0.06;

/// A note as it comes.
#[derive(Clone, Copy, Debug)]
pub(super) struct TimedNote {
    pub on_s: f64,
    /// The next onset, where the notes touch.
    pub off_s: f64,
    pub key: u8,
    pub consonant: Consonant,
    pub velocity: u8,
}

/// A score as it comes.
pub(super) struct Performed {
    pub notes: Vec<TimedNote>,
    lines: Vec<LineTruth>,
    /// Which notes belong to each of the lines; never none.
    pub line_notes: Vec<Range<usize>>,
    beats_s: Vec<f64>,
    pub end_s: f64,
}

impl Performed {
    /// Samples in all.
    pub fn samples(&self, rate_hz: f64) -> usize {
        (self.end_s * rate_hz).ceil() as usize
    }

    /// The truth but for pitch and notes, which the sound decides.
    pub fn truth(&self) -> Truth {
        let onsets_s = self.notes.iter().map(|note| note.on_s).collect();
        Truth { lines: self.lines.clone(), beats_s: self.beats_s.clone(), onsets_s, ..Truth::default() }
    }
}

/// Where in the steady time of the score each written beat falls: straight between the onsets.
struct Warp {
    /// Written beat and sung beat of every onset and line boundary, ascending.
    points: Vec<(f64, f64)>,
}

impl Warp {
    fn new(score: &Score, timing: Timing, chance: &mut Chance) -> Self {
        let Timing::Rubato { cv } = timing else { return Self { points: Vec::new() } };
        let mut deviations: Vec<Vec<f64>> = score.lines.iter().map(|line| line_deviations(line, chance)).collect();
        let all: Vec<f64> = deviations.iter().flatten().copied().collect();
        let count = all.len().max(1) as f64;
        let mean = all.iter().sum::<f64>() / count;
        let spread = (all.iter().map(|d| (d - mean).powi(2)).sum::<f64>() / count).sqrt();
        // The scale s for which spread * s / (1 + mean * s), the variation of 1 + s * deviation, is `cv`.
        let scale = if spread > cv * mean && spread > 0.0 { cv / (spread - cv * mean) } else { 0.0 };
        let mut points = Vec::new();
        let mut first_beat = 0.0;
        for (line, deviations) in score.lines.iter().zip(&mut deviations) {
            let mut sung = first_beat;
            points.push((first_beat, first_beat));
            for (note, deviation) in line.notes.iter().zip(deviations) {
                sung += note.length_beats * (1.0 + scale * *deviation);
                points.push((note.onset_beats + note.length_beats, sung));
            }
            first_beat += line.length_beats;
        }
        points.push((first_beat, first_beat));
        points.dedup_by(|later, earlier| later.0 - earlier.0 < 1e-9);
        Self { points }
    }

    fn beat(&self, written: f64) -> f64 {
        let after = self.points.partition_point(|point| point.0 <= written);
        match (after.checked_sub(1).map(|before| self.points[before]), self.points.get(after)) {
            (Some(before), Some(next)) => before.1 + (written - before.0) * (next.1 - before.1) / (next.0 - before.0),
            (Some(before), None) => before.1 + written - before.0,
            (None, _) => written,
        }
    }
}

/// Neighbouring deviations resemble each other this much, -1 to 1: rubato is a push and pull, not noise.
const RUBATO_MEMORY: f64 = 0.4;

/// Deviations are held to this many standard deviations, so that no interval collapses.
const RUBATO_LIMIT: f64 = 2.0;

/// One deviation a note, whose sum weighted by length is nought: the line keeps its length.
fn line_deviations(line: &Line, chance: &mut Chance) -> Vec<f64> {
    let mut last = chance.normal();
    let mut deviations: Vec<f64> = Vec::with_capacity(line.notes.len());
    for _ in &line.notes {
        deviations.push(last.clamp(-RUBATO_LIMIT, RUBATO_LIMIT));
        last = RUBATO_MEMORY * last + (1.0 - RUBATO_MEMORY * RUBATO_MEMORY).sqrt() * chance.normal();
    }
    let beats: f64 = line.notes.iter().map(|note| note.length_beats).sum();
    let weighted =
        deviations.iter().zip(&line.notes).map(|(d, note)| d * note.length_beats).sum::<f64>() / beats.max(1e-9);
    deviations.iter().map(|deviation| deviation - weighted).collect()
}
