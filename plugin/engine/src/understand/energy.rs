//! Energy: how loud, how dense, how high, how fast, how bright, how tense. Proxies from what is played, not readings of a
//! person.

use super::meaning::{Energy, PulseSense, Tonality};
use super::recent::{Recent, RecentNote};
use super::trend::{self, Trends};
use crate::key::PitchClass;
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

/// Tempi that count as no arousal and as all of it, beats a minute: sung songs have 79 to 184 (CoCoPops-Billboard).
const TEMPO_RANGE: (f32, f32) = (60.0, 180.0);

/// Weight of loudness, density, register and tempo in arousal: loudness and speed are the strongest cues in performances
/// (Juslin and Laukka 2003). Without a pulse the density stands for the tempo.
const AROUSAL_WEIGHTS: [f32; 4] = [0.45, 0.25, 0.15, 0.15];

/// Valence of a major key as sure as can be; minor lies as far below one half.
const MAJOR_VALENCE: f32 = 0.25;

/// How far a line that rises an octave lifts valence.
const CONTOUR_VALENCE: f32 = 0.2;

/// How far the roughest intervals lower valence.
const ROUGHNESS_VALENCE: f32 = 0.15;

/// Roughness of two tones by the semitones between them, octaves left out: Sethares' curve for six partials, less what the
/// octave has; the seconds and their complements after the same curve.
const ROUGHNESS: [f32; 7] = [0.0, 0.88, 0.65, 0.49, 0.45, 0.28, 0.44];

/// Notes that roughness and the distance from the tonic are taken over.
const TENSE_NOTES: usize = 4;

/// How far each degree lies from rest, by semitones above the tonic: in the order of the probe-tone ratings of Krumhansl
/// and Kessler (1982), major and minor taken together.
const UNREST: [f32; 12] = [0.0, 0.95, 0.55, 0.35, 0.3, 0.5, 0.9, 0.15, 0.7, 0.6, 0.8, 0.85];

/// Least length that a note counts with, s.
const LENGTH_MIN_S: f32 = 0.05;

/// Weight of the distance from the tonic and of the roughness in tension.
const TENSION_WEIGHTS: [f32; 2] = [0.7, 0.3];

/// The sense of energy.
pub struct EnergySense {
    clock: Clock,
    energy: Energy,
    arousal: Trends,
    valence: Trends,
    tension: Trends,
}

impl EnergySense {
    /// Before anything was heard.
    pub fn new(clock: Clock) -> Self {
        let energy = Energy { velocity: USUAL.0, centre_key: USUAL.1, ..Energy::default() };
        Self { clock, energy, arousal: Trends::new(), valence: Trends::new(), tension: Trends::new() }
    }

    /// Back to the state after `new`.
    pub fn reset(&mut self) {
        *self = Self::new(self.clock);
    }

    /// Takes stock at `now`.
    pub fn process(&mut self, now: SampleTime, recent: &Recent, tonality: &Tonality, pulse: &PulseSense) -> &Energy {
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
        let fullness = energy.density / DENSITY_FULL;
        let tempo = |bpm: f32| (bpm - TEMPO_RANGE.0) / (TEMPO_RANGE.1 - TEMPO_RANGE.0);
        let speed = pulse.grid.filter(|grid| !grid.from_host).map_or(fullness, |grid| tempo(grid.tempo_bpm));
        let cues = [loudness, fullness, register, speed];
        let arousal: f32 = cues.iter().zip(AROUSAL_WEIGHTS).map(|(cue, weight)| cue.clamp(0.0, 1.0) * weight).sum();
        energy.arousal = (!onsets.is_empty()).then_some(arousal);

        let earlier_key = mean(keys().rev().skip(LAST / 2).take(LAST / 2));
        let later_key = mean(keys().rev().take(LAST / 2));
        let rise = later_key.zip(earlier_key).map_or(0.0, |(later, earlier)| (later - earlier) / 12.0).clamp(-1.0, 1.0);
        let last = &recent.notes()[recent.notes().len().saturating_sub(TENSE_NOTES)..];
        let roughness = roughness(recent, last);
        energy.valence = tonality.key.map(|key| {
            let brightness = if key.mode.is_minor() { -MAJOR_VALENCE } else { MAJOR_VALENCE };
            let valence =
                0.5 + brightness * tonality.confidence + CONTOUR_VALENCE * rise - ROUGHNESS_VALENCE * roughness;
            valence.clamp(0.0, 1.0)
        });
        let tonic = tonality.key.map(|key| key.tonic).or(tonality.anchor);
        energy.tension = tonic.filter(|_| !last.is_empty()).map(|tonic| {
            let unrest = unrest(recent, last, tonic, now);
            TENSION_WEIGHTS[0] * unrest + TENSION_WEIGHTS[1] * roughness
        });
        if trend::is_due(self.clock, now) {
            energy.arousal_trend = self.arousal.look(energy.arousal);
            energy.valence_trend = self.valence.look(energy.valence);
            energy.tension_trend = self.tension.look(energy.tension);
        }
        energy
    }
}

/// Mean roughness, 0-1, of each of `notes` with the one before it.
fn roughness(recent: &Recent, notes: &[RecentNote]) -> f32 {
    let between = |pair: &[RecentNote]| {
        let semitones = recent.key(&pair[0].heard).abs_diff(recent.key(&pair[1].heard)) % 12;
        ROUGHNESS[usize::from(semitones.min(12 - semitones))]
    };
    let rough = mean(notes.windows(2).map(between)).unwrap_or(0.0);
    rough / ROUGHNESS[1]
}

/// Mean unrest, 0-1, of `notes` over `tonic`, each by its length; the one that sounds counts as long as it has lasted.
fn unrest(recent: &Recent, notes: &[RecentNote], tonic: PitchClass, now: SampleTime) -> f32 {
    let (mut sum, mut weight) = (0.0, 0.0);
    for note in notes {
        let length_s = recent.length_s(&note.heard, now).max(LENGTH_MIN_S);
        let above = (recent.key(&note.heard) + 12 - tonic) % 12;
        sum += length_s * UNREST[usize::from(above)];
        weight += length_s;
    }
    sum / weight
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

    #[test]
    fn leaving_the_tonic_is_tense_and_coming_home_is_not() {
        let tension = |last: &[u8]| {
            let mut sounds = line(&[60, 62, 64, 67, 65, 64, 62, 60, 67, 69, 67, 64, 62, 60], 0.0, 0.4);
            sounds.extend(line(last, 5.6, 0.8));
            understand(sounds, 8.5, &Settings::default(), |_| ()).energy.tension.unwrap()
        };
        let (home, away) = (tension(&[67, 64, 60]), tension(&[65, 66, 71]));
        assert!(away > home + 0.3, "{home} {away}");
    }

    #[test]
    fn playing_ever_louder_is_a_rising_arousal_proxy_and_no_feeling_is_claimed_before_a_sound() {
        let mut sounds = line(&[60; 60], 0.5, 0.5);
        for (sound, velocity) in sounds.iter_mut().zip(30..) {
            sound.velocity = velocity;
        }
        let energy = understand(sounds, 31.5, &Settings::default(), |_| ()).energy;
        assert!(energy.arousal_trend.over_8_s > 0.003 && energy.arousal_trend.over_30_s > 0.003, "{energy:?}");
        let silent = understand(Vec::new(), 3.0, &Settings::default(), |_| ()).energy;
        assert_eq!((silent.arousal, silent.valence, silent.tension), (None, None, None));
    }
}
