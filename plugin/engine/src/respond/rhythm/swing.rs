//! Swing: how late the half beat comes.

/// Long against short at 80 and at 140 beats a minute. The ratio falls about linearly with tempo (Friberg and Sundstrom
/// 2002); gentle swing lies between 1.3 and 2.2.
const RATIO_SLOW: (f32, f32) = (80.0, 2.0);
const RATIO_FAST: (f32, f32) = (140.0, 1.5);
/// The short note stays over 100 ms at any tempo (Friberg and Sundstrom 2002); this leaves room for touch, s.
const SHORTEST_S: f32 = 0.115;
/// She swings herself from this ratio on.
pub(super) const HEARD_FROM: f32 = 1.3;
/// Swing sets in over so many beats.
pub(super) const SETS_IN_BEATS: f32 = 8.0;

/// Long against short, the swing being in for `beats`, at `bpm` beats a minute. `heard` is hers, 1 if straight: where
/// she swings, it is her swing.
pub(super) fn ratio(bpm: f32, heard: f32, beats: u64) -> f32 {
    let slope = (RATIO_FAST.1 - RATIO_SLOW.1) / (RATIO_FAST.0 - RATIO_SLOW.0);
    let by_tempo = (RATIO_SLOW.1 + slope * (bpm - RATIO_SLOW.0)).clamp(1.4, 2.1);
    let target = if (HEARD_FROM..=2.2).contains(&heard) { heard } else { by_tempo };
    let fits = (60.0 / bpm.max(1.0) / SHORTEST_S - 1.0).max(1.0);
    1.0 + (target.min(fits) - 1.0) * (beats as f32 / SETS_IN_BEATS).min(1.0)
}

/// Where the half beat lies within the beat, 0-1, for a `ratio` of long to short.
pub(super) fn half(ratio: f32) -> f64 {
    f64::from(ratio / (1.0 + ratio))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn swing_is_gentle_falls_with_tempo_and_keeps_its_short_note_over_100_ms() {
        let all: Vec<f32> = (60..=140).map(|bpm| ratio(bpm as f32, 1.0, 32)).collect();
        assert!(all.iter().all(|ratio| (1.3..=2.2).contains(ratio)) && all.is_sorted_by(|a, b| a >= b), "{all:?}");
        for bpm in 60..=240 {
            let swung = ratio(bpm as f32, 1.0, 32);
            assert!(60.0 / bpm as f32 / (1.0 + swung) >= 0.1, "{bpm}");
        }
    }

    #[test]
    fn in_its_first_four_beats_swing_goes_half_the_way() {
        let way = |beats| (ratio(100.0, 1.0, beats) - 1.0) / (ratio(100.0, 1.0, 32) - 1.0);
        assert!(way(0) < 0.01 && way(4) <= 0.51 && way(8) > 0.99);
    }
}
