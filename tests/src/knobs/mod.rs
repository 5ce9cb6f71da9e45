//! What each knob means, measured: the feature that is its own moves with it, and its neighbours' stay.

mod client;
mod features;
mod sweep;

pub use client::contrasting;
pub use features::{FEATURES, Features, KNOBS, features, mirrors};
pub use sweep::{STEPS, Sweep, sweep};

#[cfg(test)]
mod promises {
    use super::*;
    use crate::tunes::Tune;

    /// Spearman's coefficient that is wanted of every knob with its feature, and how far the features of the others may
    /// move, as a share of the way that their own knobs move them.
    const RISES: f64 = 0.9;
    const STAYS: f64 = 1.0 / 3.0;

    #[test]
    fn every_knob_moves_its_own_feature() {
        let songs: Vec<Tune> = Tune::all().into_iter().take(3).collect();
        let sweep = sweep(&songs, 48.0);
        let low: Vec<String> = (0..FEATURES)
            .filter(|&knob| sweep.rises(knob) < RISES)
            .map(|knob| format!("{}: {:.2}", KNOBS[knob], sweep.rises(knob)))
            .collect();
        assert!(low.is_empty(), "{low:?}");
        let strays = (0..FEATURES).flat_map(|knob| (0..FEATURES).map(move |other| (knob, other)));
        let far = strays.filter(|(knob, other)| knob != other && sweep.moves(*knob, *other) >= STAYS).count();
        assert!(far <= FEATURES, "{far} features move with a knob that is not theirs");
    }
}
