//! The client in mono, whichever sides of the track she comes in on.

use super::scrub;

/// Sides that are heard: more are left out.
const SIDES: usize = 2;

/// Brings the sides together: as the mean of both where both sound, and as loud as it is where one microphone reaches one
/// side alone, as DAWs hand a mono microphone to a stereo plugin.
#[derive(Clone, Copy, Debug, Default)]
pub struct Downmix {
    /// The greatest sample of each side so far.
    peaks: [f32; SIDES],
}

impl Downmix {
    /// Fills `out` with the client from sample `from` of `channels` on, each sample scrubbed first. With no channel at all,
    /// silence. Every channel holds at least `from + out.len()` samples.
    ///
    /// The sum is taken over the sum of the peaks, the greater one 1: alike however the samples are cut into blocks.
    pub fn process(&mut self, channels: &[impl AsRef<[f32]>], from: usize, out: &mut [f32]) {
        let channels = &channels[..channels.len().min(SIDES)];
        for (index, mono) in out.iter_mut().enumerate() {
            let mut sum = 0.0;
            for (channel, peak) in channels.iter().zip(&mut self.peaks) {
                let sample = scrub(channel.as_ref()[from + index]);
                *peak = peak.max(sample.abs());
                sum += sample;
            }
            let [one, other] = self.peaks;
            let loudest = one.max(other);
            *mono = if loudest > 0.0 { sum * (loudest / (one + other)) } else { 0.0 };
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wave(level: f32) -> Vec<f32> {
        (0..4_800).map(|index| level * (index as f32 * 0.1).sin()).collect()
    }

    fn mixed(channels: &[Vec<f32>]) -> Vec<f32> {
        let mut out = vec![0.0; channels.first().map_or(16, Vec::len)];
        Downmix::default().process(channels, 0, &mut out);
        out
    }

    #[test]
    fn a_microphone_on_one_side_is_as_loud_as_on_both_and_as_in_mono() {
        let alone = wave(0.5);
        let silent = vec![0.0; alone.len()];
        assert_eq!(mixed(std::slice::from_ref(&alone)), alone);
        assert_eq!(mixed(&[alone.clone(), silent.clone()]), alone);
        assert_eq!(mixed(&[silent, alone.clone()]), alone);
        assert_eq!(mixed(&[alone.clone(), alone.clone()]), alone);
        assert_eq!(mixed(&[]), [0.0; 16]);
    }

    #[test]
    fn what_is_not_finite_is_left_out_and_blocks_change_nothing() {
        let (mut left, right) = (wave(0.5), wave(0.2));
        left[100] = f32::NAN;
        let whole = mixed(&[left.clone(), right.clone()]);
        assert!(whole.iter().all(|sample| sample.is_finite() && sample.abs() <= 0.5));
        let (mut parts, mut downmix) = (vec![0.0; whole.len()], Downmix::default());
        for (index, part) in parts.chunks_mut(37).enumerate() {
            downmix.process(&[left.clone(), right.clone()], index * 37, part);
        }
        assert_eq!(parts, whole);
    }
}
