//! A bank of decaying sines, the modes of whatever rings: each is a mass on a spring, stepped once a sample. The spring is
//! chosen so that tuning and decay are exact at any sample rate, and nothing has to be filtered.
//!
//! A sine `y[n] = A rⁿ sin(nθ + φ)` obeys `v[n+1] = r² v[n] - k y[n]`, `y[n+1] = y[n] + v[n+1]` with
//! `k = (1 - r)² + 4 r sin²(θ/2)`. In this form single precision keeps low pitches exact, which `2 r cos θ` would not.

use std::f64::consts::TAU;

/// Modes that are computed together.
const WIDTH: usize = 8;
/// Groups on each side.
const GROUPS: usize = 3;
/// Most modes on each side.
pub const MODES: usize = WIDTH * GROUPS;
/// Most samples at a time.
pub const STRETCH: usize = 32;

/// A mode above this share of the sample rate is left out: beyond, hosts' converters differ.
const HIGHEST: f64 = 0.42;
/// Amplitude below which nobody hears a mode: -120 dBFS.
const INAUDIBLE: f32 = 1e-6;
/// Amplitude below which a mode is made zero, long before it is subnormal.
const SPENT: f32 = 1e-12;

/// Which side of the stereo image a mode belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    /// Left.
    Left,
    /// Right.
    Right,
}

/// A mode.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Mode {
    /// Frequency, Hz.
    pub hz: f64,
    /// Amplitude when struck, full scale 1.
    pub amplitude: f64,
    /// Time constant of the decay, s.
    pub decay_s: f64,
    /// Phase when struck, turns; 0 begins at zero and rises.
    pub phase: f64,
}

#[derive(Clone, Copy, Default)]
struct Group {
    /// Place: what is heard.
    y: [f32; WIDTH],
    /// Way since the sample before.
    v: [f32; WIDTH],
    /// Share of the way that friction leaves.
    keep: [f32; WIDTH],
    /// Pull of the spring.
    pull: [f32; WIDTH],
}

/// The bank.
#[derive(Clone, Default)]
pub struct Bank {
    /// Left and right of each group.
    sides: [[Group; 2]; GROUPS],
    /// Modes on the left and on the right.
    count: [usize; 2],
    /// Groups on each side that are still heard.
    groups: usize,
}

impl Bank {
    /// Forgets every mode.
    pub fn clear(&mut self) {
        *self = Self::default();
    }

    /// Strikes another mode; those that sound longest come first. Beyond [`MODES`] a side, and beyond what the rate can
    /// carry, it is left out.
    pub fn strike(&mut self, side: Side, mode: Mode, rate_hz: f64) {
        let index = self.count[side as usize];
        let audible = mode.hz > 0.0 && mode.hz < HIGHEST * rate_hz && mode.amplitude.abs() > f64::from(INAUDIBLE);
        if index == MODES || !audible {
            return;
        }
        self.count[side as usize] += 1;
        let (group, lane) = (&mut self.sides[index / WIDTH][side as usize], index % WIDTH);
        let (phase, turn) = (TAU * mode.phase, TAU * mode.hz / rate_hz);
        let shrink = (-1.0 / (mode.decay_s * rate_hz)).exp();
        let place = mode.amplitude * phase.sin();
        let before = mode.amplitude * (phase - turn).sin() / shrink;
        group.y[lane] = place as f32;
        group.v[lane] = (place - before) as f32;
        group.keep[lane] = (shrink * shrink) as f32;
        group.pull[lane] = ((1.0 - shrink).powi(2) + 4.0 * shrink * (turn / 2.0).sin().powi(2)) as f32;
        self.groups = self.groups.max(index / WIDTH + 1);
    }

    /// Writes the next samples of either side; as many as `left` and `right` hold, [`STRETCH`] at most.
    ///
    /// `WIDE`: the registers hold a group's [`WIDTH`] lanes each. The samples are the same to the bit.
    #[inline(always)]
    pub fn process<const WIDE: bool>(&mut self, left: &mut [f32], right: &mut [f32]) {
        let mut sums = [[[0.0; WIDTH]; 2]; STRETCH];
        let sounding = &mut sums[..left.len()];
        match (&mut self.sides, self.groups) {
            ([one, two, three], 3) if WIDE => ring([one, two, three], sounding),
            ([one, two, _], 2) if WIDE => ring([one, two], sounding),
            (sides, groups) => sides.iter_mut().take(groups).for_each(|one| ring([one], sounding)),
        }
        for ((left, right), sum) in left.iter_mut().zip(right).zip(&sums) {
            [*left, *right] = sum.map(|s| ((s[0] + s[4]) + (s[1] + s[5])) + ((s[2] + s[6]) + (s[3] + s[7])));
        }
    }

    /// Leaves out the last group when it is no longer heard. `false` when none is left.
    pub fn prune(&mut self) -> bool {
        if let Some(last) = self.groups.checked_sub(1)
            && self.sides[last].iter().all(|group| group.loudest() < INAUDIBLE * INAUDIBLE)
        {
            self.groups = last;
        }
        self.groups > 0
    }

    /// Makes zero what is too small to matter; to be called now and then.
    pub fn scrub(&mut self) {
        for group in self.sides.as_flattened_mut() {
            for lane in 0..WIDTH {
                if group.energy(lane) < SPENT * SPENT {
                    (group.y[lane], group.v[lane]) = (0.0, 0.0);
                }
            }
        }
    }
}

/// Adds the next samples of `COUNT` groups on both sides to their lanes of `sums`. As many at once as there are registers
/// for: none has to wait for its own last product.
#[inline(always)]
fn ring<const COUNT: usize>(groups: [&mut [Group; 2]; COUNT], sums: &mut [[[f32; WIDTH]; 2]]) {
    let mut now: [[Group; 2]; COUNT] = std::array::from_fn(|index| *groups[index]);
    for sum in sums {
        for sides in &mut now {
            sides[0].ring(&mut sum[0]);
            sides[1].ring(&mut sum[1]);
        }
    }
    for (group, now) in groups.into_iter().zip(now) {
        *group = now;
    }
}

impl Group {
    /// Adds every mode's next sample to its lane of `sum`.
    #[inline(always)]
    fn ring(&mut self, sum: &mut [f32; WIDTH]) {
        for (lane, sum) in sum.iter_mut().enumerate() {
            *sum += self.y[lane];
            self.v[lane] = self.keep[lane] * self.v[lane] - self.pull[lane] * self.y[lane];
            self.y[lane] += self.v[lane];
        }
    }

    /// Square of a mode's amplitude, about.
    fn energy(&self, lane: usize) -> f32 {
        let (y, v) = (self.y[lane], self.v[lane]);
        if self.pull[lane] > 0.0 { y * y + v * v / self.pull[lane] } else { 0.0 }
    }

    /// The greatest of them.
    fn loudest(&self) -> f32 {
        (0..WIDTH).map(|lane| self.energy(lane)).fold(0.0, f32::max)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mode_keeps_its_pitch_and_its_decay_at_any_rate() {
        for rate_hz in [8_000.0, 44_100.0, 192_000.0] {
            let mut bank = Bank::default();
            let mode = Mode { hz: 220.0, amplitude: 0.5, decay_s: 2.0, phase: 0.0 };
            bank.strike(Side::Left, mode, rate_hz);
            let (mut left, mut right) = ([0.0; 1], [0.0; 1]);
            for index in 0..(rate_hz as usize) {
                bank.process::<false>(&mut left, &mut right);
                let t = index as f64 / rate_hz;
                let exact = 0.5 * (-t / 2.0).exp() * (TAU * 220.0 * t).sin();
                assert!((f64::from(left[0]) - exact).abs() < 0.01, "{rate_hz} Hz, {t} s: {} {exact}", left[0]);
                assert_eq!(right[0], 0.0);
            }
        }
    }

    #[test]
    fn what_has_died_away_is_pruned_and_never_becomes_subnormal() {
        let mut bank = Bank::default();
        for side in [Side::Left, Side::Right] {
            bank.strike(side, Mode { hz: 100.0, amplitude: 0.1, decay_s: 1.0, phase: 0.2 }, 8_000.0);
            bank.strike(side, Mode { hz: 900.0, amplitude: 0.1, decay_s: 0.01, phase: 0.1 }, 8_000.0);
        }
        let (mut left, mut right) = ([0.0; STRETCH], [0.0; STRETCH]);
        let mut stretches = 0;
        while bank.prune() {
            bank.process::<false>(&mut left, &mut right);
            bank.scrub();
            let lanes = bank.sides.as_flattened().iter().flat_map(|group| group.y.iter().chain(&group.v));
            assert!(lanes.clone().all(|x| *x == 0.0 || x.is_normal()));
            stretches += 1;
        }
        let seconds = f64::from(stretches) * STRETCH as f64 / 8_000.0;
        assert!((11.0..13.0).contains(&seconds), "{seconds} s until -120 dBFS");
    }
}
