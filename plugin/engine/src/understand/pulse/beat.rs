//! The beat that is held on to: of all that the filter follows the tempo and the phase that go on from the beat before,
//! until others are far better.

use super::filter::{Feel, Filter, PERIODS, Place, period_index, period_s};
use super::rhythm::{HALF_BEATS, PLACES_PER_BEAT, Rhythm, place_in_beat};
use std::ops::Range;

/// Periods to either side that are one tempo: 6 %.
const ONE_TEMPO: usize = 3;

/// A place of the beat this near to where the beat says the onset is goes with it, beats.
const GOES_WITH: f64 = 0.15;

/// A beat that moves by more than this is a new phase, not an error, beats.
const NEW_PHASE: f64 = 0.2;

/// After a rest of so many beats she comes in where she likes, and the phase is taken anew.
const RESTED_BEATS: f64 = 2.2;

/// A period that changes by this share is another tempo, and its phase is taken anew.
const NEW_TEMPO: f64 = 0.25;

/// A period that is twice or half of the one before within this, as a logarithm, is the same pulse counted otherwise.
const SAME_PULSE: f64 = 0.12;

/// Errors in what a steady beat or rubato about one tempo is believed to last are so little; what is more is the tempo
/// itself, as a logarithm.
const LITTLE_CHANGE: f64 = 0.05;

/// Offbeats between these are half beats, swung or not, beats.
const HALF_BEAT_RANGE: Range<f64> = 0.42..0.76;

/// Share of a new half beat in the swing.
const SWING_SHARE: f64 = 0.2;

/// Metres that a bar can be told in: beats a bar.
const METRES: [usize; 2] = [4, 3];

/// Probability from which metre and place in the bar are claimed.
const BAR_SURE: f32 = 0.9;

/// A period, a phase and a swing.
#[derive(Clone, Copy, Debug)]
pub struct Beat {
    /// Seconds a beat.
    pub period_s: f64,
    /// The beat at or before the last onset, s from the start; all others follow by the period.
    pub at_s: f64,
    /// The last onset, s.
    pub heard_s: f64,
    /// Where the half beat falls, beats: 0.5 is straight.
    pub half: f64,
    /// Beats a bar, and the place in the bar of the beat at `at_s`, from 0, if they are known.
    pub bar: Option<(usize, usize)>,
}

impl Beat {
    /// The beat after an onset at `onset_s` has been worked into `filter`; `before` is the beat before it. `is_hers`: she has
    /// had it for so long that it is not counted twice as fast or slow any more.
    pub fn after(filter: &Filter, onset_s: f64, before: Option<&Self>, is_hers: bool) -> Self {
        let range = tempo(filter, before);
        let period_s = mean_period_s(filter, &range);
        let level = before.filter(|_| is_hers).map_or(1.0, |before| level(period_s / before.period_s));
        let period_s = period_s / level;
        let mut places = Places::default();
        filter.each_place(range.clone(), |rhythm, place, chance| places.add(rhythm, place, chance));
        let likeliest = places.likeliest(|_| true);
        let another = before.is_none_or(|before| (period_s / before.period_s).ln().abs() > NEW_TEMPO);
        let Some(before) = before.filter(|_| !another) else {
            let half = 0.5;
            return Self {
                period_s,
                at_s: onset_s - likeliest.0 * period_s,
                heard_s: onset_s,
                half,
                bar: places.bar(),
            };
        };
        let phase = (onset_s - before.at_s) / before.period_s;
        let in_hers = |place: f64| at_level(place, level, phase);
        let near = places.likeliest(|place| wrapped(phase - in_hers(place)).abs() < GOES_WITH);
        let chosen = if likeliest.1 < filter.feel().phase_far_better * near.1 { near } else { likeliest };
        let error_s = error_s(filter, &range, chosen.0);
        let chosen = in_hers(chosen.0);
        let fraction = phase - phase.floor();
        let is_half = HALF_BEAT_RANGE.contains(&chosen) && HALF_BEAT_RANGE.contains(&fraction);
        let half = if is_half { before.half + SWING_SHARE * (fraction - before.half) } else { before.half };
        let period_s = before.period_s * followed(filter.feel(), (period_s / before.period_s).ln()).exp();
        let believed_s = onset_s + error_s - chosen * period_s;
        let moved = wrapped((believed_s - before.at_s) / period_s);
        let rested = onset_s - before.heard_s > RESTED_BEATS * before.period_s;
        let kept = if moved.abs() > NEW_PHASE || rested { 0.0 } else { (1.0 - filter.feel().phase_correction) * moved };
        let at_s = believed_s - kept * period_s;
        Self { period_s, at_s, heard_s: onset_s, half, bar: places.bar().filter(|_| level == 1.0) }
    }
}

/// How many of her beats a beat of the filter is, if its period is `ratio` of hers: 2 and 0.5 are the same pulse.
fn level(ratio: f64) -> f64 {
    [2.0, 0.5].into_iter().find(|level| (ratio / level).ln().abs() < SAME_PULSE).unwrap_or(1.0)
}

/// A place of the filter's beat as a place of hers; of the two halves of a beat the one nearer to `phase`.
fn at_level(place: f64, level: f64, phase: f64) -> f64 {
    let place = place * level;
    match level {
        0.5 if wrapped(phase - place).abs() > wrapped(phase - place - 0.5).abs() => place + 0.5,
        _ => place - place.floor(),
    }
}

/// How much of a change of period, as a logarithm, an onset brings about.
fn followed(feel: &Feel, change: f64) -> f64 {
    let little = change.clamp(-LITTLE_CHANGE, LITTLE_CHANGE);
    let [slower, faster] = feel.beyond_correction;
    let more = if change > 0.0 { slower } else { faster };
    feel.period_correction * little + more * (change - little)
}

/// The periods of the tempo: those about the likeliest, or about the one before unless that is far worse.
fn tempo(filter: &Filter, before: Option<&Beat>) -> Range<usize> {
    let periods = filter.periods();
    let about = |period: usize| period.saturating_sub(ONE_TEMPO)..(period + ONE_TEMPO + 1).min(PERIODS);
    let chance = |period: usize| periods[about(period)].iter().sum::<f32>();
    let best = (0..PERIODS).max_by(|a, b| chance(*a).total_cmp(&chance(*b))).unwrap_or(0);
    let kept = before.and_then(|before| period_index(before.period_s));
    about(kept.filter(|kept| chance(best) < filter.feel().tempo_far_better * chance(*kept)).unwrap_or(best))
}

/// The mean of the periods in `range` by their probability, s; the mean of their logarithms.
fn mean_period_s(filter: &Filter, range: &Range<usize>) -> f64 {
    let log = mean(filter, |place| range.contains(&place.period), |[_, period_s, _]| period_s.ln());
    log.map_or(f64::from(period_s(range.start)), f64::exp)
}

/// Where the last onset should have been if it was at `place` of the beat, less where it was, s; a mean by probability.
fn error_s(filter: &Filter, range: &Range<usize>, place: f64) -> f64 {
    let there =
        |cell: &Place| f64::from(place_in_beat(cell.swing)[cell.quarter]) == place && range.contains(&cell.period);
    mean(filter, there, |[error_s, ..]| error_s).unwrap_or(0.0)
}

/// The mean by probability of what `of` makes of error and period, over the cells that are `there`.
fn mean(filter: &Filter, there: impl Fn(&Place) -> bool, of: impl Fn([f64; 3]) -> f64) -> Option<f64> {
    let (mut sum, mut weight) = (0.0, 0.0);
    for (_, cell) in filter.cells().filter(|(place, _)| there(place)) {
        sum += f64::from(cell.sum) * of(cell.belief.mean);
        weight += f64::from(cell.sum);
    }
    (weight > 0.0).then(|| sum / weight)
}

/// Probability of each place of the beat, and of each beat of the bar.
#[derive(Default)]
struct Places {
    in_beat: [[f32; PLACES_PER_BEAT]; HALF_BEATS.len()],
    /// By metre and beat of the bar.
    in_bar: [[f32; 4]; METRES.len()],
    sum: f32,
}

impl Places {
    fn add(&mut self, rhythm: &Rhythm, place: usize, chance: f32) {
        // The beat itself is the same whatever the swing.
        let swing = if place.is_multiple_of(PLACES_PER_BEAT) { 0 } else { rhythm.swing };
        self.in_beat[swing][place % PLACES_PER_BEAT] += chance;
        if let Some(metre) = METRES.iter().position(|beats| beats * PLACES_PER_BEAT == rhythm.places) {
            self.in_bar[metre][place / PLACES_PER_BEAT] += chance;
        }
        self.sum += chance;
    }

    /// The likeliest of the places that will do, as beats from the beat, with its probability.
    fn likeliest(&self, will_do: impl Fn(f64) -> bool) -> (f64, f32) {
        let mut best = (0.0, 0.0);
        for (swing, chances) in self.in_beat.iter().enumerate() {
            for (place, &chance) in place_in_beat(swing).into_iter().zip(chances) {
                let place = f64::from(place);
                if chance > best.1 && will_do(place) {
                    best = (place, chance);
                }
            }
        }
        best
    }

    /// Beats a bar and the beat of the bar, if sure enough.
    fn bar(&self) -> Option<(usize, usize)> {
        let chance = |metre: usize, beat: usize| self.in_bar[metre][beat] / self.sum.max(f32::MIN_POSITIVE);
        (0..METRES.len())
            .flat_map(|metre| (0..METRES[metre]).map(move |beat| (metre, beat)))
            .find(|&(metre, beat)| chance(metre, beat) >= BAR_SURE)
            .map(|(metre, beat)| (METRES[metre], beat))
    }
}

/// A phase between -0.5 and 0.5.
fn wrapped(phase: f64) -> f64 {
    phase - phase.round()
}
