//! 11, slowing: the music and the words slow together.

use super::Criterion;
use super::approach::beat_of;
use crate::exchange::measure::attack::{Attack, attacks_within, times};
use crate::exchange::measure::beats::{hers, mean_period_s, nearest, on_beats, with_halves};
use crate::exchange::measure::ritard::{Beat, fit};
use crate::exchange::measure::{mean, most};
use crate::exchange::rig::Exchange;
use crate::exchange::take::Keeping;

/// An attack this near to a client's onset, beats, means that onset; otherwise the beat or half-beat.
const MEANT_BEATS: f64 = 0.3;

/// The criteria of the eleventh line.
///
/// Readings: the ritard is fitted to the attacks nearest to the client's beats, from line 10 to the arrival on line 12's
/// last note, the tempo at the beginning along with w and q; the client's w is that of the same beats of hers, and her own
/// R² that of her onsets on beats. The tempo is compared bar by bar, hers with what is played, from the first to the last
/// of the bar's beats that have an attack, and the worst bar counts; half of the bars at least have two attacks on beats.
/// Density and velocity are those of this line's window against line 9's.
pub fn slowing(exchange: &Exchange) -> Vec<Criterion> {
    let keeping = exchange.take.keeping;
    let played = &exchange.files.played;
    let from = exchange.beats(9).0;
    let arrival_s = arrival_s(exchange);
    let to = beat_of(exchange, arrival_s).round();
    let span = from as usize..=to as usize;
    let beats_s = exchange.truth.beats_s.get(span).unwrap_or(&[]);
    let region = attacks_within(played, exchange.beat_s(from) - 0.2, arrival_s + 0.3);
    let own = on_beats(&times(&region), beats_s);
    let fitted = fit(&numbered(&own, from), from, to);
    let client = fit(&numbered(&hers(&own, beats_s), from), from, to);
    let by_ear = fit(&numbered(&on_beats(&exchange.truth.onsets_s, beats_s), from), from, to);
    let r2_wanted = by_ear.map_or(f64::NAN, |fit| (fit.r2 - keeping.limit(0.05, 0.15, 0.05)).min(0.9));
    let (w, q, r2) = fitted.map_or((f64::NAN, f64::NAN, f64::NAN), |fit| (fit.w, fit.q, fit.r2));
    let bars: Vec<f64> = (0..beats_s.len().saturating_sub(4))
        .step_by(4)
        .map(|bar| mean_period_s(&own[bar..=bar + 4]) / mean_period_s(&hers(&own, beats_s)[bar..=bar + 4]) - 1.0)
        .collect();
    let measured: Vec<f64> = bars.iter().copied().filter(|off| !off.is_nan()).collect();
    let tempo = if 2 * measured.len() >= bars.len() { most(measured.iter().map(|off| off.abs())) } else { f64::NAN };
    let ahead = most(region.iter().map(|attack| ahead_s(exchange, beats_s, attack.time_s)));
    let (window, before) = (exchange.window(10), exchange.window(8));
    let (slow, full) =
        (attacks_within(played, window.from_s, window.to_s), attacks_within(played, before.from_s, before.to_s));
    let density = slow.len() as f64 / window.length_s() / (full.len() as f64 / before.length_s());
    let mut criteria = vec![
        Criterion::at_most("w off the client's, share", (w / client.map_or(f64::NAN, |fit| fit.w) - 1.0).abs(), 0.08),
        Criterion::at_most("tempo off the client's in a bar, share", tempo, keeping.limit(0.08, 0.12, 0.08)),
        Criterion::at_least("R² of the ritard", r2, r2_wanted),
        Criterion::at_most("ahead of the client, s", ahead, 0.06),
        Criterion::at_most("density against line 9", density, 0.95),
        Criterion::at_most("velocity against line 9", velocity(&slow) - velocity(&full), -3.0),
    ];
    if keeping == Keeping::Metronomic {
        criteria.push(Criterion::within("q of the ritard", q, 1.6..=5.0));
    }
    criteria
}

/// When line 12's last note, the tonic, begins, s.
pub(super) fn arrival_s(exchange: &Exchange) -> f64 {
    let window = exchange.window(11);
    exchange.sung(window.from_s, window.to_s).last().map_or(f64::NAN, |note| note.onset_s)
}

fn numbered(own: &[Option<f64>], from: f64) -> Vec<Beat> {
    own.iter().enumerate().filter_map(|(index, time)| Some((from + index as f64, (*time)?))).collect()
}

/// How far an attack comes ahead of what it goes with, s.
fn ahead_s(exchange: &Exchange, beats_s: &[f64], attack_s: f64) -> f64 {
    let beat_s = (beats_s.last().unwrap_or(&f64::NAN) - beats_s.first().unwrap_or(&f64::NAN))
        / (beats_s.len().max(2) - 1) as f64;
    let to_onset = nearest(&exchange.truth.onsets_s, attack_s);
    if to_onset.abs() <= MEANT_BEATS * beat_s { -to_onset } else { -nearest(&with_halves(beats_s), attack_s) }
}

fn velocity(attacks: &[Attack]) -> f64 {
    mean(&attacks.iter().flat_map(|attack| &attack.notes).map(|note| f64::from(note.velocity)).collect::<Vec<_>>())
}
