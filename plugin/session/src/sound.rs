//! The built-in instrument: a soft electric piano that holds like a pad, so that a render can be heard.
//!
//! A few sine partials a note. Nothing allocates after `new`. The output stays below -6 dBFS whatever is played.

use std::f64::consts::TAU;

/// Most notes at once, those that are fading out included.
pub const POLYPHONY: usize = 32;

/// What a note is made of. The second partial is a little sharp: it beats slowly against the third of the same key an
/// octave below, which warms held fifths. Chosen by ear.
const PARTIALS: [Partial; PARTIAL_COUNT] = [
    Partial { ratio: 1.0, level: 1.0, decay_s: 9.0, sustain: 0.55, opening: 0.0 },
    Partial { ratio: 2.001, level: 0.28, decay_s: 4.0, sustain: 0.0, opening: 0.6 },
    Partial { ratio: 3.0, level: 0.10, decay_s: 1.5, sustain: 0.0, opening: 1.2 },
    Partial { ratio: 5.0, level: 0.05, decay_s: 0.35, sustain: 0.0, opening: 2.0 },
];
const PARTIAL_COUNT: usize = 4;

struct Partial {
    /// Frequency against the fundamental's.
    ratio: f64,
    /// Level against the fundamental's at velocity 64.
    level: f64,
    /// Time constant of its decay, s.
    decay_s: f64,
    /// Share that a held note keeps.
    sustain: f64,
    /// How much velocity opens it: the power of velocity that it follows, besides that of the whole note.
    opening: f64,
}

/// Time constant of the attack, s: 63 % after it, no click.
const ATTACK_S: f64 = 0.012;

/// Time constant of the release, s: -60 dB after about 0.3 s.
const RELEASE_S: f64 = 0.045;

/// Peak of the fundamental of middle C at velocity 64, full scale 1: a soft root and fifth lie near -20 dBFS RMS.
const LEVEL: f64 = 0.095;

/// The power of velocity that loudness follows: 8 dB from velocity 32 to 90, so that an answer stays beside the client.
const TOUCH: f64 = 0.9;

/// Hearing is less sensitive below: this much more level for each octave down, dB. From ISO 226 at 60 phon, flattened.
const TILT_DB_PER_OCTAVE: f64 = 2.0;

/// Partials above this share of the sample rate are left out.
const HIGHEST_PARTIAL: f64 = 0.42;

/// A note that has faded to this share of itself is over: -80 dB, after about 0.4 s.
const OVER: f32 = 1e-4;

/// Amplitudes below this are 0: nobody hears them, and they would become subnormal.
const SILENCE: f32 = 1e-7;

/// The output bends from here on, and stays below twice this.
const KNEE: f32 = 0.25;

/// Time constant with which the rest of a note that had to make room dies away, s.
const STOLEN_S: f64 = 0.003;

#[derive(Clone, Copy, Default)]
struct Note {
    channel: u8,
    key: u8,
    /// Held, or fading out.
    held: bool,
    /// Counts up with each note: the oldest makes room.
    age: u64,
    /// Attack and release, 0-1.
    envelope: f32,
    partials: [Ringing; PARTIAL_COUNT],
    /// The latest sample.
    last: f32,
}

/// A partial that rings.
#[derive(Clone, Copy, Default)]
struct Ringing {
    /// Unit phasor: real and imaginary part.
    phasor: (f32, f32),
    /// Its rotation a sample.
    turn: (f32, f32),
    /// Amplitude now.
    amplitude: f32,
    /// Amplitude that it decays to.
    rest: f32,
    /// Share of the way to there that is left after a sample.
    decay: f32,
}

/// The instrument.
pub struct Sound {
    rate_hz: f64,
    notes: Box<[Note]>,
    attack: f32,
    release: f32,
    begun: u64,
    /// What is left of notes that had to make room.
    stolen: f32,
    stolen_decay: f32,
}

impl Sound {
    /// An instrument for `rate_hz`.
    pub fn new(rate_hz: f64) -> Self {
        let keep = |seconds| kept(seconds, rate_hz);
        Self {
            rate_hz,
            notes: vec![Note::default(); POLYPHONY].into_boxed_slice(),
            attack: keep(ATTACK_S),
            release: keep(RELEASE_S),
            begun: 0,
            stolen: 0.0,
            stolen_decay: keep(STOLEN_S),
        }
    }

    /// Begins a note. The same key on the same channel is let go first.
    pub fn note_on(&mut self, channel: u8, key: u8, velocity: u8) {
        self.note_off(channel, key);
        self.begun += 1;
        let note = Note { channel, key, held: true, age: self.begun, ..self.struck(key, velocity) };
        // The quietest of those that are fading makes room; with none, the oldest.
        let rank = |note: &Note| if note.held { (1, note.age) } else { (0, u64::from(note.envelope.to_bits())) };
        if let Some(place) = self.notes.iter_mut().min_by_key(|note| rank(note)) {
            self.stolen += place.last;
            *place = note;
        }
    }

    /// Lets a note go.
    pub fn note_off(&mut self, channel: u8, key: u8) {
        for note in self.notes.iter_mut().filter(|note| (note.channel, note.key) == (channel, key)) {
            note.held = false;
        }
    }

    /// Writes the next samples.
    pub fn process(&mut self, out: &mut [f32]) {
        out.fill(0.0);
        for note in self.notes.iter_mut().filter(|note| note.age > 0) {
            note.add(out, self.attack, self.release);
        }
        for sample in out {
            *sample = bend(*sample + self.stolen);
            self.stolen *= self.stolen_decay;
            if self.stolen.abs() < SILENCE {
                self.stolen = 0.0;
            }
        }
    }

    fn struck(&self, key: u8, velocity: u8) -> Note {
        let fundamental_hz = 440.0 * ((f64::from(key) - 69.0) / 12.0).exp2();
        let tilt = 10_f64.powf(TILT_DB_PER_OCTAVE / 20.0 * (60.0 - f64::from(key)) / 12.0);
        let touch = f64::from(velocity) / 64.0;
        let level = LEVEL * tilt * touch.powf(TOUCH);
        let mut note = Note::default();
        for (partial, ringing) in PARTIALS.iter().zip(&mut note.partials) {
            let cycles = fundamental_hz * partial.ratio / self.rate_hz;
            if cycles < HIGHEST_PARTIAL {
                let (imaginary, real) = (TAU * cycles).sin_cos();
                let amplitude = level * partial.level * touch.powf(partial.opening);
                *ringing = Ringing {
                    phasor: (1.0, 0.0),
                    turn: (real as f32, imaginary as f32),
                    amplitude: amplitude as f32,
                    rest: (amplitude * partial.sustain) as f32,
                    decay: kept(partial.decay_s, self.rate_hz),
                };
            }
        }
        note
    }
}

impl Note {
    fn add(&mut self, out: &mut [f32], attack: f32, release: f32) {
        for sample in out {
            self.envelope = if self.held { 1.0 - (1.0 - self.envelope) * attack } else { self.envelope * release };
            if !self.held && self.envelope < OVER {
                *self = Self::default();
                return;
            }
            self.last = self.envelope * self.partials.iter_mut().map(Ringing::next).sum::<f32>();
            *sample += self.last;
        }
    }
}

impl Ringing {
    fn next(&mut self) -> f32 {
        let ((re, im), (turn_re, turn_im)) = (self.phasor, self.turn);
        let (re, im) = (re * turn_re - im * turn_im, re * turn_im + im * turn_re);
        // One Newton step keeps the phasor on the unit circle for ever.
        let length = 1.5 - 0.5 * (re * re + im * im);
        self.phasor = (re * length, im * length);
        let left = (self.amplitude - self.rest) * self.decay;
        self.amplitude = self.rest + if left > SILENCE { left } else { 0.0 };
        self.amplitude * im
    }
}

/// Share that is left after a sample of what dies away with the time constant `seconds`.
fn kept(seconds: f64, rate_hz: f64) -> f32 {
    (-1.0 / (seconds * rate_hz)).exp() as f32
}

/// Straight up to [`KNEE`], then bent softly, never twice as high.
fn bend(sample: f32) -> f32 {
    let over = sample.abs() - KNEE;
    if over <= 0.0 { sample } else { (KNEE + KNEE * (over / KNEE).tanh()).copysign(sample) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rms_db(samples: &[f32]) -> f64 {
        let sum: f64 = samples.iter().map(|&x| f64::from(x) * f64::from(x)).sum();
        10.0 * (sum / samples.len() as f64).log10()
    }

    fn peak(samples: &[f32]) -> f32 {
        samples.iter().fold(0.0, |peak, x| x.abs().max(peak))
    }

    #[test]
    fn a_soft_drone_lies_near_minus_20_dbfs() {
        let mut sound = Sound::new(48_000.0);
        sound.note_on(0, 38, 50);
        sound.note_on(0, 45, 50);
        let mut out = vec![0.0; 4 * 48_000];
        sound.process(&mut out);
        let level = rms_db(&out);
        assert!((-22.0..=-19.0).contains(&level), "{level:.1} dBFS");
    }

    #[test]
    fn many_loud_notes_stay_below_minus_6_dbfs() {
        let mut sound = Sound::new(44_100.0);
        let mut out = vec![0.0; 44_100];
        (0..60).for_each(|i| sound.note_on(0, 30 + i, 127));
        sound.process(&mut out);
        assert!(peak(&out) < 0.502, "{}", peak(&out));
    }

    #[test]
    fn a_note_begins_and_ends_without_a_click() {
        let mut sound = Sound::new(48_000.0);
        let mut out = vec![0.0; 48_000];
        sound.note_on(0, 60, 80);
        sound.process(&mut out[..24_000]);
        sound.note_off(0, 60);
        sound.process(&mut out[24_000..]);
        let steepest = out.windows(2).map(|pair| (pair[1] - pair[0]).abs()).fold(0.0, f32::max);
        assert!(peak(&out[..48]) < 0.1 * peak(&out), "the first ms is soft");
        assert!(steepest < 0.15 * peak(&out), "{steepest}");
        assert!(out[24_000 + 24_000 - 1] == 0.0, "silent half a second after its end");
    }

    #[test]
    fn a_note_that_makes_room_does_not_click() {
        let mut sound = Sound::new(48_000.0);
        let mut out = vec![0.0; 9_600];
        (0..POLYPHONY as u8).for_each(|i| sound.note_on(0, 40 + i, 20));
        sound.process(&mut out[..4_800]);
        sound.note_on(0, 90, 20);
        sound.process(&mut out[4_800..]);
        let step = |samples: &[f32]| samples.windows(2).map(|p| (p[1] - p[0]).abs()).fold(0.0, f32::max);
        assert!(step(&out[4_790..4_810]) <= 1.2 * step(&out[..4_790]));
    }

    #[test]
    fn the_same_notes_sound_the_same_however_the_blocks_are_cut() {
        let play = |block: usize| {
            let mut sound = Sound::new(44_100.0);
            sound.note_on(0, 57, 70);
            let mut out = vec![0.0; 4_410];
            out.chunks_mut(block).for_each(|chunk| sound.process(chunk));
            out
        };
        assert_eq!(play(4_410), play(7));
    }
}
