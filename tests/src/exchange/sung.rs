//! What is performed: the lines, and what is done to them to see what must not happen.

use super::take::{Piece, Take};
use crate::singer::performance::LEAD_IN_S;
use crate::singer::{self, Performance, Score, Sound, Timing, Truth, drum, sing};
use crate::singer::{thirteen_lines, thirteen_lines_without_repetition};

/// Samples a second, Hz.
const RATE_HZ: f64 = 48_000.0;

/// After the final release: 12 s in which all ends, 8 s of silence, and a second to tell them apart, s.
const SILENCE_S: f64 = 21.0;

/// One tone that is not a beginning lasts this long, s.
const ONE_TONE_S: f64 = 0.35;

/// Each of two tones that are one, and the rest between them, s.
const TWO_TONES_S: (f64, f64) = (0.6, 0.15);

/// From one tone to two, s: longer than anybody remembers a single one.
const BETWEEN_S: f64 = 6.0;

/// After the last of it, s.
const AFTER_S: f64 = 4.0;

/// Who stops fades out within this, s.
const FADE_S: f64 = 0.03;

/// Loudest sample of what is neither loud nor quiet, full scale 1.
const PEAK: f32 = 0.5;

/// What comes after the last line: a tone that wakes nobody, and two that do.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Coda {
    /// When the single tone begins, s.
    pub one_tone_s: f64,
    /// When the first of two begins, s.
    pub two_tones_s: f64,
    /// When the second of the two ends, s.
    pub end_s: f64,
}

/// A performance.
#[derive(Clone, Debug, PartialEq)]
pub struct Sung {
    /// The sound, and what is true of it; what comes after the last line is not in its truth.
    pub sound: singer::Take,
    /// What is true of everybody else who sounds.
    pub others: Vec<Truth>,
    /// What comes after the last line, if anything.
    pub coda: Option<Coda>,
}

impl Sung {
    fn of(mut sound: singer::Take) -> Self {
        // A fundamental for each sample is more than anybody here asks for.
        sound.truth.f0_hz = Vec::new();
        Self { sound, others: Vec::new(), coda: None }
    }

    /// Silence after `time_s`, until `length_s`.
    fn silent_from(mut self, time_s: f64, length_s: f64) -> Self {
        let singer::Take { rate_hz, samples, truth } = &mut self.sound;
        let sample = |seconds: f64| (seconds * *rate_hz).round() as usize;
        samples.truncate(sample(time_s));
        let fade = sample(FADE_S);
        for (step, faded) in samples.iter_mut().rev().take(fade).enumerate() {
            *faded *= step as f32 / fade as f32;
        }
        samples.resize(sample(length_s), 0.0);
        truth.notes.retain(|note| note.onset_s < time_s);
        if let Some(last) = truth.notes.last_mut() {
            last.offset_s = last.offset_s.min(time_s);
        }
        truth.onsets_s.retain(|onset_s| *onset_s < time_s);
        truth.lines.retain(|line| line.start_s < time_s);
        if let Some(last) = truth.lines.last_mut() {
            last.end_s = last.end_s.min(time_s);
        }
        self
    }

    /// The same, and after a silence one tone and two.
    fn with_coda(self, performance: &Performance, transposed: i8) -> Self {
        let release_s = self.sound.truth.notes.last().map_or(0.0, |note| note.offset_s);
        let one_tone_s = release_s + SILENCE_S;
        let two_tones_s = one_tone_s + BETWEEN_S;
        let end_s = two_tones_s + 2.0 * TWO_TONES_S.0 + TWO_TONES_S.1;
        let mut whole = self.silent_from(release_s + 0.5, end_s + AFTER_S);
        let plain = Performance { breath: 0.0, timing: Timing::Metronomic, ..*performance };
        let one = [(62, ONE_TONE_S)];
        let two = [(62, TWO_TONES_S.0), (0, TWO_TONES_S.1), (65, TWO_TONES_S.0)];
        for (at_s, notes) in [(one_tone_s, &one[..]), (two_tones_s, &two[..])] {
            let tones = sing(&Score::melody(60.0, notes).transposed(transposed), &plain, RATE_HZ);
            let first = ((at_s - LEAD_IN_S) * RATE_HZ) as usize;
            for (sample, tone) in whole.sound.samples[first..].iter_mut().zip(tones.samples) {
                *sample += tone;
            }
        }
        whole.coda = Some(Coda { one_tone_s, two_tones_s, end_s });
        whole
    }
}

/// Performs a take.
pub fn sung(take: Take) -> Sung {
    let Take { piece, player, keeping, seed, .. } = take;
    let performance = Performance {
        timing: keeping.timing(),
        sound: player.sound(),
        seed: u64::from(seed),
        peak: PEAK,
        ..Performance::default()
    };
    let transposed = player.transposed();
    let perform =
        |score: Score, performance: &Performance| Sung::of(sing(&score.transposed(transposed), performance, RATE_HZ));
    if let Some(line) = piece.stops_in() {
        let whole = perform(thirteen_lines(), &performance);
        let middle_s = whole.sound.truth.beats_s[whole.sound.truth.lines[line].first_beat as usize + 8] - 0.02;
        return whole.silent_from(middle_s, middle_s + 20.0);
    }
    match piece {
        Piece::NoRepetition => {
            perform(thirteen_lines_without_repetition(), &performance).with_coda(&performance, transposed)
        }
        Piece::Loud => perform(level(118), &Performance { peak: 0.95, ..performance }),
        Piece::Quiet => perform(level(40), &Performance { peak: 0.05, ..performance }),
        Piece::Flat => perform(thirteen_lines(), &Performance { detune_cents: -40.0, ..performance }),
        Piece::Leaves => {
            let whole = perform(thirteen_lines(), &performance);
            let end_s = whole.sound.truth.lines[1].end_s + 0.15;
            whole.silent_from(end_s, end_s + 60.0)
        }
        Piece::Chaos => {
            Sung::of(drum::drum(&drum::chaos(5.0, 40.0, 0.8, u64::from(seed)), 46.0, 0.7, u64::from(seed), RATE_HZ))
        }
        Piece::Two => two(&performance, u64::from(seed)),
        _ => perform(thirteen_lines(), &performance).with_coda(&performance, transposed),
    }
}

/// The first nine lines, every note of one velocity.
fn level(velocity: u8) -> Score {
    let mut score = thirteen_lines();
    score.lines.truncate(9);
    score.ritard = None;
    score.lines.iter_mut().flat_map(|line| &mut line.notes).for_each(|note| note.velocity = velocity);
    score
}

/// Lines 5 to 9 by the high voice, and by a low one the same lines in another order, a bar later.
fn two(performance: &Performance, seed: u64) -> Sung {
    let order = |lines: &[usize], beats_before: f64| {
        let written = thirteen_lines();
        let mut score = Score::new(written.bpm);
        for &index in lines {
            let from = score.length_beats() + if score.lines.is_empty() { beats_before } else { 0.0 };
            let mut line = written.lines[index].clone();
            let first = line.notes.first().map_or(0.0, |note| note.onset_beats);
            line.notes.iter_mut().for_each(|note| note.onset_beats += from - first);
            if score.lines.is_empty() {
                line.length_beats += beats_before;
            }
            score.lines.push(line);
        }
        score
    };
    let mut high = Sung::of(sing(&order(&[4, 5, 6, 7, 8], 0.0), performance, RATE_HZ));
    let low = Performance { sound: Sound::LowVoice, seed: seed + 100, ..*performance };
    let low = Sung::of(sing(&order(&[7, 6, 4, 5], 4.0).transposed(-12), &low, RATE_HZ));
    for (sample, other) in high.sound.samples.iter_mut().zip(&low.sound.samples) {
        *sample = 0.6 * (*sample + other);
    }
    high.others.push(low.sound.truth);
    high
}
