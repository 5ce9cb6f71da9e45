//! One way to hear the onsets so far: a place in the beat and a tempo, with what is believed of phase and period there.
//!
//! The belief is that of a Kalman filter, as in the tempo trackers of Cemgil and Kappen (2003) and Raphael (2001): given
//! how many beats a step lasts, the next onset is expected where phase and period lead, and its error corrects both by as
//! much as they are in doubt. So the beat goes with the onset that follows a long rest and hardly moves with the one that
//! follows a run of even notes. A period that has begun to grow goes on growing for a while: a ritardando is found again
//! after a rest in the midst of it.

/// Most places of all rhythms with one place in the beat, one swing taken at a time: 4, 3, 4, 3, 4 and 3 beats a bar.
pub const BEATS: usize = 21;

/// Standard errors beyond which a place is out of reach.
const OUT_OF_REACH: f64 = 4.0;

/// Phase, period and slowing as they are believed to be, with their doubt.
#[derive(Clone, Copy, Debug, Default)]
pub struct Belief {
    /// Where the last onset should have been, less where it was, s; the period, s; and by how much a period is longer than
    /// the one before, s.
    pub mean: [f64; 3],
    /// Variances and covariances, s²: phase, phase and period, phase and slowing, period, period and slowing, slowing.
    pub variance: [f64; 6],
}

/// What may have happened within a step.
#[derive(Clone, Copy, Debug)]
pub struct Step {
    /// How long it lasted, s, and how many beats that is taken to be.
    pub seconds: f64,
    pub beats: f64,
    /// Variance by which the period has wandered, s².
    pub wandering: f64,
    /// Variance by which the slowing has changed, s².
    pub turning: f64,
    /// Share of the slowing that is left at its end.
    pub goes_on: f64,
    /// Variance of what the step itself was too long or too short, all that follows with it, s².
    pub lingering: f64,
    /// Variance of an onset that is played and heard, s².
    pub onset: f64,
}

impl Belief {
    /// What is believed after `step`, and the density of its length; `None` if it is out of reach.
    pub fn after(&self, step: &Step) -> Option<(Self, f64)> {
        let ([error_s, period_s, slowing_s], beats) = (self.mean, step.beats);
        let grown = 0.5 * beats * beats;
        let wrong_s = step.seconds - error_s - beats * period_s - grown * slowing_s;
        let [pp, pt, ps, tt, ts, ss] = self.variance;
        let (tt, ss) = (tt + step.wandering, ss + step.turning);
        // Phase against phase, period and slowing once it has moved; period against period and slowing.
        let [pp, pt, ps] = [pp + beats * pt + grown * ps, pt + beats * tt + grown * ts, ps + beats * ts + grown * ss];
        let [tt, ts] = [tt + beats * ts, ts + beats * ss];
        // And against the others as they move in turn; the slowing fades.
        let pp = pp + beats * pt + grown * ps + step.lingering;
        let [pt, ps] = [pt + beats * ps, step.goes_on * ps];
        let [tt, ts, ss] = [tt + beats * ts, step.goes_on * ts, step.goes_on * step.goes_on * ss];
        let total = pp + step.onset;
        let squared = wrong_s * wrong_s / total;
        if squared > OUT_OF_REACH * OUT_OF_REACH {
            return None;
        }
        let [gain, period_gain, slowing_gain] = [pp / total, pt / total, ps / total];
        let mean = [
            (gain - 1.0) * wrong_s,
            period_s + beats * slowing_s + period_gain * wrong_s,
            step.goes_on * slowing_s + slowing_gain * wrong_s,
        ];
        let variance = [
            pp * (1.0 - gain),
            pt * (1.0 - gain),
            ps * (1.0 - gain),
            tt - period_gain * pt,
            ts - period_gain * ps,
            ss - slowing_gain * ps,
        ];
        let density = (-0.5 * squared).exp() / (std::f64::consts::TAU * total).sqrt();
        Some((Self { mean, variance }, density))
    }

    /// Products of the means, in the order of the variances.
    fn squares(&self) -> [f64; 6] {
        let [error, period, slowing] = self.mean;
        [error * error, error * period, error * slowing, period * period, period * slowing, slowing * slowing]
    }
}

/// The ways to hear the onsets so far that agree in swing, in the place in the beat and in the period but for a little;
/// they differ in metre, style and beat of the bar.
#[derive(Clone, Copy, Debug, Default)]
pub struct Cell {
    /// Probability of each of them.
    pub beats: [f32; BEATS],
    /// Probability of all.
    pub sum: f32,
    /// What they believe together; while they are being gathered, sums of what each believes and of the squares.
    pub belief: Belief,
}

impl Cell {
    /// Gathers one that believes `belief`; its probabilities are in `beats` already and sum to `sum`.
    pub fn gather(&mut self, belief: &Belief, sum: f32) {
        self.sum += sum;
        let sum = f64::from(sum);
        self.belief.mean.iter_mut().zip(belief.mean).for_each(|(all, one)| *all += sum * one);
        let squares = belief.variance.iter().zip(belief.squares()).map(|(variance, square)| variance + square);
        self.belief.variance.iter_mut().zip(squares).for_each(|(all, one)| *all += sum * one);
    }

    /// All that were gathered as one, whose mean and variance are theirs; probabilities are divided by `total`.
    pub fn settled(&self, total: f32) -> Self {
        let sum = f64::from(self.sum);
        let mut belief = Belief { mean: self.belief.mean.map(|all| all / sum), ..Belief::default() };
        let squares = belief.squares();
        belief.variance = std::array::from_fn(|i| self.belief.variance[i] / sum - squares[i]);
        let beats = self.beats.map(|chance| chance / total);
        Self { beats, sum: self.sum / total, belief }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A step of so many beats and seconds, in which nothing wandered.
    fn step(beats: f64, seconds: f64) -> Step {
        Step { seconds, beats, wandering: 0.0, turning: 0.0, goes_on: 1.0, lingering: 0.0, onset: 0.0004 }
    }

    #[test]
    fn an_even_run_is_believed_ever_more_and_a_late_onset_moves_it_ever_less() {
        let mut belief = Belief { mean: [0.0, 0.52, 0.0], variance: [0.0004, 0.0, 0.0, 0.001, 0.0, 0.0] };
        let mut moved = Vec::new();
        for _ in 0..12 {
            let late = belief.after(&step(1.0, 0.55)).map(|(belief, _)| belief.mean[1]);
            moved.push(late.map_or(0.0, |late| late - belief.mean[1]));
            belief = belief.after(&step(1.0, 0.5)).map_or(belief, |(belief, _)| belief);
        }
        assert!((belief.mean[1] - 0.5).abs() < 0.002 && belief.mean[0].abs() < 0.005, "{belief:?}");
        assert!(moved[11].abs() < 0.2 * moved[1].abs(), "{moved:?}");
    }

    #[test]
    fn a_step_out_of_reach_is_none_and_the_likeliest_is_where_it_was_expected() {
        let belief = Belief { mean: [0.01, 0.5, 0.0], variance: [0.0001, 0.0, 0.0, 0.0001, 0.0, 0.0] };
        let density = |seconds: f64| belief.after(&step(2.0, seconds)).map(|(_, density)| density);
        assert_eq!(density(2.0), None);
        assert!(density(1.01) > density(0.98) && density(1.01) > density(1.04));
    }

    #[test]
    fn what_is_gathered_has_the_mean_and_the_spread_of_all() {
        let mut cell = Cell::default();
        for period in [0.49, 0.51] {
            cell.gather(&Belief { mean: [0.0, period, 0.0], variance: [0.0, 0.0, 0.0, 0.0001, 0.0, 0.0] }, 0.25);
        }
        let settled = cell.settled(0.5);
        assert!((settled.belief.mean[1] - 0.5).abs() < 1e-9 && (settled.belief.variance[3] - 0.0002).abs() < 1e-9);
        assert_eq!(settled.sum, 1.0);
    }
}
