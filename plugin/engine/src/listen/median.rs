//! The median of a pitch that goes on: a histogram, so that a note may last for hours.

/// Lowest and highest pitch kept, semitones as MIDI counts them: somewhat beyond what is heard.
const LIMITS: (f32, f32) = (30.0, 105.0);

/// Bins a semitone.
const BINS_PER_SEMITONE: f32 = 20.0;

const BINS: usize = ((LIMITS.1 - LIMITS.0) * BINS_PER_SEMITONE) as usize;

/// Pitches so far and their median.
pub struct RunningMedian {
    bins: Box<[u32]>,
    /// Bin of the median, and how many lie in the bins below it.
    middle: usize,
    below: u32,
    count: u32,
}

impl RunningMedian {
    /// Nothing heard yet.
    pub fn new() -> Self {
        Self { bins: vec![0; BINS].into(), middle: 0, below: 0, count: 0 }
    }

    /// Forgets.
    pub fn clear(&mut self) {
        self.bins.fill(0);
        (self.middle, self.below, self.count) = (0, 0, 0);
    }

    /// Takes in a pitch, semitones.
    pub fn push(&mut self, pitch: f32) {
        let bin = ((pitch - LIMITS.0) * BINS_PER_SEMITONE).clamp(0.0, (BINS - 1) as f32) as usize;
        self.bins[bin] += 1;
        self.below += u32::from(bin < self.middle);
        self.count += 1;
        self.settle();
    }

    /// Takes in what another has heard.
    pub fn absorb(&mut self, other: &Self) {
        for (bin, &more) in self.bins.iter_mut().zip(&other.bins) {
            *bin += more;
        }
        self.below += other.bins[..self.middle].iter().sum::<u32>();
        self.count += other.count;
        self.settle();
    }

    fn settle(&mut self) {
        let half = self.count / 2;
        while self.below > half {
            self.middle -= 1;
            self.below -= self.bins[self.middle];
        }
        while self.below + self.bins[self.middle] <= half && self.middle + 1 < BINS {
            self.below += self.bins[self.middle];
            self.middle += 1;
        }
    }

    /// The median, semitones, to a fortieth.
    pub fn median(&self) -> f32 {
        LIMITS.0 + (self.middle as f32 + 0.5) / BINS_PER_SEMITONE
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_median_is_that_of_all_pitches_so_far() {
        let mut median = RunningMedian::new();
        let mut all = Vec::new();
        for k in 0..500_u32 {
            let pitch = 40.0 + (k * 7919 % 600) as f32 / 10.0;
            median.push(pitch);
            all.push(pitch);
            all.sort_by(f32::total_cmp);
            assert!((median.median() - all[all.len() / 2]).abs() <= 0.5 / BINS_PER_SEMITONE + 1e-3);
        }
        let mut low = RunningMedian::new();
        (0..600).for_each(|_| low.push(38.0));
        median.absorb(&low);
        assert!((median.median() - 38.0).abs() < 0.1);
    }
}
