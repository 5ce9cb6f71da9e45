//! The final ritard: v(x) = [1 + (w^q - 1) x]^(1/q), Friberg & Sundberg 1999, JASA 105:1469.

/// A slowing over a stretch of beats; afterwards the tempo stays as slow as it became.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Ritard {
    /// Beat at which it begins.
    pub from_beat: f64,
    /// Beat at which it ends.
    pub to_beat: f64,
    /// Tempo at its end, as a share of the tempo before; under 1.
    pub w: f64,
    /// Curvature: 1 is a straight line over beats, 2 over time, 3 what listeners liked; over 1.
    pub q: f64,
}

impl Ritard {
    /// Tempo at `beat` as a share of the tempo before.
    pub fn tempo(&self, beat: f64) -> f64 {
        self.inner(beat).powf(1.0 / self.q)
    }

    /// How many beats of the tempo before would have passed by `beat`: the integral of 1 / v.
    pub fn steady_beats(&self, beat: f64) -> f64 {
        let span = self.to_beat - self.from_beat;
        let slope = self.w.powf(self.q) - 1.0;
        let exponent = 1.0 - 1.0 / self.q;
        let slowed = span * (self.inner(beat).powf(exponent) - 1.0) / (slope * exponent);
        beat.min(self.from_beat) + slowed + (beat - self.to_beat).max(0.0) / self.w
    }

    fn inner(&self, beat: f64) -> f64 {
        let x = ((beat - self.from_beat) / (self.to_beat - self.from_beat)).clamp(0.0, 1.0);
        1.0 + (self.w.powf(self.q) - 1.0) * x
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_time_a_ritard_takes_is_the_sum_of_its_slowed_beats() {
        let ritard = Ritard { from_beat: 4.0, to_beat: 16.0, w: 0.7, q: 3.0 };
        let steps = 200_000;
        let summed: f64 = (0..steps)
            .map(|i| 20.0 / f64::from(steps) / ritard.tempo(20.0 * (f64::from(i) + 0.5) / f64::from(steps)))
            .sum();
        assert!((ritard.steady_beats(20.0) - summed).abs() < 1e-6);
    }
}
