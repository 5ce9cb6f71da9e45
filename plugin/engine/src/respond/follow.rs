//! Follow: how far she departs now from her own average, in velocity and in density. What the mirror knob follows; the
//! averages themselves stay with the therapist's density and ceiling.

use crate::time::Clock;
use crate::understand::meaning::Meaning;

/// Time constants of what she does now and of her average, s: a gesture of two seconds, and several phrases.
const NOW_S: f64 = 1.0;
const AVERAGE_S: f64 = 25.0;
/// Her density now against her average is taken within these, times.
const DENSITY: (f32, f32) = (0.25, 3.0);

/// Her velocity and density, now and on average.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Follow {
    /// MIDI velocity; `None` before her first tone.
    velocity: Option<[f32; 2]>,
    /// Of her last tone, MIDI.
    last: Option<f32>,
    /// Onsets a second.
    density: [f32; 2],
    onsets: u32,
    /// Since her first tone, s.
    heard_s: f64,
}

impl Follow {
    /// Follows one hop.
    pub fn process(&mut self, meaning: &Meaning, clock: Clock) {
        let played = meaning.motif.last().filter(|_| meaning.phrase.open).map(|note| f32::from(note.velocity));
        let velocity = played.unwrap_or(meaning.energy.velocity);
        self.last = played.or(self.last);
        let new = meaning.onsets.saturating_sub(std::mem::replace(&mut self.onsets, meaning.onsets));
        if self.velocity.is_none() && meaning.onsets == 0 {
            return;
        }
        let hop_s = clock.hop_s();
        self.heard_s += hop_s;
        let shares = [NOW_S, AVERAGE_S].map(|over_s| (hop_s / over_s.min(self.heard_s)).min(1.0) as f32);
        let [now, average] = self.velocity.get_or_insert([velocity; 2]);
        if meaning.sounding {
            *now += shares[0] * (velocity - *now);
            *average += shares[1] * (velocity - *average);
        }
        let rate = new as f32 / hop_s as f32;
        for (density, share) in self.density.iter_mut().zip(shares) {
            *density += share * (rate - *density);
        }
    }

    /// Her average velocity and how far she is above it now; `usual` before her first tone.
    pub fn velocity(&self, usual: f32) -> [f32; 2] {
        self.velocity.map_or([usual, 0.0], |[now, average]| [average, now - average])
    }

    /// The velocity of her last tone; `usual` before it.
    pub fn last(&self, usual: f32) -> f32 {
        self.last.unwrap_or(usual)
    }

    /// Her onsets a second on average.
    pub fn average_density(&self) -> f32 {
        self.density[1]
    }

    /// Her density now against her average.
    pub fn density(&self) -> f32 {
        let [now, average] = self.density;
        if average > 0.05 { (now / average).clamp(DENSITY.0, DENSITY.1) } else { 1.0 }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::understand::meaning::MotifNote;

    #[test]
    fn who_grows_louder_and_denser_departs_from_her_average_and_is_average_again_after_a_while() {
        let (clock, mut follow, mut meaning) = (Clock::new(48_000.0), Follow::default(), Meaning::default());
        meaning.sounding = true;
        meaning.phrase.open = true;
        meaning.motif.push(MotifNote { key: 60, velocity: 50, onset_s: 0.0, length_s: 0.3 });
        let mut play = |seconds: f64, velocity: u8, every: usize| {
            meaning.motif[0].velocity = velocity;
            for hop in 0..clock.hops(seconds) {
                meaning.onsets += u32::from(hop % every == 0);
                follow.process(&meaning, clock);
            }
            (follow.velocity(64.0), follow.density())
        };
        let ([average, departs], _) = play(20.0, 50, 600);
        assert!((average - 50.0).abs() < 1.0 && departs.abs() < 1.0);
        let ([average, departs], density) = play(3.0, 90, 200);
        assert!(departs > 25.0 && average < 60.0 && density > 1.7, "{average} {departs} {density}");
        let ([_, departs], density) = play(90.0, 90, 200);
        assert!(departs < 2.0 && density < 1.3, "{departs} {density}");
    }
}
