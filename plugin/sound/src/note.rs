//! One note: a bank of modes and a breath of noise, under an envelope that never steps.

use crate::bank::{Bank, STRETCH};

/// Time in which a note that has to make room, or is hushed, fades, s: short, and no click (see the promises).
const FADE_S: f64 = 0.02;
/// A note that was let go is over at this share of itself: -74 dB, below -90 dBFS.
const OVER: f32 = 2e-4;
/// The attack is over when this is left of its way.
const RISEN: f32 = 1e-6;
/// Noise below this amplitude is over.
const NOISE_OVER: f32 = 1e-6;
/// How much of each side is heard on the other: a wide image that a mono mix does not thin out.
const CROSSTALK: f32 = 0.45;

/// What a note is made of besides its modes.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Touch {
    /// Time constant of the attack, s.
    pub attack_s: f64,
    /// Time constant of the end after the key is let go, s; `None` for what rings on.
    pub release_s: Option<f64>,
    /// Where it sits, -1 (left) to 1 (right).
    pub pan: f64,
    /// Noise of the stroke: amplitude when struck.
    pub noise: f64,
    /// Time constant of the noise's decay, s.
    pub noise_s: f64,
    /// The noise lies below this, Hz.
    pub noise_hz: f64,
}

/// What happens to the note.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Stage {
    /// Nothing.
    #[default]
    Silent,
    /// The key is down.
    Held,
    /// The key was let go, and the pedal holds the note.
    Pedalled,
    /// The key was let go.
    Released,
    /// It makes room.
    Fading,
}

/// A note.
#[derive(Clone, Default)]
pub struct Note {
    /// MIDI channel and key.
    pub place: (u8, u8),
    /// What happens to it.
    pub stage: Stage,
    /// Counts up with each note that begins.
    pub age: u64,
    /// What rings.
    pub bank: Bank,
    /// The latest sample of either side.
    pub last: [f32; 2],
    /// Attack: the way that is left to full level, 1 to 0, and the share of it that a sample leaves.
    rise: f32,
    rise_left: f32,
    /// Release: 1 to 0, and the share that a sample leaves; 1 for what rings on.
    hold: f32,
    release_left: f32,
    /// 1 to 0 while it makes room, and the step of a sample.
    fade: f32,
    fade_step: f32,
    pan: [f32; 2],
    noise: Noise,
}

/// Noise that is low-passed twice and dies away.
#[derive(Clone, Copy, Default)]
struct Noise {
    /// Whether it is still heard; found out between two stretches alone.
    sounds: bool,
    seed: u32,
    amplitude: f32,
    decay: f32,
    /// Share of the way to the next value that the filter leaves.
    left: f32,
    state: [f32; 2],
}

/// Share that is left after a sample of what dies away with the time constant `seconds`.
pub fn kept(seconds: f64, rate_hz: f64) -> f32 {
    (-1.0 / (seconds * rate_hz)).exp() as f32
}

impl Note {
    /// Begins anew, with no mode yet.
    pub fn begin(&mut self, place: (u8, u8), age: u64, touch: &Touch, rate_hz: f64) {
        self.bank.clear();
        (self.place, self.age, self.stage, self.last) = (place, age, Stage::Held, [0.0; 2]);
        (self.rise, self.hold, self.fade) = (1.0, 1.0, 1.0);
        self.rise_left = kept(touch.attack_s, rate_hz);
        self.release_left = touch.release_s.map_or(1.0, |release_s| kept(release_s, rate_hz));
        self.fade_step = (1.0 / (FADE_S * rate_hz)).min(1.0) as f32;
        // Both sides together keep their power.
        let angle = (1.0 + touch.pan.clamp(-1.0, 1.0)) * std::f64::consts::FRAC_PI_4;
        let (right, left) = angle.sin_cos();
        self.pan = [(left * std::f64::consts::SQRT_2) as f32, (right * std::f64::consts::SQRT_2) as f32];
        let left = (-std::f64::consts::TAU * (touch.noise_hz / rate_hz).min(0.5)).exp();
        self.noise = Noise {
            sounds: true,
            // Knuth's multiplier spreads neighbouring ages.
            seed: (age as u32).wrapping_mul(2_654_435_761),
            // Two one-pole filters leave about this power of white noise: the amplitude is what is heard.
            amplitude: (touch.noise / ((1.0 - left) / 2.0).sqrt()) as f32,
            decay: kept(touch.noise_s, rate_hz),
            left: left as f32,
            state: [0.0; 2],
        };
    }

    /// The key is let go, and the pedal with it.
    pub fn release(&mut self) {
        if matches!(self.stage, Stage::Held | Stage::Pedalled) {
            self.stage = Stage::Released;
        }
    }

    /// The key is let go, and the pedal holds the note.
    pub fn pedal(&mut self) {
        if self.stage == Stage::Held {
            self.stage = Stage::Pedalled;
        }
    }

    /// It makes room.
    pub fn fade(&mut self) {
        if self.stage != Stage::Silent {
            self.stage = Stage::Fading;
        }
    }

    /// How much of a note that makes room is left, 0-1.
    pub fn left(&self) -> f32 {
        self.fade * self.hold
    }

    /// Adds the next samples, [`STRETCH`] at most. `WIDE` as in [`Bank::process`].
    #[inline(always)]
    pub fn add<const WIDE: bool>(&mut self, out: [&mut [f32]; 2]) {
        let [out_left, out_right] = out;
        let (mut left, mut right) = ([0.0; STRETCH], [0.0; STRETCH]);
        let count = out_left.len().min(STRETCH);
        self.bank.process::<WIDE>(&mut left[..count], &mut right[..count]);
        self.noise.add(&mut left[..count], &mut right[..count]);
        let mut levels = [1.0; STRETCH];
        if self.stage != Stage::Held || self.rise > 0.0 {
            self.envelope(&mut levels[..count]);
        }
        for index in 0..count {
            let wide = [left[index] + CROSSTALK * right[index], right[index] + CROSSTALK * left[index]];
            left[index] = levels[index] * self.pan[0] * wide[0];
            right[index] = levels[index] * self.pan[1] * wide[1];
            out_left[index] += left[index];
            out_right[index] += right[index];
        }
        if let Some(last) = count.checked_sub(1) {
            self.last = [left[last], right[last]];
        }
    }

    #[inline(always)]
    fn envelope(&mut self, levels: &mut [f32]) {
        for level in levels {
            self.rise *= self.rise_left;
            match self.stage {
                Stage::Released => self.hold *= self.release_left,
                Stage::Fading => self.fade = (self.fade - self.fade_step).max(0.0),
                Stage::Silent | Stage::Held | Stage::Pedalled => {}
            }
            // Smooth at both ends of the fade.
            *level = (1.0 - self.rise) * self.hold * self.fade * self.fade * (3.0 - 2.0 * self.fade);
        }
    }

    /// Gives up what is no longer heard; `thorough` now and then. Ends the note when nothing is left.
    pub fn tidy(&mut self, thorough: bool) {
        self.noise.sounds &= self.noise.amplitude > NOISE_OVER;
        let rings = self.bank.prune() | self.noise.sounds;
        if self.rise < RISEN {
            self.rise = 0.0;
        }
        if thorough {
            self.bank.scrub();
        }
        if !rings || self.hold < OVER || self.fade <= 0.0 {
            self.stage = Stage::Silent;
        }
    }
}

impl Noise {
    #[inline(always)]
    fn add(&mut self, left: &mut [f32], right: &mut [f32]) {
        if !self.sounds {
            return;
        }
        for (left, right) in left.iter_mut().zip(right) {
            // Numerical Recipes' quick generator; its upper bits are white enough for a stroke.
            self.seed = self.seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            let white = (self.seed as i32) as f32 * (self.amplitude / 2_147_483_648.0);
            self.state[0] = white + (self.state[0] - white) * self.left;
            self.state[1] = self.state[0] + (self.state[1] - self.state[0]) * self.left;
            self.amplitude *= self.decay;
            *left += self.state[1];
            *right += self.state[1];
        }
    }
}
