//! How far what was heard agrees with the truth, counted over takes. Pitch as in MIREX melody extraction, onsets and
//! notes as in MIREX onset detection and note tracking; live figures without any allowance for delay.

use crate::singer::Take;
use antiphon_session::hearing::agreement::{
    ONSET_WINDOW_S, PITCH_WINDOW_CENTS, VOICED, f_measure, note_pairs, off_cents, pairs,
};
use antiphon_session::hearing::{Hearing, Hop};

/// Pitch is compared this often, s.
const GRID_S: f64 = 0.005;

/// The narrow window for onsets, s.
const NARROW_S: f64 = 0.025;

/// An onset that is known later than this was not found but stumbled on, s.
const LATEST_S: f64 = 0.2;

/// A note that lasts at least this long may break, s: vibrato has set in.
const LASTING_S: f64 = 0.5;

/// A heard note that overlaps a true one by less than this is its neighbour's, s.
const OVERLAP_S: f64 = 0.06;

/// Counts. Shares are in per cent; 100 where there was nothing to count.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Tally {
    instants: Share,
    pitch: Share,
    voicing: Share,
    live: Share,
    lasting: Share,
    notes: Found,
    wide: Found,
    narrow: Found,
    delays_ms: Vec<f64>,
}

#[derive(Clone, Copy, Debug, Default, PartialEq)]
struct Share {
    right: usize,
    all: usize,
}

impl Share {
    fn count(&mut self, right: bool) {
        self.right += usize::from(right);
        self.all += 1;
    }

    fn percent(self) -> f64 {
        if self.all == 0 { 100.0 } else { 100.0 * self.right as f64 / self.all as f64 }
    }
}

#[derive(Clone, Copy, Debug, Default, PartialEq)]
struct Found {
    found: usize,
    truth: usize,
    heard: usize,
}

impl Found {
    fn count(&mut self, found: usize, truth: usize, heard: usize) {
        self.found += found;
        self.truth += truth;
        self.heard += heard;
    }

    fn percent(self) -> f64 {
        100.0 * f_measure(self.found, self.truth, self.heard)
    }
}

impl Tally {
    /// Adds a take and what was heard of it.
    pub fn add(&mut self, take: &Take, hearing: &Hearing) {
        self.add_pitch(take, hearing);
        self.add_notes(take, hearing);
        self.add_onsets(take, hearing);
    }

    fn add_pitch(&mut self, take: &Take, hearing: &Hearing) {
        for step in 0..(take.length_s() / GRID_S) as usize {
            let sample = (step as f64 * GRID_S * take.rate_hz) as usize;
            let true_hz = f64::from(take.truth.f0_hz[sample]);
            let (described, known) = (hearing.described_at(sample as u64), hearing.known_at(sample as u64));
            let pitch_right = |hop: Option<&Hop>| {
                hop.is_some_and(|hop| off_cents(f64::from(hop.pitch.f0_hz), true_hz) < PITCH_WINDOW_CENTS)
            };
            let voiced = |hop: Option<&Hop>| hop.is_some_and(|hop| hop.pitch.voicing >= VOICED);
            let right = |hop| voiced(hop) == (true_hz > 0.0) && (true_hz <= 0.0 || pitch_right(hop));
            if true_hz > 0.0 {
                self.pitch.count(pitch_right(described));
            }
            self.instants.count(right(described));
            self.voicing.count(voiced(described) == (true_hz > 0.0));
            self.live.count(right(known));
        }
    }

    fn add_notes(&mut self, take: &Take, hearing: &Hearing) {
        let truth: Vec<(f64, u8)> = take.truth.notes.iter().map(|note| (note.onset_s, note.key)).collect();
        let heard: Vec<(f64, u8)> =
            hearing.notes.iter().map(|note| (hearing.clock.seconds(note.onset), note.key)).collect();
        self.notes.count(note_pairs(&truth, &heard, ONSET_WINDOW_S).len(), truth.len(), heard.len());
        for note in take.truth.notes.iter().filter(|note| note.offset_s - note.onset_s >= LASTING_S) {
            let overlaps = hearing.notes.iter().filter(|heard| {
                let (begin, end) = hearing.span_s(heard);
                end.min(note.offset_s) - begin.max(note.onset_s) > OVERLAP_S
            });
            self.lasting.count(overlaps.count() == 1);
        }
    }

    fn add_onsets(&mut self, take: &Take, hearing: &Hearing) {
        let clock = hearing.clock;
        let truth = &take.truth.onsets_s;
        let mut onsets = hearing.onsets.clone();
        onsets.sort_by_key(|onset| onset.time);
        let heard: Vec<f64> = onsets.iter().map(|onset| clock.seconds(onset.time)).collect();
        let wide = pairs(truth, &heard, ONSET_WINDOW_S);
        self.wide.count(wide.len(), truth.len(), heard.len());
        self.narrow.count(pairs(truth, &heard, NARROW_S).len(), truth.len(), heard.len());
        let delays_s = wide.iter().map(|&(t, h)| clock.seconds(onsets[h].available) - truth[t]);
        self.delays_ms.extend(delays_s.filter(|&delay| delay < LATEST_S).map(|delay| 1e3 * delay));
        self.delays_ms.sort_by(f64::total_cmp);
    }

    /// Raw pitch accuracy: share of the pitched instants whose pitch is right, %.
    pub fn rpa(&self) -> f64 {
        self.pitch.percent()
    }

    /// Overall accuracy: share of all instants whose voicing and pitch are right, %.
    pub fn oa(&self) -> f64 {
        self.instants.percent()
    }

    /// As [`Self::oa`], of what was known at the instant itself, %.
    pub fn live(&self) -> f64 {
        self.live.percent()
    }

    /// Share of all instants whose voicing is right, %.
    pub fn voicing(&self) -> f64 {
        self.voicing.percent()
    }

    /// F measure of notes whose key is right and whose onset is within 50 ms, %.
    pub fn notes_f(&self) -> f64 {
        self.notes.percent()
    }

    /// Share of the notes of half a second and more that are heard as one, %.
    pub fn one(&self) -> f64 {
        self.lasting.percent()
    }

    /// F measure of onsets within 50 ms, %.
    pub fn f50(&self) -> f64 {
        self.wide.percent()
    }

    /// F measure of onsets within 25 ms, %.
    pub fn f25(&self) -> f64 {
        self.narrow.percent()
    }

    /// From the true onset to the instant it was known, ms: what a `share` (0-1) of the onsets do not exceed; 0 for no
    /// onsets.
    pub fn delay_ms(&self, share: f64) -> f64 {
        let last = self.delays_ms.len().saturating_sub(1);
        self.delays_ms.get((share * last as f64).round() as usize).copied().unwrap_or(0.0)
    }
}
