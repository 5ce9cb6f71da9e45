//! The feature of each knob, from what was played.

use crate::portraits::Played;
use antiphon_engine::respond::plan::Voice;
use antiphon_session::analysis::Note;

/// The knobs, in the order of [`Features`].
pub const KNOBS: [&str; FEATURES] = ["responsiveness", "mirror", "density", "space", "lead", "tension", "colour"];

/// How many there are.
pub const FEATURES: usize = 7;

/// How soon it replies (the latency, negative, s); how far velocity and density follow hers (mean of two correlations);
/// onsets a second while it plays; share of the time in rests of a second or more; how far it is ahead of her, s; share of
/// dissonant pairs among the pitch classes that sound together; share of major among the triads.
pub type Features = [Option<f64>; FEATURES];

/// Notes that begin within this time of the one before are one attack, s: a rolled chord is one, and no two notes of a
/// line come so soon.
const TOGETHER_S: f64 = 0.055;
/// A rest, s.
const REST_S: f64 = 1.0;
/// Onsets nearer than this belong together, s: half of an eighth note at the tempo of these clients. From 0.12 to 0.2 the
/// knobs come out alike.
const NEAR_S: f64 = 0.15;
/// An attack of ours from so long before her onset to so long after it goes with it, s: from ahead of her by more than the lead
/// knob asks for to the latest single tone. Of hers, only those are asked that nothing of hers follows sooner.
const WITH_HER_S: (f64, f64) = (0.1, 0.45);
/// Windows of the correlations, s.
const WINDOW_S: f64 = 4.0;
/// A turn of hers ends with such a rest, and the answer to it comes within, s.
const TURN_REST_S: f64 = 0.9;
const ANSWER_S: f64 = 3.0;
/// Between two looks at what sounds together, s.
const LOOK_S: f64 = 0.1;

/// The features of `ours`, played to `client`, in the order of their beginnings; `talks` is a client who
/// leaves room, and what was played to her where answers are given.
pub fn features(client: &[Played], ours: &[(Voice, Note)], talks: (&[Played], &[(Voice, Note)])) -> Features {
    let span = client.first().zip(client.last()).map_or((0.0, 0.0), |(first, last)| (first.on_s, last.off_s));
    let notes: Vec<Note> = ours.iter().map(|(_, note)| *note).collect();
    let attacks = attacks(&notes);
    let rests_s = rests_s(&notes, span);
    let begun = attacks.iter().filter(|at| (span.0..span.1).contains(at)).count();
    let plays_s = span.1 - span.0 - rests_s;
    let [velocity, density] = mirrors(client, &notes);
    let [dissonant, major] = sonorities(&notes, span);
    [
        latency_s(talks.0, talks.1).map(|latency| -latency),
        velocity.zip(density).map(|(velocity, density)| 0.5 * (velocity + density)),
        (plays_s > REST_S).then(|| begun as f64 / plays_s),
        Some(rests_s / (span.1 - span.0).max(REST_S)),
        asynchrony_s(client, &attacks).map(|late| -late),
        dissonant,
        major,
    ]
}

/// How far velocity and density follow hers: correlations over windows of four seconds in which both play.
pub fn mirrors(client: &[Played], ours: &[Note]) -> [Option<f64>; 2] {
    let end_s = client.last().map_or(0.0, |note| note.off_s);
    let hers: Vec<Note> = client.iter().map(Played::note).collect();
    let windows = |notes: &[Note]| -> Vec<(Option<f64>, f64)> {
        (1..(end_s / WINDOW_S) as usize)
            .map(|window| {
                let from_s = window as f64 * WINDOW_S;
                let begun: Vec<Note> =
                    notes.iter().copied().filter(|note| (from_s..from_s + WINDOW_S).contains(&note.on_s)).collect();
                let velocity = begun.iter().map(|note| f64::from(note.velocity)).sum::<f64>() / begun.len() as f64;
                ((!begun.is_empty()).then_some(velocity), attacks(&begun).len() as f64)
            })
            .collect()
    };
    let (theirs, ours) = (windows(&hers), windows(ours));
    let both = theirs.iter().zip(&ours).filter_map(|(a, b)| a.0.zip(b.0)).unzip::<f64, f64, Vec<_>, Vec<_>>();
    let dense = theirs.iter().zip(&ours).map(|(a, b)| (a.1, b.1)).unzip::<f64, f64, Vec<_>, Vec<_>>();
    [correlation(&both.0, &both.1), correlation(&dense.0, &dense.1)]
}

/// Pearson's; 0 where one of the two stays the same.
pub(super) fn correlation(a: &[f64], b: &[f64]) -> Option<f64> {
    let mean = |values: &[f64]| values.iter().sum::<f64>() / values.len().max(1) as f64;
    let (mean_a, mean_b) = (mean(a), mean(b));
    let sum = |of: &dyn Fn(f64, f64) -> f64| a.iter().zip(b).map(|(a, b)| of(a - mean_a, b - mean_b)).sum::<f64>();
    let spread = (sum(&|a, _| a * a) * sum(&|_, b| b * b)).sqrt();
    (a.len() > 2).then(|| if spread > 1e-9 { sum(&|a, b| a * b) / spread } else { 0.0 })
}

fn attacks(notes: &[Note]) -> Vec<f64> {
    let begins = |at: usize| at == 0 || notes[at].on_s - notes[at - 1].on_s > TOGETHER_S;
    (0..notes.len()).filter(|&at| begins(at)).map(|at| notes[at].on_s).collect()
}

/// Seconds in rests of a second or more.
fn rests_s(notes: &[Note], (from_s, to_s): (f64, f64)) -> f64 {
    let (mut until_s, mut sum) = (from_s, 0.0);
    let rest = |gap_s: f64| if gap_s >= REST_S { gap_s } else { 0.0 };
    for note in notes.iter().filter(|note| note.off_s > from_s && note.on_s < to_s) {
        sum += rest(note.on_s - until_s);
        until_s = until_s.max(note.off_s);
    }
    sum + rest(to_s - until_s)
}

/// Median time from the end of her turn to the beginning of the answer, s.
fn latency_s(client: &[Played], talks: &[(Voice, Note)]) -> Option<f64> {
    let ends = client.windows(2).filter(|pair| pair[1].on_s - pair[0].off_s >= TURN_REST_S);
    let answer = |pair: &[Played]| {
        let counter = |(voice, note): &&(Voice, Note)| *voice == Voice::Counter && note.on_s >= pair[0].off_s;
        let first = talks.iter().find(counter)?;
        Some(first.1.on_s - pair[0].off_s).filter(|late_s| *late_s <= ANSWER_S && first.1.on_s < pair[1].on_s)
    };
    middle(ends.filter_map(answer))
}

/// Median time from her onset to the nearest of our attacks, s; positive: ours is later. A mean would lack what the
/// nearness cuts off on one side.
fn asynchrony_s(client: &[Played], attacks: &[f64]) -> Option<f64> {
    let nearest = |hers: &Played| {
        let off_s = attacks.iter().map(|at_s| at_s - hers.on_s).min_by(|a, b| a.abs().total_cmp(&b.abs()));
        off_s.filter(|off_s| off_s.abs() <= NEAR_S)
    };
    middle(client.iter().filter_map(nearest))
}

/// Median time from her onset to the first attack of our ground that goes with it, s; positive: ours is later. Where few
/// attacks are near hers it tells more than the nearest of them.
pub(super) fn lag_s(client: &[Played], ours: &[(Voice, Note)]) -> Option<f64> {
    let ground: Vec<Note> = ours.iter().filter(|(voice, _)| *voice != Voice::Counter).map(|(_, note)| *note).collect();
    let attacks = attacks(&ground);
    let alone = |&(at, hers): &(usize, &Played)| {
        client.get(at + 1).is_none_or(|next| next.on_s - hers.on_s >= WITH_HER_S.0 + WITH_HER_S.1)
    };
    let first = |(_, hers): (usize, &Played)| {
        let off_s = attacks.iter().map(|at_s| at_s - hers.on_s).find(|off_s| *off_s >= -WITH_HER_S.0);
        off_s.filter(|off_s| *off_s <= WITH_HER_S.1)
    };
    middle(client.iter().enumerate().filter(alone).filter_map(first))
}

/// The median, of an even number the upper one of the two.
fn middle(values: impl Iterator<Item = f64>) -> Option<f64> {
    let mut values: Vec<f64> = values.collect();
    values.sort_unstable_by(f64::total_cmp);
    values.get(values.len() / 2).copied()
}

/// Share of dissonant pairs of pitch classes that sound together, and of major among the triads.
fn sonorities(notes: &[Note], (from_s, to_s): (f64, f64)) -> [Option<f64>; 2] {
    let (mut pairs, mut dissonant, mut major, mut minor) = (0, 0, 0, 0);
    for look in 0..((to_s - from_s) / LOOK_S) as usize {
        let at_s = from_s + look as f64 * LOOK_S;
        let sounds = notes.iter().filter(|note| note.on_s <= at_s && at_s < note.off_s);
        let classes = sounds.fold(0_u32, |all, note| all | 1 << (note.key % 12));
        let has = |class: u32| classes & (1 << (class % 12)) != 0;
        for low in (0..12).filter(|&low| has(low)) {
            for up in (1..12 - low).filter(|up| has(low + up)) {
                pairs += 1;
                dissonant += usize::from(matches!(up, 1 | 2 | 6 | 10 | 11));
            }
        }
        let sounds = notes.iter().filter(|note| note.on_s <= at_s && at_s < note.off_s);
        let bass = sounds.map(|note| u32::from(note.key)).min().unwrap_or(0);
        let on = |root: u32, third: u32| has(root) && has(root + third) && has(root + 7);
        // A seventh makes a triad two: the one on the bass is heard.
        let is_triad = |third: u32| on(bass, third) || !on(bass, 7 - third) && (0..12).any(|root| on(root, third));
        match (is_triad(4), is_triad(3)) {
            (true, false) => major += 1,
            (false, true) => minor += 1,
            _ => {}
        }
    }
    let share = |part: usize, all: usize| (all > 0).then(|| part as f64 / all as f64);
    [share(dissonant, pairs), share(major, major + minor)]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn note(on_s: f64, off_s: f64, key: u8, velocity: u8) -> (Voice, Note) {
        (Voice::Harmony, Note { on_s, off_s, key, velocity })
    }

    #[test]
    fn each_feature_is_what_it_says() {
        let client: Vec<Played> = (0..40)
            .map(|index| {
                let on_s = f64::from(index) * 0.5 + if index >= 20 { 2.0 } else { 0.0 };
                Played { on_s, off_s: on_s + 0.45, key: 72, velocity: 50 + (index % 20) as u8 }
            })
            .collect();
        let ours: Vec<(Voice, Note)> = client
            .iter()
            .flat_map(|hers| [48, 52, 55].map(|key| note(hers.on_s + 0.03, hers.off_s, key, hers.velocity - 10)))
            .collect();
        let mut talks = ours.clone();
        talks.push((Voice::Counter, Note { on_s: 10.35, off_s: 10.7, key: 72, velocity: 60 }));
        let [latency, mirror, density, space, ahead, dissonant, major] = features(&client, &ours, (&client, &talks));
        assert!((latency.unwrap() + 0.4).abs() < 0.01, "{latency:?}");
        assert!(mirror.unwrap() > 0.95, "{mirror:?}");
        assert!((density.unwrap() - 2.0).abs() < 0.1, "{density:?}");
        assert!((space.unwrap() - 2.05 / 21.95).abs() < 0.01, "{space:?}");
        assert!((ahead.unwrap() + 0.03).abs() < 1e-6);
        assert_eq!((dissonant, major), (Some(0.0), Some(1.0)));
    }

    #[test]
    fn of_nothing_played_hardly_anything_is_told() {
        let client = [Played { on_s: 0.0, off_s: 9.0, key: 60, velocity: 60 }];
        let told = features(&client, &[], (&client, &[]));
        assert_eq!((told[3], told[4], told[5], told[6]), (Some(1.0), None, None, None));
    }
}
