//! 5, pulse: a pulse generated from the melody is present in the harmony.

use super::Criterion;
use crate::exchange::measure::attack::{Attack, attacks, attacks_within, begun, times};
use crate::exchange::measure::beats::{asynchronies, folded_cv, intervals, period_s, tactus_s};
use crate::exchange::measure::corrector::best_deviation_s;
use crate::exchange::measure::{deviation, mean};
use crate::exchange::rig::Exchange;
use crate::exchange::take::Keeping;
use antiphon_session::analysis::clarity;

/// The criteria of the fifth line.
///
/// Readings: the pulse is the attacks of bass, harmony and pulse voice, from the cue to the next. Its period is the median
/// interval. An interval of several periods counts as so many in the variation; the client's own is that of her beats.
/// Velocity is the mean of each beat from the first attack on: the ramp is from the first beat to the mean of the last
/// four, and the first four beats lead from the first to the fifth. The best causal corrector corrects phase and period
/// by the shares that fit the take best, from the first line on, and is measured over this one.
pub fn pulse(exchange: &Exchange) -> Vec<Criterion> {
    let window = exchange.window(4);
    let played = &exchange.files.played;
    let keeping = exchange.take.keeping;
    let pulsing = attacks(begun(played, window.from_s, window.to_s).filter(|note| note.voice != "counter"));
    let all = attacks_within(played, window.from_s, window.to_s);
    let chordal = all.iter().filter(|attack| attack.notes.iter().any(|note| note.is_chordal())).count();
    let attacks_s = times(&pulsing);
    let (first, last) = exchange.beats(4);
    let beats_s: Vec<f64> = (first as usize..=last as usize).map(|beat| exchange.beat_s(beat as f64)).collect();
    let period = period_s(&attacks_s);
    let ratio = |multiple: f64| period / (tactus_s(&beats_s) * multiple) - 1.0;
    let off = [0.5, 1.0, 2.0].map(|multiple| ratio(multiple).abs()).into_iter().fold(f64::NAN, f64::min);
    let own = intervals(&beats_s);
    let rubato = 1.4 * deviation(&own) / mean(&own);
    let asynchronies = asynchronies(&attacks_s, &beats_s);
    let corrector_s =
        best_deviation_s(&exchange.truth.onsets_s, &exchange.truth.beats_s, |beat_s| window.holds(beat_s));
    let spread_s = if keeping == Keeping::Metronomic { 0.03 } else { (1.25 * corrector_s).max(0.03) };
    let client = clarity(
        &exchange.sung(window.from_s, window.to_s).map(|n| (n.onset_s, f64::from(n.velocity))).collect::<Vec<_>>(),
    );
    let clear = if keeping == Keeping::Metronomic { 0.6 } else { (0.75 * client).min(0.6) };
    let weighted: Vec<(f64, f64)> =
        pulsing.iter().flat_map(|a| a.notes.iter().map(|n| (n.on_s, f64::from(n.velocity)))).collect();
    let (ramp, in_four) = ramp(&pulsing, tactus_s(&beats_s));
    let ramp_beats =
        pulsing.first().zip(pulsing.last()).map_or(f64::NAN, |(a, b)| (b.time_s - a.time_s) / tactus_s(&beats_s));
    vec![
        Criterion::at_most("period off the tactus, share", off, 0.06),
        Criterion::at_most(
            "variation of the intervals",
            folded_cv(&attacks_s, period),
            keeping.limit(0.05, rubato, 0.08),
        ),
        Criterion::at_most("mean asynchrony, s", mean(&asynchronies).abs(), keeping.limit(0.025, 0.04, 0.025)),
        Criterion::at_most("SD of asynchrony, s", deviation(&asynchronies), spread_s),
        Criterion::at_least("enters over beats", ramp_beats, 4.0),
        Criterion::at_least("ramp, velocity", ramp, 10.0),
        Criterion::at_most("of the ramp in the first four beats, share", in_four, 0.8),
        Criterion::at_least("attacks with harmony or bass, share", chordal as f64 / all.len() as f64, 0.8),
        Criterion::at_least("pulse clarity", clarity(&weighted), clear),
    ]
}

/// The rise of velocity from the first beat to the last four, and the share of it in the first four beats.
fn ramp(attacks: &[Attack], beat_s: f64) -> (f64, f64) {
    let Some(first) = attacks.first() else { return (f64::NAN, f64::NAN) };
    let beats = attacks.last().map_or(0, |last| ((last.time_s - first.time_s) / beat_s + 0.5) as usize);
    let of_beat = |beat: usize| -> Option<f64> {
        let place = |attack: &Attack| ((attack.time_s - first.time_s) / beat_s + 0.25) as usize;
        let notes = attacks.iter().filter(|attack| place(attack) == beat).flat_map(|attack| &attack.notes);
        let velocities: Vec<f64> = notes.map(|note| f64::from(note.velocity)).collect();
        (!velocities.is_empty()).then(|| mean(&velocities))
    };
    let begin = of_beat(0).unwrap_or(f64::NAN);
    let end = mean(&(beats.saturating_sub(3)..=beats).filter_map(of_beat).collect::<Vec<_>>());
    let fifth = (4..=beats).find_map(of_beat).unwrap_or(f64::NAN);
    (end - begin, (fifth - begin) / (end - begin))
}
