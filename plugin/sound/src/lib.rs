//! The built-in sound: a first session needs no routing. A felt piano, a warm pad, plucked strings and a soft drum, each
//! a physical model in its modes: a bank of decaying sines and a breath of noise.
//!
//! The audio thread's: nothing allocates after [`Sound::new`]. What is played is the same however the blocks are cut, has
//! no subnormals, no step, and stays below [`CEILING`] times the chosen level.
//!
//! A busy accompaniment (`typical` of `cargo bench -p antiphon-sound`, as CPU time) takes 0.9 % of one core with the
//! piano, 1.2 % with the pad and 0.8 % with the strings at 48 kHz; [`POLYPHONY`] notes held at once, 1.6 % at most, or
//! 2.6 % on a machine without AVX.

mod bank;
mod ceiling;
mod choice;
mod drum;
mod note;
mod pad;
mod piano;
#[cfg(test)]
mod promises;
mod strings;
mod wide;

pub use ceiling::CEILING;
pub use choice::{CHOICE_NAMES, Choice, Instrument, LEVEL_LIMITS_DB};

use antiphon_engine::respond::plan::Voice;
use bank::STRETCH;
use ceiling::Ceiling;
use note::{Note, Stage, kept};
use wide::Wide;

/// Most notes at once: as many as the musician plays.
pub const POLYPHONY: usize = antiphon_engine::speak::POLYPHONY;
/// Places for notes: those that fade while others begin have room beside [`POLYPHONY`].
const PLACES: usize = 2 * POLYPHONY;
/// Time constant with which the level follows the therapist's choice, s: no step, and at once to the ear.
const LEVEL_S: f64 = 0.02;
/// A level that is this near is reached, share of full scale.
const NEAR: f32 = 1e-4;
/// Time constant with which a note dies that lost even its place to fade, s.
const REST_S: f64 = 0.01;
/// What is smaller is 0: -140 dBFS.
const SILENCE: f32 = 1e-7;
/// Stretches between two thorough looks for what is spent: 0.04 s at 48 kHz, in which a mode of 1 ms loses 380 dB at
/// most.
const THOROUGH: u32 = 64;

/// The instruments.
pub struct Sound {
    rate_hz: f64,
    notes: Box<[Note]>,
    begun: u64,
    instrument: Instrument,
    /// Samples since the last multiple of [`STRETCH`], and stretches, both counted since the beginning.
    phase: usize,
    stretches: u32,
    /// What is left of notes that lost their place.
    rest: [f32; 2],
    rest_left: f32,
    ceiling: Ceiling,
    on: bool,
    level: f32,
    level_wanted: f32,
    level_left: f32,
    /// Whether nothing sounds.
    silent: bool,
    /// Channels whose sustain pedal is down, a bit each.
    pedals: u16,
    wide: Wide,
}

impl Sound {
    /// The instruments at `rate_hz`, on, at 0 dB.
    pub fn new(rate_hz: f64) -> Self {
        let usual = Choice::default();
        Self {
            rate_hz,
            notes: vec![Note::default(); PLACES].into_boxed_slice(),
            begun: 0,
            instrument: usual.instrument,
            phase: 0,
            stretches: 0,
            rest: [0.0; 2],
            rest_left: kept(REST_S, rate_hz),
            ceiling: Ceiling::new(rate_hz),
            on: usual.on,
            level: 1.0,
            level_wanted: 1.0,
            level_left: kept(LEVEL_S, rate_hz),
            silent: true,
            pedals: 0,
            wide: Wide::new(),
        }
    }

    /// Silent at once, as new; what was chosen stays.
    pub fn reset(&mut self) {
        self.notes.iter_mut().for_each(|note| note.stage = Stage::Silent);
        (self.begun, self.phase, self.stretches, self.rest) = (0, 0, 0, [0.0; 2]);
        self.pedals = 0;
        self.ceiling.reset();
        self.level = self.level_wanted;
        self.silent = true;
    }

    /// Follows the therapist's choice. Another instrument plays what begins from now on; switched off, what sounds fades.
    pub fn choose(&mut self, choice: &Choice) {
        self.instrument = choice.instrument;
        if self.on && !choice.on {
            self.hush();
        }
        self.on = choice.on;
        let level_db = choice.level_db.clamp(LEVEL_LIMITS_DB.0, LEVEL_LIMITS_DB.1);
        self.level_wanted = 10_f32.powf(level_db / 20.0);
        if self.silent {
            self.level = self.level_wanted;
        }
    }

    /// Begins a note, unless switched off. The same key on the same channel is let go first.
    pub fn note_on(&mut self, voice: Voice, channel: u8, key: u8, velocity: u8) {
        self.notes.iter_mut().filter(|note| note.place == (channel, key)).for_each(Note::release);
        if !self.on {
            return;
        }
        self.begun += 1;
        self.make_room();
        let Some(note) = self.notes.iter_mut().min_by_key(|note| place_rank(note)) else { return };
        if note.stage != Stage::Silent {
            self.rest = [self.rest[0] + note.last[0], self.rest[1] + note.last[1]];
        }
        let stroke = Stroke { place: (channel, key), age: self.begun, velocity: velocity.clamp(1, 127) };
        match (voice, self.instrument) {
            (Voice::Pulse, _) => drum::strike(note, stroke, self.rate_hz),
            (_, Instrument::Piano) => piano::strike(note, stroke, self.rate_hz),
            (_, Instrument::Pad) => pad::strike(note, stroke, self.rate_hz),
            (_, Instrument::Strings) => strings::strike(note, stroke, self.rate_hz),
        }
        self.silent = false;
    }

    /// Lets a note go; while the pedal of its channel is down, it sounds on.
    pub fn note_off(&mut self, channel: u8, key: u8) {
        let let_go = if self.pedals & bit(channel) == 0 { Note::release } else { Note::pedal };
        self.notes.iter_mut().filter(|note| note.place == (channel, key)).for_each(let_go);
    }

    /// The sustain pedal of a channel goes down, or comes up and lets go what it alone holds.
    pub fn pedal(&mut self, channel: u8, down: bool) {
        if down {
            self.pedals |= bit(channel);
            return;
        }
        self.pedals &= !bit(channel);
        let its_own = |note: &&mut Note| note.place.0 == channel && note.stage == Stage::Pedalled;
        self.notes.iter_mut().filter(its_own).for_each(Note::release);
    }

    /// Lets everything fade within 20 ms, every pedal up.
    pub fn hush(&mut self) {
        self.pedals = 0;
        self.notes.iter_mut().for_each(Note::fade);
    }

    /// Whether nothing sounds: [`Self::process`] would write zeros.
    pub fn is_silent(&self) -> bool {
        self.silent
    }

    /// Writes the next samples of both sides, which are of one length.
    pub fn process(&mut self, left: &mut [f32], right: &mut [f32]) {
        let samples = left.len().min(right.len());
        let mut from = 0;
        while from < samples {
            let until = samples.min(from + STRETCH - self.phase);
            self.stretch(&mut left[from..until], &mut right[from..until]);
            self.phase = (self.phase + until - from) % STRETCH;
            if self.phase == 0 {
                self.tidy();
            }
            from = until;
        }
    }

    /// Within one stretch.
    fn stretch(&mut self, left: &mut [f32], right: &mut [f32]) {
        left.fill(0.0);
        right.fill(0.0);
        if self.silent {
            return;
        }
        self.wide.add(&mut self.notes, [left, right]);
        for (left, right) in left.iter_mut().zip(right) {
            let [l, r] = self.ceiling.hold([*left + self.rest[0], *right + self.rest[1]]);
            self.level = self.level_wanted + (self.level - self.level_wanted) * self.level_left;
            (*left, *right) = (audible(self.level * l), audible(self.level * r));
            self.rest = self.rest.map(|rest| audible(rest * self.rest_left));
        }
    }

    /// Between two stretches: what is over is given up.
    fn tidy(&mut self) {
        if self.silent {
            return;
        }
        self.stretches = self.stretches.wrapping_add(1);
        let thorough = self.stretches.is_multiple_of(THOROUGH);
        for note in self.notes.iter_mut().filter(|note| note.stage != Stage::Silent) {
            note.tidy(thorough);
        }
        if (self.level - self.level_wanted).abs() < NEAR {
            self.level = self.level_wanted;
        }
        if self.rest == [0.0; 2] && self.notes.iter().all(|note| note.stage == Stage::Silent) {
            self.ceiling.reset();
            self.level = self.level_wanted;
            self.silent = true;
        }
    }

    /// Keeps to [`POLYPHONY`], the note that is about to begin included: what was let go makes room first, then the oldest.
    fn make_room(&mut self) {
        let sounding = |note: &&mut Note| matches!(note.stage, Stage::Held | Stage::Pedalled | Stage::Released);
        if self.notes.iter_mut().filter(sounding).count() < POLYPHONY {
            return;
        }
        let rank = |note: &&mut Note| (note.stage == Stage::Held, note.age);
        if let Some(note) = self.notes.iter_mut().filter(sounding).min_by_key(rank) {
            note.fade();
        }
    }
}

/// The bit of a channel, 0-15.
fn bit(channel: u8) -> u16 {
    1 << (channel & 15)
}

/// Which place a new note takes: an empty one, else that of the note with the least left of it.
fn place_rank(note: &Note) -> (bool, bool, u32, u64) {
    (note.stage != Stage::Silent, note.stage != Stage::Fading, note.left().to_bits(), note.age)
}

fn audible(sample: f32) -> f32 {
    if sample.abs() < SILENCE { 0.0 } else { sample }
}

/// How a key was struck.
#[derive(Clone, Copy)]
struct Stroke {
    place: (u8, u8),
    age: u64,
    velocity: u8,
}

impl Stroke {
    /// Frequency of the key in equal temperament, Hz.
    fn hz(&self) -> f64 {
        440.0 * ((f64::from(self.place.1) - 69.0) / 12.0).exp2()
    }

    /// Octaves above middle C.
    fn octaves(&self) -> f64 {
        (f64::from(self.place.1) - 60.0) / 12.0
    }

    /// Velocity against the middle one.
    fn force(&self) -> f64 {
        f64::from(self.velocity) / 64.0
    }

    /// Loudness by velocity, as a share of that at velocity 64: 8 dB from velocity 32 to 90, so that an answer stays
    /// beside the client.
    fn loudness(&self) -> f64 {
        self.force().powf(0.9)
    }
}
