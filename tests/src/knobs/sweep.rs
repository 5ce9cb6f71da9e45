//! Every knob in a few steps, the others at their defaults, to the same clients.

use super::client::{contrasting, with_room};
use super::features::{FEATURES, Features, KNOBS, correlation, features, lag_s, mirrors};
use crate::parallel::in_order;
use crate::portraits::{Played, voices};
use crate::tunes::Tune;
use antiphon_engine::names::Named as _;
use antiphon_engine::respond::plan::Voice;
use antiphon_engine::settings::{Goal, Settings};
use antiphon_session::analysis::Note;

/// Features by knob and step, means over the clients.
#[derive(Clone, Debug, PartialEq)]
pub struct Sweep {
    /// Of each knob, of each of its steps.
    pub features: [Vec<Features>; FEATURES],
    /// Of each step of the mirror knob, the correlations of velocity and density with hers.
    pub mirrors: Vec<[Option<f64>; 2]>,
}

/// The default settings with `goal`, and `knob` at `share` of its way.
fn settings(goal: Goal, knob: usize, share: f32) -> Settings {
    let mut settings = Settings { goal, ..Settings::default() };
    match knob {
        0 => settings.responsiveness = share,
        1 => settings.mirror = share,
        2 => settings.density = share,
        3 => settings.space = share,
        4 => settings.lead = share,
        5 => settings.tension = share,
        _ => settings.colour = 2.0 * share - 1.0,
    }
    settings
}

/// What is played to `client`, and what to a client who leaves room.
fn talks(client: &[Played], settings: &Settings) -> (Vec<Played>, Vec<(Voice, Note)>) {
    let talking = with_room(client);
    // Replies are given where the goal is to take turns.
    let talks = voices(&talking, &Settings { goal: Goal::Relationships, ..*settings });
    (talking, talks)
}

/// Plays to clients with `songs` of `length_s` each, in `goal`; each knob in so many `steps`, two or more.
pub fn sweep(songs: &[Tune], length_s: f64, goal: Goal, steps: usize) -> Sweep {
    let runs = FEATURES * steps * songs.len();
    let place = |run: usize| (run / songs.len() / steps, run / songs.len() % steps);
    let one = |run: usize| {
        let ((knob, step), song) = (place(run), run % songs.len());
        let client = contrasting(&songs[song], length_s, song as u64 + 1);
        let settings = settings(goal, knob, step as f32 / (steps - 1) as f32);
        let (talking, talks) = talks(&client, &settings);
        let ours = voices(&client, &settings);
        let notes: Vec<_> = ours.iter().map(|(_, note)| *note).collect();
        (features(&client, &ours, (&talking, &talks)), mirrors(&client, &notes))
    };
    let mut all: [Vec<Vec<Features>>; FEATURES] = std::array::from_fn(|_| vec![Vec::new(); steps]);
    let mut mirrored: Vec<Vec<[Option<f64>; 2]>> = vec![Vec::new(); steps];
    in_order(runs, one, |run, (features, mirrors)| {
        let (knob, step) = place(run);
        all[knob][step].push(features);
        if KNOBS[knob] == "mirror" {
            mirrored[step].push(mirrors);
        }
    });
    Sweep {
        features: all.map(|steps| steps.iter().map(|songs| mean(songs)).collect()),
        mirrors: mirrored.iter().map(|songs| mean(songs)).collect(),
    }
}

/// How far each knob moves its own feature from its one end to the other, in each goal, with one client who plays `song` for
/// `length_s`; nothing where the feature cannot be told.
pub fn ways(song: &Tune, length_s: f64) -> Vec<(Goal, &'static str, Option<f64>)> {
    let runs: Vec<(Goal, usize)> =
        Goal::ALL.iter().flat_map(|&goal| (0..FEATURES).map(move |knob| (goal, knob))).collect();
    let way = |run: usize| {
        let (goal, knob) = runs[run];
        let client = contrasting(song, length_s, 1);
        let [from, to] = [0.0, 1.0].map(|share| {
            let settings = settings(goal, knob, share);
            match KNOBS[knob] {
                "responsiveness" => {
                    let (talking, talks) = talks(&client, &settings);
                    features(&client, &[], (&talking, &talks))[knob]
                }
                "lead" => lag_s(&client, &voices(&client, &settings)).map(|late_s| -late_s),
                _ => features(&client, &voices(&client, &settings), (&[], &[]))[knob],
            }
        });
        (goal, KNOBS[knob], from.zip(to).map(|(from, to)| to - from))
    };
    let mut ways = Vec::new();
    in_order(runs.len(), way, |_, way| ways.push(way));
    ways
}

fn mean<const N: usize>(songs: &[[Option<f64>; N]]) -> [Option<f64>; N] {
    std::array::from_fn(|feature| {
        let values: Vec<f64> = songs.iter().filter_map(|features| features[feature]).collect();
        (!values.is_empty()).then(|| values.iter().sum::<f64>() / values.len() as f64)
    })
}

impl Sweep {
    fn values(&self, knob: usize, feature: usize) -> Vec<f64> {
        self.features[knob].iter().map(|features| features[feature].unwrap_or(0.0)).collect()
    }

    /// From the least to the most that `feature` has while `knob` is turned.
    fn range(&self, knob: usize, feature: usize) -> f64 {
        let values = self.values(knob, feature);
        values.iter().copied().fold(f64::MIN, f64::max) - values.iter().copied().fold(f64::MAX, f64::min)
    }

    /// Spearman's coefficient of `knob` with its own feature.
    pub fn rises(&self, knob: usize) -> f64 {
        let values = self.values(knob, knob);
        let rank = |value: f64| {
            let below = values.iter().filter(|other| **other < value).count() as f64;
            let same = values.iter().filter(|other| **other == value).count() as f64;
            below + 0.5 * (same - 1.0)
        };
        let ranks: Vec<f64> = values.iter().map(|&value| rank(value)).collect();
        let steps: Vec<f64> = (0..values.len()).map(|step| step as f64).collect();
        correlation(&steps, &ranks).unwrap_or(0.0)
    }

    /// How far `knob` moves the feature of `other`, as a share of the way that its own knob moves it.
    pub fn moves(&self, knob: usize, other: usize) -> f64 {
        self.range(knob, other) / self.range(other, other).max(1e-9)
    }
}
