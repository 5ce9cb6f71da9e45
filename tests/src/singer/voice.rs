//! Sung, bowed and blown tones: a band-limited pulse whose phase is the integral of the true pitch, through formants.

use super::chance::Chance;
use super::contour::{Articulation, Contour, ease};
use super::formants::{self, Shape, Tract};
use super::performance::{Performance, Performed, Sound};
use super::truth::{LineTruth, Truth, hz};
use super::{SILENCE, Take};
use std::f64::consts::TAU;

/// Samples between two looks at the curves; 0.7 ms at 48 kHz.
const STEP: usize = 32;

/// No partial lies above this, Hz, nor above [`HIGHEST_SHARE`] of the rate.
const HIGHEST_HZ: f64 = 9_000.0;

/// Highest partial as a share of the sample rate.
const HIGHEST_SHARE: f64 = 0.45;

/// Most partials: 9 kHz over 45 Hz.
const PARTIALS: usize = 200;

/// A vowel turns into the next over this long, s.
const VOWEL_TURN_S: f64 = 0.06;

/// A vowel has turned into another when the first formant is this near, Hz.
const TURNED_HZ: f64 = 1.0;

/// Farther than this from its key a note is on its way from another, octaves; vibrato stays within.
const MOVING_OCTAVES: f64 = 0.7 / 12.0;

/// An audible breath: how long, and how long before the line it is over, s.
const BREATH_S: (f64, f64) = (0.35, 0.06);

/// Amplitude of an audible breath: about 40 dB under singing.
const BREATH_LEVEL: f64 = 0.004;

/// Resonance of consonants, Hz: centre and bandwidth of a sung s.
const HISS_HZ: (f64, f64) = (5_500.0, 2_500.0);

struct Timbre {
    /// Where the partials begin to fall by 6 dB an octave more, Hz, at velocity 64.
    tilt_hz: f64,
    /// How the partials fall below that: partial n by n to this power.
    slope: f64,
    /// Noise in the tone, share of its amplitude.
    air: f64,
    articulation: Articulation,
    vowels: Vec<Shape>,
}

impl Timbre {
    fn of(sound: Sound) -> Self {
        let sung = Articulation { attack_s: 0.035, release_s: 0.06, consonants: true };
        let vowels = |scale| formants::VOWELS.iter().map(|vowel| formants::scaled(vowel, scale)).collect();
        match sound {
            Sound::LowVoice => {
                Self { tilt_hz: 1_200.0, slope: 1.0, air: 0.01, articulation: sung, vowels: vowels(1.0) }
            }
            Sound::Bowed => {
                let articulation = Articulation { attack_s: 0.06, release_s: 0.09, consonants: false };
                Self { tilt_hz: 4_000.0, slope: 0.1, air: 0.006, articulation, vowels: vec![formants::STRING_BODY] }
            }
            Sound::Blown => {
                let articulation = Articulation { attack_s: 0.045, release_s: 0.07, consonants: false };
                Self { tilt_hz: 350.0, slope: 1.0, air: 0.03, articulation, vowels: vec![formants::TUBE] }
            }
            Sound::HighVoice | Sound::Plucked => Self {
                tilt_hz: 1_500.0,
                slope: 1.0,
                air: 0.01,
                articulation: sung,
                vowels: vowels(formants::HIGH_VOICE_SCALE),
            },
        }
    }
}

pub(super) fn voice(performed: &Performed, performance: &Performance, rate_hz: f64) -> Take {
    let timbre = Timbre::of(performance.sound);
    let length = performed.samples(rate_hz);
    let contour = Contour::new(&performed.notes, performance, timbre.articulation, rate_hz, length);
    let mut singer = Singer::new(&timbre, &contour, performance, rate_hz);
    let mut samples = vec![0.0_f32; length];
    for first in (0..length).step_by(STEP) {
        let last = (first + STEP).min(length);
        singer.sing(&contour, first, &mut samples[first..last]);
    }
    let mut truth = Truth { f0_hz: contour.audible_f0_hz(), notes: contour.notes, ..performed.truth() };
    if timbre.articulation.consonants && performance.breath > 0.0 {
        breathe(&mut samples, &truth.lines, &timbre, performance, rate_hz);
    }
    for (line, notes) in truth.lines.iter_mut().zip(&performed.line_notes) {
        line.end_s = truth.notes[notes.end - 1].offset_s;
    }
    Take { rate_hz, samples, truth }
}

struct Singer<'a> {
    timbre: &'a Timbre,
    rate_hz: f64,
    breath: f64,
    /// Cycles since the start.
    phase: f64,
    tract: Tract,
    hiss: Tract,
    noise: Chance,
    /// Amplitude of each partial, from the fundamental on.
    partials: [f64; PARTIALS],
    /// Gain that brings each note to the same loudness, whatever its vowel and pitch.
    gains: Vec<f64>,
    gain: f64,
    shape: Shape,
    /// Nothing was sung in the step before.
    was_silent: bool,
}

impl<'a> Singer<'a> {
    fn new(timbre: &'a Timbre, contour: &Contour, performance: &Performance, rate_hz: f64) -> Self {
        let mut hiss = Tract::default();
        let centre = HISS_HZ.0.min(0.35 * rate_hz);
        hiss.set(&[(centre, HISS_HZ.1), (1e9, 1.0), (1e9, 1.0), (1e9, 1.0), (1e9, 1.0)], rate_hz);
        let mut singer = Self {
            timbre,
            rate_hz,
            breath: performance.breath,
            phase: 0.0,
            tract: Tract::default(),
            hiss,
            noise: Chance::new(performance.seed, "air"),
            partials: [0.0; PARTIALS],
            gains: Vec::new(),
            gain: 0.0,
            shape: timbre.vowels[0],
            was_silent: true,
        };
        singer.gains = (0..contour.notes.len()).map(|note| singer.settled_gain(contour, note)).collect();
        singer.gain = singer.gains.first().copied().unwrap_or(0.0);
        singer
    }

    fn vowel(&self, note: usize) -> Shape {
        // Each next note three vowels on: a, o, e, u, i.
        self.timbre.vowels[(3 * note) % self.timbre.vowels.len()]
    }

    /// The gain of note `note` once its vowel is reached.
    fn settled_gain(&mut self, contour: &Contour, note: usize) -> f64 {
        let sung = contour.notes[note];
        let f0_hz = hz(f64::from(sung.key));
        self.tract.set(&self.vowel(note), self.rate_hz);
        let count = self.weigh(f0_hz, sung.velocity);
        self.even_gain(f0_hz, count)
    }

    /// The gain that makes the root of the mean square 1 for `f0_hz`, with partials and formants as they are.
    fn even_gain(&self, f0_hz: f64, count: usize) -> f64 {
        let power = |n: usize| (self.partials[n] * self.tract.gain((n + 1) as f64 * f0_hz, self.rate_hz)).powi(2);
        1.0 / (0.5 * (0..count).map(power).sum::<f64>()).sqrt().max(1e-9)
    }

    /// Weighs the partials of `f0_hz` and returns how many there are. Louder is brighter.
    fn weigh(&mut self, f0_hz: f64, velocity: u8) -> usize {
        let highest_hz = HIGHEST_HZ.min(HIGHEST_SHARE * self.rate_hz);
        let tilt_hz = self.timbre.tilt_hz * f64::from(velocity) / 64.0;
        let count = ((highest_hz / f0_hz) as usize).min(PARTIALS);
        for (index, partial) in self.partials.iter_mut().enumerate().take(count) {
            let n = (index + 1) as f64;
            // Fades out towards the highest, so that gliding partials neither appear nor vanish at once.
            let fade = 1.0 - (n * f0_hz / highest_hz).powi(4);
            *partial = fade * n.powf(-self.timbre.slope) / (1.0 + (n * f0_hz / tilt_hz).powi(2)).sqrt();
        }
        count
    }

    /// Sings `samples`, the first of which is sample `first` of the take.
    fn sing(&mut self, contour: &Contour, first: usize, samples: &mut [f32]) {
        let note = contour.note[first] as usize;
        let silent = (first..first + samples.len()).all(|i| contour.voice[i] <= 0.0);
        let mut count = 0;
        if !silent && !contour.notes.is_empty() {
            let f0_hz = f64::from(contour.f0_hz[first]);
            count = self.weigh(f0_hz, contour.notes[note].velocity);
            let turn = 1.0 - (-(STEP as f64) / (self.rate_hz * VOWEL_TURN_S / 3.0)).exp();
            let anew = self.was_silent || contour.voice[first] <= 0.0;
            let share = if anew { 1.0 } else { turn };
            let vowel = self.vowel(note);
            self.shape = formants::between(&self.shape, &vowel, share);
            self.tract.set(&self.shape, self.rate_hz);
            let vowel_turns = (vowel[0].0 - self.shape[0].0).abs() > TURNED_HZ;
            let pitch_moves = (f0_hz / hz(f64::from(contour.notes[note].key))).log2().abs() > MOVING_OCTAVES;
            let moving = vowel_turns || pitch_moves;
            let settling = self.gain + (self.gains[note] - self.gain) * share;
            self.gain = if moving { self.even_gain(f0_hz, count) } else { settling };
        }
        self.was_silent = silent;
        for (offset, out) in samples.iter_mut().enumerate() {
            let i = first + offset;
            let (level, noise) = (f64::from(contour.voice[i]), f64::from(contour.noise[i]));
            let source = if level > 0.0 { self.source(count) } else { 0.0 };
            self.phase = (self.phase + f64::from(contour.f0_hz[i]) / self.rate_hz).fract();
            let air = if level > 0.0 || noise > 0.0 { self.noise.either_way() } else { 0.0 };
            let tone = self.gain * level * (source + self.breath * self.timbre.air * air);
            *out = (self.tract.process(tone) + self.hiss.process(noise * air)) as f32;
        }
    }

    /// The sum of the partials at the present phase: sin(n x) = 2 cos(x) sin((n-1) x) - sin((n-2) x).
    fn source(&self, count: usize) -> f64 {
        let (sin, cos) = (TAU * self.phase).sin_cos();
        let (mut before, mut now, mut sum) = (0.0, sin, 0.0);
        for partial in &self.partials[..count] {
            sum += partial * now;
            (before, now) = (now, 2.0 * cos * now - before);
        }
        sum
    }
}

/// An audible breath before every line.
fn breathe(samples: &mut [f32], lines: &[LineTruth], timbre: &Timbre, performance: &Performance, rate_hz: f64) {
    let mut chance = Chance::new(performance.seed, "breath");
    let mut tract = Tract::default();
    tract.set(&timbre.vowels[0], rate_hz);
    for line in lines {
        let begin_s = line.start_s - BREATH_S.0 - BREATH_S.1;
        let first = (begin_s * rate_hz).max(0.0) as usize;
        let last = first + (BREATH_S.0 * rate_hz) as usize;
        for (i, sample) in samples.iter_mut().enumerate().take(last).skip(first) {
            let along = (i - first) as f64 / (last - first) as f64;
            let level = BREATH_LEVEL * performance.breath * ease(2.0 * along) * ease(2.0 - 2.0 * along);
            let air = tract.process(level * chance.either_way()) as f32;
            *sample += if air.abs() < SILENCE { 0.0 } else { air };
        }
    }
}
