//! Where things stand: how many rows, how long, how high, and which keys they show.

use super::truth::Truth;
use crate::hearing::agreement::{VOICED, key_of_hz};
use crate::hearing::{Hearing, Understanding};
use std::ops::Range;

/// About so much fits in a row, s: quavers at 120 a minute stay 15 pixels wide.
const ROW_S: f64 = 20.0;

/// No row is shorter, s.
const ROW_LEAST_S: f64 = 1.0;

/// Fewest keys that are shown: an octave.
const KEYS_LEAST: f64 = 12.0;

/// Room above and below, keys.
const KEYS_BEYOND: f64 = 1.5;

/// Of the pitches that are heard so many at either end are stray ones that do not widen the drawing, share.
const STRAY: f64 = 0.02;

/// A key is so high, px.
const KEY_PX: f64 = 14.0;

/// The pitch panel is no lower and no higher than this, px.
const PITCH_PX: (f64, f64) = (170.0, 420.0);

/// The layout of a drawing.
pub(super) struct Page {
    /// Seconds in a row.
    pub row_s: f64,
    /// Rows.
    pub rows: usize,
    /// MIDI keys that are shown, between keys at both ends; `None` if there is no pitch at all.
    pub keys: Option<Range<f64>>,
    /// Height of the pitch panel, px.
    pub pitch_px: f64,
    /// Whether there is any sound; a client at a keyboard makes none.
    pub has_sound: bool,
    /// What was understood that has a lane of its own.
    pub lanes: Vec<Lane>,
}

/// A lane below the pitch.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Lane {
    Phrases,
    Keys,
    Chords,
    Beats,
}

impl Lane {
    /// Its height, px.
    pub fn height_px(self) -> f64 {
        match self {
            Self::Phrases => 30.0,
            Self::Keys | Self::Chords => 18.0,
            Self::Beats => 14.0,
        }
    }
}

impl Page {
    pub fn of(hearing: &Hearing, truth: Option<&Truth>) -> Self {
        let length_s = hearing.length_s();
        let rows = (length_s / ROW_S).round().max(1.0);
        let keys = keys(hearing, truth);
        let span = keys.as_ref().map(|keys| keys.end - keys.start);
        Self {
            row_s: (length_s / rows).max(ROW_LEAST_S),
            rows: rows as usize,
            pitch_px: span.map_or(0.0, |span| (KEY_PX * span).clamp(PITCH_PX.0, PITCH_PX.1)),
            has_sound: hearing.has_sound(),
            lanes: lanes(&hearing.understood),
            keys,
        }
    }

    /// Height of all lanes, px.
    pub fn understood_px(&self) -> f64 {
        self.lanes.iter().map(|lane| lane.height_px()).sum()
    }

    /// The seconds of each row.
    pub fn spans(&self) -> impl Iterator<Item = Range<f64>> + '_ {
        (0..self.rows).map(|row| row as f64 * self.row_s..(row + 1) as f64 * self.row_s)
    }
}

fn lanes(understood: &Understanding) -> Vec<Lane> {
    let lanes = [
        (Lane::Phrases, !understood.phrases.is_empty()),
        (Lane::Keys, !understood.keys.is_empty()),
        (Lane::Chords, !understood.chords.is_empty()),
        (Lane::Beats, !understood.beats.is_empty()),
    ];
    lanes.into_iter().filter(|lane| lane.1).map(|lane| lane.0).collect()
}

fn keys(hearing: &Hearing, truth: Option<&Truth>) -> Option<Range<f64>> {
    let voiced = hearing.hops.iter().map(|hop| hop.pitch).filter(|pitch| pitch.voicing >= VOICED && pitch.f0_hz > 0.0);
    let mut heard: Vec<f64> = voiced.map(|pitch| key_of_hz(f64::from(pitch.f0_hz))).collect();
    heard.sort_by(f64::total_cmp);
    let stray = (STRAY * heard.len() as f64) as usize;
    let notes = hearing.notes.iter().map(|note| f64::from(note.key));
    let true_keys: Vec<f64> = match truth {
        Some(Truth::Pitch(curve)) => {
            curve.iter().filter(|point| point.1 > 0.0).map(|point| key_of_hz(point.1)).collect()
        }
        Some(Truth::Notes(notes)) => notes.iter().map(|note| note.2).collect(),
        Some(Truth::Onsets(_)) | None => Vec::new(),
    };
    let all = heard[stray..heard.len() - stray].iter().copied().chain(notes).chain(true_keys);
    let (low, high) = all.fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), key| (key.min(low), key.max(high)));
    if low > high {
        return None;
    }
    let lacking = (KEYS_LEAST - (high - low + 2.0 * KEYS_BEYOND)).max(0.0);
    let beyond = KEYS_BEYOND + lacking / 2.0;
    Some((low - beyond).floor() - 0.5..(high + beyond).ceil() + 0.5)
}
