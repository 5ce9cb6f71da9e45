//! Figures: which beats of the bar the bass strikes, which the chord above it, and how long they last.

use super::Lines;
use super::count::Tick;
use super::swing::SETS_IN_BEATS;
use crate::intend::body::Body;
use crate::intend::idioms::{Cell, idiom_row};
use crate::intend::intent::Figure;
use crate::settings::Settings;

/// What a tick is struck with.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Strike {
    /// The bass.
    pub bass: bool,
    /// The upper voices.
    pub upper: bool,
}

impl Strike {
    /// The lines that it strikes, the bass first.
    pub fn lines(self) -> Lines {
        std::array::from_fn(|line| if line == 0 { self.bass } else { self.upper })
    }
}

/// Note-ons against the client's from which a figure has one more layer: sparse, plain, usual, lively, full.
const LAYERS: [f32; 4] = [0.45, 0.6, 0.8, 0.98];

/// How many layers of a figure sound, 0 sparse to 4 full, for so many note-ons of ours for each of hers.
pub(super) fn layers(density_ratio: f32) -> usize {
    LAYERS.iter().filter(|&&from| density_ratio >= from).count()
}

/// What `figure` strikes at `tick` with `layers` of its layers, `beats` after it began; a style's cell goes before the song's
/// own. A swing that has set in leads to the last beat of the bar as well.
pub(super) fn strike(figure: Figure, cell: Cell, tick: &Tick, layers: usize, beats: u64) -> Strike {
    let (number, half) = (tick.number, tick.half);
    let (strong, back) = (tick.is_strong(), number.is_multiple_of(2));
    let waltz = tick.per_bar == 3;
    let both = Strike { bass: true, upper: true };
    match figure {
        Figure::Pulse | Figure::Swing if !half => {
            let every = layers > 0 || strong || waltz && number == 1;
            Strike { bass: strong, upper: every }
        }
        Figure::Swing => {
            let upper = match layers {
                0 => number == tick.per_bar,
                1 | 2 => back || number == 3 && (waltz || beats as f32 >= SETS_IN_BEATS),
                3 => number > 1,
                _ => true,
            };
            Strike { bass: false, upper }
        }
        Figure::Pulse if layers > 3 => Strike { bass: false, upper: true },
        Figure::Song if cell != Cell::Free => of_cell(cell, tick, layers),
        // Where a bar has two strong beats the chord rings on the first and leads on after the second.
        Figure::Song if !half => match (strong, number == 1) {
            (_, true) => both,
            (true, false) => Strike { bass: layers > 1, upper: true },
            _ => Strike { bass: false, upper: layers > 2 || layers > 0 && (waltz || number == tick.per_bar) },
        },
        Figure::Song => Strike { bass: false, upper: layers > 3 && number == tick.per_bar },
        Figure::Pulse | Figure::Floor => Strike { bass: !half, upper: false },
    }
}

/// What a style's rhythm strikes.
fn of_cell(cell: Cell, tick: &Tick, layers: usize) -> Strike {
    let (number, half) = (tick.number, tick.half);
    let first = number == 1;
    let (bass, upper) = match cell {
        Cell::Three => (!half && first, !half && !first && (layers > 0 || number == 2)),
        Cell::Two => (!half && number % 2 == 1, if half { layers > 3 } else { number.is_multiple_of(2) }),
        Cell::Swung => (!half && tick.is_strong(), if half { layers > 1 && number == tick.per_bar } else { !first }),
        Cell::Rocking if half => (false, layers > 1 && !tick.is_first_of_pair()),
        Cell::Rocking => (tick.is_strong(), !tick.is_strong()),
        Cell::Free => (false, false),
    };
    Strike { bass, upper }
}

/// What a build strikes in the `quarter` of it, 0 to 3: every beat, and ever more half beats.
pub(super) fn building(tick: &Tick, quarter: usize) -> Strike {
    let halves: &[u8] = match quarter {
        0 => &[],
        1 => &[2, 4],
        2 => &[1, 2, 3],
        _ => &[1, 2, 3, 4],
    };
    if tick.half {
        return Strike { bass: false, upper: halves.contains(&tick.number) };
    }
    Strike { bass: tick.is_strong() || quarter == 3, upper: true }
}

/// Shares of the beat for which the tones of a figure last: a hand that lifts between its chords leaves air between them.
/// The bass lifts with them: alone it would sound into her next note, which it rarely fits.
/// A sparse pulse strikes every other beat and rings through half of what lies between: few strokes are no rest.
const PULSE: f64 = 0.48;
const SPARSE: f64 = 1.0;
const OFF_BEAT: f64 = 0.3;
const SONG: f64 = 0.5;
const RINGS: f64 = 1.5;
/// The more space, the more they are detached: so much for all of it, and for how much the shares above are meant.
const BY_SPACE: f64 = 1.1;
const USUAL_SPACE: f32 = 0.3;

/// How long a stroke lasts, s.
pub(super) fn length_s(body: &Body, tick: &Tick, layers: usize, settings: &Settings) -> f64 {
    let detached = BY_SPACE * f64::from(USUAL_SPACE - settings.space.min(0.6));
    let free = idiom_row(settings.idiom).cell == Cell::Free;
    let rings = free && layers <= 2 && tick.number == 1 && tick.per_bar > 3;
    let beats = match body.figure {
        _ if tick.half => OFF_BEAT,
        Figure::Pulse | Figure::Swing if layers == 0 => SPARSE + detached,
        Figure::Pulse | Figure::Swing => PULSE + detached,
        _ if body.grows > 0.0 => SONG,
        _ if rings => RINGS + detached,
        Figure::Song | Figure::Floor => SONG + detached,
    };
    beats * tick.period_s
}
