//! The imitation diagram: how like the first player's moment the second's is so much earlier or later, by windowed
//! cross-correlation (Boker, Xu, Rotondo & King 2002, Psychological Methods 7:338) of contour, rhythm and loudness.

use super::{Note, attacks, line};

/// Between two lags, s.
pub const LAG_STEP_S: f64 = 0.1;

/// Lags from -10 to 10 s.
pub const LAGS: usize = 201;

/// Samples of a curve in a second: one a lag step.
const RATE_HZ: f64 = 1.0 / LAG_STEP_S;

/// Half the window that is compared, samples: 2 s, so that a window holds a short phrase.
const HALF: usize = 20;

/// A key or loudness is held so long after its note, s: over the rests within a phrase.
const HELD_S: f64 = 0.6;

/// Half width of an attack in the rhythm curve, s: the second is not asked to be exact.
const ATTACK_S: f64 = 0.1;

/// Fewest samples that both must have, half a window.
const SHARED: usize = HALF;

/// Fewest attacks of a moment that can be imitated.
const ATTACKS: usize = 3;

/// The curves, in the order of [`Curves`].
const CONTOUR: usize = 0;
const RHYTHM: usize = 1;
const LOUDNESS: usize = 2;

/// The lag's seconds: positive, the second player imitates the first.
pub fn lag_s(index: usize) -> f64 {
    (index as f64 - (LAGS / 2) as f64) * LAG_STEP_S
}

/// Who imitates whom after how long.
#[derive(Clone, Debug, PartialEq)]
pub struct Imitation {
    /// A row for every second: likeness 0-1 at every lag, `None` where there is too little to compare.
    pub rows: Vec<[Option<f32>; LAGS]>,
    /// Mean over the moments in which the first plays; a lag at which the second is silent counts as unlike. `None` if
    /// nothing could be compared.
    pub profile: Option<[f64; LAGS]>,
}

/// A lag that stands out.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Peak {
    /// Lag, s.
    pub lag_s: f64,
    /// Likeness there, 0-1.
    pub likeness: f64,
}

/// A peak stands out if it is this many times as high as the middle lag, and this high at least.
const STANDS_OUT: (f64, f64) = (1.5, 0.3);

/// Lags of one attack's width round nought belong to neither side.
const TOGETHER_LAGS: usize = 2;

impl Imitation {
    /// The diagram of `rows` alone.
    pub fn of_rows(rows: Vec<[Option<f32>; LAGS]>) -> Self {
        let active = rows.iter().filter(|row| row.iter().any(Option::is_some)).count();
        let sum = |lag: usize| rows.iter().filter_map(|row| row[lag]).map(f64::from).sum::<f64>();
        let profile = (active > 0).then(|| std::array::from_fn(|lag| sum(lag) / active as f64));
        Self { rows, profile }
    }

    /// The highest lag, if it stands out.
    pub fn peak(&self) -> Option<Peak> {
        let profile = self.profile.as_ref()?;
        let best = (0..LAGS).max_by(|&a, &b| profile[a].total_cmp(&profile[b]))?;
        let peak = Peak { lag_s: lag_s(best), likeness: profile[best] };
        let stands_out = peak.likeness >= STANDS_OUT.1 && peak.likeness >= STANDS_OUT.0 * middle(profile);
        stands_out.then_some(peak)
    }

    /// What rises above the middle lag, squared so that peaks count and ripples do not, at positive lags less that at
    /// negative ones, as a share of both: 1, only the second imitates; -1, only the first does.
    pub fn asymmetry(&self) -> Option<f64> {
        let profile = self.profile.as_ref()?;
        let middle = middle(profile);
        let area = |lags: &[f64]| lags.iter().map(|value| (value - middle).max(0.0).powi(2)).sum::<f64>();
        let (before, after) =
            (area(&profile[..LAGS / 2 - TOGETHER_LAGS]), area(&profile[LAGS / 2 + TOGETHER_LAGS + 1..]));
        (before + after > 0.0).then(|| (after - before) / (after + before))
    }
}

fn middle(profile: &[f64; LAGS]) -> f64 {
    let mut sorted = *profile;
    sorted.sort_unstable_by(f64::total_cmp);
    sorted[LAGS / 2]
}

/// The imitation diagram of `first` and `second` until `end_s`, a row for every second; notes in the order of their
/// beginnings.
pub fn imitation(first: Voice<'_>, second: Voice<'_>, end_s: f64) -> Imitation {
    let count = (end_s * RATE_HZ).ceil() as usize + 1;
    let (theirs, ours) = (Curves::of(first, count), Curves::of(second, count));
    let step = RATE_HZ.round() as usize;
    Imitation::of_rows((0..count).step_by(step).map(|at| row(&theirs, &ours, at)).collect())
}

/// What a player plays: the notes that have a key, and all, with strokes that have none.
pub type Voice<'a> = (&'a [Note], &'a [Note]);

/// Curves over time; not a number where nothing is played.
struct Curves {
    curves: [Vec<f32>; 3],
    /// Attacks up to each sample.
    attacks: Vec<u32>,
}

impl Curves {
    fn of((pitched, all): Voice<'_>, count: usize) -> Self {
        let mut curves = [vec![f32::NAN; count], vec![0.0; count], vec![f32::NAN; count]];
        let sample = |at_s: f64| ((at_s * RATE_HZ).max(0.0) as usize).min(count);
        let mut hold = |curve: usize, notes: &[Note], value: &dyn Fn(&Note) -> u8| {
            for note in notes {
                curves[curve][sample(note.on_s)..sample(note.off_s + HELD_S).max(sample(note.on_s))]
                    .fill(f32::from(value(note)));
            }
        };
        hold(CONTOUR, &line(pitched), &|note| note.key);
        hold(LOUDNESS, &line(all), &|note| note.velocity);
        let mut starts = vec![0; count];
        for (at_s, _) in attacks(all) {
            let centre = sample(at_s).min(count - 1);
            starts[centre] += 1;
            for (index, value) in curves[RHYTHM].iter_mut().enumerate().take(centre + 6).skip(centre.saturating_sub(5))
            {
                let off = (index as f64 / RATE_HZ - at_s) / ATTACK_S;
                *value += (-0.5 * off * off).exp() as f32;
            }
        }
        let mut sum = 0;
        let attacks = starts.iter().map(|begun| {
            sum += begun;
            sum
        });
        Self { attacks: attacks.collect(), curves }
    }

    fn attacks_around(&self, at: usize) -> u32 {
        self.attacks[(at + HALF).min(self.attacks.len() - 1)] - self.attacks[at.saturating_sub(HALF)]
    }

    fn window(&self, curve: usize, at: usize) -> Option<&[f32]> {
        self.curves[curve].get(at.checked_sub(HALF)?..at + HALF)
    }
}

fn row(theirs: &Curves, ours: &Curves, at: usize) -> [Option<f32>; LAGS] {
    let mut row = [None; LAGS];
    if (theirs.attacks_around(at) as usize) < ATTACKS {
        return row;
    }
    for (lag, cell) in row.iter_mut().enumerate() {
        let Some(there) = (at + lag).checked_sub(LAGS / 2).filter(|&there| there < ours.attacks.len()) else {
            continue;
        };
        if (ours.attacks_around(there) as usize) < ATTACKS {
            continue;
        }
        let alike = |curve| {
            let windows = theirs.window(curve, at).zip(ours.window(curve, there));
            windows.and_then(|(a, b)| correlation(a, b)).map(|r| r.max(0.0))
        };
        // On a common beat rhythms are alike at every beat: contour and rhythm both have to be.
        let surface = super::mean([alike(RHYTHM), alike(LOUDNESS)].into_iter().flatten());
        let likeness = surface.map(|surface| alike(CONTOUR).map_or(surface, |contour| contour * surface));
        *cell = likeness.map(|likeness| likeness as f32);
    }
    row
}

/// Pearson's over the samples that both have; `None` if those are few, or if either is level.
fn correlation(a: &[f32], b: &[f32]) -> Option<f64> {
    let both = || a.iter().zip(b).filter(|(a, b)| !a.is_nan() && !b.is_nan());
    let (mut count, mut sum_a, mut sum_b, mut aa, mut bb, mut ab) = (0.0_f64, 0.0, 0.0, 0.0, 0.0, 0.0);
    for (&x, &y) in both() {
        let (x, y) = (f64::from(x), f64::from(y));
        count += 1.0;
        sum_a += x;
        sum_b += y;
        aa += x * x;
        bb += y * y;
        ab += x * y;
    }
    if count < SHARED as f64 {
        return None;
    }
    let (var_a, var_b) = (aa - sum_a * sum_a / count, bb - sum_b * sum_b / count);
    (var_a > 1e-6 && var_b > 1e-6).then(|| (ab - sum_a * sum_b / count) / (var_a * var_b).sqrt())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Phrases of eight notes, no two alike, each `every_s`.
    fn phrases(count: u32, every_s: f64) -> Vec<Note> {
        let note = |n: u32| {
            let (phrase, place) = (n / 8, n % 8);
            // The steps of PCG: no two phrases alike.
            let seed = n.wrapping_mul(747_796_405).wrapping_add(2_891_336_453);
            let wander = ((seed >> ((seed >> 28) + 4)) ^ seed).wrapping_mul(277_803_737) >> 22;
            let on_s = f64::from(phrase) * every_s + f64::from(place) * 0.4 + 0.07 * (f64::from(n) * 1.3).sin();
            Note { on_s: on_s + 0.1, off_s: on_s + 0.4, key: 58 + (wander % 13) as u8, velocity: 80 }
        };
        (0..8 * count).map(note).collect()
    }

    fn later(notes: &[Note], lag_s: f64, keys: i16) -> Vec<Note> {
        let moved = |note: &Note| Note {
            on_s: note.on_s + lag_s,
            off_s: note.off_s + lag_s,
            key: (i16::from(note.key) + keys) as u8,
            ..*note
        };
        notes.iter().map(moved).collect()
    }

    #[test]
    fn who_repeats_what_was_played_is_found_with_the_lag_within_a_tenth_of_a_second() {
        let first = phrases(12, 8.0);
        for lag in [4.0, 3.3, 1.7] {
            let second = later(&first, lag, -12);
            let diagram = imitation((&first, &first), (&second, &second), 100.0);
            let peak = diagram.peak().unwrap();
            assert!((peak.lag_s - lag).abs() <= 0.1 && peak.likeness > 0.8, "{lag}: {peak:?}");
            assert!(diagram.asymmetry().unwrap() > 0.3, "{:?}", diagram.asymmetry());
            let turned = imitation((&second, &second), (&first, &first), 100.0);
            assert!((turned.peak().unwrap().lag_s + lag).abs() <= 0.1);
            assert!(turned.asymmetry().unwrap() < -0.3);
        }
    }

    #[test]
    fn of_strangers_no_lag_stands_out_and_of_nobody_nothing_is_told() {
        let first = phrases(12, 8.0);
        let stranger = |n: u32| {
            let on_s = f64::from(n) * 0.53 + 0.2 * (f64::from(n) * 0.9).sin();
            Note { on_s, off_s: on_s + 0.3, key: 60 + ((n * n * 7 + 3 * n) % 13) as u8, velocity: 80 }
        };
        let second: Vec<Note> = (0..180).map(stranger).collect();
        let diagram = imitation((&first, &first), (&second, &second), 100.0);
        assert_eq!(diagram.peak(), None);
        let nobody = imitation((&[], &[]), (&first, &first), 100.0);
        assert_eq!((nobody.profile, nobody.rows.len()), (None, 101));
    }
}
