//! The ritard that a row of beats makes: v(x) = [1 + (w^q - 1) x]^(1/q), fitted by least squares.

/// A fitted ritard.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Fit {
    /// Tempo at the end as a share of that at the beginning.
    pub w: f64,
    /// Curvature.
    pub q: f64,
    /// Share of the variance of the tempo that it explains.
    pub r2: f64,
}

/// A beat and when it comes, s.
pub type Beat = (f64, f64);

/// What is looked for: w from 0.4 to 1.2 by 0.005, q from 0.4 to 8 by 0.1.
const W: (f64, f64, usize) = (0.4, 0.005, 160);
const Q: (f64, f64, usize) = (0.4, 0.1, 76);

/// The tempo between neighbouring beats, beats a second, and the place half way, as a share of the way from
/// `from_beat` to `to_beat`.
fn tempos(beats: &[Beat], from_beat: f64, to_beat: f64) -> Vec<(f64, f64)> {
    let place = |pair: &[Beat]| (0.5 * (pair[0].0 + pair[1].0) - from_beat) / (to_beat - from_beat);
    beats.windows(2).map(|pair| (place(pair), (pair[1].0 - pair[0].0) / (pair[1].1 - pair[0].1))).collect()
}

/// Fits the beats that lie from `from_beat` to `to_beat`; `None` for fewer than five. The tempo at the beginning is
/// fitted along with w and q.
pub fn fit(beats: &[Beat], from_beat: f64, to_beat: f64) -> Option<Fit> {
    let inside: Vec<Beat> =
        beats.iter().copied().filter(|beat| (from_beat - 1e-9..=to_beat + 1e-9).contains(&beat.0)).collect();
    if inside.len() < 5 {
        return None;
    }
    let tempos = tempos(&inside, from_beat, to_beat);
    let mean = tempos.iter().map(|tempo| tempo.1).sum::<f64>() / tempos.len() as f64;
    let variance: f64 = tempos.iter().map(|tempo| (tempo.1 - mean).powi(2)).sum();
    let mut best = (f64::INFINITY, 1.0, 1.0);
    for w in (0..=W.2).map(|step| W.0 + step as f64 * W.1) {
        for q in (0..=Q.2).map(|step| Q.0 + step as f64 * Q.1) {
            let shape = |x: f64| (1.0 + (w.powf(q) - 1.0) * x).max(1e-6).powf(1.0 / q);
            let (along, length) = tempos.iter().fold((0.0, 0.0), |(along, length), &(x, tempo)| {
                let v = shape(x);
                (along + v * tempo, length + v * v)
            });
            let first = along / length;
            let left: f64 = tempos.iter().map(|&(x, tempo)| (tempo - first * shape(x)).powi(2)).sum();
            if left < best.0 {
                best = (left, w, q);
            }
        }
    }
    Some(Fit { w: best.1, q: best.2, r2: if variance > 0.0 { 1.0 - best.0 / variance } else { 0.0 } })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::singer::Ritard;

    fn beats(ritard: Ritard, late: impl Fn(usize) -> f64) -> Vec<Beat> {
        (0..=20)
            .map(|beat| (f64::from(beat), 0.5 * ritard.steady_beats(f64::from(beat)) + late(beat as usize)))
            .collect()
    }

    #[test]
    fn the_ritard_of_the_singer_is_found() {
        let ritard = Ritard { from_beat: 0.0, to_beat: 20.0, w: 0.7, q: 3.0 };
        let fit = fit(&beats(ritard, |_| 0.0), 0.0, 20.0).expect("enough beats");
        assert!((fit.w - 0.7).abs() < 0.011 && (fit.q - 3.0).abs() < 0.31 && fit.r2 > 0.999, "{fit:?}");
    }

    #[test]
    fn a_steady_stumble_is_no_ritard() {
        let stumbling: Vec<Beat> = (0..=20)
            .map(|beat| (f64::from(beat), 0.5 * f64::from(beat) + 0.03 * (f64::from(beat) * 2.4).sin()))
            .collect();
        let fit = fit(&stumbling, 0.0, 20.0).expect("enough beats");
        assert!(fit.r2 < 0.4, "{fit:?}");
    }
}
