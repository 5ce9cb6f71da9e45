//! 6, swing: a rhythmic quality creates a gentle swing.

use super::Criterion;
use crate::exchange::measure::attack::{attacks, begun, times};
use crate::exchange::measure::beats::{counted, mean_period_s, on_beats};
use crate::exchange::measure::{deviation, least, mean};
use crate::exchange::rig::Exchange;
use crate::exchange::take::Keeping;

/// An attack this far into a beat, shares of it, is its second one.
const SECOND: (f64, f64) = (0.35, 0.9);

/// Beats with two attacks that the second half must have at least.
const BEATS: usize = 3;

/// A beat and the attack between it and the next.
struct Swung {
    /// Beats from the line's first.
    beat: usize,
    /// Its attack and the next beat's, s.
    from_s: f64,
    to_s: f64,
    /// The one between, s.
    second_s: f64,
}

impl Swung {
    fn ratio(&self) -> f64 {
        (self.second_s - self.from_s) / (self.to_s - self.second_s)
    }

    fn share(&self) -> f64 {
        (self.second_s - self.from_s) / (self.to_s - self.from_s)
    }
}

/// The criteria of the sixth line.
///
/// Readings: the beats are Antiphon's own attacks (counter voice left out) nearest to the client's beats; a beat counts if
/// it, the next one and exactly one place between them are played. The ratio is the mean of the second eight beats, which
/// have three such beats at least. Timing noise is the SD of the second attack about its mean place within the beat; in
/// the metronomic takes also that of the beats about a straight line, and the greater counts. The way from 1 to the final
/// ratio is gone by the mean of the first four beats at most to 75 %. How far the beat is off is that of the mean period,
/// from the first to the last beat of the line that is played, against the client's between the same two: single intervals
/// of hers vary by 12 % in rubato, and the median of sixteen is uncertain by twice the limit.
pub fn swing(exchange: &Exchange) -> Vec<Criterion> {
    let window = exchange.window(5);
    let keeping = exchange.take.keeping;
    let notes = begun(&exchange.files.played, window.from_s, window.to_s + 0.5).filter(|note| note.voice != "counter");
    let attacks_s = times(&attacks(notes));
    let (first, last) = exchange.beats(5);
    let beats_s: Vec<f64> = (first as usize..=last as usize).map(|beat| exchange.beat_s(beat as f64)).collect();
    let own = on_beats(&attacks_s, &beats_s);
    let swung = swung(&attacks_s, &own);
    let half = (beats_s.len().max(1) - 1) / 2;
    let later: Vec<&Swung> = swung.iter().filter(|swung| swung.beat >= half).collect();
    let ratios: Vec<f64> = later.iter().map(|swung| swung.ratio()).collect();
    let ratio = if ratios.len() >= BEATS { mean(&ratios) } else { f64::NAN };
    let short_s = least(later.iter().map(|swung| swung.to_s - swung.second_s));
    let place = mean(&later.iter().map(|swung| swung.share()).collect::<Vec<_>>());
    let late: Vec<f64> = later.iter().map(|s| s.second_s - s.from_s - place * (s.to_s - s.from_s)).collect();
    let noise_s = match keeping {
        Keeping::Metronomic => deviation(&late).max(about_a_line_s(&own[half..])),
        _ => deviation(&late),
    };
    let early: Vec<f64> = swung.iter().filter(|swung| swung.beat < 4).map(Swung::ratio).collect();
    let gone = if early.is_empty() { 0.0 } else { (mean(&early) - 1.0) / (ratio - 1.0) };
    vec![
        Criterion::within("long to short", ratio, 1.3..=2.2),
        Criterion::at_least("short note, s", short_s, 0.1),
        Criterion::at_most("SD of the ratio", deviation(&ratios), keeping.limit(0.15, 0.3, 0.3)),
        Criterion::at_most("timing noise, s", noise_s, 0.008),
        Criterion::at_most(
            "of the way in the first four beats, share",
            if ratio.is_nan() { ratio } else { gone },
            0.75,
        ),
        Criterion::at_most("beat off the client's, share", beat_off(&attacks_s, &beats_s).abs(), 0.02),
    ]
}

/// How much longer Antiphon's beats are than the client's, share. The beat that ends the line is the next one's already.
fn beat_off(attacks_s: &[f64], beats_s: &[f64]) -> f64 {
    let of_line = &beats_s[..beats_s.len().saturating_sub(1)];
    let own = counted(attacks_s, of_line);
    let hers: Vec<Option<f64>> = own.iter().zip(of_line).map(|(own, hers)| own.map(|_| *hers)).collect();
    mean_period_s(&own) / mean_period_s(&hers) - 1.0
}

fn swung(attacks_s: &[f64], own: &[Option<f64>]) -> Vec<Swung> {
    let pairs = own.windows(2).enumerate().filter_map(|(beat, pair)| Some((beat, pair[0]?, pair[1]?)));
    pairs
        .filter_map(|(beat, from_s, to_s)| {
            let place = |attack: &&f64| (SECOND.0..SECOND.1).contains(&((**attack - from_s) / (to_s - from_s)));
            let mut between = attacks_s.iter().filter(place);
            let second_s = *between.next()?;
            between.next().is_none().then_some(Swung { beat, from_s, to_s, second_s })
        })
        .collect()
}

/// SD of the attacks on beats about the straight line that fits them best, s.
fn about_a_line_s(own: &[Option<f64>]) -> f64 {
    let points: Vec<(f64, f64)> =
        own.iter().enumerate().filter_map(|(beat, time)| Some((beat as f64, (*time)?))).collect();
    let (x, y) = points.iter().copied().unzip::<f64, f64, Vec<_>, Vec<_>>();
    let (mx, my) = (mean(&x), mean(&y));
    let slope = points.iter().map(|p| (p.0 - mx) * (p.1 - my)).sum::<f64>()
        / points.iter().map(|p| (p.0 - mx).powi(2)).sum::<f64>();
    deviation(&points.iter().map(|p| p.1 - my - slope * (p.0 - mx)).collect::<Vec<_>>())
}
