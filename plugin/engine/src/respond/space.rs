//! Space: from the therapist's space knob on, the ground does not only breathe with her: it rests from the end of her
//! phrase until she has sung alone for a while (making spaces, Bruscia 1987).

use crate::time::{Clock, SampleTime};
use crate::understand::meaning::Meaning;

/// From here on it rests: below, the ground goes through her breaths.
const RESTS_FROM: f32 = 0.35;
/// With the knob at its end she sings alone for so long, s: half of a sung phrase (median 6.5 s, CoCoPops-Billboard).
const ALONE_S: f64 = 3.2;
/// She has ended, and does not just take a breath, after so long, s: from the knob's end to where it rests at all.
const ENDED_S: (f32, f32) = (0.25, 0.7);

/// The rests.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Space {
    /// A rest goes on; and until when she sings alone.
    rests: bool,
    until: Option<SampleTime>,
}

impl Space {
    /// Whether the ground rests in this hop.
    pub fn process(&mut self, meaning: &Meaning, clock: Clock, space: f32) -> bool {
        let share = (space - RESTS_FROM) / (1.0 - RESTS_FROM);
        if share <= 0.0 || meaning.phrase.number == 0 {
            *self = Self::default();
            return false;
        }
        let ended_s = ENDED_S.1 + (ENDED_S.0 - ENDED_S.1) * share;
        if !self.rests && meaning.silence_s >= ended_s {
            (self.rests, self.until) = (true, None);
        }
        if self.rests && self.until.is_none() && meaning.sounding {
            self.until = Some(meaning.now + clock.samples(f64::from(share) * ALONE_S));
        }
        self.rests &= self.until.is_none_or(|until| meaning.now < until);
        self.rests
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Share of the time at rest with a client who sings four seconds and rests two.
    fn rested(space: f32) -> f64 {
        let (clock, mut spaces, mut meaning) = (Clock::new(48_000.0), Space::default(), Meaning::default());
        meaning.phrase.number = 1;
        let (hops, mut rests) = (clock.hops(60.0), 0);
        for hop in 0..hops {
            let at_s = hop as f64 * clock.hop_s() % 6.0;
            meaning.now = (hop * clock.hop()) as SampleTime;
            meaning.sounding = at_s < 4.0;
            meaning.silence_s = if meaning.sounding { 0.0 } else { (at_s - 4.0) as f32 };
            rests += usize::from(spaces.process(&meaning, clock, space));
        }
        rests as f64 / hops as f64
    }

    #[test]
    fn more_space_is_more_rest_and_half_of_the_time_at_most() {
        let shares: Vec<f64> = [0.0, 0.3, 0.5, 0.75, 1.0].map(rested).to_vec();
        assert_eq!(shares[..2], [0.0, 0.0]);
        assert!(shares[1..].windows(2).all(|pair| pair[1] > pair[0] + 0.1), "{shares:?}");
        assert!(shares[4] < 0.85, "{shares:?}");
    }
}
