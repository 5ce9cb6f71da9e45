//! Figures: which beats of the bar the bass strikes, and which the chord above it.

use super::count::Tick;
use crate::intend::intent::Figure;

/// What a tick is struck with.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Strike {
    /// The bass.
    pub bass: bool,
    /// The upper voices.
    pub upper: bool,
}

impl Strike {
    /// Anything at all.
    pub fn any(self) -> bool {
        self.bass || self.upper
    }
}

/// Note-ons against the client's from which a figure has one more layer: sparse, plain, usual, lively, full.
const LAYERS: [f32; 4] = [0.45, 0.6, 0.8, 0.98];

/// How many layers of a figure sound, 0 sparse to 4 full, for so many note-ons of ours for each of hers.
pub(super) fn layers(density_ratio: f32) -> usize {
    LAYERS.iter().filter(|&&from| density_ratio >= from).count()
}

/// What `figure` strikes at `tick` with `layers` of its layers.
pub(super) fn strike(figure: Figure, tick: &Tick, layers: usize) -> Strike {
    let (number, half) = (tick.number, tick.half);
    let (strong, back) = (tick.is_strong(), number.is_multiple_of(2));
    let waltz = tick.per_bar == 3;
    match figure {
        Figure::Pulse | Figure::Swing if !half => {
            let every = layers > 0 || strong || waltz && number == 1;
            Strike { bass: strong, upper: every }
        }
        Figure::Swing => {
            let upper = match layers {
                0 => number == tick.per_bar,
                1 | 2 => back || waltz && number == 3,
                3 => number > 1,
                _ => true,
            };
            Strike { bass: false, upper }
        }
        Figure::Song if !half => {
            let bass = number == 1 || strong && layers > 1;
            let upper = match layers {
                0 => number == tick.per_bar / 2 + 1,
                1..=3 if waltz => number > 1,
                1..=3 => back,
                _ => true,
            };
            Strike { bass, upper }
        }
        Figure::Pulse if layers > 3 => Strike { bass: false, upper: true },
        Figure::Song => Strike { bass: false, upper: layers > 3 || layers == 3 && number == tick.per_bar },
        Figure::Pulse | Figure::Floor => Strike { bass: !half, upper: false },
    }
}

/// What a build strikes in the `quarter` of it, 0 to 3: every beat, and ever more half beats.
pub(super) fn building(tick: &Tick, quarter: usize) -> Strike {
    let halves: &[u8] = match quarter {
        0 => &[],
        1 => &[2],
        2 => &[1, 2, 3],
        _ => &[1, 2, 3, 4],
    };
    if tick.half {
        return Strike { bass: false, upper: halves.contains(&tick.number) };
    }
    Strike { bass: tick.is_strong() || quarter == 3, upper: true }
}
