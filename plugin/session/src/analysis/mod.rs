//! Features of what two players played, second by second and over all: temporal surface, register, dynamics, tonality,
//! dissonance, pulse, and how the two go together (after the Music Therapy Toolbox: Erkkilä 2007; Luck et al. 2008).
//!
//! All of them are proxies: they describe the notes, not the people.

mod clarity;
mod imitation;
mod moment;
mod portrait;
mod roughness;
mod similarity;
mod synchrony;
mod together;
mod tonal;
pub mod turns;

pub use clarity::{Pulse, clarity, common_pulse, pulse};
pub use imitation::{Imitation, LAG_STEP_S, LAGS, Peak, Voice, imitation, lag_s};
pub use moment::{FEATURES, Moment, NAMES, WINDOW_S, moment, series};
pub use portrait::{PORTRAIT_NAMES, portrait};
pub use roughness::roughness;
pub use similarity::{Cells, Vector, likeness, matrix, novelty, standardised};
pub use synchrony::{Asynchrony, NEAR_S, asynchronies, lead};
pub use together::{TOGETHER_NAMES, Together, together};
pub use tonal::{key_clarity, mode_index};

/// A note of a player's.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Note {
    /// When it begins, s.
    pub on_s: f64,
    /// When it ends, s; after `on_s`.
    pub off_s: f64,
    /// MIDI key.
    pub key: u8,
    /// MIDI velocity, 1-127.
    pub velocity: u8,
}

impl Note {
    /// Seconds of it between two instants.
    fn within_s(&self, from_s: f64, to_s: f64) -> f64 {
        (self.off_s.min(to_s) - self.on_s.max(from_s)).max(0.0)
    }
}

/// Notes that begin within this time of the first of them are one attack, s.
const TOGETHER_S: f64 = 0.035;

/// When attacks begin, s, and how strong they are: the notes in the order of their beginnings.
pub fn attacks(notes: &[Note]) -> Vec<(f64, f64)> {
    let mut attacks: Vec<(f64, f64)> = Vec::new();
    for note in notes {
        let velocity = f64::from(note.velocity);
        match attacks.last_mut() {
            Some((at_s, strongest)) if note.on_s - *at_s <= TOGETHER_S => *strongest = strongest.max(velocity),
            _ => attacks.push((note.on_s, velocity)),
        }
    }
    attacks
}

/// The top line: of notes that begin together the highest. `notes` in the order of their beginnings.
pub fn line(notes: &[Note]) -> Vec<Note> {
    let mut line: Vec<Note> = Vec::new();
    for note in notes {
        match line.last_mut() {
            Some(last) if note.on_s - last.on_s <= TOGETHER_S => {
                if note.key > last.key {
                    *last = *note;
                }
            }
            _ => line.push(*note),
        }
    }
    line
}

pub(crate) fn mean(values: impl IntoIterator<Item = f64>) -> Option<f64> {
    let (sum, count) = values.into_iter().fold((0.0, 0_usize), |(sum, count), value| (sum + value, count + 1));
    (count > 0).then(|| sum / count as f64)
}

pub(crate) fn deviation(values: &[f64]) -> Option<f64> {
    let middle = mean(values.iter().copied())?;
    mean(values.iter().map(|value| (value - middle).powi(2))).map(f64::sqrt)
}
