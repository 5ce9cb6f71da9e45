//! Every knob in five steps, the others at their defaults, to the same clients.

use super::client::{contrasting, with_room};
use super::features::{FEATURES, Features, KNOBS, correlation, features, mirrors};
use crate::parallel::in_order;
use crate::portraits::voices;
use crate::tunes::Tune;
use antiphon_engine::settings::{Goal, Settings};

/// Steps of a knob.
pub const STEPS: usize = 5;

/// Features by knob and step, means over the clients.
#[derive(Clone, Debug, PartialEq)]
pub struct Sweep {
    /// Of each knob, of each of its steps.
    pub features: [[Features; STEPS]; FEATURES],
    /// Of each step of the mirror knob, the correlations of velocity and density with hers.
    pub mirrors: [[Option<f64>; 2]; STEPS],
}

/// The default settings with `goal`, and `knob` at `step`.
fn settings(goal: Goal, knob: usize, step: usize) -> Settings {
    let share = step as f32 / (STEPS - 1) as f32;
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

/// Plays to clients with `songs` of `length_s` each, in `goal`.
pub fn sweep(songs: &[Tune], length_s: f64, goal: Goal) -> Sweep {
    let runs = FEATURES * STEPS * songs.len();
    let place = |run: usize| (run / songs.len() / STEPS, run / songs.len() % STEPS);
    let one = |run: usize| {
        let (knob, step) = place(run);
        let song = run % songs.len();
        let client = contrasting(&songs[song], length_s, song as u64 + 1);
        let settings = settings(goal, knob, step);
        // Replies are given where the goal is to take turns.
        let talking = with_room(&client);
        let talks = voices(&talking, &Settings { goal: Goal::Relationships, ..settings });
        let ours = voices(&client, &settings);
        let notes: Vec<_> = ours.iter().map(|(_, note)| *note).collect();
        (features(&client, &ours, (&talking, &talks)), mirrors(&client, &notes))
    };
    let mut all: [[Vec<Features>; STEPS]; FEATURES] = Default::default();
    let mut mirrored: [Vec<[Option<f64>; 2]>; STEPS] = Default::default();
    in_order(runs, one, |run, (features, mirrors)| {
        let (knob, step) = place(run);
        all[knob][step].push(features);
        if KNOBS[knob] == "mirror" {
            mirrored[step].push(mirrors);
        }
    });
    Sweep { features: all.map(|steps| steps.map(|songs| mean(&songs))), mirrors: mirrored.map(|songs| mean(&songs)) }
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
        let steps: Vec<f64> = (0..STEPS).map(|step| step as f64).collect();
        correlation(&steps, &ranks).unwrap_or(0.0)
    }

    /// How far `knob` moves the feature of `other`, as a share of the way that its own knob moves it.
    pub fn moves(&self, knob: usize, other: usize) -> f64 {
        self.range(knob, other) / self.range(other, other).max(1e-9)
    }
}
