//! Notes to curves: pitch, loudness of the voice and of its consonants, at every sample. Pitch is the truth itself.

use super::chance::Chance;
use super::performance::{Performance, TimedNote};
use super::score::Consonant;
use super::truth::{NoteTruth, amplitude, hz};
use std::f64::consts::{PI, TAU};

/// How notes of a sound begin and end.
#[derive(Clone, Copy)]
pub(super) struct Articulation {
    /// From silence to full loudness, s.
    pub attack_s: f64,
    /// From full loudness to silence, s.
    pub release_s: f64,
    /// Whether consonants are sung; otherwise a hiss or stop is a short lift between two notes.
    pub consonants: bool,
}

/// A hiss lasts this long, s; sung s in continuous text, 60-120 ms.
const HISS_S: f64 = 0.08;

/// Closure before the burst of a stop, s; unvoiced plosives in singing, 50-100 ms.
const CLOSURE_S: f64 = 0.06;

/// The burst of a stop, s.
const BURST_S: f64 = 0.012;

/// A nasal lasts this long before the vowel, s, and sounds at this share of the vowel's amplitude.
const NASAL: (f64, f64) = (0.07, 0.4);

/// Bow or breath is lifted this long between notes that a singer would part by a consonant, s.
const LIFT_S: f64 = 0.05;

/// A scoop has reached its pitch after this, s.
const SCOOP_S: f64 = 0.12;

/// Vibrato begins this long after the onset and has its full depth this long after that, s.
const VIBRATO_S: (f64, f64) = (0.25, 0.3);

/// Vibrato settles this long before a glide to the next note, s.
const VIBRATO_END_S: f64 = 0.08;

/// Voice softer than this share of the note's amplitude counts as no pitch: -34 dB.
const AUDIBLE: f32 = 0.02;

/// The curves, one value a sample.
pub(super) struct Contour {
    /// Fundamental, Hz; also while silent.
    pub f0_hz: Vec<f32>,
    /// Amplitude of the voice.
    pub voice: Vec<f32>,
    /// Share of the note's own amplitude that the voice has, 0-1.
    pub openness: Vec<f32>,
    /// Amplitude of consonant noise.
    pub noise: Vec<f32>,
    /// Index of the note that sounds, or in a gap of the one to come.
    pub note: Vec<u32>,
    /// The notes as they sound.
    pub notes: Vec<NoteTruth>,
}

/// From 0 to 1 over 0 to 1, without a corner.
pub(super) fn ease(x: f64) -> f64 {
    0.5 - 0.5 * (PI * x.clamp(0.0, 1.0)).cos()
}

impl Contour {
    pub fn new(
        timed: &[TimedNote],
        performance: &Performance,
        articulation: Articulation,
        rate_hz: f64,
        length: usize,
    ) -> Self {
        let mut contour = Self {
            f0_hz: vec![hz(60.0) as f32; length],
            voice: vec![0.0; length],
            openness: vec![0.0; length],
            noise: vec![0.0; length],
            note: vec![0; length],
            notes: Vec::with_capacity(timed.len()),
        };
        let mut chance = Chance::new(performance.seed, "pitch");
        let wander = Wander::new(performance.wander_cents, &mut chance);
        let mut written = 0;
        for (index, note) in timed.iter().enumerate() {
            let before = index.checked_sub(1).map(|i| timed[i]).filter(|before| before.off_s >= note.on_s);
            let after = timed.get(index + 1).filter(|after| after.on_s <= note.off_s);
            let span = Span::new(note, before.as_ref(), after, articulation, performance.glide_s);
            contour.notes.push(NoteTruth {
                onset_s: note.on_s,
                offset_s: span.off_s,
                attack_s: span.attack_s,
                key: note.key,
                velocity: note.velocity,
            });
            let sharp = performance.detune_cents / 100.0;
            let key = f64::from(note.key) + sharp;
            let vibrato_hz = performance.vibrato_hz * (1.0 + 0.04 * chance.either_way());
            let scoop = performance.scoop_cents / 100.0 * (0.6 + 0.4 * chance.share());
            let scoop_s = SCOOP_S.min(0.4 * (note.off_s - note.on_s));
            let level = amplitude(note.velocity);
            let from_level = if span.tied { before.map_or(level, |note| amplitude(note.velocity)) } else { level };
            let from_key = before.map_or(key, |note| f64::from(note.key) + sharp);
            let first = ((span.begin_s * rate_hz).ceil().max(0.0) as usize).min(length);
            let last = ((span.end_s * rate_hz).ceil().max(0.0) as usize).min(length);
            for sample in first..last {
                let t = sample as f64 / rate_hz;
                let since = t - note.on_s;
                let moved = if span.tied { ease(since / span.glide_s + 0.5) } else { 1.0 };
                let reached = if span.tied { 0.0 } else { scoop * (1.0 - ease(since / scoop_s)) };
                let depth = performance.vibrato_cents / 100.0 * ease((since - VIBRATO_S.0) / VIBRATO_S.1);
                let settling = if span.tied_after { ease((span.end_s - t) / VIBRATO_END_S) } else { 1.0 };
                let vibrato = depth * settling * (TAU * vibrato_hz * (since - VIBRATO_S.0)).sin();
                let pitch = from_key + (key - from_key) * moved - reached + vibrato + wander.at(t);
                let open = span.openness(t, articulation);
                contour.f0_hz[sample] = hz(pitch) as f32;
                contour.openness[sample] = open as f32;
                contour.voice[sample] = (open * (from_level + (level - from_level) * moved)) as f32;
            }
            contour.note[written..last].fill(index as u32);
            written = last;
            contour.consonant(note, &span, level, rate_hz);
        }
        contour
    }

    fn consonant(&mut self, note: &TimedNote, span: &Span, level: f64, rate_hz: f64) {
        let (from_s, length_s, strength) = match note.consonant {
            Consonant::Hiss => (span.attack_s, HISS_S, 0.10),
            Consonant::Stop => (note.on_s - BURST_S, BURST_S, 0.5),
            Consonant::Open | Consonant::Nasal => return,
        };
        if span.attack_s >= note.on_s {
            return;
        }
        let first = (from_s * rate_hz).max(0.0) as usize;
        let last = (((from_s + length_s) * rate_hz) as usize).min(self.noise.len());
        for (step, place) in self.noise.iter_mut().enumerate().take(last).skip(first) {
            let along = (step as f64 / rate_hz - from_s) / length_s;
            let shape = if note.consonant == Consonant::Hiss { (PI * along).sin() } else { (-4.0 * along).exp() };
            *place = (strength * level * shape) as f32;
        }
    }

    /// Fundamental where there is a pitch to hear, 0 elsewhere.
    pub fn audible_f0_hz(&self) -> Vec<f32> {
        let pitched = self.f0_hz.iter().zip(&self.openness);
        pitched.map(|(&f0, &open)| if open > AUDIBLE { f0 } else { 0.0 }).collect()
    }
}

/// When a note's curve begins and ends, and how it hangs together with its neighbours.
struct Span {
    begin_s: f64,
    end_s: f64,
    off_s: f64,
    attack_s: f64,
    glide_s: f64,
    /// Voiced right through from the note before.
    tied: bool,
    /// Voiced right through to the note after.
    tied_after: bool,
    nasal: bool,
    nasal_after: bool,
    on_s: f64,
}

impl Span {
    fn new(
        note: &TimedNote,
        before: Option<&TimedNote>,
        after: Option<&TimedNote>,
        articulation: Articulation,
        glide_s: f64,
    ) -> Self {
        let parts = |consonant| matches!(consonant, Consonant::Hiss | Consonant::Stop);
        let gap_s = |note: &TimedNote| match note.consonant {
            Consonant::Hiss | Consonant::Stop if !articulation.consonants => LIFT_S,
            Consonant::Hiss => HISS_S,
            Consonant::Stop => CLOSURE_S + BURST_S,
            Consonant::Open | Consonant::Nasal => 0.0,
        };
        // What a note leaves to the consonant that follows: at most half of itself.
        let yielded_s = |from: &TimedNote, to: &TimedNote| gap_s(to).min(0.5 * (from.off_s - from.on_s));
        let glide = |from: &TimedNote, to: &TimedNote| {
            glide_s.min(0.4 * (from.off_s - from.on_s)).min(0.4 * (to.off_s - to.on_s))
        };
        let tied = before.is_some() && !parts(note.consonant);
        let tied_after = after.is_some_and(|after| !parts(after.consonant));
        let off_s = after.map_or(note.off_s, |after| note.off_s - yielded_s(note, after));
        let attack_s = match (note.consonant, before) {
            (Consonant::Hiss | Consonant::Stop, _) if !articulation.consonants => note.on_s,
            (Consonant::Hiss | Consonant::Stop, Some(before)) => note.on_s - yielded_s(before, note),
            (Consonant::Hiss, None) => note.on_s - HISS_S,
            (Consonant::Stop, None) => note.on_s - BURST_S,
            (Consonant::Open | Consonant::Nasal, _) => note.on_s,
        };
        let own_glide_s = before.filter(|_| tied).map_or(0.0, |before| glide(before, note));
        let end_s = after.filter(|_| tied_after).map_or(off_s, |after| note.off_s - 0.5 * glide(note, after));
        Self {
            begin_s: note.on_s - 0.5 * own_glide_s,
            end_s,
            off_s,
            attack_s,
            glide_s: own_glide_s.max(1e-6),
            tied,
            tied_after,
            nasal: note.consonant == Consonant::Nasal && articulation.consonants,
            nasal_after: after.is_some_and(|after| after.consonant == Consonant::Nasal) && articulation.consonants,
            on_s: note.on_s,
        }
    }

    /// Share of the note's amplitude at `t`.
    fn openness(&self, t: f64, articulation: Articulation) -> f64 {
        let rising = if self.tied { 1.0 } else { ease((t - self.on_s) / articulation.attack_s) };
        let falling = if self.tied_after { 1.0 } else { ease((self.off_s - t) / articulation.release_s) };
        // The mouth closes over the nasal and opens in its last third, at the onset.
        let closing = if self.nasal_after { ease((self.end_s - t) / NASAL.0) } else { 1.0 };
        let opening = if self.nasal { ease((t - self.on_s) / (NASAL.0 / 2.0)) } else { 1.0 };
        rising * falling * (NASAL.1 + (1.0 - NASAL.1) * closing.min(opening))
    }
}

/// Slow, smooth and never the same: three sines whose periods have no common measure.
struct Wander {
    cents: f64,
    phases: [f64; 3],
}

/// Cycles a second of the wandering; slower than any vibrato.
const WANDER_HZ: [f64; 3] = [0.61, 1.43, 2.77];

impl Wander {
    fn new(cents: f64, chance: &mut Chance) -> Self {
        Self { cents, phases: [(); 3].map(|()| TAU * chance.share()) }
    }

    /// Semitones at `t`.
    fn at(&self, t: f64) -> f64 {
        let sum: f64 = WANDER_HZ.iter().zip(self.phases).map(|(hz, phase)| (TAU * hz * t + phase).sin()).sum();
        self.cents / 100.0 * sum / 3.0
    }
}
