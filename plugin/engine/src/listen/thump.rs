//! What leaps as a hit does and is none: a hand on the stand or a slow step of DC has next to nothing over a few hundred
//! Hz, and a plug or an abrupt step of DC is over at once. Only what may be one of these is waited for.

use super::bank::BANDS;
use super::level::{decibels, mean_square};

/// Bands up to this, 180 Hz, hold a thump; no thump reaches this, 360 Hz; and over this, 720 Hz, a click is over at once.
const LOW_TO: usize = 2;
const HIGH_FROM: usize = 3;
const TOP_FROM: usize = 4;

/// A thump is so much louder in the low bands than in the high ones, dB, and under 90 Hz than over it. Over drums, tabla
/// and hand percussion all but a few hits stay under the first, thumps at 15 to 80 Hz and steps of DC lie over it; the
/// second keeps bass drums.
const DULL_DB: f32 = 15.0;
const UNDER_90_HZ_DB: f32 = 2.0;

/// A click has fallen so far 3 ms after its leap, dB: hardly a hit falls by more than 12, steps of DC do by
/// 20 to 28.
const CLICK_DB: f32 = 20.0;

/// What is further than this from both, dB, is a hit at once, as most hits are.
const PERHAPS_DULL_DB: f32 = 0.0;
const PERHAPS_CLICK_DB: f32 = 5.0;

/// A dull leap is waited for so long, s: half a period of the lowest drum. And a click, s.
const DULL_WAIT_S: f64 = 0.004;
const CLICK_WAIT_S: f64 = 0.001;

/// Powers of what is new, by region.
#[derive(Clone, Copy, Default)]
pub struct Spread {
    /// New under 90 Hz and under 180 Hz, mean squares.
    under_90_hz: f32,
    low: f32,
    /// All there is over 90, 360 and 720 Hz, mean squares.
    over_90_hz: f32,
    high: f32,
    top: f32,
    /// The same over 720 Hz at the end of the hop.
    end: f32,
}

/// What a leap turned out to be, so far.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// A hit.
    Hit,
    /// The room.
    Room,
    /// Not known yet.
    Unknown,
}

impl Spread {
    /// The regions of a hop from each band's mean square, in all of it and in its second half, and the loudest level of
    /// the band's last moments, dBFS.
    pub fn new(bands: &[f32; BANDS], second_half: &[f32; BANDS], loudest_db: &[f32; BANDS]) -> Self {
        let new = |band: usize| (bands[band] - mean_square(loudest_db[band])).max(0.0);
        Self {
            under_90_hz: new(0),
            low: (0..LOW_TO).map(new).sum(),
            over_90_hz: bands[1..].iter().sum(),
            high: bands[HIGH_FROM..].iter().sum(),
            top: bands[TOP_FROM..].iter().sum(),
            end: second_half[TOP_FROM..].iter().sum(),
        }
    }

    /// The most that either had; the end is the other's.
    pub fn max(&self, other: &Self) -> Self {
        Self {
            under_90_hz: self.under_90_hz.max(other.under_90_hz),
            low: self.low.max(other.low),
            over_90_hz: self.over_90_hz.max(other.over_90_hz),
            high: self.high.max(other.high),
            top: self.top.max(other.top),
            end: other.end,
        }
    }

    /// What a leap is whose regions had this at most, now that it was waited for so long, s.
    pub fn judge(&self, waited_s: f64) -> Verdict {
        let dull_db = decibels(self.low) - decibels(self.high);
        let fallen_db = decibels(self.top) - decibels(self.end);
        let bass = decibels(self.under_90_hz) - decibels(self.over_90_hz) > UNDER_90_HZ_DB;
        let click = waited_s >= CLICK_WAIT_S && fallen_db > CLICK_DB;
        let perhaps_dull = dull_db > PERHAPS_DULL_DB && waited_s < DULL_WAIT_S;
        let perhaps_click = fallen_db > PERHAPS_CLICK_DB && waited_s < CLICK_WAIT_S;
        if click {
            Verdict::Room
        } else if perhaps_dull || perhaps_click {
            Verdict::Unknown
        } else if dull_db > DULL_DB && bass {
            Verdict::Room
        } else {
            Verdict::Hit
        }
    }
}
