//! Lead: whether the hand falls after hers, with it, or a little ahead.

use super::plan::Behaviour;

/// How late the hand falls with the lead knob at 0, and how early at 1, s: heard as after and as ahead, and less than
/// the half beat of any tempo up to 180 a minute.
const LATE_S: f64 = 0.1;
const EARLY_S: f64 = 0.07;
/// Where the hand falls with hers.
const TOGETHER: f32 = 0.3;

/// Lead from which a ground may begin and go on while she is silent; below it she always sounds first.
pub(super) const LEAD_THAT_BEGINS: f32 = 0.5;

/// How much later than hers the hand falls, s; negative: earlier.
pub(super) fn late_s(lead: f32) -> f64 {
    if lead < TOGETHER {
        LATE_S * f64::from((TOGETHER - lead) / TOGETHER)
    } else {
        -EARLY_S * f64::from((lead - TOGETHER) / (1.0 - TOGETHER))
    }
}

/// What the count of the beat does not make late of itself: what begins with a tone of hers, and the way home.
pub(super) fn comes_late(behaviour: Behaviour) -> bool {
    use Behaviour::{Cadence, Calming, Drone, Harmony, Holding, Tones};
    matches!(behaviour, Drone | Harmony | Tones | Holding | Calming | Cadence)
}

/// Who leads strikes the chord that is expected with the beat, and does not wait for her tone.
pub(super) fn waits_for_her(lead: f32) -> bool {
    lead <= LEAD_THAT_BEGINS
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn from_behind_her_to_ahead_of_her_and_never_so_far_as_half_a_quick_beat() {
        let late: Vec<f64> = [0.0, 0.25, 0.5, 0.75, 1.0].map(late_s).to_vec();
        assert!(late.windows(2).all(|pair| pair[1] < pair[0]), "{late:?}");
        assert!(late[0] <= 0.1 && late[4] >= -0.08 && late_s(TOGETHER) == 0.0);
    }

    #[test]
    fn who_follows_or_goes_together_waits_for_her_tone_and_who_leads_does_not() {
        assert!([0.0, 0.3, LEAD_THAT_BEGINS].into_iter().all(waits_for_her));
        assert!(![0.75, 1.0].into_iter().any(waits_for_her));
    }
}
