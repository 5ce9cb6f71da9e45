//! Energy: how loud, how dense, how high, how bright. Proxies from what is played, not readings of a person.

use super::meaning::{Energy, Tonality};
use super::recent::Recent;
use crate::time::{Clock, SampleTime};

/// Notes or onsets that a mean is taken over.
const LAST: usize = 8;

/// Time over which onsets are counted, s.
const DENSITY_S: f64 = 8.0;

/// Mean velocity before the first onset, and mean key before the first note: the middle of a voice.
const USUAL: (f32, f32) = (64.0, 62.0);

/// Velocities that count as no arousal and as all of it: between pianissimo and fortissimo.
const VELOCITY_RANGE: (f32, f32) = (24.0, 112.0);

/// Onsets a second that count as all arousal; sung lines have 2 (Billboard: 14 notes in 6.5 s).
const DENSITY_FULL: f32 = 5.0;

/// Semitones above or below her usual register that move arousal by half.
const REGISTER_SPAN: f32 = 12.0;

/// Weight of loudness, density and register in arousal: loudness is the strongest cue in performances (Juslin and
/// Laukka 2003).
const AROUSAL_WEIGHTS: [f32; 3] = [0.45, 0.4, 0.15];

/// Valence of a major key as sure as can be; minor lies as far below one half.
const MAJOR_VALENCE: f32 = 0.25;

/// How far a line that rises an octave lifts valence.
const CONTOUR_VALENCE: f32 = 0.2;

/// The sense of energy.
pub struct EnergySense {
    clock: Clock,
    energy: Energy,
}

impl EnergySense {
    /// Before anything was heard.
    pub fn new(clock: Clock) -> Self {
        let energy = Energy { velocity: USUAL.0, centre_key: USUAL.1, ..Energy::default() };
        Self { clock, energy }
    }

    /// Back to the state after `new`.
    pub fn reset(&mut self) {
        *self = Self::new(self.clock);
    }

    /// Takes stock at `now`.
    pub fn process(&mut self, now: SampleTime, recent: &Recent, tonality: &Tonality) -> &Energy {
        let onsets = recent.onsets();
        let keys = || recent.notes().iter().map(|note| f32::from(note.heard.key));
        let since = now.saturating_sub(self.clock.samples(DENSITY_S));
        let energy = &mut self.energy;
        energy.density = (onsets.len() - onsets.partition_point(|onset| onset.time < since)) as f32 / DENSITY_S as f32;
        energy.velocity =
            mean(onsets.iter().rev().take(LAST).map(|onset| f32::from(onset.velocity))).unwrap_or(USUAL.0);
        energy.centre_key = mean(keys().rev().take(LAST)).unwrap_or(USUAL.1);

        let loudness = (energy.velocity - VELOCITY_RANGE.0) / (VELOCITY_RANGE.1 - VELOCITY_RANGE.0);
        let usual_key = mean(keys()).unwrap_or(USUAL.1);
        let register = 0.5 + (energy.centre_key - usual_key) / (2.0 * REGISTER_SPAN);
        let cues = [loudness, energy.density / DENSITY_FULL, register];
        let arousal: f32 = cues.iter().zip(AROUSAL_WEIGHTS).map(|(cue, weight)| cue.clamp(0.0, 1.0) * weight).sum();
        energy.arousal = (!onsets.is_empty()).then_some(arousal);

        let earlier_key = mean(keys().rev().skip(LAST / 2).take(LAST / 2));
        let later_key = mean(keys().rev().take(LAST / 2));
        let rise = later_key.zip(earlier_key).map_or(0.0, |(later, earlier)| (later - earlier) / 12.0).clamp(-1.0, 1.0);
        energy.valence = tonality.key.map(|key| {
            let brightness = if key.mode.is_minor() { -MAJOR_VALENCE } else { MAJOR_VALENCE };
            0.5 + brightness * tonality.confidence + CONTOUR_VALENCE * rise
        });
        energy
    }
}

fn mean(values: impl Iterator<Item = f32>) -> Option<f32> {
    let (sum, count) = values.fold((0.0, 0), |(sum, count), value| (sum + value, count + 1));
    (count > 0).then(|| sum / count as f32)
}

#[cfg(test)]
mod tests {
    use super::super::testing::{line, understand};
    use crate::settings::Settings;

    #[test]
    fn loud_and_dense_singing_is_more_aroused_than_soft_and_sparse_singing() {
        let heard = |step_s: f64, velocity: u8| {
            let mut sounds = line(&[60, 62, 64, 65, 67, 65, 64, 62], 0.0, step_s);
            sounds.iter_mut().for_each(|sound| sound.velocity = velocity);
            understand(sounds, step_s * 8.0, &Settings::default(), |_| ()).energy
        };
        let (calm, excited) = (heard(1.0, 40), heard(0.2, 110));
        assert!(excited.arousal > calm.arousal.map(|arousal| arousal + 0.3), "{calm:?} {excited:?}");
        assert_eq!(calm.velocity, 40.0);
        assert_eq!(calm.density, 1.0);
    }

    #[test]
    fn a_minor_tune_is_darker_than_a_major_one_and_without_a_key_nothing_is_claimed() {
        let valence = |keys: &[u8]| understand(line(keys, 0.0, 0.4), 6.0, &Settings::default(), |_| ()).energy.valence;
        let major = valence(&[60, 62, 64, 67, 65, 64, 62, 60, 67, 69, 67, 64, 62, 60]);
        let minor = valence(&[60, 62, 63, 67, 65, 63, 62, 60, 67, 68, 67, 63, 62, 60]);
        assert!(major > minor && minor.is_some(), "{major:?} {minor:?}");
        assert_eq!(valence(&[60]), None);
    }
}
