//! The room and the cable: noise, hum and offset added to a take; its truth stays what it was.

use super::Take;
use super::chance::Chance;
use std::f64::consts::TAU;

/// Colour of noise.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Noise {
    /// Equal power in every hertz.
    White,
    /// Equal power in every octave, from 20 Hz or so.
    Pink,
}

impl Take {
    /// The same take with noise, `snr_db` under the mean power of its sounding parts.
    pub fn with_noise(mut self, noise: Noise, snr_db: f64, seed: u64) -> Self {
        let mut chance = Chance::new(seed, "room");
        let mut pink = Pink::default();
        let added: Vec<f64> = (0..self.samples.len())
            .map(|_| match noise {
                Noise::White => chance.either_way(),
                Noise::Pink => pink.process(chance.either_way()),
            })
            .collect();
        let power = added.iter().map(|x| x * x).sum::<f64>() / added.len().max(1) as f64;
        let gain = (self.sounding_power() / power.max(f64::MIN_POSITIVE) / 10.0_f64.powf(snr_db / 10.0)).sqrt();
        for (sample, noise) in self.samples.iter_mut().zip(added) {
            *sample += (gain * noise) as f32;
        }
        self
    }

    /// The same take with the hum of the mains at `mains_hz` and its odd harmonics, of `level_db` dBFS.
    pub fn with_hum(mut self, mains_hz: f64, level_db: f64) -> Self {
        let level = 10.0_f64.powf(level_db / 20.0);
        for (i, sample) in self.samples.iter_mut().enumerate() {
            let phase = TAU * mains_hz * i as f64 / self.rate_hz;
            *sample += (level * (phase.sin() + 0.3 * (3.0 * phase).sin() + 0.1 * (5.0 * phase).sin())) as f32;
        }
        self
    }

    /// The same take with an offset, full scale 1.
    pub fn with_offset(mut self, offset: f32) -> Self {
        self.samples.iter_mut().for_each(|sample| *sample += offset);
        self
    }

    /// Mean square of the samples that are not silent; 0 for silence.
    fn sounding_power(&self) -> f64 {
        let sounding = self.samples.iter().filter(|sample| **sample != 0.0);
        let (count, sum) = sounding.fold((0_usize, 0.0), |(count, sum), x| (count + 1, sum + f64::from(*x).powi(2)));
        sum / count.max(1) as f64
    }
}

/// White to pink by Paul Kellet's three poles (musicdsp.org 76, "economy"): within ±0.5 dB above 10 Hz at 44.1 kHz.
#[derive(Default)]
struct Pink([f64; 3]);

impl Pink {
    fn process(&mut self, white: f64) -> f64 {
        let [a, b, c] = &mut self.0;
        *a = 0.99765 * *a + white * 0.0990460;
        *b = 0.96300 * *b + white * 0.2965164;
        *c = 0.57000 * *c + white * 1.0526913;
        *a + *b + *c + white * 0.1848
    }
}
