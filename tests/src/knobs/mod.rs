//! What each knob means, measured: the feature that is its own moves with it, and its neighbours' stay.

mod client;
mod features;
mod sweep;

pub use client::contrasting;
pub use features::{FEATURES, Features, KNOBS, features, mirrors};
pub use sweep::{Sweep, sweep, ways};

#[cfg(test)]
mod promises {
    use super::*;
    use crate::portraits::voices;
    use crate::tunes::Tune;
    use antiphon_engine::names::Named as _;
    use antiphon_engine::settings::{Goal, Settings};

    /// Spearman's coefficient of every knob with its feature.
    const RISES: f64 = 0.9;
    /// How far the features of the others may move, as a share of the way that their own knobs move them.
    const STAYS: f64 = 1.0 / 3.0;

    #[test]
    fn in_every_goal_every_knob_moves_its_own_feature() {
        let ways = ways(&Tune::all()[0], 45.0);
        let still: Vec<_> = ways.iter().filter(|(.., way)| way.is_none_or(|way| way <= 0.0)).collect();
        assert!(still.is_empty(), "{still:?}");
    }

    #[test]
    fn in_every_goal_responsiveness_changes_what_is_played() {
        let client = contrasting(&Tune::all()[2], 45.0, 1);
        for &goal in Goal::ALL {
            let played = [0.0, 0.5, 1.0]
                .map(|responsiveness| voices(&client, &Settings { goal, responsiveness, ..Settings::default() }));
            assert!(played[0] != played[1] && played[1] != played[2], "{goal:?}");
        }
    }

    #[test]
    fn every_knob_moves_its_own_feature_and_no_neighbours() {
        let songs: Vec<Tune> = Tune::all().into_iter().take(6).collect();
        let sweep = sweep(&songs, 60.0, Goal::Wellbeing, 3);
        for (knob, name) in KNOBS.iter().enumerate() {
            assert!(sweep.rises(knob) >= RISES, "{name}: {:.2}", sweep.rises(knob));
        }
        let pairs = (0..FEATURES).flat_map(|knob| (0..FEATURES).map(move |other| (knob, other)));
        let far: Vec<_> = pairs
            .filter(|(knob, other)| knob != other)
            .map(|(knob, other)| (KNOBS[knob], KNOBS[other], sweep.moves(knob, other)))
            .filter(|&(.., far)| far >= STAYS)
            .collect();
        assert!(far.is_empty(), "{far:?}");
    }
}
