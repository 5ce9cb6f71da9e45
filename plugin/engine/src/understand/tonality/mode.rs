//! The colour of a key: the church mode that its one telling degree speaks for, where that is clear.
//!
//! Each of these modes differs from major or minor in one degree (Lydian by its raised fourth, and so on). It is claimed
//! when that degree is sung and the one in its place is not, and given up when the two come near each other.

use crate::key::{Key, Mode};

/// A mode, the major or minor scale it colours, its telling degree and the one that stands in its place, semitones above
/// the tonic.
const COLOURS: [(Mode, Mode, usize, usize); 4] = [
    (Mode::Lydian, Mode::Major, 6, 5),
    (Mode::Mixolydian, Mode::Major, 10, 11),
    (Mode::Dorian, Mode::Minor, 9, 8),
    (Mode::Phrygian, Mode::Minor, 1, 2),
];
/// The telling degree is sung for this share of the time at least: one full note of the twenty that are remembered.
const TELLS_SHARE: f32 = 0.05;
/// To claim a mode its degree is sung this many times as long as the one in its place; to keep it, so many.
const CLAIM_RATIO: f32 = 6.0;
const KEEP_RATIO: f32 = 2.0;
/// In dorian the seventh is low as well; sung more than this, a raised one makes it the minor of a rising melody.
const RAISED_SEVENTH_SHARE: f32 = 0.02;

/// `key`, major or minor, in the mode that `profile`, the share of each pitch class, speaks for; `before` was claimed.
pub(super) fn coloured(key: Key, profile: &[f32; 12], before: Option<Key>) -> Key {
    let share = |above: usize| profile[(usize::from(key.tonic) + above) % 12];
    let is_clear = |&&(mode, scale, telling, plain): &&(Mode, Mode, usize, usize)| {
        let kept = before == Some(Key { mode, ..key });
        let ratio = if kept { KEEP_RATIO } else { CLAIM_RATIO };
        let tells = if kept { 0.0 } else { TELLS_SHARE };
        let rises = mode == Mode::Dorian && share(11) > RAISED_SEVENTH_SHARE;
        scale == key.mode && !rises && share(telling) > tells && share(telling) >= ratio * share(plain)
    };
    let colour = COLOURS.iter().find(is_clear);
    Key { mode: colour.map_or(key.mode, |&(mode, ..)| mode), ..key }
}

#[cfg(test)]
mod tests {
    use super::*;

    const C: Key = Key { tonic: 0, mode: Mode::Major };

    /// What is sung in C major, with these shares of the low and the high seventh.
    fn profile(low: f32, high: f32) -> [f32; 12] {
        [0.3, 0.0, 0.1, 0.0, 0.15, 0.1, 0.0, 0.2, 0.0, 0.1, low, high]
    }

    #[test]
    fn a_mode_is_claimed_where_it_is_clear_and_kept_until_it_is_doubtful() {
        let mixolydian = Key { mode: Mode::Mixolydian, ..C };
        assert_eq!(coloured(C, &profile(0.1, 0.01), Some(C)), mixolydian);
        assert_eq!(coloured(C, &profile(0.1, 0.04), Some(C)), C);
        assert_eq!(coloured(C, &profile(0.1, 0.04), Some(mixolydian)), mixolydian);
        assert_eq!(coloured(C, &profile(0.1, 0.06), Some(mixolydian)), C);
    }

    #[test]
    fn a_degree_that_was_hardly_sung_tells_nothing() {
        assert_eq!(coloured(C, &profile(0.02, 0.0), None), C);
    }
}
